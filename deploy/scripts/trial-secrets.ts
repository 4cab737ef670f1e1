import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issue, makeAuthority } from '#envelope/authority';
import { USERS } from '#queue/topology';

/** Who reads what in the containers: `user` of our own processes, of PostgreSQL's image and of RabbitMQ's. */
const OWN = 10_001;
const SERVERS = 999;

const VALID_MS = 90 * 24 * 3_600_000;

interface Secret {
  text: string;
  uid: number;
  gid: number;
  mode: number;
}

/**
 * `npm run compose:secrets [-- folder]`: makes every secret of deploy/compose.yaml for a trial on one machine: passwords, TLS from an authority
 * whose key is kept nowhere, signing keys. Nothing that is there is touched: take the folder away to begin anew. For an installation that
 * partners use, have the TLS certificates issued by who issues yours, and make the signing keys where they will be used.
 */
async function main(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  if (readdirSync(folder).some((name) => !name.startsWith('.'))) throw new Error(`${folder} holds secrets already. Take the folder away to begin anew.`);
  const root = process.getuid?.() === 0;
  const secrets = await trialSecrets(new Date());
  for (const [name, { text, uid, gid, mode }] of Object.entries(secrets)) {
    const path = join(folder, name);
    writeFileSync(path, text, { mode, flag: 'wx' });
    if (root) chownSync(path, uid, gid);
  }
  console.log(`Made ${Object.keys(secrets).length} secrets in ${folder}. Partners pin ${join(folder, 'ca.pem')}.`);
  if (root) return;
  // The files are bound into the containers as they are: whoever reads one there must own it here.
  console.log('Now give each to who reads it in its container:');
  for (const [owner, names] of Map.groupBy(Object.entries(secrets), ([, { uid, gid }]) => `${uid}:${gid}`)) console.log(`  sudo chown ${owner} ${names.map(([name]) => join(folder, name)).join(' ')}`);
}

export async function trialSecrets(now: Date): Promise<Record<string, Secret>> {
  const validity = { from: now, until: new Date(now.getTime() + VALID_MS) };
  const authority = await makeAuthority('Waybill trial authority', validity);
  const server = (host: string) => issue(authority, host, { ...validity, hosts: [host, 'localhost', '127.0.0.1'] });
  const [gateway, console, database, broker, courier, relay] = await Promise.all([server('gateway'), server('console'), server('database'), server('broker'), issue(authority, USERS.courier, validity), issue(authority, USERS.relay, validity)]);
  const [provenance, checkpoint] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const ours = (text: string): Secret => ({ text, uid: OWN, gid: OWN, mode: 0o400 });
  const servers = (text: string): Secret => ({ text, uid: SERVERS, gid: SERVERS, mode: 0o400 });
  const password = (): string => `${randomBytes(24).toString('base64')}\n`;
  return {
    'ca.pem': { ...ours(authority.certificate), mode: 0o444 },
    // Read by PostgreSQL at its first start, and by the job that migrates.
    waybill_owner: { text: password(), uid: OWN, gid: SERVERS, mode: 0o440 },
    ...Object.fromEntries(['gateway', 'courier', 'relay', 'registrar', 'disposal', 'operator', 'console'].map((role) => [`waybill_${role}`, ours(password())])),
    'database.pem': servers(database.certificate), 'database.key': servers(database.key),
    'broker.pem': servers(broker.certificate), 'broker.key': servers(broker.key),
    'gateway.pem': ours(gateway.certificate), 'gateway.key': ours(gateway.key),
    'console.pem': ours(console.certificate), 'console.key': ours(console.key),
    // Made up: the identity provider gives out the one that it knows.
    oidc: ours(password()),
    [`${USERS.courier}.pem`]: ours(courier.certificate), [`${USERS.courier}.key`]: ours(courier.key),
    [`${USERS.relay}.pem`]: ours(relay.certificate), [`${USERS.relay}.key`]: ours(relay.key),
    'provenance.key': ours(pem(provenance.privateKey)), 'checkpoint.key': ours(pem(checkpoint.privateKey)),
    'checkpoint.pub': { ...ours(checkpoint.publicKey.export({ type: 'spki', format: 'pem' }).toString()), mode: 0o444 },
  };
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

if (require.main === module) {
  main(process.argv[2] ?? join('deploy', 'compose', 'secrets')).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
