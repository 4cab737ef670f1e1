import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { MINUTE } from '#platform/clock';
import { LIMITS } from '#protocol/limits';
import { type Composed, fieldsOf, type FormField } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { expectProblem, FRONT_DOOR, REFERRAL, Scene } from './referral';

let scene: Scene;
let share: Composed;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  share = await scene.compose();
});
afterAll(() => scene.world.close());
beforeEach(() => scene.world.clock.advance(MINUTE));

const BOUNDARY = 'waybill-boundary';
const head = (name: string): Buffer => Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`);
const bodyOf = (fields: readonly FormField[]): Buffer => Buffer.concat([...fields.flatMap(({ name, octets }) => [head(name), octets, Buffer.from('\r\n')]), Buffer.from(`--${BOUNDARY}--\r\n`)]);
const MULTIPART = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
const spool = (): string[] => readdirSync(join(scene.world.folder, 'spool'));
const named = (fields: readonly FormField[], names: string): FormField[] => names.split(' ').map((name) => fields.find((field) => field.name === name) ?? { name, octets: Buffer.from('x') });

/** Does what must be refused, and looks that it left one entry with the sender, and nothing else anywhere. */
async function leavingNothing<T>(work: () => Promise<T>, entries = 1): Promise<T> {
  const [kept, counted] = [await scene.kept(), await scene.counted('share-refused')];
  const done = await work();
  await eventually(async () => (await scene.counted('share-refused'))['st-brigid-primary'] === (counted['st-brigid-primary'] ?? 0) + entries && spool().length === 0);
  expect(await scene.counted('share-refused')).toEqual({ ...counted, 'st-brigid-primary': (counted['st-brigid-primary'] ?? 0) + entries });
  expect(await scene.kept()).toEqual(kept);
  return done;
}

describe('the order of a form', () => {
  test.each<[string, string]>([
    ['manifest lines signature part-1 part-2', 'SIGNATURE_MISSING'],
    ['manifest lines part-1 part-2', 'SIGNATURE_MISSING'],
    ['signature manifest lines part-1 part-2', 'OUT_OF_ORDER'],
    ['signature lines manifest part-1 part-2', 'OUT_OF_ORDER'],
    ['lines manifest signature part-1 part-2', 'OUT_OF_ORDER'],
    ['lines signature manifest part-1 part-2', 'OUT_OF_ORDER'],
    ['part-1 manifest signature lines part-2', 'OUT_OF_ORDER'],
    ['manifest part-1 signature lines part-2', 'OUT_OF_ORDER'],
    ['manifest signature part-1 lines part-2', 'OUT_OF_ORDER'],
    ['manifest signature lines part-1 manifest part-2', 'OUT_OF_ORDER'],
    ['manifest manifest signature lines part-1 part-2', 'OUT_OF_ORDER'],
    ['manifest signature lines part-1 part-2 note', 'OUT_OF_ORDER'],
    ['manifest signature lines part-1 part-1 part-2', 'PART_UNEXPECTED'],
    ['manifest signature lines part-1', 'PART_MISSING'],
    ['manifest signature lines', 'PART_MISSING'],
    ['manifest signature', 'OUT_OF_ORDER'],
    ['manifest', 'OUT_OF_ORDER'],
  ])('%s is refused with %s', async (names, code) => {
    expectProblem(await leavingNothing(() => scene.school.form('POST', '/v1/shares', named(fieldsOf(share), names))), 422, code);
  });

  test('parts may come in any order among themselves', async () => {
    const other = await scene.compose();
    expect((await scene.school.form('POST', '/v1/shares', named(fieldsOf(other), 'manifest signature lines part-2 part-1'))).status).toBe(202);
  });
});

describe('a body', () => {
  test.each<[string, number, string, Record<string, string>, (body: Buffer) => Buffer]>([
    ['of JSON', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'application/json' }, () => Buffer.from('{}')],
    ['without a boundary', 400, 'MULTIPART_INVALID', { 'content-type': 'multipart/form-data' }, (body) => body],
    ['with another boundary than its own', 400, 'MULTIPART_INVALID', { 'content-type': 'multipart/form-data; boundary=other' }, (body) => body],
    ['that is no form', 400, 'MULTIPART_INVALID', MULTIPART, () => Buffer.from('manifest=x')],
    ['with a header that has no end', 400, 'MULTIPART_INVALID', MULTIPART, () => Buffer.concat([Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="manifest"; x="`), Buffer.alloc(64_000, 0x61)])],
  ])('%s is refused', async (_what, status, code, headers, bend) => {
    expectProblem(await leavingNothing(() => scene.school.ask('POST', '/v1/shares', bend(bodyOf(fieldsOf(share))), headers)), status, code);
  });

  test.each<[string, number, string]>([['text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'], ['application/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'], ['multipart/mixed; boundary=x', 415, 'UNSUPPORTED_MEDIA_TYPE']])(
    'of type %s is not even looked at', async (type, status, code) => {
      expectProblem(await scene.school.ask('POST', '/v1/shares', Buffer.from('x'), { 'content-type': type }), status, code);
    },
  );

  test('that is absent is refused', async () => {
    expectProblem(await scene.school.ask('POST', '/v1/shares'), 415, 'UNSUPPORTED_MEDIA_TYPE');
    expectProblem(await leavingNothing(() => scene.school.ask('POST', '/v1/shares', Buffer.alloc(0), MULTIPART)), 400, 'MULTIPART_INVALID');
  });

  /** Where in each piece of the form it breaks off. */
  const BREAKS = ['manifest', 'signature', 'lines', 'part-1', 'part-2'].map((name): [string, (body: Buffer) => number] => [name, (body) => body.indexOf(head(name)) + head(name).length + 20]);

  test.each([...BREAKS, ['the last line', (body: Buffer) => body.length - 6]] as typeof BREAKS)('that ends early, inside %s, is refused', async (_where, at) => {
    const body = bodyOf(fieldsOf(share));
    expectProblem(await leavingNothing(() => scene.school.ask('POST', '/v1/shares', body.subarray(0, at(body)), MULTIPART)), 400, 'MULTIPART_INVALID');
  });

  test.each(BREAKS)('whose connection is cut inside %s is refused, and the spool is emptied', async (_where, at) => {
    const body = bodyOf(fieldsOf(share));
    await leavingNothing(async () => {
      const socket = await post({ 'content-length': String(body.length) });
      socket.write(body.subarray(0, at(body)));
      await new Promise((resolve) => setTimeout(resolve, 60));
      socket.destroy();
    });
  });

  test('that stalls is given up, and the spool is emptied', async () => {
    const limit = LIMITS.uploadIdle as { value: number };
    const usual = limit.value;
    limit.value = 200;
    try {
      const body = bodyOf(fieldsOf(share));
      await leavingNothing(async () => {
        const socket = await post({ 'content-length': String(body.length) });
        socket.write(body.subarray(0, body.indexOf(head('part-2'))));
        const answer = await new Promise<string>((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString())));
        expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*MULTIPART_INVALID/);
      });
    } finally {
      limit.value = usual;
    }
  });

  test('that is refused halfway is not read to its end', async () => {
    const socket = await post({ 'content-length': String(LIMITS.part.value) });
    socket.write(Buffer.concat([head('manifest'), Buffer.from('{}\r\n'), head('part-1'), Buffer.alloc(1_000, 1)]));
    const answer = await new Promise<string>((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString())));
    expect(answer).toMatch(/^HTTP\/1\.1 422 [^]*connection: close[^]*OUT_OF_ORDER/i);
    socket.destroy();
  });

  /** A connection of the school, on which the gateway has the head of an upload and waits for its body. */
  async function post(headers: Record<string, string>): Promise<TLSSocket> {
    const { own } = scene.school;
    const { port, keys } = scene.world.system;
    const socket = connect({ host: 'localhost', port, cert: own.client.certificate, key: own.client.key, ca: keys.authority.certificate, servername: 'localhost' });
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    const all = { host: 'localhost', expect: '100-continue', ...MULTIPART, ...headers };
    socket.write(`POST /v1/shares HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    return socket;
  }
});

describe('what is too large', () => {
  test.each<[keyof typeof LIMITS & string, string]>([['manifest', 'manifest'], ['signature', 'signature'], ['lines', 'lines']])('a %s past its limit is refused', async (limit, name) => {
    const fields = fieldsOf(share).map((field) => (field.name === name ? { name, octets: Buffer.alloc(LIMITS[limit].value + 1, 0x20) } : field));
    expectProblem(await leavingNothing(() => scene.school.form('POST', '/v1/shares', fields)), 413, 'TOO_LARGE');
  });

  test('a part past its limit is refused, and what was written of it is gone', async () => {
    const large = await scene.compose({ parts: [{ ...REFERRAL.parts[0], category: 'names', text: 'x'.repeat(2_000), to: { [FRONT_DOOR]: 'assesses-referral' } }] });
    const limit = LIMITS.part as { value: number };
    const usual = limit.value;
    limit.value = 1_500;
    try {
      expectProblem(await leavingNothing(() => scene.school.submit(large)), 413, 'TOO_LARGE');
    } finally {
      limit.value = usual;
    }
  });

  test('more parts than a share may have are refused', async () => {
    const parts = Array.from({ length: LIMITS.multipartParts.value + 5 }, (_, i) => ({ name: `part-${i + 1}`, octets: share.parts.get('part-1') as Uint8Array }));
    expectProblem(await leavingNothing(() => scene.school.form('POST', '/v1/shares', [...fieldsOf(share).slice(0, 3), ...parts])), 400, 'MULTIPART_INVALID');
  });

  test('a plan past its limit is refused', async () => {
    expectProblem(await scene.school.ask('POST', '/v1/share-plans', Buffer.alloc(LIMITS.plan.value + 1, 0x20), { 'content-type': 'application/json' }), 413, 'TOO_LARGE');
  });

  test('a statement past its limit is refused', async () => {
    expectProblem(await scene.school.form('PUT', `/v1/mailbox/${share.id}/opened`, [{ name: 'statement', octets: Buffer.alloc(LIMITS.json.value + 1, 0x20) }]), 413, 'TOO_LARGE');
  });
});

describe('a flood', () => {
  const flood = async (uploads: number): Promise<void> => {
    for (let i = 0; i < uploads; i++) expect((await scene.school.form('POST', '/v1/shares', [{ name: 'manifest', octets: Buffer.from('no') }])).status).toBe(422);
  };
  const counts = async () => (await scene.entries('st-brigid-primary', { kind: 'malformed-uploads' })).map((entry) => entry['count']);

  test('of malformed uploads becomes one counted entry a minute', async () => {
    const before = (await scene.counted('share-refused'))['st-brigid-primary'] ?? 0;
    // A minute of the clock, so that none of them falls into the next.
    scene.world.clock.advance(2 * MINUTE - (scene.world.clock.now().getTime() % MINUTE));
    await flood(25);
    expect((await scene.counted('share-refused'))['st-brigid-primary']).toBe(before + LIMITS.malformedPerMinute.value);
    scene.world.clock.advance(MINUTE);
    await eventually(async () => (await counts()).length === 1);
    expect(await counts()).toEqual([15]);
    await flood(1);
    expect((await scene.counted('share-refused'))['st-brigid-primary']).toBe(before + LIMITS.malformedPerMinute.value + 1);
    expect(await scene.counted('malformed-uploads')).toEqual({ 'st-brigid-primary': 1 });
  });

  test('of shares over one connection leaves nothing behind on it', async () => {
    const warnings: string[] = [];
    const warned = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', warned);
    for (let i = 0; i < 14; i++) expect((await scene.school.submit(share)).status).toBe(202);
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });
});
