import type { BreachFigures, Coming, Counted } from '#breach/figures';
import { type Kind, DUTIES } from '#duties/kinds';
import { BREACH_PARTS, type BreachPart } from '#policy/breach-stating';
import { BREACH_CAUSES, BREACH_TYPES } from '#policy/vocabulary/breach';
import { entryOf } from '#policy/vocabulary/entry';
import { ROLES } from '#policy/vocabulary/roles';
import type { BreachStated, BreachStatementKind } from '#protocol/breach';
import type { BreachItem, BreachPartyTold, BreachStatementTold, BreachTold, NoticeTold } from '#protocol/breach-answers';
import { IN_TIME, LATE, SOON, type Status } from './statuses';
import { plain, when } from './words';

// What pages say of a data breach: words for codes. What happened, in words, is sealed and stands nowhere here.

export const breachReference = (id: string): string => `B-${id.slice(-8).toUpperCase()}`;

const STATES: Readonly<Record<string, Status>> = {
  open: { word: 'Open', colour: 'orange' }, circulated: { word: 'Outcome circulated', colour: 'turquoise' }, closed: { word: 'Closed', colour: 'grey' }, unfounded: { word: 'It was no breach', colour: 'grey' },
};
const HARM: Record<BreachItem['harm'], Status | false> = { yes: { word: 'Somebody could come to harm', colour: 'red' }, unknown: { word: 'Harm not ruled out', colour: 'red' }, no: false };
const EXERCISE: Status = { word: 'Exercise: nothing happened', colour: 'purple' };
const NEAR_MISS: Status = { word: 'Nearly happened', colour: 'yellow' };

/** A third of the 72 hours: from then on it is due soon. */
const SOON_HOURS = 24;

/** Whole hours until the regulator has to be told; nothing makes them more. */
export const hoursShown = (dueAt: string, hoursLeft: number, now: Date): { says: string; status: Status } =>
  Date.parse(dueAt) < now.getTime() ? { says: 'The time to tell the regulator is over: give the reasons with the report', status: LATE }
    : { says: `${hoursLeft} whole ${hoursLeft === 1 ? 'hour' : 'hours'} left to tell the regulator`, status: hoursLeft < SOON_HOURS ? SOON : IN_TIME };

export const caseShown = (item: BreachItem, now: Date) => ({
  id: item.breach, reference: breachReference(item.breach), what: entryOf(BREACH_TYPES, item.type)?.says ?? plain(item.type), reporter: item.reporter ?? 'the gateway itself', agreement: item.agreement, openedAt: new Date(item.openedAt), closedAt: item.closedAt ? new Date(item.closedAt) : false,
  tags: [STATES[item.state] ?? { word: item.state, colour: 'grey' as const }, ...[HARM[item.harm]].flatMap((tag) => tag || []), ...(item.exercise ? [EXERCISE] : []), ...(item.nearMiss ? [NEAR_MISS] : [])],
  left: item.dueAt !== undefined && item.hoursLeft !== undefined ? { ...hoursShown(item.dueAt, item.hoursLeft, now), dueAt: new Date(item.dueAt) } : false,
});

const day = (at: string | undefined): Date | false => (at === undefined ? false : new Date(at));

const partyShown = (party: BreachPartyTold, own: string, now: Date) => ({
  agency: party.agency, own: party.agency === own, parts: party.parts.map((part) => BREACH_PARTS[part as BreachPart] ?? plain(part)).join('; '), awareAt: day(party.awareAt), reportedAt: day(party.reportedAt),
  left: party.dueAt !== undefined && party.hoursLeft !== undefined && party.reportedAt === undefined ? hoursShown(party.dueAt, party.hoursLeft, now) : false,
});

const WAVES: Readonly<Record<string, string>> = {
  safety: 'to protect whoever could come to harm', first: 'first', second: 'with all others concerned', police: 'as the police', outcome: 'of the outcome', suspension: 'that sharing is suspended', phase: 'of what is known since',
};
/** How a mail to a contact that collects nothing went; a word of ours for each outcome. */
const MAILS: Readonly<Record<string, string>> = {
  waits: 'a mail waits to be taken', sent: 'its mail host took a mail', 'no-key': 'no mail: it has no key', undeliverable: 'a mail could not be delivered', overtaken: 'no mail was needed any more',
};

const noticeShown = ({ agency, contact, wave, toldAt, readAt, telephone, mails = [] }: NoticeTold) => ({
  agency, contact: contact ?? false, wave: WAVES[wave] ?? plain(wave), toldAt: new Date(toldAt), readAt: day(readAt), telephone: telephone ?? false,
  mails: mails.map(({ contact: to, state, because, at }) => ({ to, says: MAILS[state] ?? plain(state), because: because ? plain(because) : false, at: day(at) })),
});

