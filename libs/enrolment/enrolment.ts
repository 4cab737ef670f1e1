import { canonical } from '#envelope/canonical';
import { type Certificate, readCertificate, standing } from '#envelope/certificates';
import { type PresentedKey, readOutsideCertificate, readRequest, signWithTls, verifyWithTls } from '#envelope/certificate-request';
import type { PrivateKey } from '#envelope/private-keys';
import { signDetached, verifyDetached } from '#envelope/signatures';
import { readSmimeCertificate, type SmimeCertificate, unfitFor } from '#envelope/smime-certificates';
import { isProof, proofOf, type SmimeIdentity } from '#envelope/smime-identity';
import { sha256 } from '#protocol/digest';
import { readJson } from '#protocol/json';
import { shaped } from '#protocol/read';
import { EnrolmentRefusal } from './codes';
import { fingerprintOf } from './fingerprint';
import { type ClientPaper, ENROLMENT_FORMAT, EnrolmentPaper } from './papers';

/** What a partner brings, with the secrets that prove it: they sign and are not written. */
export interface Bringing {
  agency: string;
  gateway: string;
  /** `key`: PEM, unlocked. */
  client?: ({ request: string } | { certificate: string }) & { key: string };
  contacts: readonly { contact: string; certificate: Uint8Array; key: PrivateKey }[];
  smime?: readonly { contact: string; identity: SmimeIdentity }[];
}

/** An enrolment that was read, and whose every key signed it. */
export interface Enrolment {
  agency: string;
  gateway: string;
  client?: PresentedKey & { outside: boolean };
  contacts: readonly { contact: string; certificate: Certificate }[];
  /** A contact may have several: one to seal to, and one to sign with. */
  smime: readonly { contact: string; certificate: SmimeCertificate }[];
  /** SHA-256, lower hex. */
  digest: string;
  /** As it is read out. */
  fingerprint: string;
}

/** Writes the paper that goes to the co-ordinator. It holds no secret. */
export async function makeEnrolment({ agency, gateway, client, contacts, smime = [] }: Bringing, at: Date): Promise<Uint8Array> {
  const body = {
    format: ENROLMENT_FORMAT, agency, gateway, made: at.toISOString(),
    ...(client ? { client: 'request' in client ? { request: client.request } : { certificate: client.certificate } } : {}),
    contacts: contacts.map(({ contact, certificate }) => ({ contact, certificate: base64(certificate) })),
    ...(smime.length > 0 && { smime: smime.map(({ contact, identity }) => ({ contact, certificate: base64(identity.certificate.octets) })) }),
  };
  const octets = provable(body);
  const proofs = {
    ...(client ? { client: signWithTls(octets, client.key) } : {}),
    contacts: await Promise.all(contacts.map(async ({ contact, key }) => ({ contact, signature: base64(await signDetached({ octets, key, at })) }))),
    ...(smime.length > 0 && { smime: smime.map(({ identity }) => ({ fingerprint: identity.certificate.fingerprint, signature: base64(proofOf(octets, identity)) })) }),
  };
  return new Uint8Array(Buffer.from(`${JSON.stringify({ ...body, proofs }, undefined, 2)}\n`, 'utf8'));
}

/**
 * Reads an enrolment and holds it to the same measure as the gateway will: every key strong and current, for one contact only, and each
 * has signed the whole. @throws EnrolmentRefusal with everything of one sort that is wrong
 */
export async function readEnrolment(octets: Uint8Array, at: Date): Promise<Enrolment> {
  const reading = shaped(EnrolmentPaper, readJson(octets));
  if (!reading.ok) throw new EnrolmentRefusal('ENROLMENT_INVALID', { places: reading.faults.map(({ pointer, says }) => `${pointer || '/'} ${says}`) });
  const { value: paper } = reading;
  if (paper.contacts.length === 0 && !paper.client && !paper.smime?.length) throw new EnrolmentRefusal('ENROLMENT_INVALID', { places: ['/ brings no key'] });
  if (new Set(paper.contacts.map(({ contact }) => contact)).size < paper.contacts.length) throw new EnrolmentRefusal('ENROLMENT_INVALID', { places: ['/contacts names a contact twice'] });
  const client = paper.client && presented(paper.client);
  const contacts = await keysOf(paper, at);
  const smime = smimeOf(paper, at);
  await requireProofs(paper, { client, contacts, smime }, at);
  return {
    agency: paper.agency, gateway: paper.gateway, contacts, smime,
    ...(client ? { client: { ...client, outside: paper.client?.certificate !== undefined } } : {}),
    digest: sha256(octets), fingerprint: fingerprintOf(octets),
  };
}

