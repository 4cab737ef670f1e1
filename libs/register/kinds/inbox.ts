import { codes, may, must } from '../entry-fields';
import type { Kinds } from './kind';

/** What members of staff did with what came. */
export const INBOX = {
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
  'access-unusual': {
    says: 'Somebody of the agency looked at more within an hour than work explains (AS-17). The data protection officer is asked to look into it, and may raise it as a breach (BR-21).',
    disposal: 'movement',
    fields: {
      share: may('uuid', 'the share at which it was noticed, where it is one'),
      transfer: may('uuid', 'its way to this recipient'),
      request: may('uuid', 'the information request, where it is one'),
      by: must('contact', 'directory id of whoever looked, never the name'),
      role: must('role', 'role'),
      looks: must('count', 'items looked at for the first time within the hour'),
      taken: must('count', 'of these taken on'),
    },
  },
  'item-handed-over': {
    says: 'Somebody of the agency was handed what came in, sealed, to open it in a browser: in which role, why, and with which reader (AS-03). Whether it was opened `share-opened` says.',
    disposal: 'movement',
    fields: {
      share: may('uuid', 'the share, where it is one'),
      transfer: may('uuid', 'its way to this recipient'),
      request: may('uuid', 'the information request, where it is one'),
      by: must('contact', 'directory id of whoever was handed it, never the name'),
      role: must('role', 'role'),
      reason: must('code', 'why, as said at the first look'),
      secondFactor: must('flag', 'whether the session had a second factor (AS-06)'),
      reader: must('digest', 'SHA-256 of the list of the reader’s files and their digests, as this release made them: what `waybill verify-reader` compares with'),
    },
  },
  'sending-begun': {
    says: 'Somebody of the agency was handed the reader, to write something in a browser, seal it and sign it with the team’s key: in which role, and with which reader (AS-03). Whether it was sent `share-sent` says.',
    disposal: 'movement',
    fields: {
      share: must('uuid', 'the share, or information request, that it is if it is sent'),
      by: must('contact', 'directory id of whoever was handed it, never the name'),
      role: must('role', 'role'),
      secondFactor: must('flag', 'whether the session had a second factor (AS-06)'),
      reader: must('digest', 'SHA-256 of the list of the reader’s files and their digests, as this release made them: what `waybill verify-reader` compares with'),
    },
  },
  'item-triaged': {
    says: 'Somebody of the agency found what came in more or less pressing: by which signs, what they alone would make it, and why it was found less (RQ-02).',
    disposal: 'movement',
    fields: {
      share: may('uuid', 'the share, where it is one'),
      transfer: may('uuid', 'its way to this recipient'),
      request: may('uuid', 'the information request, where it is one'),
      by: must('contact', 'directory id of whoever found it so, never the name'),
      role: must('role', 'role'),
      level: must('code', 'red, amber or green'),
      byTable: must('code', 'what its signs alone make it'),
      signals: must(codes, 'its signs'),
      reason: may('code', 'why it is found otherwise than its signs say'),
      dueAt: must('instant', 'by when the desk means to have dealt with it'),
    },
  },
  'item-printed': {
    says: 'Somebody of the agency printed what it had opened in the browser. The paper has its marking, the reference, who printed it and when.',
    disposal: 'movement',
    fields: {
      share: may('uuid', 'the share, where it is one'),
      transfer: may('uuid', 'its way to this recipient'),
      by: must('contact', 'directory id of whoever printed it, never the name'),
      role: must('role', 'role'),
    },
  },
} as const satisfies Kinds;
