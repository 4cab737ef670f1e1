import { createHash } from 'node:crypto';
import type { MailFailed, MailFault } from '../faults';
import { type DomainRecords, type HostRule, hostsOf, type StsState } from '../requirement';
import type { StsPolicy } from '../sts';
import type { Tlsa } from '../tlsa';
import type { TlsPolicy, TlsResult } from './results';

/** One try at TLS with a host of a domain, under one policy of that domain. Says nothing of the mail, nor of whom it was to. */
export interface TlsSession {
  policy: TlsPolicy;
  /** Which policy of that kind: the id of an MTA-STS policy, a digest of keys. Empty: none. */
  policyId: string;
  /** The policy, as it is published: lines of the file, or records. */
  lines: readonly string[];
  /** Patterns of hosts, of an MTA-STS policy. */
  patterns: readonly string[];
  /** Empty: it did not come to one. */
  host: string;
  /** Absent: TLS held. */
  result?: TlsResult;
}

type Policy = Omit<TlsSession, 'host' | 'result'>;

const NONE: Policy = { policy: 'no-policy-found', policyId: '', lines: [], patterns: [] };

const stsPolicy = (id: string, { mode, mx, maxAge }: StsPolicy): Policy => ({ policy: 'sts', policyId: id, lines: ['version: STSv1', `mode: ${mode}`, ...mx.map((pattern) => `mx: ${pattern}`), `max_age: ${maxAge}`], patterns: mx });

function keys(records: readonly Tlsa[]): Policy {
  const lines = records.map(({ usage, selector, matchingType, data }) => `${usage} ${selector} ${matchingType} ${data.toString('hex')}`).sort();
  return { policy: 'tlsa', policyId: createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, ID_DIGITS), lines, patterns: [] };
}

/** Hexadecimal digits by which one set of keys is told from another within a day. */
const ID_DIGITS = 16;

/** What a try at a host was held to: each policy is counted for itself (RFC 8460, 4.4). */
function policiesOf({ proofs, tlsa }: HostRule, sts: StsState): readonly Policy[] {
  const found = [...(proofs.includes('dane') ? [keys(tlsa)] : []), ...(proofs.includes('mta-sts') && sts.state === 'held' ? [stsPolicy(sts.id, sts.policy)] : [])];
  return found.length > 0 ? found : [NONE];
}

/** TLS held at a host: what the host then said to the mail is nothing here. Pure. */
export const heldAt = (rule: HostRule, sts: StsState): TlsSession[] => policiesOf(rule, sts).map((policy) => ({ ...policy, host: rule.host }));

/** Nothing was asked for at a host, and this is what it held: a container went over it where its agreement lets it (CH-04). Pure. */
export const foundAt = ({ host, tls }: { host: string; tls?: unknown }): TlsSession[] => [{ ...NONE, host, ...(tls ? {} : { result: 'starttls-not-supported' as const }) }];

/** TLS came to nothing at a host; nothing for what is no matter of TLS, such as a host that was not reached. Pure. */
export function failedAt(rule: HostRule, sts: StsState, { fault, certificate }: Pick<MailFailed, 'fault' | 'certificate'>): TlsSession[] {
  const all = policiesOf(rule, sts);
  const [byKeys, others] = [all.filter(({ policy }) => policy === 'tlsa'), all.filter(({ policy }) => policy !== 'tlsa')];
  const count = (policies: readonly Policy[], result: TlsResult): TlsSession[] => policies.map((policy) => ({ ...policy, host: rule.host, result }));
  if (fault === 'no-starttls') return count(all, 'starttls-not-supported');
  if (fault === 'dane-mismatch') return count(byKeys, 'tlsa-invalid');
  if (fault !== 'no-tls') return [];
  // Keys in DNS say nothing of authorities and dates: what these find fault with is told under the other policies.
  return certificate ? count(others.length > 0 ? others : all, certificate) : count(all, 'validation-failure');
}

/** Nothing was tried, for what stands against the domain itself. Pure. */
export function failedBefore(fault: MailFault, { sts, mx }: DomainRecords): TlsSession[] {
  const held = sts.state === 'held' ? stsPolicy(sts.id, sts.policy) : undefined;
  const told = (policy: Policy, result: TlsResult): TlsSession[] => [{ ...policy, host: '', result }];
  if (fault === 'policy-not-had') return sts.state === 'failed' && sts.why ? told({ ...NONE, policy: 'sts' }, sts.why) : [];
  if (fault === 'not-its-hosts') return hostsOf(mx).flatMap((host) => told(held ?? NONE, 'validation-failure').map((session) => ({ ...session, host })));
  if (fault === 'dns-failed') return told({ ...NONE, policy: 'tlsa' }, 'dnssec-invalid');
  // A policy that is only being tried out proves nothing to us, and neither does none.
  return fault === 'not-secure' ? told(held ?? NONE, 'validation-failure') : [];
}
