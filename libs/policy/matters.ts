import type { Proof } from '#protocol/duties';
import type { MatterAnswered, MatterKind, MatterPut } from '#protocol/matter';
import { type Agreement, term } from './agreement';
import type { Operation } from './operations';
import { contactOf, type Party } from './parties';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';
import { CHANNELS } from './vocabulary/channels';
import { holds, type Table, within } from './vocabulary/entry';
import { AUDIT_ACTIONS, AUDIT_MANNERS, DELETION_GROUNDS, KEPT_REASONS, NO_ASSISTANCE_REASONS, NOT_APPLIED_REASONS, PRACTICE_CONCERNS, RIGHT_FROM, VIEW_REASONS, WRONG_WITH_IT } from './vocabulary/matters';
import { ROLES } from './vocabulary/roles';

// A matter is what one side of a transfer puts to the other after it has arrived, and wants answered: a correction, a consent withdrawn, a view sought.
// Each travels as a signed statement of codes, with words sealed to the other side where there are some; nobody learns of other recipients by it.

export type Side = 'sender' | 'recipient';

type Field = 'categories' | 'wrong' | 'source' | 'reason' | 'purpose' | 'right' | 'manner' | 'words';

interface Answer {
  says: string;
  /** What whoever answers has done to its copy, where each operation is logged (RC-08). */
  operation?: Operation;
  /** Why: it has to be said. */
  reasons?: Table;
  /** What of the answering agency's own shows it. */
  shows?: Proof;
}

export interface Matter {
  says: string;
  clauses: readonly string[];
  /** Who puts it. Nobody: the gateway does, because of what its author signed otherwise. */
  by: readonly Side[];
  /** Without which it says nothing. */
  needs: readonly Field[];
  reasons?: Table;
  answers: Readonly<Record<string, Answer>>;
  /** Working days within which it is answered, where its author says nothing else. Ours: no agreement gives one. */
  workingDays: number;
  /** Whoever else received the same from its author has to be told as well. */
  reachesAll: boolean;
}

/** Every kind, who puts it to whom, and what may be answered. */
export const MATTERS: Record<MatterKind, Matter> = {
  correction: {
    says: 'something that was shared was wrong: what, the right value, and where that is from', clauses: ['PV-08'], by: ['sender'], needs: ['categories', 'wrong', 'source', 'words'], workingDays: 5, reachesAll: true,
    answers: { applied: { says: 'the copy is corrected, and what it said before is kept beside it', operation: 'alteration' }, 'not-applied': { says: 'the copy stays as it is', reasons: NOT_APPLIED_REASONS } },
  },
  'consent-withdrawn': {
    says: 'the person no longer consents to what was shared', clauses: ['LB-10', 'RT-13'], by: ['sender'], needs: [], workingDays: 5, reachesAll: true,
    answers: { noted: { says: 'it is known, and the copy is held on another basis' }, deleted: { says: 'no copy is left', operation: 'erasure' }, kept: { says: 'the copy is kept', reasons: KEPT_REASONS } },
  },
  deletion: {
    says: 'the copy is to be deleted', clauses: ['RR-05', 'RT-13'], by: ['sender'], needs: ['reason'], reasons: DELETION_GROUNDS, workingDays: 5, reachesAll: true,
    answers: { deleted: { says: 'no copy is left', operation: 'erasure' }, kept: { says: 'the copy is kept', reasons: KEPT_REASONS } },
  },
  consultation: {
    says: 'somebody uses a right over what was received: what does whoever provided it think', clauses: ['RR-03', 'RR-04'], by: ['recipient'], needs: ['right'], workingDays: 10, reachesAll: false,
    answers: { 'no-objection': { says: 'nothing stands against it' }, objects: { says: 'it should not be done', reasons: VIEW_REASONS }, partly: { says: 'it should be done in part only', reasons: VIEW_REASONS } },
  },
  assistance: {
    says: 'somebody uses a right, and the other side is asked to help in answering', clauses: ['RR-02'], by: ['sender', 'recipient'], needs: ['right'], workingDays: 10, reachesAll: false,
    answers: { given: { says: 'what was asked for has been given' }, 'not-given': { says: 'it cannot be given', reasons: NO_ASSISTANCE_REASONS } },
  },
  approval: {
    says: 'what was received is to be used for something else, or passed on, or to go by a way that the agreement does not admit: does the controller that shared it agree in writing', clauses: ['PU-02', 'PU-05', 'CH-11'], by: ['recipient'], needs: ['purpose'], workingDays: 5, reachesAll: false,
    answers: { agreed: { says: 'agreed in writing, to these recipients and this purpose' }, 'not-agreed': { says: 'not agreed', reasons: VIEW_REASONS } },
  },
  'passed-on': {
    says: 'what was shared was used for something else, or passed on, on a ground on which nobody waits: whoever shared it is told at once', clauses: ['PU-03', 'PU-05'], by: [], needs: [], workingDays: 5, reachesAll: false,
    answers: { noted: { says: 'it is known' }, disagrees: { says: 'it should not have been, and the two will speak about it', reasons: VIEW_REASONS } },
  },
  complaint: {
    says: 'somebody complains of a disclosure, or of a failure to disclose, and the controller concerned is another', clauses: ['RR-06'], by: ['sender', 'recipient'], needs: ['right'], workingDays: 5, reachesAll: false,
    answers: { 'taken-up': { says: 'it is taken up, and the person hears from there' }, 'not-ours': { says: 'it is about somebody else', reasons: NO_ASSISTANCE_REASONS } },
  },
  concern: {
    says: 'whoever circulates notifications is concerned about how the authority that issued one uses the protocol: between the two, with facts in words', clauses: ['IN-12'], by: ['recipient'], needs: ['reason', 'words'], reasons: PRACTICE_CONCERNS, workingDays: 10, reachesAll: false,
    answers: { 'practice-changed': { says: 'the practice is changed' }, explained: { says: 'it is explained, and stays as it is' }, disputed: { says: 'it is not so', reasons: VIEW_REASONS } },
  },
  'moved-area': {
    says: 'the person moves, or has moved, to the area of another authority, which may stand under another agreement: where to and since when in words. Both sides decide what that authority is told', clauses: ['DS-12'], by: ['sender', 'recipient'], needs: ['words'], workingDays: 1, reachesAll: false,
    answers: {
      shared: { says: 'it was shared with the authority of that area', shows: 'share' }, 'told-otherwise': { says: 'the authority was told by telephone, post or otherwise, and that is recorded', shows: 'disclosure' },
      'not-shared': { says: 'it is not shared with it, which is recorded with its reasons', shows: 'decision' },
    },
  },
  audit: {
    says: 'whoever shared it audits how its recipient keeps it, on site or by an independent assessor: have it done, and report', clauses: ['AU-03'], by: ['sender'], needs: ['manner'], workingDays: 20, reachesAll: false,
    answers: { reported: { says: 'it was done: on which day, by which report, with which actions' }, 'nothing-held': { says: 'no copy is held any more; the log of what was done with it is exported all the same' } },
  },
};

