import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { packet, wrappedKeyBody } from '../attacks/envelope/forge';
import { fieldsOf } from '../world/partner';
import { openWorld } from '../world/partnership';
import { FRONT_DOOR, Scene } from './referral';

const MB = 1024 * 1024;
const SIZE = 100 * MB;
/** What buffers and garbage not yet collected may take while a hundred megabytes pass; to hold them all would take twice that and more. */
const ROOM = 150 * MB;

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const BLOCK = randomBytes(MB);
/** Encrypted data of version 1 in partial lengths of a megabyte, as gpg writes what it cannot measure: right in form, noise inside. */
function* sealed(): Generator<Buffer> {
  yield Buffer.from([0xd2, 0xe0 + 20, 1]);
  yield BLOCK.subarray(1);
  for (let at = 1; at < SIZE / MB; at++) {
    const block = Buffer.from(BLOCK);
    block.writeUInt32BE(at);
    yield* [Buffer.from([0xe0 + 20]), block];
  }
  yield Buffer.from([1, 0]);
}

function digestOf(octets: Iterable<Uint8Array>): string {
  const hash = createHash('sha256');
  for (const piece of octets) hash.update(piece);
  return hash.digest('hex');
}

/** The most that this process, which the gateway is part of, came to hold while `work` was done. */
async function growth(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  await work();
  clearInterval(watch);
  return most - before;
}

test('a part of a hundred megabytes passes with bounded memory and comes out octet for octet', async () => {
  const { school, council } = scene;
  const key = council.keys('front-door').certificate.seal[0]?.keyId ?? '';
  const wrapped = packet(1, wrappedKeyBody(key));
  const digest = digestOf(sealed());
  const wanted = createHash('sha256').update(wrapped);
  for (const piece of sealed()) wanted.update(piece);

  const lines = [
    school.line(FRONT_DOOR, { part: 'part-1', digest, category: 'photos-of-injuries', kind: 'fact', needToKnow: 'assesses-referral' }),
    ...(await scene.compose()).lines.filter((line) => 'about' in (JSON.parse(line) as object)),
  ];
  const share = await school.sign(school.manifestOf(), lines, new Map());
  const boundary = randomBytes(12).toString('hex');
  const head = (name: string) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`);
  function* body(): Generator<Uint8Array> {
    for (const { name, octets } of fieldsOf(share)) yield* [head(name), octets, Buffer.from('\r\n')];
    yield* [head('part-1'), wrapped];
    yield* sealed();
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }

  let answered: { status: number; body: Buffer } | undefined;
  expect(await growth(async () => {
    const sent = request({ host: 'localhost', port: scene.world.system.port, agent: school.agent, method: 'POST', path: '/v1/shares', headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } });
    const answer = new Promise<IncomingMessage>((resolve, reject) => sent.once('response', resolve).once('error', reject));
    await pipeline(Readable.from(body(), { objectMode: false }), sent);
    const pieces: Buffer[] = [];
    for await (const piece of await answer) pieces.push(piece as Buffer);
    answered = { status: (await answer).statusCode ?? 0, body: Buffer.concat(pieces) };
  })).toBeLessThan(ROOM);
  expect([answered?.status, answered?.body.toString()]).toEqual([202, expect.stringContaining(share.id)]);

  const transfer = await scene.transfer(council, share.id);
  expect(transfer.parts).toEqual([expect.objectContaining({ name: 'part-1', digest, size: expect.any(Number) })]);
  const got = createHash('sha256');
  let size = 0;
  expect(await growth(async () => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: 'localhost', port: scene.world.system.port, agent: council.agent, path: transfer.parts[0]?.href }, resolve).once('error', reject).end();
    });
    for await (const piece of answer) {
      got.update(piece as Buffer);
      size += (piece as Buffer).length;
    }
  })).toBeLessThan(ROOM);
  expect(size).toBe(wrapped.length + Number(transfer.parts[0]?.size));
  expect(got.digest('hex')).toBe(wanted.digest('hex'));
  const [largest] = await scene.sql<{ octets: number }>('select max(octet_length(octets)) as octets from waybill.chunk');
  expect(largest?.octets).toBeLessThanOrEqual(2 * MB);
});
