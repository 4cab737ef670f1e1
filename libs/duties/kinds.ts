import { DAY, HOUR, MINUTE, SECOND } from '#platform/clock';
import type { Post } from '#policy/vocabulary/roles';
import type { Proof } from '#protocol/duties';
import type { Lane } from '#queue/lanes';

/** What a duty may be about: one of these. */
export const ABOUT = ['transfer', 'domain', 'request', 'matter', 'rights', 'breach', 'mailbox', 'membership', 'notification', 'list', 'agreement'] as const;
export type AboutKind = (typeof ABOUT)[number];

export type DutyKind = 'collect' | 'acknowledge' | 'seal-again' | 'cannot-open' | 'share-otherwise' | 'report-weaker-way' | 'mend-domain'
  | 'answer-request' | 'chase-request' | 'review-refusal' | 'discuss-refusal' | 'decide-escalation' | 'settle-dispute' | 'watch-dispute' | 'tell-referrer' | 'service-target'
  | 'apply-correction' | 'reach-recipient' | 'delete-or-keep' | 'give-view' | 'assist-with-right' | 'answer-approval' | 'hear-of-passing-on' | 'take-up-complaint' | 'answer-concern' | 'have-audit-done' | 'decide-on-move' | 'share-after-move' | 'dispose-copy' | 'still-justified' | 'answer-rights-request'
  | 'read-notice' | 'protect-person' | 'tell-regulator' | 'own-regulator-duty' | 'assess-breach' | 'help-with-breach' | 'confirm-deletion' | 'acknowledge-outcome' | 'bring-to-review' | 'meet-about-suspension' | 'not-delivered'
  | 'circulate-notification' | 'amend-notification' | 'deposit-notification' | 'review-notification' | 'confirm-notification' | 'note-notification-ended' | 'retain-notification' | 'dispose-notification' | 'review-list' | 'mend-mailbox'
  | 'second-custodian' | 'renew-team-key' | 'look-into-access'
  | 'attest' | 'decide-joining' | 'hear-of-withdrawal' | 'fill-post' | 'review-agreement' | 'date-agreement' | 'confirm-needs' | 'amend-agreement' | 'approve-amendment'
  | 'handle-disruption' | 'delivery-delayed';

/** Who is told at a step: whoever has it, or a post of the same agency, which then has it. */
export type Told = 'owner' | Post;

export interface Step {
  /** Milliseconds after `of`; before it, where negative. */
  ms: number;
  of: 'opened' | 'due';
  tells: Told;
}

/** With what somebody may say that a duty is done, besides what closes it by itself. */
export type Closings = Readonly<Record<string, { says: string; shows?: Proof }>>;

