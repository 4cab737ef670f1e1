import type { Agreement } from './agreement';
import type { Ground } from './conditions/condition';
import type { Standing } from './decision';
import { standingOf } from './grounds';

// What a record that an agency makes of its own doing is held to: a decision not to share, the release of a passphrase.

export interface RecordRule<F> {
  code: string;
  clauses: readonly string[];
  says: string;
  next: string;
  grounds: readonly Ground[];
  pointer: string | ((facts: F) => string | undefined);
  met(facts: F): boolean;
}

/** A rule that stands on no text: without it what is recorded proves nothing. */
export const untrusted = (says: string): readonly Ground[] => [{ technical: says }];

/** A rule that is not met, and on what it stands under this agreement. */
export interface Unmet<C extends string> {
  code: C;
  clauses: readonly string[];
  says: string;
  next: string;
  standing: Standing;
  pointer?: string;
}

/** All rules are tried, and all that are unmet are told. Pure. */
export const unmetRules = <C extends string, F extends { agreement: Agreement }>(rules: readonly (RecordRule<F> & { code: C })[], facts: F): Unmet<C>[] =>
  rules.filter((rule) => !rule.met(facts)).map(({ code, clauses, says, next, grounds, pointer }) => {
    const at = typeof pointer === 'function' ? pointer(facts) : pointer;
    return { code, clauses, says, next, standing: standingOf({ code, grounds }, facts.agreement), ...(at !== undefined && { pointer: at }) };
  });
