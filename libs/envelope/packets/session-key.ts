import type { GateProblem } from '../codes';

/** One wrapped session key: whom it names, and the packet (CMS: the RecipientInfo) as the sender framed it. */
export interface Addressee {
  /** 16 upper hex; version 3 packets name a key this way. CMS: one of the names of an X.509 certificate, upper hex of another length. */
  keyId?: string;
  /** Upper hex; version 6 packets name a key this way. */
  fingerprint?: string;
  /** OpenPGP: 3 or 6. CMS: 0, 2 or 3. */
  version: 0 | 2 | 3 | 6;
  packet: Uint8Array;
}

// RFC 9580, 5.1.1: an all-zero key ID stands for an addressee who is not named. We refuse what we cannot name.
const UNNAMED = '0000000000000000';
const UNREADABLE: GateProblem = { code: 'NOT_OPENPGP', detail: 'a wrapped session key is malformed' };

const RSA = 1;
const ECDH = 18;
/** X25519 and X448 (RFC 9580, 5.1.6 and 5.1.7): octets of the ephemeral key. */
const EPHEMERAL_OCTETS: Record<number, number> = { 25: 32, 26: 56 };
/** A session key for AES with 128, 192 or 256 bits, wrapped (RFC 3394). */
const WRAPPED_OCTETS = new Set([24, 32, 40]);
const AES = new Set([7, 8, 9]);
/** Encrypt-only RSA and both forms of ElGamal: no current program makes them. */
const OUTDATED = new Set([2, 16, 20]);
const FINGERPRINT_OCTETS: Record<number, number> = { 4: 20, 6: 32 };

/** Reads the body of a public-key encrypted session key packet (RFC 9580, 5.1). Nothing may be left over: room after it would be room to hide in. */
export function readAddressee(body: Uint8Array, packet: Uint8Array): Addressee | GateProblem {
  if (body[0] === 3) {
    if (body.length < 10) return UNREADABLE;
    const keyId = hex(body.subarray(1, 9));
    if (keyId === UNNAMED) return { code: 'HIDDEN_RECIPIENT' };
    return wrongKey(body.subarray(9), 3) ?? { version: 3, keyId, packet };
  }
  if (body[0] === 6) {
    const named = body[1];
    if (named === undefined) return UNREADABLE;
    if (named === 0) return { code: 'HIDDEN_RECIPIENT' };
    if (named !== (FINGERPRINT_OCTETS[body[2] ?? 0] ?? -1) + 1 || body.length < 2 + named) return UNREADABLE;
    const fingerprint = hex(body.subarray(3, 2 + named));
    return wrongKey(body.subarray(2 + named), 6) ?? { version: 6, fingerprint, packet };
  }
  return { code: 'NOT_OPENPGP', detail: 'a wrapped session key is of a version we do not know' };
}

function wrongKey(key: Uint8Array, version: 3 | 6): GateProblem | undefined {
  const [algorithm] = key;
  const material = key.subarray(1);
  if (algorithm === undefined) return UNREADABLE;
  if (OUTDATED.has(algorithm)) return { code: 'LEGACY_ENCRYPTION', detail: 'a session key is wrapped with an outdated algorithm' };
  if (algorithm === RSA) return mpiEnd(material) === material.length ? undefined : UNREADABLE;
  if (algorithm === ECDH) return wrongEcdh(material);
  const ephemeral = EPHEMERAL_OCTETS[algorithm];
  if (ephemeral === undefined) return { code: 'NOT_OPENPGP', detail: 'a session key is wrapped with an algorithm that we do not know' };
  return wrongExchange(material.subarray(ephemeral), version);
}

/** RFC 9580, 5.1.5: the ephemeral point, then a counted field that was padded to whole blocks of eight. */
function wrongEcdh(material: Uint8Array): GateProblem | undefined {
  const at = mpiEnd(material);
  const octets = material[at] ?? 0;
  return octets >= 24 && octets % 8 === 0 && at + 1 + octets === material.length ? undefined : UNREADABLE;
}

/** What follows the ephemeral key: a counted field, in which version 3 names the cipher in clear before the wrapped key. */
function wrongExchange(field: Uint8Array, version: 3 | 6): GateProblem | undefined {
  const [octets, cipher = 0] = field;
  if (octets === undefined || octets + 1 !== field.length || !WRAPPED_OCTETS.has(version === 3 ? octets - 1 : octets)) return UNREADABLE;
  return version === 6 || AES.has(cipher) ? undefined : { code: 'LEGACY_ENCRYPTION', detail: 'the cipher is not AES' };
}

/** Where a multiprecision integer ends: two octets of length in bits, then the number. */
function mpiEnd(material: Uint8Array): number {
  if (material.length < 2) return Number.NaN;
  const bits = (material[0] ?? 0) * 256 + (material[1] ?? 0);
  return bits === 0 ? Number.NaN : 2 + Math.ceil(bits / 8);
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex').toUpperCase();
}
