import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from 'openpgp';
import { bind, newKeys } from '../../apps/standalone/partnership';
import { readCertificate } from '#envelope/certificates';
import { type KeyUse, makeStatement } from '#envelope/key-statement';
import { generateKeyPair } from '#envelope/sealing';
import { DAY, HOUR } from '#platform/clock';
import { Refusal } from '#platform/refusal';
import { FRONT_DOOR, REFERRAL, Scene } from '../journeys/referral';
import { openWorld } from '../world/partnership';
import { certificateFrom } from './envelope/forge';

// A co-ordinator was talked into vouching for a key that no one should seal to, or believe. Who rings up hears whose it is, not what it is.

interface Vector {
  name: string;
  armored: string;
  verdict: { seal: string[]; sign: string[] } | { code: string; cause?: string };
}

const { certificates } = JSON.parse(readFileSync('test/vectors/envelope/certificates.json', 'utf8')) as { certificates: Vector[] };
const vector = (name: string) => (): Promise<Uint8Array> => {
  const found = certificates.find((each) => each.name === name);
  if (!found) throw new Error(`no vector ${name}`);
  return Promise.resolve(Buffer.from(found.armored));
};

const home = mkdtempSync(join(tmpdir(), 'wb-'));
let scene: Scene;
beforeAll(async () => {
  mkdirSync(join(home, 'g'), { mode: 0o700 });
  scene = new Scene(await openWorld());
});
afterAll(async () => {
  spawnSync('gpgconf', ['--homedir', join(home, 'g'), '--kill', 'all']);
  rmSync(home, { recursive: true, force: true });
  await scene.world.close();
});

