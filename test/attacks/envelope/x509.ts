import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { OID } from '#envelope/der/oids';
import { around, plain, TYPE } from '#envelope/der/tags';
import { element, octetString, oid, sequence, setOf, small } from '#envelope/der/writer';
import { writeTime } from '#envelope/cms/time';
import { readSmimeCertificate, type SmimeCertificate } from '#envelope/smime-certificates';
import { readSmimeIdentity, type SmimeIdentity } from '#envelope/smime-identity';


/** An X.509 certificate with its key: what a partner's authority would have issued. */
export interface Issued {
  name: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
  octets: Buffer;
  certificate: SmimeCertificate;
  identity: SmimeIdentity;
}

export interface Wish {
  key?: 'rsa3072' | 'rsa2048' | 'P-256' | 'P-384' | 'P-521' | 'secp256k1';
  issuer?: Issued;
  authority?: boolean;
  pathLength?: number;
  emails?: readonly string[];
  /** Bits of key usage; none by default. */
  usage?: readonly number[];
  from?: Date;
  until?: Date;
  /** Instead of a key identifier of its own. */
  keyIdentifier?: Buffer;
  serial?: Buffer;
  extensions?: readonly Uint8Array[];
  keys?: { publicKey: KeyObject; privateKey: KeyObject };
  hash?: 'sha256' | 'sha1';
}

const RSA_HASH = { sha256: OID.sha256WithRsa, sha1: '1.2.840.113549.1.1.5' };
const KEYS: Record<string, { publicKey: KeyObject; privateKey: KeyObject }> = {};

/** RSA keys are slow to make: one for each size does where nothing depends on whose it is. */
export function newKey(kind: NonNullable<Wish['key']>): { publicKey: KeyObject; privateKey: KeyObject } {
  if (kind.startsWith('rsa')) return (KEYS[kind] ??= generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(3)) }));
  return generateKeyPairSync('ec', { namedCurve: kind });
}

export const extension = (name: string, value: Uint8Array, critical = false): Uint8Array => sequence(oid(name), ...(critical ? [element(TYPE.boolean, Uint8Array.of(0xff))] : []), octetString(value));
const named = (name: string): Uint8Array => sequence(setOf(sequence(oid('2.5.4.3'), element(0x0c, Buffer.from(name)))));
const bits = (set: readonly number[]): Uint8Array => element(TYPE.bitString, Uint8Array.of(0, set.reduce((sum, bit) => sum | (0x80 >> bit), 0)));

export function issue(name: string, wish: Wish = {}): Issued {
  const { key = 'P-256', issuer, authority = false, emails = [], from = new Date('2025-03-02T09:30:00Z'), until = new Date('2028-03-02T09:30:00Z'), hash = 'sha256' } = wish;
  const { publicKey, privateKey } = wish.keys ?? newKey(key);
  const signer = issuer?.privateKey ?? privateKey;
  const usage = wish.usage ?? (authority ? [5] : undefined);
  const by = signer.asymmetricKeyType === 'rsa' ? sequence(oid(RSA_HASH[hash]), element(TYPE.null)) : sequence(oid(OID.ecdsaSha256));
  const extensions = [
    extension(OID.subjectKeyIdentifier, octetString(wish.keyIdentifier ?? randomBytes(20))),
    ...(authority ? [extension(OID.basicConstraints, sequence(element(TYPE.boolean, Uint8Array.of(0xff)), ...(wish.pathLength === undefined ? [] : [small(wish.pathLength)])), true)] : []),
    ...(usage ? [extension(OID.keyUsage, bits(usage), true)] : []),
    ...(emails.length > 0 ? [extension(OID.subjectAltName, sequence(...emails.map((email) => element(plain(1), Buffer.from(email)))))] : []),
    ...(wish.extensions ?? []),
  ];
  const tbs = sequence(
    element(around(0), small(2)), element(TYPE.integer, wish.serial ?? Buffer.concat([Buffer.from([0x41]), randomBytes(15)])), by, named(issuer?.name ?? name),
    sequence(writeTime(from), writeTime(until)), named(name), publicKey.export({ type: 'spki', format: 'der' }), element(around(3), sequence(...extensions)),
  );
  const octets = Buffer.from(sequence(tbs, by, element(TYPE.bitString, Uint8Array.of(0), sign(hash, tbs, signer))));
  const pem = (each: Uint8Array): string => `-----BEGIN CERTIFICATE-----\n${Buffer.from(each).toString('base64')}\n-----END CERTIFICATE-----\n`;
  const chain = issuer ? [issuer, ...issuer.identity.chain.map(({ octets: above }) => ({ octets: above }))] : [];
  const identity = readSmimeIdentity({ certificates: [octets, ...chain.map((each) => each.octets)].map(pem).join(''), key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string });
  return { name, publicKey, privateKey, octets, certificate: certificateOf(octets), identity };
}

export function certificateOf(octets: Uint8Array | string): SmimeCertificate {
  const read = readSmimeCertificate(octets);
  if (!read.ok) throw new Error(`${read.problem.code}: ${read.problem.detail}`);
  return read.certificate;
}

