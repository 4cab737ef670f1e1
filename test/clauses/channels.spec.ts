import { chooseChannel } from '#policy/channel';
import type { ChannelQuestion, End, MailDomain } from '#policy/channels/question';
import type { ChannelCode } from '#policy/vocabulary/channels';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import { profile } from '../world/profiles';

// On what way a share may go under each agreement, by what the agreement's own profile says: docs/channels.md is the same, whole.

const tags = readTags().agreements;
const HOLDS: MailDomain = { tls: '1.2' };
const WEAK: MailDomain = { tls: '1.1' };
const GOVERNMENT: MailDomain = { tls: '1.2', government: true };
const MAILS: End = { domain: HOLDS };
const KEYED: End = { domain: HOLDS, mailbox: true, keys: { openpgp: 'current' } };

type Asked = Partial<Omit<ChannelQuestion, 'agreement' | 'from' | 'to'>> & { from?: End; to?: End };

/** The way, with `weak` where its hop may hold no TLS and `warned` where a stronger one was left; or the codes and causes that refuse. */
function way(tag: string, asked: Asked): string {
  const { agreement } = profile(tags.get(tag) ?? tag);
  const choice = chooseChannel({ agreement, from: MAILS, to: MAILS, sensitive: true, ...asked });
  if (choice.outcome === 'none') return [...choice.reasons.map(({ code, cause }) => `${code} ${cause}`), ...(choice.awaits ? [`awaits ${choice.awaits}`] : [])].join(', ');
  return [choice.channel, ...(choice.weakHop ? ['weak'] : []), ...(choice.warnings.length > 0 ? ['warned'] : []), ...(choice.tell ? ['told afterwards'] : [])].join(' ');
}

const asking = (channel: ChannelCode, more = {}): Asked => ({ from: KEYED, to: KEYED, asked: { channel, ...more } });

