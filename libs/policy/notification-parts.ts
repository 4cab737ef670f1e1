import { type Agreement, term } from './agreement';
import type { Membership } from './parties';

// Who circulates notifications of an agreement, and who keeps them: asked of the agreement, never of a name.

/** Whether an agency under this entry of the party list circulates notifications of the agreement (ML-05). Asks the agreement, never for a name. */
export const circulates = (agreement: Agreement, membership: Pick<Membership, 'entry' | 'status'> | undefined): boolean =>
  membership?.status === 'active' && circulatorEntries(agreement).includes(membership.entry);

/** Entries of the party list whose member circulates; and whose member keeps the store. */
export const circulatorEntries = (agreement: Agreement): string[] => term(agreement, 'agreement.partyList').filter(({ kind }) => kind === term(agreement, 'notification.circulator')).map(({ entry }) => entry);
export const hostEntries = (agreement: Agreement): readonly string[] => term(agreement, 'controller.hub')?.entries ?? [];
