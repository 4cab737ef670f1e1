import { DAY, HOUR, MINUTE } from '#platform/clock';
import type { Item } from '#inbox/item';
import { entryOf } from '#policy/vocabulary/entry';
import { REQUEST_TYPES } from '#policy/vocabulary/requests';
import { IN_TIME, LATE, SOON, type Status } from './statuses';

const FORMAT = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** `31 January 2026 at 09:30`, as the clock on the wall has it. */
export const when = (at: Date): string => FORMAT.format(at);

/** `3 days`, `2 hours`, `14 minutes`: the largest unit, never rounded up. */
export function span(ms: number): string {
  const [unit, name] = ms >= DAY ? [DAY, 'day'] : ms >= HOUR ? [HOUR, 'hour'] : [MINUTE, 'minute'];
  const count = Math.floor(ms / unit);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** How much of the time is left, in words and with a colour. @param whole all the time that there was */
export function timeLeft(dueAt: Date, now: Date, whole: number): { says: string; status: Status } {
  const left = dueAt.getTime() - now.getTime();
  if (left < 0) return { says: `Late by ${span(-left)}`, status: LATE };
  return { says: `${span(left)} left`, status: left < whole / 3 ? SOON : IN_TIME };
}

/** What happened, as somebody would say it. `{}` stands for whoever signed. An event that is not here is told by its code: nothing is left out. */
const EVENTS: Readonly<Record<string, string>> = {
  accepted: 'The gateway accepted it, signed by {}',
  available: 'It reached your mailbox',
  collected: 'Your organisation collected it: from here the sender could not take it back',
  opened: 'Your organisation opened it, signed by {}',
  acknowledged: 'Your organisation acknowledged it, signed by {}: the copy is now yours to answer for',
  returned: 'Your organisation gave it back, signed by {}',
  recalled: 'The sender took it back',
  held: 'It was held: a key that it is sealed to may not be used any more, or its way is closed',
  released: 'It was let go on its way again',
  sent: 'It was handed to your mail system, over a connection that the domain proved to be secure',
  undeliverable: 'It could not be delivered, and the sender was told',
  reminder: 'Somebody was reminded',
  delayed: 'It waits longer than it should: the way to the recipient does not work, and its sender was told',
  'set-aside': 'It was set aside for a person to look at',
  replayed: 'It was taken up again by the operator',
  'mail-came-back': 'A mail came back',
  'passphrase-released': 'The sender told the passphrase by another way, signed by {}',
  unanswered: 'It was unanswered past its time, which is no refusal; both sides’ points of contact were told',
  'request-answer': 'It was answered',
  'request-scrutinised': '{} looked whether it may be asked like this',
  'request-triaged': '{} said how pressing it finds it',
  'request-discussed': '{} talked the reasons over with whoever asked',
  'request-reviewed': 'A refusal was looked at by {}',
  'request-escalated': '{} took it to those who decide',
  'request-viewed': '{} said whether it is to be shared',
  'request-disputed': '{} disagrees; both points of contact are to find a solution',
  'request-settled': 'The disagreement has ended, says {}',
  'payload-removed': 'No octet of its sealed contents is left at the gateway',
};

export const eventSays = (what: string, signedBy: string | undefined): string => (EVENTS[what] ?? what).replace('{}', signedBy ?? 'the organisation');

/** The same as whoever sent it would say it, where that is otherwise. */
const SENT_EVENTS: Readonly<Record<string, string>> = {
  accepted: 'The gateway accepted it, signed by {}, and entered it in both registers',
  available: 'It reached the recipient’s mailbox',
  collected: 'The recipient collected it, over TLS with its own certificate: from here it could not be taken back',
  opened: 'It was opened, signed by {}',
  acknowledged: 'It was acknowledged, signed by {}: its copy is now the recipient’s to answer for',
  returned: 'It was given back, signed by {}',
  recalled: 'You took it back',
  sent: 'It was handed to the recipient’s mail system, over TLS that its domain proved to be its own; version, cipher and certificate stand in your register',
  undeliverable: 'It could not be delivered, and you were told',
  'passphrase-released': 'You told the passphrase by another way, signed by {}',
};

export const sentEventSays = (what: string, signedBy: string | undefined): string => (SENT_EVENTS[what] ?? EVENTS[what] ?? what).replace('{}', signedBy ?? 'the organisation');

/** How a share goes to its recipient. */
export const WAYS: Readonly<Record<'mailbox' | 'mail', string>> = {
  mailbox: 'It lies in its mailbox here, from which it is collected over TLS with the organisation’s own certificate.',
  mail: 'It goes by mail, over TLS to a host that the domain proves to be its own, or not at all.',
};

/** What kind of request it is. Of a share its purpose says as much, on its own page. */
export const typeSays = ({ asked }: Pick<Item, 'asked'>): string => (asked ? (entryOf(REQUEST_TYPES, asked.type)?.says ?? asked.type) : '');

/** `domestic-abuse` as somebody reads it. */
export const plain = (code: string): string => code.replaceAll('-', ' ');

/** Roles of staff that the vocabulary of agreements has under another name. */
export const VOCABULARY_ROLES: Readonly<Record<string, string>> = { 'team-manager': 'line-manager', 'single-point-of-contact': 'spoc', 'co-ordinator': 'coordinator' };
