import { ANSWERED, REQUEST, STATER, AGREEMENT, type Allowed, codes, DECIDED, DECIDED_ON, DISCLOSURE, type Fields, KEY, listOf, may, MOST, must, of, PARTS, REASONS, RECIPIENT, RECIPIENT_OFF_WIRE, ROUTE_BRIEFLY, ROUTE_OFF_WIRE, SHARE, STATED, STRUCK_OFF, TLS, TRANSFER } from './entry-fields';

/** How long an entry is kept depends on what it is about; entries of one class and month are removed together. */
export const DISPOSAL_CLASSES = {
  disclosure: 'what was shared, with whom and why; what was refused and what was not shared: as long as the agreement keeps its records',
  movement: 'how a share travelled: as long as a dispute about it may arise',
  party: 'keys and parties: as long as a signature by one of the keys may have to be verified',
  housekeeping: 'counts and exports',
  disposal: 'what was removed: never removed itself',
} as const;
export type DisposalClass = keyof typeof DISPOSAL_CLASSES;

/** What every entry has; no kind may have a field of that name. */
export const HEAD_FIELDS = ['v', 'id', 'controller', 'kind', 'at', 'salt'] as const;
export type HeadField = (typeof HEAD_FIELDS)[number];
type NotOfTheHead = { readonly [K in HeadField]?: never };

const RECIPIENT_BY = must('agency', 'the recipient');

