import type { NotificationKind, NotificationStated, NotificationState } from '#protocol/notification';
import { type Agreement, purposeOf, term } from './agreement';
import { contactOf, type Party } from './parties';
import { rulesOf } from './retention';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';
import { entryOf, holds, type Table, within } from './vocabulary/entry';
import {
  CLOSE_REASONS, NECESSITY_REASONS, NO_ASSESSMENT_REASONS, NOT_TOLD_REASONS, PROVIDER_KINDS, PROVIDER_REGISTERS, RECIPIENT_ACTIONS, RESCIND_REASONS, RETURN_NOTIFICATION_REASONS, REVIEW_OUTCOMES, SENIOR_ROLES,
} from './vocabulary/notifications';
import { DISPOSAL_METHODS } from './vocabulary/retention';
import { ROLES } from './vocabulary/roles';

// A notification tells partners of a provider: issued by one agency, circulated by one, decided upon by each recipient for itself.

/** What stands over every notification, wherever one is shown, and is taken note of when it is read (PV-09, IN-08, IN-09). */
export const NOTIFICATION_LINE = 'For information only: each agency decides for itself what it does. Not a bar to placement. Not to be passed on, or told, outside the parties of the agreement.';

/** As what an agency has a part in a notification. One may be several. */
export type NotificationPart = 'issuer' | 'circulator' | 'recipient' | 'host';

/** The event that starts the time for which a notification is kept (RT-11). */
export const ENDS_NOTIFICATION = 'rescinded-or-closed';

type Field = 'agreement' | 'provider' | 'purpose' | 'necessity' | 'notFor' | 'officer' | 'impact' | 'provided' | 'reviewOn' | 'share' | 'reason' | 'schedule' | 'months' | 'method' | 'on' | 'action' | 'folder' | 'digest';

interface Stating {
  says: string;
  by: readonly NotificationPart[];
  /** In which states it can be stated. None: it is the first word. */
  from: readonly NotificationState[];
  /** Absent: it moves nothing. */
  to?: NotificationState;
  needs: readonly Field[];
  reasons?: Table;
  /** Who sees the statement besides whoever made it. Absent: nobody. */
  shownTo?: readonly NotificationPart[];
}

const LIVE: readonly NotificationState[] = ['circulated', 'under-review', 'followed-up'];
/** In which it is over: shown as open nowhere (IN-13). */
export const NOTIFICATION_ENDED: readonly NotificationState[] = ['rescinded', 'closed', 'retained', 'disposed'];
const EVERYBODY: readonly NotificationPart[] = ['issuer', 'circulator', 'recipient', 'host'];
const BETWEEN: readonly NotificationPart[] = ['issuer', 'circulator'];

/** Every statement: who makes it, in which state, to which it leads, and who sees it (IN-06). */
export const NOTIFICATION_STATING: Record<NotificationKind, Stating> = {
  drafted: {
    says: 'what it is about, why, and who confirmed it: on record, and shown to nobody else before it is submitted', by: ['issuer'], from: ['drafted', 'returned'], to: 'drafted',
    needs: ['agreement', 'provider', 'purpose', 'necessity', 'notFor', 'officer', 'impact', 'provided', 'reviewOn'], shownTo: EVERYBODY,
  },
  submitted: { says: 'its text was shared with whoever circulates', by: ['issuer'], from: ['drafted'], to: 'submitted', needs: ['share'], shownTo: EVERYBODY },
  returned: { says: 'it is not circulated as it stands', by: ['circulator'], from: ['submitted'], to: 'returned', needs: ['reason'], reasons: RETURN_NOTIFICATION_REASONS, shownTo: BETWEEN },
  circulated: { says: 'its text was shared with those on the list; again, with those who came to it since', by: ['circulator'], from: ['submitted', ...LIVE], to: 'circulated', needs: ['share'], shownTo: EVERYBODY },
  'under-review': { says: 'whether it still stands is looked at', by: ['circulator'], from: ['circulated', 'followed-up'], to: 'under-review', needs: [], shownTo: EVERYBODY },
  'followed-up': { says: 'its issuer was asked, and when it is looked at next', by: ['circulator'], from: LIVE, to: 'followed-up', needs: ['reason', 'reviewOn'], reasons: REVIEW_OUTCOMES, shownTo: EVERYBODY },
  rescinded: { says: 'it should not stand', by: BETWEEN, from: ['submitted', 'returned', ...LIVE], to: 'rescinded', needs: ['reason'], reasons: RESCIND_REASONS, shownTo: EVERYBODY },
  closed: { says: 'it has done what it was for', by: BETWEEN, from: LIVE, to: 'closed', needs: ['reason'], reasons: CLOSE_REASONS, shownTo: EVERYBODY },
  retained: { says: 'for how long the schedule of the host authority keeps it', by: ['host'], from: ['rescinded', 'closed'], to: 'retained', needs: ['schedule', 'months'], shownTo: BETWEEN },
  disposed: { says: 'what was kept of it is gone', by: ['host'], from: ['retained'], to: 'disposed', needs: ['method', 'on'], shownTo: BETWEEN },
  read: { says: 'it was opened, and that it is for information only was taken note of', by: ['recipient'], from: [...LIVE, 'rescinded', 'closed'], needs: [], shownTo: ['circulator'] },
  acted: { says: 'what a recipient decided to do: its own record, shown to nobody', by: ['recipient'], from: [...LIVE, 'rescinded', 'closed'], needs: ['action'] },
  'action-told': { says: 'the same, told to whoever issued and whoever circulated it', by: ['recipient'], from: [...LIVE, 'rescinded', 'closed'], needs: ['action'], shownTo: BETWEEN },
  deposited: { says: 'a sealed copy lies in the provider’s folder of the host authority’s store', by: ['circulator', 'host'], from: [...LIVE, 'rescinded', 'closed', 'retained'], needs: ['folder', 'digest'], shownTo: ['issuer', 'circulator', 'host'] },
};

