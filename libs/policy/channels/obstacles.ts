import { term } from '../agreement';
import { admits, strengthOf, strictest } from './strength';
import type { Ground } from '../conditions/condition';
import { type ChannelCode, channelOf, TLS_VERSIONS } from '../vocabulary/channels';
import { ACCEPTED_CHANNELS, type AcceptedChannel } from '../vocabulary/protections';
import type { ChannelQuestion, End, MailDomain } from './question';

/** Why a way is not open. */
export interface Obstacle {
  code: 'NO_ADMITTED_CHANNEL' | 'KEY_NOT_VERIFIED' | 'TLS_BELOW_MINIMUM' | 'MESSAGE_PROTECTION_REQUIRED';
  /** Closer than the code. */
  cause: string;
  clauses: readonly string[];
  grounds: readonly Ground[];
  /** The sentence that holds where it is open. */
  says: string;
  next: string;
  /** The agreement could admit it, and its originator may agree that it need not (CH-11). Everything else no word of anybody mends. */
  agreed?: true;
  met(question: ChannelQuestion, channel: ChannelCode): boolean;
}

/** What the agreement asks of a domain; older versions are broken, whatever a text says. */
const MINIMUM = '1.2';
const holdsTls = (domain: MailDomain | undefined, least: string): boolean => TLS_VERSIONS.indexOf(domain?.tls ?? 'none') >= TLS_VERSIONS.findIndex((version) => version === least);

/** Whether a domain at that end holds what the agreement asks of one. */
export const secure = ({ agreement }: ChannelQuestion, { domain }: End): boolean => domain?.lapsed !== true && holdsTls(domain, term(agreement, 'channel.tls.min') ?? MINIMUM);

/** Whether the text lets a container go over a hop that holds no TLS: the container is what protects it there (CH-04). */
export const mayBeWeak = ({ agreement }: ChannelQuestion, channel: ChannelCode): boolean =>
  channel === 'mail-container' && (term(agreement, 'channel.passwordFallback') === 'without-tls' || term(agreement, 'channel.passwordFallback') === 'to-insecure-mail');

function has(end: End, channel: ChannelCode): boolean {
  const { route, protection } = channelOf(channel);
  if (route === 'service') return end.service === true;
  if (route === 'mailbox' ? !end.mailbox : !end.domain) return false;
  if (protection === 'aes-zip') return end.contained !== false;
  return (protection !== 'openpgp' && protection !== 'smime') || (end.keys?.[protection] ?? 'none') !== 'none';
}

/** What a sender needs for a way: the gateway seals nothing, so keys are the recipient's alone. */
const canSend = (end: End, channel: ChannelCode): boolean => (channelOf(channel).route === 'service' ? end.service === true : channelOf(channel).carriedBy === 'gateway' || end.domain !== undefined);

const keyOf = ({ to }: ChannelQuestion, channel: ChannelCode) => {
  const { protection } = channelOf(channel);
  return protection === 'openpgp' || protection === 'smime' ? to.keys?.[protection] : undefined;
};

/** Kinds of party that take only what was recorded for them. */
const choosy = ({ agreement, to }: ChannelQuestion): boolean =>
  term(agreement, 'channel.email.accepted').some((code) => (ACCEPTED_CHANNELS[code] as AcceptedChannel).onlyTo?.some((type) => to.types?.includes(type)));

