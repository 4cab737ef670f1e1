import { EntryPage, MailboxPage, PlanAnswer, Receipt, ShareTold, TransferOpenedUp } from './answers';
import { AgreementStated } from './agreement';
import { AgreementList, AgreementReport, AgreementTold } from './agreement-answers';
import { CustodyStated } from './custody';
import { MembershipStated } from './membership';
import { MembershipList, OversightDigest, OwnMembership } from './membership-answers';
import { CustodyList, CustodyTold } from './custody-answers';
import { AgeingReport } from './ageing';
import { Disclosure, DisclosureAsked } from './disclosure';
import { BreachReported, BreachStated } from './breach';
import { BreachPage, BreachTold } from './breach-answers';
import { DutyClosed, DutyClosing, DutyPage } from './duties';
import { GRAMMAR } from './grammar';
import { type Limit, LIMITS } from './limits';
import { Manifest } from './manifest';
import { MatterAnswered, MatterPut } from './matter';
import { MatterPage, MatterStands, MatterTold } from './matter-answers';
import { ListsTold } from './list-answers';
import { MeetingCalled, MeetingStated } from './meeting';
import { MeetingPage, MeetingTold } from './meeting-answers';
import { NotShared } from './not-shared';
import { NotificationStated, PROVIDER_NUMBER } from './notification';
import { NotificationPage, NotificationTold, PlacementTold } from './notification-answers';
import { DecisionsTold, DisclosurePage, DisclosureReceipt, DisclosureTold, NotSharedPage, NotSharedReceipt } from './own-answers';
import { PlanAsked } from './plan';
import { AgencyPage, CertificateList, ConsistencyTold, EnrolmentTold, GatewayTold, HealthTold, InclusionTold, KeySet, RecallTold, StateTold } from './published';
import { ControlTested, Recorded, SubjectIndexed } from './register';
import { RequestPage, RequestTold } from './request-answers';
import { RequestStated } from './request-statement';
import { RetentionStated } from './retention';
import { RetentionItem, RetentionPage, RetentionTold } from './retention-answers';
import { RightsPage, RightsReceipt, RightsStands, RightsTold } from './rights-answers';
import { RightsRequested, RightsStated } from './rights-request';
import { Statement } from './statement';
import { APPENDED_TYPE, UploadTold, UPLOAD_TYPE } from './uploads';
import { EventStreamTold, EventStreamWanted, EventVerificationTold } from './event-stream';
import { PushesTold, WebhookEntered, WebhookList, WebhookSecret, WebhookWanted } from './webhooks';

/** Who may call a route: everybody else is refused before it is looked at. */
export const CALLERS = {
  anybody: 'Anybody; no client certificate is asked for.',
  partner: 'Any agency, found by the public key of its client certificate.',
  sender: 'The agency that sent the share; to any other it does not exist.',
  decider: 'The agency that decided; to any other it does not exist.',
  uploader: 'The agency that began the upload; to any other it does not exist.',
  side: 'Either side of the transfer that it is about; to any other agency it does not exist.',
  party: 'Whoever asked, was asked, or is to look at it; to any other it does not exist.',
  concerned: 'Whoever has a part in the case; to any other it does not exist.',
  recipient: 'The agency that the transfer is for; to any other it does not exist.',
  owner: 'The agency that has the duty; to any other it does not exist.',
  attendee: 'Whoever has a part in the meeting; to any other agency it does not exist.',
  member: 'Any active party of the agreement; to any other agency it does not exist.',
  controller: 'Any agency, for the register of its own controller; there is no way to name another.',
} as const;

export type Shape = new () => object;

/** One part of a form, in the order in which they must come. `part-1` stands for as many as the lines name. */
export interface FormField {
  name: string;
  says: string;
  type: string;
  /** What it may be instead. */
  or?: string;
  limit: Limit;
  /** Of which class its JSON is; it is signed and kept as octets. */
  holds?: Shape | 'lines';
  /** May be left out. */
  optional?: true;
}

export interface Parameter {
  name: string;
  in: 'query' | 'header';
  says: string;
  pattern: RegExp;
  required?: true;
}

export interface Answered {
  status: 200 | 201 | 202 | 204 | 206;
  says: string;
  /** Absent: no content. */
  type?: string;
  /** What it may be instead. */
  or?: string;
  /** Of which class the JSON is; `lines` is a list of their exact texts. Absent: octets. */
  holds?: Shape | 'lines';
  headers?: Readonly<Record<string, string>>;
}

export interface Route {
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  room: 'open' | 'breaches' | 'shares' | 'requests' | 'decisions' | 'disclosures' | 'uploads' | 'mailbox' | 'rights' | 'notifications' | 'webhooks' | 'duties' | 'agreements' | 'meetings' | 'directory' | 'register';
  who: keyof typeof CALLERS;
  says: string;
  more?: string;
  parameters?: readonly Parameter[];
  body?: { json: Shape } | { form: readonly FormField[] } | { octets: { type: string; says: string } };
  answer: Answered;
  /** Where there is another good answer: a part of what was asked for. */
  partly?: Answered;
  /** Codes of its own; those of every route (certificate, unforeseen, database gone) go without saying. */
  problems?: readonly string[];
  /** All codes of these rooms are possible too. */
  problemsOf?: readonly ('gate' | 'agreement' | 'not-sharing' | 'releasing' | 'stating' | 'receiving' | 'matters' | 'rights' | 'retaining' | 'notifying' | 'breach' | 'memberships' | 'agreements' | 'meetings')[];
}

const json = (holds: NonNullable<Answered['holds']>, says: string, more: Partial<Answered> = {}): Answered => ({ status: 200, says, type: 'application/json', holds, ...more });
const octets = (type: string, says: string): Answered => ({ status: 200, says, type });

/** What S/MIME programs write. */
const CMS = 'application/pkcs7-mime';

const LIMIT: Parameter = { name: 'limit', in: 'query', says: 'Most items on one page.', pattern: /^[1-9][0-9]{0,2}$/ };
const AFTER: Parameter = { name: 'after', in: 'query', says: '`next` of the page before.', pattern: /^[A-Za-z0-9_-]{1,128}$/ };
const IDEMPOTENCY_KEY = /^[A-Za-z0-9._-]{8,128}$/;
const INDEX = /^(0|[1-9][0-9]{0,14})$/;
export const MONTH = /^20[0-9]{2}-(0[1-9]|1[0-2])$/;

/** Who reads a register, and why, as the agency's own system says. */
const READER: readonly Parameter[] = [
  { name: 'reason', in: 'query', says: 'Why it is read, as a code.', pattern: GRAMMAR.code },
  { name: 'by', in: 'query', says: 'Directory identifier of whoever reads it.', pattern: GRAMMAR.contact },
  { name: 'role', in: 'query', says: 'Role of that person.', pattern: GRAMMAR.code },
];

const STANDS = { 'Upload-Offset': 'Octets taken.' } as const;
const SPAN = { ETag: 'A strong validator: the digest of the part’s encrypted data. For `If-Range`.', 'Accept-Ranges': '`bytes`' } as const;