const STATED: Record<BreachStatementKind, string> = {
  read: 'read it', phase: 'says what is known since', protected: 'says what was done to protect whoever could come to harm', assessed: 'assessed the risk', graded: 'graded it', 'grade-fixed': 'fixed the grade', threshold: 'decided whether the regulator is told',
  reported: 'told the regulator', 'not-notifier': 'leaves telling the regulator to another', subjects: 'decided whether the people it is about are told', 'assistance-asked': 'asked for help', 'assistance-given': 'gave help', offence: 'says that it may be an offence',
  'hold-lifted': 'let the evidence go', finding: 'says what it found', 'deletion-asked': 'asked that a copy be deleted', 'deletion-confirmed': 'says what became of the copy', outcome: 'says what came of it', acknowledged: 'took note of the outcome',
  suspended: 'suspended sharing', met: 'says that the parties met', resumed: 'says that sharing goes on',
};

/** One statement in a line. What it says besides its kind are codes. */
function statementShown({ kind, agency, at, statement }: BreachStatementTold) {
  const said = JSON.parse(Buffer.from(statement, 'base64').toString()) as Partial<BreachStated>;
  const role = said.role === undefined ? '' : `, ${entryOf(ROLES, said.role)?.says ?? plain(said.role)},`;
  return {
    at: new Date(at), says: `${agency}${role} ${STATED[kind as BreachStatementKind] ?? 'reported it'}`,
    detail: [said.outcome, ...(said.reasons ?? []), ...(said.severity !== undefined ? [`severity ${said.severity}`, `likelihood ${said.likelihood ?? ''}`] : []), ...(said.reportedAt !== undefined ? [`at ${when(new Date(said.reportedAt))}`] : [])].flatMap((each) => (each === undefined ? [] : plain(each))).join('; '),
  };
}

export const wholeCaseShown = (told: BreachTold, own: string, now: Date) => ({
  ...caseShown(told, now), happenedAt: day(told.happenedAt), foundAt: new Date(told.foundAt), heldSince: day(told.heldSince), grade: told.grade ?? false, ring: told.ring ?? false, shares: told.shares,
  parties: told.parties.map((party) => partyShown(party, own, now)), notices: told.notices.map(noticeShown), statements: told.statements.map(statementShown),
  rules: told.rules.map(({ rule, value, standsOn, ground }) => ({ rule: plain(rule), value: plain(value), default: standsOn === 'default', ground })),
  suspensions: told.suspensions.map(({ by, scope, beganAt, endsAt, meetBy, endedAt, endedBecause }) => ({ by, scope: plain(scope), beganAt: new Date(beganAt), endsAt: new Date(endsAt), meetBy: day(meetBy), endedAt: day(endedAt), because: endedBecause ? plain(endedBecause) : '' })),
});

const dutySays = (kind: string): string => (DUTIES as Readonly<Record<string, Kind>>)[kind]?.says ?? plain(kind);

export const comingShown = ({ breach, what, at }: Coming, now: Date) => ({ at, late: at < now ? LATE : false, reference: breachReference(breach), href: `/breaches/${breach}`, says: what === 'suspension-ends' ? 'the suspension ends by itself' : dutySays(what) });

/** A chart: a table whose longest bar is its greatest figure. */
export interface Chart {
  code: string;
  title: string;
  /** Heads of the columns; the second is what the bar shows. */
  columns: readonly string[];
  rows: { says: string; figures: readonly number[]; bar: number }[];
}

const chart = <T extends Counted>(code: string, title: string, columns: readonly string[], counted: readonly T[], says: (of: string) => string, more: (each: T) => readonly number[] = () => []): Chart => {
  const most = Math.max(1, ...counted.map(({ cases }) => cases));
  return { code, title, columns, rows: counted.map((each) => ({ says: says(each.of), figures: [each.cases, ...more(each)], bar: Math.round((each.cases / most) * 100) })) };
};

/** Each is a table, and a bar for whoever sees at a glance. */
export const chartsOf = ({ kinds, causes, firstNotice, regulator, duties }: BreachFigures): Chart[] => [
  chart('kinds', 'Breaches by kind', ['Kind', 'Cases', 'Still open'], kinds, (of) => entryOf(BREACH_TYPES, of)?.says ?? plain(of), ({ open }) => [open]),
  chart('causes', 'Breaches by cause', ['Cause', 'Cases'], causes, (of) => entryOf(BREACH_CAUSES, of)?.says ?? plain(of)),
  chart('first-notice', 'From the report to the first notice', ['Time', 'Cases'], firstNotice, plain),
  chart('regulator', 'From awareness to the regulator', ['Time', 'Cases'], regulator, plain),
  chart('duties', 'What is still due', ['Duty', 'Open', 'Late'], duties, dutySays, ({ late }) => [late]),
];
