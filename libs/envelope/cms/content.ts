import { Fault } from '../der/fault';
import { OID } from '../der/oids';
import { type Element, Members, numberOf, oidOf, readDer } from '../der/reader';
import { TYPE } from '../der/tags';
import { CONTENT, readAlgorithm } from './algorithms';

/** How the content is encrypted, from what stands before it in EncryptedContentInfo (RFC 5652, 6.1). */
export interface ContentCipher {
  oid: string;
  cipher: 'aes-256-gcm' | 'aes-128-gcm' | 'aes-256-cbc' | 'aes-128-cbc';
  keyOctets: 16 | 32;
  authenticated: boolean;
  /** Nonce or initialisation vector. */
  iv: Uint8Array;
}

/** RFC 5084, 3.2: twelve octets of nonce are recommended; a tag of sixteen is the longest, and we take no shorter one. */
export const NONCE_OCTETS = 12;
export const TAG_OCTETS = 16;
const BLOCK_OCTETS = 16;

const MALFORMED = (): Fault => new Fault('NOT_CMS', 'what says how the content is encrypted is malformed');
const OUTDATED = (): Fault => new Fault('LEGACY_ENCRYPTION', 'the content is encrypted in a way that we do not admit: use AES-256-GCM');

/** The content's type and its cipher. The type stands in clear, so there is one for all: data. @throws Fault */
export function readCipher(type: Uint8Array, algorithm: Uint8Array): ContentCipher {
  if (oidOf(readDer(type)) !== OID.data) throw new Fault('NOT_CMS', 'the encrypted content is not plain data');
  const { oid, parameters } = readAlgorithm(readDer(algorithm), MALFORMED);
  const known = CONTENT[oid];
  if (!known) throw OUTDATED();
  return { oid, ...known, iv: known.authenticated ? nonceOf(parameters) : vectorOf(parameters) };
}

function nonceOf(parameters: Element | undefined): Uint8Array {
  if (!parameters) throw MALFORMED();
  const members = Members.of(parameters, MALFORMED);
  const nonce = members.take(TYPE.octetString).body;
  const tag = members.maybe(TYPE.integer);
  members.end();
  if (nonce.length !== NONCE_OCTETS) throw MALFORMED();
  // Left out, it is twelve.
  if (!tag || numberOf(tag) !== TAG_OCTETS) throw new Fault('LEGACY_ENCRYPTION', 'the authentication tag is shorter than sixteen octets');
  return nonce;
}

function vectorOf(parameters: Element | undefined): Uint8Array {
  if (parameters?.tag !== TYPE.octetString || parameters.body.length !== BLOCK_OCTETS) throw MALFORMED();
  return parameters.body;
}

export function wrongLength({ authenticated }: ContentCipher, octets: number): boolean {
  return !authenticated && (octets === 0 || octets % BLOCK_OCTETS !== 0);
}
