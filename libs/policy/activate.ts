import type { Agreement } from './agreement';
import type { Reason } from './decision';
import { triedAtTheDoor } from './deciding/trial';
import { membershipOf, type Party } from './parties';

/**
 * Says why a party's membership of the agreement cannot be activated at the instant `at`; an empty list: it can.
 * Its present status is not looked at: a party on hold is asked the same as a new one.
 */
export const activate = (agreement: Agreement, party: Party, at: string): Reason[] =>
  triedAtTheDoor(agreement, { agreement, party, membership: membershipOf(party, agreement, at), at });
