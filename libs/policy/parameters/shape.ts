import type { Table } from '../vocabulary/entry';
import { GRAMMAR } from '#protocol/grammar';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the value of a parameter may be: a JSON Schema for whoever writes a profile, a type for the code that reads it. */
export interface Shape<T> {
  readonly schema: JsonSchema;
  /** Every profile states it; where the text is silent, as a default of ours. */
  readonly required?: true;
  /** Never set: it carries the type. */
  readonly of?: T;
}

export type Of<S> = S extends Shape<infer T> ? T : never;

export const text: Shape<string> = { schema: { type: 'string', minLength: 1, maxLength: 300 } };
export const flag: Shape<boolean> = { schema: { type: 'boolean' } };
export const count: Shape<number> = { schema: { type: 'integer', minimum: 1 } };
export const code: Shape<string> = { schema: { type: 'string', pattern: GRAMMAR.code.source } };
export const day: Shape<string> = { schema: { type: 'string', pattern: GRAMMAR.day.source } };
/**
 * A numbered place of a text, without words: it stands in provenance and registers. `3.5`, `4.3(10)`, `GR7`.
 * Where a text numbers nothing, its heading with hyphens: `To-note`.
 */
export const place: Shape<string> = { schema: { type: 'string', pattern: '^(([A-Za-z]{1,4}-?)?[0-9A-Z]{1,3}(\\.[0-9a-z]{1,3}){0,4}(\\([a-z0-9]{1,4}\\)){0,3}|[A-Z][a-z]{1,15}(-[a-z]{1,15}){0,1})$' } };
/** A year, a month or a day: as exactly as the text says it. */
export const when: Shape<string> = { schema: { type: 'string', pattern: '^(19|20)[0-9]{2}(-[01][0-9](-[0-3][0-9])?)?$' } };

export const oneOf = <const T extends string>(...codes: readonly T[]): Shape<T> => ({ schema: { enum: codes } });
/** A code of the vocabulary. */
export const wordOf = <T extends Table>(table: T): Shape<keyof T & string> => ({ schema: { enum: Object.keys(table) } });

export const listOf = <T>(item: Shape<T>): Shape<readonly T[]> => ({ schema: { type: 'array', items: item.schema, minItems: 1, uniqueItems: true } });

type Fields = Readonly<Record<string, Shape<unknown>>>;
type Values<F extends Fields> = { readonly [K in keyof F]: Of<F[K]> };

/** A mapping: the first fields must stand, the second may. */
export function fields<M extends Fields, O extends Fields = Record<never, never>>(must: M, may?: O): Shape<Values<M> & Partial<Values<O>>> {
  const all = Object.entries({ ...must, ...may }).map(([name, shape]) => [name, shape.schema] as const);
  return { schema: { type: 'object', properties: Object.fromEntries(all), required: Object.keys(must), additionalProperties: false } };
}

export const must = <T>(shape: Shape<T>): Shape<T> & { readonly required: true } => ({ ...shape, required: true });
