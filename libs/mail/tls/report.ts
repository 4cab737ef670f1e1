import { gzipSync } from 'node:zlib';
import { DAY, SECOND } from '#platform/clock';
import type { TlsPolicy, TlsResult } from './results';
import type { TlsSession } from './sessions';

/** How often one thing happened in a day. */
export interface Counted extends TlsSession {
  sessions: number;
}

export interface About {
  /** The domain that the report is about. */
  domain: string;
  /** A day, UTC: `2026-11-29`. */
  day: string;
  /** Host name of the gateway: who says so. */
  submitter: string;
  /** Where its operator is asked about it. */
  contact: string;
}

/** The same for every attempt to tell it: a domain that gets it twice counts it once. */
export const reportId = ({ day, domain, submitter }: About): string => `${day}.${domain}@${submitter}`;

/** RFC 8460, 5.1. */
export const reportFileName = ({ submitter, domain, day }: About): string => {
  const begin = Date.parse(day) / SECOND;
  return `${submitter}!${domain}!${begin}!${begin + DAY / SECOND - 1}.json.gz`;
};

interface PolicyJson {
  'policy-type': TlsPolicy;
  'policy-string'?: readonly string[];
  'policy-domain': string;
  'mx-host'?: readonly string[];
}

interface FailureJson {
  'result-type': TlsResult;
  'receiving-mx-hostname'?: string;
  'failed-session-count': number;
}

/**
 * What one day's tries at TLS with a domain came to, for that domain (RFC 8460, 4). It holds counts, published policies and names of hosts: nothing of any mail,
 * nothing of any person. Pure.
 */
export function reportOf(about: About, counted: readonly Counted[]) {
  const policies = Map.groupBy(counted, ({ policy, policyId }) => `${policy} ${policyId}`);
  return {
    'organization-name': about.submitter,
    'date-range': { 'start-datetime': `${about.day}T00:00:00Z`, 'end-datetime': `${about.day}T23:59:59Z` },
    'contact-info': about.contact,
    'report-id': reportId(about),
    policies: [...policies.values()].map((own) => underOne(about.domain, own)),
  };
}

function underOne(domain: string, counted: readonly Counted[]) {
  const { policy, lines, patterns } = counted[0] as Counted;
  const failures = counted.flatMap(({ result, host, sessions }): FailureJson[] => (result ? [{ 'result-type': result, ...(host === '' ? {} : { 'receiving-mx-hostname': host }), 'failed-session-count': sessions }] : []));
  const total = (of: readonly Counted[]): number => of.reduce((sum, { sessions }) => sum + sessions, 0);
  const described: PolicyJson = { 'policy-type': policy, ...(lines.length > 0 ? { 'policy-string': lines } : {}), 'policy-domain': domain, ...(patterns.length > 0 ? { 'mx-host': patterns } : {}) };
  return {
    policy: described,
    summary: { 'total-successful-session-count': total(counted.filter(({ result }) => !result)), 'total-failure-session-count': total(counted.filter(({ result }) => result)) },
    ...(failures.length > 0 ? { 'failure-details': failures } : {}),
  };
}

export const reportFile = (about: About, counted: readonly Counted[]): Buffer => gzipSync(JSON.stringify(reportOf(about, counted)));