/** The matters in which whoever received the same is told too. */
export const REACHING_ALL = (Object.keys(MATTERS) as MatterKind[]).filter((kind) => MATTERS[kind].reachesAll);

/** What a matter is held to when it is put. */
export interface Putting {
  put: MatterPut;
  /** As it stands for what comes from the sender of the transfer. */
  agreement: Agreement;
  /** On which side of the transfer its author is. */
  side: Side;
  /** Whether its author circulates notifications of the agreement, and the transfer brought it one. */
  circulates: boolean;
  transfer: { arrived: boolean; purpose: string; categories: readonly string[]; consent: string | undefined };
  at: string;
}

/** And when it is answered. */
export interface Answering {
  agreement: Agreement;
  matter: { kind: MatterKind; demandsDeletion: boolean };
  answered: MatterAnswered;
  /** Whoever answers. */
  party: Party | undefined;
  /** Whether what it names in `shownBy` is something of its own, of the kind that its answer asks for. */
  shown: boolean;
  at: string;
}

function unknownCode({ put, at }: Putting): string | undefined {
  if (!holds(ROLES, put.role, at)) return '/role';
  if (put.reason !== undefined && !holds(MATTERS[put.kind].reasons ?? {}, put.reason, at)) return '/reason';
  if (put.way !== undefined && !holds(CHANNELS, put.way.channel, at)) return '/way/channel';
  if (put.manner !== undefined && !holds(AUDIT_MANNERS, put.manner, at)) return '/manner';
  if (put.source !== undefined && !holds(RIGHT_FROM, put.source, at)) return '/source';
  const wrong = put.wrong?.findIndex((code) => !holds(WRONG_WITH_IT, code, at)) ?? -1;
  return wrong === -1 ? undefined : `/wrong/${wrong}`;
}

const missing = ({ put }: Putting): string | undefined => MATTERS[put.kind].needs.find((field) => put[field] === undefined);
const strange = ({ put, transfer }: Putting): number => put.categories?.findIndex((category) => !transfer.categories.includes(category)) ?? -1;

/** Whether the agreement lets anybody agree to what is asked. */
const nobodyAgrees = ({ agreement, put, transfer }: Putting): boolean =>
  put.kind === 'approval' && put.purpose !== undefined && term(agreement, 'purpose.changeApproval') === 'not-allowed' && put.purpose !== transfer.purpose;

