import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { EMBEDDED_OWNER, startPostgres } from '#platform/embedded-postgres';
import { eventually } from '../world/partnership';

// What a newcomer sees: the compiled demonstration, as its command runs it, in a folder of its own.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(process.cwd(), '.waybill', 'demo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function demo(env: Record<string, string> = {}): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['deploy/scripts/run.mjs', 'apps/standalone/demo/main.js', '--once', '--folder', join(folder, 'sandbox'), '--port', '0'], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

test('the demonstration shows the main job, and shows it again on what the first start left', async () => {
  const first = await demo();
  expect(first).toMatchObject({ code: 0, said: expect.stringContaining('9 of 9 steps shown.') });
  expect(first.said).toMatch(/made up[\s\S]*Never use real case data here[\s\S]*Not endorsed/);
  expect(first.said).toMatch(/STAYS {2}part-3 \(health\) → kingfisher-families\/casework\s+NEED_TO_KNOW_MISSING/);
  expect(first.said).toMatch(/999, and merebrook-council\/front-door \+44/);
  expect(first.said).toMatch(/Łucja Ŵyn-Jones, on duty at the front door[\s\S]*stands first, and above it "Emergency: ring 999 first"/);
  expect(first.said).toMatch(/Tomos Llŷn, who co-ordinates the\s+agreement, finds R-[0-9A-F]{8} under Disputes/);
  expect(first.said).toMatch(/Found "Wilhelmina Quillfeather": 0 times/);
  const second = await demo();
  expect(second).toMatchObject({ code: 0, said: expect.stringContaining('9 of 9 steps shown.') });
  expect(second.said).not.toContain('Making keys');
});

test('a tool that is absent is named, and what it was to show is not counted as shown', async () => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  // A shell for the server's keeper, and `setpriv` where the server needs it; no python3, no openssl.
  for (const tool of ['sh', 'cat', 'kill', 'setpriv']) for (const from of ['/bin', '/usr/bin']) {
    try {
      symlinkSync(join(from, tool), join(bin, tool));
      break;
    } catch {
      // Not in this one.
    }
  }
  const { code, said } = await demo({ PATH: bin });
  expect(said).toMatch(/NOT SHOWN: the stand-alone verifier, for python3 is absent/);
  expect(said).not.toContain('8 of 8');
  expect(code).toBe(0);
});

test('a step that fails ends the demonstration with another exit code than 0, and says which', async () => {
  const server = await startPostgres(join(folder, 'sandbox', 'postgres'), { durable: false });
  const client = new Client({ host: server.host, port: server.port, user: EMBEDDED_OWNER, database: 'waybill' });
  await client.connect();
  await client.query('set session_replication_role = replica');
  await client.query(`update waybill.entry set octets = set_byte(octets, 40, 255 - get_byte(octets, 40)) where id = (select entry from waybill.leaf where controller = 'st-brigid-primary' order by index limit 1)`);
  await client.end();
  await server.stop();
  const { code, said } = await demo();
  expect(code).toBe(1);
  expect(said).toMatch(/FAILED: it was to be shown that the register of st-brigid-primary verifies/);
});

test('everything that it started has stopped', async () => {
  const running = () => new Promise<string>((resolve, reject) => {
    const list = spawn('ps', ['-eo', 'args'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    list.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    list.once('close', () => resolve(said));
    list.once('error', reject);
  });
  // What was told to stop may take a moment.
  await eventually(async () => !(await running()).includes(folder));
});
