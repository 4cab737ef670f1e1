/** What a code is about, as the client's own: `usage` mend what was given, `refused` it is not allowed, `trust` something is not what it says. */
type Kind = 'usage' | 'refused' | 'trust';

/** Why a paper of somebody's enrolment is not taken. */
export const ENROLMENT_CODES = {
  ENROLMENT_INVALID: { kind: 'usage', says: 'The file is not an enrolment.', next: 'Take the file that `waybill enrol begin` or `waybill enrol rotate` wrote, as it stands.' },
  ENROLMENT_NOT_PROVEN: { kind: 'trust', says: 'The enrolment is not signed by each key that it brings.', next: 'Do not approve it: it was changed, or brings a key of somebody else. Ring the partner.' },
  ENROLMENT_KEY_REFUSED: { kind: 'refused', says: 'A key of the enrolment cannot be approved.', next: 'Ask the partner to make another: RSA of 3,072 bits or more, or Curve25519, that seals and signs and has not run out.' },
  FINGERPRINT_DIFFERS: { kind: 'trust', says: 'The fingerprint that was read out is not that of the file.', next: 'Do not go on. Ring the other side by a number that you know, and have it read out again; if it still differs, the file was changed on its way.' },
  APPROVAL_INVALID: { kind: 'usage', says: 'The file is not an approval.', next: 'Take the file that `waybill co-ordinator approve` wrote, as it stands.' },
  APPROVAL_NOT_SIGNED: { kind: 'trust', says: 'The approval is not signed by the co-ordinator whose key is pinned here.', next: 'Do not go on. Ask the co-ordinator, by a number that you know, whether it is theirs.' },
  APPROVAL_MISMATCH: { kind: 'trust', says: 'The approval is about something else than what it came with.', next: 'Do not go on: something was exchanged after the co-ordinator approved. Keep the files and tell the co-ordinator.' },
  APPROVAL_NOT_CURRENT: { kind: 'refused', says: 'The approval does not hold today.', next: 'Ask the co-ordinator for a new one.' },
  CERTIFICATE_NOT_APPROVED: { kind: 'trust', says: 'The certificate is not over the key that the co-ordinator approved.', next: 'Bind the certificate that `waybill authority issue` wrote for this approval.' },
  APPROVAL_WITHOUT_CLIENT: { kind: 'usage', says: 'The approval is for OpenPGP keys only; there is no certificate to issue.', next: 'Bind it: `waybill directory bind`.' },
  APPROVAL_OF_OUTSIDE: { kind: 'usage', says: 'The approval is for a certificate that somebody else issued; there is none to issue.', next: 'Bind it: `waybill directory bind`.' },
} as const satisfies Record<string, { kind: Kind; says: string; next: string }>;

export type EnrolmentCode = keyof typeof ENROLMENT_CODES;

/** A paper that is not taken. `facts` hold ids, codes, places and fingerprints. */
export class EnrolmentRefusal extends Error {
  override readonly name = 'EnrolmentRefusal';
  readonly kind: Kind;
  readonly says: string;
  readonly next: string;

  constructor(readonly code: EnrolmentCode, readonly facts: Record<string, string | number | readonly string[]> = {}) {
    const { kind, says, next } = ENROLMENT_CODES[code];
    super(`${code}: ${says}`);
    this.kind = kind;
    this.says = says;
    this.next = next;
  }
}
