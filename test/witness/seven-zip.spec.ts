import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkContainer, makeContainer } from '#envelope/container';
import { newPassphrase } from '#envelope/passphrase';

/** 7-Zip is what a recipient without a key has. It shares no code with zip.js or us. */

const FOLDER = mkdtempSync(join(tmpdir(), 'wb-7z-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const sevenZip = (...args: string[]): string => execFileSync('7z', args, { cwd: FOLDER, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
let files = 0;
function file(octets: Uint8Array, extension = ''): string {
  const path = join(FOLDER, `f${(files += 1)}${extension}`);
  writeFileSync(path, octets);
  return path;
}

const PASSPHRASE = newPassphrase();
const FILES = [{ octets: Buffer.from('a word'), kind: 'txt' }, { octets: randomBytes(3_000_000), kind: 'pdf' }, { octets: Buffer.from([0]), kind: 'png' }];

test('CH-04: a container opens with 7-Zip and the passphrase, each file as it was, and with no other passphrase', async () => {
  const path = file(await makeContainer({ files: FILES, passphrase: PASSPHRASE }), '.zip');
  const out = join(FOLDER, 'out');
  sevenZip('x', '-y', `-p${PASSPHRASE}`, `-o${out}`, path);
  for (const [at, { octets, kind }] of FILES.entries()) expect(readFileSync(join(out, `file-${at + 1}.${kind}`)).equals(octets)).toBe(true);
  expect(() => sevenZip('t', `-p${newPassphrase()}`, path)).toThrow();
  expect(() => sevenZip('t', '-p', path)).toThrow();
});

test('CH-04: 7-Zip sees AES-256 over every file, and nothing else in it', async () => {
  const listed = sevenZip('l', '-slt', file(await makeContainer({ files: FILES, passphrase: PASSPHRASE }), '.zip'));
  expect([...listed.matchAll(/^Encrypted = (.)$/gm)].map(([, each]) => each)).toEqual(['+', '+', '+']);
  expect([...listed.matchAll(/^Method = (.*)$/gm)].map(([, each]) => each)).toEqual(['AES-256 Store', 'AES-256 Store', 'AES-256 Store']);
  expect([...listed.matchAll(/^Comment = (.+)$/gm)]).toEqual([]);
});

test('a flipped bit of the data passes the gate, which opens nothing, and 7-Zip finds it', async () => {
  const octets = Buffer.from(await makeContainer({ files: FILES, passphrase: PASSPHRASE }));
  octets[51 + 18 + 2] = (octets[51 + 18 + 2] ?? 0) ^ 1;
  expect(checkContainer(octets).ok).toBe(true);
  expect(() => sevenZip('t', `-p${PASSPHRASE}`, file(octets, '.zip'))).toThrow();
});

test.each<[string, string[], string]>([
  ['not encrypted', [], 'CONTAINER_PLAIN_ENTRY'],
  ['with the old encryption', ['-pa b', '-mem=ZipCrypto'], 'CONTAINER_WEAK_ENCRYPTION'],
  ['with AES-128', ['-pa b', '-mem=AES128'], 'CONTAINER_WEAK_ENCRYPTION'],
  ['with AES-256, under a name and a time of its own', ['-pa b', '-mem=AES256'], 'CONTAINER_NAME_IN_CLEAR'],
])('CH-04: what 7-Zip makes %s is refused', (_how, options, code) => {
  const path = join(FOLDER, `made${(files += 1)}.zip`);
  sevenZip('a', '-tzip', '-mx=0', ...options, path, file(Buffer.from('a word'), '.txt'));
  expect(checkContainer(readFileSync(path))).toEqual({ ok: false, code });
});
