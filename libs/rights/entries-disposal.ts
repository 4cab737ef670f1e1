import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { MOST } from '#register/entry-fields';
import type { NewEntry, Register } from '#register/register';
import { isPast, type PassingClass, type RegisterMonths } from './register-keeping';

/** Why something may still be needed, in the order in which it is told. */
export type NeededFor = 'transfer' | 'request' | 'breach' | 'matter' | 'rights-request' | 'notification' | 'duty' | 'hold' | 'not-in-its-log';

/** A month of entries of one class, and how far its disposal has come. */
export interface MonthTold {
  class: PassingClass;
  /** `YYYY-MM`. */
  month: string;
  /** For so many months they were to be kept: the longest rule of all whose entries stand there. */
  months: number;
  /** `needed`: past its time, and something in it is under way or held. `recorded`: it goes, once every register has that in its place. `ready`: the next `npm run migrate` removes it. */
  state: 'needed' | 'recorded' | 'ready' | 'gone';
  entries?: number;
  neededFor?: Partial<Record<NeededFor, number>>;
  recordedAt?: string;
  goneAt?: string;
  octetsFreed?: number;
}

interface Month {
  class: PassingClass;
  month: string;
  months: number;
}

/**
 * Disposes of register entries whose time is over, a month of one class at a time: where an entry stands is a partition, and a partition that is dropped gives
 * its disk space back. Which leaves went stands in each register before they go; leaves and tree stay, so that everything can be proven as before.
 */
export class EntriesDisposal {
  constructor(private readonly rooms: { database: Database; register: Register; clock: Clock }, private readonly usual: RegisterMonths) {}

  /** Does what can be done now, and tells of every month that is past its time. Twice the same changes nothing. */
  async run(): Promise<MonthTold[]> {
    const { database } = this.rooms;
    await this.settle();
    await database.transaction(sweep);
    const needed: MonthTold[] = [];
    for (const month of await this.overdue()) {
      const told = await database.transaction((tx) => this.dispose(tx, month));
      if (told) needed.push(told);
    }
    return [...(await this.recorded()), ...needed];
  }

  /** Marks as ready what every register has in its place: from then on its absence is explained to whoever verifies. A month that has more entries than were named stays. */
  private async settle(): Promise<void> {
    await this.rooms.database.transaction((tx) => tx.query(
      `update waybill.register_disposal d set ready_at = $1 where ready_at is null and not exists (
         select from waybill.entry e where e.disposal_class = 'disposal' and e.at = d.recorded_at and not exists (select from waybill.leaf l where l.controller = e.controller and l.entry = e.id))
         and d.entries = (select count(*) from waybill.entry e where e.disposal_class = d.disposal_class and e.at >= d.month::timestamp at time zone 'UTC' and e.at < (d.month + interval '1 month') at time zone 'UTC')`,
      [this.rooms.clock.now()]));
  }

  private async recorded(): Promise<MonthTold[]> {
    const rows: { class: PassingClass; month: string; months: number; entries: string; recorded_at: Date; ready_at: Date | null; dropped_at: Date | null; octets_freed: string | null }[] = await this.rooms.database.transaction((tx) => tx.query(
      `select disposal_class as class, to_char(month, 'YYYY-MM') as month, months, entries::text, recorded_at, ready_at, dropped_at, octets_freed::text from waybill.register_disposal order by recorded_at, disposal_class, month`));
    return rows.map((row) => ({
      class: row.class, month: row.month, months: row.months, state: row.dropped_at ? 'gone' : row.ready_at ? 'ready' : 'recorded', entries: Number(row.entries), recordedAt: row.recorded_at.toISOString(),
      ...(row.dropped_at && { goneAt: row.dropped_at.toISOString(), octetsFreed: Number(row.octets_freed) }),
    }));
  }

  /** Months past the longest rule of all whose entries stand in them, and not disposed of yet. */
  private async overdue(): Promise<Month[]> {
    const at = this.rooms.clock.now();
    return this.rooms.database.transaction(async (tx) => {
      const partitions: { class: PassingClass; month: string; shortest: number | null }[] = await tx.query(
        `select m[1] as class, m[2] || '-' || m[3] as month, (select min(months) from waybill.register_rule r where r.disposal_class = m[1]) as shortest
         from pg_class c, regexp_match(c.relname, '^entry_(disclosure|movement|party|housekeeping)_([0-9]{4})_([0-9]{2})$') m
         where c.relnamespace = 'waybill'::regnamespace and c.relispartition and m is not null
           and not exists (select from waybill.register_disposal d where d.disposal_class = m[1] and to_char(d.month, 'YYYY-MM') = m[2] || '-' || m[3]) order by 2, 1`);
      const months: Month[] = [];
      for (const { shortest, ...partition } of partitions) {
        const usual = this.usual[partition.class];
        if (!isPast(partition.month, Math.min(usual, shortest ?? usual), at)) continue;
        const longest = shortest === null ? usual : await longestRule(tx, partition, usual);
        if (isPast(partition.month, longest, at)) months.push({ ...partition, months: longest });
      }
      return months;
    });
  }

