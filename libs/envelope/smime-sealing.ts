import { createCipheriv, randomBytes } from 'node:crypto';
import type { PartProblem } from './cms-codes';
import { NONCE_OCTETS, TAG_OCTETS } from './cms/content';
import { wrapFor } from './cms/wrapping';
import { OID } from './der/oids';
import { around, plain } from './der/tags';
import { element, octetString, oid, sequence, setOf, small } from './der/writer';
import { partBinding } from './keys/library';
import { parsedCertificate, type SmimeCertificate, unfitFor } from './smime-certificates';
import type { SmimeIdentity } from './smime-identity';
import { signSmime } from './smime-signatures';

/** Thrown by `sealSmime`: a certificate may not be sealed to. */
export class NotSealedSmime extends Error {
  constructor(readonly problems: readonly PartProblem[]) {
    super('a certificate cannot be sealed to');
  }
}

export interface SealSmime {
  octets: Uint8Array;
  to: readonly SmimeCertificate[];
  /** Absent: nothing inside says who wrote it, and a reader is told so. */
  signer?: SmimeIdentity;
  manifest: string;
  part: string;
  at?: Date;
}

/**
 * Signs `octets` inside, as this part of this manifest, where there is a signer, and encrypts them to each certificate: AuthEnvelopedData (RFC 5083) with AES-256-GCM, DER.
 * All of it is held in memory: DER says each length before what it is the length of. @throws NotSealedSmime
 */
export function sealSmime({ octets, to, signer, manifest, part, at = new Date() }: SealSmime): Uint8Array {
  const problems = to.flatMap((certificate): PartProblem[] => {
    const cause = unfitFor('seal', certificate, at);
    return cause ? [{ code: 'KEY_NOT_VERIFIED', cause, keyId: certificate.fingerprint }] : [];
  });
  if (problems.length > 0 || to.length === 0) throw new NotSealedSmime(problems);
  const signed = signer ? signSmime({ octets, identity: signer, identifier: Buffer.from(partBinding(manifest, part), 'utf8'), at }) : octets;
  const key = randomBytes(32);
  const nonce = randomBytes(NONCE_OCTETS);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const content = Buffer.concat([cipher.update(signed), cipher.final()]);
  const algorithm = sequence(oid(OID.aes256Gcm), sequence(octetString(nonce), small(TAG_OCTETS)));
  const sealed = sequence(oid(OID.data), algorithm, element(plain(0), content));
  const recipients = setOf(...to.map((certificate) => wrapFor(key, parsedCertificate(certificate))));
  return sequence(oid(OID.authEnvelopedData), element(around(0), sequence(small(0), recipients, sealed, octetString(cipher.getAuthTag()))));
}
