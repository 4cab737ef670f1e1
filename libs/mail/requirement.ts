import { isHost, matchesPattern, type StsPolicy } from './sts';
import { type Tlsa, usable } from './tlsa';

/** Hosts of one domain that are looked at, the preferred first. */
export const MOST_HOSTS = 10;

/** Records of one kind. `secure`: the resolver validated them, or that there are none, by DNSSEC. `failed`: no answer, or one that does not validate. */
export type Found<T> = { state: 'found'; records: readonly T[]; secure: boolean } | { state: 'none'; secure: boolean } | { state: 'failed' };

export interface Mx {
  preference: number;
  /** Lower case, without a dot at its end; empty for the host that takes no mail (RFC 7505). */
  host: string;
}

/** Why a policy that the domain says it has could not be had: as RFC 8460, 4.3.2.2, calls it. */
export type StsFailure = 'sts-policy-fetch-error' | 'sts-policy-invalid' | 'sts-webpki-invalid';

/** What is known of a domain's policy: the one that holds now, fetched just now or before. `failed`: it could not be had, and none is held; without `why`: nor could it be learnt whether there is one. */
export type StsState = { state: 'held'; id: string; policy: StsPolicy } | { state: 'none' } | { state: 'failed'; why?: StsFailure };

export interface DomainRecords {
  mx: Found<Mx>;
  sts: StsState;
  /** By host of `mx`: what stands at `_25._tcp.` */
  tlsa: Readonly<Record<string, Found<Tlsa>>>;
  /** Patterns of hosts that the co-ordinator recorded for the domain, as in a policy. */
  recorded?: readonly string[];
}

/** By what we know that a host is the domain's: DNSSEC with keys in DNS, the domain's policy, or what the co-ordinator recorded. */
export type Proof = 'dane' | 'mta-sts' | 'recorded';

/** What a connection to one host must fulfil before any of the message goes. TLS 1.2 with forward secrecy always. */
export interface HostRule {
  host: string;
  proofs: readonly Proof[];
  /** The certificate is by a public authority, for this name. */
  certified: boolean;
  /** One of them matches. Empty: none is asked for. */
  tlsa: readonly Tlsa[];
}

export const DOMAIN_FAULTS = {
  'no-mx': { outcome: 'permanent', says: 'the domain names no host that takes mail' },
  'takes-no-mail': { outcome: 'permanent', says: 'the domain says that it takes no mail' },
  'not-secure': { outcome: 'permanent', says: 'nothing proves which hosts are the domain’s: no policy that is enforced, no keys in signed DNS, nothing recorded' },
  'not-its-hosts': { outcome: 'temporary', says: 'every host that DNS names is one that the domain’s policy or the record does not know' },
  'dns-failed': { outcome: 'temporary', says: 'DNS gave no answer, or one that does not validate' },
  'policy-not-had': { outcome: 'temporary', says: 'the domain says that it has a policy, and it could not be fetched' },
} as const satisfies Record<string, { outcome: 'temporary' | 'permanent'; says: string }>;
export type DomainFault = keyof typeof DOMAIN_FAULTS;

export type DomainRules = { ok: true; hosts: readonly HostRule[]; policyId?: string } | { ok: false; fault: DomainFault };

/**
 * What must hold for mail to a domain, by what was found of it. Stricter than RFC 7672 and RFC 8461, which fall back to what an attacker can forge where a domain
 * has published nothing: we send nothing to a host that nothing proves to be the domain's. Pure.
 */
export function requirement({ mx, sts, tlsa, recorded }: DomainRecords): DomainRules {
  const refused = (fault: DomainFault) => ({ ok: false as const, fault });
  const none = withoutHosts(mx);
  if (none) return refused(none);
  const policy = sts.state === 'held' && sts.policy.mode === 'enforce' ? sts.policy : undefined;
  const looked = hostsOf(mx).map((host) => ruleFor(host, { signed: signedIn(mx), policy, keys: tlsa[host], recorded }));
  const hosts = looked.filter((rule): rule is HostRule => typeof rule === 'object');
  if (hosts.length > 0) return { ok: true, hosts, ...(policy && sts.state === 'held' ? { policyId: sts.id } : {}) };
  if (looked.includes('failed')) return refused('dns-failed');
  if (policy || looked.includes('not-recorded')) return refused('not-its-hosts');
  return refused(sts.state === 'failed' ? 'policy-not-had' : 'not-secure');
}

