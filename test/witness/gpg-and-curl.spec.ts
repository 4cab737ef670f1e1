import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCertificate } from '#envelope/certificates';
import { readPrivateKey } from '#envelope/private-keys';
import { COUNCIL, SCHOOL } from '../../apps/standalone/cast';
import { writeHome } from '../../apps/standalone/home';
import type { AgencyPlan, ContactKeys } from '../../apps/standalone/partnership';
import type { TestPartner } from '../world/partner';
import { eventually, openWorld, type World } from '../world/partnership';

// The guide's own scripts, run as they stand: gpg, openssl and curl are a complete client, and what they make is what we accept.

const GUIDE = readFileSync('docs/examples/gpg-and-curl.md', 'utf8');
const CANARY = 'Wilhelmina Quillfeather came to school without a coat.\n';

/** The bash blocks of one section, as one script. */
const script = (section: string): string => {
  const text = GUIDE.split(/^## /m).find((each) => each.startsWith(section)) ?? '';
  const blocks = [...text.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
  if (blocks.length < 3) throw new Error(`the guide has no scripts under ${section}`);
  return blocks.join('\n');
};

/** A key pair that gpg made, so that nothing of it is ours. */
function keysByGpg(algorithm: 'ed25519' | 'rsa3072', name: string): Promise<ContactKeys> {
  const home = mkdtempSync(join(tmpdir(), 'wb-gpg-'));
  const gpg = (...args: string[]): Buffer => execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    gpg('--quick-gen-key', `${name} <test@example.org>`, algorithm, 'cert,sign', 'never');
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(gpg('--with-colons', '--list-keys').toString())?.[1] ?? '';
    gpg('--quick-add-key', fingerprint, algorithm === 'ed25519' ? 'cv25519' : algorithm, 'encr', 'never');
    return held(new Uint8Array(gpg('--export', fingerprint)), new Uint8Array(gpg('--export-secret-keys', fingerprint)));
  } finally {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    // An agent that was told to end may still write there.
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function held(octets: Uint8Array, secret: Uint8Array): Promise<ContactKeys> {
  const reading = await readCertificate(octets);
  if (!reading.ok) throw new Error(`gpg's certificate is not read: ${reading.problem.code}`);
  return { certificate: reading.certificate, secret, key: await readPrivateKey(secret) };
}

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'wb-premises-'));
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

async function premises(partner: TestPartner): Promise<string> {
  const home = join(folder, partner.agency);
  await writeHome(home, partner.own, { origin: world.system.origin, agreement: world.agreement, keys: world.system.keys, coordinator: world.coordinator });
  return home;
}

/** Not synchronously: the gateway that answers runs in this very process. */
async function bash(section: string, env: Record<string, string>): Promise<{ status: number; out: string; err: string }> {
  const { spawn } = await import('node:child_process');
  const child = spawn('bash', ['-c', script(section)], { env: { PATH: process.env['PATH'] ?? '', HOME: folder, GATEWAY: world.system.origin, COORDINATOR: world.coordinator.certificate.fingerprint, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (piece: Buffer) => (text.out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (text.err += piece.toString()));
  const status = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  return { status, ...text };
}

const named = (plan: AgencyPlan, agency: string): AgencyPlan => ({ ...plan, agency, controller: { id: agency, name: plan.name }, ...(plan.entry === 'council' ? { entry: 'local-authority' } : {}) });

test.each(['ed25519', 'rsa3072'] as const)('gpg and curl alone send, collect, verify and acknowledge, with %s keys that gpg made', async (algorithm) => {
  const school = await world.join(named(SCHOOL, `school-${algorithm}`), new Map([['safeguarding-lead', await keysByGpg(algorithm, 'Sender')]]));
  const council = await world.join(named(COUNCIL, `council-${algorithm}`), new Map([['front-door', await keysByGpg(algorithm, 'Recipient')]]));
  const [ours, theirs] = [await premises(school), await premises(council)];
  const file = join(folder, `${algorithm}.txt`);
  writeFileSync(file, CANARY);
  const agreement = { AGREEMENT: world.agreement.id, AGREEMENT_VERSION: world.agreement.version };

  const sent = await bash('Sending', { PREMISES: ours, AGENCY: school.agency, TO_AGENCY: council.agency, FILE: file, ...agreement });
  expect(sent).toMatchObject({ status: 0 });
  const share = sent.out.trim();
  await eventually(async () => (await council.get('/v1/mailbox')).json.items.some((item: { share: string }) => item.share === share));

  const into = join(folder, `collected-${algorithm}`);
  const collected = await bash('Collecting', { PREMISES: theirs, AGENCY: council.agency, SHARE: share, INTO: into });
  expect(collected).toMatchObject({ status: 0 });
  expect(execFileSync('sh', ['-c', `cat ${into}/* 2>/dev/null | grep -c "Wilhelmina Quillfeather" || true`]).toString().trim()).not.toBe('0');
  const told = (await school.get(`/v1/shares/${share}`)).json;
  expect(told.transfers.map((each: { state: string }) => each.state)).toEqual(['acknowledged']);
});

test('the guide stops before it seals to a certificate for which the co-ordinator did not speak', async () => {
  const school = world.partner('st-brigid-primary');
  const home = await premises(school);
  const file = join(folder, 'swapped.txt');
  writeFileSync(file, CANARY);
  const other = await keysByGpg('ed25519', 'Operator');
  // Whoever runs the gateway puts a key of its own in the place of the front door's.
  const genuine = world.partner('merebrook-council').keys('front-door').certificate;
  await world.db.owner.query(`update waybill.certificate set octets = $1 where fingerprint = $2`, [Buffer.from(other.certificate.octets), genuine.fingerprint]);
  try {
    const sent = await bash('Sending', { PREMISES: home, FILE: file, AGREEMENT: world.agreement.id, AGREEMENT_VERSION: world.agreement.version });
    expect(sent.status).toBe(3);
    expect(sent.err).toMatch(/vouches for no key/);
  } finally {
    await world.db.owner.query(`update waybill.certificate set octets = $1 where fingerprint = $2`, [Buffer.from(genuine.octets), genuine.fingerprint]);
  }
});
