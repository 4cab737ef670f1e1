import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armorOctets } from '#envelope/cutting';
import { seal } from '#envelope/sealing';
import { HOUR, MINUTE } from '#platform/clock';
import { LIMITS } from '#protocol/limits';
import { APPENDED_TYPE, UPLOAD_TYPE } from '#protocol/uploads';
import { type Standalone, startStandalone } from '../../apps/standalone/standalone';
import { packet, partialPacket, wrappedKey } from '../attacks/envelope/forge';
import { type Answer, ask, type Composed, fieldsOf, sealedDigest, type TestPartner } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { readPool } from '../world/tls';
import { CANARY, expectProblem, FRONT_DOOR, NOTHING, Scene } from './referral';

const MB = 1024 * 1024;
const WORDS = randomBytes(6 * MB);

let scene: Scene;
/** A second gateway on the same database: another process would know no more of what the first had taken. */
let other: Standalone;
let folder: string;
let share: Composed;
let sealed: Buffer;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  folder = mkdtempSync(join(tmpdir(), 'waybill-other-'));
  other = await startStandalone({ folder, database: scene.world.db.address, agreements: join(process.cwd(), 'deploy/agreements'), port: 0, tls: readPool(), clock: scene.world.clock, without: ['courier', 'relay'] });
});
beforeEach(async () => {
  for (const { upload } of await scene.sql<{ upload: string }>('select id as upload from waybill.upload')) await scene.sql('delete from waybill.upload where id = $1', [upload]);
});
afterAll(async () => {
  await other.stop();
  await scene.world.close();
  rmSync(folder, { recursive: true, force: true });
});

const gateways = () => [scene.world.system.port, other.port];
const at = (port: number, method: string, path: string, octets?: Uint8Array, headers: Record<string, string> = {}, by: TestPartner = scene.school) => ask(by.agent, port, method, path, octets, headers);
const begun = async (by: TestPartner = scene.school): Promise<string> => (await by.ask('POST', '/v1/uploads')).json.upload as string;
const append = (upload: string, offset: number, octets: Uint8Array, { port = gateways()[0] as number, by = scene.school } = {}) =>
  at(port, 'PATCH', `/v1/uploads/${upload}`, octets, { 'content-type': APPENDED_TYPE, 'upload-offset': String(offset) }, by);
const offsetOf = async (upload: string, port = gateways()[0] as number): Promise<number> => (await at(port, 'GET', `/v1/uploads/${upload}`)).json.offset as number;

/** What a gateway takes from a line before it writes: what Node holds of a request that ends too early is lost. */
const IN_FLIGHT = 256 * 1024;
/** Before the encrypted data begins a gateway keeps nothing. */
const HEADER = 400;

/** Says that it sends all the rest, sends some of it, and is gone: hangs up after its last octet, or is cut off with octets still on the way. */
function broken(upload: string, offset: number, octets: Uint8Array, { sent, port, cut }: { sent: number; port: number; cut: boolean }): Promise<void> {
  return new Promise((resolve) => {
    const headers = { 'content-type': APPENDED_TYPE, 'upload-offset': String(offset), 'content-length': String(octets.length) };
    const asked = request({ host: 'localhost', port, agent: scene.school.agent, method: 'PATCH', path: `/v1/uploads/${upload}`, headers });
    asked.on('error', () => resolve()).on('close', () => resolve());
    asked.write(octets.subarray(0, sent), () => (cut ? asked.destroy() : asked.socket?.end()));
  });
}

/** A share whose one part is large, with its sealed octets apart. */
async function composed(by: TestPartner = scene.school): Promise<void> {
  const manifest = by.manifestOf();
  sealed = Buffer.from(await seal({ octets: WORDS, to: [scene.certificates(FRONT_DOOR)], signer: by.keys().key, manifest: manifest['id'] as string, part: 'part-1' }));
  const line = by.line(FRONT_DOOR, { part: 'part-1', digest: await sealedDigest(sealed), category: 'photos-of-injuries', kind: 'fact', needToKnow: 'assesses-referral' });
  const others = (await scene.compose()).lines.filter((text) => 'about' in (JSON.parse(text) as object));
  share = await by.sign(manifest, [line, ...others], new Map());
}