/** To which state a statement leads. A further circulation of what is under review leaves it under review. */
export const stateAfter = (kind: NotificationKind, state: NotificationState): NotificationState => (kind === 'circulated' && LIVE.includes(state) ? state : (NOTIFICATION_STATING[kind].to ?? state));

/** What a share says of itself, where a statement names one. */
export interface ShareNamed {
  /** It is the asker’s own and its manifest names this notification. */
  cites: boolean;
  recipients: readonly string[];
}

/** What a statement is held to. */
export interface Notifying {
  agreement: Agreement;
  stated: NotificationStated;
  /** Absent: nothing stands yet. */
  state?: NotificationState;
  parts: readonly NotificationPart[];
  /** Whoever states it. */
  party: Party | undefined;
  circulator: string | undefined;
  share?: ShareNamed | undefined;
  /** Of those to whom it was circulated, who does not stand on the list of the day, as `agency/contact`. */
  offList?: readonly string[];
  /** A recipient has taken note of what a notification is. */
  read: boolean;
  /** First day on which what was retained may go. */
  keptUntil?: string | undefined;
  at: string;
}

const NUMBERS: Readonly<Record<string, { numbers: RegExp; kinds: readonly string[] }>> = PROVIDER_REGISTERS;

function unknown({ stated, at }: Notifying): string | undefined {
  const { reasons } = NOTIFICATION_STATING[stated.kind];
  const words: [string, Table, string | undefined][] = [
    ['/role', ROLES, stated.role], ['/necessity', NECESSITY_REASONS, stated.necessity], ['/impact/because', NO_ASSESSMENT_REASONS, stated.impact?.because], ['/provided/because', NOT_TOLD_REASONS, stated.provided?.because],
    ['/reason', reasons ?? {}, stated.reason], ['/method', DISPOSAL_METHODS, stated.method], ['/action', RECIPIENT_ACTIONS, stated.action], ['/officer/role', ROLES, stated.officer?.role],
  ];
  return words.find(([, table, word]) => word !== undefined && !holds(table, word, at))?.[0];
}

const missing = ({ stated }: Notifying): string | undefined => NOTIFICATION_STATING[stated.kind].needs.find((field) => stated[field] === undefined);

function isProvider({ provider }: NotificationStated): boolean {
  if (!provider) return true;
  const register = Object.hasOwn(NUMBERS, provider.register) ? NUMBERS[provider.register] : undefined;
  return register !== undefined && register.numbers.test(provider.number) && register.kinds.includes(provider.kind) && entryOf(PROVIDER_KINDS, provider.kind) !== undefined;
}

const prohibited = (agreement: Agreement): readonly string[] => term(agreement, 'purpose.prohibited') ?? [];

function confirmed({ stated: { officer }, party, at }: Notifying): boolean {
  return officer === undefined || (SENIOR_ROLES.includes(officer.role) && contactOf(party, officer.contact, at) !== undefined && within({ from: officer.on }, at));
}

const impactFault = ({ impact }: NotificationStated): boolean => impact?.novel === true && impact.assessment === undefined && impact.because === undefined;

function reviewFault({ agreement, stated: { reviewOn }, at }: Notifying): boolean {
  if (reviewOn === undefined) return false;
  const days = term(agreement, 'notification.reviewInterval')?.days;
  return within({ from: reviewOn }, at) || (days !== undefined && Date.parse(reviewOn) > Date.parse(at) + days * 86_400_000);
}

