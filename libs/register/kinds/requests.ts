import { ANSWERED, codes, listOf, may, MOST, must, REQUEST, STATED, STATER } from '../entry-fields';
import type { Kinds } from './kind';

/** What became of information requests. */
export const REQUESTS = {
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
} as const satisfies Kinds;
