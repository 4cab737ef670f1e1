import { DAY, HOUR, MINUTE } from '#platform/clock';
import type { Post } from '#policy/vocabulary/roles';
import type { Lane } from '#queue/lanes';

/** What a duty may be about: one of these. */
export const ABOUT = ['transfer', 'domain', 'request'] as const;
export type AboutKind = (typeof ABOUT)[number];

export type DutyKind = 'collect' | 'acknowledge' | 'seal-again' | 'cannot-open' | 'share-otherwise' | 'report-weaker-way' | 'mend-domain'
  | 'answer-request' | 'chase-request' | 'review-refusal' | 'discuss-refusal' | 'decide-escalation' | 'settle-dispute' | 'tell-referrer';

/** Who is told at a step: whoever has it, or a post of the same agency, which then has it. */
export type Told = 'owner' | Post;

export interface Step {
  /** Milliseconds after `of`; before it, where negative. */
  ms: number;
  of: 'opened' | 'due';
  tells: Told;
}

/** What shows that it was done: the id of something of the agency's own, which is looked up. */
export type Proof = 'share' | 'decision' | 'disclosure';

/** With what somebody may say that a duty is done, besides what closes it by itself. */
export type Closings = Readonly<Record<string, { says: string; shows?: Proof }>>;

export interface Kind {
  about: AboutKind;
  /** In which post, or as which contact of the directory, somebody has it at first. */
  role: Told;
  says: string;
  /** In the order in which they come. Where none is of `due`, the last is when it is due. */
  steps: Readonly<Record<Lane, readonly Step[]>>;
  closings: Closings;
}

export const opened = (ms: number, tells: Told = 'owner'): Step => ({ ms, of: 'opened', tells });
export const due = (ms: number, tells: Told = 'owner'): Step => ({ ms, of: 'due', tells });
const always = (steps: readonly Step[]): Kind['steps'] => ({ breach: steps, emergency: steps, priority: steps, urgent: steps, routine: steps });

/** What lies unread goes to the next (design, section 4): an emergency after 15 minutes, what is urgent after 60, a breach after 30; the rest as mail between agencies does. */
const UNREAD: Kind['steps'] = {
  breach: [opened(30 * MINUTE, 'emergency-duty'), opened(HOUR, 'spoc'), opened(4 * HOUR, 'responsible-manager'), opened(DAY, 'coordinator')],
  emergency: [opened(15 * MINUTE, 'emergency-duty'), opened(30 * MINUTE, 'spoc'), opened(HOUR, 'responsible-manager'), opened(4 * HOUR, 'coordinator'), opened(DAY, 'coordinator')],
  priority: [opened(HOUR, 'emergency-duty'), opened(4 * HOUR, 'spoc'), opened(DAY, 'responsible-manager'), opened(3 * DAY, 'coordinator')],
  urgent: [opened(HOUR, 'emergency-duty'), opened(4 * HOUR, 'spoc'), opened(DAY, 'responsible-manager'), opened(3 * DAY, 'coordinator')],
  routine: [opened(3 * DAY), opened(9 * DAY, 'spoc'), opened(14 * DAY, 'coordinator')],
};

/** What a sender has to do anew presses as much as what it sent. Nobody else can do it: it goes to who answers for the sender. */
const ANEW: Kind['steps'] = {
  breach: [opened(30 * MINUTE), opened(HOUR, 'spoc'), opened(4 * HOUR, 'responsible-manager'), opened(DAY, 'coordinator')],
  emergency: [opened(15 * MINUTE), opened(30 * MINUTE, 'spoc'), opened(HOUR, 'responsible-manager'), opened(4 * HOUR, 'coordinator'), opened(DAY, 'coordinator')],
  priority: [opened(HOUR), opened(4 * HOUR, 'spoc'), opened(DAY, 'responsible-manager'), opened(3 * DAY, 'coordinator')],
  urgent: [opened(HOUR), opened(4 * HOUR, 'spoc'), opened(DAY, 'responsible-manager'), opened(3 * DAY, 'coordinator')],
  routine: [opened(3 * DAY), opened(9 * DAY, 'spoc'), opened(14 * DAY, 'coordinator')],
};

