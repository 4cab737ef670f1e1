import { term } from './agreement';
import { mayBeWeak, OBSTACLES, type Obstacle, secure } from './channels/obstacles';
import type { ChannelQuestion } from './channels/question';
import { strengthOf } from './channels/strength';
import type { Standing } from './decision';
import { standingOf } from './grounds';
import { CHANNEL_CODES, type ChannelCode, channelOf } from './vocabulary/channels';

/** Why a way is not open, or not the one to take. */
export interface ChannelReason {
  code: Obstacle['code'] | 'STRONGER_CHANNEL_AVAILABLE';
  cause: string;
  clauses: readonly string[];
  says: string;
  next: string;
  standing: Standing;
}

/** What was found of one way. */
export interface ChannelVerdict {
  channel: ChannelCode;
  /** Empty: it stands. */
  reasons: readonly ChannelReason[];
}

export type ChannelChoice = { verdicts: readonly ChannelVerdict[] } & (
  | {
      outcome: 'chosen';
      channel: ChannelCode;
      why: 'strongest' | 'asked' | 'emergency' | 'deviation';
      /** The recipient's domain holds no TLS that counts: nothing but what is generated and the container travels there, and the record says so (CH-04). */
      weakHop: boolean;
      /** A stronger one stands; the agreement asks only that the sender says why not. */
      warnings: readonly ChannelReason[];
      /** The single point of contact is told afterwards that a weaker way was taken (CH-12). */
      tell: boolean;
    }
  | {
      outcome: 'none';
      reasons: readonly ChannelReason[];
      /** It is held, and the originator is asked whether this one share may go another way (CH-11). */
      awaits?: 'originator';
    }
);

/**
 * The way on which a share goes to one recipient: the strongest that both have and the agreement admits (CH-01 to CH-07, X-10 to X-14),
 * or a weaker one that the sender asks for and the agreement lets it have. None that stands: nothing is sent. Says what it found of every way.
 */
export function chooseChannel(question: ChannelQuestion): ChannelChoice {
  const verdicts = verdictsOn(question);
  const standing = verdicts.filter(({ reasons }) => reasons.length === 0).map(({ channel }) => channel).sort((a, b) => rank(question, a) - rank(question, b));
  const [strongest] = standing;
  const wanted = question.asked?.channel ?? strongest;
  if (strongest !== undefined && wanted !== undefined && standing.includes(wanted)) return wanted === strongest ? taken(question, verdicts, wanted, 'strongest') : another(question, verdicts, wanted, strongest);
  const mayDeviate = !strongest && term(question.agreement, 'channel.deviation') !== undefined;
  if (mayDeviate && question.deviation && mendable(verdicts, question.deviation.channel)) return taken(question, verdicts, question.deviation.channel, 'deviation');
  const asked = question.asked && verdicts.find(({ channel }) => channel === question.asked?.channel);
  const reasons = asked?.reasons ?? closest(verdicts);
  const deviates = mayDeviate && verdicts.some(({ channel }) => mendable(verdicts, channel));
  return { verdicts, outcome: 'none', reasons, ...(deviates ? { awaits: 'originator' as const } : {}) };
}

function verdictsOn(question: ChannelQuestion): ChannelVerdict[] {
  const { beside } = question;
  const lookedAt = (asked: ChannelQuestion) => (channel: ChannelCode): ChannelVerdict => ({
    channel,
    reasons: OBSTACLES.filter((obstacle) => !obstacle.met(asked, channel)).map((obstacle) => ({ ...told(obstacle), standing: standingOf({ code: obstacle.code, grounds: obstacle.grounds }, question.agreement) })),
  });
  const verdicts = (question.offered ?? CHANNEL_CODES).map(lookedAt(question));
  const others = [...verdicts, ...(beside?.channels.map(lookedAt({ ...question, from: beside.from })) ?? [])];
  // What is only for want of anything better is looked at when it is known what else there is.
  return verdicts.map((verdict) => (channelOf(verdict.channel).lastResort && others.some((other) => comesBefore(question, other, verdict)) ? { ...verdict, reasons: [...verdict.reasons, stronger(question, ['channel.passwordFallback'], ['CH-04'])] } : verdict));
}

