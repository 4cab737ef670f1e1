import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newFile, octetsOf } from '#client/octets-file';
import { type Certificate, readCertificate } from '#envelope/certificates';
import { readSealed } from '#envelope/gate';
import { openInto } from '#envelope/opening';
import { generateKeyPair, type PrivateKey, readPrivateKey, sealing } from '#envelope/sealing';

/** What our stream seals gpg opens, and what gpg seals, in partial lengths and compressed, our stream opens: 24 MB each. */

const folder = mkdtempSync(join(tmpdir(), 'wb-'));
const SIZE = 24 * 1024 * 1024;
const LIMITS = { maxOctets: 100_000_000, maxAddressees: 10 };
let certificate: Certificate;
let key: PrivateKey;
/** Half of it compresses well: a stream of packets in packets, of no even length. */
const words = Buffer.concat([randomBytes(SIZE / 2), Buffer.alloc(SIZE / 2, 'so it was said. ')]);

function gpg(...args: string[]): void {
  execFileSync('gpg', ['--homedir', join(folder, 'keys'), '--batch', '--yes', '--quiet', '--no-tty', '--trust-model', 'always', ...args], { stdio: 'pipe' });
}

beforeAll(async () => {
  mkdirSync(join(folder, 'keys'), { mode: 0o700 });
  const pair = await generateKeyPair({ name: 'council', algorithm: 'curve25519-legacy' });
  const reading = await readCertificate(pair.certificate);
  if (!reading.ok) throw new Error('no certificate');
  [certificate, key] = [reading.certificate, await readPrivateKey(pair.privateKey)];
  writeFileSync(join(folder, 'key'), pair.privateKey);
  writeFileSync(join(folder, 'plain'), words);
  gpg('--import', join(folder, 'key'));
});
afterAll(() => {
  execFileSync('gpgconf', ['--homedir', join(folder, 'keys'), '--kill', 'all']);
  // An agent that was told to end may still write there.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const digest = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

test('gpg opens what the stream sealed, and says that the signature is good', async () => {
  const file = await newFile(join(folder, 'sealed.pgp'));
  for await (const piece of await sealing({ source: octetsOf({ path: join(folder, 'plain'), size: SIZE }), to: [certificate], signer: key, manifest: 'm', part: 'part-1' })) await file.write(piece);
  await file.close();
  gpg('--status-file', join(folder, 'status'), '--output', join(folder, 'opened'), '--decrypt', join(folder, 'sealed.pgp'));
  expect(digest(readFileSync(join(folder, 'opened')))).toBe(digest(words));
  expect(readFileSync(join(folder, 'status'), 'utf8')).toMatch(/NOTATION_DATA m\/part-1[^]*GOODSIG|GOODSIG[^]*NOTATION_DATA m\/part-1/);
});

let files = 0;
async function opened(path: string, change: (octets: Buffer) => Buffer = (octets) => octets): Promise<{ ok: boolean; code?: string; author?: string; digest?: string }> {
  const data = await newFile(join(folder, `data-${files++}`));
  const gated = await readSealed(createReadStream(path), { ...LIMITS, sink: (piece) => data.write(Buffer.from(piece)) });
  await data.close();
  if (!gated.ok) return { ok: false, code: gated.problem.code };
  const changed = change(readFileSync(join(folder, `data-${files - 1}`)));
  const result = await openInto({
    addressees: gated.part.addressees, data: octetsOf(changed), scratch: () => newFile(join(folder, `out-${files++}`)),
    keys: [key], author: certificate, manifest: 'm', part: 'part-1', at: new Date(), ...LIMITS,
  });
  if (!result.ok) return result;
  const hash = createHash('sha256');
  for await (const piece of result.contents.read()) hash.update(piece);
  return { ok: true, author: result.author, digest: hash.digest('hex') };
}

test.each<[string, string[]]>([
  ['signed and encrypted in one', ['--sig-notation', 'share-part@waybill.example=m/part-1', '--digest-algo', 'SHA512', '--sign', '--encrypt']],
  ['without compression', ['--compress-algo', 'none', '--sig-notation', 'share-part@waybill.example=m/part-1', '--digest-algo', 'SHA512', '--sign', '--encrypt']],
  ['compressed with bzip2', ['--compress-algo', 'bzip2', '--sig-notation', 'share-part@waybill.example=m/part-1', '--digest-algo', 'SHA512', '--sign', '--encrypt']],
])('the stream opens what gpg sealed, %s; with its last octet changed it does not', async (_how, args) => {
  gpg(...args, '--recipient', certificate.fingerprint, '--output', join(folder, 'gpg.pgp'), join(folder, 'plain'));
  expect(await opened(join(folder, 'gpg.pgp'))).toEqual({ ok: true, author: 'bound', digest: digest(words) });
  expect(await opened(join(folder, 'gpg.pgp'), (octets) => {
    octets.writeUInt8((octets.at(-1) ?? 0) ^ 1, octets.length - 1);
    return octets;
  })).toMatchObject({ ok: false, code: 'CANNOT_OPEN' });
});

test('what gpg signed to a file and then sealed is taken out, signed as it is', async () => {
  gpg('--digest-algo', 'SHA512', '--sig-notation', 'share-part@waybill.example=m/part-1', '--output', join(folder, 'signed'), '--sign', join(folder, 'plain'));
  gpg('--encrypt', '--recipient', certificate.fingerprint, '--output', join(folder, 'gpg-two.pgp'), join(folder, 'signed'));
  expect(await opened(join(folder, 'gpg-two.pgp'))).toEqual({ ok: true, author: 'bound', digest: digest(words) });
});
