import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { writeHome } from '../../apps/standalone/home';
import { atDesk, operatorsEnv } from '../world/desk';
import { eventually, openWorld } from '../world/partnership';
import { ask } from '../world/requests';
import { CANARY, FRONT_DOOR, REFERRAL, Scene } from './referral';

// What a data protection officer does at a desk: follows its register as a witness, verifies against what it kept, packs a request, and finds a person by a key management system.

let scene: Scene;
let folder: string;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  folder = mkdtempSync(join(tmpdir(), 'evidence-cli-'));
  const { agreement, coordinator, system } = scene.world;
  for (const agency of ['st-brigid-primary', 'merebrook-council']) await writeHome(join(folder, agency), scene.world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
});
afterAll(async () => {
  await scene.world.close();
  rmSync(folder, { recursive: true, force: true });
});

const waybill = (agency: string, ...args: string[]) => atDesk([...args, '--json'], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, agency) }, now: () => scene.world.clock.now() });
const integrated = () => eventually(async () => (await scene.sql('select from waybill.pending_leaf')).length === 0);

test('a witness follows its own register, and a later verification asks for its line and says what came after it', async () => {
  await scene.send();
  await integrated();
  const made = await waybill('st-brigid-primary', 'witness', 'init', 'witness', '--name', 'witness.st-brigid.example');
  expect(made).toMatchObject({ exit: 0 });
  const { vkey } = made.json as { vkey: string };
  const first = await waybill('st-brigid-primary', 'witness', 'follow', 'witness');
  expect(first).toMatchObject({ exit: 0, json: { same: false } });
  writeFileSync(join(folder, 'held.note'), first.json.note as string);
  await scene.send();
  await integrated();
  const next = await waybill('st-brigid-primary', 'witness', 'follow', 'witness');
  expect(next.json.size).toBeGreaterThan(first.json.size as number);
  expect(await waybill('st-brigid-primary', 'witness', 'show', 'witness')).toMatchObject({ exit: 0, json: { logs: [expect.objectContaining({ size: next.json.size, evidence: 0 })] } });

  const verified = await waybill('st-brigid-primary', 'register', 'verify', '--held', 'held.note', '--witness', vkey);
  expect(verified).toMatchObject({ exit: 0, json: { holds: true, window: { from: first.json.size } } });
  expect(verified.json.window.to).toBeGreaterThanOrEqual(next.json.size as number);
  writeFileSync(join(folder, 'alone.note'), `${(first.json.note as string).split('\n').slice(0, -2).join('\n')}\n`);
  expect(await waybill('st-brigid-primary', 'register', 'verify', '--held', 'alone.note', '--witness', vkey)).toMatchObject({ exit: 3 });
  // Somebody else's checkpoint, brought as a file without a proof, is taken once and never again at another size.
  expect(await waybill('st-brigid-primary', 'witness', 'follow', 'witness', '--checkpoint', 'held.note', '--vkey', scene.school.agency)).toMatchObject({ exit: 2 });
});

