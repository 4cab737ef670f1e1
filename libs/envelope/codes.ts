/** Every way in which the gate refuses a part or a signature; the wire names the same codes. */
export type GateCode =
  | 'NOT_OPENPGP'
  | 'PLAINTEXT'
  | 'SIGNED_OUTSIDE'
  | 'COMPRESSED_OUTSIDE'
  | 'LEGACY_ENCRYPTION'
  | 'LIBREPGP_AEAD'
  | 'PASSWORD_RECIPIENT'
  | 'HIDDEN_RECIPIENT'
  | 'UNKNOWN_ADDRESSEE'
  | 'ADDRESSEE_NOT_PROPOSED'
  | 'RECIPIENT_NOT_ADDRESSED'
  | 'SEVERAL_MESSAGES'
  | 'TEXT_AROUND_ARMOR'
  | 'TRAILING_DATA'
  | 'KEY_NOT_VERIFIED'
  | 'DIGEST_MISMATCH'
  | 'TOO_LARGE'
  | 'SIGNATURE_MISSING'
  | 'SIGNATURE_WRONG_KEY'
  | 'SIGNATURE_OTHER_BYTES'
  | 'OUT_OF_ORDER';

/** Why a key does not count on the day. */
export type KeyCause = 'unverified' | 'expired' | 'revoked' | 'weak';

/** One refusal. `detail` is ours, chosen from fixed sentences: it never repeats an octet of what was sent. */
export interface GateProblem {
  code: GateCode;
  cause?: KeyCause;
  /** Key ID (16 upper hex) or fingerprint (upper hex) that the problem is about. */
  keyId?: string;
  /** `agency/contact` */
  recipient?: string;
  detail?: string;
}

export const GATE_CODES: Record<GateCode, { status: number; says: string; next: string }> = {
  NOT_OPENPGP: {
    status: 422,
    says: 'The part is not an OpenPGP message.',
    next: 'Encrypt the file with gpg, the client or another OpenPGP program and send what it writes.',
  },
  PLAINTEXT: {
    status: 422,
    says: 'The part is not encrypted.',
    next: 'Encrypt it to the keys in the plan. Nothing of it was kept.',
  },
  SIGNED_OUTSIDE: {
    status: 422,
    says: 'The part is signed but not encrypted, or signed on the outside.',
    next: 'Sign first, then encrypt the signed message.',
  },
  COMPRESSED_OUTSIDE: {
    status: 422,
    says: 'The part is compressed but not encrypted.',
    next: 'Encrypt it to the keys in the plan; compress, if at all, inside the encryption.',
  },
  LEGACY_ENCRYPTION: {
    status: 422,
    says: 'The part is encrypted in a way that is not protected against tampering, or that we do not admit.',
    next: 'Use a current program: integrity-protected AES, or OCB or GCM.',
  },
  LIBREPGP_AEAD: {
    status: 422,
    says: 'The part is encrypted in the LibrePGP form, which other programs cannot open.',
    next: 'With gpg 2.4 or later add --rfc4880, or remove the AEAD preference from the keys.',
  },
  PASSWORD_RECIPIENT: {
    status: 422,
    says: 'The part can be opened with a password.',
    next: 'Encrypt to keys only (not gpg --symmetric).',
  },
  HIDDEN_RECIPIENT: {
    status: 422,
    says: 'The part does not name everybody who can open it.',
    next: 'Name every key (not gpg --hidden-recipient or --throw-keyids).',
  },
  UNKNOWN_ADDRESSEE: {
    status: 422,
    says: 'The part is encrypted to a key that is not in the directory.',
    next: 'Take the keys from the plan and encrypt again; remove encrypt-to from gpg.conf.',
  },
  ADDRESSEE_NOT_PROPOSED: {
    status: 422,
    says: 'The part is encrypted to somebody who is not a recipient of it.',
    next: 'Encrypt to the recipients named in the manifest for this part and nobody else.',
  },
  RECIPIENT_NOT_ADDRESSED: {
    status: 422,
    says: 'A recipient of the part has no key that opens it.',
    next: 'Encrypt again to every recipient that the manifest names for this part.',
  },
  SEVERAL_MESSAGES: {
    status: 422,
    says: 'The part holds more than one message.',
    next: 'Send each message as a part of its own.',
  },
  TEXT_AROUND_ARMOR: {
    status: 422,
    says: 'There is readable text around the encrypted message.',
    next: 'Send the message alone. Nothing of the text was kept.',
  },
  TRAILING_DATA: {
    status: 422,
    says: 'Something follows the encrypted message.',
    next: 'Send the message alone, as the program wrote it.',
  },
  KEY_NOT_VERIFIED: {
    status: 422,
    says: 'A key is not verified, has expired, was revoked or is too weak.',
    next: 'Ask the owner for a current key, or the partnership co-ordinator to verify it.',
  },
  DIGEST_MISMATCH: {
    status: 422,
    says: 'The part is not the one whose digest the manifest names.',
    next: 'Take the digest after encrypting, over the encrypted-data packet; then sign the manifest.',
  },
  TOO_LARGE: {
    status: 413,
    says: 'The part is larger than we take.',
    next: 'Split it, or send less.',
  },
  SIGNATURE_MISSING: {
    status: 422,
    says: 'There is no signature that we can use.',
    next: 'Make exactly one detached signature with SHA-256 or stronger: gpg --detach-sign.',
  },
  SIGNATURE_WRONG_KEY: {
    status: 422,
    says: 'The signature was made by a key that is not the signer’s.',
    next: 'Sign with a key of the agency that is registered for signing.',
  },
  SIGNATURE_OTHER_BYTES: {
    status: 422,
    says: 'The signature does not fit these octets.',
    next: 'Sign the file exactly as you send it; nothing may rewrite it on the way.',
  },
  OUT_OF_ORDER: {
    status: 422,
    says: 'The pieces came in another order than manifest, signature, lines, parts.',
    next: 'Send them in that order.',
  },
};
