import type { ParameterName, RequiredName, ValueOf } from './parameters';

/** One thing that an agreement says, with the place that says it, or with why we fill its silence. */
export interface Term<T> {
  readonly value: T;
  /** Place in the text, as the text numbers it. Absent where `default` stands. */
  readonly clause?: string;
  /** The text is silent: the value is ours. */
  readonly default?: true;
  readonly because?: string;
}

export type Terms = { readonly [N in RequiredName]: Term<ValueOf<N>> } & { readonly [N in Exclude<ParameterName, RequiredName>]?: Term<ValueOf<N>> };

/** A signed agreement in the form that the engine reads: data, loaded by `loadAgreement`, never changed afterwards. */
export interface Agreement {
  readonly id: string;
  readonly version: string;
  /** First day on which this version is in force. */
  readonly from: string;
  /** First day on which a later version is. */
  readonly until?: string;
  /** Versions that this one replaced: a share that cites one is told so. */
  readonly supersedes: readonly string[];
  /** SHA-256 of the profile's octets, lower-case hexadecimal: stands in the provenance. */
  readonly digest: string;
  /** Those octets: whoever decides anew years later needs them. */
  readonly text: string;
  readonly terms: Terms;
}

/** The agreement under which something was taken. @throws Error where it is served no more: then nobody knows what that is held to */
export function servedAgreement(agreements: ReadonlyMap<string, Agreement>, id: string): Agreement {
  const agreement = agreements.get(id);
  if (!agreement) throw new Error('something was taken under an agreement that is not served any more');
  return agreement;
}

export type Purpose = ValueOf<'agreement.purposes'>[number];
export type PartyEntry = ValueOf<'agreement.partyList'>[number];

/** The value of a term; `undefined` where the agreement does not speak. */
export function term<N extends ParameterName>(agreement: Agreement, name: N): N extends RequiredName ? ValueOf<N> : ValueOf<N> | undefined {
  return (agreement.terms as Record<string, Term<unknown> | undefined>)[name]?.value as N extends RequiredName ? ValueOf<N> : ValueOf<N> | undefined;
}

export const purposeOf = (agreement: Agreement, code: string | undefined): Purpose | undefined => term(agreement, 'agreement.purposes').find((purpose) => purpose.code === code);

const ENTRIES = new WeakMap<readonly PartyEntry[], ReadonlyMap<string, PartyEntry>>();

/** The entry of this name on the agreement's party list. */
export function entryNamed(agreement: Agreement, entry: string): PartyEntry | undefined {
  const list = term(agreement, 'agreement.partyList');
  const known = ENTRIES.get(list) ?? new Map(list.map((each) => [each.entry, each]));
  ENTRIES.set(list, known);
  return known.get(entry);
}
