// Makes the messages of this folder: `node test/vectors/envelope/corpus/make.mjs`. Real ones, by gpg, sq and openpgp.js, of random octets; nobody has their keys.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessage, encrypt, enums, generateKey, readKey } from 'openpgp';

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
for (const each of readdirSync(here)) if (each.endsWith('.pgp') || each.endsWith('.asc')) rmSync(join(here, each));
const file = (name, octets) => (writeFileSync(join(folder, name), octets), join(folder, name));
const home = join(folder, 'gpg');
mkdirSync(home, { mode: 0o700 });

const gpg = (...args) => execFileSync('gpg', ['--homedir', home, '--batch', '--yes', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', '--trust-model', 'always', ...args], { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1e8 });
const sq = (...args) => execFileSync('sq', ['--force', ...args], { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1e8 });
for (const [name, primary, subkey] of [['curve', 'ed25519', 'cv25519'], ['rsa', 'rsa3072', 'rsa3072'], ['nist', 'nistp256', 'nistp256']]) {
  gpg('--quick-generate-key', `${name}@example.org`, primary, 'sign', '1y');
  const fingerprint = /^fpr:+(\w+):/m.exec(gpg('--list-keys', '--with-colons', `${name}@example.org`).toString())[1];
  gpg('--quick-add-key', fingerprint, subkey, 'encr', '1y');
}
const [small, middle, large] = [1_000, 9_000, 40_000].map((size) => file(`in-${size}`, randomBytes(size)));
const text = file('in-text', 'The same sentence again and again, which compresses well. '.repeat(80));
const to = (...names) => names.flatMap((name) => ['-r', `${name}@example.org`]);
const save = (name, octets) => writeFileSync(join(here, name), octets);

save('gpg-curve.pgp', gpg('-o', '-', '-e', ...to('curve'), small));
save('gpg-rsa-nist-curve.pgp', gpg('-o', '-', '-e', ...to('rsa', 'nist', 'curve'), small));
save('gpg-old-framing.pgp', gpg('-o', '-', '-z', '0', '--no-emit-version', '--disable-mdc', '--force-mdc', '-e', ...to('curve'), small));
save('gpg-partial-lengths.pgp', gpg('-o', '-', '-e', ...to('curve', 'rsa'), middle));
save('gpg-signed-compressed.pgp', gpg('-o', '-', '-u', 'curve@example.org', '--sign', '-e', ...to('nist'), text));
save('gpg-large.pgp', gpg('-o', '-', '-e', ...to('curve'), large));
save('gpg-curve.asc', gpg('-o', '-', '--armor', '--comment', 'a comment that stays with its sender', '-e', ...to('curve'), small));
save('gpg-two.asc', gpg('-o', '-', '--armor', '-e', ...to('curve', 'nist'), middle));

for (const [name, suite] of [['one', 'cv25519'], ['two', 'rsa3k']]) {
  sq('key', 'generate', '-u', `${name}@example.org`, '--cipher-suite', suite, '-e', join(folder, name));
  writeFileSync(join(folder, `${name}.cert`), sq('key', 'extract-cert', join(folder, name)));
}
const certs = ['one', 'two'].flatMap((name) => ['--recipient-cert', join(folder, `${name}.cert`)]);
save('sq-one.pgp', sq('encrypt', '--binary', ...certs.slice(0, 2), small));
save('sq-two-signed.pgp', sq('encrypt', '--binary', '--signer-key', join(folder, 'one'), ...certs, middle));
save('sq-two.asc', sq('encrypt', ...certs, small));

const made = async (settings) => readKey({ armoredKey: (await generateKey({ userIDs: [{ email: 'a@example.org' }], ...settings })).publicKey });
const version4 = await Promise.all(['curve25519Legacy', 'nistP384'].map((curve) => made({ type: 'ecc', curve: curve === 'curve25519Legacy' ? 'ed25519Legacy' : curve })));
const version6 = await Promise.all(['curve25519', 'curve448'].map((type) => made({ type, config: { v6Keys: true, aeadProtect: true } })));
const modern = await made({ type: 'curve25519' });
const seal = async (octets, encryptionKeys, config = {}) => encrypt({ message: await createMessage({ binary: octets }), encryptionKeys, format: 'binary', config });
save('openpgpjs-v1.pgp', await seal(randomBytes(1_000), [version4[0]]));
save('openpgpjs-v1-three.pgp', await seal(randomBytes(3_000), [...version4, modern]));
save('openpgpjs-v2-ocb.pgp', await seal(randomBytes(1_000), [version6[0]], { aeadProtect: true, preferredAEADAlgorithm: enums.aead.ocb }));
save('openpgpjs-v2-gcm-two.pgp', await seal(randomBytes(5_000), version6, { aeadProtect: true, preferredAEADAlgorithm: enums.aead.gcm, aeadChunkSizeByte: 2 }));
const stream = await encrypt({ message: await createMessage({ binary: ReadableStream.from([randomBytes(6_000), randomBytes(6_000)]) }), encryptionKeys: [version4[0]], format: 'binary' });
const pieces = [];
for await (const piece of stream) pieces.push(piece);
save('openpgpjs-stream.pgp', Buffer.concat(pieces));
execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
rmSync(folder, { recursive: true, force: true });
