import { Refusal } from '#platform/refusal';
import { GRAMMAR } from '#protocol/grammar';
import { LIMITS } from '#protocol/limits';

/** `?after=` and `?limit=` of a paged list. @throws Refusal QUERY_INVALID */
export function readPage(query: Record<string, unknown>): { after?: string; limit: number } {
  const { after, limit } = query;
  if (after !== undefined && (typeof after !== 'string' || !/^[A-Za-z0-9_-]{1,128}$/.test(after))) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/after' });
  if (limit !== undefined && (typeof limit !== 'string' || !/^[1-9][0-9]{0,2}$/.test(limit))) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/limit' });
  return { ...(after ? { after } : {}), limit: Math.min(Number(limit ?? LIMITS.pageSize.value), LIMITS.pageSize.value) };
}

/** A number of the query. @throws Refusal QUERY_INVALID */
export function readCount(query: Record<string, unknown>, name: string): number {
  const value = query[name];
  if (typeof value !== 'string' || !/^(0|[1-9][0-9]{0,14})$/.test(value)) throw new Refusal({ code: 'QUERY_INVALID', pointer: `/${name}` });
  return Number(value);
}

/** The same, where a page begins after an id. @throws Refusal QUERY_INVALID */
export function readPageById(query: Record<string, unknown>): { after?: string; limit: number } {
  const page = readPage(query);
  if (page.after !== undefined && !GRAMMAR.uuid.test(page.after)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/after' });
  return page;
}
