import { AGREEMENT, BREACH, BREACH_FACTS, codes, listOf, may, MOST, must, STATED, STATER, TLS } from '../entry-fields';
import type { Kinds } from './kind';

/** Data breaches, and agreements suspended upon one. */
export const BREACHES = {
  'breach-reported': {
    says: 'A data breach was reported, or raised by the gateway itself (BR-01, BR-21). In the register of whoever reported it, and of everybody involved.',
    disposal: 'disclosure',
    fields: {
      breach: BREACH, agreement: must(AGREEMENT, 'the agreement under which it is handled'), statement: may('digest', 'SHA-256 of the signed report'), signer: may('fingerprint', 'fingerprint of the key that signed it'),
      by: may('agency', 'who reported it; without this, the gateway'), contact: may('contact', 'its contact'), role: may('role', 'role of the person'),
      type: must('code', 'what happened'), harm: must('code', 'whether anyone could come to harm'), nearMiss: may('flag', 'it nearly happened'), exercise: may('flag', 'nothing happened: an exercise'),
      happenedAt: may('instant', 'when it happened'), foundAt: must('instant', 'when it was found'), awareAt: may('instant', 'when whoever reports knew'), foundBy: must('code', 'how it was found'), where: may('agency', 'where it happened'),
      shares: may(listOf('uuid', MOST.recipients), 'affected shares'), told: may(listOf('agency', MOST.leaves), 'who was told in the same step'), facts: BREACH_FACTS,
    },
  },
  'breach-notified': {
    says: 'Somebody was told of a breach (BR-03, BR-05). In the register of whoever was told, and of whoever reported it.',
    disposal: 'disclosure',
    fields: { breach: BREACH, agreement: must('agreement', 'agreement'), type: must('code', 'what happened'), wave: must('code', 'safety, first, second, police, outcome, suspension or phase'), agency: must('agency', 'who was told'), contact: may('contact', 'the contact that is tried first'), exercise: may('flag', 'an exercise') },
  },
  'breach-mailed': {
    says: 'A mail that tells of a case was taken by the mail host of whoever was told, sealed. That somebody read it stands in `breach-stated` alone.',
    disposal: 'movement',
    fields: { breach: BREACH, duty: must('uuid', 'id of the duty that it tells of'), agency: must('agency', 'who was told'), contact: must('contact', 'whose address it went to'), tls: must(TLS, 'how the connection was protected') },
  },
  'breach-stated': {
    says: 'A party stated something about a breach, signed: a phase, a grade, a decision with its reasons, a finding, an outcome. In the registers of all who are involved.',
    disposal: 'disclosure',
    fields: {
      breach: BREACH, ...STATED, ...STATER, what: must('code', 'what was stated'), outcome: may('code', 'what it comes to'), reasons: may(codes, 'why'), awareAt: may('instant', 'from when on its controller knew'), dueAt: may('instant', 'by when'),
      severity: may('count', 'how bad, 1 to 5'), likelihood: may('count', 'how likely, 1 to 5'), grade: may('code', 'grade by the grid'), risk: may('code', 'risk in the words of the law'), agreementMet: may('flag', 'the agreement’s own threshold is met'),
      reportedAt: may('instant', 'when the regulator was told'), reference: may('reference', 'the regulator’s reference'), delay: may(codes, 'why later than the law asks'), told: may('agency', 'by whom people are told'), ground: may('code', 'ground of a restriction (DPA 2018, s.68)'),
      responsibility: may('code', 'who holds parental responsibility'), isTheRisk: may('flag', 'whether that is the danger'), of: may('agency', 'whom help is asked of'), answers: may('uuid', 'the statement that asked'),
      done: may(codes, 'what was done for the person'), doneBy: may('role', 'by whom'), doneAt: may('instant', 'when'), transfer: may('uuid', 'the transfer it is about'), inWriting: may('uuid', 'the share that holds it in writing'), evidence: may('uuid', 'the share that holds the evidence'),
      attended: may(listOf('agency', MOST.recipients), 'whose representatives were there'), facts: BREACH_FACTS,
      type: may('code', 'what happened, where the report left it open'), happenedAt: may('instant', 'when it happened, where the report left it open'), foundAt: may('instant', 'when it was found, where the report left it open'),
      foundBy: may('code', 'how it was found, where the report left it open'), where: may('agency', 'where it happened, where the report left it open'), shares: may(listOf('uuid', MOST.recipients), 'affected shares that the report left open'),
    },
  },
  'agreement-suspended': {
    says: 'A party suspended the agreement upon a breach (SU-01, SU-02). In the register of every signatory.',
    disposal: 'party',
    fields: { breach: BREACH, suspension: must('uuid', 'id of the suspension'), agreement: must('agreement', 'agreement'), by: must('agency', 'who suspended it'), scope: must('code', 'all of it, or what goes from and to that party'), ...STATED, inWriting: must('uuid', 'the share that says it in writing'), evidence: must('uuid', 'the share that holds the evidence'), endsAt: must('instant', 'when it ends by itself'), meetBy: may('instant', 'by when representatives meet') },
  },
  'agreement-resumed': {
    says: 'A suspension has ended: by its time, by what a meeting resolved, or by whoever began it (SU-01, SU-03). In the register of every signatory.',
    disposal: 'party',
    fields: { breach: BREACH, suspension: must('uuid', 'id of the suspension'), agreement: must('agreement', 'agreement'), because: must('code', 'time, meeting or withdrawn') },
  },
} as const satisfies Kinds;
