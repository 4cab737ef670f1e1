import { canonical } from './canonical';
import type { Certificate } from './certificates';
import type { GateProblem } from './codes';
import { readObject } from './json/object';
import type { PrivateKey } from './private-keys';
import { signDetached, verifyDetached } from './signatures';

export type KeyUse = 'seal' | 'sign';

/** What the partnership co-ordinator vouches for: that this certificate is this contact's, for this use, in this time. */
export interface KeyStatement {
  agency: string;
  contact: string;
  /** Of an OpenPGP certificate's primary key, or the SHA-256 of an X.509 certificate; upper hex. */
  fingerprint: string;
  /** `smime`: it is an X.509 certificate. Absent: an OpenPGP one. */
  form?: 'smime';
  use: KeyUse;
  /** ISO 8601 in UTC; `until` is the first instant at which it no longer holds. */
  from: string;
  until: string;
}

export type StatementCode = 'STATEMENT_MALFORMED' | 'STATEMENT_FOR_ANOTHER' | 'STATEMENT_NOT_CURRENT' | 'STATEMENT_NOT_SIGNED';

const MEMBERS = new Set(['agency,contact,fingerprint,from,until,use', 'agency,contact,fingerprint,form,from,until,use']);
const LARGEST = 4096;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/** Writes a statement as RFC 8785 octets, and its detached signature: `gpg --verify` reads both as they stand. */
export async function makeStatement(statement: KeyStatement, key: PrivateKey, at?: Date): Promise<{ octets: Uint8Array; signature: Uint8Array }> {
  const { agency, contact, fingerprint, form, use, from, until } = statement;
  const octets = new Uint8Array(canonical({ agency, contact, fingerprint, ...(form ? { form } : {}), use, from, until }));
  if (!readStatement(octets)) throw new Error('the key statement is malformed');
  return { octets, signature: await signDetached({ octets, key, ...(at ? { at } : {}) }) };
}

/**
 * Whether the co-ordinator vouches for the key that somebody is about to seal to or verify with. The co-ordinator's certificate was pinned
 * at enrolment and its key is on no gateway machine: an operator who swaps a certificate has no statement for it.
 */
export async function verifyStatement(options: {
  octets: Uint8Array;
  signature: Uint8Array | string;
  coordinator: Certificate;
  at: Date;
  expected: Pick<KeyStatement, 'agency' | 'contact' | 'fingerprint' | 'form' | 'use'>;
}): Promise<{ ok: true; statement: KeyStatement } | { ok: false; code: StatementCode; problem?: GateProblem }> {
  const { octets, signature, coordinator, at, expected } = options;
  const signed = await verifyDetached({ octets, signature, certificates: [coordinator], at });
  if (!signed.ok) return { ok: false, code: 'STATEMENT_NOT_SIGNED', problem: signed.problem };
  const statement = readStatement(octets);
  if (!statement) return { ok: false, code: 'STATEMENT_MALFORMED' };
  const { agency, contact, fingerprint, form, use } = expected;
  const same = statement.agency === agency && statement.contact === contact && statement.fingerprint === fingerprint && statement.form === form && statement.use === use;
  if (!same) return { ok: false, code: 'STATEMENT_FOR_ANOTHER' };
  const current = Date.parse(statement.from) <= at.getTime() && at.getTime() < Date.parse(statement.until);
  return current ? { ok: true, statement } : { ok: false, code: 'STATEMENT_NOT_CURRENT' };
}

/** Only the one canonical spelling is read: what `gpg --verify` shows is what we saw. */
function readStatement(octets: Uint8Array): KeyStatement | undefined {
  const read = readObject(octets, { maxOctets: LARGEST });
  if (!read || !MEMBERS.has(Object.keys(read).sort().join()) || !canonical(read).equals(octets)) return undefined;
  const { agency, contact, fingerprint, form, use, from, until } = read;
  if (typeof agency !== 'string' || typeof contact !== 'string' || typeof fingerprint !== 'string') return undefined;
  if (typeof from !== 'string' || typeof until !== 'string') return undefined;
  if (agency === '' || contact === '' || !/^([0-9A-F]{40}|[0-9A-F]{64})$/.test(fingerprint) || (use !== 'seal' && use !== 'sign')) return undefined;
  if (form !== undefined && form !== 'smime') return undefined;
  if (!isInstant(from) || !isInstant(until) || Date.parse(from) >= Date.parse(until)) return undefined;
  return { agency, contact, fingerprint, ...(form ? { form } : {}), use, from, until };
}

function isInstant(value: string): boolean {
  return INSTANT.test(value) && !Number.isNaN(Date.parse(value));
}