test('an export and a reading are on record with their reasons, and the next export shows them', async () => {
  expect(await waybill('st-brigid-primary', 'register', 'export', 'whole.ndjson')).toMatchObject({ exit: 0 });
  await integrated();
  expect(await waybill('st-brigid-primary', 'register', 'report', 'accesses', 'accesses.json', '--as', 'json', '--reason', 'monitors-quality')).toMatchObject({ exit: 0 });
  const rows = readFileSync(join(folder, 'accesses.json'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map(({ kind }) => kind)).toContain('register-exported');
});

test('the evidence of a request holds the question and its answer, in the register of each side its own', async () => {
  const { request, composed } = await ask(scene, scene.school, FRONT_DOOR);
  const transfer = await scene.transfer(scene.council, composed.id);
  await scene.council.get(`/v1/mailbox/${transfer.transfer}/parts/part-1`);
  await integrated();
  for (const agency of ['st-brigid-primary', 'merebrook-council']) {
    const file = `${agency}.zip`;
    expect(await waybill(agency, 'evidence', 'request', request, '--into', file, '--reason', 'complaint')).toMatchObject({ exit: 0, err: '' });
    const pack = mkdtempSync(join(folder, 'pack-'));
    for (const [name, octets] of Object.entries(unzipSync(readFileSync(join(folder, file))))) {
      mkdirSync(dirname(join(pack, name)), { recursive: true });
      writeFileSync(join(pack, name), octets);
    }
    expect(spawnSync(process.execPath, ['verify.mjs'], { cwd: pack, env: {}, encoding: 'utf8' })).toMatchObject({ status: 0 });
    const entries = readdirSync(join(pack, 'entries')).map((name) => JSON.parse(readFileSync(join(pack, 'entries', name), 'utf8')) as Record<string, unknown>);
    expect(entries.every(({ controller, share }) => controller === agency && share === composed.id)).toBe(true);
    expect(entries.map(({ kind }) => kind)).toContain(agency === 'st-brigid-primary' ? 'share-sent' : 'share-announced');
    expect(readdirSync(pack).includes('provenance')).toBe(agency === 'merebrook-council');
    expect(JSON.stringify(entries)).not.toContain(CANARY);
  }
});

test('an operator disposes of months that are past their time; a controller’s own rule is on its record, and its certificates are in its own register', async () => {
  const operated = (...args: string[]) => atDesk([...args, '--json'], { cwd: folder, env: operatorsEnv(scene.world), now: () => scene.world.clock.now() });
  await scene.sql(`select waybill.prepare_partitions('2018-01-01', 1)`);
  await integrated();
  const ofMovement = (months: { class: string; month: string; state: string }[]) => months.filter((each) => each.class === 'movement' && each.month === '2018-01').map(({ state }) => state);
  const first = await operated('disposal', 'run');
  expect([first.exit, first.err, ofMovement(first.json.months)]).toEqual([0, '', ['recorded']]);
  const again = await operated('disposal', 'run');
  expect(ofMovement(again.json.months)).toEqual(['ready']);
  expect(again.json.months.some((each: { class: string }) => each.class === 'disclosure')).toBe(false);
  expect((await atDesk(['disposal', 'run'], { cwd: folder, env: operatorsEnv(scene.world), now: () => scene.world.clock.now() })).out).toMatch(/movement 2018-01, kept 72 months: 0 entries[^]*npm run migrate/);

  for (const [controller, months, instruction] of [['no-such-council', '84', 'DPA-2026-014'], ['merebrook-council', '0', 'DPA-2026-014'], ['merebrook-council', '84', 'Jane Smith']] as const) {
    expect(await operated('disposal', 'keep', controller, '--class', 'movement', '--months', months, '--instruction', instruction)).toMatchObject({ exit: 2 });
  }
  expect(await operated('disposal', 'keep', 'merebrook-council', '--class', 'movement', '--months', '84', '--instruction', 'DPA-2026-014')).toMatchObject({ exit: 0, err: '' });
  await integrated();
  expect(await waybill('merebrook-council', 'register', 'report', 'entries', 'rules.json', '--as', 'json', '--reason', 'monitors-quality')).toMatchObject({ exit: 0 });
  expect(readFileSync(join(folder, 'rules.json'), 'utf8')).toMatch(/"kind":"register-rule-stated"/);
});

test('an index may be made by a key management system; the file in the home is its owner’s alone', async () => {
  const { share } = await scene.send(REFERRAL);
  const kms = join(folder, 'kms');
  writeFileSync(kms, `#!/bin/sh\nexec openssl dgst -sha256 -mac HMAC -macopt hexkey:${'17'.repeat(32)} -r | cut -d' ' -f1\n`);
  chmodSync(kms, 0o700);
  expect(await waybill('st-brigid-primary', 'register', 'index', share.id, '--reference', 'WQ-2041', '--index-command', kms)).toMatchObject({ exit: 0 });
  // An entry is found once it has its place in the log.
  await eventually(async () => ((await waybill('st-brigid-primary', 'register', 'find', '--reference', 'WQ2041', '--reason', 'subject-access', '--index-command', kms)).json as { shares: string[] }).shares.join() === share.id);
  expect(await waybill('st-brigid-primary', 'register', 'find', '--reference', 'WQ2041', '--reason', 'subject-access')).toMatchObject({ exit: 0, json: { shares: [] } });
  writeFileSync(kms, '#!/bin/sh\necho nothing\n');
  expect(await waybill('st-brigid-primary', 'register', 'find', '--reference', 'WQ2041', '--reason', 'subject-access', '--index-command', kms)).toMatchObject({ exit: 2 });
  chmodSync(join(folder, 'st-brigid-primary', 'subject-index.key'), 0o644);
  expect(await waybill('st-brigid-primary', 'register', 'find', '--reference', 'WQ2041', '--reason', 'subject-access')).toMatchObject({ exit: 2 });
});
