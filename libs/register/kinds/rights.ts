import { AGREEMENT, codes, listOf, MATTER, may, MOST, must, of, RIGHTS_REQUEST, SHARE, STATED, STATER, TRANSFER } from '../entry-fields';
import type { Kinds } from './kind';

/** What was said of a share after it had arrived, how long copies are kept, and the rights of the people they are about. */
export const RIGHTS = {
  'matter-put': {
    says: 'After a share had arrived one of its two sides put something to the other: a correction, a withdrawn consent, a deletion, a consultation, a request for assistance or for an approval, an audit, that the person moved to another area (PV-08, LB-10, RR-02, RR-03, PU-02, PU-05, AU-03, DS-12). In both registers; both versions of what was corrected stay.',
    disposal: 'disclosure',
    fields: {
      ...MATTER, by: must('agency', 'who put it'), contact: must('contact', 'its contact'), role: may('role', 'role of the person; without it the gateway opened it, as the agreement asks'), to: must('agency', 'to whom'), dueAt: must('instant', 'by when it is to be answered'),
      statement: may('digest', 'SHA-256 of the signed statement; of a rights request or share because of which it was opened'), signer: may('fingerprint', 'fingerprint of the key that signed it'),
      categories: may(codes, 'categories that it is about'), wrong: may(codes, 'what is wrong'), source: may('code', 'where the right value is from'), reason: may('code', 'why'),
      right: may('code', 'which right somebody uses'), purpose: may('code', 'for which purpose'), recipients: may(listOf('agency', MOST.recipients), 'to whom it would be passed on, or was; of a move, the authority of the area'),
      way: may(of({ channel: must('code', 'by which way'), share: must('uuid', 'id of that share') }), 'the one share for which another way than the agreement admits is asked (CH-11)'), ground: may('code', 'on what ground nobody waited'), manner: may('code', 'how an audit is done'),
      demandsDeletion: may('flag', 'consent was all that it stood on: the agreement wants it deleted'), wordsSealed: may('digest', 'SHA-256 of the words as they were sealed'),
    },
  },
  'matter-answered': {
    says: 'What the other side answered to a matter. In both registers.',
    disposal: 'disclosure',
    fields: {
      ...MATTER, ...STATED, by: STATER.by, contact: STATER.contact, role: STATER.role, answer: must('code', 'what'), reason: may('code', 'why'), approver: may('contact', 'directory id of whoever agreed in writing'), until: may('day', 'last day for which it was agreed'),
      report: may(of({ on: must('day', 'day of the audit'), digest: must('digest', 'SHA-256 of the report'), actions: must(listOf(of({ action: must('code', 'what is done'), by: must('day', 'by when') }), MOST.codes), 'what comes of it') }), 'what came of an audit (AU-03)'),
      shownBy: may('uuid', 'share, decision not to share or disclosure of whoever answered, that shows it'),
      wordsSealed: may('digest', 'SHA-256 of the words as they were sealed'),
    },
  },
  'meeting-called': {
    says: 'A meeting was called: who chairs it, and who is invited, each with the reason (MT-02). In the registers of all who have a part in it.',
    disposal: 'disclosure',
    fields: {
      meeting: must('uuid', 'the meeting'), ...STATED, ...STATER, agreement: must(AGREEMENT, 'agreement'), about: must('code', 'its kind'), on: must('day', 'its day'), joint: may('flag', 'whoever is there becomes joint controller'), notification: may('uuid', 'the notification from which it was opened'),
      chair: must('agency', 'whose contact chairs it'), invited: must(listOf(of({ agency: must('agency', 'organisation'), contact: must('contact', 'its contact'), reason: must('code', 'why') }), MOST.recipients), 'who is invited'),
    },
  },
  'meeting-stated': {
    says: 'Somebody stated something of a meeting: a deputy, that the statement of confidentiality was made, terms, that it is there, or that its notes may be used by somebody for a purpose (MT-01, MT-03, MT-05, MT-06, MT-09). In the registers of whoever stated it and of whoever administers the meeting.',
    disposal: 'disclosure',
    fields: {
      meeting: must('uuid', 'the meeting'), ...STATED, ...STATER, stated: must('code', 'what'), deputy: may('contact', 'who comes in the place of somebody'), details: may('code', 'whether contact details are shown to the others'), terms: may('digest', 'SHA-256 of the terms'),
      recipients: may(listOf('agency', MOST.recipients), 'who may use the notes'), purpose: may('code', 'for which purpose'), wordsSealed: may('digest', 'SHA-256 of the words as they were sealed'),
    },
  },
  'retention-stated': {
    says: 'Whoever keeps a copy that it acknowledged says how long, what started that time, that keeping it is justified, what holds it, or that it is gone (RT-01 to RT-06, RT-12, RT-15).',
    disposal: 'disclosure',
    fields: {
      share: SHARE, transfer: TRANSFER, ...STATED, ...STATER, stated: must('code', 'ruled, started, justified, held, lifted or disposed'), what: must('code', 'of which kind it is'), months: may('count', 'months for which it is kept'), from: may('code', 'what starts them'),
      indefinite: may('flag', 'without an end'), reason: may('code', 'why'), on: may('day', 'day of the event or disposal'), method: may('code', 'how it was destroyed'), dueOn: may('day', 'when its time is over'), reviewOn: must('day', 'when it is looked at again'),
    },
  },
  'copy-disposed': {
    says: 'A recipient states, signed, that its copy is gone (RT-03, RT-12). In the register of whoever shared it.',
    disposal: 'disclosure',
    fields: { share: SHARE, transfer: TRANSFER, ...STATED, ...STATER, method: must('code', 'how it was destroyed'), on: must('day', 'when') },
  },
  'consultation-weighed': {
    says: 'Whoever answered a rights request says what the view of this controller, which had provided the information, weighed, and what came of it (RR-03).',
    disposal: 'disclosure',
    fields: { ...MATTER, weight: must('code', 'how much'), outcome: must('code', 'what came of the transfer') },
  },
  'rights-request-received': {
    says: 'Somebody uses a right (RR-01): which, since when, and which transfers it concerns. In the register of whoever received it only.',
    disposal: 'disclosure',
    fields: {
      ...RIGHTS_REQUEST, ...STATED, right: must('code', 'which right'), receivedOn: must('day', 'when it came in'), dueAt: must('instant', 'when the time that the law gives is over'), requester: must('code', 'who uses it: the person, or who acts for the person'),
      contact: STATER.contact, role: STATER.role, subjectReference: may('reference', 'the controller\'s own reference for the person, never a name'), about: may('code', 'of a complaint: about what'),
      transfers: may(listOf('uuid', MOST.lines), 'transfers that it concerns'), identity: may('code', 'how it was made sure who asks'), authority: may('code', 'by what somebody may act for the person'), wordsSealed: may('digest', 'SHA-256 of the words as they were sealed'),
    },
  },
  'rights-request-extended': {
    says: 'A rights request takes longer, as the law allows once.',
    disposal: 'disclosure',
    fields: { ...RIGHTS_REQUEST, ...STATED, reason: must('code', 'why'), dueAt: must('instant', 'until when') },
  },
  'rights-request-closed': {
    says: 'A rights request was answered: what came of each transfer, which exemptions were considered, and what the views of those who had provided it weighed.',
    disposal: 'disclosure',
    fields: {
      ...RIGHTS_REQUEST, ...STATED, contact: STATER.contact, role: STATER.role, approver: may('contact', 'directory id of whoever approved that something marked do-not-tell was released'), late: may('flag', 'after the time that the law gives'),
      items: must(listOf(of({ transfer: TRANSFER, outcome: must('code', 'what came of it'), considered: may(codes, 'exemptions considered'), exemption: may('code', 'on which it was withheld'), weight: may('code', 'what the view of whoever had provided it weighed') }), MOST.lines), 'transfer by transfer'),
    },
  },
} as const satisfies Kinds;
