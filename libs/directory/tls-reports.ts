import type { MailAddress } from '#mail/address';
import { writtenAddress } from '#mail/address';
import type { Mailer } from '#mail/delivery';
import type { Resolver } from '#mail/resolver';
import type { DkimKey } from '#mail/tls/dkim';
import { type Place, readReportRecord } from '#mail/tls/record';
import { type About, type Counted, reportFile } from '#mail/tls/report';
import { reportMail } from '#mail/tls/report-mail';
import type { TlsPolicy, TlsResult } from '#mail/tls/results';
import type { TlsSession } from '#mail/tls/sessions';
import { type Clock, DAY, HOUR, MINUTE } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Egress } from '#platform/egress';

/** A report that has not gone out by then died with its courier: three places, each with as long as a host may take. */
const LEASE_MS = 30 * MINUTE;
/** After the end of its day: what was under way at midnight is counted by then. */
const AFTER_DAY_MS = HOUR;
/** RFC 8460, 5.5: longer and longer, for a day. */
export const REPORT_AGAIN_MS = [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR] as const;
/** Counts and reports are removed after that: whoever asks about a report asks within weeks. */
const KEPT_MS = 90 * DAY;

export interface TlsReportRooms {
  database: Database;
  clock: Clock;
  resolver: Pick<Resolver, 'ask'>;
  egress: Pick<Egress, 'ask'>;
  mailer: Pick<Mailer, 'deliver'>;
  from: MailAddress;
  /** Absent: no report goes by mail, for an unsigned one is to be passed over (RFC 8460, 3). */
  key?: DkimKey;
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** Counts tries at TLS with a domain, and has it told of the day when that is over. */
export async function countSessions(tx: Tx, domain: string, sessions: readonly TlsSession[], at: Date): Promise<void> {
  const day = dayOf(at);
  for (const { policy, policyId, lines, patterns, host, result } of sessions) {
    await tx.query(
      `insert into waybill.tls_count as c (domain, day, policy, policy_id, lines, patterns, host, result, sessions) values ($1, $2, $3, $4, $5, $6, $7, $8, 1)
       on conflict (domain, day, policy, policy_id, host, result) do update set sessions = c.sessions + 1`,
      [domain, day, policy, policyId, [...lines], [...patterns], host, result ?? ''],
    );
  }
  if (sessions.length > 0) await tx.query('insert into waybill.tls_report (domain, day, due_at) values ($1, $2, $3) on conflict do nothing', [domain, day, new Date(Date.parse(day) + DAY + AFTER_DAY_MS)]);
}

interface DueReport {
  domain: string;
  day: string;
  attempt: number;
}

/**
 * Tells each domain that wants to know how TLS with it went (RFC 8460). By HTTPS; or by mail, signed, and to a host that proves itself like any other: the RFC would have it
 * sent over broken TLS too, and nothing here goes so. What it says of broken TLS it says at another domain's host.
 */
export class TlsReports {
  constructor(private readonly rooms: TlsReportRooms) {}

  /** Takes up one that is due. What it gives ends when it is on record. */
  async takeUp(): Promise<Promise<void>[]> {
    const at = this.rooms.clock.now();
    const [rows]: [DueReport[], number] = await this.rooms.database.transaction((tx) => tx.query(
      `update waybill.tls_report r set leased_until = $2, attempt = r.attempt + 1
       from (select domain, day from waybill.tls_report where ended_at is null and due_at <= $1 and (leased_until is null or leased_until <= $1) order by due_at limit 1 for update skip locked) due
       where r.domain = due.domain and r.day = due.day returning r.domain, r.day::text, r.attempt`,
      [at, new Date(at.getTime() + LEASE_MS)],
    ));
    return rows.map((due) => this.tell(due));
  }

  private async tell(due: DueReport): Promise<void> {
    const { resolver, from } = this.rooms;
    const record = await resolver.ask(`_smtp._tls.${due.domain}`, 'TXT');
    if (record.state === 'failed') return this.again(due);
    const places = this.usable(record.state === 'found' ? readReportRecord(record.records) : []);
    if (places.length === 0) return this.ended(due, 'not-asked-for');
    const about = { domain: due.domain, day: due.day, submitter: from.domain, contact: writtenAddress(from) };
    const report = reportFile(about, await this.counted(due));
    let told = false;
    for (const place of places) told = (await this.goes(place, about, report)) || told;
    // One place that took it is enough: to try the others again would have that one told twice.
    return told ? this.ended(due, 'told') : this.again(due);
  }

  private usable(places: readonly Place[]): readonly Place[] {
    return places.filter(({ by }) => by === 'https' || this.rooms.key !== undefined);
  }

  /** Whether it was taken there. */
  private async goes(place: Place, about: About, report: Buffer): Promise<boolean> {
    const { egress, mailer, from, key, clock } = this.rooms;
    if (place.by === 'https') {
      const answer = await egress.ask(place.url, () => ({ method: 'POST', headers: { 'content-type': 'application/tlsrpt+gzip' }, body: report })).catch(() => undefined);
      return answer !== undefined && answer.status >= 200 && answer.status < 300;
    }
    if (!key) return false;
    const octets = reportMail(about, report, { from, to: place.address, at: clock.now(), key });
    // Not counted itself: a report on reports would never end.
    return (await mailer.deliver({ from: writtenAddress(from), to: writtenAddress(place.address), octets })).outcome === 'sent';
  }

  private async counted({ domain, day }: DueReport): Promise<Counted[]> {
    interface Row { policy: TlsPolicy; policy_id: string; lines: string[]; patterns: string[]; host: string; result: TlsResult | ''; sessions: string }
    const rows: Row[] = await this.rooms.database.transaction((tx) => tx.query('select * from waybill.tls_count where domain = $1 and day = $2 order by policy, policy_id, host, result', [domain, day]));
    return rows.map(({ policy, policy_id: policyId, lines, patterns, host, result, sessions }) => ({ policy, policyId, lines, patterns, host, sessions: Number(sessions), ...(result === '' ? {} : { result }) }));
  }

  private async again(due: DueReport): Promise<void> {
    const wait = REPORT_AGAIN_MS[due.attempt - 1];
    if (wait === undefined) return this.ended(due, 'given-up');
    const { database, clock } = this.rooms;
    await database.transaction((tx) => tx.query('update waybill.tls_report set due_at = $3, leased_until = null where domain = $1 and day = $2', [due.domain, due.day, new Date(clock.now().getTime() + wait)]));
  }

  private async ended({ domain, day }: DueReport, ended: 'told' | 'not-asked-for' | 'given-up'): Promise<void> {
    const { database, clock } = this.rooms;
    await database.transaction(async (tx) => {
      const at = clock.now();
      await tx.query('update waybill.tls_report set ended = $3, ended_at = $4, leased_until = null where domain = $1 and day = $2', [domain, day, ended, at]);
      const old = dayOf(new Date(at.getTime() - KEPT_MS));
      for (const table of ['tls_count', 'tls_report']) await tx.query(`delete from waybill.${table} where day < $1`, [old]);
    });
  }
}
