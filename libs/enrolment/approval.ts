import { canonical } from '#envelope/canonical';
import type { Certificate } from '#envelope/certificates';
import type { PresentedKey } from '#envelope/certificate-request';
import { type KeyUse, makeStatement, verifyStatement } from '#envelope/key-statement';
import type { PrivateKey } from '#envelope/private-keys';
import { signDetached, verifyDetached } from '#envelope/signatures';
import { sha256 } from '#protocol/digest';
import { readJson } from '#protocol/json';
import { shaped } from '#protocol/read';
import { EnrolmentRefusal } from './codes';
import { type Enrolment, readEnrolment, usesOf } from './enrolment';
import { sameFingerprint } from './fingerprint';
import { APPROVAL_FORMAT, ApprovalPaper, Approved, type StatementPaper } from './papers';

export interface Window {
  from: Date;
  /** The first instant at which it no longer holds. */
  until: Date;
}

export interface KeyToBind {
  contact: string;
  use: KeyUse;
  /** OpenPGP certificate, binary; or an S/MIME one, DER. */
  certificate: Uint8Array;
  fingerprint: string;
  statement: Uint8Array;
  statementSignature: Uint8Array;
}

/** An approval that was read, signed by a pinned co-ordinator, about just the enrolment that it came with. */
export interface Approval extends Window {
  agency: string;
  gateway: string;
  client?: PresentedKey & { outside: boolean };
  keys: readonly KeyToBind[];
  /** SHA-256 of the enrolment's octets, lower hex. */
  enrolment: string;
  /** Fingerprint of the co-ordinator's key, upper hex. */
  signer: string;
}

const USES = ['seal', 'sign'] as const;

/**
 * The co-ordinator's word: these keys are this agency's, in this time. `typed` is what the partner read out on the telephone; where the
 * file has another fingerprint, it is not the one that the partner made. @throws EnrolmentRefusal
 */
export async function approve(octets: Uint8Array, { typed, coordinator, window, at }: { typed: string; coordinator: { key: PrivateKey; certificate: Certificate }; window: Window; at: Date }): Promise<Uint8Array> {
  const enrolment = await readEnrolment(octets, at);
  if (!sameFingerprint(typed, enrolment.fingerprint)) throw new EnrolmentRefusal('FINGERPRINT_DIFFERS', {});
  const [from, until] = [window.from.toISOString(), window.until.toISOString()];
  const { agency, gateway, client } = enrolment;
  const approved = canonical({
    format: APPROVAL_FORMAT, agency, gateway, enrolment: enrolment.digest, from, until, ...(client ? { client: client.spki } : {}),
    keys: broughtBy(enrolment, at).map(({ contact, certificate }) => ({ contact, fingerprint: certificate.fingerprint })),
  }).toString();
  const statements: StatementPaper[] = [];
  for (const { contact, certificate: { fingerprint }, uses, form } of broughtBy(enrolment, at)) {
    for (const use of uses) {
      const made = await makeStatement({ agency, contact, fingerprint, ...form, use, from, until }, coordinator.key, at);
      statements.push({ contact, use, ...(form && { smime: fingerprint }), statement: base64(made.octets), signature: base64(made.signature) });
    }
  }
  const paper: ApprovalPaper = {
    format: APPROVAL_FORMAT, approved, signature: base64(await signDetached({ octets: utf8(approved), key: coordinator.key, at })),
    enrolment: base64(octets), statements, coordinator: base64(coordinator.certificate.octets),
  };
  return utf8(`${JSON.stringify(paper, undefined, 2)}\n`);
}