/** All are tried, and all that are unmet are told. */
export const PUTTING = [
  {
    code: 'NOT_YOURS_TO_PUT', clauses: ['PV-08', 'RR-03'], grounds: untrusted('what whoever shared it has to say is not said by whoever received it, nor the other way'), pointer: '/kind',
    says: 'it is put by the side of the transfer that can put it',
    next: 'Corrections, withdrawals and deletions come from whoever shared; views and approvals are sought by whoever received.',
    met: ({ put, side }) => MATTERS[put.kind].by.includes(side),
  },
  {
    code: 'NOT_THE_CIRCULATOR', clauses: ['IN-12'], grounds: ['notification.circulator', { technical: 'who does not circulate has no practice of issuers to look after' }], pointer: '/kind',
    says: 'a concern about an issuer is put by whoever circulates its notifications, about one that it received of it',
    next: 'Tell whoever circulates.',
    met: ({ put, circulates }) => put.kind !== 'concern' || circulates,
  },
  {
    code: 'AUDIT_NOT_GRANTED', clauses: ['AU-03'], grounds: ['audit.onSite', { technical: 'nobody is audited by a partner to whom no agreement gives that right' }], pointer: '/kind',
    says: 'the agreement lets the sender of this transfer audit its recipients',
    next: 'Ask for a report on its arrangements as the agreement has it, or tell the co-ordinator.',
    met: ({ agreement, put }) => put.kind !== 'audit' || term(agreement, 'audit.onSite') !== undefined,
  },
  {
    code: 'NOTHING_ARRIVED', clauses: ['PV-08', 'RR-05'], grounds: untrusted('of what nobody has, nothing can be corrected or deleted'), pointer: '/transfer',
    says: 'the transfer was collected: somebody has a copy',
    next: 'Recall it while it is not collected, and share it anew.',
    met: ({ transfer }) => transfer.arrived,
  },
  {
    code: 'MATTER_CODE_UNKNOWN', clauses: ['MN-06'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: unknownCode,
    says: 'every code stands in the vocabulary of its place',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknownCode(facts) === undefined,
  },
  {
    code: 'MATTER_INCOMPLETE', clauses: ['PV-08', 'RR-05', 'PU-02'], grounds: untrusted('without it whoever gets it does not know what to do'), pointer: (facts) => `/${missing(facts) ?? ''}`,
    says: 'it says what its kind needs: a correction what is wrong, since where and the right value in sealed words; an approval for which purpose',
    next: 'Add the field named.',
    met: (facts) => missing(facts) === undefined,
  },
  {
    code: 'NOT_SHARED_THERE', clauses: ['PV-08'], grounds: untrusted('about a category that did not go there nothing can be put right there'), pointer: (facts) => `/categories/${strange(facts)}`,
    says: 'it is about categories that this transfer holds',
    next: 'Name categories of this transfer; the receipt of the share shows them.',
    met: (facts) => strange(facts) === -1,
  },
  {
    code: 'NO_CONSENT_TO_WITHDRAW', clauses: ['LB-10'], grounds: untrusted('a consent that was never declared cannot have been what it stood on'), pointer: '/kind',
    says: 'the share declared a consent that was obtained',
    next: 'Where the person objects to it, put a deletion, or answer the objection as a rights request.',
    met: ({ put, transfer }) => put.kind !== 'consent-withdrawn' || transfer.consent === 'obtained',
  },
  {
    code: 'CHANGE_NOT_ALLOWED', clauses: ['PU-02', 'PU-03'], grounds: ['purpose.changeApproval'], pointer: '/purpose',
    says: 'the agreement lets somebody agree to another purpose',
    next: 'Nobody can agree to it here: make a fresh share, or share under another agreement.',
    met: (facts) => !nobodyAgrees(facts),
  },
  {
    code: 'DEVIATION_NOT_ALLOWED', clauses: ['CH-11'], grounds: ['channel.deviation', { technical: 'what no admitted way protects goes by another only where the agreement says who may agree to that' }], pointer: '/way',
    says: 'the agreement lets the originator agree to another way for one share, and that share is passed on to somebody',
    next: 'Have the recipient register a way that the agreement admits; or, where it lets the originator agree, name the recipients.',
    met: ({ agreement, put }) => put.way === undefined || (put.kind === 'approval' && put.recipients !== undefined && term(agreement, 'channel.deviation') === 'originator-agrees'),
  },
  {
    code: 'ANSWER_BY_PASSED', clauses: ['RR-02', 'RR-03'], grounds: untrusted('by an instant that has passed nobody can answer'), pointer: '/answerBy',
    says: 'it is to be answered by an instant that is still to come',
    next: 'Say by when it is needed now, or leave it out.',
    met: ({ put, at }) => put.answerBy === undefined || within({ until: put.answerBy }, at),
  },
] as const satisfies readonly RecordRule<Putting>[];

const given = ({ matter, answered }: Answering): Answer | undefined => (Object.hasOwn(MATTERS[matter.kind].answers, answered.answer) ? MATTERS[matter.kind].answers[answered.answer] : undefined);

function wrongReason(facts: Answering): boolean {
  const { reasons } = given(facts) ?? {};
  return reasons ? !holds(reasons, facts.answered.reason, facts.at) : facts.answered.reason !== undefined;
}

/** Where in the report of an audit something is wrong; undefined where nothing is. */
function wrongReport({ matter, answered: { answer, report }, at }: Answering): string | undefined {
  if ((matter.kind === 'audit' && answer === 'reported') !== (report !== undefined)) return '/report';
  if (!report) return undefined;
  if (report.on > at.slice(0, 10)) return '/report/on';
  const action = report.actions.findIndex(({ action: code, by }) => !holds(AUDIT_ACTIONS, code, at) || by < report.on);
  return action === -1 ? undefined : `/report/actions/${action}`;
}

export const ANSWERING_MATTERS = [
  {
    code: 'ANSWER_UNKNOWN', clauses: ['PV-08', 'RR-03'], grounds: untrusted('an answer that its kind does not have says nothing'), pointer: (facts) => (holds(ROLES, facts.answered.role, facts.at) ? '/answer' : '/role'),
    says: 'it is answered with an answer of its kind, by somebody in a known role',
    next: 'GET the matter: its answers stand there.',
    met: (facts) => given(facts) !== undefined && holds(ROLES, facts.answered.role, facts.at),
  },
  {
    code: 'ANSWER_WITHOUT_REASON', clauses: ['PV-08', 'RR-03', 'LB-10'], grounds: untrusted('a refusal to do something is followed up by its reason'), pointer: '/reason',
    says: 'whoever does not do what is asked says why, in a code of that answer; other answers have no reason',
    next: 'Give a reason of the list that GET the matter shows.',
    met: (facts) => given(facts) === undefined || !wrongReason(facts),
  },
  {
    code: 'ANSWER_NOT_SHOWN', clauses: ['DS-12'], grounds: untrusted('that it was decided is shown by what was decided, and by nobody’s word alone'), pointer: '/shownBy',
    says: 'an answer that has to be shown names the share, the decision not to share or the disclosure of whoever answers',
    next: 'Share, disclose or decide first, and name its id in `shownBy`, as `shows` of the answer says.',
    met: (facts) => given(facts)?.shows === undefined || facts.shown,
  },
  {
    code: 'DELETION_DEMANDED', clauses: ['LB-10', 'RT-13'], grounds: ['law.consentWithdrawal'], pointer: '/answer',
    says: 'where consent was all that it stood on, and the agreement wants it deleted when that is withdrawn, it is not enough to note it',
    next: 'Delete the copy and answer `deleted`; or answer `kept` with the reason.',
    met: ({ matter, answered }) => !matter.demandsDeletion || answered.answer !== 'noted',
  },
  {
    code: 'AUDIT_REPORT_WRONG', clauses: ['AU-03'], grounds: untrusted('an audit without a day, a report and what comes of it has shown nothing'), pointer: wrongReport,
    says: 'an audit, and nothing else, is answered with its report: a day that is not to come, the digest of the document, and actions of the list, each to be done on a day after it',
    next: 'Correct the place named; where nothing is to be done, `actions` is empty.',
    met: (facts) => wrongReport(facts) === undefined,
  },
  {
    code: 'APPROVER_UNKNOWN', clauses: ['PU-02', 'PU-05'], grounds: untrusted('an approval that nobody of the controller gave binds nobody'), pointer: '/approver',
    says: 'what is agreed in writing names who of the agency agreed: a contact of its directory entry',
    next: 'Name that contact in `approver`.',
    met: ({ matter, answered, party, at }) => matter.kind !== 'approval' || answered.answer !== 'agreed' || (answered.approver !== undefined && contactOf(party, answered.approver, at) !== undefined),
  },
] as const satisfies readonly RecordRule<Answering>[];

/** What stands against putting a matter, or against an answer. Pure. */
export const puttingUnmet = (facts: Putting): Unmet<(typeof PUTTING)[number]['code']>[] => unmetRules(PUTTING, facts);
export const answeringUnmet = (facts: Answering): Unmet<(typeof ANSWERING_MATTERS)[number]['code']>[] => unmetRules(ANSWERING_MATTERS, facts);

/** Whether a withdrawn consent leaves the copy nothing to stand on, and the agreement wants it gone (LB-10, RT-13). Pure. */
export const demandsDeletion = (agreement: Agreement, { lawfulBasis, consent }: { lawfulBasis: string | undefined; consent: string | undefined }): boolean =>
  term(agreement, 'law.consentWithdrawal') === 'delete' && consent === 'obtained' && lawfulBasis === '6(1)(a)';
