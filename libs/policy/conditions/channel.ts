import type { Contact, KeyStanding } from '../parties';
import type { Condition, RecipientFacts } from './condition';

/** Of the key that its share would be sealed to: S/MIME is asked about where there is no OpenPGP. */
const keyOf = ({ sealingKey, smimeKey }: Contact): KeyStanding => (sealingKey === 'none' ? (smimeKey ?? 'none') : sealingKey);

/** Whether a way stands but for a key: that has a condition of its own. */
const admitted = ({ way }: RecipientFacts): boolean => !way || way.outcome === 'chosen' || way.reasons.every(({ code }) => code === 'KEY_NOT_VERIFIED');

/** How it travels. None of these bends in an emergency: what cannot be sealed to the right key is told by telephone. */
export const CHANNEL = [
  {
    code: 'NO_ADMITTED_CHANNEL', clauses: ['CH-01', 'CH-02'], on: 'recipient', by: 'wire', grounds: ['channel.email.accepted', { technical: 'it cannot be sealed to the recipient safely' }], pointer: '/recipient/contact',
    says: 'there is a protection that the agreement admits and the recipient takes',
    next: 'Ask the recipient to register a key; nothing goes there unprotected.',
    met: admitted,
  },
  {
    code: 'KEY_NOT_VERIFIED', clauses: ['CH-15'], on: 'recipient', by: 'wire', grounds: [{ technical: 'what is sealed to a key that is not known to be theirs anybody could open' }], pointer: '/recipient/contact', cause: ({ contact }) => contact && keyOf(contact),
    says: "the recipient's key is verified by the co-ordinator, current, and strong enough",
    next: 'Ask the recipient or the co-ordinator for a key that stands; in an emergency ring the recipient.',
    met: ({ contact, way }) => !contact || way?.outcome === 'chosen' || keyOf(contact) === 'current',
  },
] as const satisfies readonly Condition[];
