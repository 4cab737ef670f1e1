import { createHash } from 'node:crypto';
import type { PartProblem } from './cms-codes';
import type { KeyCause } from './codes';
import { readSigned, type Signed } from './cms/signed-data';
import { holdsOver, writeSigned } from './cms/signing';
import { Fault, faultOr } from './der/fault';
import { AHEAD_MS } from './keys/verification';
import { certificateFrom, parsedCertificate, type SmimeCertificate } from './smime-certificates';
import { secretKey, type SmimeIdentity } from './smime-identity';
import { MOST_CERTIFICATES, pathToPin, type Pin } from './x509/path';

export type { Pin } from './x509/path';

/** Who signed, and what stands in the signature. */
export interface SmimeSigned {
  ok: true;
  /** What was signed. */
  octets: Uint8Array;
  signer: SmimeCertificate;
  /** The pinned certificate that the signer's leads to; often itself. */
  anchor: SmimeCertificate;
  signedAt?: Date;
  /** ESS content identifiers: what the signer says that this is. */
  identifiers: Uint8Array[];
}

export interface SmimeVerification {
  signature: Uint8Array;
  /** What a detached signature is over. */
  octets?: Uint8Array;
  /** Certificates that are trusted; what comes with the message is not. */
  pins: readonly Pin[];
  /** When it is judged: receipt, or for what is read later its reading. Certificates must hold then or, with `whenMade`, when it was signed. */
  at: Date;
  whenMade?: boolean;
}

type Refused = { ok: false; problem: PartProblem };

/** Signs `octets` (RFC 5652): detached, or with them inside. DER. Without `at` it is dated now. */
export function signSmime({ octets, identity, detached = false, identifier, at = new Date() }: { octets: Uint8Array; identity: SmimeIdentity; detached?: boolean; identifier?: Uint8Array; at?: Date }): Uint8Array {
  const { certificate, chain } = identity;
  const { issuerSerial } = parsedCertificate(certificate);
  return writeSigned({ content: octets, detached, key: secretKey(identity), certificates: [certificate, ...chain].map((each) => each.octets), issuerSerial, at, ...(identifier ? { identifier } : {}) });
}

/**
 * Verifies a SignedData with exactly one signer, whose certificate is pinned or leads to a pinned authority that vouches for one of the
 * addresses named with it. Signed attributes are asked for; RSA-PSS, RSA PKCS #1 and ECDSA with SHA-256 or stronger. Never throws at what it reads.
 */
export function verifySmime(options: SmimeVerification): SmimeSigned | Refused {
  const read = faultOr(() => verified(readSigned(options.signature), options));
  return read.ok ? read.value : { ok: false, problem: { ...read.problem, code: read.problem.code === 'NOT_DER' ? 'SIGNATURE_MISSING' : read.problem.code } };
}

function verified(signed: Signed, { octets, pins, at, whenMade = false }: SmimeVerification): SmimeSigned {
  const content = octets ?? signed.content;
  if (!content || (octets && signed.content)) throw new Fault('SIGNATURE_MISSING', octets ? 'it is not detached' : 'what it is over is missing');
  const { signedAt } = signed;
  if (signed.certificates.length > MOST_CERTIFICATES) throw new Fault('SIGNATURE_MISSING', 'it carries more certificates than we look at');
  if (signedAt && signedAt.getTime() > at.getTime() + AHEAD_MS) throw refusal('KEY_NOT_VERIFIED', signed, 'unverified');
  const sent = signed.certificates.map(certificateFrom);
  const signer = [...pins.map(({ certificate }) => certificate), ...sent].find(({ names }) => names.includes(signed.signer));
  if (!signer) throw refusal('SIGNATURE_WRONG_KEY', signed);
  const path = pathToPin(signer, sent, pins, whenMade && signedAt ? signedAt : at);
  if (!path.ok) throw path.cause ? refusal('KEY_NOT_VERIFIED', signed, path.cause) : refusal('SIGNATURE_WRONG_KEY', signed);
  if (!signer.signs) throw refusal('SIGNATURE_WRONG_KEY', signed);
  const over = createHash(signed.hash).update(content).digest().equals(signed.digest);
  if (!over || !holdsOver(signed.attributes, signed, parsedCertificate(signer).publicKey)) throw refusal('SIGNATURE_OTHER_BYTES', signed);
  return { ok: true, octets: content, signer, anchor: path.anchor, identifiers: signed.identifiers, ...(signedAt ? { signedAt } : {}) };
}

function refusal(code: 'KEY_NOT_VERIFIED' | 'SIGNATURE_WRONG_KEY' | 'SIGNATURE_OTHER_BYTES', { signer }: Signed, cause?: KeyCause): Fault {
  return new Fault(code, undefined, { keyId: signer, ...(cause ? { cause } : {}) });
}