/** A container may protect what goes to a domain that holds TLS, where the text recommends that too (CH-06). */
const comesBefore = ({ agreement }: ChannelQuestion, { channel, reasons }: ChannelVerdict, last: ChannelVerdict): boolean =>
  channel !== last.channel && reasons.length === 0 && !(channel === 'tls-domain' && term(agreement, 'channel.passwordFallback') === 'to-insecure-mail');

/** Among those that stand. Where the agreement puts government secure mail first and both have it, a service comes after it (CH-03). */
function rank({ agreement, from, to }: ChannelQuestion, channel: ChannelCode): number {
  const { route, lastResort } = channelOf(channel);
  const governmentFirst = term(agreement, 'channel.preference') === 'government-secure-first' && from.domain?.government && to.domain?.government;
  return CHANNEL_CODES.indexOf(channel) + (governmentFirst && (route === 'service' || lastResort) ? CHANNEL_CODES.length : 0);
}

/** Another way than the strongest was asked for, and stands. */
function another(question: ChannelQuestion, verdicts: readonly ChannelVerdict[], channel: ChannelCode, strongest: ChannelCode): ChannelChoice {
  const preference = term(question.agreement, 'channel.preference');
  if (equals(channel, strongest) || preference === undefined || preference === 'any-admitted') return taken(question, verdicts, channel, 'asked');
  const reason = stronger(question, ['channel.preference'], ['CH-03']);
  if (preference === 'strongest-agreed' && question.asked?.reason !== undefined) return taken(question, verdicts, channel, 'asked', [reason]);
  const overridden = question.emergency && term(question.agreement, 'channel.emergency') === 'override' && question.asked?.reason !== undefined && question.asked.approver !== undefined;
  return overridden ? taken(question, verdicts, channel, 'emergency', [reason]) : { verdicts, outcome: 'none', reasons: [reason] };
}

/** No weaker, over the same route or to a mailbox: a container is more than a domain alone, and S/MIME no less than OpenPGP. */
function equals(channel: ChannelCode, strongest: ChannelCode): boolean {
  const [own, other] = [channelOf(channel), channelOf(strongest)];
  return strengthOf(own.protection) >= strengthOf(other.protection) && (own.route === other.route || own.route === 'mailbox');
}

function taken(question: ChannelQuestion, verdicts: readonly ChannelVerdict[], channel: ChannelCode, why: 'strongest' | 'asked' | 'emergency' | 'deviation', warnings: readonly ChannelReason[] = []): ChannelChoice {
  // Whatever its sender's domain holds: where the recipient's holds TLS, TLS is what it goes over.
  const weakHop = mayBeWeak(question, channel) && !secure(question, question.to);
  return { verdicts, outcome: 'chosen', channel, why, weakHop, warnings, tell: why === 'emergency' };
}

const told = ({ code, cause, clauses, says, next }: Obstacle) => ({ code, cause, clauses, says, next });

/** Whether nothing but the agreement's own words stand in its way, which the originator may set aside for one share. */
const mendable = (verdicts: readonly ChannelVerdict[], channel: ChannelCode): boolean =>
  verdicts.some((verdict) => verdict.channel === channel && verdict.reasons.every(({ code, cause }) => OBSTACLES.some((obstacle) => obstacle.code === code && obstacle.cause === cause && obstacle.agreed)));

/** What stands in the way of those that the recipient has, of these the ones with the fewest obstacles: what somebody can mend soonest. */
function closest(all: readonly ChannelVerdict[]): readonly ChannelReason[] {
  const theirs = all.filter(({ reasons }) => reasons.every(({ cause }) => cause !== 'recipient-has-not'));
  const verdicts = theirs.length > 0 ? theirs : all;
  const fewest = Math.min(...verdicts.map(({ reasons }) => reasons.length));
  const found = new Map(verdicts.filter(({ reasons }) => reasons.length === fewest).flatMap(({ reasons }) => reasons.map((reason) => [`${reason.code} ${reason.cause}`, reason] as const)));
  return [...found.values()];
}

const stronger = (question: ChannelQuestion, grounds: readonly ('channel.preference' | 'channel.passwordFallback')[], clauses: readonly string[]): ChannelReason => ({
  code: 'STRONGER_CHANNEL_AVAILABLE', cause: 'stronger', clauses, says: 'no stronger way stands that both have', next: 'Take the stronger way, or say why not where the agreement lets you.',
  standing: standingOf({ code: 'STRONGER_CHANNEL_AVAILABLE', grounds: [...grounds, { technical: 'a password is the weakest of keys' }] }, question.agreement),
});
