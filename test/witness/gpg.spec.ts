import { type ExecFileSyncOptions, execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, readCertificate, standing } from '#envelope/certificates';
import { armorOctets, cutHead } from '#envelope/cutting';
import { type Addressee, readSealed } from '#envelope/gate';
import { makeStatement, verifyStatement } from '#envelope/key-statement';
import { generateKeyPair, open, PART_NOTATION, partBinding, readPrivateKey, seal } from '#envelope/sealing';
import { signDetached, verifyDetached } from '#envelope/signatures';

/** GnuPG is what a partner without our client uses; it says whether what we write is OpenPGP, and whether we read what is. */

const KINDS = { police: ['rsa3072', 'rsa3072'], trust: ['ed25519', 'cv25519'] } as const;
type Name = 'council' | keyof typeof KINDS;

const root = mkdtempSync(join(tmpdir(), 'wb-'));
const homes: Record<Name, string> = { council: join(root, 'c'), police: join(root, 'p'), trust: join(root, 't') };
const certificates: Partial<Record<Name, Certificate>> = {};

function gpg(name: Name, args: string[], options: ExecFileSyncOptions = {}): Buffer {
  const quiet = ['--homedir', homes[name], '--batch', '--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', '', '--trust-model', 'always'];
  return execFileSync('gpg', [...quiet, ...args], { stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 100_000_000, ...options }) as Buffer;
}

function certificateOf(name: Name): Certificate {
  const certificate = certificates[name];
  if (!certificate) throw new Error(`no certificate of ${name}`);
  return certificate;
}

let files = 0;
function file(octets: Uint8Array | string = ''): string {
  const path = join(root, `f${(files += 1)}`);
  writeFileSync(path, octets);
  return path;
}

async function gate(path: string) {
  const out: Uint8Array[] = [];
  const answer = await readSealed(createReadStream(path), { maxOctets: 50_000_000, maxAddressees: 10, sink: (chunk) => void out.push(chunk) });
  return { answer, out: Buffer.concat(out) };
}