/** Somebody waits for an answer: whoever was asked is told half way, and when its time is over whoever answers for that agency. */
const ANSWER: Kind['steps'] = {
  breach: [opened(30 * MINUTE), due(0, 'spoc'), due(HOUR, 'responsible-manager')],
  emergency: [opened(15 * MINUTE), due(0, 'spoc'), due(HOUR, 'responsible-manager')],
  priority: [opened(4 * HOUR), due(0, 'spoc'), due(DAY, 'responsible-manager')],
  urgent: [opened(4 * HOUR), due(0, 'spoc'), due(DAY, 'responsible-manager')],
  routine: [opened(2 * DAY), due(0, 'spoc'), due(2 * DAY, 'responsible-manager')],
};

/** A child may not be safe while it is undecided: everybody who decides is told at once again, and again when it is due. */
const AT_PACE = always([opened(15 * MINUTE), opened(HOUR), due(0), due(HOUR, 'coordinator')]);

/** What nobody does within hours. */
const WITHIN_A_WEEK = always([opened(DAY), opened(3 * DAY), opened(7 * DAY, 'responsible-manager')]);

/** A sender whose share did not arrive does one of these; none of them is to let it be. */
const SHARED_OTHERWISE: Closings = {
  'shared-anew': { says: 'it was shared again, in a new share', shows: 'share' },
  'told-otherwise': { says: 'it was told by telephone, post or otherwise, and that is recorded', shows: 'disclosure' },
  'not-shared': { says: 'it is not shared, which is recorded with its reasons', shows: 'decision' },
};

export const DUTIES: Record<DutyKind, Kind> = {
  collect: { about: 'transfer', role: 'owner', says: 'collect what lies in your mailbox', steps: UNREAD, closings: {} },
  acknowledge: { about: 'transfer', role: 'owner', says: 'acknowledge what you collected, or return it', steps: UNREAD, closings: {} },
  'seal-again': { about: 'transfer', role: 'owner', says: 'a key was revoked: seal it again to a current one, as a new share that supersedes this', steps: ANEW, closings: SHARED_OTHERWISE },
  'share-otherwise': { about: 'transfer', role: 'owner', says: 'it could not be delivered: share it in another way, or record that it is not shared', steps: ANEW, closings: SHARED_OTHERWISE },
  'cannot-open': { about: 'transfer', role: 'owner', says: 'the recipient could not open it: check its certificate and share again', steps: ANEW, closings: SHARED_OTHERWISE },
  'report-weaker-way': {
    about: 'transfer', role: 'spoc', says: 'in an emergency a weaker way was taken than both had: look whether it was right, and what has to change', steps: WITHIN_A_WEEK,
    closings: { 'was-right': { says: 'nothing else was to be had in time' }, 'was-wrong': { says: 'a stronger way was there; whoever sent it was told' }, 'changes-made': { says: 'what kept the stronger way from being taken is mended' } },
  },
  'mend-domain': {
    about: 'domain', role: 'coordinator', says: 'a mail domain is not secure any more and gets nothing: have it mended, or have its contacts collect here', steps: WITHIN_A_WEEK,
    closings: { 'collects-here': { says: 'its contacts collect at the gateway now' } },
  },
  'answer-request': { about: 'request', role: 'owner', says: 'answer what you were asked, category by category', steps: ANSWER, closings: {} },
  'chase-request': { about: 'request', role: 'spoc', says: 'what you asked is unanswered past its time, which is no refusal: speak to the single point of contact of whoever was asked', steps: WITHIN_A_WEEK, closings: { spoken: { says: 'it was spoken about with whoever was asked' } } },
  'review-refusal': { about: 'request', role: 'statutory-safeguarding-partner', says: 'a request was refused: look whether that was right', steps: WITHIN_A_WEEK, closings: {} },
  'discuss-refusal': { about: 'request', role: 'owner', says: 'you refused a request: talk your reasons over with whoever asked', steps: WITHIN_A_WEEK, closings: {} },
  'decide-escalation': { about: 'request', role: 'lead-safeguarding-partner', says: 'a refusal was escalated: somebody may not be safe. Say whether it is to be shared', steps: AT_PACE, closings: {} },
  'settle-dispute': { about: 'request', role: 'spoc', says: 'the two of you disagree: find a solution that both can accept', steps: WITHIN_A_WEEK, closings: {} },
  'tell-referrer': { about: 'transfer', role: 'owner', says: 'tell the referrer what came of the referral', steps: always([due(-2 * HOUR), due(0, 'spoc'), due(DAY, 'responsible-manager')]), closings: { 'told-otherwise': { says: 'the referrer was told by telephone or otherwise, and that is recorded', shows: 'disclosure' } } },
};

export const isDutyKind = (kind: string): kind is DutyKind => Object.hasOwn(DUTIES, kind);
