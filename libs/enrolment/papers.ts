import { Equals, IsOptional, IsString, Matches } from 'class-validator';
import { Is, Nested } from '#protocol/grammar';
import { Base64, Each } from '#protocol/shapes';

// The files that travel when a partner joins or changes a key. None holds a secret; each stays readable by people.

export const ENROLMENT_FORMAT = 'waybill-enrolment/1';
export const APPROVAL_FORMAT = 'waybill-approval/1';

export class ContactPaper {
  @Is('contact') contact: string;
  /** OpenPGP certificate, binary. */
  @Base64() certificate: string;
}

export class SmimePaper {
  @Is('contact') contact: string;
  /** X.509 certificate for S/MIME, DER. */
  @Base64() certificate: string;
}

/** One of the two: a request to our authority, or a certificate that another issued. PEM. */
export class ClientPaper {
  @IsOptional() @IsString() request?: string;
  @IsOptional() @IsString() certificate?: string;
}

/** By each key that the paper brings, over everything else in it (RFC 8785): who sends it has the keys, and nobody exchanged one. */
export class ProofsPaper {
  /** Signature with SHA-256 by the TLS key. */
  @IsOptional() @Base64() client?: string;
  @Each(() => ContactProof) contacts: ContactProof[];
  @IsOptional() @Each(() => SmimeProof) smime?: SmimeProof[];
}

export class SmimeProof {
  /** Of the certificate, SHA-256. */
  @Matches(/^[0-9A-F]{64}$/) fingerprint: string;
  /** Signature with SHA-256 by its key. */
  @Base64() signature: string;
}

export class ContactProof {
  @Is('contact') contact: string;
  /** Detached OpenPGP signature, binary. */
  @Base64() signature: string;
}

/** `enrolment.json` */
export class EnrolmentPaper {
  @Equals(ENROLMENT_FORMAT) format: typeof ENROLMENT_FORMAT;
  @Is('agency') agency: string;
  @Is('origin') gateway: string;
  @Is('instant') made: string;
  @IsOptional() @Nested(() => ClientPaper) client?: ClientPaper;
  @Each(() => ContactPaper) contacts: ContactPaper[];
  @IsOptional() @Each(() => SmimePaper) smime?: SmimePaper[];
  @Nested(() => ProofsPaper) proofs: ProofsPaper;
}

export class KeyApproved {
  @Is('contact') contact: string;
  @Matches(/^([0-9A-F]{40}|[0-9A-F]{64})$/) fingerprint: string;
}

/** What the co-ordinator signs: whose keys, at which gateway, from when until when. */
export class Approved {
  @Equals(APPROVAL_FORMAT) format: typeof APPROVAL_FORMAT;
  @Is('agency') agency: string;
  @Is('origin') gateway: string;
  /** SHA-256 of the enrolment's octets. */
  @Is('digest') enrolment: string;
  /** SHA-256 of the client key's SubjectPublicKeyInfo. */
  @IsOptional() @Is('digest') client?: string;
  @Each(() => KeyApproved) keys: KeyApproved[];
  @Is('instant') from: string;
  @Is('instant') until: string;
}

export class StatementPaper {
  @Is('contact') contact: string;
  @Matches(/^(seal|sign)$/) use: 'seal' | 'sign';
  /** Fingerprint of the S/MIME certificate that it is about; absent: it is about the contact's OpenPGP key. */
  @IsOptional() @Matches(/^[0-9A-F]{64}$/) smime?: string;
  @Base64() statement: string;
  @Base64() signature: string;
}

/** `approval.json`. `approved` is the exact text of an `Approved`, so that `gpg --verify` reads it as it stands. */
export class ApprovalPaper {
  @Equals(APPROVAL_FORMAT) format: typeof APPROVAL_FORMAT;
  @IsString() approved: string;
  @Base64() signature: string;
  /** The enrolment's octets. */
  @Base64() enrolment: string;
  @Each(() => StatementPaper) statements: StatementPaper[];
  /** The co-ordinator's certificate: for a partner that holds it to the fingerprint that it was told. Nobody else takes it from here. */
  @Base64() coordinator: string;
}
