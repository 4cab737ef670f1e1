import { type Agreement, term } from '../agreement';
import type { Contact, KeyStanding } from '../parties';
import { channelOf } from '../vocabulary/channels';
import type { Condition, RecipientFacts } from './condition';

/** Of the key that its share would be sealed to: S/MIME is asked about where there is no OpenPGP. */
const keyOf = ({ sealingKey, smimeKey }: Contact): KeyStanding => (sealingKey === 'none' ? (smimeKey ?? 'none') : sealingKey);

/** What stands in the way, and nothing else does: no other way is nearer. */
const lacks = ({ way }: RecipientFacts, codes: readonly string[]): boolean => way?.outcome === 'none' && way.reasons.every(({ code }) => codes.includes(code));

/** Whether a way stands but for a key, or for what a mail domain holds: those have conditions of their own. */
const admitted = (facts: RecipientFacts): boolean =>
  !facts.way || facts.way.outcome === 'chosen' || lacks(facts, ['KEY_NOT_VERIFIED', 'TLS_BELOW_MINIMUM', 'MESSAGE_PROTECTION_REQUIRED', ...(prefers(facts.agreement) ? ['STRONGER_CHANNEL_AVAILABLE'] : [])]);

/** Whether the agreement has something to say of which of several ways is taken (CH-03). */
const prefers = (agreement: Agreement): boolean => (term(agreement, 'channel.preference') ?? 'any-admitted') !== 'any-admitted';

/** What goes over the wire, and what its sender mails from its own premises. */
const WIRE_OR_MAIL = ['wire', 'tls-domain'] as const;

/** To a mail address, whoever sends it. */
const mailed = ({ route, way }: RecipientFacts): boolean => route?.by === 'tls-domain' || (way?.outcome === 'chosen' && channelOf(way.channel).route === 'mail');

/** How it travels. But for whose mailbox it is, none of these bends in an emergency: what cannot be sealed to the right key is told by telephone. */
export const CHANNEL = [
  {
    code: 'NO_ADMITTED_CHANNEL', clauses: ['CH-01', 'CH-02', 'CH-11'], on: 'recipient', by: WIRE_OR_MAIL, grounds: ['channel.email.accepted', { technical: 'it cannot be sealed to the recipient safely' }], pointer: '/recipient/contact',
    awaits: ({ way, previous }) => (way?.outcome === 'none' && way.awaits ? previous?.originator.controller : undefined),
    says: 'there is a protection that the agreement admits and the recipient takes',
    next: 'Ask the recipient to register a key; nothing goes there unprotected. Where the agreement lets its originator agree to another way, ask for that in an approval, or state it in `way` with a reason and who approved it where the information is your own.',
    met: admitted,
  },
  {
    code: 'KEY_NOT_VERIFIED', clauses: ['CH-15'], on: 'recipient', by: 'wire', grounds: [{ technical: 'what is sealed to a key that is not known to be theirs anybody could open' }], pointer: '/recipient/contact', cause: ({ contact }) => contact && keyOf(contact),
    says: "the recipient's key is verified by the co-ordinator, current, and strong enough",
    next: 'Ask the recipient or the co-ordinator for a key that stands; in an emergency ring the recipient.',
    met: ({ contact, way }) => !contact || way?.outcome === 'chosen' || keyOf(contact) === 'current',
  },
  {
    code: 'TLS_BELOW_MINIMUM', clauses: ['CH-02'], on: 'recipient', by: WIRE_OR_MAIL, grounds: ['channel.tls.min', { technical: 'older versions are broken, and a host that nothing proves to be the domain’s may be anybody’s' }], pointer: '/recipient/contact',
    says: "the recipient's mail domain holds the version of TLS that is asked for, and was found to lately",
    next: 'Ask the recipient to mend its domain, and the co-ordinator to look at it again; in an emergency ring the recipient.',
    met: ({ way }) => way?.outcome !== 'none' || !way.reasons.some(({ code }) => code === 'TLS_BELOW_MINIMUM'),
  },
  {
    code: 'STRONGER_CHANNEL_AVAILABLE', clauses: ['CH-03', 'CH-12'], on: 'recipient', by: WIRE_OR_MAIL, term: 'channel.preference', applies: prefers, pointer: (facts) => (facts.manifest.way ? '/way' : '/recipient/contact'),
    says: 'no stronger way stands that both have, or the agreement lets the sender take another',
    next: 'Leave out `way`; or, where the agreement lets you, say with a code why the stronger is not taken, in an emergency with the role of a second person who approved it.',
    met: ({ way }) => way?.outcome !== 'none' || !way.reasons.some(({ code }) => code === 'STRONGER_CHANNEL_AVAILABLE'),
  },
  {
    code: 'PERSONAL_MAILBOX', clauses: ['AS-13'], on: 'recipient', by: WIRE_OR_MAIL, term: 'access.storage', pointer: '/recipient/contact', nicety: true,
    says: 'what goes by mail goes to a mailbox of a team or of its case system, and not to one person’s own',
    next: 'Choose a contact that is a team, or one that collects here into its case system.',
    met: (facts) => facts.contact?.kind !== 'person' || !mailed(facts),
  },
  {
    code: 'MESSAGE_PROTECTION_REQUIRED', clauses: ['CH-06'], on: 'recipient', by: ['tls-domain'], term: 'channel.tlsAloneSuffices', applies: (agreement) => term(agreement, 'channel.tlsAloneSuffices') === false, pointer: '/route/by',
    says: 'what is sensitive is protected itself, not only on its way',
    next: 'Seal it to a key of the recipient and share it over Waybill.',
    met: ({ way }) => way?.outcome !== 'none' || !way.reasons.some(({ code }) => code === 'MESSAGE_PROTECTION_REQUIRED'),
  },
] as const satisfies readonly Condition[];
