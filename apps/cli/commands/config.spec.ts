import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicKeySet } from '#envelope/signing-keys';
import { readPool } from '../../../test/world/tls';
import { KNOWN } from '../../settings';
import { REGISTRAR_SETTINGS } from '../operator/opened';
import { run } from '../run';
import { OPERATOR_SETTINGS } from '../settings';

const CANARY = 'hunter2-canary';
let folder: string;
let good: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-config-check-'));
  const { server, clients } = readPool();
  const [provenance, checkpoint, retired] = [1, 2, 3].map(() => generateKeyPairSync('ed25519')) as [Pair, Pair, Pair];
  const pem = ({ privateKey, publicKey }: Pair) => ({ own: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), public: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
  const files: Record<string, [text: string, mode?: number]> = {
    'tls.key': [server.key], 'tls.pem': [server.certificate, 0o644], 'other.key': [clients[0]?.key ?? ''],
    'provenance.key': [pem(provenance).own], 'provenance.pub': [pem(provenance).public], 'checkpoint.key': [pem(checkpoint).own], 'checkpoint.pub': [pem(checkpoint).public, 0o644],
    'rsa.pub': [generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    'open.key': [pem(provenance).own, 0o644], 'locked.key': ['-----BEGIN ENCRYPTED PRIVATE KEY-----\n'], 'text.key': [CANARY], 'empty.key': [''], password: [`${CANARY}\n`], 'two-lines': [`${CANARY}\n${CANARY}\n`],
    'retired.jwks': [JSON.stringify(await publicKeySet([{ publicKey: retired.publicKey, from: new Date(0), until: new Date() }]))],
    'no-window.jwks': [JSON.stringify(await publicKeySet([{ publicKey: retired.publicKey, from: new Date(0) }]))],
    'private.jwks': [JSON.stringify({ keys: [retired.privateKey.export({ format: 'jwk' })] })], 'words.jwks': [CANARY], 'list.jwks': ['[]'],
    'renamed.jwks': [JSON.stringify({ keys: (await publicKeySet([{ publicKey: retired.publicKey, from: new Date(0), until: new Date() }])).keys.map((key) => ({ ...key, kid: 'mine' })) })],
  };
  for (const [name, [text, mode]] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: mode ?? 0o600 });
  for (const name of ['spool', 'none', 'bent']) mkdirSync(join(folder, name));
  cpSync('deploy/agreements', join(folder, 'agreements'), { recursive: true });
  cpSync('deploy/agreements', join(folder, 'bent'), { recursive: true });
  const profile = join(folder, 'bent', 'wirral', 'agreement.yaml');
  writeFileSync(profile, `${readFileSync(profile, 'utf8')}\nfrobnicate: true\n`);
  good = [
    '# of the gateway', 'WAYBILL_DATABASE_HOST=/run/postgresql', `WAYBILL_DATABASE_PASSWORD_FILE=${folder}/password`, `WAYBILL_AGREEMENTS=${folder}/agreements`, 'WAYBILL_ORIGIN=https://localhost:8443',
    `WAYBILL_TLS_KEY_FILE=${folder}/tls.key`, `WAYBILL_TLS_CERTIFICATE_FILE=${folder}/tls.pem`, `WAYBILL_PROVENANCE_KEY_FILE=${folder}/provenance.key`, `WAYBILL_RETIRED_KEYS_FILE=${folder}/retired.jwks`,
    `WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE=${folder}/checkpoint.pub`, `WAYBILL_SPOOL=${folder}/spool`,
  ];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Pair = KeyPairKeyObjectResult;

async function waybill(args: string[], env: Record<string, string> = {}) {
  const said = { out: '', err: '' };
  const exit = await run(args, { out: (text) => void (said.out += text), err: (text) => void (said.err += text), outOctets: () => undefined, watched: false, cwd: folder, env, now: () => new Date() });
  expect(`${said.out}${said.err}`).not.toContain(CANARY);
  return { exit, ...said };
}

const written = (lines: readonly string[]): string => {
  writeFileSync(join(folder, 'gateway.env'), `${lines.join('\n')}\n`);
  return 'gateway.env';
};

/** The good file with one line put in the place of the one that sets the same, or at the end. */
const changed = (line: string): { lines: string[]; at: number } => {
  const name = line.split('=')[0] as string;
  const lines = line.endsWith('=absent') ? good.filter((each) => !each.startsWith(`${name}=`)) : good.map((each) => (each.startsWith(`${name}=`) ? line.replace('{}', folder) : each));
  if (!lines.some((each) => each.startsWith(`${name}=`)) && !line.endsWith('=absent')) lines.push(line.replace('{}', folder));
  return { lines, at: lines.findIndex((each) => each.startsWith(`${name}=`)) + 1 };
};

test('a good file is good', async () => {
  expect(await waybill(['config', 'check', written(good)])).toEqual({ exit: 0, err: '', out: 'good  gateway.env  for gateway\n' });
});

test.each<[what: string, line: string, says: RegExp]>([
  ['an unknown setting, with the nearest', 'WAYBILL_SPOL=/x', /WAYBILL_SPOL is no setting\. The nearest is WAYBILL_SPOOL/],
  ['a missing one', 'WAYBILL_SPOOL=absent', /WAYBILL_SPOOL is not set: folder for ciphertext.*For example WAYBILL_SPOOL=/],
  ['no port', `WAYBILL_PORT=${CANARY}`, /WAYBILL_PORT: it is no port\. Give a number/],
  ['a port that is none', 'WAYBILL_METRICS_PORT=70000', /it is no port\. Give a number up to 65535/],
  ['a quote', `WAYBILL_HOST="${CANARY}"`, /WAYBILL_HOST holds a quote.*Write the value bare/],
  ['no such file', 'WAYBILL_TLS_KEY_FILE=/nowhere', /there is no such file\. Create it/],
  ['a folder for a file', 'WAYBILL_TLS_KEY_FILE={}', /there is no such file/],
  ['a relative path', 'WAYBILL_TLS_KEY_FILE=tls.key', /no absolute path\. Begin it with \//],
  ['a secret that others may read', 'WAYBILL_PROVENANCE_KEY_FILE={}/open.key', /others may read or change the file.*chmod 600/],
  ['a key that does not fit its certificate', 'WAYBILL_TLS_KEY_FILE={}/other.key', /the key does not fit the certificate.*Name the key/],
  ['PEM that cannot be read', 'WAYBILL_TLS_KEY_FILE={}/text.key', /holds no private key in PEM\. It begins with/],
  ['a locked key', 'WAYBILL_TLS_KEY_FILE={}/locked.key', /locked with a passphrase.*openssl pkey/],
  ['an empty file', 'WAYBILL_TLS_KEY_FILE={}/empty.key', /the file is empty\. Fill it/],
  ['a certificate that is none', 'WAYBILL_TLS_CERTIFICATE_FILE={}/tls.key', /holds no certificate in PEM/],
  ['a key of the wrong type', 'WAYBILL_PROVENANCE_KEY_FILE={}/tls.key', /another type than Ed25519\. Make one: openssl genpkey/],
  ['a public key of the wrong type', 'WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE={}/rsa.pub', /another type than Ed25519/],
  ['a private key where a public one belongs', 'WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE={}/checkpoint.key', /it holds a private key.*-pubout/],
  ['one key for two purposes', 'WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE={}/provenance.pub', /public half of the provenance key.*Make a checkpoint key of its own/],
  ['an origin in clear', 'WAYBILL_ORIGIN=http://localhost:8443', /no https origin\. Write https/],
  ['an origin with a path', 'WAYBILL_ORIGIN=https://localhost:8443/', /more than scheme, host and port\. Leave out/],
  ['a certificate for another host', 'WAYBILL_ORIGIN=https://gateway.example', /not made out for the host of WAYBILL_ORIGIN/],
  ['a database elsewhere without TLS', 'WAYBILL_DATABASE_HOST=db.example', /reached without TLS\. Give WAYBILL_DATABASE_CA_FILE/],
  ['a password of two lines', 'WAYBILL_DATABASE_PASSWORD_FILE={}/two-lines', /more than one line/],
  ['a folder without an agreement', 'WAYBILL_AGREEMENTS={}/none', /holds no agreement/],
  ['an agreement with a fault, at its own line', 'WAYBILL_AGREEMENTS={}/bent', /wirral\/agreement\.yaml:\d+: unknown parameter `frobnicate`.*waybill agreements check/],
  ['a folder to which nothing can be written', 'WAYBILL_SPOOL=/proc', /nothing can be written to this folder\. Give it to the user/],
  ['retired keys that are no JSON', 'WAYBILL_RETIRED_KEYS_FILE={}/words.jwks', /it is not JSON\. Take the key as/],
  ['retired keys that are no set', 'WAYBILL_RETIRED_KEYS_FILE={}/list.jwks', /no list `keys`/],
  ['a retired key without an end', 'WAYBILL_RETIRED_KEYS_FILE={}/no-window.jwks', /key 1 has no window.*add `exp`/],
  ['a retired key under another name', 'WAYBILL_RETIRED_KEYS_FILE={}/renamed.jwks', /key 1 has a `kid` that is not its thumbprint/],
  ['a retired key that is private', 'WAYBILL_RETIRED_KEYS_FILE={}/private.jwks', /key 1 holds the private half/],
])('%s is told with its line and the fix, and nothing else is', async (_, line, says) => {
  const { lines, at } = changed(line);
  const { exit, out } = await waybill(['config', 'check', written(lines), '--json']);
  const [file] = (JSON.parse(out) as { files: { faults: { at?: { file: string; line: number }; says: string; fix: string }[] }[] }).files;
  expect(exit).toBe(2);
  const found = file?.faults.find((each) => says.test(`${each.says}. ${each.fix}`)) as { at?: object };
  expect(found).toBeDefined();
  // What follows from another setting is told where it would be mended, which need not be the line that was changed.
  if (!/not made out/.test(says.source)) expect(found.at).toEqual(at === 0 ? undefined : { file: 'gateway.env', line: at });
  expect(file?.faults).toHaveLength(1);
});

test('all faults are told at once, in words, with file and line', async () => {
  const { exit, out } = await waybill(['config', 'check', written([...good, 'WAYBILL_PORT=x', 'WAYBILL_PORT=y', 'WAYBILL_ORIGN=z'])]);
  expect(exit).toBe(2);
  expect(out).toMatch(/^BAD {3}gateway\.env[^]*gateway\.env:13: WAYBILL_PORT is set twice, in line 12[^]*gateway\.env:14: WAYBILL_ORIGN is no setting\. The nearest is WAYBILL_ORIGIN[^]*gateway\.env:12: WAYBILL_PORT: it is no port/);
});

test('a file that is for all processes is held to what all of them need, and each fault is told once', async () => {
  writeFileSync(join(folder, 'all.env'), `${[...good, `WAYBILL_CHECKPOINT_KEY_FILE=${folder}/open.key`].join('\n')}\n`);
  const { out } = await waybill(['config', 'check', 'all.env', '--json']);
  const [{ processes, faults }] = (JSON.parse(out) as { files: [{ processes: string[]; faults: { says: string }[] }] }).files;
  expect(processes).toEqual(['gateway', 'courier', 'relay', 'console', 'migrate']);
  expect(faults.filter(({ says }) => says.startsWith('WAYBILL_CHECKPOINT_KEY_FILE: others may read'))).toHaveLength(1);
  expect(faults.filter(({ says }) => says.startsWith('WAYBILL_DATABASE_OWNER is not set'))).toHaveLength(1);
});

test('files that a container will see elsewhere are looked for where they are', async () => {
  const lines = good.map((line) => line.replaceAll(folder, '/run/waybill'));
  expect(await waybill(['config', 'check', written(lines), '--at', `/run/waybill=${folder}`])).toMatchObject({ exit: 0 });
  expect(await waybill(['config', 'check', written(lines)])).toMatchObject({ exit: 2 });
  expect(await waybill(['config', 'check', written(lines), '--at', 'nonsense'])).toMatchObject({ exit: 2, err: expect.stringContaining('--at is written') });
});

test('show tells where each setting comes from, and no value', async () => {
  const file = written(good);
  const { exit, out } = await waybill(['config', 'show', file], { WAYBILL_PORT: CANARY, WAYBILL_DATABASE_NAME: CANARY });
  expect(exit).toBe(0);
  expect(out).toMatch(/WAYBILL_DATABASE_HOST +gateway\.env:2\n/);
  expect(out).toMatch(/WAYBILL_PORT +environment\n/);
  expect(out).toMatch(/WAYBILL_METRICS_PORT +default\n/);
  expect(out).toMatch(/WAYBILL_DATABASE_CA_FILE +not set\n/);
  expect(out).toMatch(/WAYBILL_PROVENANCE_KEY_FILE +gateway\.env:8, a secret\n/);
  expect(out).not.toContain('localhost');
});

test('what the commands of an operator are told stands in the one table of them all', () => {
  expect(Object.keys(REGISTRAR_SETTINGS).filter((name) => !(name in OPERATOR_SETTINGS))).toEqual([]);
  for (const name of Object.keys(OPERATOR_SETTINGS)) expect(KNOWN.has(name)).toBe(true);
});
