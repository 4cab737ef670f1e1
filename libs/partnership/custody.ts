import type { Directory } from '#directory/directory';
import { works, STAFF_ROLE_CODES } from '#directory/staff-roles';
import { closeDuties, openDuty } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import { afterCollision } from '#exchange/collision';
import { isKept, keepStated, namedIn, readStated, signatureOf, type StatementSent } from '#exchange/signed-statement';
import { type Clock, day } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { Refusal, type RefusalReason } from '#platform/refusal';
import { becauseOf, ENDS_A_KEY, lacksOf } from '#policy/custody';
import { CustodyStated } from '#protocol/custody';
import type { CustodyList, CustodyTold, HolderTold } from '#protocol/custody-answers';
import type { Register } from '#register/register';

export interface CustodyRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  /** Our origin. */
  gateway: string;
}

/** Who can open the mailbox of a team that reads in the browser. It knows ids of staff, and of no key anything but its fingerprint. */
export class Custody {
  constructor(private readonly rooms: CustodyRooms) {}

  /** The asker's own mailboxes. */
  list(asker: Asker): Promise<CustodyList> {
    const at = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const items: CustodyTold[] = [];
      for (const row of await standings(tx, at, { agency: asker.agency })) items.push(await told(tx, row, at));
      return { items };
    });
  }

  /**
   * That somebody was given the key, or has it no more: signed and recorded; a duty of the mailbox opens or closes with it. The very same again changes nothing.
   * @throws Refusal CUSTODY_INVALID, KEY_NOT_CURRENT, HOLDER_NOT_THERE, HOLDER_HAS_NONE, STATEMENT_DIFFERS, and a gate code of the signature
   */
  state(asker: Asker, contact: string, sent: StatementSent): Promise<CustodyTold> {
    const { database, directory, register, clock, gateway } = this.rooms;
    const at = clock.now();
    return afterCollision(() => database.as(asker, async (tx) => {
      const stated = readStated(CustodyStated, sent, { agency: asker.agency, gateway, now: at, invalid: 'CUSTODY_INVALID', about: { contact }, faults: reasonFault });
      const signed = await signatureOf(tx, directory, asker, sent, at);
      if (!(await isKept(tx, 'custody_statement', stated.id, sent))) {
        const mailbox = await mailboxOf(tx, { agency: asker.agency, contact }, at);
        await HOLDS[stated.kind](tx, asker, stated, at);
        await keepStated(tx, 'custody_statement', mailbox, asker, stated, signed, at);
        const { staff, keys, kind, because, by } = stated;
        await register.record(tx, [{ kind: 'key-custody-stated', controller: asker.controller, at, fields: { ...namedIn(signed), by: by.contact, mailbox: contact, keys: keys?.map((key) => key.toLowerCase()), stated: kind, because, holder: staff, recovery: staff === undefined || undefined } }]);
      }
      const [row] = await standings(tx, at, { agency: asker.agency, contact });
      if (!row) throw new Refusal({ code: 'KEY_NOT_CURRENT', pointer: '/keys' });
      await settle(tx, row, at);
      return told(tx, row, at);
    }), 'STATEMENT_DIFFERS');
  }
}

/** Looks after all mailboxes: whoever has left is no custodian, and a certificate that took another's place is held by nobody yet. */
export class Custodians {
  constructor(private readonly rooms: { database: Database; clock: Clock }) {}

  /** @returns how many duties were opened or closed */
  look(): Promise<number> {
    const at = this.rooms.clock.now();
    return this.rooms.database.transaction(async (tx) => {
      let changed = 0;
      for (const row of await standings(tx, at, {})) changed += await settle(tx, row, at);
      return changed;
    });
  }
}

/** How a mailbox stands that somebody reads in the browser, under the keys to which others seal today: while there are several, to each. */
interface Standing {
  agency: string;
  contact: string;
  keys: string[];
  mailbox: string | null;
  people: number;
  recovery: boolean;
  spoilt: boolean;
  owed: DutyKind[];
}

const WORKING = STAFF_ROLE_CODES.filter((role) => works([role]));
/** Whether a member of staff works for a contact today. */
const THERE = 's.from_day <= $2::date and (s.until_day is null or s.until_day >= $2::date) and t.contact = any(s.contacts)';
const HELD = 'h.agency = t.agency and h.contact = t.contact and h.key = any(t.keys)';

function standings(tx: Tx, at: Date, { agency, contact }: { agency?: string; contact?: string }): Promise<Standing[]> {
  return tx.query(
    `with team as (
       select agency, contact, array_agg(fingerprint order by from_at desc, fingerprint) as keys from waybill.certificate
       where use = 'seal' and form = 'openpgp' and revoked_at is null and from_at <= $1 and until_at > $1 and ($3::text is null or agency = $3) and ($4::text is null or contact = $4) group by agency, contact)
     select t.*, m.id as mailbox,
       (select count(distinct h.staff)::int from waybill.key_holder h join waybill.staff s on s.agency = h.agency and s.id = h.staff where ${HELD} and h.taken_at is null and ${THERE}) as people,
       exists (select from waybill.key_holder h where ${HELD} and h.taken_at is null and h.staff is null) as recovery,
       exists (select from waybill.key_holder h left join waybill.staff s on s.agency = h.agency and s.id = h.staff where ${HELD}
         and (h.taken_because = any($5) or (h.taken_at is null and h.staff is not null and (${THERE}) is not true))) as spoilt,
       array(select d.kind from waybill.duty d where d.mailbox = m.id and d.closed_at is null) as owed
     from team t left join waybill.team_mailbox m on m.agency = t.agency and m.contact = t.contact
     where m.id is not null or exists (select from waybill.staff s where s.agency = t.agency and s.roles && $6::text[] and ${THERE})
     order by t.agency, t.contact`,
    [at, day(at), agency ?? null, contact ?? null, ENDS_A_KEY, WORKING]);
}