let made = 0;
/** A certificate that gpg makes as it is told, with a subkey to encrypt to where one is named. */
const byGpg = (primary: string, subkey: string | undefined, options: readonly string[] = [], validity = '1y') => async (): Promise<Uint8Array> => {
  const gpg = (...args: string[]): Buffer => execFileSync('gpg', ['--homedir', join(home, 'g'), '--batch', '--yes', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...options, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const name = `key-${(made += 1)}@example.org`;
  gpg('--quick-generate-key', name, primary, 'sign', validity);
  const fingerprint = /^fpr:+(\w+):/m.exec(gpg('--list-keys', '--with-colons', name).toString())?.[1] ?? '';
  if (subkey) gpg('--quick-add-key', fingerprint, subkey, 'encr', validity);
  return gpg('--export', fingerprint);
};

/** With a length that gpg would round up. */
const rsa2047 = async (): Promise<Uint8Array> =>
  (await generateKey({ type: 'rsa', rsaBits: 2047, userIDs: [{ name: 'x' }], format: 'binary', config: { minRSABits: 2047 } })).publicKey;

/** What the registrar says of a certificate that the pinned co-ordinator vouches for. */
async function bound(certificate: Uint8Array, use: KeyUse): Promise<string> {
  const { world } = scene;
  const to = { agency: 'merebrook-council', contact: 'front-door' };
  const [from, until] = [world.clock.now(), new Date(world.clock.now().getTime() + 30 * DAY)].map((date) => date.toISOString()) as [string, string];
  const read = await readCertificate(new Uint8Array(certificate));
  const fingerprint = read.ok ? read.certificate.fingerprint : 'A'.repeat(40);
  const statement = await makeStatement({ ...to, fingerprint, use, from, until }, world.coordinator.key);
  const work = world.system.registrar.bindCertificate({ ...to, use, certificate, statement: statement.octets, statementSignature: statement.signature });
  return work.then(() => 'bound', (error: unknown) => (error instanceof Refusal ? `${error.code} ${String(error.reasons[0]?.facts?.['cause'])}` : String(error)));
}

type Case = [string, () => Promise<Uint8Array>, cause: string, uses?: readonly KeyUse[]];
const WEAK: readonly Case[] = [
  ['RSA with 1,024 bits', byGpg('rsa1024', 'rsa1024'), 'weak'],
  ['RSA with 2,047 bits', rsa2047, 'weak'],
  ['RSA with 2,048 bits', byGpg('rsa2048', 'rsa2048'), 'weak'],
  ['a strong key with a subkey of RSA with 2,048 bits', vector('a strong key with a subkey of RSA with 2,048 bits'), 'weak', ['seal']],
  ['DSA', byGpg('dsa1024', undefined), 'weak', ['sign']],
  ['DSA and ElGamal', vector('DSA and ElGamal'), 'weak'],
  ['secp256k1', byGpg('secp256k1', 'secp256k1'), 'weak'],
  ['an owner who asks for 3DES', byGpg('ed25519', 'cv25519', ['--default-preference-list', 'S2 H8 Z0']), 'weak'],
  ['an owner who asks for CAST5', byGpg('ed25519', 'cv25519', ['--default-preference-list', 'S3 H8 Z0']), 'weak'],
  ['an owner who asks for IDEA', byGpg('ed25519', 'cv25519', ['--default-preference-list', 'S1 H8 Z0']), 'weak'],
  ['self-signatures over SHA-1', byGpg('rsa3072', 'rsa3072', ['--cert-digest-algo', 'SHA1']), 'weak'],
  ['self-signatures over MD5', byGpg('rsa3072', 'rsa3072', ['--cert-digest-algo', 'MD5']), 'weak'],
  ['self-signatures over RIPEMD-160', vector('RSA self-signatures over RIPEMD-160'), 'weak'],
];
const UNTIMELY: readonly Case[] = [
  ['that has expired', byGpg('ed25519', 'cv25519', ['--faked-system-time', '20240101T000000!']), 'expired'],
  ['that is dated in the future', byGpg('ed25519', 'cv25519', ['--faked-system-time', '20500101T000000!']), 'unverified'],
  ['that was revoked', vector('the key was revoked as compromised'), 'revoked'],
  ['that was revoked as out of use', vector('the key was revoked as retired'), 'revoked'],
  ['whose subkey was revoked', vector('the subkey was revoked'), 'revoked', ['seal']],
  ['whose subkey has expired', vector('only the subkey expired'), 'expired', ['seal']],
  ['without a flag that says that it encrypts', vector('a key that only signs'), 'unverified', ['seal']],
  ['whose signing subkey has not agreed to belong to it', vector('a subkey that signs and has not agreed to'), 'unverified', ['sign']],
  ['that another key may revoke', vector('another key may revoke it'), 'unverified'],
];

test('the same steps bind a key that is fit, so that it is the key that the refusals are about', async () => {
  for (const use of ['seal', 'sign'] as const) {
    expect(await bound(await byGpg('ed25519', 'cv25519')(), use)).toBe('bound');
    expect(await bound(await byGpg('nistp384', 'nistp384')(), use)).toBe('bound');
  }
});

test.each(WEAK)('C7: %s is refused by the registrar as weak, though the co-ordinator vouches for it', async (_what, make, cause, uses = ['seal', 'sign']) => {
  const certificate = await make();
  for (const use of uses) expect(await bound(certificate, use)).toBe(`KEY_NOT_VERIFIED ${cause}`);
});

test.each(UNTIMELY)('C8: a key %s is refused by the registrar, with its cause', async (_what, make, cause, uses = ['seal', 'sign']) => {
  const certificate = await make();
  for (const use of uses) expect(await bound(certificate, use)).toBe(`KEY_NOT_VERIFIED ${cause}`);
});

test('C8: a key that was fit when it was bound, and expires while it is, is not sealed to any more', async () => {
  const { clock, system, coordinator } = scene.world;
  const pair = await generateKeyPair({ name: 'For an hour', algorithm: 'curve25519-legacy', expiresAfter: HOUR / 1000 });
  const certificate = await certificateFrom(pair.certificate);
  const window = { from: clock.now(), until: new Date(clock.now().getTime() + 30 * DAY) };
  await bind(system.registrar, coordinator, { agency: 'merebrook-council', contact: 'front-door', use: 'seal', certificate, ...window });
  const sealedTo = async () => scene.school.submit(await scene.compose({ parts: [{ ...REFERRAL.parts[0], category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' }, sealTo: [certificate] }] }));
  expect((await sealedTo()).status).toBe(202);
  clock.advance(2 * HOUR);
  const { status, json } = await sealedTo();
  expect([status, json.code, json.reasons[0].cause]).toEqual([422, 'KEY_NOT_VERIFIED', 'expired']);
});

test('C5: key IDs are unique: a key that is another’s already is bound to nobody else', async () => {
  const { clock, system, coordinator } = scene.world;
  const keys = await newKeys('the same for two');
  const window = { use: 'seal' as const, certificate: keys.certificate, from: clock.now(), until: new Date(clock.now().getTime() + DAY) };
  await bind(system.registrar, coordinator, { agency: 'merebrook-council', contact: 'front-door', ...window });
  await expect(bind(system.registrar, coordinator, { agency: 'st-brigid-primary', contact: 'safeguarding-lead', ...window })).rejects.toThrow();
});