async function passed(path: string): Promise<{ digest: string; addressees: Addressee[]; out: Buffer }> {
  const { answer, out } = await gate(path);
  if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.detail}`);
  return { ...answer.part, out };
}

/** The recipe of the protocol, by hand: where the data packet starts, and the digest from there. */
function recipe(path: string): string {
  const packets = spawnSync('gpg', ['--homedir', homes.council, '--batch', '--list-packets', path], { encoding: 'latin1', maxBuffer: 100_000_000 }).stdout;
  const offset = Number(/off=(\d+) ctb=\w+ tag=18 /.exec(packets)?.[1]);
  return execFileSync('sh', ['-c', `tail -c +${offset + 1} "${path}" | sha256sum`]).toString().slice(0, 64);
}

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}

beforeAll(async () => {
  if (spawnSync('gpg', ['--version']).status !== 0) throw new Error('gpg is not there: install gnupg (apt-get install gnupg, brew install gnupg). These tests are never skipped.');
  for (const home of Object.values(homes)) mkdirSync(home, { mode: 0o700 });
  for (const name of Object.keys(homes) as Name[]) {
    const [sign, encrypt] = name === 'council' ? KINDS.trust : KINDS[name];
    gpg(name, ['--quick-generate-key', `${name} <${name}@example.org>`, sign, 'sign', '1y']);
    const fingerprint = /^fpr:+(\w+):/m.exec(gpg(name, ['--list-secret-keys', '--with-colons']).toString())?.[1] ?? '';
    gpg(name, ['--quick-add-key', fingerprint, encrypt, 'encr', '1y']);
    const exported = gpg(name, ['--export', `${name}@example.org`]);
    for (const other of Object.keys(homes) as Name[]) if (other !== name) gpg(other, ['--import'], { input: exported });
    const read = await readCertificate(exported);
    if (!read.ok) throw new Error(read.problem.code);
    certificates[name] = read.certificate;
  }
});

afterAll(() => {
  for (const home of Object.values(homes)) spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
  // An agent that was told to end may still write there.
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

test('gpg’s certificates are read: one key to seal to, one that signs, current', () => {
  for (const name of Object.keys(homes) as Name[]) {
    const certificate = certificateOf(name);
    expect([...certificate.seal, ...certificate.sign].map((key) => standing(certificate, key, new Date()))).toEqual(['current', 'current']);
    expect(gpg(name, ['--list-keys', '--with-colons']).toString()).toContain(`fpr:::::::::${certificate.fingerprint}:`);
    expect(gpg(name, ['--list-keys', '--with-colons']).toString()).toContain(`fpr:::::::::${certificate.seal[0]?.fingerprint}:`);
  }
});

const SMALL = randomBytes(1024);
const LARGE = randomBytes(20 * 1024 * 1024);
const OPTIONS: [string, Buffer, string[]][] = [
  ['1 KB', SMALL, []],
  ['1 KB, armored', SMALL, ['--armor']],
  ['1 KB, not compressed', SMALL, ['-z', '0']],
  ['1 KB, armored, not compressed', SMALL, ['--armor', '-z', '0']],
  ['1 KB, signed in the same step', SMALL, ['--sign']],
  ['20 MB', LARGE, []],
  ['20 MB, not compressed', LARGE, ['-z', '0']],
  ['20 MB, armored, not compressed', LARGE, ['--armor', '-z', '0']],
];

test.each(OPTIONS)('%s from gpg: passes, its digest is that of the recipe, and each copy opens with its own key only', async (_, octets, options) => {
  const sealed = file();
  gpg('council', [...options, '--encrypt', '-r', 'police@example.org', '-r', 'trust@example.org', '-o', sealed, file(octets)]);
  const { digest, addressees, out } = await passed(sealed);
  const binary = options.includes('--armor') ? file(gpg('council', ['--dearmor'], { input: readFileSync(sealed) })) : sealed;
  expect(digest).toBe(recipe(binary));
  for (const name of ['police', 'trust'] as const) {
    const own = addressees.filter(({ keyId }) => keyId === certificateOf(name).seal[0]?.keyId);
    const copy = file(Buffer.concat([cutHead(own), out]));
    expect(sha256(gpg(name, ['--decrypt', copy]))).toBe(sha256(octets));
    expect(() => gpg(name === 'police' ? 'trust' : 'police', ['--decrypt', copy])).toThrow();
    expect((await passed(copy)).digest).toBe(digest);
    if (octets === SMALL) expect(sha256(gpg(name, ['--decrypt', file(armorOctets(readFileSync(copy)))]))).toBe(sha256(octets));
  }
});

describe('gpg --sign and then gpg --encrypt, to a reader that uses our client', () => {
  const read = async (sign: string[], change: { manifest?: string; author?: Certificate } = {}) => {
    const reader = await generateKeyPair({ name: 'Reader', algorithm: 'curve25519-legacy' });
    gpg('council', ['--import'], { input: reader.certificate });
    const certificate = await readCertificate(reader.certificate);
    const fingerprint = certificate.ok ? certificate.certificate.fingerprint : '';
    const signed = file();
    gpg('council', ['-u', 'council@example.org', ...sign, '-o', signed, file('what the child said')]);
    const sealed = gpg('council', ['--encrypt', '-r', fingerprint, '-o', '-', signed]);
    const author = change.author ?? certificateOf('council');
    const opened = await open({ octets: sealed, keys: [await readPrivateKey(reader.privateKey)], author, manifest: change.manifest ?? 'manifest-a', part: 'part-1', at: new Date() });
    return opened.ok ? { author: opened.author, text: Buffer.from(opened.octets).toString(), signedBy: opened.signedBy } : opened.code;
  };
  const bound = ['--sig-notation', `${PART_NOTATION}=${partBinding('manifest-a', 'part-1')}`];

  test('gives the file and who signed it, not bound', async () => {
    const expected = { author: 'not-bound', text: 'what the child said', signedBy: certificateOf('council').sign[0]?.fingerprint };
    expect(await read(['--sign'])).toEqual(expected);
    expect(await read(['--armor', '--sign'])).toEqual(expected);
    expect(await read(['-z', '0', '--sign'])).toEqual(expected);
  });

  test('is bound where gpg was told to write the notation', async () => {
    expect(await read([...bound, '--sign'])).toMatchObject({ author: 'bound' });
    expect(await read([...bound, '--sign'], { manifest: 'manifest-b' })).toBe('BOUND_TO_ANOTHER');
  });

  test('is refused where another signed', async () => {
    expect(await read(['--sign'], { author: certificateOf('police') })).toBe('AUTHOR_MISMATCH');
  });
});

test.each<[string, string, string[]]>([
  ['HIDDEN_RECIPIENT', 'gpg -R', ['--encrypt', '-R', 'police@example.org']],
  ['HIDDEN_RECIPIENT', 'gpg -r and -R', ['--encrypt', '-r', 'trust@example.org', '-R', 'police@example.org']],
  ['HIDDEN_RECIPIENT', 'gpg --throw-keyids', ['--encrypt', '--throw-keyids', '-r', 'police@example.org']],
  ['PASSWORD_RECIPIENT', 'gpg -c', ['--symmetric', '--passphrase', 'open sesame']],
  ['PASSWORD_RECIPIENT', 'gpg --symmetric --encrypt', ['--symmetric', '--encrypt', '--passphrase', 'open sesame', '-r', 'police@example.org']],
  ['SIGNED_OUTSIDE', 'gpg --clear-sign', ['--clear-sign', '-u', 'council@example.org']],
  ['SIGNED_OUTSIDE', 'gpg --sign -z 0', ['--sign', '-z', '0', '-u', 'council@example.org']],
  ['COMPRESSED_OUTSIDE', 'gpg --sign', ['--sign', '-u', 'council@example.org']],
  ['SIGNED_OUTSIDE', 'gpg --detach-sign', ['--detach-sign', '-u', 'council@example.org']],
  ['NOT_OPENPGP', 'gpg --armor --detach-sign', ['--armor', '--detach-sign', '-u', 'council@example.org']],
])('%s: %s', async (code, _, args) => {
  const path = file();
  gpg('council', ['-o', path, ...args, file('canary')]);
  const { answer } = await gate(path);
  expect(answer.ok ? 'passes' : answer.problem.code).toBe(code);
});

test('data without integrity protection, which gpg 2.2 can still be made to write, is refused', async () => {
  const path = file();
  gpg('council', ['--rfc2440', '--disable-mdc', '--cipher-algo', '3DES', '--encrypt', '-r', 'police@example.org', '-o', path, file('canary')]);
  const written = spawnSync('gpg', ['--homedir', homes.council, '--batch', '--list-only', '--list-packets', path], { encoding: 'latin1' }).stdout;
  const { answer } = await gate(path);
  // Later versions protect it whatever they are told.
  expect(answer.ok ? 'passes' : answer.problem.code).toBe(written.includes('tag=9 ') ? 'LEGACY_ENCRYPTION' : 'passes');
});

test.each(['curve25519-legacy', 'rsa3072'] as const)('what we seal with %s opens with gpg, which finds our signature good', async (algorithm) => {
  const pair = await generateKeyPair({ name: 'Our client', algorithm });
  const signer = await readPrivateKey(pair.privateKey);
  gpg('police', ['--import'], { input: pair.certificate });
  const sealed = await seal({ octets: SMALL, to: [certificateOf('police'), certificateOf('trust')], signer, manifest: 'manifest-a', part: 'part-1' });
  const path = file(sealed);
  const status = gpg('police', ['--status-fd', '2', '-o', join(root, 'opened'), '--decrypt', path], { stdio: ['pipe', 'pipe', 'pipe'] });
  expect(status.length).toBe(0);
  expect(readFileSync(join(root, 'opened')).equals(SMALL)).toBe(true);
  const said = spawnSync('gpg', ['--homedir', homes.police, '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', '--trust-model', 'always', '--status-fd', '1', '-o', '/dev/null', '--decrypt', path], { encoding: 'latin1' }).stdout;
  expect(said).toContain('GOODSIG');
  expect(said).toContain('GOODMDC');
  expect(said).toContain(`NOTATION_NAME ${PART_NOTATION}`);
  expect((await passed(path)).digest).toBe(recipe(path));
});

test('our secret keys are read by gpg, locked and unlocked', async () => {
  for (const passphrase of [undefined, 'correct horse']) {
    const pair = await generateKeyPair({ name: 'Moves to gpg', algorithm: 'curve25519-legacy', ...(passphrase ? { passphrase } : {}) });
    gpg('trust', ['--import'], { input: pair.privateKey });
    const read = await readCertificate(pair.certificate);
    const fingerprint = read.ok ? read.certificate.fingerprint : '';
    const sealed = gpg('trust', ['--encrypt', '-r', fingerprint, '-o', '-', file('to a key of ours')]);
    const plain = execFileSync('gpg', ['--homedir', homes.trust, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', passphrase ?? '', '--decrypt'], { input: sealed, stdio: ['pipe', 'pipe', 'pipe'] });
    expect(plain.toString()).toBe('to a key of ours');
  }
});

test('gpg’s secret keys are read by us', async () => {
  const sealed = gpg('council', ['--encrypt', '-r', 'trust@example.org', '-o', '-', file('to a key of gpg’s')]);
  const exported = gpg('trust', ['--armor', '--export-secret-keys', 'trust@example.org']);
  const opened = await open({ octets: sealed, keys: [await readPrivateKey(exported)], manifest: 'm', part: 'part-1', at: new Date() });
  expect(opened.ok && Buffer.from(opened.octets).toString()).toBe('to a key of gpg’s');
});

describe('detached signatures', () => {
  const OCTETS = Buffer.from('{"id":"0195f3a0"}');

  test.each([[[]], [['--armor']], [['--digest-algo', 'SHA256']]])('gpg --detach-sign %s is verified by us', async (options) => {
    for (const name of Object.keys(homes) as Name[]) {
      const signature = gpg(name, [...options, '-u', `${name}@example.org`, '--detach-sign', '-o', '-'], { input: OCTETS });
      const verified = await verifyDetached({ octets: OCTETS, signature, certificates: [certificateOf(name)], at: new Date() });
      expect(verified).toEqual({ ok: true, fingerprint: certificateOf(name).fingerprint, keyFingerprint: certificateOf(name).sign[0]?.fingerprint });
    }
  });

  test('gpg --digest-algo SHA1 is refused', async () => {
    const signature = gpg('police', ['--digest-algo', 'SHA1', '--detach-sign', '-o', '-'], { input: OCTETS });
    expect(await verifyDetached({ octets: OCTETS, signature, certificates: [certificateOf('police')], at: new Date() })).toMatchObject({ ok: false, problem: { code: 'SIGNATURE_MISSING' } });
  });

  test.each(['curve25519-legacy', 'rsa3072'] as const)('ours with %s, and a key statement, are verified by gpg --verify as they stand', async (algorithm) => {
    const pair = await generateKeyPair({ name: 'Co-ordinator', algorithm });
    const key = await readPrivateKey(pair.privateKey);
    gpg('trust', ['--import'], { input: pair.certificate });
    gpg('trust', ['--verify', file(await signDetached({ octets: OCTETS, key })), file(OCTETS)]);

    const { fingerprint } = certificateOf('council');
    const expected = { agency: 'wirral-council', contact: 'front-door', fingerprint, use: 'seal' as const };
    const { octets, signature } = await makeStatement({ ...expected, from: '2026-01-01T00:00:00Z', until: '2099-01-01T00:00:00Z' }, key);
    gpg('trust', ['--verify', file(signature), file(octets)]);
    expect(() => gpg('trust', ['--verify', file(signature), file(Buffer.concat([octets, Buffer.from(' ')]))])).toThrow();
    const coordinator = await readCertificate(pair.certificate);
    if (!coordinator.ok) throw new Error(coordinator.problem.code);
    expect(await verifyStatement({ octets, signature, coordinator: coordinator.certificate, at: new Date('2099-01-01T00:00:00Z'), expected })).toMatchObject({ code: 'STATEMENT_NOT_CURRENT' });
    expect(await verifyStatement({ octets, signature, coordinator: coordinator.certificate, at: new Date(), expected })).toMatchObject({ ok: true });
  });
});
