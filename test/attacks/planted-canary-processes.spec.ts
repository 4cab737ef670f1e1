import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type EmbeddedPostgres, startPostgres } from '#platform/embedded-postgres';
import { systemClock } from '#platform/clock';
import type { Standalone } from '../../apps/standalone/standalone';
import { install, type Installation, RECIPIENT, SENDER } from '../bench/waybill';
import { wireOf } from '../bench/wire';
import { FRONT_DOOR } from '../journeys/referral';
import { ownNode } from '../world/broker';
import { opened } from '../world/files';
import { type Composed, fieldsOf, type SharePlan, TestPartner } from '../world/partner';
import { eventually } from '../world/partnership';
import { armorOctets } from '#envelope/cutting';
import { packet } from './envelope/forge';

// A15, with everything as it is in earnest: gateway, courier and relay each a process, a broker, a database that writes its log to disk. A thief of disks,
// an operator with a debugger, whoever reads logs and figures: nobody finds the word that was sealed, nor one that a sender spilled in clear.

/** Stands in every sealed part, and nowhere else. */
const SEALED = 'Thistlewood';
/** Stands wherever a sender could put a word by mistake; each such submission is refused, or the word has no place to stay. */
const SPILLED = 'Quillfeather';

const folder = mkdtempSync(join(tmpdir(), 'wb-'));
let postgres: EmbeddedPostgres;
let installation: Installation;
let processes: Record<'gateway' | 'courier' | 'relay', ChildProcess>;
let school: TestPartner;
let council: TestPartner;
let broker: string;
let known: { collected: string; queued: string };

const plan = (text: string): SharePlan => ({ parts: [{ category: 'names', text: `${SEALED} ${text}`, to: { [FRONT_DOOR]: 'assesses-referral' } }, { category: 'contacts-with-service', text: `${text} `.repeat(400) + SEALED, to: { [FRONT_DOOR]: 'assesses-referral' } }] });
const composed = (text = 'at 14 Elm Road'): Promise<Composed> => school.compose(plan(text), () => council.keys('front-door').certificate);

beforeAll(async () => {
  const runs = process.env['WAYBILL_TEST_BROKER'] ?? '';
  const before = new Set(existsSync(runs) ? readdirSync(runs) : []);
  const node = await ownNode();
  broker = join(runs, readdirSync(runs).find((each) => !before.has(each) && existsSync(join(runs, each, 'place.json')) && readFileSync(join(runs, each, 'place.json'), 'utf8').includes(String(node.port))) ?? '');
  postgres = await startPostgres(join(folder, 'postgres'), { durable: true });
  installation = await install(postgres, join(folder, 'waybill'), wireOf(node), ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${folder}`]);
  processes = await installation.start();
  const partnerOf = (agency: typeof SENDER | typeof RECIPIENT): TestPartner => {
    const system = { origin: installation.origin, port: installation.port, keys: { authority: { certificate: installation.tls(agency).ca } } } as unknown as Standalone;
    return new TestPartner(installation.partner(agency), system, installation.agreement, systemClock);
  };
  [school, council] = [partnerOf(SENDER), partnerOf(RECIPIENT)];
  await eventually(async () => (await school.get('/health/ready').catch(() => undefined))?.status === 200);

  // One goes all the way, and is opened and acknowledged; of others the envelope stays: in the mailbox, and in the queue.
  const first = await composed();
  const receipt = (await school.submit(first)).json as { manifestDigest: string; transfers: { transfer: string }[] };
  const transfer = receipt.transfers[0]?.transfer ?? '';
  await eventually(async () => (await council.get(`/v1/mailbox/${transfer}`)).json?.state === 'available');
  expect((await council.get(`/v1/mailbox/${transfer}/envelope`)).status).toBe(200);
  expect((await council.state('acknowledged', transfer, { share: first.id, manifestDigest: receipt.manifestDigest })).status).toBe(200);
  for (let i = 0; i < 5; i += 1) expect((await school.submit(await composed())).status).toBe(202);
  for (const spill of SPILLS) await spill();
  process.kill(processes.courier.pid as number, 'SIGSTOP');
  const last = await composed();
  const queued = (await school.submit(last)).json as { transfers: { transfer: string }[] };
  known = { collected: first.id, queued: queued.transfers[0]?.transfer ?? '' };
  await installation.owner.query('checkpoint');
});

afterAll(async () => {
  for (const each of [school, council]) each.disconnect();
  process.kill(processes.courier.pid as number, 'SIGCONT');
  await installation.stop();
  await installation.owner.end();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

const withPart = (share: Composed, octets: Uint8Array): Composed => ({ ...share, parts: new Map([...share.parts, ['part-1', octets]]) });
const inForm = async (share: Composed): Promise<unknown> => {
  const body = Buffer.concat([
    Buffer.from(`${SPILLED}\r\n`),
    ...fieldsOf(share).flatMap(({ name, octets }) => [Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"; filename="${SPILLED}.docx"\r\nX-Note: ${SPILLED}\r\nContent-Type: text/${SPILLED}\r\n\r\n`), octets, Buffer.from('\r\n')]),
    Buffer.from(`--b--\r\n${SPILLED}`),
  ]);
  return school.ask('POST', '/v1/shares', body, { 'content-type': 'multipart/form-data; boundary=b', 'user-agent': SPILLED, cookie: SPILLED, 'x-forwarded-for': SPILLED, provenance: SPILLED });
};

