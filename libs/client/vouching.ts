import { type Certificate, readCertificate, standing } from '#envelope/certificates';
import { type KeyUse, verifyStatement } from '#envelope/key-statement';
import { readSmimeCertificate, type SmimeCertificate, unfitFor } from '#envelope/smime-certificates';
import type { CertificateTold } from '#protocol/answers';
import type { Address } from '#protocol/line';
import type { Pins } from './pins';

export type Vouched = VouchedOpenpgp | VouchedSmime;
export type VouchedOpenpgp = Of & { form: 'openpgp'; certificate: Certificate };
export type VouchedSmime = Of & { form: 'smime'; certificate: SmimeCertificate };

interface Of {
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
  const smime = told.form === 'smime' ? readSmimeCertificate(octetsOf(told.certificate)) : undefined;
  const reading = smime ?? (await readCertificate(octetsOf(told.certificate)));
  if (!reading.ok) return not(reading.problem.code);
  const { certificate } = reading;
  let because = 'STATEMENT_NOT_SIGNED';
  for (const coordinator of pins.coordinators) {
    const verdict = await verifyStatement({
      octets: octetsOf(told.statement), signature: octetsOf(told.statementSignature), coordinator, at,
      expected: { agency, contact, use, fingerprint: certificate.fingerprint, ...(smime && { form: 'smime' }) },
    });
    if (verdict.ok) return { ok: true, vouched: { form: smime ? 'smime' : 'openpgp', certificate, agency, contact, use } as Vouched };
    if (verdict.code !== 'STATEMENT_NOT_SIGNED') because = verdict.code;
  }
  return not(because);
}

/** What one contact's parts are sealed to: all its current certificates of one form, for it may be changing its key; or a passphrase that is drawn for it. */
export type SealTo = SealToKeys | { form: 'container'; certificates: readonly [] };
export type SealToKeys = { form: 'openpgp'; certificates: readonly Certificate[] } | { form: 'smime'; certificates: readonly SmimeCertificate[] };

export interface RecipientKeys {
  /** By `agency/contact`. */
  keys: Map<string, SealToKeys>;
  refused: NotVouched[];
}

/**
 * The keys to seal to, for these recipients and nobody else: S/MIME certificates where a contact has no OpenPGP key that stands. Past ones
 * are passed over; one that claims to be current and is not vouched for is refused.
 */
export async function recipientKeys(offered: readonly CertificateTold[], wanted: ReadonlySet<string>, pins: Pins, at: Date): Promise<RecipientKeys> {
  const current = new Map<string, Vouched[]>();
  const refused: NotVouched[] = [];
  for (const told of offered) {
    const place = `${told.agency}/${told.contact}`;
    if (told.use !== 'seal' || !wanted.has(place) || isPast(told, at)) continue;
    const verdict = await vouch(told, pins, { use: 'seal' }, at);
    if (!verdict.ok) refused.push(verdict.not);
    else if (stands(verdict.vouched, at)) current.set(place, [...(current.get(place) ?? []), verdict.vouched]);
  }
  return { keys: new Map([...current].map(([place, vouched]) => [place, sealTo(vouched)])), refused };
}

function stands({ form, certificate }: Vouched, at: Date): boolean {
  if (form === 'smime') return unfitFor('seal', certificate, at) === undefined;
  return certificate.seal.some((key) => standing(certificate, key, at) === 'current');
}

function sealTo(vouched: readonly Vouched[]): SealToKeys {
  const openpgp = vouched.flatMap((each) => (each.form === 'openpgp' ? [each.certificate] : []));
  return openpgp.length > 0 ? { form: 'openpgp', certificates: openpgp } : { form: 'smime', certificates: vouched.flatMap((each) => (each.form === 'smime' ? [each.certificate] : [])) };
}

const octetsOf = (base64: unknown): Uint8Array => new Uint8Array(Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64'));
