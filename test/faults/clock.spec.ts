import { figure, pause, randomOf } from './figures';
import { reckon } from './reckoning';
import { PATIENCE_MS, sizeOf } from './sizes';
import { standing } from './standing';
import { storm } from './storm';
import { noneSent, prepared, submitAll } from './submitters';

const here = standing();

/** Milliseconds after opening at which somebody is to be reminded: closer together than any law has them, further apart than a restart takes. */
const STEPS = [12_000, 32_000, 52_000];
/** At the last somebody else of the agency gets it: each escalation once, too. */
const TELLS = ['owner', 'owner', 'spoc'];
/** Seconds from one kill to the next: a rest, a start, and until its step comes. For so long somebody must be due, else the last kills strike nobody. */
const KILL_S = 7;

test('R4: the relay is killed while duties fall due: each reminder is given once, and none is missed', async () => {
  const { house } = here;
  const size = sizeOf('clock');
  const sent = noneSent();
  await submitAll(house, await prepared(house, Math.ceil(size.duties / 2), 'load'), sent);
  expect((await reckon(house, sent)).findings).toEqual([]);
  // Only what is about transfers: the relay opens duties of its own about agreements, too.
  // Due one after the other, so that there is hardly an instant at which nobody is due.
  await house.owner.query(
    `update waybill.duty d set opened_at = n.at, steps = $1::bigint[], tells = $4::text[], next_at = n.at + make_interval(secs => $1[1] / 1000.0), due_at = n.at + make_interval(secs => $1[3] / 1000.0)
     from (select id, clock_timestamp() + make_interval(secs => $3::float8 * row_number() over (order by id) / $2) as at from waybill.duty where transfer is not null) n where n.id = d.id`, [STEPS, size.duties, Math.max(10, size.kills * KILL_S - (STEPS.at(-1) ?? 0) / 1_000), TELLS]);
  const stormed = await storm(house.member('relay'), { kills: size.kills, random: randomOf(Date.now()), rest: 6_000, at: /waybill\.duty|waybill\.event|waybill\.entry|pending_leaf/ }, () => undefined);
  const left = async (): Promise<number> => (await house.owner.query<{ left: number }>('select count(*)::int as left from waybill.duty where transfer is not null and next_at is not null')).rows[0]?.left ?? 0;
  for (const until = Date.now() + 120_000; (await left()) > 0 && Date.now() < until; ) await pause(200);
  const { rows } = await house.owner.query<{ numbers: number[]; events: number; late: number }>(
    `select array_agg((e.fields ->> 'number')::int order by e.at) as numbers, max(v.events)::int as events,
       max(extract(epoch from e.at - d.opened_at) * 1000 - d.steps[(e.fields ->> 'number')::int])::float8 as late
     from waybill.duty d
     left join (select at, convert_from(octets, 'UTF8')::jsonb as fields from waybill.entry where kind = 'reminder-sent') e on e.fields ->> 'duty' = d.id::text
     left join (select transfer, count(*) as events from waybill.event where kind = 'reminder' group by transfer) v on v.transfer = d.transfer where d.transfer is not null group by d.id`);
  const once = rows.filter(({ numbers, events }) => numbers?.join() === '1,2,3' && events === 3).length;
  const late = Math.max(...rows.map((row) => row.late));
  figure('R4', `${rows.length} duties of ${STEPS.length} steps each, the relay killed ${stormed.kills} times (${stormed.at.size} points of its reminding) while they fell due: ${once} reminded once at each step, 0 missed; at most ${(late / 1_000).toFixed(1)} s late`);
  expect(once).toBe(rows.length);
  const { rows: [escalated] } = await house.owner.query<{ entries: number; moved: number }>(
    `select (select count(*)::int from waybill.entry where kind = 'reminder-sent' and convert_from(octets, 'UTF8')::jsonb ? 'transfer' and convert_from(octets, 'UTF8')::jsonb ->> 'escalatedTo' = 'spoc') as entries, (select count(*)::int from waybill.duty where transfer is not null and owner_role = 'spoc' and contact is not null) as moved`);
  expect(escalated).toEqual({ entries: rows.length, moved: rows.length });
  expect((await reckon(house, sent)).findings).toEqual([]);
}, PATIENCE_MS);
