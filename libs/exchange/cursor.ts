import { Refusal } from '#platform/refusal';
import { GRAMMAR, isOnCalendar } from '#protocol/grammar';

/** Where a page of what is listed by lane, then by instant, ended: precedence, instant, id. */
export type Place = readonly [precedence: number, at: string, id: string];

const FIRST: Place = [-1, '-infinity', '00000000-0000-0000-0000-000000000000'];

/** @throws Refusal QUERY_INVALID */
export function readPlace(after: string | undefined): Place {
  if (after === undefined) return FIRST;
  const [precedence = '', at = '', id = ''] = Buffer.from(after, 'base64url').toString('latin1').split('_');
  if (!/^[0-9]$/.test(precedence) || !GRAMMAR.instant.test(at) || !isOnCalendar(at) || !GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/after', next: 'Take `after` from the `next` of the page before.' });
  return [Number(precedence), at, id];
}

export const cursorOf = (precedence: number, at: Date, id: string): string => Buffer.from(`${precedence}_${at.toISOString()}_${id}`).toString('base64url');