/** Everything that a register can say. What is not in this table can't be recorded. */
export const ENTRY_KINDS = {
  'share-sent': {
    says: 'The sender shared: what, with whom, under which agreement, why, and who decided (DS-01, RC-01).',
    disposal: 'disclosure',
    fields: {
      ...DISCLOSURE,
      ...DECIDED,
      parts: must(PARTS, 'the sealed parts'),
      recipients: must(listOf(of(RECIPIENT), MOST.recipients), 'with whom'),
      struckOff: STRUCK_OFF,
      ...DECIDED_ON,
    },
  },
  'share-announced': {
    says: 'The gateway accepted a share for this recipient (RC-02). Says nothing of other recipients, and not that it has arrived.',
    disposal: 'disclosure',
    fields: {
      ...DISCLOSURE,
      ...RECIPIENT,
      parts: must(PARTS, 'the sealed parts that this recipient gets, and no others'),
      from: must('agency', 'sender'),
      originator: must('agency', 'controller of the copy until it is acknowledged'),
      decision: may(DECIDED.decision.is, 'the decision, where the sender lets this recipient see it'),
    },
  },
  'share-refused': {
    says: 'The gateway refused a proposed share before it accepted anything. In the sender\'s register only; nothing of the payload was kept.',
    disposal: 'disclosure',
    fields: {
      share: SHARE,
      manifestDigest: DISCLOSURE.manifestDigest,
      reasons: REASONS,
      agreement: may('agreement', 'agreement cited'),
      purpose: may('code', 'purpose declared'),
      urgency: may('code', 'urgency declared'),
      proposed: may(listOf('agency', MOST.recipients), 'recipients proposed'),
      categories: may(codes, 'categories proposed'),
      ...DECIDED_ON,
    },
  },
  'not-shared': {
    says: 'The controller decided not to share, and why (DS-02). Nothing was sent to anybody.',
    disposal: 'disclosure',
    fields: {
      ...DECIDED,
      decisionId: must('uuid', 'id of the decision'),
      ...STATED,
      parties: must(listOf('agency', MOST.recipients), 'who asked, or with whom it would have been shared'),
      agreement: must(AGREEMENT, 'the agreement under which it was decided'),
      purpose: may('code', 'purpose'),
      categories: may(codes, 'categories in question'),
      request: may('uuid', 'the information request that it answers'),
      share: may('uuid', 'the share that it answers'),
      discussedOn: may('day', 'day on which it was discussed with whoever asked (DS-03)'),
      wordsSealed: may('digest', 'SHA-256 of the reasons in words as they were sealed'),
      unmet: may(REASONS.is, 'what the agreement had against the proposal that came with it'),
      ...DECIDED_ON,
    },
  },
  disclosed: {
    says: 'The controller disclosed something off the wire, by telephone, post or otherwise, and how (OC-10). `share` is the id of the disclosure, and `manifestDigest` that of all that was signed.',
    disposal: 'disclosure',
    fields: {
      ...DISCLOSURE,
      ...DECIDED,
      route: ROUTE_OFF_WIRE,
      recipients: must(listOf(of(RECIPIENT_OFF_WIRE), MOST.recipients), 'to whom'),
      compliant: must('flag', 'it was made as the agreement asks'),
      unmet: may(REASONS.is, 'what it was made against'),
      wordsSealed: may('digest', 'SHA-256 of what was kept of it in words, as it was sealed'),
      ...DECIDED_ON,
    },
  },
  'disclosure-announced': {
    says: 'Another controller states, signed, that it disclosed something to this one off the wire. Says nothing of other recipients.',
    disposal: 'disclosure',
    fields: {
      ...DISCLOSURE,
      ...RECIPIENT_OFF_WIRE,
      route: ROUTE_BRIEFLY,
      from: must('agency', 'sender'),
      originator: must('agency', 'controller of the sender'),
    },
  },
  'share-held': {
    says: 'It waits: it may not go the way it was to go, and there is no lesser way.',
    disposal: 'movement',
    fields: { share: SHARE, transfer: TRANSFER, reason: must('code', 'why'), fingerprint: may('fingerprint', 'the key in question') },
  },
  'share-pushed': {
    says: 'The gateway handed it to the recipient\'s system. What that system answered is not an acknowledgement.',
    disposal: 'movement',
    fields: {
      share: SHARE,
      transfer: TRANSFER,
      route: must('code', 'how it travelled'),
      attempt: must('count', 'which attempt'),
      status: must('code', 'what the other system answered'),
      tls: may(TLS, 'how the connection was protected'),
      weakHop: may('code', 'the hop need hold no TLS: nothing but what is generated and a container went over it; `clear`, or `unproven` where it held some all the same'),
    },
  },
  'share-collected': {
    says: 'The first octet of a part was served from the mailbox. From here it can\'t be recalled.',
    disposal: 'movement',
    fields: { share: SHARE, transfer: TRANSFER, by: RECIPIENT_BY },
  },
  'share-received': {
    says: 'This recipient acknowledged with a signed statement: the transfer is complete, and controllership of the copy is set (RC-03).',
    disposal: 'disclosure',
    fields: {
      share: SHARE,
      transfer: TRANSFER,
      ...STATED,
      from: must('agency', 'sender'),
      copyController: must('agency', 'controller of the copy from now on'),
      receivedAt: must('instant', 'when, as the recipient states'),
      passOn: may('flag', 'whether the recipient intends to pass it on (PU-08)'),
    },
  },
  'share-acknowledged': {
    says: 'A recipient\'s signed acknowledgement reached the sender.',
    disposal: 'disclosure',
    fields: { share: SHARE, transfer: TRANSFER, ...STATED, by: RECIPIENT_BY, copyController: must('agency', 'controller of that copy from now on'), passOn: may('flag', 'whether the recipient intends to pass it on (PU-08)') },
  },
  'share-opened': {
    says: 'The recipient states, signed, that it was opened (RC-09). Without this entry it is not known.',
    disposal: 'movement',
    fields: {
      share: SHARE,
      transfer: TRANSFER,
      ...STATED,
      by: RECIPIENT_BY,
      contact: may('contact', 'directory id of whoever opened it'),
      role: may('role', 'role of whoever opened it'),
      reason: may('code', 'why'),
    },
  },
  'item-viewed': {
    says: 'Somebody of the agency looked at what came in, on a screen: in which role, and why (AS-03, AS-17). Says nothing of whether the sealed words were opened.',
    disposal: 'movement',
    fields: {
      share: may('uuid', 'the share, where it is one'),
      transfer: may('uuid', 'its way to this recipient'),
      request: may('uuid', 'the information request, where it is one'),
      by: must('contact', 'directory id of whoever looked, never the name'),
      role: must('role', 'role'),
      reason: must('code', 'why, as said at the first look'),
      secondFactor: must('flag', 'whether the session had a second factor (AS-06)'),
    },
  },
  'share-returned': {
    says: 'The recipient gave it back, signed, with the reason.',
    disposal: 'disclosure',
    fields: {
      share: SHARE, transfer: TRANSFER, ...STATED, by: RECIPIENT_BY, reasons: REASONS,
      contact: may('contact', 'directory id of whoever looked at it'), role: may('role', 'role of that person'), approvedBy: may('contact', 'directory id of the manager who approved it'), copiesRemoved: may('flag', 'no copy is left with the recipient'),
      opened: may(of({ at: must('instant', 'when'), by: may('contact', 'directory id of whoever opened it') }), 'it had been opened before; without this, it never was'),
      missing: may(codes, 'categories that are missing (DS-14)'),
    },
  },
  'request-scrutinised': {
    says: 'Whoever was asked looked at an information request and takes it up or sends it back (RQ-04, RQ-05). In both registers.',
    disposal: 'disclosure',
    fields: { ...REQUEST, ...STATED, outcome: must('code', 'taken up or sent back'), by: STATER.by, contact: STATER.contact, role: STATER.role, reason: may('code', 'why it is sent back') },
  },
  'request-triaged': {
    says: 'Whoever was asked finds an information request more or less pressing. Its lane stays (RQ-02).',
    disposal: 'movement',
    fields: { ...REQUEST, ...STATED, ...STATER, level: must('code', 'red, amber or green'), signals: may(codes, 'by which signs'), byTable: must('code', 'the level that the signs give'), reason: may('code', 'why it was set otherwise') },
  },
  'request-discussed': {
    says: 'The reasons of a refusal were talked over with whoever asked (DS-03).',
    disposal: 'disclosure',
    fields: { ...REQUEST, ...STATED, ...STATER, on: must('day', 'on which day') },
  },
  'request-reviewed': {
    says: 'A statutory partner looked at a refusal (RQ-09). In its register and in both sides’.',
    disposal: 'disclosure',
    fields: { ...REQUEST, ...STATED, ...STATER, outcome: must('code', 'upheld, not upheld, or a comment') },
  },
  'request-escalated': {
    says: 'A refusal, or silence, was taken to those who decide (RQ-10, RQ-11); or what the law compels an answer to was not complied with (RQ-13).',
    disposal: 'disclosure',
    fields: {
      ...REQUEST, statement: may('digest', 'SHA-256 of the signed statement'), signer: may('fingerprint', 'fingerprint of the key that signed it'), by: may('agency', 'who took it there'), reason: must('code', 'why'),
      necessaryForSafety: may('flag', 'necessary for the safety of a child'), stage: may('count', 'stage of the escalation'), between: may('code', 'who speaks with whom at this stage'),
      deciders: may(listOf('agency', MOST.recipients), 'who decides'), rule: may('code', 'how they decide: any, majority, all'), dueAt: may('instant', 'by when'),
    },
  },
  'request-viewed': {
    says: 'One of those who decide said whether it is to be shared (RQ-10).',
    disposal: 'disclosure',
    fields: { ...REQUEST, ...STATED, ...STATER, outcome: must('code', 'share or do not share'), of: must('agency', 'whose view it is'), interested: may('flag', 'it is the view of whoever refused'), telephone: may('flag', 'given by telephone, entered by another, and read back') },
  },
  'request-decided': {
    says: 'Those who decide have decided about a refusal: shared, it goes back to whoever was asked (RQ-10).',
    disposal: 'disclosure',
    fields: { ...REQUEST, outcome: must('code', 'share or do not share'), rule: must('code', 'how it was decided'), shares: must('count', 'views for sharing'), against: must('count', 'views against'), deciders: must('count', 'how many decide') },
  },
  'request-disputed': {
    says: 'Two parties disagree about a request; both points of contact have it (RQ-12).',
    disposal: 'disclosure',
    fields: { ...REQUEST, ...STATED, ...STATER },
  },
  'request-settled': {
    says: 'A disagreement about a request has ended (RQ-12).',
    disposal: 'disclosure',
    fields: { ...REQUEST, ...STATED, ...STATER, outcome: must('code', 'agreed or not') },
  },
  'request-answered': {
    says: 'A request, or part of it, was answered by a decision not to share, whose reasons stay with whoever decided.',
    disposal: 'disclosure',
    fields: { ...REQUEST, ...STATED, by: must('agency', 'who answered'), answers: must(ANSWERED, 'category by category') },
  },
  'request-unanswered': {
    says: 'An information request is unanswered past its time. That is no refusal (RQ-18).',
    disposal: 'movement',
    fields: { ...REQUEST, dueAt: must('instant', 'since when'), answered: may(codes, 'categories that are answered') },
  },
  'passphrase-released': {
    says: 'The sender told the passphrase of a container to its recipient, who had asked for it (CH-05): who asked, how that was verified, and by which way. The passphrase itself is recorded nowhere.',
    disposal: 'disclosure',
    fields: {
      share: SHARE,
      transfer: TRANSFER,
      ...STATED,
      askedBy: must(of({ contact: must('contact', 'directory id of the contact'), role: must('role', 'role of the person') }), 'who asked'),
      identity: must(of({ how: must('code', 'how'), at: must('instant', 'when') }), 'that it was made sure who is at the other end'),
      route: must('code', 'how it was told'),
      toldAt: must('instant', 'when it was told'),
    },
  },
  'share-recalled': {
    says: 'The sender took it back, signed, before it was collected.',
    disposal: 'disclosure',
    fields: { share: SHARE, transfer: TRANSFER, ...STATED, reason: must('code', 'why') },
  },
  'share-undeliverable': {
    says: 'It could not be handed over, or nobody collected it. The sender is told.',
    disposal: 'disclosure',
    fields: { share: SHARE, transfer: TRANSFER, reason: must('code', 'why'), attempts: may('count', 'attempts made'), reminders: may('count', 'reminders sent') },
  },
  'reminder-sent': {
    says: 'Somebody was reminded of something due.',
    disposal: 'movement',
    fields: { duty: must('uuid', 'id of the duty'), to: must('contact', 'who was reminded'), number: must('count', 'which reminder'), escalatedTo: may('role', 'the post that has it from now on'), share: may('uuid', 'the share it is about'), transfer: may('uuid', 'the transfer it is about') },
  },
  'duty-closed': {
    says: 'Somebody of the agency said that a duty is done, and what shows it.',
    disposal: 'movement',
    fields: {
      duty: must('uuid', 'id of the duty'), about: must('code', 'what was to be done'), because: must('code', 'with what it is done'), by: must('contact', 'who said so'),
      shownBy: may('uuid', 'the share, decision or disclosure that shows it'), transfer: may('uuid', 'the transfer it is about'),
    },
  },
  'payload-removed': {
    says: 'No octet of the sealed payload is left at the gateway.',
    disposal: 'movement',
    fields: { share: SHARE, transfer: TRANSFER, reason: must('code', 'why: acknowledged, returned, recalled, maximum time'), octets: may('count', 'octets removed') },
  },
  'malformed-uploads': {
    says: 'Uploads that were no share at all, counted once there are more than ten in a minute.',
    disposal: 'housekeeping',
    fields: { from: must('instant', 'start of the minute'), count: must('count', 'how many'), codes: may(codes, 'what was wrong with them') },
  },
  'key-bound': {
    says: 'A key or certificate was bound to the agency: an OpenPGP certificate on the co-ordinator\'s signed statement, a client certificate by the registrar.',
    disposal: 'party',
    fields: { ...KEY, statement: may('digest', 'SHA-256 of the co-ordinator\'s statement'), signer: may('fingerprint', 'fingerprint of the key that signed it'), from: may('day', 'first day'), until: may('day', 'last day'), replaces: may('fingerprint', 'the key that it replaces') },
  },
  'key-revoked': {
    says: 'A key or certificate may no longer be used.',
    disposal: 'party',
    fields: { ...KEY, reason: must('code', 'why'), statement: may('digest', 'SHA-256 of the signed statement'), signer: may('fingerprint', 'fingerprint of the key that signed it') },
  },
  'party-changed': {
    says: 'The agency\'s membership of an agreement changed, or what the directory says of it.',
    disposal: 'party',
    fields: { agency: must('agency', 'party'), change: must('code', 'what changed'), agreement: may('agreement', 'agreement'), by: may('contact', 'who changed it'), on: may('day', 'day from which it holds') },
  },
  'register-exported': {
    says: 'This register was exported.',
    disposal: 'housekeeping',
    fields: { by: must('contact', 'who exported it'), role: may('role', 'role'), reason: may('code', 'why'), size: must('count', 'entries in the export'), root: must('digest', 'root of the log at that size') },
  },
  'entries-disposed': {
    says: 'Entries were removed at the end of their time. Their leaf hashes stay in the log, and are named here.',
    disposal: 'disposal',
    fields: { class: must('code', 'disposal class'), month: must('month', 'month in which they were recorded'), leaves: must(listOf('digest', MOST.leaves), 'leaf hashes of the entries removed') },
  },
} as const satisfies Record<string, { says: string; disposal: DisposalClass; fields: Fields & NotOfTheHead }>;

export type EntryKind = keyof typeof ENTRY_KINDS;
export type EntryFields<K extends EntryKind> = Allowed<(typeof ENTRY_KINDS)[K]['fields']>;

export const isEntryKind = (kind: string): kind is EntryKind => Object.hasOwn(ENTRY_KINDS, kind);
export const disposalClassOf = (kind: EntryKind): DisposalClass => ENTRY_KINDS[kind].disposal;
