import { AGREEMENT, codes, CONTROLLERSHIP, DECIDED, DECIDED_ON, DISCLOSURE, listOf, may, MOST, must, of, PARTS, REASONS, RECIPIENT, RECIPIENT_OFF_WIRE, ROUTE_BRIEFLY, ROUTE_OFF_WIRE, SHARE, STATED, STRUCK_OFF, TLS, TRANSFER } from '../entry-fields';
import type { Kinds } from './kind';

const RECIPIENT_BY = must('agency', 'the recipient');

/** What was shared, decided, refused or disclosed, and how it travelled. */
export const SHARING = {
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
      controllership: CONTROLLERSHIP,
      receivedAt: must('instant', 'when, as the recipient states'),
      passOn: may('flag', 'whether the recipient intends to pass it on (PU-08)'),
    },
  },
  'share-acknowledged': {
    says: 'A recipient\'s signed acknowledgement reached the sender.',
    disposal: 'disclosure',
    fields: { share: SHARE, transfer: TRANSFER, ...STATED, by: RECIPIENT_BY, copyController: must('agency', 'controller of that copy from now on'), controllership: CONTROLLERSHIP, passOn: may('flag', 'whether the recipient intends to pass it on (PU-08)') },
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
  'payload-removed': {
    says: 'No octet of the sealed payload is left at the gateway.',
    disposal: 'movement',
    fields: { share: SHARE, transfer: TRANSFER, reason: must('code', 'why: acknowledged, returned, recalled, maximum time'), octets: may('count', 'octets removed') },
  },
} as const satisfies Kinds;
