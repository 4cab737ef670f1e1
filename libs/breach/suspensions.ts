import { closeDuties, dutyRows, type NewDuty } from '#duties/duties';
import { requireMet } from '#exchange/entries';
import { DAY } from '#platform/clock';
import { actingAs, type Asker, type Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { insertRows } from '#platform/rows';
import { Refusal } from '#platform/refusal';
import { type Agreement, term } from '#policy/agreement';
import { breachRules } from '#policy/breach-relay';
import { suspendingUnmet } from '#policy/suspending';
import type { BreachStated } from '#protocol/breach';
import { readManifest } from '#protocol/read';
import type { NewEntry, Register } from '#register/register';
import type { SuspensionRow } from './breaches';
import { membersOf } from './members';
import type { BreachRow } from './rows';
import { telling } from './telling';
import { joinCase } from './joining';

export interface SuspensionSaid {
  asker: Asker;
  stated: BreachStated;
  row: BreachRow;
  agreement: Agreement;
  signed: { statement: string; signer: string };
  at: Date;
}

/** Suspending an agreement, and ending that: a right that only an agreement gives (SU-01 to SU-04). */
export class Suspensions {
  constructor(private readonly rooms: { register: Register }) {}

  /** Every signatory is told in the same step. What is sent under it from now on waits, in its order. @throws Refusal with every code of `SUSPENDING` */
  async begin(tx: Tx, { asker, stated, row, agreement, signed, at }: SuspensionSaid): Promise<void> {
    const members = await membersOf(tx, row.agreement, [], at);
    const signatories = [...members.values()].filter(({ entry }) => entry !== null).map(({ agency }) => agency);
    const before: SuspensionRow[] = await tx.query('select * from waybill.suspension where breach = $1', [row.id]);
    const scope = term(agreement, 'suspension.scope') ?? 'own-participation';
    const reached = [await inCase(tx, asker, row.id, stated.inWriting), await inCase(tx, asker, row.id, stated.evidence)] as const;
    requireMet(suspendingUnmet({ agreement, party: signatories.includes(asker.agency), real: !row.near_miss && !row.exercise, standing: before.some(({ ended_at: ended, ends_at: ends }) => ended === null && ends > at), before: before.length, writing: reached[0] !== undefined, evidence: reached[1] !== undefined }));
    const [id, endsAt] = [uuid7(at.getTime()), new Date(at.getTime() + (term(agreement, 'suspension.maxDays') ?? 0) * DAY)];
    const days = term(agreement, 'suspension.meetingDays');
    const meetBy = days === undefined ? undefined : new Date(at.getTime() + days * DAY);
    const without = signatories.filter((agency) => agency !== asker.agency && !(reached[0]?.includes(agency) || reached[1]?.includes(agency)));
    await joinCase(tx, row, members, signatories, 'signatory');
    await tx.query('insert into waybill.suspension (id, breach, agreement, by, scope, began_at, ends_at, meet_by, in_writing, evidence, without_writing) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
      id, row.id, row.agreement, asker.agency, scope, at, endsAt, meetBy ?? null, stated.inWriting, stated.evidence, without]);
    const others = signatories.filter((agency) => agency !== asker.agency);
    const told = telling({ id: row.id, agreement: row.agreement, type: row.type, exercise: row.exercise }, others.map((agency) => ({ agency, wave: 'suspension' })), { members, rules: breachRules(agreement), other: asker.agency, others: [asker.controller], at });
    const meet = meetBy === undefined ? [] : signatories.map((owner): NewDuty => ({ kind: 'meet-about-suspension', about: { breach: row.id }, owner, lane: 'breach', at, dueAt: meetBy }));
    await insertRows(tx, [...told.rows, dutyRows(meet)]);
    const fields = { breach: row.id, suspension: id, agreement: row.agreement, by: asker.agency, scope, ...signed, inWriting: stated.inWriting ?? '', evidence: stated.evidence ?? '', endsAt: endsAt.toISOString(), meetBy: meetBy?.toISOString() };
    await this.rooms.register.record(tx, [...told.entries, ...registersOf(signatories.map((agency) => members.get(agency)?.controller ?? agency)).map((controller): NewEntry => ({ kind: 'agreement-suspended', controller, at, fields }))]);
  }

  /** What a meeting resolved: whose representatives were there have met; where it resolved so, sharing goes on. */
  async met(tx: Tx, said: SuspensionSaid): Promise<void> {
    const { asker, stated, row, at } = said;
    for (const agency of stated.attended ?? []) await actingAs(tx, agency, () => closeDuties(tx, { breach: row.id, owner: agency }, { because: 'met', at }, ['meet-about-suspension']), { instead: asker.agency });
    if (stated.outcome === 'resume') await this.end(tx, said, 'meeting');
  }

  /** Ends the standing suspension of a case. @throws Refusal NOT_YOURS_TO_STATE where somebody else began it, but for what a meeting resolved */
  async end(tx: Tx, { asker, row, at }: SuspensionSaid, because: 'meeting' | 'withdrawn'): Promise<void> {
    const [standing]: SuspensionRow[] = await tx.query('select * from waybill.suspension where breach = $1 and ended_at is null', [row.id]);
    if (!standing || (because === 'withdrawn' && standing.by !== asker.agency)) throw new Refusal({ code: 'NOT_YOURS_TO_STATE', pointer: '/kind' });
    await tx.query('update waybill.suspension set ended_at = $2, ended_because = $3 where id = $1', [standing.id, at, because]);
    await recordEnd(tx, this.rooms.register, standing, because, at);
  }
}

const registersOf = (controllers: readonly string[]): string[] => [...new Set(controllers)];

/** In the register of every signatory that the case has. */
export async function recordEnd(tx: Tx, register: Register, { id, breach, agreement }: SuspensionRow, because: string, at: Date): Promise<void> {
  const rows: { controller: string }[] = await tx.query(`select distinct controller from waybill.breach_party where breach = $1 and 'signatory' = any(parts)`, [breach]);
  await register.record(tx, rows.map(({ controller }): NewEntry => ({ kind: 'agreement-resumed', controller, at, fields: { breach, suspension: id, agreement, because } })));
}

/** To whom a share of the asker's own in this case went; undefined where it has none of that id. */
async function inCase(tx: Tx, asker: Asker, breach: string, share: string | undefined): Promise<string[] | undefined> {
  if (share === undefined) return undefined;
  const [row]: { manifest: Buffer; recipients: string[] }[] = await tx.query(
    'select s.manifest, array(select t.recipient from waybill.transfer t where t.sender = s.sender and t.share = s.id) as recipients from waybill.share s where s.sender = $1 and s.id = $2', [asker.agency, share]);
  const reading = row && readManifest(row.manifest);
  return reading?.ok && reading.value.threads?.breach === breach ? row?.recipients : undefined;
}
