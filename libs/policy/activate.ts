import type { Agreement } from './agreement';
import { ADMISSION, applies } from './conditions';
import type { AdmissionCondition } from './conditions/condition';
import type { Reason } from './decision';
import { reasonOf } from './deciding/trial';
import { membershipOf, type Party } from './parties';

/**
 * Says why a party's membership of the agreement cannot be activated at the instant `at`; an empty list: it can.
 * Its present status is not looked at: a party on hold is asked the same as a new one.
 */
export function activate(agreement: Agreement, party: Party, at: string): Reason[] {
  const facts = { agreement, party, membership: membershipOf(party, agreement, at), at };
  const conditions: readonly AdmissionCondition[] = ADMISSION;
  return conditions.filter((condition) => applies(condition, agreement) && !condition.met(facts)).map((condition) => reasonOf(condition, facts));
}
