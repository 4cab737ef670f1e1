import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, issue, makeAuthority, spkiOf, type Issued } from '#envelope/authority';
import { type SigningKey, signingKey } from '#envelope/signing-keys';
import { DAY } from '#platform/clock';

/** What a sandbox's processes sign with and are known by. Each key has its own file; none has a default. */
export interface SandboxKeys {
  authority: Authority;
  server: Issued;
  /** Provenance and promises: the gateway's. */
  provenance: SigningKey;
  /** Checkpoints: the relay's. */
  checkpoint: SigningKey;
}

/** A sandbox is for trying things out: its certificates last a year. */
const VALID_MS = 365 * DAY;

/** Makes the keys at the first start and takes them up again at each later one. */
export async function sandboxKeys(folder: string, { hosts, now, tls }: { hosts: readonly string[]; now: Date; tls?: Pick<SandboxKeys, 'authority' | 'server'> }): Promise<SandboxKeys> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const validity = { from: now, until: new Date(now.getTime() + VALID_MS) };
  const authority = tls?.authority ?? (await kept(folder, 'authority', () => makeAuthority('Waybill sandbox authority', validity)));
  const server = tls?.server ?? (await kept(folder, 'server', () => issue(authority, 'Waybill sandbox gateway', { ...validity, hosts })));
  return {
    authority,
    server: { ...server, spki: spkiOf(server.certificate) },
    provenance: await signingKey(ed25519(folder, 'provenance')),
    checkpoint: await signingKey(ed25519(folder, 'checkpoint')),
  };
}

async function kept<T extends { key: string; certificate: string }>(folder: string, name: string, make: () => Promise<T>): Promise<{ key: string; certificate: string }> {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  if (!existsSync(key) || !existsSync(certificate)) {
    const made = await make();
    writeFileSync(certificate, made.certificate);
    writeFileSync(key, made.key, { mode: 0o600 });
  }
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}

function ed25519(folder: string, name: string): KeyObject {
  const file = join(folder, `${name}.key`);
  if (!existsSync(file)) writeFileSync(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return createPrivateKey(readFileSync(file, 'utf8'));
}