/** Why there is no host to look at. */
function withoutHosts(mx: Found<Mx>): 'dns-failed' | 'no-mx' | 'takes-no-mail' | undefined {
  if (mx.state === 'failed') return 'dns-failed';
  // RFC 5321 would take the domain itself for its host. No mail domain of an agency is like that, and a forger likes it.
  if (mx.state === 'none') return 'no-mx';
  return mx.records.some(({ host }) => host === '') ? 'takes-no-mail' : undefined;
}

export type LeastRules = { ok: true; hosts: readonly string[] } | { ok: false; fault: Exclude<DomainFault, 'not-secure'> | 'promises-tls' };

/**
 * Which hosts a container may go to where the agreement asks for no TLS (CH-04): those that DNS names, and the co-ordinator's record knows where there is one.
 * A domain that asks for TLS itself (RFC 8461, 5; RFC 7672, 2.2) gets nothing without it, and so does one whose asking somebody may be suppressing. Pure.
 */
export function leastRequirement({ mx, sts, tlsa, recorded = [] }: DomainRecords): LeastRules {
  const refused = (fault: Extract<LeastRules, { ok: false }>['fault']) => ({ ok: false as const, fault });
  const none = withoutHosts(mx);
  if (none) return refused(none);
  if (sts.state === 'failed') return refused('policy-not-had');
  if (sts.state === 'held' && sts.policy.mode === 'enforce') return refused('promises-tls');
  const hosts = hostsOf(mx).filter((host) => recorded.length === 0 || recorded.some((pattern) => matchesPattern(pattern, host)));
  if (hosts.length === 0) return refused('not-its-hosts');
  const asking = hosts.map((host) => tlsa[host]);
  const open = hosts.filter((_, i) => asking[i] !== undefined && asking[i].state !== 'failed' && published(signedIn(mx), asking[i]).length === 0);
  if (open.length > 0) return { ok: true, hosts: open };
  return refused(asking.some((found) => found === undefined || found.state === 'failed') ? 'dns-failed' : 'promises-tls');
}

const signedIn = (mx: Found<Mx>): boolean => mx.state === 'found' && mx.secure;
/** Keys that count: DNS is signed throughout. */
const published = (signed: boolean, keys: Found<Tlsa>): readonly Tlsa[] => (signed && keys.state === 'found' && keys.secure ? keys.records : []);

/** The hosts that are looked at, the preferred first. What is no host name (`localhost`, an address) is none. */
export const hostsOf = (mx: Found<Mx>): string[] =>
  [...new Set((mx.state === 'found' ? [...mx.records] : []).sort((a, b) => a.preference - b.preference).map(({ host }) => host).filter(isHost))].slice(0, MOST_HOSTS);

type Known = { signed: boolean; policy: StsPolicy | undefined; keys: Found<Tlsa> | undefined; recorded: readonly string[] | undefined };

/** All that exists must hold: no proof makes up for another that fails. */
function ruleFor(host: string, { signed, policy, keys, recorded }: Known): HostRule | 'failed' | 'unknown' | 'not-recorded' {
  const among = (patterns: readonly string[]): boolean => patterns.some((pattern) => matchesPattern(pattern, host));
  // M7: an attacker who cannot forge keys can make the question for them fail.
  if (keys === undefined || keys.state === 'failed') return 'failed';
  if (policy && !among(policy.mx)) return 'unknown';
  if (recorded && recorded.length > 0 && !among(recorded)) return 'not-recorded';
  const tlsa = published(signed, keys).filter(usable);
  const proofs: Proof[] = [...(tlsa.length > 0 ? ['dane' as const] : []), ...(policy ? ['mta-sts' as const] : []), ...(recorded && recorded.length > 0 ? ['recorded' as const] : [])];
  if (proofs.length === 0) return 'unknown';
  return { host, proofs, certified: proofs.some((proof) => proof !== 'dane'), tlsa };
}
