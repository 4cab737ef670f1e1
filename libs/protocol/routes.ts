import { EntryPage, MailboxPage, PlanAnswer, Receipt, ShareTold, TransferOpenedUp } from './answers';
import { GRAMMAR } from './grammar';
import { type Limit, LIMITS } from './limits';
import { Manifest } from './manifest';
import { PlanAsked } from './plan';
import { AgencyPage, CertificateList, ConsistencyTold, HealthTold, InclusionTold, KeySet, RecallTold, StateTold } from './published';
import { Statement } from './statement';

/** Who may call a route: everybody else is refused before it is looked at. */
export const CALLERS = {
  anybody: 'Anybody; no client certificate is asked for.',
  partner: 'Any agency, found by the public key of its client certificate.',
  sender: 'The agency that sent the share; to any other it does not exist.',
  recipient: 'The agency that the transfer is for; to any other it does not exist.',
  controller: 'Any agency, for the register of its own controller; there is no way to name another.',
} as const;

export type Shape = new () => object;

/** One part of a form, in the order in which they must come. `part-1` stands for as many as the lines name. */
export interface FormField {
  name: string;
  says: string;
  type: string;
  limit: Limit;
  /** Of which class its JSON is; it is signed and kept as octets. */
  holds?: Shape | 'lines';
}

export interface Parameter {
  name: string;
  in: 'query' | 'header';
  says: string;
  pattern: RegExp;
  required?: true;
}

export interface Answered {
  status: 200 | 202;
  says: string;
  /** Media types; the first is usual. */
  type: string;
  /** Of which class the JSON is; `lines` is a list of their exact texts. Absent: octets. */
  holds?: Shape | 'lines';
  headers?: Readonly<Record<string, string>>;
}

export interface Route {
  id: string;
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  room: 'open' | 'shares' | 'mailbox' | 'directory' | 'register';
  who: keyof typeof CALLERS;
  says: string;
  more?: string;
  parameters?: readonly Parameter[];
  body?: { json: Shape } | { form: readonly FormField[] };
  answer: Answered;
  /** Codes of its own; those of every route (certificate, unforeseen, database gone) go without saying. */
  problems?: readonly string[];
  /** All codes of these rooms are possible too. */
  problemsOf?: readonly ('gate' | 'agreement')[];
}

const json = (holds: NonNullable<Answered['holds']>, says: string, more: Partial<Answered> = {}): Answered => ({ status: 200, says, type: 'application/json', holds, ...more });
const octets = (type: string, says: string): Answered => ({ status: 200, says, type });

const LIMIT: Parameter = { name: 'limit', in: 'query', says: 'Most items on one page.', pattern: /^[1-9][0-9]{0,2}$/ };
const AFTER: Parameter = { name: 'after', in: 'query', says: '`next` of the page before.', pattern: /^[A-Za-z0-9_-]{1,128}$/ };
const INDEX = /^(0|[1-9][0-9]{0,14})$/;

const SIGNATURE: FormField = { name: 'signature', says: 'Detached OpenPGP signature over the octets before it, by a signing key of the agency.', type: 'application/pgp-signature', limit: LIMITS.signature };
const STATEMENT = { form: [{ name: 'statement', says: 'The statement, signed and kept octet for octet and passed to the other side.', type: 'application/json', limit: LIMITS.json, holds: Statement }, SIGNATURE] } as const;
const STATEMENT_PROBLEMS = [
  'UNSUPPORTED_MEDIA_TYPE', 'MULTIPART_INVALID', 'OUT_OF_ORDER', 'TOO_LARGE', 'STATEMENT_INVALID', 'CREATED_AHEAD', 'STATEMENT_DIFFERS',
  'SIGNATURE_MISSING', 'SIGNATURE_WRONG_KEY', 'SIGNATURE_OTHER_BYTES', 'KEY_NOT_VERIFIED', 'NOT_FOUND',
] as const;

