import { closeDuties, DOMAIN_DUTY, openDuty } from '#duties/duties';
import { MAIL_FAULTS, type MailFault } from '#mail/faults';
import type { Posture } from '#mail/probing';
import { type Clock, DAY, HOUR, MINUTE } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { holdsUntil } from './facts';

/** How often a domain is looked at: daily while all is well; hourly while it is not, so that what was mended is soon known. */
export const LOOKED_AT = { well: DAY, otherwise: HOUR } as const;
/** A look that has not ended by then died with its courier: four handshakes with each of ten hosts that answer late. */
const LEASE_MS = 30 * MINUTE;
/** What says nothing of a domain, only that it could not be looked at: it stays as it was found, until that is too old. */
const NOTHING_FOUND: ReadonlySet<MailFault> = new Set(['dns-failed', 'policy-not-had', 'not-reached', 'timed-out', 'broke-off', 'refused-for-now', 'not-smtp']);

interface DueDomain {
  agency: string;
  domain: string;
  hosts: string[];
  found_at: Date | null;
  lapsed_at: Date | null;
}

export interface DomainRooms {
  database: Database;
  clock: Clock;
  look(domain: string, recorded: readonly string[]): Promise<Posture>;
  /** What waits for a domain may go on. */
  restored(tx: Tx, agency: string, domain: string): Promise<void>;
}

/** Looks at the mail domains of the directory, keeps how each was found, and says which are no secure domains any more. */
export class Domains {
  constructor(private readonly rooms: DomainRooms) {}

  /** Takes up one that is due. What it gives ends when it is on record. */
  async takeUp(): Promise<Promise<void>[]> {
    const at = this.rooms.clock.now();
    const [rows]: [DueDomain[], number] = await this.rooms.database.transaction((tx) => tx.query(
      `update waybill.mail_domain d set leased_until = $2
       from (select agency, domain from waybill.mail_domain where check_at <= $1 and (leased_until is null or leased_until <= $1) order by check_at limit 1 for update skip locked) due
       where d.agency = due.agency and d.domain = due.domain returning d.agency, d.domain, d.hosts, d.found_at, d.lapsed_at`,
      [at, new Date(at.getTime() + LEASE_MS)],
    ));
    return rows.map((due) => this.look(due));
  }

  private async look(due: DueDomain): Promise<void> {
    const posture = await this.rooms.look(due.domain, due.hosts);
    const { database, clock } = this.rooms;
    await database.transaction(async (tx) => {
      const at = clock.now();
      await keep(tx, due, posture, at);
      const fault = faultOf(posture);
      const stale = due.found_at !== null && holdsUntil(due.found_at) <= at.getTime();
      if (fault === undefined) await this.stands(tx, due, posture, at);
      else if (NOTHING_FOUND.has(fault) && due.found_at !== null && !stale) await again(tx, due, at);
      else await lapse(tx, due, fault, at);
    });
  }

  private async stands(tx: Tx, { agency, domain, lapsed_at: lapsed }: DueDomain, posture: Posture, at: Date): Promise<void> {
    await tx.query('update waybill.mail_domain set tls = $3, found_at = $4, lapsed_at = null, fault = null, failures = 0, rests_until = null, check_at = $5, leased_until = null where agency = $1 and domain = $2', [
      agency, domain, leastOf(posture), at, new Date(at.getTime() + LOOKED_AT.well),
    ]);
    if (lapsed) await closeDuties(tx, { owner: agency, domain }, { because: 'mended', at }, [DOMAIN_DUTY]);
    await this.rooms.restored(tx, agency, domain);
  }
}

const again = (tx: Tx, { agency, domain }: DueDomain, at: Date): Promise<unknown> =>
  tx.query('update waybill.mail_domain set check_at = $3, leased_until = null where agency = $1 and domain = $2', [agency, domain, new Date(at.getTime() + LOOKED_AT.otherwise)]);

/**
 * It is no secure domain from now on, and somebody has to mend it: once, however often it is found like that. Not where it never was one and nobody
 * gets mail there: most agencies collect here, and how they keep their mail is no concern of the co-ordinator's.
 */
async function lapse(tx: Tx, { agency, domain, found_at: found, lapsed_at: before }: DueDomain, fault: MailFault, at: Date): Promise<void> {
  await tx.query('update waybill.mail_domain set lapsed_at = coalesce(lapsed_at, $3), fault = $4, check_at = $5, leased_until = null where agency = $1 and domain = $2', [agency, domain, at, fault, new Date(at.getTime() + LOOKED_AT.otherwise)]);
  const [{ mailed }] = (await tx.query(`select exists (select from waybill.contact where agency = $1 and not collects and lower(split_part(email, '@', 2)) = $2) as mailed`, [agency, domain])) as [{ mailed: boolean }];
  if (before === null && (found !== null || mailed)) await openDuty(tx, { kind: DOMAIN_DUTY, about: { domain }, owner: agency, lane: 'routine', at });
}

async function keep(tx: Tx, { agency, domain }: DueDomain, posture: Posture, at: Date): Promise<void> {
  const { records: { sts, tlsa }, hosts, dmarc, tlsRpt } = posture;
  await tx.query('insert into waybill.mail_posture (id, agency, domain, at, fault, tls, sts, policy, dane, dmarc, tls_rpt) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
    uuid7(at.getTime()), agency, domain, at, faultOf(posture) ?? null, [...new Set(hosts.flatMap(({ versions }) => versions))].sort(), sts.state === 'held' ? sts.policy.mode : sts.state, sts.state === 'held' ? sts.id : null,
    Object.values(tlsa).some((found) => found.state === 'found' && found.secure), policyIn(dmarc), tlsRpt.state === 'found',
  ]);
}

/** `p=` of the DMARC record (RFC 7489, 6.3): a code, whatever else stands there. */
const policyIn = (dmarc: Posture['dmarc']): string | null =>
  (dmarc.state === 'found' && dmarc.records.map((text) => /^v=DMARC1\s*;(?:.*;)?\s*p=(none|quarantine|reject)\s*(?:;|$)/i.exec(text)?.[1]?.toLowerCase()).find(Boolean)) || null;

/** Why it is not secure: what stands against the domain, else against one of its hosts, else that none was reached. */
function faultOf({ rules, hosts }: Posture): MailFault | undefined {
  if (!rules.ok) return rules.fault;
  const firm = hosts.find(({ fault }) => fault !== undefined && !NOTHING_FOUND.has(fault));
  return firm?.fault ?? (hosts.some(({ fault }) => fault === undefined) ? undefined : (hosts[0]?.fault ?? 'not-reached'));
}

/** The best version that each of its hosts takes. A connection of ours takes no less than 1.2. */
const leastOf = ({ hosts }: Posture): '1.2' | '1.3' => (hosts.filter(({ fault }) => fault === undefined).every(({ versions }) => versions.includes('1.3')) ? '1.3' : '1.2');

/** In words, for whoever has to mend it. */
export const saysOf = (fault: string): string => (fault in MAIL_FAULTS ? MAIL_FAULTS[fault as MailFault].says : fault);
