import { type Certificate, readCertificate, standing } from '#envelope/certificates';
import type { KeyUse } from '#envelope/key-statement';
import { readSmimeCertificate, type SmimeCertificate, unfitFor } from '#envelope/smime-certificates';
import type { Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';

// What a certificate must be before it is bound to anybody: readable, fit for its use, and known by names that nobody else's has.

export async function parsed(octets: Uint8Array): Promise<Certificate> {
  const reading = await readCertificate(new Uint8Array(octets));
  if (!reading.ok) throw new Refusal({ code: reading.problem.code, facts: { cause: reading.problem.cause ?? 'weak' }, ...(reading.problem.detail ? { says: reading.problem.detail } : {}) });
  return reading.certificate;
}

export function parsedSmime(octets: Uint8Array): SmimeCertificate {
  const reading = readSmimeCertificate(octets);
  if (!reading.ok) throw new Refusal({ code: reading.problem.code, ...(reading.problem.detail ? { says: reading.problem.detail } : {}) });
  return reading.certificate;
}

/** The co-ordinator says whose a key is; whether anybody should seal to it, or believe it, is for the key to show. */
export function requireKeyFor(use: KeyUse, certificate: Certificate, at: Date): void {
  const stands = certificate[use].map((key) => standing(certificate, key, at));
  if (stands.includes('current')) return;
  throw new Refusal({ code: 'KEY_NOT_VERIFIED', facts: { cause: stands[0] ?? 'unverified' }, says: `The certificate has no current key to ${use}.`, next: 'Have its owner make a new key pair; docs/enrolment.md says which kinds are taken.' });
}

/** The same of an S/MIME certificate, which says itself for what it was issued. */
export function requireSmimeFor(use: KeyUse, certificate: SmimeCertificate, at: Date): void {
  const cause = unfitFor(use, certificate, at);
  if (cause) throw new Refusal({ code: 'KEY_NOT_VERIFIED', facts: { cause }, says: `The certificate is not one to ${use} with.`, next: 'Have its owner get another; docs/enrolment.md says which kinds are taken.' });
}

interface Name {
  keyId: string;
  fingerprint: string;
}

export const keysOf = ({ seal, sign }: Certificate): Name[] => [...seal, ...sign].filter((key, i, all) => all.findIndex((each) => each.fingerprint === key.fingerprint) === i);

/** Names of keys are unique across the directory: an addressee is one contact's or nobody's. */
export async function claimNames(tx: Tx, certificate: string, names: readonly Name[]): Promise<void> {
  for (const { keyId, fingerprint } of names) {
    const taken: { fingerprint: string }[] = await tx.query('select fingerprint from waybill.certificate_key where key_id = any($1) or key_fingerprint = any($1)', [[keyId, fingerprint]]);
    if (taken.some((row) => row.fingerprint !== certificate)) throw new Refusal({ code: 'KEY_ID_TAKEN', says: 'Another certificate of the directory has a key with this ID.', next: 'Make a new key pair.', facts: { keyId } });
    if (taken.length === 0) await tx.query('insert into waybill.certificate_key (key_id, key_fingerprint, fingerprint) values ($1, $2, $3)', [keyId, fingerprint, certificate]);
  }
}