const SIGNATURE: FormField = { name: 'signature', says: 'Detached OpenPGP signature over the octets before it, by a signing key of the agency.', type: 'application/pgp-signature', limit: LIMITS.signature };
const STATEMENT = { form: [{ name: 'statement', says: 'The statement, signed and kept octet for octet and passed to the other side.', type: 'application/json', limit: LIMITS.json, holds: Statement }, SIGNATURE] } as const;
const STATEMENT_PROBLEMS = [
  'UNSUPPORTED_MEDIA_TYPE', 'MULTIPART_INVALID', 'OUT_OF_ORDER', 'TOO_LARGE', 'STATEMENT_INVALID', 'CREATED_AHEAD', 'STATEMENT_DIFFERS',
  'SIGNATURE_MISSING', 'SIGNATURE_WRONG_KEY', 'SIGNATURE_OTHER_BYTES', 'KEY_NOT_VERIFIED', 'NOT_FOUND',
] as const;

const REPORT_PROBLEMS = [
  'UNSUPPORTED_MEDIA_TYPE', 'MULTIPART_INVALID', 'OUT_OF_ORDER', 'TOO_LARGE', 'STATEMENT_INVALID', 'CREATED_AHEAD', 'CREATED_TOO_OLD', 'WRONG_SENDER', 'WRONG_GATEWAY',
  'SIGNATURE_MISSING', 'SIGNATURE_WRONG_KEY', 'SIGNATURE_OTHER_BYTES', 'KEY_NOT_VERIFIED',
] as const;

/** Of a share, and of an information request: it travels as a share does. */
const SHARE_FORM = { form: [
    { name: 'manifest', says: 'The manifest, kept and handed on octet for octet.', type: 'application/json', limit: LIMITS.manifest, holds: Manifest },
    SIGNATURE,
    { name: 'lines', says: 'JSON list of strings, each the exact text of one line; the SHA-256 of each stands in the manifest.', type: 'application/json', limit: LIMITS.lines, holds: 'lines' },
    { name: 'part-1', says: `One OpenPGP or CMS message for each part that the lines name: part-1 to part-99. With the Content-Type \`${UPLOAD_TYPE}\`, the id of an upload that holds it.`, type: 'application/pgp-encrypted', or: CMS, limit: LIMITS.part },
  ] } as const;
const SHARE_PROBLEMS = [
  'UNSUPPORTED_MEDIA_TYPE', 'MULTIPART_INVALID', 'IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_KEY_REUSED', 'MANIFEST_ID_REUSED', 'MANIFEST_INVALID', 'LINES_INVALID', 'LINE_NOT_IN_MANIFEST',
  'LINE_REPEATED', 'PART_INCONSISTENT', 'TOO_MANY_RECIPIENTS', 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_AHEAD', 'CREATED_TOO_OLD', 'PART_MISSING', 'PART_UNEXPECTED', 'ALREADY_SHARED_BY_ANOTHER',
  'UPLOAD_NOT_FOUND', 'UPLOAD_INCOMPLETE',
] as const;