  /** Records it in every register that it concerns; or tells what still needs it, and leaves everything as it is. */
  private async dispose(tx: Tx, month: Month): Promise<MonthTold | undefined> {
    const at = this.rooms.clock.now();
    const neededFor = await neededIn(tx, month);
    if (Object.keys(neededFor).length > 0) return { ...month, state: 'needed', neededFor };
    const [own]: object[] = await tx.query(
      `insert into waybill.register_disposal (disposal_class, month, months, entries, recorded_at) values ($1, $2, $3, 0, $4) on conflict do nothing returning 1`, [month.class, `${month.month}-01`, month.months, at]);
    // Another run has it.
    if (!own) return undefined;
    let entries = 0;
    for await (const page of leavesOf(tx, month)) {
      await this.rooms.register.record(tx, [...Map.groupBy(page, ({ controller }) => controller)].map(([controller, leaves]): NewEntry => ({
        kind: 'entries-disposed', controller, at, fields: { class: month.class, month: month.month, leaves: leaves.map(({ hash }) => hash.toString('hex')), months: month.months, method: 'partition-removed' },
      })));
      entries += page.length;
    }
    await tx.query('update waybill.register_disposal set entries = $3 where disposal_class = $1 and month = $2', [month.class, `${month.month}-01`, entries]);
    return undefined;
  }
}

/** Entries of one class and month: the class, its first day, the first that is no more of it. */
const STANDS_IN = 'disposal_class = $1 and at >= $2 and at < $3';
function standsIn({ class: of, month }: Pick<Month, 'class' | 'month'>): [string, Date, Date] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return [of, new Date(Date.UTC(year, number - 1, 1)), new Date(Date.UTC(year, number, 1))];
}

/** A month goes when the last of its controllers lets it go: no row is ever taken out of it. */
async function longestRule(tx: Tx, month: Omit<Month, 'months'>, usual: number): Promise<number> {
  const [row]: { months: number | null }[] = await tx.query(
    `select max(coalesce(r.months, $4)) as months from (select distinct controller from waybill.entry where ${STANDS_IN}) w
     left join waybill.register_rule r on r.controller = w.controller and r.disposal_class = $1`, [...standsIn(month), usual]);
  return row?.months ?? usual;
}

/** What is under way or held, by the ids under which entries name it. Each is as small as what goes on today. */
const NEEDED: Record<Exclude<NeededFor, 'not-in-its-log'>, string> = {
  transfer: 'select unnest(array[id, share]) from waybill.transfer where ended_at is null',
  request: 'select unnest(array[id, share]) from waybill.request where closed_at is null',
  breach: `select id from waybill.breach where closed_at is null or held_since is not null union all
    select s.share from waybill.breach_share s join waybill.breach b on b.id = s.breach where b.closed_at is null or b.held_since is not null`,
  matter: 'select unnest(array[id, share]) from waybill.matter where answered_at is null',
  'rights-request': 'select id from waybill.rights_request where closed_at is null',
  notification: 'select id from waybill.notification where ended_at is null',
  duty: 'select coalesce(transfer, request, matter, rights, breach, notification) from waybill.duty where closed_at is null',
  // RT-15: what may be evidence is not destroyed, wherever it stands.
  hold: 'select share from waybill.retention where disposed_at is null and (held_at is not null or evidence_since is not null)',
};
/** The fields by which an entry names them. */
const NAMES = ['share', 'transfer', 'request', 'breach', 'matter', 'rightsRequest', 'notification', 'duty', 'decisionId', 'previous', 'supersedes'];

/** How many entries of the month something still needs, and for what. */
async function neededIn(tx: Tx, month: Month): Promise<Partial<Record<NeededFor, number>>> {
  const rows: { because: NeededFor; entries: number }[] = await tx.query(
    `with needed (because, id) as (${Object.entries(NEEDED).map(([because, ids]) => `select '${because}', n.id from (${ids}) n (id)`).join(' union all ')}),
       named as (select e.id as entry, f.value::uuid as id from waybill.entry e, jsonb_each_text(convert_from(e.octets, 'UTF8')::jsonb) f where ${STANDS_IN} and f.key = any($4))
     select n.because, count(distinct m.entry)::int as entries from named m join needed n on n.id = m.id group by 1
     union all select 'not-in-its-log', count(*)::int from waybill.entry e where ${STANDS_IN} and not exists (select from waybill.leaf l where l.controller = e.controller and l.entry = e.id) having count(*) > 0`,
    [...standsIn(month), NAMES]);
  return Object.fromEntries(rows.map(({ because, entries }) => [because, entries]));
}

/** Page by page, in the order of controllers: as many as one entry names, so that memory does not grow with the month. */
async function* leavesOf(tx: Tx, month: Month): AsyncGenerator<{ controller: string; id: string; hash: Buffer }[]> {
  for (let after = { controller: '', id: '00000000-0000-0000-0000-000000000000' }; ;) {
    const page: { controller: string; id: string; hash: Buffer }[] = await tx.query(
      `select e.controller, e.id, l.hash from waybill.entry e join waybill.leaf l on l.controller = e.controller and l.entry = e.id
       where ${STANDS_IN} and (e.controller, e.id) > ($4, $5::uuid) order by e.controller, e.id limit $6`, [...standsIn(month), after.controller, after.id, MOST.leaves]);
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < MOST.leaves) return;
    after = last;
  }
}

/** Once a month is gone, whoever was found by nothing but it is not found any more: the index of a person goes with the entries. */
async function sweep(tx: Tx): Promise<void> {
  const [gone]: object[] = await tx.query('select from waybill.register_disposal where dropped_at is not null and swept_at is null limit 1');
  if (!gone) return;
  await tx.query('delete from waybill.subject_index s where not exists (select from waybill.entry e where e.controller = s.controller and e.about = s.about)');
  await tx.query('update waybill.register_disposal set swept_at = now() where dropped_at is not null and swept_at is null');
}
