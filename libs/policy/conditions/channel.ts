import { protectionFor } from '../channel';
import type { Condition } from './condition';

/** How it travels. None of these bends in an emergency: what cannot be sealed to the right key is told by telephone. */
export const CHANNEL = [
  {
    code: 'NO_ADMITTED_CHANNEL', clauses: ['CH-01', 'CH-02'], on: 'recipient', term: 'channel.email.accepted',
    says: 'there is a protection that the agreement admits and the recipient takes',
    next: 'Ask the recipient to register a key; nothing goes there unprotected.',
    met: ({ agreement, contact }) => !contact || protectionFor(agreement, contact) !== undefined,
  },
  {
    code: 'KEY_NOT_VERIFIED', clauses: ['CH-15'], on: 'recipient', cause: ({ contact }) => contact?.sealingKey,
    says: "the recipient's key is verified by the co-ordinator, current, and strong enough",
    next: 'Ask the recipient or the co-ordinator for a key that stands; in an emergency ring the recipient.',
    met: ({ contact }) => !contact || contact.sealingKey === 'current',
  },
] as const satisfies readonly Condition[];
