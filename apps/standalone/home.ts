import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spkiOf } from '#envelope/authority';
import { readCertificate } from '#envelope/certificates';
import { readPrivateKey } from '#envelope/private-keys';
import { publicKeySet } from '#envelope/signing-keys';
import type { PinsFile } from '#client/pins';
import { hostOf, originOf } from '#register/checkpoint';
import { vkeyOf } from '#register/vkey';
import type { Agreement } from '#policy/agreement';
import type { SandboxKeys } from './keys';
import type { AgencyPlan, ContactKeys, Coordinator, Partner } from './partnership';

// A partner's premises as folders: what the command `waybill --home` reads, and what gpg and curl can use as it stands.

export interface HomeFacts {
  origin: string;
  agreement: Agreement;
  keys: SandboxKeys;
  coordinator: Coordinator;
}

/** Writes a partner's home: secrets readable by nobody else, and the pins that it trusts. */
export async function writeHome(folder: string, partner: Partner, { origin, agreement, keys, coordinator }: HomeFacts): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const { plan, client } = partner;
  const [contact] = partner.keys.keys() as IterableIterator<string> & Iterable<string>;
  secret(folder, 'client.key', client.key);
  open(folder, 'client.pem', client.certificate);
  open(folder, 'ca.pem', keys.authority.certificate);
  for (const [name, own] of partner.keys) {
    secret(folder, `${name}.key.pgp`, own.secret);
    open(folder, `${name}.cert.pgp`, own.certificate.octets);
  }
  open(folder, 'co-ordinator.cert.pgp', coordinator.certificate.octets);
  open(folder, 'waybill.json', JSON.stringify({
    gateway: origin,
    agency: plan.agency,
    contact,
    role: 'designated-safeguarding-lead',
    agreement: { id: agreement.id, version: agreement.version },
    ca: 'ca.pem',
    clientCertificate: 'client.pem',
    clientKey: 'client.key',
    signingKey: `${contact}.key.pgp`,
    openingKeys: [...partner.keys.keys()].map((name) => `${name}.key.pgp`),
    pins: 'pins.json',
  }, undefined, 2));
  const pins: PinsFile = {
    format: 'waybill-pins/1',
    gateway: origin,
    gatewayKeys: (await publicKeySet([{ publicKey: keys.provenance.publicKey, from: new Date(0) }])).keys,
    logKeys: [vkeyOf(originOf(hostOf(origin), plan.controller.id), keys.checkpoint.publicKey)],
    coordinators: [{ fingerprint: coordinator.certificate.fingerprint, certificate: Buffer.from(coordinator.certificate.octets).toString('base64') }],
  };
  open(folder, 'pins.json', JSON.stringify(pins, undefined, 2));
}

export const hasHome = (folder: string): boolean => existsSync(join(folder, 'pins.json'));

/** Takes a partner's home up again. */
export async function readHome(folder: string, plan: AgencyPlan): Promise<Partner> {
  const keys = new Map<string, ContactKeys>();
  for (const { contact } of plan.contacts.filter((each) => each.keys)) keys.set(contact, await readKeys(folder, contact));
  const [key, certificate] = ['client.key', 'client.pem'].map((file) => readFileSync(join(folder, file), 'utf8')) as [string, string];
  return { plan, client: { key, certificate, spki: spkiOf(certificate) }, keys };
}

/** A key pair by its name: `<name>.key.pgp` and `<name>.cert.pgp`. */
export async function readKeys(folder: string, name: string): Promise<ContactKeys> {
  const own = new Uint8Array(readFileSync(join(folder, `${name}.key.pgp`)));
  const reading = await readCertificate(new Uint8Array(readFileSync(join(folder, `${name}.cert.pgp`))));
  if (!reading.ok) throw new Error(`${join(folder, `${name}.cert.pgp`)} is no certificate: remove the folder and start again`);
  return { certificate: reading.certificate, secret: own, key: await readPrivateKey(own) };
}

export function writeKeys(folder: string, name: string, own: ContactKeys): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  secret(folder, `${name}.key.pgp`, own.secret);
  open(folder, `${name}.cert.pgp`, own.certificate.octets);
}

const secret = (folder: string, name: string, octets: string | Uint8Array): void => writeFileSync(join(folder, name), octets, { mode: 0o600 });
const open = (folder: string, name: string, octets: string | Uint8Array): void => writeFileSync(join(folder, name), octets);