/** A statement with words, where there are some. */
const withWords = (holds: Shape, words: string) => ({ form: [
    { name: 'statement', says: 'The statement, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds },
    SIGNATURE,
    { name: 'words', says: words, type: 'application/pgp-encrypted', or: CMS, limit: LIMITS.words, optional: true },
  ] }) as const;
const TO_BOTH = 'What there is to say in words: one OpenPGP or CMS message to a current key of the other side, and to the author’s own if it wants to read it again.';
const WORDS_PROBLEMS = [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD', 'PART_MISSING', 'PART_UNEXPECTED'] as const;
const SEALED_WORDS: Answered = { ...octets('application/pgp-encrypted', 'One OpenPGP or CMS message.'), or: CMS };

/** Every route of the gateway. `docs/openapi.json` is written from it, and a test holds the running gateway to it. */
const NOTIFICATION_STATEMENT: FormField = { name: 'statement', says: 'The statement, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: NotificationStated };
const NOTIFICATION_PROBLEMS = [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD', 'NOTIFICATION_INVALID'] as const;

export const ROUTES = [
  { id: 'keys', method: 'GET', path: '/.well-known/jwks.json', room: 'open', who: 'anybody', says: 'Public keys of provenance and promises, retired ones too',
    answer: json(KeySet, 'RFC 7517 key set. A verifier pins it; it does not follow it at the time of verifying.') },
  { id: 'gateway', method: 'GET', path: '/.well-known/waybill.json', room: 'open', who: 'anybody', says: 'Which gateway this is, its version and its time', answer: json(GatewayTold, 'What a client looks at before anything else.') },
  { id: 'live', method: 'GET', path: '/health/live', room: 'open', who: 'anybody', says: 'Whether the process lives', answer: json(HealthTold, 'It does.') },
  { id: 'ready', method: 'GET', path: '/health/ready', room: 'open', who: 'anybody', says: 'Whether it can accept shares', answer: json(HealthTold, 'The database answers.') },

  { id: 'planShare', method: 'POST', path: '/v1/share-plans', room: 'shares', who: 'partner', says: 'Ask what would be decided of a share, and to which keys to seal it',
    more: 'Leaves no trace, in no register. A refusal of the agreement is an answer here, not a problem.', body: { json: PlanAsked },
    answer: json(PlanAnswer, 'Every line with its decision and why.'), problems: ['UNSUPPORTED_MEDIA_TYPE', 'JSON_INVALID', 'TOO_LARGE', 'PLAN_INVALID', 'WRONG_SENDER', 'NO_COMMON_AGREEMENT'] },
  { id: 'share', method: 'POST', path: '/v1/shares', room: 'shares', who: 'partner', says: 'Share: sealed parts with a signed manifest and its lines',
    more: 'The parts of the form come in this order. What cannot be accepted is refused before the sealed parts are read. The same manifest again is answered with the same receipt.',
    parameters: [{ name: 'Idempotency-Key', in: 'header', says: 'The same key with the same manifest gets the same answer for 30 days, a refusal too.', pattern: IDEMPOTENCY_KEY }],
    body: SHARE_FORM,
    answer: json(Receipt, 'Accepted means committed: share, transfers, register entries and queue.', { status: 202 }), problemsOf: ['gate', 'agreement'],
    problems: [...SHARE_PROBLEMS, 'IS_REQUEST'] },
  { id: 'followShare', method: 'GET', path: '/v1/shares/{id}', room: 'shares', who: 'sender', says: 'What became of a share', answer: json(ShareTold, 'Every transfer with its state, events and statements.'), problems: ['NOT_FOUND'] },
  { id: 'recallShare', method: 'POST', path: '/v1/shares/{id}/recall', room: 'shares', who: 'sender', says: 'Take back what has not been collected',
    more: 'The statement is of kind `recalled` and names no transfer: a recall is of the whole share.', body: STATEMENT,
    answer: json(RecallTold, 'What was taken back and what was too late.'), problems: [...STATEMENT_PROBLEMS, 'ALREADY_COLLECTED'] },
  { id: 'releasePassphrase', method: 'POST', path: '/v1/shares/{id}/releases', room: 'shares', who: 'sender', says: 'Record that the passphrase of a container was told to its recipient',
    more: 'The statement is of kind `released`, names the transfer, and holds `release`: who asked, how that was verified, and by which way it was told, which is not the container’s own. The passphrase stands nowhere in it. Recorded by both sides.', body: STATEMENT,
    answer: json(StateTold, 'It is on record; the transfer stays in its state.'), problems: [...STATEMENT_PROBLEMS, 'NO_PASSPHRASE'], problemsOf: ['releasing'] },

  { id: 'ask', method: 'POST', path: '/v1/requests', room: 'requests', who: 'partner', says: 'Ask for information: a share whose manifest says what it asks, with the question in words as a sealed part',
    more: 'The same form as of a share, and the same gate, registers and delivery. Each recipient is asked for itself: its transfer is the request, and `threads.request` of a share answers it. What the front door asks goes before all but emergencies, where the agreement says so.',
    parameters: [{ name: 'Idempotency-Key', in: 'header', says: 'The same key with the same manifest gets the same answer for 30 days, a refusal too.', pattern: IDEMPOTENCY_KEY }],
    body: SHARE_FORM, answer: json(Receipt, 'Accepted means committed: share, transfers, requests, register entries and queue.', { status: 202 }), problemsOf: ['gate', 'agreement'],
    problems: [...SHARE_PROBLEMS, 'NO_REQUEST'] },
  { id: 'requests', method: 'GET', path: '/v1/requests', room: 'requests', who: 'partner', says: 'Information requests, the most pressing first',
    parameters: [{ name: 'as', in: 'query', says: 'As what: `holder` who was asked (if nothing is said), `requester`, `reviewer` of refusals, `decider` of what was escalated.', pattern: /^(holder|requester|reviewer|decider)$/ },
      { name: 'open', in: 'query', says: '`true`: only those that are not closed.', pattern: /^(true|false)$/ }, AFTER, LIMIT],
    answer: json(RequestPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'ageingOfRequests', method: 'GET', path: '/v1/requests/ageing', room: 'requests', who: 'partner', says: 'How long what the agency asked has been open, for each whom it asked and each lane', more: 'Counts: no reference, and nothing of anybody.', answer: json(AgeingReport, 'All of it.') },
  { id: 'readRequest', method: 'GET', path: '/v1/requests/{id}', room: 'requests', who: 'party', says: 'One thread: what was asked, and all that came of it',
    more: 'Silence shows as a category without an answer, and after its time as `unansweredSince`; never as a refusal.', answer: json(RequestTold, 'The whole thread, but for what is sealed.'), problems: ['NOT_FOUND'] },
  { id: 'stateOfRequest', method: 'POST', path: '/v1/requests/{id}/statements', room: 'requests', who: 'party', says: 'State something about an information request, signed',
    more: 'Whoever was asked scrutinises it, says how pressing it finds it, and that a refusal was talked over; whoever asked escalates; statutory partners review a refusal; those who decide say how they see it, and what they decide follows from that by the agreement’s own rule; both sides may dispute and settle. Recorded by both sides. The very same again changes nothing.',
    body: { form: [{ name: 'statement', says: 'The statement, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: RequestStated }, SIGNATURE] },
    answer: json(StateTold, 'The state of the request.'), problems: [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD'], problemsOf: ['stating'] },

  { id: 'reportBreach', method: 'POST', path: '/v1/breaches', room: 'breaches', who: 'partner', says: 'Report a data breach, signed, in codes: the first question is whether anyone could come to harm',
    more: 'If someone is in danger ring 999 and the front door first. When this is answered, everybody whom the agreement has told at once has been told, with references only, and both sides’ registers say so. What happened in words is a share with `threads.breach`, sealed to those who may read it; it goes before all else. The same report again is answered with the same case.',
    body: { form: [{ name: 'statement', says: 'The report, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: BreachReported }, SIGNATURE] },
    answer: json(BreachTold, 'The case: who was told, in which order, with telephone numbers, and the hours that are left.', { status: 201 }),
    problems: [...REPORT_PROBLEMS, 'BREACH_INVALID', 'BREACH_ID_REUSED', 'BREACH_SHARE_UNKNOWN', 'BREACH_PARTY_UNKNOWN', 'NO_COMMON_AGREEMENT'] },
  { id: 'breaches', method: 'GET', path: '/v1/breaches', room: 'breaches', who: 'partner', says: 'Cases in which the agency has a part, the newest first, with the hours that it has left',
    parameters: [{ name: 'open', in: 'query', says: '`true`: only those that are not closed.', pattern: /^(true|false)$/ }, { ...AFTER, pattern: GRAMMAR.uuid }, LIMIT], answer: json(BreachPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'readBreach', method: 'GET', path: '/v1/breaches/{breach}', room: 'breaches', who: 'concerned', says: 'One case: who has which part, who was told when and whether it was read, each controller’s own clock, and all that was stated',
    more: 'That somebody looks is no reading: state `read`.', answer: json(BreachTold, 'The whole case, but for what is sealed, and affected shares to which the asker is not party.'), problems: ['NOT_FOUND'] },
  { id: 'stateOfBreach', method: 'POST', path: '/v1/breaches/{breach}/statements', room: 'breaches', who: 'concerned', says: 'State something about a case, signed',
    more: 'That it was read; a further phase; what was done for the person; a grade; whether the regulator and the people concerned are told, with reasons either way; help that is asked for and given; findings; the outcome; that the agreement is suspended. Who may state what, and what may close a case, the agreement decides. Recorded by all who are involved. The very same again changes nothing.',
    body: { form: [{ name: 'statement', says: 'The statement, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: BreachStated }, SIGNATURE] },
    answer: json(StateTold, 'The state of the case.'), problems: [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD'], problemsOf: ['breach'] },

  { id: 'decideNotToShare', method: 'POST', path: '/v1/decisions', room: 'decisions', who: 'partner', says: 'Record a decision not to share, signed, with its reasons',
    more: 'Stands in the register of the agency’s own controller and in no other; nobody is sent anything. The same decision again is answered with the same receipt. The proposal, where one comes, is decided as a plan would be, and what it came to is on record with the decision.',
    parameters: [{ name: 'Idempotency-Key', in: 'header', says: 'The same key with the same decision gets the same answer for 30 days, a refusal too.', pattern: IDEMPOTENCY_KEY }],
    body: { form: [
      { name: 'decision', says: 'The decision, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: NotShared },
      SIGNATURE,
      { name: 'words', says: 'The reasons in words: one OpenPGP or CMS message to the agency’s own keys, and to no other.', type: 'application/pgp-encrypted', or: CMS, limit: LIMITS.words, optional: true },
      { name: 'proposal', says: 'The share as it would have been, as a plan is asked for; its SHA-256 stands in the decision.', type: 'application/json', limit: LIMITS.plan, holds: PlanAsked, optional: true },
    ] },
    answer: json(NotSharedReceipt, 'It is on record.', { status: 201 }), problemsOf: ['gate', 'not-sharing'],
    problems: [
      'UNSUPPORTED_MEDIA_TYPE', 'MULTIPART_INVALID', 'OUT_OF_ORDER', 'IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_KEY_REUSED', 'DECISION_INVALID', 'DECISION_ID_REUSED', 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_AHEAD', 'CREATED_TOO_OLD',
      'NO_COMMON_AGREEMENT', 'PART_MISSING', 'PART_UNEXPECTED', 'WORDS_NOT_OWN', 'PLAN_INVALID',
    ] },
  { id: 'decisionsNotToShare', method: 'GET', path: '/v1/decisions', room: 'decisions', who: 'partner', says: 'The agency’s own decisions not to share, the oldest first',
    parameters: [{ ...AFTER, pattern: GRAMMAR.uuid }, LIMIT], answer: json(NotSharedPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'readDecisions', method: 'GET', path: '/v1/decisions/{id}', room: 'decisions', who: 'decider', says: 'What was decided of a share, or instead of one, and on what',
    more: 'The id is that of the share or of the decision not to share. A share that was refused and then came again has several. With the documents that come along the same can be decided again, by any engine.',
    answer: json(DecisionsTold, 'Every decision under this id, and every document that one of them names.'), problems: ['NOT_FOUND'] },
  { id: 'readWords', method: 'GET', path: '/v1/decisions/{id}/words', room: 'decisions', who: 'decider', says: 'The reasons in words, as they were sealed',
    answer: { ...octets('application/pgp-encrypted', 'One OpenPGP or CMS message, sealed by the agency to itself.'), or: CMS }, problems: ['NOT_FOUND'] },

  { id: 'planDisclosure', method: 'POST', path: '/v1/disclosure-plans', room: 'disclosures', who: 'partner', says: 'What would be decided of something disclosed off the wire: by telephone, post, courier, fax, on a medium, face to face',
    more: 'Ask before you disclose it. Leaves no trace.', body: { json: DisclosureAsked }, answer: json(PlanAnswer, 'Every line with its decision and why.'),
    problems: ['UNSUPPORTED_MEDIA_TYPE', 'JSON_INVALID', 'TOO_LARGE', 'DISCLOSURE_INVALID', 'IDENTIFIER_IN_CLEAR', 'WRONG_SENDER', 'NO_COMMON_AGREEMENT'] },
  { id: 'recordDisclosure', method: 'POST', path: '/v1/disclosures', room: 'disclosures', who: 'partner', says: 'Record what was disclosed off the wire, signed, with how it was disclosed',
    more: 'Stands in the register of the agency’s own controller, and in that of each recipient’s, which learns of no other. Decided as a share is, as of when it was disclosed. One that is not as the agreement asks is refused, unless the agency owns up to it with `notCompliant`: then it is recorded, with what it was made against. The same disclosure again is answered with the same receipt.',
    parameters: [{ name: 'Idempotency-Key', in: 'header', says: 'The same key with the same disclosure gets the same answer for 30 days, a refusal too.', pattern: IDEMPOTENCY_KEY }],
    body: { form: [
      { name: 'disclosure', says: 'The disclosure, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.plan, holds: Disclosure },
      SIGNATURE,
      { name: 'words', says: 'What is to be kept of it in words: one OpenPGP or CMS message to the agency’s own keys, and to no other.', type: 'application/pgp-encrypted', or: CMS, limit: LIMITS.words, optional: true },
    ] },
    answer: json(DisclosureReceipt, 'It is on record.', { status: 201 }), problemsOf: ['gate', 'agreement'],
    problems: [
      'UNSUPPORTED_MEDIA_TYPE', 'MULTIPART_INVALID', 'OUT_OF_ORDER', 'IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_KEY_REUSED', 'DISCLOSURE_INVALID', 'DISCLOSURE_ID_REUSED', 'DISCLOSED_LATER', 'DISCLOSURE_NOT_COMPLIANT', 'WRONG_SENDER', 'WRONG_GATEWAY',
      'CREATED_AHEAD', 'CREATED_TOO_OLD', 'PART_MISSING', 'PART_UNEXPECTED', 'WORDS_NOT_OWN',
    ] },
  { id: 'disclosures', method: 'GET', path: '/v1/disclosures', room: 'disclosures', who: 'partner', says: 'The agency’s own disclosures off the wire, the oldest first',
    parameters: [{ ...AFTER, pattern: GRAMMAR.uuid }, LIMIT], answer: json(DisclosurePage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'readDisclosure', method: 'GET', path: '/v1/disclosures/{id}', room: 'disclosures', who: 'decider', says: 'One disclosure as it was signed', more: 'What it was decided on: `GET /v1/decisions/{id}`.',
    answer: json(DisclosureTold, 'The disclosure with its receipt.'), problems: ['NOT_FOUND'] },
  { id: 'readDisclosureWords', method: 'GET', path: '/v1/disclosures/{id}/words', room: 'disclosures', who: 'decider', says: 'What was kept of it in words, as it was sealed',
    answer: { ...octets('application/pgp-encrypted', 'One OpenPGP or CMS message, sealed by the agency to itself.'), or: CMS }, problems: ['NOT_FOUND'] },

  { id: 'beginUpload', method: 'POST', path: '/v1/uploads', room: 'uploads', who: 'partner', says: 'Begin an upload: a large part that comes before its share, over as many connections as it takes',
    more: 'What has come stays, whatever becomes of the connection; any gateway of the installation goes on with it. Removed when its share is accepted, or a day after its last octet.',
    answer: json(UploadTold, 'Nothing of it is there yet.', { status: 201, headers: { Location: 'Path of the upload.' } }), problems: ['UPLOADS_FULL'] },
  { id: 'followUpload', method: 'GET', path: '/v1/uploads/{upload}', room: 'uploads', who: 'uploader', says: 'How far an upload has come', answer: json(UploadTold, 'Where to go on.', { headers: STANDS }), problems: ['NOT_FOUND'] },
  { id: 'appendToUpload', method: 'PATCH', path: '/v1/uploads/{upload}', room: 'uploads', who: 'uploader', says: 'Append octets of a sealed part',
    more: 'The octets of one binary OpenPGP message, from `Upload-Offset` on. They go through the gate before any is kept; what it refuses drops the upload. Of two at once one goes on. Nothing is kept until the encrypted data has begun.',
    parameters: [{ name: 'Upload-Offset', in: 'header', says: 'Octets from the start of the part.', pattern: INDEX, required: true }], body: { octets: { type: APPENDED_TYPE, says: 'Any number of octets; all that is left is best.' } },
    answer: json(UploadTold, 'How far it has come now.', { headers: STANDS }), problems: ['UNSUPPORTED_MEDIA_TYPE', 'QUERY_INVALID', 'NOT_FOUND', 'UPLOAD_OFFSET', 'UPLOADS_FULL', 'UPLOAD_BROKEN_OFF'], problemsOf: ['gate'] },
  { id: 'dropUpload', method: 'DELETE', path: '/v1/uploads/{upload}', room: 'uploads', who: 'uploader', says: 'Drop an upload with all its octets', answer: { status: 204, says: 'It is gone.' }, problems: ['NOT_FOUND'] },

  { id: 'mailbox', method: 'GET', path: '/v1/mailbox', room: 'mailbox', who: 'partner', says: 'What lies ready for the agency, the most pressing first',
    parameters: [{ name: 'contact', in: 'query', says: 'Only what is for this contact.', pattern: GRAMMAR.contact }, AFTER, LIMIT], answer: json(MailboxPage, 'One page.'), problems: ['QUERY_INVALID', 'NOT_FOUND'] },
  { id: 'readTransfer', method: 'GET', path: '/v1/mailbox/{transfer}', room: 'mailbox', who: 'recipient', says: 'One transfer: its parts, its provenance, and what its sender is verified with',
    answer: json(TransferOpenedUp, 'The transfer.', { headers: { Provenance: 'The provenance as it stands in the body: a compact JWS of type `share-provenance+jwt`.' } }), problems: ['NOT_FOUND', 'TRANSFER_HELD'] },
  { id: 'readManifest', method: 'GET', path: '/v1/mailbox/{transfer}/manifest', room: 'mailbox', who: 'recipient', says: 'The manifest as its sender signed it, octet for octet',
    answer: json(Manifest, 'The manifest.'), problems: ['NOT_FOUND', 'TRANSFER_HELD'] },
  { id: 'readSignature', method: 'GET', path: '/v1/mailbox/{transfer}/signature', room: 'mailbox', who: 'recipient', says: 'The sender’s signature over the manifest',
    answer: octets('application/pgp-signature', 'One detached OpenPGP signature.'), problems: ['NOT_FOUND', 'TRANSFER_HELD'] },
  { id: 'readLines', method: 'GET', path: '/v1/mailbox/{transfer}/lines', room: 'mailbox', who: 'recipient', says: 'The recipient’s own lines and no other’s',
    answer: json('lines', 'Each the exact text whose SHA-256 stands in the manifest.'), problems: ['NOT_FOUND', 'TRANSFER_HELD', 'PAYLOAD_REMOVED'] },
  { id: 'collectPart', method: 'GET', path: '/v1/mailbox/{transfer}/parts/{name}', room: 'mailbox', who: 'recipient', says: 'The recipient’s own copy of a part: collects the transfer',
    more: 'With the first octet the transfer is collected: from then on it cannot be recalled. Its octets are the same each time: what broke off is gone on with by `Range` and `If-Range` (RFC 9110, one range of octets).',
    parameters: [{ name: 'Range', in: 'header', says: 'One range of octets; several are passed over and the whole comes.', pattern: /^bytes=([0-9]+-[0-9]*|-[0-9]+)$/ }, { name: 'If-Range', in: 'header', says: 'The ETag of the answer that broke off; if it is another’s, the whole comes.', pattern: /^"[0-9a-f]{64}"$/ }],
    answer: { ...octets('application/pgp-encrypted', 'One OpenPGP or CMS message, sealed to this recipient’s own keys.'), or: CMS, headers: SPAN },
    partly: { status: 206, says: 'The range that was asked for.', type: 'application/pgp-encrypted', or: CMS, headers: { ...SPAN, 'Content-Range': '`bytes <first>-<last>/<size>`' } },
    problems: ['NOT_FOUND', 'TRANSFER_HELD', 'PAYLOAD_REMOVED', 'RANGE_NOT_SATISFIABLE'] },
  { id: 'collectEnvelope', method: 'GET', path: '/v1/mailbox/{transfer}/envelope', room: 'mailbox', who: 'recipient', says: 'Everything of the transfer in one body: collects it',
    answer: octets('multipart/mixed', 'Manifest, signature, lines and parts.'), problems: ['NOT_FOUND', 'TRANSFER_HELD', 'PAYLOAD_REMOVED'] },
  ...(['opened', 'acknowledged', 'returned'] as const).map((kind) => ({
    id: kind, method: 'PUT', path: `/v1/mailbox/{transfer}/${kind}`, room: 'mailbox', who: 'recipient', body: STATEMENT, answer: json(StateTold, 'The transfer’s state after it.'), problems: [...STATEMENT_PROBLEMS, 'WRONG_STATE', 'LOG_INCOMPLETE'], ...(kind === 'opened' ? {} : { problemsOf: ['receiving'] as const }),
    says: { opened: 'State, signed, that it was opened', acknowledged: 'Acknowledge, signed: the transfer is complete', returned: 'Give it back, signed, with the reason' }[kind],
    more: `The statement is of kind \`${kind}\`. The same statement again changes nothing; another one is refused.`,
  }) as const),

  { id: 'putMatter', method: 'POST', path: '/v1/matters', room: 'rights', who: 'side', says: 'Put something to the other side of a transfer once it has arrived: a correction, a withdrawn consent, a deletion, a consultation, a request for assistance or for written approval, that the person moves to another area',
    more: 'Signed, kept octet for octet, shown to the other side, recorded by both, and a duty of the other side’s until it is answered. Of a correction, a withdrawal and a deletion the answer names the other transfers that hold the same: telling their recipients is a duty of the author’s. Nobody learns of other recipients by it. The very same again changes nothing.',
    body: withWords(MatterPut, TO_BOTH), answer: json(MatterStands, 'It stands.', { status: 201 }), problemsOf: ['gate', 'matters'], problems: [...WORDS_PROBLEMS, 'MATTER_INVALID', 'WORDS_NOT_THEIRS'] },
  { id: 'matters', method: 'GET', path: '/v1/matters', room: 'rights', who: 'partner', says: 'Matters that were put to the agency, or by it, the oldest first',
    parameters: [{ name: 'as', in: 'query', says: 'As what: `answerer` (if nothing is said) or `author`.', pattern: /^(answerer|author)$/ }, { name: 'open', in: 'query', says: '`true`: only those that are not answered.', pattern: /^(true|false)$/ }, { ...AFTER, pattern: GRAMMAR.uuid }, LIMIT],
    answer: json(MatterPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'readMatter', method: 'GET', path: '/v1/matters/{matter}', room: 'rights', who: 'side', says: 'One matter, what can be answered, and what was', answer: json(MatterTold, 'All of it but for what is sealed.'), problems: ['NOT_FOUND'] },
  { id: 'readMatterWords', method: 'GET', path: '/v1/matters/{matter}/words', room: 'rights', who: 'side', says: 'Its words, as they were sealed', answer: SEALED_WORDS, problems: ['NOT_FOUND'] },
  { id: 'answerMatter', method: 'POST', path: '/v1/matters/{matter}/answer', room: 'rights', who: 'side', says: 'Answer a matter that was put to the agency, signed',
    more: 'Recorded by both sides. A written approval opens what waited for it to the recipients and the purpose that it names. The very same again changes nothing; another answer is refused.',
    body: withWords(MatterAnswered, TO_BOTH), answer: json(MatterStands, 'It is answered.'), problemsOf: ['gate', 'matters'], problems: [...WORDS_PROBLEMS, 'MATTER_INVALID', 'WORDS_NOT_THEIRS'] },
  { id: 'readMatterAnswerWords', method: 'GET', path: '/v1/matters/{matter}/answer/words', room: 'rights', who: 'side', says: 'The words of its answer, as they were sealed', answer: SEALED_WORDS, problems: ['NOT_FOUND'] },

  { id: 'recordRightsRequest', method: 'POST', path: '/v1/rights-requests', room: 'rights', who: 'partner', says: 'Record that somebody uses a right over what the agency holds, signed: access, rectification, erasure, restriction, objection, portability, freedom of information, a complaint',
    more: 'Stands in the agency’s own register and nobody else’s; who uses it is said to nobody. The receipt tells when the law’s time is over, and lists the transfers concerned, those first of which the person must not be told. Where the agreement asks that whoever provided something be consulted, that is opened in the same step. Nothing is released by itself. The same again is answered with the same receipt.',
    parameters: [{ name: 'Idempotency-Key', in: 'header', says: 'The same key with the same statement gets the same answer for 30 days, a refusal too.', pattern: IDEMPOTENCY_KEY }],
    body: withWords(RightsRequested, 'What was asked, in words: one OpenPGP or CMS message to the agency’s own keys, and to no other.'), answer: json(RightsReceipt, 'It is on record.', { status: 201 }), problemsOf: ['gate', 'rights'],
    problems: [...WORDS_PROBLEMS, 'IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_KEY_REUSED', 'RIGHTS_INVALID', 'RIGHTS_ID_REUSED', 'WORDS_NOT_OWN'] },
  { id: 'rightsRequests', method: 'GET', path: '/v1/rights-requests', room: 'rights', who: 'partner', says: 'The agency’s own rights requests, the oldest first',
    parameters: [{ name: 'open', in: 'query', says: '`true`: only those that are not closed.', pattern: /^(true|false)$/ }, { ...AFTER, pattern: GRAMMAR.uuid }, LIMIT], answer: json(RightsPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'readRightsRequest', method: 'GET', path: '/v1/rights-requests/{rights}', room: 'rights', who: 'decider', says: 'One rights request with all that was signed of it', answer: json(RightsTold, 'All of it but for what is sealed.'), problems: ['NOT_FOUND'] },
  { id: 'readRightsWords', method: 'GET', path: '/v1/rights-requests/{rights}/words', room: 'rights', who: 'decider', says: 'Its words, as they were sealed', answer: SEALED_WORDS, problems: ['NOT_FOUND'] },
  { id: 'stateOfRightsRequest', method: 'POST', path: '/v1/rights-requests/{rights}/statements', room: 'rights', who: 'decider', says: 'State that a rights request takes longer, or what came of it, signed',
    more: 'Closed with an outcome for each transfer that it concerns, held to the agreement under which that went. Whoever was consulted hears what its view weighed. What was corrected, erased or restricted here becomes a duty to tell each recipient that has a copy.',
    body: withWords(RightsStated, 'None: words of an answer go to the person.'), answer: json(RightsStands, 'Where it stands.'), problemsOf: ['gate', 'rights'], problems: [...WORDS_PROBLEMS, 'RIGHTS_INVALID', 'RIGHTS_CLOSED', 'ITEM_MISSING'] },

  { id: 'kept', method: 'GET', path: '/v1/retention', room: 'rights', who: 'partner', says: 'The copies that the agency keeps: first those whose time has not begun, then by the day on which it is over', parameters: [{ ...AFTER, pattern: GRAMMAR.uuid }, LIMIT],
    answer: json(RetentionPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'readKept', method: 'GET', path: '/v1/retention/{transfer}', room: 'rights', who: 'recipient', says: 'How long one copy is kept, by whose rule, and all that was stated of it', answer: json(RetentionTold, 'All of it.'), problems: ['NOT_FOUND'] },
  { id: 'stateOfKept', method: 'POST', path: '/v1/retention/{transfer}/statements', room: 'rights', who: 'recipient', says: 'State the rule for a copy, what started its time, that keeping it is justified, a hold, or that it is gone, signed',
    more: 'A copy is kept from its acknowledgement on, by the agreement’s period or the recipient’s own policy. That it is gone stands in the sender’s register too. The very same again changes nothing.',
    body: { form: [{ name: 'statement', says: 'The statement, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: RetentionStated }, SIGNATURE] },
    answer: json(RetentionItem, 'How it stands.'), problemsOf: ['gate', 'retaining'], problems: [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD', 'PART_UNEXPECTED', 'RETENTION_INVALID'] },

  { id: 'lists', method: 'GET', path: '/v1/lists', room: 'notifications', who: 'partner', says: 'Lists of the agreements of which the agency is a party, as they stand on a day', more: 'Of a list that shows its members, those who let themselves be shown; of a blind one the agency’s own contacts alone. Whoever keeps it sees all.',
    parameters: [{ name: 'on', in: 'query', says: 'Day; today where none is named.', pattern: GRAMMAR.day }], answer: json(ListsTold, 'All of them.'), problems: ['QUERY_INVALID'] },
  { id: 'draftNotification', method: 'POST', path: '/v1/notifications', room: 'notifications', who: 'partner', says: 'Put the first draft of a notification about a provider on record, signed',
    more: 'Nobody else sees it before it is submitted. Its text goes sealed, in a share that names it in `threads.notification`, to whoever circulates. The very same again changes nothing.',
    body: { form: [NOTIFICATION_STATEMENT, SIGNATURE] }, answer: json(NotificationTold, 'It is on record.', { status: 201 }), problemsOf: ['gate', 'notifying'], problems: NOTIFICATION_PROBLEMS },
  { id: 'notifications', method: 'GET', path: '/v1/notifications', room: 'notifications', who: 'partner', says: 'Notifications in which the agency has a part, the oldest first', more: 'How each stands, and not of which provider: nobody makes a list of providers to avoid from it.',
    parameters: [{ ...AFTER, pattern: GRAMMAR.uuid }, LIMIT], answer: json(NotificationPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'placement', method: 'GET', path: '/v1/notifications/placement', room: 'notifications', who: 'partner', says: 'What the agency knows of one provider when it thinks of a placement', more: 'Information, and no bar to placement: each comes with its date, how it stands, and that line. One provider at a time; that it was looked up stands in the agency’s register.',
    parameters: [{ name: 'register', in: 'query', says: 'Public register.', pattern: GRAMMAR.code, required: true }, { name: 'number', in: 'query', says: 'The provider’s number there.', pattern: PROVIDER_NUMBER, required: true }],
    answer: json(PlacementTold, 'What there is; often nothing.'), problems: ['QUERY_INVALID'] },
  { id: 'readNotification', method: 'GET', path: '/v1/notifications/{notification}', room: 'notifications', who: 'concerned', says: 'One notification, with what was stated of it and the agency may see', answer: json(NotificationTold, 'All of it but its text.'), problems: ['NOT_FOUND'] },
  { id: 'stateOfNotification', method: 'POST', path: '/v1/notifications/{notification}/statements', room: 'notifications', who: 'concerned', says: 'State something of a notification, signed: submit, return, circulate, review, rescind, close, keep, dispose; deposit; read; what you do about it',
    more: 'docs/states.md says who states what, and when. What a recipient decides to do (`acted`) is its own record and shown to nobody. The very same again changes nothing.',
    body: { form: [NOTIFICATION_STATEMENT, SIGNATURE] }, answer: json(NotificationTold, 'How it stands.'), problemsOf: ['gate', 'notifying'], problems: NOTIFICATION_PROBLEMS },

  { id: 'webhooks', method: 'GET', path: '/v1/webhooks', room: 'webhooks', who: 'partner', says: 'Endpoints and queues of the agency’s own that are told what lies ready', more: 'With what waits for each, and why it rests. Never a secret.', answer: json(WebhookList, 'All of them.') },
  { id: 'enterWebhook', method: 'PUT', path: '/v1/webhooks/{contact}', room: 'webhooks', who: 'partner', says: 'Have an endpoint told what lies ready for a contact, or have it laid on a queue of its own',
    more: 'Over HTTP signed as Standard Webhooks has it. An `envelope` of up to 256 KB counts as collected when it leaves; above that, and for `reference`, ids and codes are sent. A new endpoint is answered with its secret, once; a queue (`way` amqp) with where it is.',
    body: { json: WebhookWanted }, answer: json(WebhookEntered, 'It stands.'), problems: ['WEBHOOKS_NOT_OFFERED', 'WEBHOOK_INVALID', 'WEBHOOK_URL', 'UNSUPPORTED_MEDIA_TYPE', 'JSON_INVALID', 'NOT_FOUND'] },
  { id: 'removeWebhook', method: 'DELETE', path: '/v1/webhooks/{contact}', room: 'webhooks', who: 'partner', says: 'Have it told no more', more: 'What lies ready is collected from the mailbox as before.', answer: { status: 204, says: 'It is gone.' }, problems: ['NOT_FOUND'] },
  { id: 'replaceWebhookSecret', method: 'POST', path: '/v1/webhooks/{contact}/secret', room: 'webhooks', who: 'partner', says: 'Take a new secret', more: 'For 24 hours what is sent is signed under both.', answer: json(WebhookSecret, 'The new one, told once.'), problems: ['WEBHOOKS_NOT_OFFERED', 'NOT_FOUND'] },
  { id: 'replayWebhook', method: 'POST', path: '/v1/webhooks/{contact}/replay', room: 'webhooks', who: 'partner', says: 'Have told again what became available since an instant and is not done with',
    parameters: [{ name: 'since', in: 'query', says: 'From this instant on.', pattern: GRAMMAR.instant, required: true }], answer: json(PushesTold, 'How many will be sent, a thousand at most.', { status: 202 }), problems: ['WEBHOOKS_NOT_OFFERED', 'QUERY_INVALID', 'NOT_FOUND'] },

  { id: 'eventStream', method: 'GET', path: '/v1/event-stream', room: 'webhooks', who: 'partner', says: 'Where the agency’s systems are told of breaches and revoked keys', answer: json(EventStreamTold, 'The stream, and what waits for it.'), problems: ['NOT_FOUND'] },
  { id: 'eventKeys', method: 'GET', path: '/v1/event-stream/keys', room: 'webhooks', who: 'partner', says: 'Public keys of security event tokens', answer: json(KeySet, 'RFC 7517 key set. These keys sign nothing else.'), problems: ['WEBHOOKS_NOT_OFFERED'] },
  { id: 'enterEventStream', method: 'PUT', path: '/v1/event-stream', room: 'webhooks', who: 'partner', says: 'Have an endpoint told of breaches and revoked keys at once, by security event tokens',
    more: 'One POST for each (RFC 8417, RFC 8935): ids and codes, signed. What was told before the stream was entered is not told again.',
    body: { json: EventStreamWanted }, answer: json(EventStreamTold, 'It stands.'), problems: ['WEBHOOKS_NOT_OFFERED', 'EVENT_STREAM_INVALID', 'WEBHOOK_URL', 'UNSUPPORTED_MEDIA_TYPE', 'JSON_INVALID'] },
  { id: 'removeEventStream', method: 'DELETE', path: '/v1/event-stream', room: 'webhooks', who: 'partner', says: 'Have it told no more', answer: { status: 204, says: 'It is gone.' }, problems: ['NOT_FOUND'] },
  { id: 'verifyEventStream', method: 'POST', path: '/v1/event-stream/verification', room: 'webhooks', who: 'partner', says: 'Have a token sent that says nothing, to see whether tokens come through', answer: json(EventVerificationTold, 'It is on its way.', { status: 202 }), problems: ['WEBHOOKS_NOT_OFFERED', 'NOT_FOUND'] },

  { id: 'duties', method: 'GET', path: '/v1/duties', room: 'duties', who: 'partner', says: 'What the agency has to do, the soonest due first', more: 'Open ones. A duty moves to another post of the agency at the steps of docs/limits.md; `role` is who has it now.',
    parameters: [{ name: 'role', in: 'query', says: 'Only what this post has; `owner`: the contact that it is about.', pattern: GRAMMAR.code }, { ...AFTER, pattern: GRAMMAR.uuid }, LIMIT], answer: json(DutyPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'closeDuty', method: 'POST', path: '/v1/duties/{duty}/closing', room: 'duties', who: 'owner', says: 'Say that a duty is done, by whom, and what shows it',
    more: 'Most duties close when what they ask for is done. One that has `closings` may be closed by hand with one of them. Stands in the register. The same again changes nothing.', body: { json: DutyClosing },
    answer: json(DutyClosed, 'It is closed.'), problems: ['UNSUPPORTED_MEDIA_TYPE', 'JSON_INVALID', 'DUTY_CLOSING_INVALID', 'DUTY_CLOSING_UNKNOWN', 'DUTY_NOT_SHOWN', 'DUTY_CLOSED', 'NOT_FOUND'] },

  { id: 'agreements', method: 'GET', path: '/v1/agreements', room: 'agreements', who: 'partner', says: 'Agreements of which the agency is a party, and how each stands to its review', answer: json(AgreementList, 'All of them.') },
  { id: 'agreement', method: 'GET', path: '/v1/agreements/{agreement}', room: 'agreements', who: 'member', says: 'One agreement: its versions and whose approvals are missing, its review, and all that its parties stated of it',
    more: 'A version comes into force with the approvals for which the one before it asks, when the gateway next starts with it; until then the one before goes on.', answer: json(AgreementTold, 'As it stands.'), problems: ['NOT_FOUND'] },
  { id: 'agreementReport', method: 'GET', path: '/v1/agreements/{agreement}/report', room: 'agreements', who: 'member', says: 'What an agreement comes to, in counts over all of its parties together',
    more: 'Nothing is about anybody, and a small count is withheld. Without months: since the last review, else the last year.',
    parameters: [{ name: 'from', in: 'query', says: 'First month, `YYYY-MM`.', pattern: MONTH }, { name: 'until', in: 'query', says: 'Last month.', pattern: MONTH }], answer: json(AgreementReport, 'The report.'), problems: ['QUERY_INVALID', 'NOT_FOUND'] },
  { id: 'stateOfAgreement', method: 'POST', path: '/v1/agreements/{agreement}/statements', room: 'agreements', who: 'member', says: 'State that an agreement was signed, reviewed, or a version of it approved; that the law has changed, or that needs of one’s own are the same; signed',
    more: 'Every party can read it. In the agency’s own register. The very same again changes nothing.',
    body: { form: [{ name: 'statement', says: 'The statement, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: AgreementStated }, SIGNATURE] },
    answer: json(AgreementTold, 'As it stands now.'), problems: [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD', 'AGREEMENT_STATEMENT_INVALID'], problemsOf: ['agreements'] },

  { id: 'callMeeting', method: 'POST', path: '/v1/meetings', room: 'meetings', who: 'partner', says: 'Call a meeting: who chairs it, who is invited and why, signed by whoever administers it', more: 'In the registers of all who have a part in it. The very same again changes nothing.',
    body: { form: [{ name: 'statement', says: 'The call, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: MeetingCalled }, SIGNATURE] },
    answer: json(MeetingTold, 'It is called.', { status: 201 }), problems: [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD', 'MEETING_INVALID', 'NO_COMMON_AGREEMENT'], problemsOf: ['meetings'] },
  { id: 'meetings', method: 'GET', path: '/v1/meetings', room: 'meetings', who: 'partner', says: 'Meetings in which the agency has a part, the oldest first', parameters: [{ ...AFTER, pattern: GRAMMAR.uuid }, LIMIT], answer: json(MeetingPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'meeting', method: 'GET', path: '/v1/meetings/{meeting}', room: 'meetings', who: 'attendee', says: 'One meeting: who is invited and why, who signed in, and what was stated',
    more: 'A share with `threads.meeting` holds its papers or notes; docs/codes.md says to whom they go.', answer: json(MeetingTold, 'As it stands.'), problems: ['NOT_FOUND'] },
  { id: 'stateOfMeeting', method: 'POST', path: '/v1/meetings/{meeting}/statements', room: 'meetings', who: 'attendee', says: 'State something of a meeting, signed: a deputy, the statement of confidentiality, terms, that one is there, or that its notes may be used',
    more: 'In the registers of whoever states it and of whoever administers the meeting. The very same again changes nothing.',
    body: { form: [{ name: 'statement', says: 'The statement, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: MeetingStated }, SIGNATURE, { name: 'words', says: 'Of a sign-in: name and contact details, sealed to whoever administers the meeting.', type: 'application/octet-stream', limit: LIMITS.words, optional: true }] },
    answer: json(MeetingTold, 'As it stands now.'), problems: [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD', 'MEETING_INVALID', 'PART_MISSING', 'PART_UNEXPECTED', 'WORDS_NOT_THEIRS'], problemsOf: ['meetings'] },

  { id: 'custody', method: 'GET', path: '/v1/custody', room: 'directory', who: 'partner', says: 'Who can open the mailboxes of the agency’s teams: by id of staff, and what a mailbox lacks', more: 'Mailboxes of contacts for which staff of the console works, under the key to which others seal today. Never a key.',
    answer: json(CustodyList, 'All of them.') },
  { id: 'stateOfCustody', method: 'POST', path: '/v1/custody/{contact}/statements', room: 'directory', who: 'partner', says: 'State that somebody was given a team’s key, or has it no more, signed',
    more: 'In the agency’s own register. Fewer than two people who can open a mailbox, no recovery key, or a key that somebody has who should not: each is a duty until it is mended. The very same again changes nothing.',
    body: { form: [{ name: 'statement', says: 'The statement, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: CustodyStated }, SIGNATURE] },
    answer: json(CustodyTold, 'Who can open it now.'), problems: [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD', 'CUSTODY_INVALID', 'KEY_NOT_CURRENT', 'HOLDER_NOT_THERE', 'HOLDER_HAS_NONE'] },

  { id: 'memberships', method: 'GET', path: '/v1/memberships', room: 'directory', who: 'partner', says: 'The agency’s own place in each agreement: what is missing of an active party, and what it is to attest',
    more: 'Whoever asked to join is `incomplete` until the co-ordinator accepts it. Attestations that are missing or overdue are duties of the agency; the co-ordinator sees them.', answer: json(MembershipList, 'All of them.') },
  { id: 'stateOfMembership', method: 'POST', path: '/v1/memberships/{agreement}/statements', room: 'directory', who: 'partner', says: 'Ask to join an agreement, leave it, or attest something, signed',
    more: 'It holds from its receipt, and stands in the agency’s own register. Of whoever leaves, what was not collected goes back to its senders; what it received, and all records, stay. The very same again changes nothing.',
    body: { form: [{ name: 'statement', says: 'The statement, signed and kept octet for octet.', type: 'application/json', limit: LIMITS.json, holds: MembershipStated }, SIGNATURE] },
    answer: json(OwnMembership, 'Its place now.'), problems: [...STATEMENT_PROBLEMS, 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_TOO_OLD', 'MEMBERSHIP_INVALID'], problemsOf: ['memberships'] },
  { id: 'oversight', method: 'GET', path: '/v1/memberships/{agreement}/oversight', room: 'directory', who: 'partner', says: 'The oversight digest: what the agency shared and received under an agreement, and what is overdue, in numbers',
    more: 'Whoever oversees it reads it and attests `oversight` with the SHA-256 of its octets.', parameters: [{ name: 'from', in: 'query', says: 'First day of it; a quarter ago, if not given.', pattern: GRAMMAR.day }],
    answer: json(OversightDigest, 'Numbers and codes.'), problems: ['QUERY_INVALID', 'NOT_FOUND'] },

  { id: 'agencies', method: 'GET', path: '/v1/directory/agencies', room: 'directory', who: 'partner', says: 'Agencies with their contacts and memberships', parameters: [AFTER, LIMIT],
    answer: json(AgencyPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'certificates', method: 'GET', path: '/v1/directory/agencies/{agency}/certificates', room: 'directory', who: 'partner', says: 'An agency’s certificates, each with the co-ordinator’s statement',
    answer: json(CertificateList, 'All of them, the newest first.'), problems: ['NOT_FOUND'] },

  { id: 'enrolment', method: 'GET', path: '/v1/directory/enrolment', room: 'directory', who: 'partner', says: 'As whom the gateway knows the caller, by which client certificates, until when',
    answer: json(EnrolmentTold, 'The caller’s own enrolment.'), problems: [] },
  { id: 'entries', method: 'GET', path: '/v1/register/entries', room: 'register', who: 'controller', says: 'Entries of the register in the order of the log',
    more: 'Reading is recorded itself, with its reason. With `about` or `index` only entries of that share or request, or of shares that were indexed so: a search, for which `reason` must be given.',
    parameters: [{ ...AFTER, says: 'Place of the last entry of the page before.', pattern: INDEX }, LIMIT, ...READER,
      { name: 'about', in: 'query', says: 'Id of a share or an information request.', pattern: GRAMMAR.uuid }, { name: 'index', in: 'query', says: 'Blind index of a subject.', pattern: GRAMMAR.digest }],
    answer: json(EntryPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'indexSubject', method: 'PUT', path: '/v1/register/subjects/{id}', room: 'register', who: 'controller', says: 'Have a share found again by blind indexes of whom it is about',
    more: 'Nobody but the controller can make an index, and none tells whom it is of. The same again changes nothing.', body: { json: SubjectIndexed }, answer: json(SubjectIndexed, 'The indexes as they stand.'), problems: ['UNSUPPORTED_MEDIA_TYPE', 'JSON_INVALID', 'INDEX_INVALID', 'NOT_FOUND'] },
  { id: 'controlTested', method: 'POST', path: '/v1/register/control-tests', room: 'register', who: 'controller', says: 'Record that a control was tested',
    body: { json: ControlTested }, answer: json(Recorded, 'It stands in the register.', { status: 201 }), problems: ['UNSUPPORTED_MEDIA_TYPE', 'JSON_INVALID', 'CONTROL_TEST_INVALID'] },
  { id: 'proveEntry', method: 'GET', path: '/v1/register/entries/{id}/proof', room: 'register', who: 'controller', says: 'That an entry stands in the register', answer: json(InclusionTold, 'The entry, its proof, and a checkpoint.'), problems: ['NOT_FOUND'] },
  { id: 'checkpoint', method: 'GET', path: '/v1/register/checkpoint', room: 'register', who: 'controller', says: 'The latest checkpoint', answer: octets('text/plain', 'A C2SP signed note.'), problems: ['NOT_FOUND'] },
  { id: 'consistency', method: 'GET', path: '/v1/register/consistency', room: 'register', who: 'controller', says: 'That a later checkpoint follows from an earlier',
    parameters: [{ name: 'from', in: 'query', says: 'Size of the earlier.', pattern: INDEX, required: true }, { name: 'to', in: 'query', says: 'Size of the later.', pattern: INDEX, required: true }],
    answer: json(ConsistencyTold, 'Both checkpoints and the proof.'), problems: ['QUERY_INVALID', 'NOT_FOUND'] },
  { id: 'exportRegister', method: 'GET', path: '/v1/register/export', room: 'register', who: 'controller', says: 'The whole register, as of one moment', more: 'The export is recorded itself, with its reason.', parameters: READER, answer: octets('application/x-ndjson', 'One line of JSON an entry, between a head and the checkpoints; docs/register-events.md says what an entry holds.'), problems: ['QUERY_INVALID'] },
] as const satisfies readonly Route[];

/** Codes that every route can answer with; the first two only where a certificate is asked for. */
export const ALWAYS = ['CERTIFICATE_REQUIRED', 'CERTIFICATE_UNKNOWN', 'PASS_INVALID', 'CLIENT_CERT_HEADER', 'CLIENT_CERT_INVALID', 'TOO_MANY_REQUESTS', 'INTERNAL', 'UNDECIDED'] as const;
/** What only somebody who is known can be told. */
export const OF_PARTNERS: readonly string[] = ['CERTIFICATE_REQUIRED', 'CERTIFICATE_UNKNOWN', 'PASS_INVALID', 'TOO_MANY_REQUESTS'];
