import { DAY, SECOND } from '#platform/clock';
import { type Egress, EgressFailed } from '#platform/egress';
import { type DomainRecords, type Found, hostsOf, type StsFailure, type StsState } from './requirement';
import type { Resolver } from './resolver';
import { readStsPolicy, readStsRecord, type StsPolicy } from './sts';
import type { Tlsa } from './tlsa';

/** After that a policy that holds is fetched anew though its id is the same: who blocks the fetch once must go on to do so (RFC 8461, 10.2). */
export const POLICY_FRESH_MS = DAY;

/** A policy as it was fetched. */
export interface HeldPolicy {
  id: string;
  policy: StsPolicy;
  fetchedAt: Date;
}

/** Where policies are kept. What forgets them with a restart lets whoever can block a fetch undo a policy. */
export interface PolicyStore {
  get(domain: string): Promise<HeldPolicy | undefined>;
  put(domain: string, held: HeldPolicy): Promise<void>;
}

export interface Sources {
  resolver: Pick<Resolver, 'ask'>;
  egress: Pick<Egress, 'ask'>;
  policies: PolicyStore;
  now: () => Date;
}

/** Looks up all that says what mail to a domain must fulfil. @param domain of a mail address that `readAddress` read */
export async function recordsOf(domain: string, sources: Sources): Promise<DomainRecords> {
  const [mx, sts] = await Promise.all([sources.resolver.ask(domain, 'MX'), policyOf(domain, sources)]);
  const tlsa: Record<string, Found<Tlsa>> = {};
  await Promise.all(hostsOf(mx).map(async (host) => (tlsa[host] = await sources.resolver.ask(`_25._tcp.${host}`, 'TLSA'))));
  return { mx, sts, tlsa };
}

/** The policy that holds now. One that is held and not too old goes on to hold when what replaces it cannot be had, whatever became of the record or the file (M6). */
export async function policyOf(domain: string, { resolver, egress, policies, now }: Sources): Promise<StsState> {
  const record = await resolver.ask(`_mta-sts.${domain}`, 'TXT');
  const kept = await policies.get(domain);
  const held = kept && now().getTime() < kept.fetchedAt.getTime() + kept.policy.maxAge * SECOND ? kept : undefined;
  const id = record.state === 'found' ? readStsRecord(record.records) : undefined;
  if (held && (id === undefined || (id === held.id && now().getTime() < held.fetchedAt.getTime() + POLICY_FRESH_MS))) return { state: 'held', ...held };
  if (id === undefined) return { state: record.state === 'failed' ? 'failed' : 'none' };
  const policy = await fetched(domain, egress);
  if (typeof policy === 'string') return held ? { state: 'held', ...held } : { state: 'failed', why: policy };
  await policies.put(domain, { id, policy, fetchedAt: now() });
  return { state: 'held', id, policy };
}

/** RFC 8461, 3.3: over HTTPS with a certificate that holds, no redirect, as plain text; else why there is none. */
async function fetched(domain: string, egress: Sources['egress']): Promise<StsPolicy | StsFailure> {
  const answer = await egress.ask(`https://mta-sts.${domain}/.well-known/mta-sts.txt`).catch((error: unknown) => (error instanceof EgressFailed && /CERT|SELF_SIGNED|VERIFY/.test(error.cause ?? '') ? 'sts-webpki-invalid' : 'sts-policy-fetch-error'));
  if (typeof answer === 'string') return answer;
  if (answer.status !== 200) return 'sts-policy-fetch-error';
  const plain = /^text\/plain *(;|$)/i.test(answer.headers['content-type'] ?? '');
  return (plain ? readStsPolicy(answer.body.toString('latin1')) : undefined) ?? 'sts-policy-invalid';
}
