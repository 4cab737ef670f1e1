import { constants, createHash, type KeyObject, sign, verify, type VerifyKeyObjectInput } from 'node:crypto';
import { Fault } from '../der/fault';
import { OID } from '../der/oids';
import { around, TYPE } from '../der/tags';
import { element, octetString, oid, sequence, setOf, small } from '../der/writer';
import { type Algorithm, type Hash, HASH_OCTETS, HASH_OID, pssOf } from './algorithms';
import { writeTime } from './time';

/** What one signature is made with: for each curve the hash that is as strong. */
const OF_CURVE: Readonly<Record<string, { hash: Hash; oid: string }>> = {
  prime256v1: { hash: 'sha256', oid: OID.ecdsaSha256 },
  secp384r1: { hash: 'sha384', oid: OID.ecdsaSha384 },
  secp521r1: { hash: 'sha512', oid: OID.ecdsaSha512 },
};
const PKCS1: Readonly<Record<string, Hash | undefined>> = { [OID.sha256WithRsa]: 'sha256', [OID.sha384WithRsa]: 'sha384', [OID.sha512WithRsa]: 'sha512' };
const ECDSA: Readonly<Record<string, Hash>> = { [OID.ecdsaSha256]: 'sha256', [OID.ecdsaSha384]: 'sha384', [OID.ecdsaSha512]: 'sha512' };

const algorithm = (name: string, ...parameters: readonly Uint8Array[]): Uint8Array => sequence(oid(name), ...parameters);
const attribute = (name: string, value: Uint8Array): Uint8Array => sequence(oid(name), setOf(value));

export interface ToSign {
  /** What is signed; it goes along unless the signature is detached. */
  content: Uint8Array;
  detached: boolean;
  key: KeyObject;
  /** DER: the signer's, then what leads to its authority. */
  certificates: readonly Uint8Array[];
  issuerSerial: Uint8Array;
  identifier?: Uint8Array;
  at: Date;
}

/** A SignedData with one signer (RFC 5652, 5): RSASSA-PSS, or ECDSA, over signed attributes. */
export function writeSigned({ content, detached, key, certificates, issuerSerial, identifier, at }: ToSign): Uint8Array {
  const { hash, name, options } = methodOf(key);
  const attributes = setOf(
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octetString(createHash(hash).update(content).digest())),
    attribute(OID.signingTime, writeTime(at)),
    ...(identifier ? [attribute(OID.contentIdentifier, octetString(identifier))] : []),
  );
  const tagged = Uint8Array.from(attributes);
  tagged[0] = around(0);
  const signature = sign(hash, attributes, { key, ...options });
  const signer = sequence(small(1), issuerSerial, algorithm(HASH_OID[hash]), tagged, name, octetString(signature));
  const inside = sequence(oid(OID.data), ...(detached ? [] : [element(around(0), octetString(content))]));
  const sent = setOf(...certificates);
  const data = sequence(small(1), setOf(algorithm(HASH_OID[hash])), inside, Uint8Array.from([around(0), ...sent.subarray(1)]), setOf(signer));
  return sequence(oid(OID.signedData), element(around(0), data));
}

function methodOf(key: KeyObject): { hash: Hash; name: Uint8Array; options: object } {
  const curve = OF_CURVE[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (curve) return { hash: curve.hash, name: algorithm(curve.oid), options: {} };
  if (key.asymmetricKeyType !== 'rsa') throw new Error('a key that signs is RSA, or on the curves P-256, P-384 or P-521');
  const hash = algorithm(OID.sha256);
  const salt = HASH_OCTETS.sha256;
  const parameters = sequence(element(around(0), hash), element(around(1), algorithm(OID.mgf1, hash)), element(around(2), small(salt)));
  return { hash: 'sha256', name: algorithm(OID.rsaPss, parameters), options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt } };
}

/** Whether a signature holds over the attributes by this key. @throws Fault SIGNATURE_MISSING for a way of signing that we do not know */
export function holdsOver(attributes: Uint8Array, { algorithm: by, hash, signature }: { algorithm: Algorithm; hash: Hash; signature: Uint8Array }, key: KeyObject): boolean {
  const wrong = (): Fault => new Fault('SIGNATURE_MISSING', 'it was made in a way that we do not know, or its hash is weaker than SHA-256');
  const rsa = key.asymmetricKeyType === 'rsa';
  if (by.oid === OID.rsaPss) {
    const pss = pssOf(by.parameters, wrong);
    if (!rsa || pss.hash !== hash) throw wrong();
    return fits(hash, attributes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltOctets }, signature);
  }
  // RFC 5754, 3.2 and 3.3: some programs name the key, and its hash alone beside it.
  if (by.oid === OID.rsa || PKCS1[by.oid]) {
    if (!rsa || (PKCS1[by.oid] ?? hash) !== hash || (by.parameters && by.parameters.tag !== TYPE.null)) throw wrong();
    return fits(hash, attributes, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  }
  if (ECDSA[by.oid] !== hash || key.asymmetricKeyType !== 'ec' || by.parameters) throw wrong();
  return fits(hash, attributes, { key }, signature);
}

/** A signature that cannot be one by this key, where the library throws, does not fit either. */
function fits(...[hash, octets, key, signature]: [Hash, Uint8Array, VerifyKeyObjectInput, Uint8Array]): boolean {
  try {
    return verify(hash, octets, key, signature);
  } catch {
    return false;
  }
}
