import { GATE_CODES, type GateCode, type GateProblem } from './codes';
import { CONTAINER_CODES, type ContainerCode } from './container-codes';

/** What the gate refuses in a CMS part (RFC 5652, RFC 5083) that an OpenPGP part cannot have. */
export type CmsCode =
  | 'NOT_CMS'
  | 'NOT_DER'
  | 'AGREED_KEY_RECIPIENT'
  | 'OTHER_RECIPIENT'
  | 'RECIPIENTS_TOGETHER'
  | 'ORIGINATOR_INFO'
  | 'ATTRIBUTES_IN_CLEAR';

/** What is wrong with a part's form, whichever it is, for whoever is to get it. */
export type FormCode = 'SEALED_OTHERWISE' | 'CONTAINER_SHARED';

/** Every way in which a sealed part of any form is refused. */
export type PartCode = GateCode | CmsCode | ContainerCode | FormCode;

/** One refusal, as `GateProblem`: `keyId` is the name by which the message knows a certificate (see `Addressee`). */
export type PartProblem = Omit<GateProblem, 'code'> & { code: PartCode };

export const CMS_CODES: Record<CmsCode, { status: number; says: string; next: string }> = {
  NOT_CMS: {
    status: 422,
    says: 'The part is not an encrypted CMS (S/MIME) message.',
    next: 'Encrypt the file with the client, or: openssl cms -encrypt -binary -aes-256-gcm -outform DER.',
  },
  NOT_DER: {
    status: 422,
    says: 'The part is CMS, but not in the distinguished encoding (DER).',
    next: 'Write it with -outform DER and without -stream or -indef.',
  },
  AGREED_KEY_RECIPIENT: {
    status: 422,
    says: 'The part can be opened with a key that was agreed beforehand.',
    next: 'Encrypt to certificates only (not openssl cms -secretkey).',
  },
  OTHER_RECIPIENT: {
    status: 422,
    says: 'The part can be opened in a way that we do not know.',
    next: 'Encrypt to certificates only, with RSA-OAEP or elliptic curves.',
  },
  RECIPIENTS_TOGETHER: {
    status: 422,
    says: 'Several recipients stand in one entry of the part, so no copy can be cut for each.',
    next: 'Write one entry for each recipient, as openssl cms does.',
  },
  ORIGINATOR_INFO: {
    status: 422,
    says: 'The part carries certificates or revocation lists in clear.',
    next: 'Leave them out: who sealed it is told by the signature inside.',
  },
  ATTRIBUTES_IN_CLEAR: {
    status: 422,
    says: 'The part carries attributes that anybody can read.',
    next: 'Leave them out; what has to be said stands inside the encryption.',
  },
};

const FORM_CODES: Record<FormCode, { status: number; says: string; next: string }> = {
  SEALED_OTHERWISE: {
    status: 422,
    says: 'The part is sealed in another form than its recipient may get it in, or than its other parts are.',
    next: 'Seal all that a recipient gets with OpenPGP, or all with S/MIME, as the agreement admits and its certificates say; for recipients of both sorts make two parts.',
  },
  CONTAINER_SHARED: {
    status: 422,
    says: 'A password-protected container is for several recipients, who would all have its passphrase.',
    next: 'Make one for each recipient, each with a passphrase of its own.',
  },
};

/** Sentences and statuses for all of them. */
export const PART_CODES: Record<PartCode, { status: number; says: string; next: string }> = { ...GATE_CODES, ...CMS_CODES, ...CONTAINER_CODES, ...FORM_CODES };