/** As a form whose part names an upload in place of octets. */
function submit(upload: string, sent: Composed = share): Promise<Answer> {
  const boundary = randomBytes(12).toString('hex');
  const field = (name: string, octets: Uint8Array, type: string) => [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n`), octets, Buffer.from('\r\n')];
  const body = Buffer.concat([...fieldsOf(sent).flatMap(({ name, octets }) => field(name, octets, 'application/octet-stream')), ...field('part-1', Buffer.from(upload), UPLOAD_TYPE), Buffer.from(`--${boundary}--\r\n`)]);
  return scene.school.ask('POST', '/v1/shares', body, { 'content-type': `multipart/form-data; boundary=${boundary}`, 'idempotency-key': sent.id });
}

const rows = async () => (await scene.sql<{ uploads: number; chunks: number }>('select (select count(*)::int from waybill.upload) as uploads, (select count(*)::int from waybill.upload_chunk) as chunks'))[0];

test('an upload that breaks off again and again, at any octet, goes on at another gateway, and its share arrives octet for octet', async () => {
  await composed();
  const upload = await begun();
  let breaks = 0;
  for (let offset = 0; offset < sealed.length; ) {
    const [port, another] = [gateways()[breaks % 2], gateways()[(breaks + 1) % 2]] as [number, number];
    const [sent, cut] = [randomInt(1, Math.floor(1.8 * MB)), breaks % 3 === 2];
    const rest = sealed.subarray(offset);
    if (sent < rest.length) await broken(upload, offset, rest, { sent, port, cut });
    else {
      // What was cut off before may still be written: then it is told where to go on.
      const last = await append(upload, offset, rest, { port });
      if (last.status === 200) expect(last.json).toMatchObject({ offset: sealed.length, complete: true });
      else expectProblem(last, 409, 'UPLOAD_OFFSET');
    }
    // Of what hung up something is kept; of what was cut off nobody can say how much came.
    const progress = !cut && sent > HEADER + IN_FLIGHT && sent < rest.length;
    const next = await eventually(async () => {
      const now = await offsetOf(upload, another);
      return now >= offset + (progress ? 1 : 0) && { now };
    });
    offset = Math.max(next.now, await offsetOf(upload));
    breaks++;
  }
  expect(breaks).toBeGreaterThan(3);
  const chunks = await scene.sql<{ size: number }>('select octet_length(octets) as size from waybill.upload_chunk where upload = $1 order by seq', [upload]);
  expect(chunks.slice(0, -1).every(({ size }) => size === LIMITS.chunk.value)).toBe(true);

  const answer = await submit(upload);
  expect([answer.status, answer.json.share]).toEqual([202, share.id]);
  const transfer = await scene.transfer(scene.council, share.id);
  const copy = await scene.council.get(transfer.parts[0]?.href as string);
  expect(copy.body.equals(sealed)).toBe(true);
  // Used up: gone for its owner at once, and from the rows by the relay; the same share again is answered with its receipt.
  expectProblem(await scene.school.get(`/v1/uploads/${upload}`), 404, 'NOT_FOUND');
  await eventually(async () => (await rows())?.uploads === 0);
  expect(await rows()).toEqual({ uploads: 0, chunks: 0 });
  expect((await submit(upload)).json).toEqual(answer.json);
});

test('what came before a line hung up is kept, to within what was under way: a line that breaks each half megabyte gets there', async () => {
  await composed();
  const upload = await begun();
  const half = MB / 2;
  await broken(upload, 0, sealed, { sent: half, port: gateways()[0] as number, cut: false });
  const { now } = await eventually(async () => {
    const at = await offsetOf(upload, gateways()[1]);
    return at > 0 && { now: at };
  });
  expect(now).toBeGreaterThanOrEqual(half - IN_FLIGHT);
  expect(now).toBeLessThanOrEqual(half);
  expect((await append(upload, now, sealed.subarray(now), { port: gateways()[1] as number })).json).toMatchObject({ offset: sealed.length, complete: true });
  expect((await submit(upload)).status).toBe(202);
});

test('octets one at a time get there, in no more rows than at once', async () => {
  await composed();
  const upload = await begun();
  const start = 400;
  expect((await append(upload, 0, sealed.subarray(0, start))).json.offset).toBe(start);
  for (let i = 0; i < 20; i++) expect((await append(upload, start + i, sealed.subarray(start + i, start + i + 1))).json.offset).toBe(start + i + 1);
  expect((await append(upload, start + 20, sealed.subarray(start + 20))).json).toMatchObject({ offset: sealed.length, complete: true });
  expect((await rows())?.chunks).toBe(Math.ceil(sealed.length / MB));
  expect((await submit(upload)).status).toBe(202);
});

test('another offset is refused with the right one, and the same octets again after a lost answer change nothing', async () => {
  await composed();
  const upload = await begun();
  await append(upload, 0, sealed.subarray(0, 2 * MB));
  for (const offset of [0, 1, 2 * MB + 1, sealed.length]) {
    const answer = await append(upload, offset, sealed.subarray(0, 1000));
    expectProblem(answer, 409, 'UPLOAD_OFFSET');
    expect(answer.json.reasons[0].offset).toBe(2 * MB);
  }
  expect(await offsetOf(upload)).toBe(2 * MB);
  for (const offset of ['-1', '1.5', '0x10', '99999999999999999999', 'null']) expectProblem(await at(gateways()[0] as number, 'PATCH', `/v1/uploads/${upload}`, sealed, { 'content-type': APPENDED_TYPE, 'upload-offset': offset }), 400, 'QUERY_INVALID');
  expectProblem(await at(gateways()[0] as number, 'PATCH', `/v1/uploads/${upload}`, Buffer.from('{}'), { 'content-type': 'application/json', 'upload-offset': '0' }), 415, 'UNSUPPORTED_MEDIA_TYPE');
});

test('of two who go on at once one wins, and the part is whole', async () => {
  await composed();
  const upload = await begun();
  const both = await Promise.all(gateways().map((port) => append(upload, 0, sealed, { port })));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  await eventually(async () => (await offsetOf(upload)) === sealed.length);
  expect((await submit(upload)).status).toBe(202);
});

test('to another agency an upload does not exist: it cannot be seen, gone on with, dropped or sent', async () => {
  await composed();
  const theirs = await begun(scene.council);
  await append(theirs, 0, sealed, { by: scene.council });
  for (const method of ['GET', 'DELETE']) expectProblem(await scene.school.ask(method, `/v1/uploads/${theirs}`), 404, 'NOT_FOUND');
  expectProblem(await append(theirs, sealed.length, Buffer.from('x')), 404, 'NOT_FOUND');
  expectProblem(await submit(theirs), 422, 'UPLOAD_NOT_FOUND');
  expect((await scene.council.get(`/v1/uploads/${theirs}`)).json).toMatchObject({ offset: sealed.length, complete: true });
});

test('one that is not complete, or of another part, is not accepted; what is left can be mended and sent under the same key', async () => {
  await composed();
  const upload = await begun();
  await append(upload, 0, sealed.subarray(0, MB));
  expectProblem(await submit(upload), 422, 'UPLOAD_INCOMPLETE');
  await append(upload, MB, sealed.subarray(MB));
  expect((await submit(upload)).status).toBe(202);
  const before = await scene.kept();
  await composed();
  const stale = await begun();
  await append(stale, 0, (await scene.compose()).parts.get('part-1') as Uint8Array);
  expectProblem(await submit(stale), 422, 'DIGEST_MISMATCH');
  expect(await scene.kept()).toEqual(before);
});

test('a day after its last octet it is gone, and its octets with it', async () => {
  await composed();
  const upload = await begun();
  await append(upload, 0, sealed.subarray(0, 2 * MB));
  scene.world.clock.advance(23 * HOUR);
  await append(upload, 2 * MB, sealed.subarray(2 * MB, 3 * MB));
  scene.world.clock.advance(23 * HOUR);
  expect(await offsetOf(upload)).toBe(3 * MB);
  scene.world.clock.advance(2 * HOUR);
  expectProblem(await append(upload, 3 * MB, sealed.subarray(3 * MB)), 404, 'NOT_FOUND');
  await eventually(async () => (await rows())?.chunks === 0);
});

test('an agency has so many at once, however many ask at the same time; another is not concerned', async () => {
  const asked = await Promise.all(Array.from({ length: LIMITS.uploads.value + 5 }, (_, i) => at(gateways()[i % 2] as number, 'POST', '/v1/uploads')));
  expect(asked.filter(({ status }) => status === 201)).toHaveLength(LIMITS.uploads.value);
  expectProblem(asked.find(({ status }) => status !== 201) as Answer, 409, 'UPLOADS_FULL');
  expect((await scene.council.ask('POST', '/v1/uploads')).status).toBe(201);
  await scene.school.ask('DELETE', `/v1/uploads/${asked.find(({ status }) => status === 201)?.json.upload}`);
  expect((await scene.school.ask('POST', '/v1/uploads')).status).toBe(201);
});

test('an agency has so many octets in them', async () => {
  await composed();
  const upload = await begun();
  await append(upload, 0, sealed.subarray(0, MB));
  await scene.sql('update waybill.upload set size = $2 where id = $1', [await begun(), LIMITS.uploadOctets.value - MB - 100]);
  expectProblem(await append(upload, MB, sealed.subarray(MB)), 409, 'UPLOADS_FULL');
  expect(await offsetOf(upload)).toBe(MB);
});

describe('what the gate refuses', () => {
  const words = Buffer.from(`Name: ${CANARY}. `.repeat(200_000));
  const literal = packet(11, Buffer.concat([Buffer.from('b\0\0\0\0\0'), words]));
  const head = Buffer.concat([wrappedKey('AAAAAAAAAAAAAAAA'), partialPacket(18, Buffer.concat([Buffer.from([1]), randomBytes(2 * MB)]), [20])]);

  test.each<[string, string, () => Promise<Uint8Array> | Uint8Array]>([
    ['NOT_OPENPGP', 'words', () => words],
    ['PLAINTEXT', 'words in a packet', () => literal],
    ['NOT_OPENPGP', 'an armored message', async () => Buffer.from(armorOctets((await scene.compose()).parts.get('part-1') as Uint8Array))],
    ['PASSWORD_RECIPIENT', 'what a password opens', () => packet(3, Buffer.alloc(20, 4))],
    ['SEVERAL_MESSAGES', 'a second message behind the first', () => Buffer.concat([head, head])],
    ['TRAILING_DATA', 'words behind a message', () => Buffer.concat([head, literal])],
    ['NOT_OPENPGP', 'words in place of a wrapped key', () => Buffer.concat([packet(1, words.subarray(0, 8000)), head])],
  ])('as %s, %s: the upload is gone, and not one octet of it stays', async (code, _what, octets) => {
    const upload = await begun();
    const answer = await append(upload, 0, await octets());
    expectProblem(answer, answer.status, code);
    expect(answer.body.toString()).not.toContain('Quillfeather');
    expect(await rows()).toEqual({ uploads: 0, chunks: 0 });
    expectProblem(await scene.school.get(`/v1/uploads/${upload}`), 404, 'NOT_FOUND');
  });

  test('is found however it is cut: words behind a message that came whole before', async () => {
    const upload = await begun();
    expect((await append(upload, 0, head)).json).toMatchObject({ offset: head.length, complete: true });
    expectProblem(await append(upload, head.length, words), 422, 'TRAILING_DATA');
    expect(await rows()).toEqual({ uploads: 0, chunks: 0 });
  });

  test('stands in the sender’s own register', async () => {
    // Past ten a minute they are counted.
    scene.world.clock.advance(MINUTE);
    const before = (await scene.entries('st-brigid-primary', { kind: 'share-refused' })).length;
    await append(await begun(), 0, literal);
    const entries = await scene.entries('st-brigid-primary', { kind: 'share-refused' });
    expect(entries.slice(before)).toEqual([expect.objectContaining({ reasons: [expect.objectContaining({ code: 'PLAINTEXT' })] })]);
  });

  test('nothing is kept before the encrypted data has begun, nor of padding: words in them are in no table', async () => {
    const upload = await begun();
    const half = Buffer.concat([Buffer.from([0xc1, 0xff, 0, 0, 0x1f, 0x40]), words.subarray(0, 4000)]);
    expect((await append(upload, 0, half)).json).toMatchObject({ offset: 0 });
    const padded = Buffer.concat([wrappedKey('AAAAAAAAAAAAAAAA'), packet(21, words.subarray(0, 5000)), head.subarray(wrappedKey('AAAAAAAAAAAAAAAA').length), packet(21, words.subarray(0, 5000))]);
    expect((await append(upload, 0, padded)).json).toMatchObject({ offset: padded.length, complete: true });
    const kept = await scene.sql<{ gate: string; octets: Buffer }>('select u.gate, c.octets from waybill.upload u join waybill.upload_chunk c on c.upload = u.id order by c.seq');
    expect(kept.length).toBeGreaterThan(1);
    for (const { gate, octets } of kept) expect(gate + octets.toString('latin1')).not.toMatch(/Quillfeather|UXVpbGxmZWF0aGVy/);
    const digest = createHash('sha256').update(Buffer.concat(kept.map(({ octets }) => octets))).digest('hex');
    expect(digest).toBe(await sealedDigest(padded));
  });
});

test('nothing of a payload came to be by any of this but what was sent', async () => {
  expect(Object.keys(await scene.kept())).toEqual(Object.keys(NOTHING));
  expect(await scene.sql(`select from waybill.chunk where position('Quillfeather'::bytea in octets) > 0`)).toEqual([]);
});
