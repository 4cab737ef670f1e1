import { Documents } from '#exchange/documents';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Agreement } from '#policy/agreement';
import { approversOf, speakersOf } from '#policy/speaking';
import type { Register } from '#register/register';
import { type VersionRow, versionKept, versionsOf, voicesOf } from './standing';

interface SettlingRooms {
  database: Database;
  register: Register;
  clock: Clock;
}

/** What a gateway serves: the versions in force, by id; and those that it was given and that wait. */
export interface Settled {
  served: Map<string, Agreement>;
  waiting: { agreement: string; version: string; awaits: string[] }[];
}

/** Gateways that start at once settle one after the other. */
const SETTLING = [7219403, 1] as const;

/**
 * Of each agreement that a gateway was given, the version that is in force (RV-05): a new one once the approvals are on file for which the version in force
 * asks, from then on and in every party's register; until then the old one goes on. The first of an agreement is in force at once, and so is one whose text asks for no approval.
 */
export async function settleAgreements({ database, register, clock }: SettlingRooms, given: ReadonlyMap<string, Agreement>): Promise<Settled> {
  await new Documents(database).keepAgreements(given.values());
  return database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1, $2)', [...SETTLING]);
    const at = clock.now();
    const settled: Settled = { served: new Map(), waiting: [] };
    for (const agreement of given.values()) {
      const { served, awaits } = await settle(tx, register, agreement, at);
      settled.served.set(agreement.id, served);
      if (awaits) settled.waiting.push({ agreement: agreement.id, version: agreement.version, awaits });
    }
    return settled;
  });
}

/** The same for a process that decides nothing: it takes what a gateway has settled; before one has, what it was given. */
export function agreementsInForce(database: Database, given: ReadonlyMap<string, Agreement>): Promise<Map<string, Agreement>> {
  return database.transaction(async (tx) => {
    const served = new Map<string, Agreement>();
    for (const agreement of given.values()) {
      const [current] = await versionsOf(tx, agreement.id);
      served.set(agreement.id, !current?.in_force_at || current.digest === agreement.digest ? agreement : await versionKept(tx, current.digest));
    }
    return served;
  });
}

async function settle(tx: Tx, register: Register, given: Agreement, at: Date): Promise<{ served: Agreement; awaits?: string[] }> {
  const versions = await versionsOf(tx, given.id);
  const [current] = versions;
  const own = versions.find(({ digest }) => digest === given.digest);
  if (!own) await tx.query('insert into waybill.agreement_amendment (agreement, digest, version, proposed_at) values ($1, $2, $3, $4)', [given.id, given.digest, given.version, at]);
  if (!current?.in_force_at) return entered(tx, given, at);
  if (current.digest === given.digest) return { served: given };
  const inForce = await versionKept(tx, current.digest);
  // What was replaced once does not come back by itself.
  const awaits = own?.in_force_at ? [] : await missing(tx, inForce, own, at);
  if (own?.in_force_at || awaits) return { served: inForce, awaits: awaits ?? [] };
  await recordAmended(tx, register, given, current, at);
  return entered(tx, given, at);
}

async function entered(tx: Tx, given: Agreement, at: Date): Promise<{ served: Agreement }> {
  await tx.query('update waybill.agreement_amendment set in_force_at = $3 where agreement = $1 and digest = $2', [given.id, given.digest, at]);
  return { served: given };
}

/** Whose approval is missing, by the rule of the version in force: one that waits does not say by itself who approves it. Undefined: nobody's. */
async function missing(tx: Tx, inForce: Agreement, own: VersionRow | undefined, at: Date): Promise<string[] | undefined> {
  const body = approversOf(inForce);
  const voices = await voicesOf(tx, inForce.id, at);
  // Of nobody's agreement nobody has to be asked.
  return !body || voices.length === 0 || own?.approved_at ? undefined : speakersOf(inForce, body, voices);
}

async function recordAmended(tx: Tx, register: Register, { id, version, digest }: Agreement, replaced: VersionRow, at: Date): Promise<void> {
  const parties: { controller: string }[] = await tx.query(`select distinct a.controller from waybill.membership m join waybill.agency a on a.id = m.agency where m.agreement = $1 and m.status = 'active' order by 1`, [id]);
  await register.record(tx, parties.map(({ controller }) => ({ kind: 'agreement-amended' as const, controller, at, fields: { agreement: { id, version, digest }, replaces: { id, version: replaced.version, digest: replaced.digest } } })));
}
