import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BreachTold } from '#protocol/breach-answers';
import { writeHome } from '../../apps/standalone/home';
import { atDesk, operatorsEnv, type Said } from '../world/desk';
import { openWorld, type World } from '../world/partnership';

// `waybill breach`, from two desks and an operator's.

const CANARY = 'Wilhelmina Quillfeather';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'waybill-breach-'));
  const { agreement, coordinator, system } = world;
  for (const agency of ['st-brigid-primary', 'merebrook-council']) await writeHome(join(folder, agency), world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const waybill = (agency: string, ...args: string[]): Promise<Said> => atDesk(args, { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, agency), ...operatorsEnv(world) }, now: () => world.clock.now() });
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), `format: waybill-breach/1\n${text}`);
  return name;
};
const now = () => world.clock.now().toISOString();
const report = (first: string) => file('breach.yaml', `${first}type: wrongly-disclosed
foundAt: ${now()}
awareAt: ${now()}
foundBy: recipient
owners: [st-brigid-primary]
facts: { cyber: no, causes: [wrong-recipient], before: [encrypted], data: [health, basic-identifiers], subjects: [children], records: 3, people: 2, consequences: [distress], likelihood: likely, highRisk: yes, trained: yes, taken: [recalled], proposed: [training-given], proposedBy: '2027-01-31', othersTold: [partner-controllers] }
`);

test('the first question is asked first: a file that does not answer it is not sent', async () => {
  expect(await waybill('merebrook-council', 'breach', 'report', report(''))).toMatchObject({ exit: 2, err: expect.stringMatching(/harm[^]*ring 999 and the front door now/) });
});

test('reported at one desk, read and worked at the other: who was told, whether it was read, and the hours that are left', async () => {
  const reported = await waybill('merebrook-council', 'breach', 'report', report('harm: no\n'), '--json');
  expect([reported.exit, reported.err]).toEqual([0, '']);
  const { breach } = reported.json as BreachTold;
  expect(await waybill('merebrook-council', 'breach', 'show', breach)).toMatchObject({ exit: 0, out: expect.stringMatching(/first +st-brigid-primary\/\S+, told \S+, NOT READ: ring \+44/) });
  expect(await waybill('st-brigid-primary', 'breach', 'state', breach, 'read')).toMatchObject({ exit: 0, out: expect.stringContaining('read is on record: the case is open.') });
  expect(await waybill('merebrook-council', 'breach', 'show', breach)).toMatchObject({ out: expect.not.stringContaining('NOT READ') });
  expect(await waybill('st-brigid-primary', 'breach', 'list', '--open')).toMatchObject({ exit: 0, out: expect.stringMatching(new RegExp(`^${breach}  open  wrongly-disclosed, reported by merebrook-council  71 hours left, until `, 'm')) });
  const refused = await waybill('st-brigid-primary', 'breach', 'state', breach, 'threshold', file('no.yaml', 'outcome: do-not-notify\nrisk: risk\nagreementMet: false\nreasons: [recipient-trusted]\nrole: headteacher\n'));
  expect(refused).toMatchObject({ exit: 1, err: expect.stringContaining('NOT_TOLD_WITHOUT_DPO') });
  expect(await waybill('st-brigid-primary', 'breach', 'state', breach, 'threshold', file('yes.yaml', 'outcome: notify\nrisk: high-risk\nagreementMet: true\nreasons: [special-category]\nrole: data-protection-officer\n'))).toMatchObject({ exit: 0 });
});