/** Opens what is due of a mailbox and closes what is mended. */
async function settle(tx: Tx, row: Standing, at: Date): Promise<number> {
  const lacks = lacksOf(row);
  const wanted: Partial<Record<DutyKind, boolean>> = { 'second-custodian': lacks.includes('second-custodian') || lacks.includes('recovery'), 'renew-team-key': lacks.includes('new-key') };
  let changed = 0;
  for (const [kind, isDue] of Object.entries(wanted) as [DutyKind, boolean][]) {
    if (isDue === row.owed.includes(kind)) continue;
    const mailbox = row.mailbox ?? (await mailboxOf(tx, row, at));
    if (isDue) await openDuty(tx, { kind, about: { mailbox }, owner: row.agency, other: row.agency, lane: 'routine', at });
    else await closeDuties(tx, { mailbox }, { because: 'mended', at }, [kind]);
    changed++;
  }
  return changed;
}

async function mailboxOf(tx: Tx, { agency, contact }: { agency: string; contact: string }, at: Date): Promise<string> {
  const known: unknown[] = await tx.query('select from waybill.contact where agency = $1 and id = $2', [agency, contact]);
  if (known.length === 0) throw new Refusal({ code: 'NOT_FOUND' });
  await tx.query('insert into waybill.team_mailbox (id, agency, contact) values ($1, $2, $3) on conflict (agency, contact) do nothing', [uuid7(at.getTime()), agency, contact]);
  const [row]: { id: string }[] = await tx.query('select id from waybill.team_mailbox where agency = $1 and contact = $2', [agency, contact]);
  return (row as { id: string }).id;
}

const reasonFault = (stated: CustodyStated): RefusalReason[] => (becauseOf(stated) ? [] : [{ code: 'CUSTODY_INVALID', pointer: '/because', says: 'must be a reason of its kind' }]);

/** Takes from whoever it is what it holds of this mailbox: of some keys, or of all. */
async function end(tx: Tx, { agency }: Asker, { contact, staff, because, keys }: CustodyStated, at: Date): Promise<number> {
  const [, ended]: [unknown, number] = await tx.query(
    'update waybill.key_holder set taken_at = $4, taken_because = $5 where agency = $1 and contact = $2 and staff is not distinct from $3 and taken_at is null and ($6::text[] is null or key = any($6))', [agency, contact, staff ?? null, at, because, keys ?? null]);
  return ended;
}

const HOLDS: Record<CustodyStated['kind'], (tx: Tx, asker: Asker, stated: CustodyStated, at: Date) => Promise<void>> = {
  given: async (tx, asker, stated, at) => {
    const { contact, keys = [], staff, because } = stated;
    const [current] = await standings(tx, at, { agency: asker.agency, contact });
    if (keys.length === 0 || !keys.every((key) => current?.keys.includes(key))) throw new Refusal({ code: 'KEY_NOT_CURRENT', pointer: '/keys' });
    if (staff !== undefined) {
      const there: unknown[] = await tx.query(`select from (select $3::text as contact) t join waybill.staff s on ${THERE} where s.agency = $1 and s.id = $4`, [asker.agency, day(at), contact, staff]);
      if (there.length === 0) throw new Refusal({ code: 'HOLDER_NOT_THERE', pointer: '/staff' });
    }
    // The file that this one takes the place of.
    await end(tx, asker, stated, at);
    await tx.query('insert into waybill.key_holder (agency, contact, key, staff, given_at, given_because) select $1, $2, unnest($3::text[]), $4, $5, $6', [asker.agency, contact, keys, staff ?? null, at, because]);
  },
  taken: async (tx, asker, stated, at) => {
    if ((await end(tx, asker, stated, at)) === 0) throw new Refusal({ code: 'HOLDER_HAS_NONE', pointer: '/staff' });
  },
};

async function told(tx: Tx, row: Standing, at: Date): Promise<CustodyTold> {
  const holders: { staff: string | null; keys: string[]; given_at: Date; given_because: string; there: boolean }[] = await tx.query(
    `select h.staff, array_agg(h.key order by h.key) as keys, max(h.given_at) as given_at, (array_agg(h.given_because order by h.given_at desc))[1] as given_because, bool_and(h.staff is null or (${THERE}) is true) as there
     from (select $1::text as agency, $3::text as contact, $4::text[] as keys) t join waybill.key_holder h on ${HELD} and h.taken_at is null
     left join waybill.staff s on s.agency = h.agency and s.id = h.staff group by h.staff order by h.staff nulls last`, [row.agency, day(at), row.contact, row.keys]);
  return {
    ...(row.mailbox && { mailbox: row.mailbox }), contact: row.contact, keys: row.keys, people: row.people, lacks: lacksOf(row),
    holders: holders.map(({ staff, keys, given_at, given_because: because, there }): HolderTold => ({ ...(staff !== null && { staff }), keys, since: given_at.toISOString(), because, there })),
  };
}
