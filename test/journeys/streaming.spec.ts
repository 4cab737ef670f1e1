import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHome } from '../../apps/standalone/home';
import { DECLARED } from '../world/share-file';
import { type Ran, runCommand } from '../world/command';
import { eventually, openWorld, type World } from '../world/partnership';
import { CANARY } from './referral';

/** `npm run large` sends a gigabyte. */
const SIZE = Number(process.env['WAYBILL_LARGE_MB'] ?? 192) * 1024 * 1024;
/** What the command may hold, whatever it sends or opens: Node, the library and buffers; to hold the part would take more by its size. */
const COMMAND_ROOM = 300 * 1024 * 1024;
/** By how much the process that the gateway, the courier and the relay of this test share may grow. */
const GATEWAY_ROOM = 250 * 1024 * 1024;
const MB = 1024 * 1024;
const PATIENCE = 60_000 + (SIZE / MB) * 1_500;

let world: World;
let folder: string;
let digest: string;
beforeAll(async () => {
  const built = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'deploy/tsconfig.build.json'], { stdio: 'pipe' });
  expect(existsSync('dist/apps/cli/main.js') ? '' : built.stdout.toString()).toBe('');
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'waybill-streaming-'));
  const { agreement, coordinator, system } = world;
  for (const agency of ['st-brigid-primary', 'merebrook-council']) await writeHome(home(agency), world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  digest = fill(join(folder, 'scan.tif'));
  writeFileSync(join(folder, 'share.yaml'), SHARE);
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const SHARE = `${DECLARED}
subject: { reference: WQ-2041, band: under-16, names: [${CANARY}] }
decision: { by: safeguarding-lead, role: designated-safeguarding-lead, reasons: [protects-from-harm], aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true }, safetyConsidered: true, necessary: true, risk: high, checklist: [how-much, fact-or-opinion, right-person, securely, openly] }
parts:
  - { file: scan.tif, category: photos-of-injuries, kind: fact }
  - { text: a scan of ${CANARY}, category: names, kind: fact }
recipients:
  - to: merebrook-council/front-door
    parts: { part-1: assesses-referral, part-2: assesses-referral }
`;

const home = (agency: string): string => join(folder, agency);
const waybill = (agency: string, ...args: string[]) => runCommand(args, { cwd: folder, home: home(agency) });

/** Writes the file that is sent, with the canary in every megabyte. */
function fill(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'w');
  const noise = randomBytes(MB);
  for (let at = 0; at < SIZE / MB; at++) {
    const block = Buffer.from(noise);
    block.write(`${CANARY} ${at}`);
    hash.update(block);
    writeSync(file, block);
  }
  closeSync(file);
  return hash.digest('hex');
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

const uploadedSoFar = async (): Promise<number> => Number((await world.db.owner.query<{ at: string }>('select coalesce(max(at_octet), 0) as at from waybill.upload')).rows[0]?.at);

let before = 0;
let most = 0;
const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
afterAll(() => clearInterval(watch));
function grows(): void {
  globalThis.gc?.();
  before = most = process.memoryUsage.rss();
}
const report: string[] = [];
const tell = (what: string, { most: held, milliseconds }: Ran): void => void report.push(`${what}: ${Math.round(milliseconds / 100) / 10} s, the command held ${Math.round(held / MB)} MB at most, the gateway's process grew by ${Math.round((most - before) / MB)} MB`);
afterAll(() => {
  if (process.env['WAYBILL_LARGE_MB']) process.stdout.write(`\n${SIZE / MB} MB\n${report.join('\n')}\n`);
});

let share: string;

test('a large file is sent at fixed memory; killed halfway, the command goes on where it was, with the same octets', async () => {
  grows();
  const first = waybill('st-brigid-primary', 'send', 'share.yaml', '--json');
  await eventually(async () => (await uploadedSoFar()) > SIZE / 2 || first.child.exitCode !== null, PATIENCE);
  first.child.kill('SIGKILL');
  const killed = await first.done;
  expect(killed).toMatchObject({ signal: 'SIGKILL', out: '' });
  tell('sealed and sent by half', killed);
  expect(killed.most).toBeLessThan(COMMAND_ROOM);

  [share] = readdirSync(join(home('st-brigid-primary'), 'drafts')) as [string];
  const draft = join(home('st-brigid-primary'), 'drafts', share);
  expect(readdirSync(draft).sort()).toEqual(['draft.json', 'lines.json', 'manifest.json', 'manifest.sig', 'part-1.sealed', 'part-2.sealed']);
  expect(statSync(draft).mode & 0o077).toBe(0);
  for (const name of readdirSync(draft)) {
    expect([name, statSync(join(draft, name)).mode & 0o077]).toEqual([name, 0]);
    for await (const piece of createReadStream(join(draft, name), { highWaterMark: 4 * MB })) expect((piece as Buffer).includes('Quillfeather')).toBe(false);
  }
  const manifest = readFileSync(join(draft, 'manifest.json'));
  const kept = await uploadedSoFar();

  grows();
  const second = waybill('st-brigid-primary', 'send', '--resume', '--json');
  const resumed = await second.done;
  tell('gone on with, and accepted', resumed);
  expect([resumed.exit, resumed.err]).toEqual([0, '']);
  expect(JSON.parse(resumed.out)).toMatchObject({ exit: 0, share, leftOut: [], receipt: { struckOff: [] } });
  expect(resumed.most).toBeLessThan(COMMAND_ROOM);
  expect(most - before).toBeLessThan(GATEWAY_ROOM);
  expect(kept).toBeGreaterThan(SIZE / 2);
  // What had come was not sent again: there was one upload, and there is one share.
  expect((await world.db.owner.query('select octet_length(manifest) as size from waybill.share')).rows).toEqual([{ size: manifest.length }]);
  expect(readdirSync(join(home('st-brigid-primary'), 'drafts'))).toEqual([]);
  expect(existsSync(join(home('st-brigid-primary'), 'sent', share, 'receipt.json'))).toBe(true);
  expect(await waybill('st-brigid-primary', 'send', '--resume').done).toMatchObject({ exit: 2, err: expect.stringContaining('nothing to go on with') });
}, PATIENCE * 3);

const arrived = () => eventually(async () => {
  const { out } = await waybill('merebrook-council', 'mailbox', '--json').done;
  return (JSON.parse(out).items as { share: string; transfer: string }[]).find((item) => item.share === share);
});

test('it is opened at fixed memory, octet for octet', async () => {
  const { transfer } = await arrived();
  grows();
  const opened = await waybill('merebrook-council', 'open', transfer, '--into', 'opened', '--json').done;
  tell('collected, verified and opened', opened);
  expect([opened.exit, opened.err]).toEqual([0, '']);
  expect(JSON.parse(opened.out).parts).toEqual([{ name: 'part-1', category: 'photos-of-injuries', author: 'bound', size: SIZE }, { name: 'part-2', category: 'names', author: 'bound', size: expect.any(Number) }]);
  expect(opened.most).toBeLessThan(COMMAND_ROOM);
  expect(most - before).toBeLessThan(GATEWAY_ROOM);
  expect(await digestOf(join(folder, 'opened', 'part-1'))).toBe(digest);
  expect([statSync(join(folder, 'opened')).mode & 0o077, statSync(join(folder, 'opened', 'part-1')).mode & 0o077]).toEqual([0, 0]);
  expect(readdirSync(join(folder, 'opened')).sort()).toEqual(['lines.json', 'manifest.json', 'manifest.sig', 'part-1', 'part-2', 'provenance.jws', 'signer.pgp']);
}, PATIENCE * 2);

test('with its last octet changed, nothing stands under the name of the folder, nor beside it', async () => {
  const { transfer } = await arrived();
  await world.db.owner.query(`update waybill.chunk set octets = set_byte(octets, length(octets) - 1, get_byte(octets, length(octets) - 1) # 1)
    where share = $1 and part = 'part-1' and seq = (select max(seq) from waybill.chunk where share = $1 and part = 'part-1')`, [share]);
  const tampered = await waybill('merebrook-council', 'open', transfer, '--into', 'tampered', '--json').done;
  expect(tampered.exit).toBe(3);
  expect(JSON.parse(tampered.out)).toMatchObject({ problem: { code: 'COPY_NOT_WHOLE' } });
  expect(readdirSync(folder).filter((name) => name.includes('tampered'))).toEqual([]);
}, PATIENCE);
