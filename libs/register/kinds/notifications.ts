import { codes, may, must, of, SHARE, STATED, STATER } from '../entry-fields';
import type { Kinds } from './kind';

const NOTIFICATION = must('uuid', 'id of the notification, by which a meeting or another record cites it');
const PROVIDER = of({ register: must('code', 'public register'), number: must('code', 'its number there'), kind: may('code', 'children’s social care or education') });

/** Notifications about providers. What there is to read stands nowhere in a register. */
export const NOTIFICATIONS = {
  'notification-stated': {
    says: 'Something was stated of a notification about a provider: drafted, submitted, returned, circulated, reviewed, rescinded, closed, kept, disposed of; deposited; read; or what a recipient decided to do, which stands in its own register alone unless it told it.',
    disposal: 'disclosure',
    fields: {
      notification: NOTIFICATION, ...STATED, ...STATER, stated: must('code', 'what'), state: must('code', 'state in which it is then'), agreement: must('agreement', 'agreement'),
      provider: may(PROVIDER, 'which provider'), purpose: may('code', 'purpose'), necessity: may('code', 'why it is necessary'), notFor: may(codes, 'prohibited purposes that it is not for'),
      officer: may(of({ contact: must('contact', 'directory id of the senior officer'), role: must('role', 'role'), on: must('day', 'day') }), 'who confirmed that it is issued'),
      impact: may(of({ novel: must('flag', 'complex or novel'), assessment: may('reference', 'reference of the assessment'), because: may('code', 'why there is none') }), 'its impact on data protection'),
      provided: may(of({ told: must('flag', 'the provider was told'), because: may('code', 'why not') }), 'whether the provider knows'),
      share: may('uuid', 'the share in which its text went'), reviewOn: may('day', 'when it is reviewed next'), reason: may('code', 'why it is returned, rescinded or closed; what came of a review'),
      action: may('code', 'what a recipient does about it'), schedule: may('reference', 'schedule of the host authority'), months: may('count', 'for how many months it is kept'), keepUntil: may('day', 'until when'),
      method: may('code', 'how it was disposed of'), on: may('day', 'when'), folder: may('reference', 'folder of the provider in the store'), digest: may('digest', 'SHA-256 of the sealed copy there'),
    },
  },
  'notification-ended': {
    says: 'A notification that this controller received was rescinded or closed: it was told, and the time for which its copy is kept has begun.',
    disposal: 'disclosure',
    fields: { notification: NOTIFICATION, share: SHARE, transfer: must('uuid', 'in which it was received'), because: must('code', 'why'), endedAt: must('instant', 'when'), circulator: must('agency', 'who circulated it') },
  },
  'provider-looked-up': {
    says: 'Before a placement it was looked up what is known of a provider. What was found is information, and no bar.',
    disposal: 'housekeeping',
    fields: { provider: must(PROVIDER, 'which provider'), count: must('count', 'notifications that were shown') },
  },
} as const satisfies Kinds;
