import { deflateRawSync, deflateSync } from 'node:zlib';
import { execFileSync } from 'node:child_process';
import { enums, generateKey } from 'openpgp';
import { open, readPrivateKey } from '#envelope/sealing';
import { AT, packet, type Party, party, verdict } from './forge';
import { sealedByHand } from './sealing-by-hand';

// The gateway inflates nothing: what a small part becomes shows only where it is opened. There it stops at the limit, and soon.

const MB = 1_000_000;
const LIMIT = 2 * MB;
/** The fault matrix says 200 ms; a machine that does ten other things at once may take much longer. This tells it from what never comes to its end. */
const PATIENCE_MS = 60_000;

let reader: Party;
beforeAll(async () => {
  reader = await party('Merseyside Police');
});

const literal = (octets: number): Buffer => packet(11, Buffer.concat([Buffer.from('b\0\0\0\0\0'), Buffer.alloc(octets)]));
const zip = (octets: Buffer): Buffer => packet(8, Buffer.concat([Buffer.from([1]), deflateRawSync(octets)]));
const zlib = (octets: Buffer): Buffer => packet(8, Buffer.concat([Buffer.from([2]), deflateSync(octets)]));
const bzip2 = (octets: Buffer): Buffer => packet(8, Buffer.concat([Buffer.from([3]), execFileSync('python3', ['-c', 'import sys,bz2; sys.stdout.buffer.write(bz2.compress(sys.stdin.buffer.read()))'], { input: octets, maxBuffer: 100 * MB })]));

const outcome = async (octets: Uint8Array): Promise<string> => {
  const opened = await open({ octets, keys: [reader.key], manifest: 'm', part: 'part-1', at: AT, maxOctets: LIMIT });
  return opened.ok ? `${opened.octets.length} octets` : opened.code;
};

test('C10: what stays under the limit opens, compressed in whatever way', async () => {
  for (const compress of [zip, zlib, bzip2]) expect(await outcome(await sealedByHand(compress(literal(MB)), reader))).toBe(`${MB} octets`);
});

test.each<[string, () => Buffer]>([
  ['ZIP, a thousand to one', () => zip(literal(60 * MB))],
  ['ZLIB, a thousand to one', () => zlib(literal(60 * MB))],
  ['BZIP2, far more to one', () => bzip2(literal(60 * MB))],
  ['ZIP in ZIP', () => zip(zip(literal(60 * MB)))],
  ['ZLIB in ZIP in ZLIB', () => zlib(zip(zlib(literal(60 * MB))))],
  ['not compressed, and larger than we take', () => literal(3 * MB)],
])('C10: %s is stopped at the limit', async (_what, inside) => {
  const bomb = await sealedByHand(inside(), reader);
  if (bomb.length < LIMIT) expect(await verdict(bomb)).toBe('passes');
  const started = performance.now();
  expect(await outcome(bomb)).toMatch(/^(TOO_LARGE|CANNOT_OPEN)$/);
  expect(performance.now() - started).toBeLessThan(PATIENCE_MS);
});

test('C10: compressed a thousand times over, it is given up', async () => {
  let inside: Buffer = literal(100);
  for (let i = 0; i < 1_000; i += 1) inside = zip(inside);
  const started = performance.now();
  expect(await outcome(await sealedByHand(inside, reader))).toMatch(/^(TOO_LARGE|CANNOT_OPEN)$/);
  expect(performance.now() - started).toBeLessThan(PATIENCE_MS);
});

describe('Argon2', () => {
  /** RFC 9580, 3.7.1.4: salt, passes, lanes, memory of 2^n KiB. */
  const argon2 = (passes: number, lanes: number, exponent: number): Buffer => Buffer.concat([Buffer.from([4]), Buffer.alloc(16, 7), Buffer.from([passes, lanes, exponent])]);
  const skesk4 = (s2k: Buffer): Buffer => packet(3, Buffer.concat([Buffer.from([4, 9]), s2k, Buffer.alloc(33, 1)]));
  const skesk6 = (s2k: Buffer): Buffer => packet(3, Buffer.concat([Buffer.from([6, 3 + s2k.length + 15, 9, 2, s2k.length]), s2k, Buffer.alloc(15, 2), Buffer.alloc(48, 3)]));

  test.each([[255, 255, 31], [1, 1, 30], [255, 1, 255]])('C11: %d passes, %d lanes and 2^%d KiB for a password: refused by the gate, and never computed by a reader', async (...asked) => {
    const honest = await sealedByHand(literal(10), reader);
    for (const password of [skesk4(argon2(...asked)), skesk6(argon2(...asked))]) {
      const before = process.resourceUsage().maxRSS;
      const started = performance.now();
      expect(await verdict(Buffer.concat([password, honest]))).toBe('PASSWORD_RECIPIENT');
      expect(await outcome(Buffer.concat([password, honest]))).toBe('NOT_SEALED');
      expect(performance.now() - started).toBeLessThan(PATIENCE_MS);
      expect(process.resourceUsage().maxRSS - before).toBeLessThan(256 * 1024);
    }
  });

  test('C11: a secret key, locked so that unlocking would take 2^30 KiB and all day: refused soon', async () => {
    const config = { aeadProtect: true, s2kType: enums.s2k.argon2 as const, s2kArgon2Params: { passes: 1, parallelism: 1, memoryExponent: 10 } };
    const { privateKey } = await generateKey({ type: 'ecc', curve: 'ed25519Legacy', userIDs: [{ name: 'x' }], passphrase: 'p', format: 'binary', config });
    const asking = Buffer.from(privateKey);
    for (let at = 0; at < asking.length - 20; at += 1) if (asking.subarray(at + 17, at + 20).equals(Buffer.from([1, 1, 10])) && asking[at] === 4) asking.set([255, 255, 30], at + 17);
    expect(asking.equals(Buffer.from(privateKey))).toBe(false);
    const started = performance.now();
    await expect(readPrivateKey(asking, 'p')).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(PATIENCE_MS);
  });
});
