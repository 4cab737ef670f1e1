import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { StaffFile } from '#directory/staff-file';
import { PEOPLE, staffFiles } from '../../apps/standalone/staff';
import { atDesk, operatorsEnv } from '../world/desk';
import { openWorld, type World } from '../world/partnership';

// Who works in an agency is entered by an operator's command, from a file that the agency reviewed.

let world: World;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-staff-'));
  world = await openWorld();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const council = (): StaffFile => staffFiles('https://identity.example', world.clock.now()).find(({ agency }) => agency === 'merebrook-council') as StaffFile;
const waybill = (...args: string[]) => atDesk(args, { cwd: folder, env: operatorsEnv(world), now: () => world.clock.now() });
const enter = (file: unknown) => {
  writeFileSync(join(folder, 'staff.yaml'), stringify(file));
  return waybill('staff', 'enter', 'staff.yaml', '--json');
};

test('an agency’s staff are entered from a reviewed file, and shown by id and role and never by name', async () => {
  const entered = await enter(council());
  expect([entered.exit, entered.json]).toMatchObject([0, { agency: 'merebrook-council', entered: expect.arrayContaining(['mc-014', 'mc-042']), changed: [], turns: 1 }]);
  const shown = await waybill('staff', 'show', 'merebrook-council');
  expect(shown.out).toMatch(/mc-014 {2}front-door worker; for front-door; checked \d{4}-\d\d-\d\d until/);
  expect(shown.out).toMatch(/mc-016 .*NOT CHECKED/);
  for (const { name } of PEOPLE) expect(`${entered.out}${shown.out}`).not.toContain(name);
});

test('what was entered stands in the agency’s register, without an id or a name', async () => {
  const { rows } = await world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where controller = 'merebrook-council' order by id desc limit 1`);
  expect(JSON.parse(rows[0]?.octets.toString() ?? '{}')).toMatchObject({ kind: 'party-changed', agency: 'merebrook-council', change: 'staff-entered' });
  const all = await world.db.owner.query<{ n: number }>(`select count(*)::int as n from waybill.entry where position('mc-0' in convert_from(octets, 'UTF8')) > 0`);
  expect(all.rows[0]?.n).toBe(0);
});

test('entered again, the file is what holds: somebody leaves by a day, and a new rota takes the place of the old', async () => {
  const file = council();
  const staff = file.staff.map((member) => (member.staff === 'mc-015' ? { ...member, until: '2026-01-31', roles: ['practitioner'] } : member));
  const rota = [{ contact: 'front-door', staff: 'mc-015', from: '2090-01-01T08:00:00Z', until: '2090-01-01T16:00:00Z' }];
  expect((await enter({ ...file, staff, rota })).json).toMatchObject({ entered: [], turns: 1 });
  expect((await world.db.owner.query(`select roles, until_day::text from waybill.staff where id = 'mc-015'`)).rows).toEqual([{ roles: ['practitioner'], until_day: '2026-01-31' }]);
  expect((await world.db.owner.query('select staff from waybill.on_duty')).rows).toEqual([{ staff: 'mc-015' }]);
});

test.each<[string, (file: StaffFile) => unknown, number, RegExp]>([
  ['a team that the agency has not', (file) => ({ ...file, staff: [{ ...file.staff[0], contacts: ['back-door'] }] }), 1, /has no contact back-door/],
  ['somebody who signs in as another is entered already', (file) => ({ ...file, agency: 'st-brigid-primary', staff: [{ ...file.staff[0], staff: 'sb-009', contacts: [] }], rota: [] }), 1, /sb-009 would sign in as somebody who is entered already/],
  ['an agency that is not in the directory', (file) => ({ ...file, agency: 'nowhere' }), 1, /nowhere is not in the directory/],
  ['a file with an id that could be a name', (file) => ({ ...file, staff: [{ ...file.staff[0], staff: 'lucja' }] }), 2, /letters and a number/],
])('%s: nothing of the file is entered, and what to do is said', async (_, bend, exit, says) => {
  const before = (await world.db.owner.query('select count(*)::int as n from waybill.staff')).rows;
  const said = await enter(bend(council()));
  expect([said.exit, said.out + said.err]).toEqual([exit, expect.stringMatching(says)]);
  expect((await world.db.owner.query('select count(*)::int as n from waybill.staff')).rows).toEqual(before);
});