test('the report to the regulator is composed here, with every field of its form, and with words that no server ever had', async () => {
  const { items } = (await waybill('merebrook-council', 'breach', 'list', '--json')).json as { items: { breach: string }[] };
  const id = items[0]?.breach ?? '';
  writeFileSync(join(folder, 'account.txt'), `${CANARY}'s report went to a neighbour.`);
  expect(await waybill('merebrook-council', 'breach', 'regulator', id, '--account', 'account.txt', '--contact', 'DPO, 01632 960907', '--out', 'report')).toMatchObject({ exit: 0 });
  const text = readFileSync(join(folder, 'report', 'report.md'), 'utf8');
  const fields = [...text.matchAll(/^\*\*(.+?)\*\*: (.+?) {2}$/gm)].map(([, field = '', value = '']) => [field, value] as const);
  expect(fields.map(([field]) => field)).toEqual([
    'Type of report', 'Reason for report', 'What happened', 'In words', 'How it happened', 'How it was found', 'Measures in place before', 'Cyber incident', 'When it was found', 'When it happened', 'When the controller knew', 'Due', 'Categories of personal data',
    'Records, at most', 'People who could be affected, at most', 'Whom it concerns', 'Consequences', 'Likelihood of significant consequences', 'High risk to people', 'Staff trained in the last two years', 'Reasons for delay', 'Actions taken', 'Actions proposed', 'People told',
    'Other organisations told', 'Severity, by the agreed grid', 'Controller', 'Registration', 'Reported by', 'Data protection officer or senior responsible person',
  ]);
  expect(Object.fromEntries(fields)).toMatchObject({ 'In words': expect.stringContaining(CANARY), 'Records, at most': '3', 'High risk to people': 'yes', 'How it was found': 'whoever received it said so', 'Actions proposed': 'training was given, by 2027-01-31' });
  // What the other controller decided is its own: none of it stands here.
  expect(text).not.toMatch(/special-category or offence data/);
  const { rows } = await world.db.owner.query<{ found: boolean }>(`select exists (select from waybill.entry where position($1 in encode(octets, 'escape')) > 0) or exists (select from waybill.breach_statement where position($1 in encode(octets, 'escape')) > 0) as found`, [CANARY]);
  expect(rows[0]?.found).toBe(false);
});

test('a drill tells the real contacts, marked as an exercise, starts no clock, and shows who has read it', async () => {
  const drill = await waybill('merebrook-council', 'breach', 'drill', report('harm: yes\n'), '--json');
  const told = drill.json as BreachTold;
  expect([drill.exit, told.exercise, told.notices.map(({ wave }) => wave)]).toEqual([0, true, ['first']]);
  await waybill('st-brigid-primary', 'breach', 'state', told.breach, 'read');
  expect(await waybill('merebrook-council', 'breach', 'show', told.breach)).toMatchObject({ out: expect.stringMatching(/EXERCISE[^]*st-brigid-primary\/\S+, told \S+, read /) });
  expect((await waybill('st-brigid-primary', 'breach', 'show', told.breach)).out).not.toMatch(/hours left/);
});

test('an operator tells every controller that the gateway itself was breached, and again when more is known', async () => {
  const incident = file('incident.yaml', `type: security-breached\nfoundAt: ${now()}\nasks: merebrook-council/front-door\nfacts: { data: [basic-identifiers], people: 40, subjects: [children], consequences: [not-yet-known], taken: [keys-revoked] }\n`);
  const raised = await waybill('merebrook-council', 'breach', 'incident', incident, '--json');
  expect([raised.exit, raised.err]).toEqual([0, '']);
  const { incident: id, cases } = raised.json as { incident: string; cases: { agency: string; breach: string }[] };
  expect(cases.map(({ agency }) => agency)).toContain('st-brigid-primary');
  expect(await waybill('merebrook-council', 'breach', 'incident', incident, '--phase-of', id)).toMatchObject({ exit: 0, out: expect.stringContaining(`Told ${cases.length} controllers`) });
  const own = cases.find(({ agency }) => agency === 'st-brigid-primary')?.breach ?? '';
  expect(((await waybill('st-brigid-primary', 'breach', 'show', own, '--json')).json as BreachTold).phases).toHaveLength(2);
});

test('reported with its first question alone at one desk, and said in full in a phase, as a browser does', async () => {
  const first = await waybill('merebrook-council', 'breach', 'report', file('first.yaml', `harm: unknown\ntype: not-yet-known\nfoundBy: not-yet-known\nfoundAt: ${now()}\nawareAt: ${now()}\n`), '--json');
  const { breach, notices } = first.json as BreachTold;
  expect([first.exit, notices.map(({ wave }) => wave)]).toEqual([0, expect.arrayContaining(['safety'])]);
  expect(await waybill('merebrook-council', 'breach', 'state', breach, 'phase', file('rest.yaml', `scope: { type: lost, foundBy: audit, owners: [st-brigid-primary] }\nfacts: { people: 4 }\n`))).toMatchObject({ exit: 0, err: '' });
  expect((await waybill('st-brigid-primary', 'breach', 'show', breach, '--json')).json).toMatchObject({ type: 'lost', parties: expect.arrayContaining([expect.objectContaining({ agency: 'st-brigid-primary', parts: expect.arrayContaining(['owner']) })]) });
  expect(await waybill('merebrook-council', 'breach', 'state', breach, 'phase', file('mistyped.yaml', 'scope: { typ: lost }\n'))).toMatchObject({ exit: 2, err: expect.stringContaining('typ') });
});
