import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockKey, makeRequest, ownsKey, readOutsideCertificate } from '#envelope/certificate-request';
import { generateKeyPair, readPrivateKey } from '#envelope/private-keys';
import { readSmimeIdentity, type SmimeIdentity } from '#envelope/smime-identity';
import { type Bringing, makeEnrolment, usesOf } from '#enrolment/enrolment';
import { fingerprintOf } from '#enrolment/fingerprint';
import type { Result } from '../ending';
import { writeNew } from '../files';
import { UsageError } from '../io';
import { keepPending, type Pending } from './pending';

/** An outside certificate with its key, PEM; or a new key and a request to the partnership's authority. */
export type ClientWanted = { certificate: string; key: string } | 'request';

/** An S/MIME certificate that some authority issued, and its key, unlocked. PEM. */
export interface SmimeWanted {
  contact: string;
  certificate: string;
  key: string;
}

export interface Wanted {
  home: string;
  agency: string;
  gateway: string;
  contacts: readonly string[];
  client?: ClientWanted;
  smime: readonly SmimeWanted[];
  passphrase?: string;
  /** As `waybill.json` names it. */
  passphraseFile?: string;
}

/** Makes the keys in the home and the paper that goes out. Secrets are readable by their owner alone, from the first octet. */
export async function makeKeys({ home, agency, gateway, contacts, client, smime, passphrase, passphraseFile }: Wanted, at: Date): Promise<{ pending: Pending; result: Result }> {
  const bringing: { client?: NonNullable<Bringing['client']>; contacts: Bringing['contacts'][number][]; smime: NonNullable<Bringing['smime']>[number][] } = { contacts: [], smime: [] };
  const pending: Pending = { agency, gateway, contacts: [], ...(passphraseFile ? { passphraseFile } : {}) };
  if (client) {
    const made = client === 'request' ? await makeRequest(agency) : outside(client);
    const name = unused(home, 'client', ['key', 'csr.pem', 'pem'], made.spki);
    writeNew(join(home, `${name}.key`), passphrase === undefined ? made.key : lockKey(made.key, passphrase), { secret: true });
    writeNew(join(home, `${name}.${'request' in made ? 'csr.pem' : 'pem'}`), 'request' in made ? made.request : made.certificate);
    pending.client = { key: `${name}.key`, ...('request' in made ? {} : { certificate: `${name}.pem` }) };
    bringing.client = made;
  }
  for (const contact of contacts) {
    const pair = await generateKeyPair({ name: `${contact} of ${agency}`, algorithm: 'curve25519-legacy', at, ...(passphrase === undefined ? {} : { passphrase }) });
    const key = await readPrivateKey(pair.privateKey, passphrase);
    const name = unused(home, contact, ['key.pgp', 'cert.pgp'], key.fingerprint);
    writeNew(join(home, `${name}.key.pgp`), pair.privateKey, { secret: true });
    writeNew(join(home, `${name}.cert.pgp`), pair.certificate);
    pending.contacts.push({ contact, key: `${name}.key.pgp`, certificate: `${name}.cert.pgp`, fingerprint: key.fingerprint });
    bringing.contacts.push({ contact, certificate: pair.certificate, key });
  }
  for (const { contact, certificate, key } of smime) {
    const identity = ownSmime(certificate, key);
    const { fingerprint } = identity.certificate;
    const name = unused(home, contact, ['smime.key', 'smime.pem'], fingerprint);
    writeNew(join(home, `${name}.smime.key`), passphrase === undefined ? key : lockKey(key, passphrase), { secret: true });
    writeNew(join(home, `${name}.smime.pem`), certificate);
    (pending.smime ??= []).push({ contact, key: `${name}.smime.key`, certificate: `${name}.smime.pem`, fingerprint, uses: usesOf(identity.certificate, at) });
    bringing.smime.push({ contact, identity });
  }
  const octets = await makeEnrolment({ agency, gateway, ...bringing }, at);
  const file = join(home, 'enrolment.json');
  rmSync(file, { force: true });
  writeNew(file, octets);
  keepPending(home, pending);
  const fingerprint = fingerprintOf(octets);
  return {
    pending,
    result: {
      ending: 'done',
      data: { file, fingerprint, agency, contacts: [...pending.contacts, ...(pending.smime ?? [])].map((each) => ({ contact: each.contact, fingerprint: each.fingerprint })) },
      text: [`Made ${file}. It holds no secret.`, 'Send it to the partnership’s co-ordinator, then ring them by a number that you know and read out:', '', `    ${fingerprint}`, '', 'When you have the approval back: waybill enrol finish'].join('\n'),
    },
  };
}

function outside({ certificate, key }: Exclude<ClientWanted, 'request'>): { certificate: string; key: string; spki: string } {
  const read = readOutsideCertificate(certificate);
  if (!read.ok) throw new UsageError([read.problem === 'WEAK' ? 'the key of the certificate is too weak' : 'the certificate is not one certificate (PEM)'], 'Take a certificate over RSA of 3,072 bits or more, or P-256, P-384 or P-521.');
  if (!ownsKey(key, read.presented.spki)) throw new UsageError(['the key does not belong to the certificate, or is locked'], 'Name the key for which the certificate was issued, unlocked: --client-key.');
  return { certificate, key, spki: read.presented.spki };
}

function ownSmime(certificates: string, key: string): SmimeIdentity {
  try {
    return readSmimeIdentity({ certificates, key });
  } catch {
    throw new UsageError(['the S/MIME key does not belong to its certificate, is locked, or one of them is not PEM'], 'Name the certificate that was issued, its own first, and its key, unlocked; from PKCS #12: openssl pkcs12 -nodes.');
  }
}

/** The plain name the first time; later ones stand beside it under the first digits of their fingerprint. */
const unused = (home: string, name: string, endings: readonly string[], fingerprint: string): string =>
  endings.some((ending) => existsSync(join(home, `${name}.${ending}`))) ? `${name}-${fingerprint.slice(-8).toLowerCase()}` : name;