const SPILLS: readonly (() => Promise<unknown>)[] = [
  async () => inForm(await composed()),
  async () => school.submit(withPart(await composed(), Buffer.from(SPILLED.repeat(200)))),
  async () => school.submit(withPart(await composed(), packet(11, Buffer.from(`b\u000d${SPILLED}.txt\0\0\0\0${SPILLED}`)))),
  async () => { const share = await composed(); return school.submit(withPart(share, Buffer.from(`${SPILLED}\n${armorOctets(share.parts.get('part-1') as Uint8Array)}`))); },
  async () => { const share = await composed(); return school.submit(withPart(share, Buffer.from(armorOctets(share.parts.get('part-1') as Uint8Array).replace('\n\n', `\nComment: ${SPILLED}\n\n`)))); },
  async () => { const share = await composed(); return school.submit(withPart(share, Buffer.concat([share.parts.get('part-1') as Uint8Array, packet(13, Buffer.from(SPILLED))]))); },
  async () => { const share = await composed(); return school.submit(withPart(share, Buffer.concat([share.parts.get('part-1') as Uint8Array, packet(21, Buffer.from(SPILLED))]))); },
  async () => school.submit({ ...(await composed()), manifest: Buffer.from(JSON.stringify({ title: SPILLED, [SPILLED]: 1, toString: SPILLED })) }),
  async () => school.submit({ ...(await composed()), lines: [SPILLED, `{"valueOf":"${SPILLED}"}`] }),
  async () => school.submit({ ...(await composed()), signature: Buffer.from(SPILLED) }),
  async () => school.submit(await school.compose({ ...plan('x'), reference: SPILLED }, () => council.keys('front-door').certificate)),
  async () => school.submit(await school.compose({ ...plan('x'), manifest: { toString: SPILLED } }, () => council.keys('front-door').certificate)),
  async () => school.submit(await composed(), { 'idempotency-key': `${SPILLED} ${SPILLED}` }),
  () => school.post('/v1/share-plans', { manifest: { note: SPILLED }, lines: [{ [SPILLED]: SPILLED }] }),
  () => school.get(`/v1/mailbox/${SPILLED}?contact=${SPILLED}`),
];

/** A word in the spellings in which it could stand; Base64 at each of its three offsets. */
function spellings(word: string): Buffer[] {
  const octets = Buffer.from(word);
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), octets]).toString('base64').slice(shift === 0 ? 0 : 4, -4));
  const percent = [...octets].map((octet) => `%${octet.toString(16)}`).join('');
  return [octets, Buffer.from(word, 'utf16le'), Buffer.from(word, 'utf16le').swap16(), ...[octets.toString('hex'), octets.toString('hex').toUpperCase(), percent, percent.toUpperCase(), ...base64].map((text) => Buffer.from(text))];
}

const PIECE = 8 * 1024 * 1024;
const OVERLAP = 256;

/** In which spellings the words stand in a file, or in so many octets of it: one pass for all of them. Pieces overlap, so that nothing hides on a border. */
function foundIn(file: string, words: readonly string[], [from, to] = [0, Number.POSITIVE_INFINITY]): string[] {
  const needles = words.flatMap(spellings);
  const found = new Set<string>();
  const piece = Buffer.alloc(Math.min(PIECE, Math.max(to - from, OVERLAP * 2)));
  const handle = opened(file);
  if (handle === undefined) return [];
  try {
    for (let at = from; at < to; at += piece.length - OVERLAP) {
      const read = readSync(handle, piece, 0, Math.min(piece.length, to - at), at);
      const octets = piece.subarray(0, read);
      for (const needle of needles) if (octets.includes(needle)) found.add(needle.toString('latin1'));
      if (read < piece.length) break;
    }
  } finally {
    closeSync(handle);
  }
  return [...found];
}

function endOf(file: string, octets: number): string {
  const end = Buffer.alloc(octets);
  const handle = openSync(file, 'r');
  try {
    return end.toString('latin1', 0, readSync(handle, end, 0, octets, statSync(file).size - octets));
  } finally {
    closeSync(handle);
  }
}

