import { type Element, Members, numberOf, oidOf } from '../der/reader';
import type { Fault } from '../der/fault';
import { OID } from '../der/oids';
import { around, TYPE } from '../der/tags';

/** An AlgorithmIdentifier (RFC 5280, 4.1.1.2). */
export interface Algorithm {
  oid: string;
  /** Absent where there are none. */
  parameters?: Element;
}

export type Hash = 'sha256' | 'sha384' | 'sha512';

const HASHES: Readonly<Record<string, Hash>> = { [OID.sha256]: 'sha256', [OID.sha384]: 'sha384', [OID.sha512]: 'sha512' };
export const HASH_OID: Readonly<Record<Hash, string>> = { sha256: OID.sha256, sha384: OID.sha384, sha512: OID.sha512 };
export const HASH_OCTETS: Readonly<Record<Hash, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** What content may be encrypted with. CBC protects nothing against tampering: who admits it holds a signed digest over the octets. */
export const CONTENT: Readonly<Record<string, { cipher: 'aes-256-gcm' | 'aes-128-gcm' | 'aes-256-cbc' | 'aes-128-cbc'; keyOctets: 16 | 32; authenticated: boolean }>> = {
  [OID.aes256Gcm]: { cipher: 'aes-256-gcm', keyOctets: 32, authenticated: true },
  [OID.aes128Gcm]: { cipher: 'aes-128-gcm', keyOctets: 16, authenticated: true },
  [OID.aes256Cbc]: { cipher: 'aes-256-cbc', keyOctets: 32, authenticated: false },
  [OID.aes128Cbc]: { cipher: 'aes-128-cbc', keyOctets: 16, authenticated: false },
};

/** Key agreement by one ephemeral key, and what its secret becomes (RFC 5753, 7.1.4). SHA-1, which OpenSSL takes unasked, is not here. */
export const AGREEMENT: Readonly<Record<string, Hash>> = { [OID.ecdhSha256]: 'sha256', [OID.ecdhSha384]: 'sha384', [OID.ecdhSha512]: 'sha512' };
export const WRAP: Readonly<Record<string, { cipher: 'id-aes128-wrap' | 'id-aes256-wrap'; keyOctets: 16 | 32 }>> = {
  [OID.aes128Wrap]: { cipher: 'id-aes128-wrap', keyOctets: 16 },
  [OID.aes256Wrap]: { cipher: 'id-aes256-wrap', keyOctets: 32 },
};
export const CURVES: Readonly<Record<string, { jwk: 'P-256' | 'P-384' | 'P-521'; node: string; octets: number }>> = {
  [OID.p256]: { jwk: 'P-256', node: 'prime256v1', octets: 32 },
  [OID.p384]: { jwk: 'P-384', node: 'secp384r1', octets: 48 },
  [OID.p521]: { jwk: 'P-521', node: 'secp521r1', octets: 66 },
};

export function readAlgorithm(element: Element, wrong: () => Fault): Algorithm {
  const members = Members.of(element, wrong);
  const oid = oidOf(members.take(TYPE.oid));
  const [parameters, ...more] = members.rest();
  if (more.length > 0) throw wrong();
  return { oid, ...(parameters ? { parameters } : {}) };
}

/** A hash by name; its parameters are absent or null (RFC 5754, 2). */
export function hashOf({ oid, parameters }: Algorithm): Hash | undefined {
  return parameters === undefined || parameters.tag === TYPE.null ? HASHES[oid] : undefined;
}

/** RSAES-OAEP-params and RSASSA-PSS-params (RFC 8017, A.2) begin alike: a hash, and MGF1 over the same hash. Their default is SHA-1. */
function hashAndMask(members: Members, wrong: () => Fault): Hash {
  const hash = hashOf(readAlgorithm(single(members.take(around(0)), wrong), wrong));
  const mask = readAlgorithm(single(members.take(around(1)), wrong), wrong);
  const maskHash = mask.oid === OID.mgf1 && mask.parameters ? hashOf(readAlgorithm(mask.parameters, wrong)) : undefined;
  if (!hash || maskHash !== hash) throw wrong();
  return hash;
}

/** The one element that a tag stands around. */
const single = (element: Element, wrong: () => Fault): Element => {
  const [only, ...more] = Members.of(element, wrong, element.tag).rest();
  if (!only || more.length > 0) throw wrong();
  return only;
};

function listed(parameters: Element | undefined, wrong: () => Fault): Members {
  if (!parameters) throw wrong();
  return Members.of(parameters, wrong);
}

/** SHA-256 or stronger, no label. @throws `wrong` */
export function oaepHash(parameters: Element | undefined, wrong: () => Fault): Hash {
  const members = listed(parameters, wrong);
  const hash = hashAndMask(members, wrong);
  // RFC 8017, A.2.1: a label is octets of the sender's choice, in clear; the empty one is the default and is left out.
  members.end();
  return hash;
}

/** SHA-256 or stronger; the salt is as long as the hash, as everybody makes it, or shorter by choice of the signer's program. */
export function pssOf(parameters: Element | undefined, wrong: () => Fault): { hash: Hash; saltOctets: number } {
  const members = listed(parameters, wrong);
  const hash = hashAndMask(members, wrong);
  const salt = members.maybe(around(2));
  const saltOctets = salt ? numberOf(single(salt, wrong)) : 20;
  members.end();
  if (!(saltOctets >= 20 && saltOctets <= 512)) throw wrong();
  return { hash, saltOctets };
}
