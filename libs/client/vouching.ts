import { type Certificate, readCertificate, standing } from '#envelope/certificates';
import { type KeyUse, verifyStatement } from '#envelope/key-statement';
import type { CertificateTold } from '#protocol/answers';
import type { Address } from '#protocol/line';
import type { Pins } from './pins';

export interface Vouched {
  certificate: Certificate;
  agency: string;
  contact: string;
  use: KeyUse;
}

/** A certificate that the gateway offers and that we do not take, and why not. */
export interface NotVouched {
  agency: string;
  contact: string;
  fingerprint: string;
  because: string;
}

/** Whether the gateway itself shows it as past, not begun or revoked: kept in the directory for old shares, and nobody's fault. */
export const isPast = (told: CertificateTold, at: Date): boolean =>
  Date.parse(told.from) > at.getTime() || Date.parse(told.until) <= at.getTime() || (told.revokedAt !== undefined && Date.parse(told.revokedAt) <= at.getTime());

/**
 * Takes a certificate from the gateway only with the pinned co-ordinator's statement for this agency, contact, use and fingerprint, as
 * computed from the certificate itself. An operator who swaps a key has no such statement.
 */
export async function vouch(told: CertificateTold, pins: Pins, expected: Partial<Address> & { use: KeyUse }, at: Date): Promise<{ ok: true; vouched: Vouched } | { ok: false; not: NotVouched }> {
  const not = (because: string) => ({ ok: false as const, not: { agency: String(told.agency), contact: String(told.contact), fingerprint: String(told.fingerprint), because } });
  const { agency, contact, use } = told;
  if (use !== expected.use || (expected.agency ?? agency) !== agency || (expected.contact ?? contact) !== contact) return not('STATEMENT_FOR_ANOTHER');
  const reading = await readCertificate(octetsOf(told.certificate));
  if (!reading.ok) return not(reading.problem.code);
  const { certificate } = reading;
  let because = 'STATEMENT_NOT_SIGNED';
  for (const coordinator of pins.coordinators) {
    const verdict = await verifyStatement({
      octets: octetsOf(told.statement), signature: octetsOf(told.statementSignature), coordinator, at,
      expected: { agency, contact, use, fingerprint: certificate.fingerprint },
    });
    if (verdict.ok) return { ok: true, vouched: { certificate, agency, contact, use } };
    if (verdict.code !== 'STATEMENT_NOT_SIGNED') because = verdict.code;
  }
  return not(because);
}

export interface RecipientKeys {
  /** `agency/contact` → certificates to seal to: all current ones, for a contact may be changing its key. */
  keys: Map<string, Vouched[]>;
  refused: NotVouched[];
}

/** The keys to seal to, for these recipients and nobody else. Past ones are passed over; one that claims to be current and is not vouched for is refused. */
export async function recipientKeys(offered: readonly CertificateTold[], wanted: ReadonlySet<string>, pins: Pins, at: Date): Promise<RecipientKeys> {
  const keys = new Map<string, Vouched[]>();
  const refused: NotVouched[] = [];
  for (const told of offered) {
    const place = `${told.agency}/${told.contact}`;
    if (told.use !== 'seal' || !wanted.has(place) || isPast(told, at)) continue;
    const verdict = await vouch(told, pins, { use: 'seal' }, at);
    if (!verdict.ok) refused.push(verdict.not);
    else if (verdict.vouched.certificate.seal.some((key) => standing(verdict.vouched.certificate, key, at) === 'current')) keys.set(place, [...(keys.get(place) ?? []), verdict.vouched]);
  }
  return { keys, refused };
}

const octetsOf = (base64: unknown): Uint8Array => new Uint8Array(Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64'));
