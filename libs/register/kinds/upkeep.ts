import { AGREEMENT, codes, KEY, listOf, may, MOST, must, of, SHARE, STATED, STATER } from '../entry-fields';
import type { Kinds } from './kind';

/** Duties, keys and parties, the log of operations, and the register itself. */
export const UPKEEP = {
  'reminder-sent': {
    says: 'Somebody was reminded of something due.',
    disposal: 'movement',
    fields: { duty: must('uuid', 'id of the duty'), to: must('contact', 'who was reminded'), number: must('count', 'which reminder'), escalatedTo: may('role', 'the post that has it from now on'), share: may('uuid', 'the share it is about'), transfer: may('uuid', 'the transfer it is about'), breach: may('uuid', 'the breach it is about') },
  },
  'duty-closed': {
    says: 'Somebody of the agency said that a duty is done, and what shows it.',
    disposal: 'movement',
    fields: {
      duty: must('uuid', 'id of the duty'), about: must('code', 'what was to be done'), because: must('code', 'with what it is done'), by: must('contact', 'who said so'),
      shownBy: may('uuid', 'the share, decision or disclosure that shows it'), transfer: may('uuid', 'the transfer it is about'),
    },
  },
  'key-custody-stated': {
    says: 'Somebody was given the key of a team’s mailbox, or has it no more, or the recovery key was made: who holds it, by id, and why. Nothing of the key but its fingerprint.',
    disposal: 'party',
    fields: {
      statement: must('digest', 'SHA-256 of the signed statement'), signer: must('fingerprint', 'fingerprint of the key that signed it'), by: must('contact', 'contact that stated it'), mailbox: must('contact', 'whose mailbox it opens'),
      keys: may(listOf('fingerprint', MOST.codes), 'certificates that others seal to'), stated: must('code', 'given or taken'), because: must('code', 'why'), holder: may('contact', 'directory id of whoever holds it, never the name'), recovery: may('flag', 'it is the recovery key, which the agency keeps offline'),
    },
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
  'processor-instructed': {
    says: 'The controller\'s contract with the gateway\'s operator, which processes for it, and its instructions: the agreements as they then stood, which say whom it may share with, by which channels, and how long anything is kept (PD-17, RC-11).',
    disposal: 'party',
    fields: { contract: must('reference', 'reference of the contract'), on: must('day', 'day of the contract'), until: may('day', 'its last day'), instructions: must(listOf(AGREEMENT, MOST.codes), 'agreements, by version and digest') },
  },
  'party-changed': {
    says: 'The agency\'s membership of an agreement changed, or what the directory says of it.',
    disposal: 'party',
    fields: { agency: must('agency', 'party'), change: must('code', 'what changed'), agreement: may('agreement', 'agreement'), by: may('contact', 'who changed it'), on: may('day', 'day from which it holds'), because: may('code', 'why'), successor: may('agency', 'who took its place'), succeeds: may('agency', 'in whose place it is') },
  },
  'membership-stated': {
    says: 'The agency said something of its own place in an agreement, signed: that it asks to join, that it leaves, or that something is so, which it attests.',
    disposal: 'party',
    fields: {
      statement: must('digest', 'SHA-256 of the signed statement'), signer: must('fingerprint', 'fingerprint of the key that signed it'), by: must('contact', 'contact that stated it'), agreement: must('agreement', 'agreement'),
      stated: must('code', 'joins, withdraws or attests'), entry: may('code', 'entry of the list of parties under which it would come in'), what: may('code', 'what it attests'), on: may('day', 'day of what is attested'),
      dueAgain: may('day', 'day by which it is attested again'), reference: may('reference', 'reference of a certificate'), digest: may('digest', 'SHA-256 of a report'), covers: may(codes, 'what it covers'),
    },
  },
  'partnership-attested': {
    says: 'The partnership of an agreement that the agency is a party of, or the operator for it, attested something.',
    disposal: 'party',
    fields: { agreement: must('agreement', 'agreement'), what: must('code', 'what it attests'), on: must('day', 'day of what is attested'), dueAgain: must('day', 'day by which it is attested again'), digest: may('digest', 'SHA-256 of a report') },
  },
  'agreement-stated': {
    says: 'A party of an agreement stated something of it: its date, a review and what it came to, a change in the law, that its own needs are the same, or its approval of a version (RV-01 to RV-05, RV-08).',
    disposal: 'party',
    fields: {
      agreement: must('agreement', 'agreement'), ...STATED, ...STATER, stated: must('code', 'dated, reviewed, law-changed, needs-confirmed or approved'), on: may('day', 'day that it is about'), outcome: may('code', 'what the review came to, or whether the needs are the same'),
      version: may('version', 'version that is approved'), approves: may('digest', 'SHA-256 of the machine-readable form of that version'),
    },
  },
  'agreement-amended': {
    says: 'Another version of an agreement came into force, on the approvals for which the one before it asked (RV-05). In the register of every party.',
    disposal: 'party',
    fields: { agreement: must(AGREEMENT, 'the version in force from now on'), replaces: must(AGREEMENT, 'the version until now') },
  },
  'operation-logged': {
    says: 'An operation of processing, as section 62 of the Data Protection Act 2018 has it: for a law enforcement purpose, or because whoever the information comes from asks for it, which the Act does not (RC-08).',
    disposal: 'disclosure',
    fields: {
      operation: must('code', 'collection, alteration, consultation, disclosure, combination or erasure'),
      because: must('code', 'why it is logged: `law-enforcement` by the Act, `origin` by agreement'),
      share: SHARE,
      transfer: may('uuid', 'its way to one recipient'),
      origin: must('agency', 'whoever the information came from'),
      occurredAt: must('instant', 'date and time of the operation'),
      justification: may(codes, 'why it was consulted or disclosed'),
      by: may('contact', 'directory id of the person or team; absent where no person did it'),
      role: may('role', 'role of that person'),
      software: may('flag', 'no person did it: the gateway, by rule'),
      recipients: may(listOf(of({ agency: must('agency', 'organisation'), contact: must('contact', 'person or team of it') }), MOST.recipients), 'to whom it was disclosed'),
    },
  },
  'one-sided-reported': {
    says: 'Transfers that this controller has recorded and their recipients have not, a day or more after they were made: the daily report (RC-02).',
    disposal: 'movement',
    fields: { on: must('day', 'day of the report'), count: must('count', 'how many'), transfers: must(listOf('uuid', MOST.codes), 'the oldest of them') },
  },
  'disruption-raised': {
    says: 'What is shared under an agreement did not arrive for longer than its lane allows: raised to whoever looks after the agreement (SU-05).',
    disposal: 'movement',
    fields: { agreement: must('agreement', 'agreement'), lane: must('code', 'lane of what presses most among it: the priority of the disruption'), transfers: must(listOf('uuid', MOST.codes), 'what waits; what presses most first'), recipients: must(listOf('agency', MOST.codes), 'for whom') },
  },
  'disruption-ended': {
    says: 'Nothing waits any more of what a disruption was raised for (SU-05).',
    disposal: 'movement',
    fields: { agreement: must('agreement', 'agreement') },
  },
  'register-read': {
    says: 'Somebody of the controller read or searched this register, and why (AS-03, RC-09).',
    disposal: 'housekeeping',
    fields: {
      what: must('code', 'reading, search or export'),
      reason: must('code', 'why; `not-stated` where a reader did not say'),
      by: may('contact', 'directory id of whoever read it, as the agency’s system says'),
      role: may('role', 'role of that person'),
      about: may('uuid', 'the share or request that was looked for'),
      index: may('digest', 'SHA-256 of the blind index that was looked for'),
      entries: may('count', 'entries that were shown'),
    },
  },
  'control-tested': {
    says: 'A control was tested: which, when, by whom, with what outcome, and when it is due again (AS-09, AS-10).',
    disposal: 'housekeeping',
    fields: {
      control: must('code', 'which control'), on: must('day', 'day of the test'), outcome: must('code', 'passed, failed or in-part'), by: must('contact', 'directory id of whoever tested it'), role: may('role', 'role of that person'),
      dueAgain: must('day', 'day by which it is to be tested again'), evidence: may('digest', 'SHA-256 of the report'),
    },
  },
  'register-exported': {
    says: 'This register was exported.',
    disposal: 'housekeeping',
    fields: { by: may('contact', 'who exported it'), role: may('role', 'role'), reason: may('code', 'why'), size: must('count', 'entries in the export'), root: must('digest', 'root of the log at that size') },
  },
  'entries-disposed': {
    says: 'Entries were removed at the end of their time. Their leaf hashes stay in the log, and are named here.',
    disposal: 'disposal',
    fields: {
      class: must('code', 'disposal class'), month: must('month', 'month in which they were recorded'), leaves: must(listOf('digest', MOST.leaves), 'leaf hashes of the entries removed'),
      months: may('count', 'for how many months after that they were kept: the longest rule of all whose entries stood there'), method: may('code', 'how: `partition-removed`, the files in which they stood are gone'),
    },
  },
  'register-rule-stated': {
    says: 'How long this controller has entries of one class kept, as it instructed the operator (RT-01, RT-02).',
    disposal: 'party',
    fields: { class: must('code', 'disposal class'), months: must('count', 'months after the one in which they were recorded'), instruction: may('reference', 'reference of the instruction') },
  },
} as const satisfies Kinds;
