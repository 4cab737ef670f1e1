import { loadFolders } from '#partnership/agreements';
import type { Agreement } from '#policy/agreement';
import { type ChannelReason, chooseChannel } from '#policy/channel';
import type { ChannelQuestion, End, MailDomain } from '#policy/channels/question';
import { CHANNEL_CODES, CHANNELS, type ChannelCode, channelOf } from '#policy/vocabulary/channels';
import type { OrgType } from '#policy/vocabulary/organisations';
import { code, document, table } from './markdown';

const SECURE: MailDomain = { tls: '1.2' };
const WEAK: MailDomain = { tls: '1.1' };

/** An end that has this one way and no other. */
export function endWith(channel: ChannelCode, domain: MailDomain = SECURE): End {
  const { route, protection } = channelOf(channel);
  return {
    ...(route === 'mailbox' ? { mailbox: true } : route === 'mail' ? { domain } : { service: true }),
    ...(protection === 'openpgp' || protection === 'smime' ? { keys: { [protection]: 'current' as const } } : {}),
  };
}

/** Between two that have this one way in common; whoever can mail a container can mail. */
const between = (channel: ChannelCode, agreement: Agreement, sensitive: boolean, domain?: MailDomain): ChannelQuestion => ({
  agreement, from: endWith(channel, domain), to: endWith(channel, domain), sensitive, asked: { channel }, offered: channelOf(channel).lastResort ? ['tls-domain', channel] : [channel],
});

/** Every way under every agreement, for what is sensitive and what is not: what a data protection officer asks first. */
export function describeChannels(): string {
  const agreements = loadFolders('deploy/agreements').map(({ id, loading }) => {
    if (!loading.ok) throw new Error(`${id} does not load`);
    return loading.agreement;
  });
  const head = ['Way', 'Parts', ...agreements.map(({ id }) => code(id))];
  const crossed = (cell: (channel: ChannelCode, agreement: Agreement, sensitive: boolean) => string, ways: readonly ChannelCode[] = CHANNEL_CODES) =>
    table(head, ways.flatMap((channel) => [true, false].map((sensitive) => [code(channel), sensitive ? 'sensitive' : 'others', ...agreements.map((agreement) => cell(channel, agreement, sensitive))])));
  const mail = CHANNEL_CODES.filter((channel) => channelOf(channel).route === 'mail');
  return document(
    '# Channels',
    'Written by `npm run generate` from `libs/policy` and the profiles of `deploy/agreements`; never edited by hand. On what way a share may go, under each agreement. '
      + '*Sensitive*: a part is of a category that is, or may be, special category or offence data. What is shared never goes in clear: there is no such way.',
    '## The ways, strongest first',
    table(['Way', 'What it is', 'Who carries it'], CHANNEL_CODES.map((each) => [code(each), CHANNELS[each].says, channelOf(each).carriedBy === 'gateway' ? 'the gateway' : 'the sender'])),
    '## Where both ends have this way and no other',
    '**yes**, or the code that refuses it and what that stands on: the place in the agreement as the agreement numbers it, *technical*, or *default* where the text is silent and we filled it.',
    crossed((channel, agreement, sensitive) => outcome(between(channel, agreement, sensitive))),
    '## The same, where a mail domain holds less than TLS 1.2',
    '**yes, weak hop**: nothing but what is generated and the container travels on that hop, and the record says so.',
    crossed((channel, agreement, sensitive) => outcome(between(channel, agreement, sensitive, WEAK)), mail),
    '## Where the sender asks for this way, and both have all of them',
    'The strongest of all is `mailbox-openpgp`. **with a reason**: the sender says why the stronger one was not taken, and the record holds it. '
      + '**in an emergency**: with a reason and a second person who approves, and the single point of contact is told afterwards.',
    crossed((channel, agreement, sensitive) => askedFor(channel, agreement, sensitive)),
    '## Where a recipient takes only what was recorded for it',
    'What both have is mail between domains that hold TLS, and parts that are not sensitive; no way was recorded for the recipient.',
    table(['Recipient', ...agreements.map(({ id }) => code(id))], (['police', 'health-provider', 'school'] as const satisfies readonly OrgType[]).map((type) => [
      type, ...agreements.map((agreement) => outcome({ agreement, from: { domain: SECURE }, to: { domain: SECURE, types: [type] }, sensitive: false })),
    ])),
  );
}

const ALL: End = { mailbox: true, keys: { openpgp: 'current', smime: 'current' }, domain: SECURE, service: true };

function askedFor(channel: ChannelCode, agreement: Agreement, sensitive: boolean): string {
  const question: ChannelQuestion = { agreement, from: ALL, to: ALL, sensitive, asked: { channel } };
  if (chooseChannel(question).outcome === 'chosen') return '**yes**';
  if (chooseChannel({ ...question, asked: { channel, reason: 'recipient-cannot-now' } }).outcome === 'chosen') return '**with a reason**';
  if (chooseChannel({ ...question, emergency: true, asked: { channel, reason: 'recipient-cannot-now', approver: 'head' } }).outcome === 'chosen') return '**in an emergency**';
  return outcome(question);
}

function outcome(question: ChannelQuestion): string {
  const choice = chooseChannel(question);
  if (choice.outcome === 'chosen') return choice.weakHop ? '**yes, weak hop**' : '**yes**';
  const [first] = choice.reasons;
  if (!first) throw new Error('refused without a reason');
  return `${code(first.code)}: ${standing(first)}${choice.awaits ? '; held, and the originator is asked' : ''}`;
}

const standing = ({ standing: { on, says } }: ChannelReason): string => (on === 'technical' || on === 'default' ? `*${on}*` : says);