export interface Kind {
  /** A transfer where nothing else is said; `item`: a transfer or a request, whichever came in. */
  about: AboutKind | 'item';
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

/** A month, or twenty working days: told a week before, the day before, and when it is over. */
const BY_LAW = always([due(-7 * DAY), due(-DAY), due(0, 'responsible-manager')]);

/** Each contact has half an hour to read of a breach; whom it goes to next, the agreement orders (BR-04). */
export const NOTICE_READ_WITHIN_MS = 30 * MINUTE;
const NOTICE = always([opened(NOTICE_READ_WITHIN_MS, 'spoc'), opened(HOUR, 'responsible-manager'), opened(90 * MINUTE, 'coordinator')]);

/** 72 hours by law: told of at 24, 48, 60 and 70 after awareness, and when they are over (BR-11). Never extended. */
const REGULATOR = always([opened(DAY), opened(2 * DAY, 'data-protection-officer'), opened(60 * HOUR, 'responsible-manager'), opened(70 * HOUR, 'data-protection-officer'), due(0, 'responsible-manager'), due(DAY, 'coordinator')]);

/** Whoever sent what is held is told at once, and again as what it sent presses. */
const HELD: Kind['steps'] = Object.fromEntries(Object.entries(ANEW).map(([lane, steps]) => [lane, [opened(30 * SECOND), ...steps]])) as unknown as Kind['steps'];

/** What nobody does within hours. */
const WITHIN_A_WEEK = always([opened(DAY), opened(3 * DAY), opened(7 * DAY, 'responsible-manager')]);

/** A review has a day, and the meeting that does it has to be called: told a month before, a week before, when it is over, and when nobody has done it. */
const BY_A_DAY = always([due(-30 * DAY), due(-7 * DAY), due(0), due(30 * DAY, 'responsible-manager')]);

/** Others wait to be told of a risk to children. */
const WITHIN_DAYS = always([opened(4 * HOUR), opened(DAY, 'spoc'), opened(3 * DAY, 'responsible-manager')]);

/** A day that was set beforehand: told a week before, on the day, and when a week has passed. */
const ON_REVIEW = always([due(-7 * DAY), due(0), due(7 * DAY, 'responsible-manager')]);

/** What has lain for years does not press within days. */
const WITHIN_A_MONTH = always([opened(7 * DAY), opened(21 * DAY), opened(30 * DAY, 'responsible-manager')]);

/** The same, and whoever looks after the agreement is told of what is missing then. */
const FLAGGED = always([opened(7 * DAY), opened(21 * DAY), opened(30 * DAY, 'coordinator')]);

/** What concerns the agreement itself, and nobody's safety at this hour. */
const OF_THE_AGREEMENT = always([opened(HOUR), opened(DAY), opened(7 * DAY)]);

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
  'watch-dispute': { about: 'request', role: 'coordinator', says: 'the points of contact of two parties disagree: ask both how it stands, until one of them states that it has ended', steps: WITHIN_A_WEEK, closings: {} },
  'service-target': { about: 'item', role: 'owner', says: 'deal with what came in, within the time that your desk gives itself', steps: always([due(-HOUR), due(0, 'responsible-manager')]), closings: {} },
  'tell-referrer': { about: 'transfer', role: 'owner', says: 'tell the referrer what came of the referral', steps: always([due(-2 * HOUR), due(0, 'spoc'), due(DAY, 'responsible-manager')]), closings: { 'told-otherwise': { says: 'the referrer was told by telephone or otherwise, and that is recorded', shows: 'disclosure' } } },
  'apply-correction': { about: 'matter', role: 'accuracy-post', says: 'something that you received was wrong: correct your copy, or say why you do not', steps: ANSWER, closings: {} },
  'reach-recipient': {
    about: 'transfer', role: 'owner', says: 'you corrected, withdrew or want deleted what this recipient has too: tell it', steps: WITHIN_A_WEEK, closings: { 'not-concerned': { says: 'what it got does not hold it' } },
  },
  'delete-or-keep': { about: 'matter', role: 'data-protection-officer', says: 'a copy that you received is to go: delete it, or say on what you keep it', steps: ANSWER, closings: {} },
  'give-view': { about: 'matter', role: 'data-protection-officer', says: 'somebody uses a right over what you provided: say what you think of it', steps: ANSWER, closings: {} },
  'assist-with-right': { about: 'matter', role: 'data-protection-officer', says: 'a partner needs your help in answering somebody who uses a right', steps: ANSWER, closings: {} },
  'answer-approval': { about: 'matter', role: 'spoc', says: 'a partner asks to use what you shared for something else, or to pass it on: agree in writing, or not', steps: ANSWER, closings: {} },
  'hear-of-passing-on': { about: 'matter', role: 'spoc', says: 'what you shared was passed on, or used for something else, on a ground on which nobody waits: look at it', steps: ANSWER, closings: {} },
  'take-up-complaint': { about: 'matter', role: 'data-protection-officer', says: 'somebody complained of what you disclosed, or did not: take it up', steps: ANSWER, closings: {} },
  'answer-concern': { about: 'matter', role: 'responsible-manager', says: 'whoever circulates notifications is concerned about how you issue them: answer', steps: ANSWER, closings: {} },
  'have-audit-done': { about: 'matter', role: 'data-protection-officer', says: 'whoever shared something with you audits how you keep it: have it done, and report', steps: ANSWER, closings: {} },
  'decide-on-move': { about: 'matter', role: 'owner', says: 'somebody moves to the area of another authority: decide what that authority is told, and answer with what shows it', steps: ANSWER, closings: {} },
  'share-after-move': { about: 'matter', role: 'owner', says: 'somebody moves to the area of another authority, as you told the other side: decide what that authority is told by you', steps: ANSWER, closings: SHARED_OTHERWISE },
  'dispose-copy': { about: 'transfer', role: 'data-protection-officer', says: 'the time for which you keep a copy is over: dispose of it, and state how; or state what holds it', steps: WITHIN_A_MONTH, closings: {} },
  'still-justified': { about: 'transfer', role: 'data-protection-officer', says: 'you have kept a copy for long: state why that is still justified, or dispose of it', steps: WITHIN_A_MONTH, closings: {} },
  'answer-rights-request': { about: 'rights', role: 'data-protection-officer', says: 'somebody uses a right: answer within the time that the law gives', steps: BY_LAW, closings: {} },
  'read-notice': { about: 'breach', role: 'owner', says: 'you are told of a data breach: read it, and state that you did. Your own clock runs from when you know', steps: NOTICE, closings: {} },
  'protect-person': { about: 'breach', role: 'owner', says: 'somebody could come to harm because of a data breach: make the person safe, and state what was done. Ring 999 if there is danger now', steps: UNREAD, closings: {} },
  'tell-regulator': { about: 'breach', role: 'data-protection-officer', says: 'decide whether the regulator is told of a breach, and tell it within 72 hours of awareness', steps: REGULATOR, closings: {} },
  'own-regulator-duty': { about: 'breach', role: 'data-protection-officer', says: 'another controller tells the regulator first: state that you leave it to that, or decide yourself; your own duty in law stays', steps: REGULATOR, closings: {} },
  'assess-breach': { about: 'breach', role: 'data-protection-officer', says: 'it was your information: assess the risk', steps: AT_PACE, closings: {} },
  'help-with-breach': { about: 'breach', role: 'data-protection-officer', says: 'another party of a breach asks for your help', steps: always([due(-DAY), due(0), due(DAY, 'responsible-manager')]), closings: {} },
  'confirm-deletion': { about: 'breach', role: 'owner', says: 'something came to you by mistake: delete it, and state that you did', steps: AT_PACE, closings: {} },
  'acknowledge-outcome': { about: 'breach', role: 'data-protection-officer', says: 'a breach that you had a part in has its outcome: state that you took note', steps: WITHIN_A_WEEK, closings: {} },
  'bring-to-review': { about: 'breach', role: 'coordinator', says: 'a breach has ended: bring what was learnt to the next review of the agreement', steps: always([due(0), due(7 * DAY)]), closings: { reviewed: { says: 'the review of the agreement looked at it' } } },
  'meet-about-suspension': { about: 'breach', role: 'responsible-manager', says: 'an agreement is suspended: a representative of each party meets to assess the risk and resolve it', steps: always([opened(DAY), due(-2 * DAY), due(0), due(DAY, 'coordinator')]), closings: {} },
  'look-into-access': {
    about: 'item', role: 'data-protection-officer', says: 'somebody looked at more within an hour than work explains: find out why. Who it was stands in your register (access-unusual)', steps: WITHIN_A_WEEK,
    closings: { 'was-work': { says: 'whoever looked was asked, and it was work' }, 'raised-as-breach': { says: 'it was not, and it is raised as a breach' } },
  },
  'circulate-notification': { about: 'notification', role: 'mailbox', says: 'a notification about a provider was submitted: circulate it to those on the list, or return it with the reason', steps: WITHIN_DAYS, closings: {} },
  'amend-notification': { about: 'notification', role: 'mailbox', says: 'your notification about a provider was returned: draft and submit it anew, or rescind it', steps: WITHIN_A_WEEK, closings: {} },
  'deposit-notification': { about: 'notification', role: 'mailbox', says: 'a notification was circulated: lay a sealed copy into the provider’s folder of the host authority’s store, and confirm it (waybill notification deposit)', steps: WITHIN_A_WEEK, closings: {} },
  'review-notification': { about: 'notification', role: 'mailbox', says: 'a notification awaits its review: ask its issuer whether it stands, and state what came of it', steps: ON_REVIEW, closings: {} },
  'confirm-notification': { about: 'notification', role: 'mailbox', says: 'your notification is to be reviewed: tell whoever circulates it whether it stands; else rescind or close it', steps: ON_REVIEW, closings: {} },
  'note-notification-ended': {
    about: 'notification', role: 'mailbox', says: 'a notification that you received is rescinded or closed: take note, and hold nothing against the provider because of it', steps: WITHIN_A_WEEK,
    closings: { noted: { says: 'it is noted, and whoever worked with it knows' } },
  },
  'retain-notification': { about: 'notification', role: 'data-protection-officer', says: 'a notification in your store is rescinded or closed: state for how long your schedule keeps it', steps: WITHIN_A_MONTH, closings: {} },
  'dispose-notification': { about: 'notification', role: 'data-protection-officer', says: 'the time for which your store keeps a notification is over: dispose of it, and state how', steps: ON_REVIEW, closings: {} },
  'review-list': { about: 'list', role: 'mailbox', says: 'a list is to be looked through: take off whoever is a member no more, and say that it was done (waybill list reviewed)', steps: WITHIN_A_MONTH, closings: {} },
  'mend-mailbox': {
    about: 'transfer', role: 'mailbox', says: 'a mailbox on a list could not be reached: ask the organisation, and change it on the list (waybill list move)', steps: WITHIN_A_WEEK,
    closings: { 'mailbox-changed': { says: 'another stands on the list' }, 'works-again': { says: 'it can be reached again' } },
  },
  'second-custodian': {
    about: 'mailbox', role: 'responsible-manager', says: 'fewer than two people can open a mailbox of yours, or nothing that is kept offline recovers its key: have a second key file made, and the recovery key', closings: {},
    steps: WITHIN_A_WEEK,
  },
  'renew-team-key': {
    about: 'mailbox', role: 'responsible-manager', says: 'somebody who could open a mailbox of yours works there no more, or its key was lost unlocked: make the team a new key', closings: {},
    steps: WITHIN_A_WEEK,
  },
  attest: { about: 'membership', role: 'owner', says: 'the agreement wants something attested that is missing, or overdue: review it, and attest it', steps: FLAGGED, closings: {} },
  'decide-joining': { about: 'membership', role: 'coordinator', says: 'an organisation asks to join the agreement: look at what is missing, and accept or decline it', steps: OF_THE_AGREEMENT, closings: {} },
  'hear-of-withdrawal': {
    about: 'membership', role: 'coordinator', says: 'a party has withdrawn from the agreement: tell the others, and see that what it keeps is looked after', steps: OF_THE_AGREEMENT,
    closings: { noted: { says: 'it is known, and the list of parties is changed' } },
  },
  'fill-post': { about: 'membership', role: 'coordinator', says: 'a party is on hold: nobody fills a post that the agreement asks for. Have somebody entered for it, and activate the party anew', steps: OF_THE_AGREEMENT, closings: {} },
  'review-agreement': { about: 'agreement', role: 'coordinator', says: 'an agreement is to be reviewed: state when it was, and what it came to. Its report says how it works', steps: BY_A_DAY, closings: {} },
  'date-agreement': { about: 'agreement', role: 'coordinator', says: 'an agreement bears no date, and no review of it can be due: state the day of its signature', steps: WITHIN_A_MONTH, closings: {} },
  'confirm-needs': { about: 'agreement', role: 'governance-lead', says: 'an agreement is reviewed under which you have needs of your own: state whether they are the same', steps: WITHIN_A_MONTH, closings: {} },
  'amend-agreement': {
    about: 'agreement', role: 'coordinator', says: 'a review found that an agreement is to be changed: propose a version, which its parties approve', steps: WITHIN_A_MONTH,
    closings: { proposed: { says: 'a version is proposed' }, 'not-changed': { says: 'it was decided to leave it as it is' } },
  },
  'approve-amendment': { about: 'agreement', role: 'signatory', says: 'a version of an agreement waits for your approval: read it, and approve it in writing, or tell whoever proposed it why not', steps: WITHIN_A_MONTH, closings: { 'not-approved': { says: 'it is not approved, and whoever proposed it was told why' } } },
  'handle-disruption': { about: 'agreement', role: 'coordinator', says: 'what is shared under an agreement does not arrive: find out what is down, see to it that what presses goes another way, and that the parties know. What waits, and for whom, stands in your register (disruption-raised)', steps: HELD, closings: {} },
  'delivery-delayed': {
    about: 'transfer', role: 'owner', says: 'NOT delivered yet: it waits for a way that does not work, and goes as soon as one does. Ring the recipient if it cannot wait', steps: HELD,
    closings: { ...SHARED_OTHERWISE, 'can-wait': { says: 'it can wait: nobody is at risk by that' } },
  },
  'not-delivered': {
    about: 'transfer', role: 'owner', says: 'NOT delivered: the agreement is suspended. Ring the recipient; share it under another agreement or on a statutory duty, or say that it can wait', steps: HELD,
    closings: { ...SHARED_OTHERWISE, 'can-wait': { says: 'it can wait until the agreement is resumed: nobody is at risk by that' } },
  },
};

export const isDutyKind = (kind: string): kind is DutyKind => Object.hasOwn(DUTIES, kind);
