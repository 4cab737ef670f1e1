import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { DAY } from '#platform/clock';
import { isHost } from '../sts';
import { isTlsResult, TLS_POLICIES, type TlsPolicy, type TlsResult } from './results';

/** Octets of a report as it comes: a large sender's, of a day on which everything failed, is a tenth of it. */
export const LARGEST_REPORT = 1024 * 1024;
/** Octets that it may unpack to: a bomb ends there. */
const LARGEST_UNPACKED = 8 * 1024 * 1024;
/** Policies of one report, and kinds of failure of one policy. */
const MOST_POLICIES = 100;
const MOST_FAILURES = 10_000;
/** A report is about a day (RFC 8460, 4.1); some send a week's at once. */
const LONGEST_RANGE_MS = 31 * DAY;
const LONGEST_TEXT = 1_024;

export const REPORT_FAULTS = {
  'too-large': { says: `it is larger than ${LARGEST_REPORT / 1024} KB`, fix: 'A report on TLS is small: see whether this is one.' },
  'not-unpacked': { says: `it is no gzip that can be unpacked, or unpacks to more than ${LARGEST_UNPACKED / 1024 / 1024} MB`, fix: 'Take the file as it came, or unpack it where you trust whoever sent it.' },
  'not-json': { says: 'it is no JSON', fix: 'Take the file of type application/tlsrpt+json or +gzip, not the mail around it.' },
  'not-a-report': { says: 'it is no report on TLS as RFC 8460, 4.4, has it', fix: 'Ask whoever sent it for one.' },
} as const satisfies Record<string, { says: string; fix: string }>;
export type ReportFault = keyof typeof REPORT_FAULTS;

export interface PolicyReported {
  domain: string;
  policy: TlsPolicy;
  succeeded: number;
  failed: number;
  failures: readonly { result: TlsResult; sessions: number }[];
}

/** What somebody says of TLS with a domain. Holds no word of theirs: counts, and codes that we know. */
export interface TlsReport {
  /** By which the same report is known again: SHA-256 of who says so and of what they call it. */
  digest: string;
  from: Date;
  until: Date;
  policies: readonly PolicyReported[];
}

export type ReportRead = { ok: true; report: TlsReport } | { ok: false; fault: ReportFault; at?: string };

class NotAReport extends Error {
  constructor(readonly at: string) {
    super(at);
  }
}

/** Reads a report, packed or not. Fields that nobody here knows are passed over (RFC 8460, 4.4); those that are known must be right. Pure. */
export function readReport(octets: Uint8Array): ReportRead {
  if (octets.length > LARGEST_REPORT) return { ok: false, fault: 'too-large' };
  let text: Uint8Array;
  try {
    text = octets[0] === 0x1f && octets[1] === 0x8b ? gunzipSync(octets, { maxOutputLength: LARGEST_UNPACKED }) : octets;
  } catch {
    return { ok: false, fault: 'not-unpacked' };
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    return { ok: false, fault: 'not-json' };
  }
  try {
    return { ok: true, report: reportIn(value) };
  } catch (error) {
    if (!(error instanceof NotAReport)) throw error;
    return { ok: false, fault: 'not-a-report', at: error.at };
  }
}

function reportIn(value: unknown): TlsReport {
  const report = fields(value, '');
  const range = fields(report['date-range'], 'date-range');
  const [from, until] = [instant(range['start-datetime'], 'date-range/start-datetime'), instant(range['end-datetime'], 'date-range/end-datetime')];
  if (until < from || until.getTime() - from.getTime() > LONGEST_RANGE_MS) throw new NotAReport('date-range');
  const who = [text(report['organization-name'], 'organization-name'), text(report['report-id'], 'report-id')];
  const policies = list(report['policies'], 'policies', MOST_POLICIES).map((each, i) => policyIn(each, `policies/${i}`));
  return { digest: createHash('sha256').update(JSON.stringify(who)).digest('hex'), from, until, policies };
}

function policyIn(value: unknown, at: string): PolicyReported {
  const reported = fields(value, at);
  const [described, summary] = [fields(reported['policy'], `${at}/policy`), fields(reported['summary'], `${at}/summary`)];
  const policy = TLS_POLICIES.find((known) => known === described['policy-type']);
  const domain = text(described['policy-domain'], `${at}/policy/policy-domain`).toLowerCase().replace(/\.$/, '');
  if (!policy) throw new NotAReport(`${at}/policy/policy-type`);
  if (!isHost(domain)) throw new NotAReport(`${at}/policy/policy-domain`);
  const failures = new Map<TlsResult, number>();
  for (const [i, each] of list(reported['failure-details'] ?? [], `${at}/failure-details`, MOST_FAILURES).entries()) {
    const own = `${at}/failure-details/${i}`;
    const failure = fields(each, own);
    const type = text(failure['result-type'], `${own}/result-type`);
    // RFC 8460, 4.3: what is not known by name is a failure all the same.
    const result = isTlsResult(type) ? type : 'validation-failure';
    failures.set(result, count((failures.get(result) ?? 0) + count(failure['failed-session-count'], `${own}/failed-session-count`), own));
  }
  return {
    domain, policy, succeeded: count(summary['total-successful-session-count'], `${at}/summary/total-successful-session-count`), failed: count(summary['total-failure-session-count'], `${at}/summary/total-failure-session-count`),
    failures: [...failures].map(([result, sessions]) => ({ result, sessions })),
  };
}

function fields(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NotAReport(at);
  return value as Record<string, unknown>;
}

function list(value: unknown, at: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) throw new NotAReport(at);
  return value;
}

function text(value: unknown, at: string): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > LONGEST_TEXT) throw new NotAReport(at);
  return value;
}

function count(value: unknown, at: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new NotAReport(at);
  return value as number;
}

/** RFC 3339, with its offset. */
function instant(value: unknown, at: string): Date {
  const written = text(value, at);
  const read = new Date(written);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(written) || Number.isNaN(read.getTime())) throw new NotAReport(at);
  return read;
}
