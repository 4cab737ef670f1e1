import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { sha256 } from '#protocol/digest';
import { RSA_BITS } from './authority-keys';
import type { PartProblem } from './cms-codes';
import { CURVES } from './cms/algorithms';
import { issuerSerialName, upperHex } from './cms/names';
import type { KeyCause } from './codes';
import { Fault, faultOr } from './der/fault';
import { OID } from './der/oids';
import { Members, oidOf, readDer } from './der/reader';
import { sequence } from './der/writer';
import { around, TYPE } from './der/tags';
import { type Extensions, readExtensions, type Usage } from './x509/extensions';

const PARSED = Symbol('parsed certificate');

/** One party's X.509 certificate for S/MIME. Plain data; what is under the symbol is for this room. */
export interface SmimeCertificate {
  /** Upper hex SHA-256 over the certificate: what a key statement vouches for. */
  fingerprint: string;
  /** DER, as received. */
  octets: Uint8Array;
  /** Names by which messages know it: by issuer and serial number, then by key identifier. No two in a directory may share one. */
  names: string[];
  /** Upper hex SHA-256 of the public key: two certificates over one key are one addressee. */
  key: string;
  /** `rsa3072`, `P-256` … */
  algorithm: string;
  /** Mail addresses it was issued for, in lower case. */
  emails: string[];
  /** ISO 8601 in UTC. */
  from: string;
  until: string;
  seals: boolean;
  signs: boolean;
  weak: boolean;
  readonly [PARSED]: Parsed;
}

/** For this room. */
export interface Parsed extends Extensions {
  x509: X509Certificate;
  publicKey: KeyObject;
  /** IssuerAndSerialNumber, as a message would write it. */
  issuerSerial: Uint8Array;
  issuer: Uint8Array;
  subject: Uint8Array;
  curve?: string;
}

const LARGEST = 16 * 1024;
const PEM = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;
const MALFORMED = (): Fault => new Fault('NOT_CMS', 'the certificate can’t be read');
/** Signed over SHA-1, somebody can make another with the same signature. */
const STRONG_SIGNATURES = new Set<string>([OID.sha256WithRsa, OID.sha384WithRsa, OID.sha512WithRsa, OID.rsaPss, OID.ecdsaSha256, OID.ecdsaSha384, OID.ecdsaSha512]);

/** Reads exactly one X.509 certificate, DER or PEM. Whether its issuer counts for anything is not asked here: a key statement vouches for it. */
export function readSmimeCertificate(input: Uint8Array | string): { ok: true; certificate: SmimeCertificate } | { ok: false; problem: PartProblem } {
  if (input.length > LARGEST * 2) return { ok: false, problem: { code: 'TOO_LARGE' } };
  const read = faultOr(() => certificateFrom(derOf(input)));
  return read.ok ? { ok: true, certificate: read.value } : read;
}

/** Shorter names would not tell one key from the next: RFC 5280, 4.2.1.2, makes an identifier of sixty bits or more. */
const SHORTEST_NAME = 16;

/** Why a certificate is not one to seal to, or to sign with, at an instant; undefined where it is. */
export function unfitFor(use: 'seal' | 'sign', certificate: SmimeCertificate, at: Date): KeyCause | undefined {
  const stands = smimeStanding(certificate, at);
  if (stands !== 'current') return stands;
  return (use === 'seal' ? certificate.seals : certificate.signs) && certificate.names.every((name) => name.length >= SHORTEST_NAME) ? undefined : 'unverified';
}

/** How it stands at an instant. That somebody revoked it is not written in it: the directory knows, and says so. */
export function smimeStanding({ from, until, weak }: SmimeCertificate, at: Date): 'current' | KeyCause {
  if (weak) return 'weak';
  if (Date.parse(from) > at.getTime()) return 'unverified';
  return Date.parse(until) <= at.getTime() ? 'expired' : 'current';
}

/** For this room. */
export const parsedCertificate = (certificate: SmimeCertificate): Parsed => certificate[PARSED];

function derOf(input: Uint8Array | string): Uint8Array {
  if (typeof input !== 'string' && input[0] === TYPE.sequence) return new Uint8Array(input);
  const base64 = PEM.exec(Buffer.from(input as string).toString('latin1'))?.[1];
  if (base64 === undefined) throw MALFORMED();
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** @throws Fault */
export function certificateFrom(octets: Uint8Array): SmimeCertificate {
  if (octets.length > LARGEST) throw new Fault('TOO_LARGE');
  const [certificate, tbs] = partsOf(octets);
  const version = tbs.within(around(0)).take(TYPE.integer).body;
  const serial = tbs.take(TYPE.integer);
  const inner = tbs.take(TYPE.sequence);
  const issuer = tbs.take(TYPE.sequence);
  tbs.take(TYPE.sequence);
  const subject = tbs.take(TYPE.sequence);
  const spki = tbs.take(TYPE.sequence);
  const list = tbs.maybe(around(3));
  tbs.end();
  const outer = certificate.take(TYPE.sequence);
  certificate.take(TYPE.bitString);
  certificate.end();
  if (version[0] !== 2 || !Buffer.from(inner.octets).equals(outer.octets)) throw MALFORMED();
  const extensions = readExtensions(list && readDer(list.body));
  const issuerSerial = sequence(issuer.octets, serial.octets);
  const x509 = readable(octets);
  const { publicKey } = x509;
  const { algorithm, strong, curve } = keyOf(publicKey);
  const uses = (...usages: Usage[]): boolean => !extensions.unknownCritical && !extensions.issues && extensions.forMail && (!extensions.usage || usages.some((usage) => extensions.usage?.has(usage)));
  return {
    fingerprint: sha256(octets).toUpperCase(),
    octets,
    names: [issuerSerialName(readDer(issuerSerial)), ...(extensions.keyIdentifier ? [extensions.keyIdentifier] : [])],
    key: upperHex(createHash('sha256').update(spki.octets).digest()),
    algorithm,
    emails: extensions.emails,
    from: x509.validFromDate.toISOString(),
    until: x509.validToDate.toISOString(),
    seals: uses(curve ? 'keyAgreement' : 'keyEncipherment'),
    signs: uses('digitalSignature', 'nonRepudiation'),
    weak: !strong || !STRONG_SIGNATURES.has(oidOf(Members.of(outer, MALFORMED).take(TYPE.oid))),
    [PARSED]: { ...extensions, x509, publicKey, issuerSerial, issuer: issuer.octets, subject: subject.octets, ...(curve ? { curve } : {}) },
  };
}

function partsOf(octets: Uint8Array): [certificate: Members, tbs: Members] {
  const certificate = Members.of(readDer(octets), MALFORMED);
  return [certificate, certificate.within(TYPE.sequence)];
}

function readable(octets: Uint8Array): X509Certificate {
  try {
    const read = new X509Certificate(octets);
    // A key that the library cannot read is no key.
    if (!read.publicKey.asymmetricKeyType || Number.isNaN(read.validFromDate.getTime()) || Number.isNaN(read.validToDate.getTime())) throw MALFORMED();
    return read;
  } catch {
    throw MALFORMED();
  }
}

/** The same measure as for OpenPGP and TLS: 128 bits of strength. */
function keyOf(key: KeyObject): { algorithm: string; strong: boolean; curve?: string } {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return { algorithm: `rsa${modulusLength}`, strong: modulusLength >= RSA_BITS };
  const curve = Object.entries(CURVES).find(([, { node }]) => node === namedCurve);
  return curve ? { algorithm: curve[1].jwk, strong: true, curve: curve[0] } : { algorithm: key.asymmetricKeyType ?? 'unknown', strong: false };
}