/** What is submitted goes to whoever circulates, and to nobody else; what is circulated goes to somebody. */
function wrongShare({ stated, share, circulator }: Notifying): boolean {
  if (stated.share === undefined) return false;
  if (!share?.cites || share.recipients.length === 0) return true;
  return stated.kind === 'submitted' && share.recipients.some((agency) => agency !== circulator);
}

/** All are tried, and all that are unmet are told. */
export const NOTIFYING = [
  {
    code: 'NOTIFICATIONS_NOT_OFFERED', clauses: ['IN-01'], grounds: ['notification.enabled', { technical: 'nobody can circulate what no agreement lets anybody circulate' }], pointer: '/agreement',
    says: 'the agreement knows notifications, and somebody circulates them',
    next: 'Share it under the agreement that you have with those who need it.',
    met: ({ agreement, circulator }) => term(agreement, 'notification.enabled') === true && circulator !== undefined,
  },
  {
    code: 'NOT_YOURS_TO_STATE', clauses: ['IN-06', 'ML-05'], grounds: ['notification.circulator', { technical: 'what another agency has to say of it nobody can say for it' }], pointer: '/kind',
    says: 'it is stated by whoever has that part: the issuer drafts and submits, the co-ordinator circulates, a recipient says what it did, the host authority keeps',
    next: 'Leave it to whoever has that part; docs/states.md says who.',
    met: ({ stated, parts }) => NOTIFICATION_STATING[stated.kind].by.some((part) => parts.includes(part)),
  },
  {
    code: 'NOT_IN_THIS_STATE', clauses: ['IN-06', 'IN-13'], grounds: ['notification.circulator', { technical: 'what follows from a state that it is not in did not happen' }], pointer: '/kind',
    says: 'the notification is in a state in which that can be stated',
    next: 'GET the notification: its state stands there, and docs/states.md what may follow.',
    met: ({ stated, state }) => (state === undefined ? stated.kind === 'drafted' : NOTIFICATION_STATING[stated.kind].from.includes(state)),
  },
  {
    code: 'NOTIFICATION_INCOMPLETE', clauses: ['IN-02', 'IN-06'], grounds: untrusted('without it nobody knows what to do'), pointer: (facts) => `/${missing(facts) ?? ''}`,
    says: 'it says all that its kind needs',
    next: 'Add the field named.',
    met: (facts) => missing(facts) === undefined,
  },
  {
    code: 'NOTIFICATION_CODE_UNKNOWN', clauses: ['MN-06'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: unknown,
    says: 'every code stands in the vocabulary of its place',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknown(facts) === undefined,
  },
  {
    code: 'NOT_A_PROVIDER', clauses: ['IN-01'], grounds: ['notification.enabled', { technical: 'a number of no register could be a person’s' }], pointer: '/provider',
    says: 'it is about a provider of children’s social care or of education, by its number in a public register: never about a person',
    next: 'Give the register, the number as that register writes it, and one of the two kinds. Who the child is belongs in the sealed text, or nowhere.',
    met: ({ stated }) => isProvider(stated),
  },
  {
    code: 'PROHIBITED_PURPOSE', clauses: ['IN-03', 'PU-13'], grounds: ['purpose.prohibited', 'agreement.purposes'], pointer: '/purpose',
    says: 'the purpose is none that the agreement prohibits',
    next: 'Do not issue it. What is about performance, a contract or influence belongs to those who hold the contract.',
    met: ({ agreement, stated }) => stated.purpose === undefined || !prohibited(agreement).includes(stated.purpose),
  },
  {
    code: 'PURPOSE_NOT_IN_AGREEMENT', clauses: ['IN-02'], grounds: ['agreement.purposes'], pointer: '/purpose',
    says: 'the purpose is one of those for which the agreement lets a notification be shared',
    next: 'Declare one of them, if that is what it is for.',
    met: ({ agreement, stated }) => stated.purpose === undefined || purposeOf(agreement, stated.purpose)?.nature === 'notification',
  },
  {
    code: 'NECESSITY_MISSING', clauses: ['IN-02'], grounds: ['agreement.purposes'], pointer: '/proportionate',
    says: 'it is necessary and proportionate, and says why',
    next: 'State `necessity`, and `proportionate: true` once no more is told than that takes; else do not issue it.',
    met: ({ stated }) => stated.kind !== 'drafted' || (stated.necessity !== undefined && stated.proportionate === true),
  },
  {
    code: 'PROHIBITED_NOT_EXCLUDED', clauses: ['IN-03'], grounds: ['purpose.prohibited', 'agreement.purposes'], pointer: '/notFor',
    says: 'its issuer confirms of each purpose that the agreement prohibits that it is not for that',
    next: 'List all of them in `notFor`, once somebody has thought of each.',
    met: ({ agreement, stated }) => stated.kind !== 'drafted' || prohibited(agreement).every((purpose) => stated.notFor?.includes(purpose)),
  },
  {
    code: 'OFFICER_NOT_SENIOR', clauses: ['IN-04'], grounds: ['notification.enabled', { technical: 'what nobody in authority confirmed binds nobody' }], pointer: '/officer',
    says: 'a senior officer of the issuer, who stands in its directory entry, has confirmed that it issues this as a public authority',
    next: 'Have one confirm it, and name the contact, the role and the day.',
    met: confirmed,
  },
  {
    code: 'IMPACT_NOT_CONSIDERED', clauses: ['IN-05', 'LB-15'], grounds: ['dpia.rule', { technical: 'a risk that nobody looked at is not known' }], pointer: '/impact',
    says: 'of what is complex or novel it is said that its impact was assessed, or why that is not needed',
    next: 'State `impact.assessment` with its reference, or `impact.because`.',
    met: ({ stated }) => !impactFault(stated),
  },
  {
    code: 'INFORMING_NOT_ANSWERED', clauses: ['IN-14'], grounds: ['notification.enabled', { technical: 'silence says neither' }], pointer: '/provided/because',
    says: 'a provider that is not told of it is not told for a reason',
    next: 'Tell it and say so, or state `provided.because`.',
    met: ({ stated: { provided } }) => provided === undefined || provided.told || provided.because !== undefined,
  },
  {
    code: 'REVIEW_DAY_WRONG', clauses: ['IN-11'], grounds: ['notification.reviewInterval', { technical: 'what is never looked at again stands for ever' }], pointer: '/reviewOn',
    says: 'the day of its next review is still to come, and no later than the agreement has it',
    next: 'Give a day after today, within the interval of the agreement where it has one.',
    met: (facts) => !reviewFault(facts),
  },
  {
    code: 'SHARE_NOT_OF_IT', clauses: ['IN-06', 'ML-05'], grounds: ['notification.circulator', { technical: 'a share that does not name it is not known to carry it' }], pointer: '/share',
    says: 'its text went in an accepted share of the agency’s own that names the notification in `threads.notification`: what is submitted to whoever circulates, and to nobody else',
    next: 'Send that share first, and name it.',
    met: (facts) => !wrongShare(facts),
  },
  {
    code: 'NOT_ON_THE_LIST', clauses: ['ML-05', 'PD-15'], grounds: ['list.upkeep', { technical: 'what goes to a mailbox that is used no more reaches nobody' }], pointer: '/share',
    says: 'it was circulated to mailboxes that stand on the list of the day',
    next: 'Look at the list (GET /v1/lists), and circulate to those.',
    met: ({ stated, offList = [] }) => stated.kind !== 'circulated' || offList.length === 0,
  },
  {
    code: 'NOT_TAKEN_NOTE', clauses: ['PV-09', 'IN-08'], grounds: ['onward.rule', { technical: 'whoever does not know what it is cannot decide upon it' }], pointer: '/informationOnly',
    says: 'whoever reads it takes note that it is for information only, before it decides what it does',
    next: 'State `read` with `informationOnly: true` first.',
    met: ({ stated, read }) => (stated.kind === 'read' ? stated.informationOnly === true : !['acted', 'action-told'].includes(stated.kind) || read),
  },
  {
    code: 'RULE_OF_THE_AGREEMENT', clauses: ['RT-11'], grounds: ['retention.periods', { technical: 'a period that two texts give is not stretched' }], pointer: '/months',
    says: 'where the agreement itself gives a period, the host authority keeps to it',
    next: 'State that many months.',
    met: ({ agreement, stated }) => stated.months === undefined || (rulesOf(agreement).find(({ what }) => what === 'notification')?.months ?? stated.months) === stated.months,
  },
  {
    code: 'NOT_YET', clauses: ['RT-11', 'RT-12'], grounds: untrusted('what has not happened is not on record'), pointer: '/on',
    says: 'it was disposed of today or before, and not before its time was over',
    next: 'Wait until its time is over, and state it on the day or after.',
    met: ({ stated, keptUntil, at }) => stated.on === undefined || (within({ from: stated.on }, at) && (keptUntil === undefined || stated.on >= keptUntil)),
  },
] as const satisfies readonly RecordRule<Notifying>[];

export const notifyingUnmet = (facts: Notifying): Unmet<(typeof NOTIFYING)[number]['code']>[] => unmetRules(NOTIFYING, facts);
