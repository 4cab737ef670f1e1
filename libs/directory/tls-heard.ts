import type { PolicyReported, TlsReport } from '#mail/tls/reading';
import type { TlsPolicy, TlsResult } from '#mail/tls/results';
import { DAY } from '#platform/clock';
import type { Tx } from '#platform/database';

/** Policies of reports that are kept of one day: anybody may send one, and who sends more is not heard. */
const MOST_A_DAY = 2_000;
/** A report is of use while what it tells of may still be so. */
export const HEARD_DAYS = 30;

/**
 * Keeps what a report says of domains that the directory has or that are our own. Nobody vouches for it, so nothing is believed of it: a failure has
 * the courier look at the domain itself, and what that finds counts. How many policies of it were new; absent where none is about such a domain.
 */
export async function heard(tx: Tx, { digest, from, until, policies }: TlsReport, { own, at }: { own: readonly string[]; at: Date }): Promise<number | undefined> {
  await tx.query('delete from waybill.tls_heard where heard_at < $1', [new Date(at.getTime() - HEARD_DAYS * DAY)]);
  const known: { domain: string }[] = await tx.query('select distinct domain from waybill.mail_domain where domain = any($1)', [policies.map(({ domain }) => domain)]);
  const ours = new Set([...own, ...known.map(({ domain }) => domain)]);
  const about = merged(policies.filter(({ domain }) => ours.has(domain)));
  if (about.length === 0) return undefined;
  const [{ kept }] = (await tx.query('select count(*)::int as kept from waybill.tls_heard where heard_at > $1', [new Date(at.getTime() - DAY)])) as [{ kept: number }];
  if (kept + about.length > MOST_A_DAY) return 0;
  let fresh = 0;
  for (const { domain, policy, succeeded, failed, failures } of about) {
    const rows: unknown[] = await tx.query(
      `insert into waybill.tls_heard (digest, domain, policy, from_at, until_at, succeeded, failed, results, sessions, heard_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning domain`,
      [digest, domain, policy, from, until, succeeded, failed, failures.map(({ result }) => result), failures.map(({ sessions }) => sessions), at],
    );
    fresh += rows.length;
    if (rows.length > 0 && failed > 0) await tx.query('update waybill.mail_domain set check_at = least(check_at, $2) where domain = $1', [domain, at]);
  }
  return fresh;
}

/** What others said within the last days, by domain and policy. */
export async function heardOf(tx: Tx, at: Date): Promise<PolicyReported[]> {
  interface Row { domain: string; policy: TlsPolicy; succeeded: string; failed: string; results: TlsResult[]; sessions: string[] }
  const rows: Row[] = await tx.query('select domain, policy, succeeded, failed, results, sessions from waybill.tls_heard where until_at > $1', [new Date(at.getTime() - HEARD_DAYS * DAY)]);
  return merged(rows.map(({ succeeded, failed, results, sessions, ...of }) => ({ ...of, succeeded: Number(succeeded), failed: Number(failed), failures: results.map((result, i) => ({ result, sessions: Number(sessions[i]) })) })));
}

/** One for each domain and policy: a report may have several of a kind, one for each set of keys. */
export function merged(reported: readonly PolicyReported[]): PolicyReported[] {
  const most = (sum: number): number => Math.min(sum, Number.MAX_SAFE_INTEGER);
  return [...Map.groupBy(reported, ({ domain, policy }) => `${domain} ${policy}`).values()].map((own) => {
    const failures = Map.groupBy(own.flatMap((each) => each.failures), ({ result }) => result);
    const { domain, policy } = own[0] as PolicyReported;
    return {
      domain, policy, succeeded: most(own.reduce((sum, each) => sum + each.succeeded, 0)), failed: most(own.reduce((sum, each) => sum + each.failed, 0)),
      failures: [...failures].map(([result, of]) => ({ result, sessions: most(of.reduce((sum, { sessions }) => sum + sessions, 0)) })),
    };
  }).sort((a, b) => `${a.domain} ${a.policy}`.localeCompare(`${b.domain} ${b.policy}`));
}