/** `tag row`, what is asked, and the way that comes of it. */
const ROWS: [title: string, asked: Asked, way: string][] = [
  ['WIR CH-01: what is mailed is sealed where the recipient has a key', { to: { domain: HOLDS, keys: { openpgp: 'current' } } }, 'mail-openpgp'],
  ['WIR CH-01: between two secure domains it may go as it is', {}, 'tls-domain'],
  ['WIR CH-01: where neither is there nothing goes', { to: { domain: WEAK } }, 'TLS_BELOW_MINIMUM recipient'],
  ['SOL CH-01: an encrypted attachment, S/MIME as well as OpenPGP', { to: { domain: HOLDS, keys: { smime: 'current' } } }, 'mail-smime'],
  ['SOL CH-01: where neither end has a key, a domain or a service nothing goes', { from: {}, to: {} }, 'NO_ADMITTED_CHANNEL recipient-has-not'],

  ['WOR CH-02: a domain that holds TLS 1.2 is a secure one', {}, 'tls-domain'],
  ['WOR CH-02: one that was found to and lapsed is none', { to: { domain: { ...HOLDS, lapsed: true } }, asked: { channel: 'tls-domain' } }, 'TLS_BELOW_MINIMUM recipient'],
  ['WOR CH-02: one below is none', { to: { domain: WEAK }, asked: { channel: 'tls-domain' } }, 'TLS_BELOW_MINIMUM recipient'],
  ['WOR CH-02: OpenPGP counts as recorded, S/MIME was not', { to: { domain: HOLDS, keys: { openpgp: 'current', smime: 'current' } }, asked: { channel: 'mail-smime' } }, 'NO_ADMITTED_CHANNEL not-admitted'],
  ['WOR CH-02: commercial encryption is admitted', { from: { service: true }, to: { service: true } }, 'encrypted-service'],
  ['LLR CH-02: OpenPGP counts where the two agreed on it, S/MIME does not', { to: { domain: HOLDS, keys: { openpgp: 'current', smime: 'current' } }, asked: { channel: 'mail-smime' } }, 'NO_ADMITTED_CHANNEL not-admitted'],
  ['LLR CH-02: a domain below 1.2 is none, though the text names no version', { to: { domain: WEAK, keys: { openpgp: 'current' } }, asked: { channel: 'mail-openpgp' } }, 'TLS_BELOW_MINIMUM recipient'],

  ['WIR CH-03: a weaker way than the two have is refused', asking('tls-domain'), 'STRONGER_CHANNEL_AVAILABLE stronger'],
  ['WIR CH-03: and no reason opens it', asking('tls-domain', { reason: 'recipient-cannot-now', approver: 'head' }), 'STRONGER_CHANNEL_AVAILABLE stronger'],
  ['WIR CH-03: where both have government secure mail it is used, and not a service', { from: { domain: GOVERNMENT, service: true }, to: { domain: GOVERNMENT, service: true } }, 'tls-domain'],
  ['WIR CH-03: where one has not the service is the stronger', { from: { domain: GOVERNMENT, service: true }, to: { domain: HOLDS, service: true } }, 'encrypted-service'],
  ['LLR CH-03: a weaker way goes with a reason, which is kept', { ...asking('tls-domain', { reason: 'recipient-cannot-now' }), sensitive: false }, 'tls-domain warned'],
  ['LLR CH-03: and without one it does not', { ...asking('tls-domain'), sensitive: false }, 'STRONGER_CHANNEL_AVAILABLE stronger'],
  ['WOR CH-03: any admitted way may be chosen', asking('tls-domain'), 'tls-domain'],
  ['WOR CH-03: of those that stand the strongest is taken where none is asked for', { from: KEYED, to: KEYED }, 'mailbox-openpgp'],
  ['SOL CH-03: any admitted way may be chosen', asking('tls-domain'), 'tls-domain'],
  ['SOL CH-03: of those that stand the strongest is taken where none is asked for', { from: KEYED, to: KEYED }, 'mailbox-openpgp'],

  ['WOR CH-04: a container goes where the recipient has no TLS 1.2, and its hop may be weak', { to: { domain: WEAK } }, 'mail-container weak'],
  ['WOR CH-04: or where the sender has none; where the recipient has it, it is what the container goes over', { from: { domain: WEAK } }, 'mail-container'],
  ['WOR CH-04: where both have it no container goes', { asked: { channel: 'mail-container' } }, 'STRONGER_CHANNEL_AVAILABLE stronger'],
  ['LLR CH-04: to insecure mail it goes in a container', { to: { domain: WEAK } }, 'mail-container weak'],
  ['LLR CH-04: where the recipient has a key no container goes', { ...asking('mail-container', { reason: 'recipient-cannot-now' }) }, 'STRONGER_CHANNEL_AVAILABLE stronger'],
  ['WIR CH-04: a container is encryption, and opens no weak hop', { to: { domain: WEAK }, asked: { channel: 'mail-container' } }, 'TLS_BELOW_MINIMUM recipient'],
  ['WIR CH-04: it goes where the hop holds and the sender cannot mail so itself', { from: {}, to: MAILS }, 'mail-container'],
  ['SOL CH-04: a container is encryption, and opens no weak hop', { to: { domain: WEAK }, asked: { channel: 'mail-container' } }, 'TLS_BELOW_MINIMUM recipient'],
  ['SOL CH-04: it goes where the hop holds and the sender cannot mail so itself', { from: {}, to: MAILS }, 'mail-container'],

  ['LLR CH-06: a domain alone is not enough for what is sensitive', { asked: { channel: 'tls-domain' } }, 'MESSAGE_PROTECTION_REQUIRED sensitive'],
  ['LLR CH-06: what protects it may be a container, though the domain holds TLS', {}, 'mail-container'],
  ['LLR CH-06: for what is not sensitive the domain is enough, and a container is no less', { sensitive: false }, 'tls-domain'],
  ['LLR CH-06: and a container may be asked for', { sensitive: false, asked: { channel: 'mail-container' } }, 'mail-container'],
  ['LLR CH-06: the police take only what was recorded for them', { sensitive: false, to: { ...MAILS, types: ['police'] }, asked: { channel: 'tls-domain' } }, 'NO_ADMITTED_CHANNEL not-registered, awaits originator'],
  ['LLR CH-06: and take that', { sensitive: false, to: { ...MAILS, types: ['police'], registered: ['tls-domain'] } }, 'tls-domain'],
  ['LLR CH-06: the NHS as well', { sensitive: false, to: { ...MAILS, types: ['health-provider'] }, asked: { channel: 'tls-domain' } }, 'NO_ADMITTED_CHANNEL not-registered, awaits originator'],
  ['WIR CH-06: a domain alone is enough', {}, 'tls-domain'],
  ['WIR CH-06: one that does not hold is not', { to: { domain: WEAK }, asked: { channel: 'tls-domain' } }, 'TLS_BELOW_MINIMUM recipient'],
  ['WOR CH-06: a domain alone is enough', {}, 'tls-domain'],
  ['WOR CH-06: one that does not hold is not', { to: { domain: WEAK }, asked: { channel: 'tls-domain' } }, 'TLS_BELOW_MINIMUM recipient'],
  ['SOL CH-06: a domain alone is enough', {}, 'tls-domain'],
  ['SOL CH-06: one that does not hold is not', { to: { domain: WEAK }, asked: { channel: 'tls-domain' } }, 'TLS_BELOW_MINIMUM recipient'],

  ['LLR CH-11: where no admitted way stands it is held and the originator is asked', { to: { domain: HOLDS, keys: { smime: 'current' }, types: ['police'] } }, 'NO_ADMITTED_CHANNEL not-registered, awaits originator'],
  ['LLR CH-11: which may agree, for the one share and the one way', { to: { domain: HOLDS, keys: { smime: 'current' }, types: ['police'], registered: ['mail-smime'] }, deviation: { channel: 'mail-smime' } }, 'mail-smime'],
  ['LLR CH-11: but not to a key that nobody verified', { to: { domain: HOLDS, keys: { smime: 'unverified' }, types: ['police'] }, deviation: { channel: 'mail-smime' } }, 'NO_ADMITTED_CHANNEL not-registered, awaits originator'],
  ['LLR CH-11: nor to a domain that holds less', { to: { domain: WEAK, keys: { smime: 'current' }, types: ['police'] }, deviation: { channel: 'mail-smime' } }, 'NO_ADMITTED_CHANNEL not-registered, awaits originator'],

  ['WIR CH-12: in an emergency a weaker admitted way goes with a reason and a second person, and is told of afterwards', { ...asking('tls-domain', { reason: 'recipient-cannot-now', approver: 'head' }), emergency: true }, 'tls-domain warned told afterwards'],
  ['WIR CH-12: not without the second person', { ...asking('tls-domain', { reason: 'recipient-cannot-now' }), emergency: true }, 'STRONGER_CHANNEL_AVAILABLE stronger'],
  ['WIR CH-12: and never to a domain that holds less', { ...asking('tls-domain', { reason: 'recipient-cannot-now', approver: 'head' }), to: { ...KEYED, domain: WEAK }, emergency: true }, 'TLS_BELOW_MINIMUM recipient'],
  ['WOR CH-12: what must be protected is, emergency or not', { to: { domain: WEAK }, asked: { channel: 'tls-domain', reason: 'recipient-cannot-now', approver: 'head' }, emergency: true }, 'TLS_BELOW_MINIMUM recipient'],
  ['WOR CH-12: and any admitted way may be chosen at any time', { ...asking('tls-domain'), emergency: true }, 'tls-domain'],

  ['NWADCS CH-15: nothing is sealed to a key that nobody verified', { to: { mailbox: true, keys: { openpgp: 'unverified' } } }, 'KEY_NOT_VERIFIED key'],
  ['WIR CH-15: nothing is sealed to a key that was revoked', { to: { mailbox: true, keys: { openpgp: 'revoked' } } }, 'KEY_NOT_VERIFIED key'],
  ['WOR CH-15: nothing is sealed to a key that has expired', { to: { mailbox: true, keys: { openpgp: 'expired' } } }, 'KEY_NOT_VERIFIED key'],
  ['SOL CH-15: nothing is sealed to a key that is weak', { to: { mailbox: true, keys: { openpgp: 'weak' } } }, 'KEY_NOT_VERIFIED key'],
  ['LLR CH-15: nothing is sealed to a key that nobody verified', { to: { mailbox: true, keys: { openpgp: 'unverified' } } }, 'KEY_NOT_VERIFIED key'],
];

test.each(ROWS)('%s', (title, asked, expected) => {
  expect(way(title.split(' ')[0] ?? '', asked)).toBe(expected);
});