/** Reads an approval by one of these co-ordinators, which were pinned before it came. @throws EnrolmentRefusal */
export async function readApproval(octets: Uint8Array, { coordinators, at }: { coordinators: readonly Certificate[]; at: Date }): Promise<Approval> {
  const paper = paperOf(octets);
  const signed = await verifyDetached({ octets: utf8(paper.approved), signature: bytes(paper.signature), certificates: coordinators, at });
  if (!signed.ok) throw new EnrolmentRefusal('APPROVAL_NOT_SIGNED', { because: signed.problem.code });
  const approved = shaped(Approved, readJson(utf8(paper.approved)));
  if (!approved.ok) throw new EnrolmentRefusal('APPROVAL_INVALID', { places: approved.faults.map(({ pointer }) => pointer) });
  const { agency, gateway, client, enrolment: digest, keys, ...window } = approved.value;
  const [from, until] = [new Date(window.from), new Date(window.until)];
  if (until <= at) throw new EnrolmentRefusal('APPROVAL_NOT_CURRENT', { until: window.until });
  const brought = bytes(paper.enrolment);
  // By its octets, before they are read: what the co-ordinator saw is what is bound.
  if (sha256(brought) !== digest) throw new EnrolmentRefusal('APPROVAL_MISMATCH', { places: ['enrolment'] });
  const enrolment = await readEnrolment(brought, at);
  const differing = Object.entries({
    agency: enrolment.agency === agency,
    gateway: enrolment.gateway === gateway,
    client: enrolment.client?.spki === client,
    keys: JSON.stringify(keys.map(({ contact, fingerprint }) => [contact, fingerprint])) === JSON.stringify(broughtBy(enrolment, at).map(({ contact, certificate }) => [contact, certificate.fingerprint])),
  }).flatMap(([place, same]) => (same ? [] : [place]));
  if (differing.length > 0) throw new EnrolmentRefusal('APPROVAL_MISMATCH', { places: differing });
  const signer = coordinators.find(({ fingerprint }) => fingerprint === signed.fingerprint) as Certificate;
  return {
    agency, gateway, from, until, enrolment: digest, signer: signer.fingerprint, ...(enrolment.client ? { client: enrolment.client } : {}),
    keys: await vouched(paper, enrolment, { signer, at: from > at ? from : at }),
  };
}

/** The co-ordinator's certificate that came with an approval: for whoever holds it to a fingerprint from elsewhere. @throws EnrolmentRefusal */
export const coordinatorIn = (octets: Uint8Array): Uint8Array => bytes(paperOf(octets).coordinator);

function paperOf(octets: Uint8Array): ApprovalPaper {
  const reading = shaped(ApprovalPaper, readJson(octets));
  if (!reading.ok) throw new EnrolmentRefusal('APPROVAL_INVALID', { places: reading.faults.map(({ pointer, says }) => `${pointer || '/'} ${says}`) });
  return reading.value;
}

/** Every key of an enrolment, with what it may be bound for: the OpenPGP keys for both uses, S/MIME certificates for what they were issued. */
const broughtBy = ({ contacts, smime }: Enrolment, at: Date) => [
  ...contacts.map((each) => ({ ...each, uses: USES as readonly KeyUse[], form: undefined })),
  ...smime.map((each) => ({ ...each, uses: usesOf(each.certificate, at), form: { form: 'smime' as const } })),
];

async function vouched(paper: ApprovalPaper, enrolment: Enrolment, { signer, at }: { signer: Certificate; at: Date }): Promise<KeyToBind[]> {
  const { agency } = enrolment;
  const keys: KeyToBind[] = [];
  for (const { contact, certificate, uses, form } of broughtBy(enrolment, at)) {
    const { fingerprint } = certificate;
    for (const use of uses) {
      const own = paper.statements.find((each) => each.contact === contact && each.use === use && each.smime === (form && fingerprint));
      const [statement, statementSignature] = [bytes(own?.statement ?? ''), bytes(own?.signature ?? '')];
      const verdict = await verifyStatement({ octets: statement, signature: statementSignature, coordinator: signer, at, expected: { agency, contact, fingerprint, ...form, use } });
      if (!verdict.ok) throw new EnrolmentRefusal('APPROVAL_MISMATCH', { places: [`${contact} ${use}: ${verdict.code}`] });
      keys.push({ contact, use, certificate: certificate.octets, fingerprint, statement, statementSignature });
    }
  }
  return keys;
}

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));
const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