/** Every route of the gateway. `docs/openapi.json` is written from it, and a test holds the running gateway to it. */
export const ROUTES = [
  { id: 'keys', method: 'GET', path: '/.well-known/jwks.json', room: 'open', who: 'anybody', says: 'Public keys of provenance and promises, retired ones too',
    answer: json(KeySet, 'RFC 7517 key set. A verifier pins it; it does not follow it at the time of verifying.') },
  { id: 'live', method: 'GET', path: '/health/live', room: 'open', who: 'anybody', says: 'Whether the process lives', answer: json(HealthTold, 'It does.') },
  { id: 'ready', method: 'GET', path: '/health/ready', room: 'open', who: 'anybody', says: 'Whether it can accept shares', answer: json(HealthTold, 'The database answers.') },

  { id: 'planShare', method: 'POST', path: '/v1/share-plans', room: 'shares', who: 'partner', says: 'Ask what would be decided of a share, and to which keys to seal it',
    more: 'Leaves no trace, in no register. A refusal of the agreement is an answer here, not a problem.', body: { json: PlanAsked },
    answer: json(PlanAnswer, 'Every line with its decision and why.'), problems: ['UNSUPPORTED_MEDIA_TYPE', 'JSON_INVALID', 'TOO_LARGE', 'PLAN_INVALID', 'WRONG_SENDER', 'NO_COMMON_AGREEMENT'] },
  { id: 'share', method: 'POST', path: '/v1/shares', room: 'shares', who: 'partner', says: 'Share: sealed parts with a signed manifest and its lines',
    more: 'The parts of the form come in this order. What cannot be accepted is refused before the sealed parts are read. The same manifest again is answered with the same receipt.',
    parameters: [{ name: 'Idempotency-Key', in: 'header', says: 'The same key with the same manifest gets the same answer for 30 days, a refusal too.', pattern: /^[A-Za-z0-9._-]{8,128}$/ }],
    body: { form: [
      { name: 'manifest', says: 'The manifest, kept and handed on octet for octet.', type: 'application/json', limit: LIMITS.manifest, holds: Manifest },
      SIGNATURE,
      { name: 'lines', says: 'JSON list of strings, each the exact text of one line; the SHA-256 of each stands in the manifest.', type: 'application/json', limit: LIMITS.lines, holds: 'lines' },
      { name: 'part-1', says: 'One OpenPGP message for each part that the lines name: part-1 to part-99.', type: 'application/pgp-encrypted', limit: LIMITS.part },
    ] },
    answer: json(Receipt, 'Accepted means committed: share, transfers, register entries and queue.', { status: 202 }), problemsOf: ['gate', 'agreement'],
    problems: [
      'UNSUPPORTED_MEDIA_TYPE', 'MULTIPART_INVALID', 'IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_KEY_REUSED', 'MANIFEST_ID_REUSED', 'MANIFEST_INVALID', 'LINES_INVALID', 'LINE_NOT_IN_MANIFEST',
      'LINE_REPEATED', 'PART_INCONSISTENT', 'TOO_MANY_RECIPIENTS', 'WRONG_SENDER', 'WRONG_GATEWAY', 'CREATED_AHEAD', 'CREATED_TOO_OLD', 'PART_MISSING', 'PART_UNEXPECTED', 'ALREADY_SHARED_BY_ANOTHER',
    ] },
  { id: 'followShare', method: 'GET', path: '/v1/shares/{id}', room: 'shares', who: 'sender', says: 'What became of a share', answer: json(ShareTold, 'Every transfer with its state, events and statements.'), problems: ['NOT_FOUND'] },
  { id: 'recallShare', method: 'POST', path: '/v1/shares/{id}/recall', room: 'shares', who: 'sender', says: 'Take back what has not been collected',
    more: 'The statement is of kind `recalled` and names no transfer: a recall is of the whole share.', body: STATEMENT,
    answer: json(RecallTold, 'What was taken back and what was too late.'), problems: [...STATEMENT_PROBLEMS, 'ALREADY_COLLECTED'] },

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
    more: 'With the first octet the transfer is collected: from then on it cannot be recalled.', answer: octets('application/pgp-encrypted', 'One OpenPGP message, sealed to this recipient’s own keys.'),
    problems: ['NOT_FOUND', 'TRANSFER_HELD', 'PAYLOAD_REMOVED'] },
  { id: 'collectEnvelope', method: 'GET', path: '/v1/mailbox/{transfer}/envelope', room: 'mailbox', who: 'recipient', says: 'Everything of the transfer in one body: collects it',
    answer: octets('multipart/mixed', 'Manifest, signature, lines and parts.'), problems: ['NOT_FOUND', 'TRANSFER_HELD', 'PAYLOAD_REMOVED'] },
  ...(['opened', 'acknowledged', 'returned'] as const).map((kind) => ({
    id: kind, method: 'PUT', path: `/v1/mailbox/{transfer}/${kind}`, room: 'mailbox', who: 'recipient', body: STATEMENT, answer: json(StateTold, 'The transfer’s state after it.'), problems: [...STATEMENT_PROBLEMS, 'WRONG_STATE'],
    says: { opened: 'State, signed, that it was opened', acknowledged: 'Acknowledge, signed: the transfer is complete', returned: 'Give it back, signed, with the reason' }[kind],
    more: `The statement is of kind \`${kind}\`. The same statement again changes nothing; another one is refused.`,
  }) as const),

  { id: 'agencies', method: 'GET', path: '/v1/directory/agencies', room: 'directory', who: 'partner', says: 'Agencies with their contacts and memberships', parameters: [AFTER, LIMIT],
    answer: json(AgencyPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'certificates', method: 'GET', path: '/v1/directory/agencies/{agency}/certificates', room: 'directory', who: 'partner', says: 'An agency’s certificates, each with the co-ordinator’s statement',
    answer: json(CertificateList, 'All of them, the newest first.'), problems: ['NOT_FOUND'] },

  { id: 'entries', method: 'GET', path: '/v1/register/entries', room: 'register', who: 'controller', says: 'Entries of the register in the order of the log',
    parameters: [{ ...AFTER, says: 'Place of the last entry of the page before.', pattern: INDEX }, LIMIT], answer: json(EntryPage, 'One page.'), problems: ['QUERY_INVALID'] },
  { id: 'proveEntry', method: 'GET', path: '/v1/register/entries/{id}/proof', room: 'register', who: 'controller', says: 'That an entry stands in the register', answer: json(InclusionTold, 'The entry, its proof, and a checkpoint.'), problems: ['NOT_FOUND'] },
  { id: 'checkpoint', method: 'GET', path: '/v1/register/checkpoint', room: 'register', who: 'controller', says: 'The latest checkpoint', answer: octets('text/plain', 'A C2SP signed note.'), problems: ['NOT_FOUND'] },
  { id: 'consistency', method: 'GET', path: '/v1/register/consistency', room: 'register', who: 'controller', says: 'That a later checkpoint follows from an earlier',
    parameters: [{ name: 'from', in: 'query', says: 'Size of the earlier.', pattern: INDEX, required: true }, { name: 'to', in: 'query', says: 'Size of the later.', pattern: INDEX, required: true }],
    answer: json(ConsistencyTold, 'Both checkpoints and the proof.'), problems: ['QUERY_INVALID', 'NOT_FOUND'] },
  { id: 'exportRegister', method: 'GET', path: '/v1/register/export', room: 'register', who: 'controller', says: 'The whole register, as of one moment', answer: octets('application/x-ndjson', 'One line of JSON an entry, between a head and the checkpoints; docs/register-events.md says what an entry holds.') },
] as const satisfies readonly Route[];

/** Codes that every route can answer with; the first two only where a certificate is asked for. */
export const ALWAYS = ['CERTIFICATE_REQUIRED', 'CERTIFICATE_UNKNOWN', 'CLIENT_CERT_HEADER', 'INTERNAL', 'UNDECIDED'] as const;