/** Looked at for each way, each on its own. */
export const OBSTACLES: readonly Obstacle[] = [
  {
    code: 'NO_ADMITTED_CHANNEL', cause: 'not-admitted', clauses: ['CH-01', 'CH-02'], grounds: ['channel.email.accepted'], agreed: true,
    says: 'the agreement admits this protection', next: 'Choose a way that the agreement admits.',
    met: ({ agreement }, channel) => admits(agreement, channelOf(channel).protection),
  },
  {
    code: 'NO_ADMITTED_CHANNEL', cause: 'no-password-fallback', clauses: ['CH-04'], grounds: ['channel.passwordFallback', { technical: 'a password is the weakest of keys, and stands where an agreement says so' }], agreed: true,
    says: 'the agreement admits a document that a password protects', next: 'Ask the recipient to register a key.',
    met: ({ agreement }, channel) => channel !== 'mail-container' || term(agreement, 'channel.passwordFallback') !== undefined,
  },
  {
    code: 'NO_ADMITTED_CHANNEL', cause: 'stricter-agreement', clauses: ['PD-18'], grounds: [{ technical: 'another agreement that both have signed asks for more, and what leaves is the same' }],
    says: 'no other agreement of the two asks for a stronger protection', next: 'Choose a way that both agreements admit.',
    met: ({ agreement, inCommon = [] }, channel) => inCommon.length === 0 || strengthOf(channelOf(channel).protection) >= strictest([agreement, ...inCommon]),
  },
  {
    code: 'NO_ADMITTED_CHANNEL', cause: 'recipient-has-not', clauses: ['CH-03'], grounds: [{ technical: 'the recipient does not have it' }],
    says: 'the recipient has this way', next: 'Ask the recipient to register it with the co-ordinator.',
    met: ({ to }, channel) => has(to, channel),
  },
  {
    code: 'NO_ADMITTED_CHANNEL', cause: 'sender-has-not', clauses: ['CH-03'], grounds: [{ technical: 'the sender does not have it' }],
    says: 'the sender has this way', next: 'Register your mail domain or service with the co-ordinator.',
    met: ({ from }, channel) => canSend(from, channel),
  },
  {
    code: 'NO_ADMITTED_CHANNEL', cause: 'not-registered', clauses: ['CH-06'], grounds: ['channel.email.accepted'], agreed: true,
    says: 'it is a way that was recorded for this kind of recipient', next: 'Ask the co-ordinator which way was recorded for it.',
    met: (question, channel) => channelOf(channel).route === 'mailbox' || !choosy(question) || question.to.registered?.includes(channel) === true,
  },
  {
    code: 'KEY_NOT_VERIFIED', cause: 'key', clauses: ['CH-15'], grounds: [{ technical: 'what is sealed to a key that is not known to be theirs anybody could open' }],
    says: "the recipient's key is verified by the co-ordinator, current, and strong enough", next: 'Ask the recipient or the co-ordinator for a key that stands; in an emergency ring the recipient.',
    met: (question, channel) => (keyOf(question, channel) ?? 'current') === 'current' || keyOf(question, channel) === 'none',
  },
  {
    code: 'TLS_BELOW_MINIMUM', cause: 'recipient', clauses: ['CH-02'], grounds: ['channel.tls.min', { technical: 'older versions are broken' }],
    says: "the recipient's mail domain holds the version of TLS that is asked for, and was found to lately", next: 'Ask the recipient to mend its domain, and the co-ordinator to look at it again.',
    met: (question, channel) => channelOf(channel).route !== 'mail' || !question.to.domain || secure(question, question.to) || (mayBeWeak(question, channel) && !question.to.domain.unseen),
  },
  {
    code: 'TLS_BELOW_MINIMUM', cause: 'sender', clauses: ['CH-02'], grounds: ['channel.tls.min', { technical: 'older versions are broken' }],
    says: "the sender's mail domain holds the version of TLS that is asked for, and was found to lately", next: 'Have your domain mended, and ask the co-ordinator to look at it again.',
    met: (question, channel) => channelOf(channel).carriedBy === 'gateway' || channelOf(channel).route !== 'mail' || !question.from.domain || secure(question, question.from),
  },
  {
    code: 'MESSAGE_PROTECTION_REQUIRED', cause: 'sensitive', clauses: ['CH-06'], grounds: ['channel.tlsAloneSuffices'],
    says: 'what is sensitive is protected itself, not only on its way', next: 'Seal it to a key of the recipient, or put it into a password-protected container.',
    met: ({ agreement, sensitive }, channel) => !sensitive || channelOf(channel).protection !== 'tls-domain' || term(agreement, 'channel.tlsAloneSuffices') !== false,
  },
];