const filesUnder = (top: string): string[] => readdirSync(top, { withFileTypes: true, recursive: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
const foundUnder = (top: string, words: readonly string[]): [string, string[]][] => filesUnder(top).map((file): [string, string[]] => [file, foundIn(file, words)]).filter(([, found]) => found.length > 0);

test('A15: the search finds a word in every spelling, in a file and across the border of two pieces; in what is compressed it would not', () => {
  const file = join(folder, 'planted');
  for (const spelling of spellings(SEALED)) {
    writeFileSync(file, Buffer.concat([Buffer.alloc(PIECE - 5, 0x20), spelling, Buffer.from(' and more')]));
    expect([spelling.toString('latin1'), foundIn(file, [SEALED]).length]).toEqual([spelling.toString('latin1'), 1]);
  }
  for (const form of ['hex', 'base64', 'base64url'] as const) for (const before of ['', 'x', 'xx']) {
    writeFileSync(file, Buffer.from(`${before}${SEALED} at 14 Elm Road`).toString(form));
    expect(foundIn(file, [SEALED])).not.toEqual([]);
  }
  writeFileSync(file, gzipSync(SEALED.repeat(3)));
  expect(foundIn(file, [SEALED])).toEqual([]);
  rmSync(file);
});

test('A15: it is in no file of the database, its log of writes among them, where the share stands', async () => {
  for (const [part, id] of [['base', known.collected], ['pg_wal', known.queued]] as const) expect(filesUnder(join(postgres.data, part)).some((file) => foundIn(file, [id]).length > 0)).toBe(true);
  expect(foundUnder(postgres.data, [SEALED, SPILLED])).toEqual([]);
});

test('A15: it is in no file of the broker, where the transfer waits', async () => {
  await eventually(() => Promise.resolve(filesUnder(broker).some((file) => foundIn(file, [known.queued]).length > 0)));
  expect(foundUnder(broker, [SEALED, SPILLED])).toEqual([]);
});

test('A15: it is in no log, no spool, no settings and no figures', async () => {
  expect(statSync(join(folder, 'waybill', 'gateway.log')).size).toBeGreaterThan(500);
  expect(foundUnder(join(folder, 'waybill'), [SEALED, SPILLED])).toEqual([]);
  expect(readdirSync(join(folder, 'waybill', 'spool'))).toEqual([]);
  for (const name of ['gateway', 'relay'] as const) {
    const [, port] = /WAYBILL_METRICS_PORT=(\d+)/.exec(readFileSync(`/proc/${processes[name].pid}/environ`, 'latin1')) ?? [];
    const told = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(told).toMatch(/^waybill_ready 1$/m);
    expect(told).not.toMatch(new RegExp(`${SEALED}|${SPILLED}`, 'i'));
  }
});

test('A15: it is in no heap snapshot of gateway, courier and relay, where their own settings stand', async () => {
  process.kill(processes.courier.pid as number, 'SIGCONT');
  for (const child of Object.values(processes)) {
    process.kill(child.pid as number, 'SIGUSR2');
    const file = await eventually(() => Promise.resolve(readdirSync(folder).find((name) => name.endsWith('.heapsnapshot') && name.includes(`.${child.pid}.`))));
    // It is written bit by bit, its strings last.
    await eventually(() => Promise.resolve(statSync(join(folder, file)).size > 1_000_000 && endOf(join(folder, file), 3) === '"]}'));
    expect(foundIn(join(folder, file), ['WAYBILL_DATABASE_NAME'])).not.toEqual([]);
    expect([file, foundIn(join(folder, file), [SEALED, SPILLED])]).toEqual([file, []]);
    rmSync(join(folder, file));
  }
});

// What a core dump would hold. A word that was spilled stood in memory as it came in, and may until something else is written there; one that was sealed never did.
test('A15: the sealed word is nowhere in the memory of gateway, courier and relay', () => {
  for (const [name, child] of Object.entries(processes)) {
    const ranges = readFileSync(`/proc/${child.pid}/maps`, 'latin1').split('\n').flatMap((line) => {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw\S+ \S+ \S+ 0\b/.exec(line) ?? [];
      return from && to ? [[Number.parseInt(from, 16), Number.parseInt(to, 16)] as [number, number]] : [];
    });
    const search = (...words: string[]): string[] => ranges.flatMap((range) => {
      try {
        return foundIn(`/proc/${child.pid}/mem`, words, range);
      } catch {
        // A guard page, or memory that was given back meanwhile.
        return [];
      }
    });
    expect([name, search('WAYBILL_DATABASE_NAME').length > 0]).toEqual([name, true]);
    expect([name, search(SEALED)]).toEqual([name, []]);
  }
});