function presented({ request, certificate }: ClientPaper): PresentedKey {
  if ((request === undefined) === (certificate === undefined)) throw new EnrolmentRefusal('ENROLMENT_INVALID', { places: ['/client must hold a request or a certificate'] });
  const read = request === undefined ? readOutsideCertificate(certificate as string) : readRequest(request);
  if (read.ok) return read.presented;
  if (read.problem === 'WEAK') throw new EnrolmentRefusal('ENROLMENT_KEY_REFUSED', { keys: ['client: weak'] });
  throw new EnrolmentRefusal(read.problem === 'NOT_ONE' ? 'ENROLMENT_INVALID' : 'ENROLMENT_NOT_PROVEN', { places: ['/client'] });
}

async function keysOf(paper: EnrolmentPaper, at: Date): Promise<{ contact: string; certificate: Certificate }[]> {
  const refused: string[] = [];
  const read: { contact: string; certificate: Certificate }[] = [];
  for (const { contact, certificate } of paper.contacts) {
    const reading = await readCertificate(new Uint8Array(Buffer.from(certificate, 'base64')));
    if (!reading.ok) refused.push(`${contact}: ${reading.problem.cause ?? reading.problem.code}`);
    else read.push({ contact, certificate: reading.certificate });
  }
  for (const { contact, certificate } of read) {
    for (const use of ['seal', 'sign'] as const) {
      const stands = certificate[use].map((key) => standing(certificate, key, at));
      if (!stands.includes('current')) refused.push(`${contact}: no key to ${use} (${stands[0] ?? 'none'})`);
    }
  }
  const taken = read.map(({ certificate }) => certificate.fingerprint);
  if (new Set(taken).size < taken.length) refused.push('one certificate for two contacts');
  if (refused.length > 0) throw new EnrolmentRefusal('ENROLMENT_KEY_REFUSED', { keys: refused });
  return read;
}

function smimeOf({ smime = [] }: EnrolmentPaper, at: Date): { contact: string; certificate: SmimeCertificate }[] {
  const refused: string[] = [];
  const read = smime.flatMap(({ contact, certificate }) => {
    const reading = readSmimeCertificate(new Uint8Array(Buffer.from(certificate, 'base64')));
    if (!reading.ok) refused.push(`${contact}: ${reading.problem.code}`);
    return reading.ok ? [{ contact, certificate: reading.certificate }] : [];
  });
  for (const { contact, certificate } of read) if (usesOf(certificate, at).length === 0) refused.push(`${contact}: neither seals nor signs (${unfitFor('seal', certificate, at) ?? 'none'})`);
  if (new Set(read.flatMap(({ certificate }) => certificate.names)).size < read.flatMap(({ certificate }) => certificate.names).length) refused.push('two certificates share a name');
  if (refused.length > 0) throw new EnrolmentRefusal('ENROLMENT_KEY_REFUSED', { keys: refused });
  return read;
}

/** For what an S/MIME certificate may be bound. */
export const usesOf = (certificate: SmimeCertificate, at: Date): ('seal' | 'sign')[] => (['seal', 'sign'] as const).filter((use) => unfitFor(use, certificate, at) === undefined);

async function requireProofs({ proofs, ...body }: EnrolmentPaper, { client, contacts, smime }: { client: PresentedKey | undefined } & Pick<Enrolment, 'contacts' | 'smime'>, at: Date): Promise<void> {
  const octets = provable(body);
  const unproven: string[] = [];
  if (client && !verifyWithTls(octets, proofs.client ?? '', client.publicKey)) unproven.push('client');
  for (const { contact, certificate } of contacts) {
    const signature = proofs.contacts.find((each) => each.contact === contact)?.signature ?? '';
    const verdict = await verifyDetached({ octets, signature: new Uint8Array(Buffer.from(signature, 'base64')), certificates: [certificate], at });
    if (!verdict.ok) unproven.push(contact);
  }
  for (const { contact, certificate } of smime) {
    const signature = proofs.smime?.find(({ fingerprint }) => fingerprint === certificate.fingerprint)?.signature ?? '';
    if (!isProof(octets, new Uint8Array(Buffer.from(signature, 'base64')), certificate)) unproven.push(`${contact} (S/MIME)`);
  }
  if (unproven.length > 0) throw new EnrolmentRefusal('ENROLMENT_NOT_PROVEN', { keys: unproven });
}

const provable = (body: object): Uint8Array => new Uint8Array(canonical(JSON.parse(JSON.stringify(body))));
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
