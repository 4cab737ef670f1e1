import { BREACH_CODES } from '#breach/codes';
import { PART_CODES } from '#envelope/cms-codes';
import { DUTY_CODES } from '#duties/codes';
import { EXCHANGE_CODES } from '#exchange/codes';
import type { Refusal, RefusalReason } from '#platform/refusal';

interface ProblemKind {
  status: number;
  says: string;
  next: string;
}

/** What only the edge refuses. */
export const EDGE_CODES = {
  CERTIFICATE_REQUIRED: { status: 401, says: 'No client certificate was presented.', next: 'Present the certificate of your agency: curl --cert --key.' },
  CERTIFICATE_UNKNOWN: { status: 403, says: 'The client certificate is not bound to an agency today.', next: 'Ask the co-ordinator to enrol it; a certificate outside its window or revoked is not known.' },
  PASS_INVALID: { status: 403, says: 'This pass is over, was taken up by another page, or is not for this.', next: 'Open the item again from the console.' },
  CLIENT_CERT_HEADER: { status: 400, says: 'A Client-Cert header is not accepted on this listener.', next: 'Present the certificate in the TLS handshake.' },
  CLIENT_CERT_INVALID: { status: 400, says: 'The Client-Cert header is not a certificate.', next: 'Have the proxy write it as RFC 9440 asks: one byte sequence, the DER of the certificate that the client presented.' },
  TOO_MANY_REQUESTS: { status: 429, says: 'Your agency asks faster than it may.', next: 'Wait as long as Retry-After says and send the same again; nothing was decided.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, says: 'This kind of body is not taken here.', next: 'Send multipart/form-data to shares and statements, application/partial-upload to uploads, application/json to plans.' },
  JSON_INVALID: { status: 400, says: 'The body is not JSON as the wire allows it.', next: 'Send UTF-8 without mark, no duplicate key, safe integers, at most eight levels.' },
  PLAN_INVALID: { status: 422, says: 'The plan is not one.', next: 'Correct the places named.' },
  WEBHOOK_INVALID: { status: 422, says: 'The webhook is not one.', next: 'Correct the places named: `way` as http or amqp, `url` for http, and `sends` as reference or envelope.' },
  EVENT_STREAM_INVALID: { status: 422, says: 'The stream of events is not one.', next: 'Correct the places named: `url`, and `events` as breach-notified, key-revoked or both.' },
  QUERY_INVALID: { status: 400, says: 'A query parameter is not one.', next: 'Correct the parameter named.' },
  UPLOAD_BROKEN_OFF: { status: 400, says: 'The octets ended early. What had come is kept.', next: 'GET the upload, and go on at its offset.' },
  RANGE_NOT_SATISFIABLE: { status: 416, says: 'The range that was asked for begins behind the part’s last octet.', next: 'Ask for a range within its size; without one the whole part comes.' },
  INTERNAL: { status: 500, says: 'Something went wrong here; nothing of what you sent was kept.', next: 'Send the same again; if it stays, give the operator the value of `instance`.' },
} as const satisfies Record<string, ProblemKind>;

/** Every code to its problem. A condition of an agreement brings its own sentence and is a 422. */
const PROBLEMS: Readonly<Record<string, ProblemKind>> = { ...PART_CODES, ...EXCHANGE_CODES, ...DUTY_CODES, ...BREACH_CODES, ...EDGE_CODES };

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  next: string;
  pointer?: string;
  instance: string;
  serverTime: string;
  reasons: ReasonBody[];
}

export interface ReasonBody {
  code: string;
  says: string;
  next: string;
  pointer?: string;
  [fact: string]: unknown;
}

/** RFC 9457. Repeats nothing that was sent but codes, pointers and ids of the directory. */
export function problemOf(refusal: Refusal, instance: string, now: Date): ProblemBody {
  const reasons = refusal.reasons.map(bodyOf);
  const [first] = reasons as [ReasonBody];
  return {
    type: `urn:waybill:problem:${first.code}`,
    title: first.says,
    status: statusOf(first.code),
    code: first.code,
    detail: reasons.length > 1 ? `${first.says} And ${reasons.length - 1} more: see reasons.` : first.says,
    next: first.next,
    ...(first.pointer === undefined ? {} : { pointer: first.pointer }),
    instance,
    serverTime: now.toISOString(),
    reasons,
  };
}

function bodyOf({ code, says, next, pointer, facts }: RefusalReason): ReasonBody {
  const kind = PROBLEMS[code];
  return {
    ...facts,
    code,
    says: says ?? kind?.says ?? 'The agreement does not permit this.',
    next: next ?? kind?.next ?? 'See the clauses named.',
    ...(pointer === undefined ? {} : { pointer }),
  };
}

export const statusOf = (code: string): number => PROBLEMS[code]?.status ?? 422;
