import { randomUUID } from 'node:crypto';
import { figure, pause, randomOf } from './figures';
import { PATIENCE_MS, sizeOf } from './sizes';
import { standing } from './standing';
import { storm } from './storm';

const here = standing();

/** As a contact after the other has half an hour: closer together, further apart than a restart takes. */
const STEPS = [6_000, 16_000, 26_000];
const TELLS = ['spoc', 'responsible-manager', 'coordinator'];
const CASES = 40;

test('R4: the relay is killed while notices of breaches go unread and suspensions end: each contact is told once, each suspension ends once, in every signatory’s register', async () => {
  const { house } = here;
  const { kills } = sizeOf('clock');
  const { rows: agencies } = await house.owner.query<{ id: string; controller: string }>('select id, controller from waybill.agency order by id');
  const [first] = agencies;
  if (!first) throw new Error('the house has no agency');
  const spread = Math.max(10, kills * 3);
  for (let n = 0; n < CASES; n++) {
    const id = randomUUID();
    const at = `clock_timestamp() + make_interval(secs => ${(spread * n) / CASES})`;
    await house.owner.query(`insert into waybill.breach (id, agreement, agreement_version, reporter, type, harm, found_at, opened_at, state, parties) values ($1, 'wirral', '1', $2, 'lost', 'no', now(), now(), 'open', $3)`, [id, first.id, agencies.map((each) => each.id)]);
    for (const { id: agency, controller } of agencies) await house.owner.query(`insert into waybill.breach_party (breach, agency, controller, parts) values ($1, $2, $3, '{signatory}')`, [id, agency, controller]);
    await house.owner.query(
      `insert into waybill.duty (id, kind, breach, owner, owner_role, lane, opened_at, due_at, next_at, steps, tells) select $1, 'read-notice', $2, $3, 'owner', 'breach', s.at, s.at + interval '26 seconds', s.at + interval '6 seconds', $4::bigint[], $5::text[] from (select ${at} as at) s`,
      [randomUUID(), id, first.id, STEPS, TELLS]);
    await house.owner.query(`insert into waybill.suspension (id, breach, agreement, by, scope, began_at, ends_at, in_writing, evidence) select $1, $2, 'nobody-is-under-it', $3, 'whole-agreement', clock_timestamp() - interval '30 days', ${at} + interval '6 seconds', $1, $1`, [randomUUID(), id, first.id]);
  }
  const stormed = await storm(house.member('relay'), { kills, random: randomOf(Date.now()), rest: 3_000, at: /waybill\.duty|waybill\.suspension|waybill\.entry|pending_leaf/ }, () => undefined);
  const left = async (): Promise<number> => (await house.owner.query<{ left: number }>('select (select count(*) from waybill.duty where breach is not null and next_at is not null)::int + (select count(*) from waybill.suspension where ended_at is null)::int as left')).rows[0]?.left ?? 0;
  for (const until = Date.now() + 120_000; (await left()) > 0 && Date.now() < until; ) await pause(200);
  const entries = async (kind: string, field: string, by: string) => (await house.owner.query<{ of: string; count: number }>(
    `select f ->> '${field}' || ' ' || ${by} as of, count(*)::int as count from (select controller, convert_from(octets, 'UTF8')::jsonb as f from waybill.entry where kind = $1) e where f ? 'breach' group by 1`, [kind])).rows;
  const reminders = await entries('reminder-sent', 'duty', `(f ->> 'number')`);
  const ended = await entries('agreement-resumed', 'suspension', 'controller');
  figure('R4 breach', `${CASES} notices of ${STEPS.length} contacts and ${CASES} suspensions, the relay killed ${stormed.kills} times while they fell due: ${reminders.length} escalations, each once; ${ended.length} ends in ${new Set(agencies.map(({ controller }) => controller)).size} registers, each once`);
  expect(reminders).toHaveLength(CASES * STEPS.length);
  expect(ended).toHaveLength(CASES * new Set(agencies.map(({ controller }) => controller)).size);
  expect([...reminders, ...ended].filter(({ count }) => count !== 1)).toEqual([]);
}, PATIENCE_MS);
