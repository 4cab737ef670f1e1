import { createHash, type X509Certificate } from 'node:crypto';

/** A TLSA record (RFC 6698, 2.1). */
export interface Tlsa {
  usage: number;
  selector: number;
  matchingType: number;
  data: Buffer;
}

/** RFC 7672, 3.1: what stands for itself, and what stands for those that it signed. The two that lean on public authorities are of no use for mail. */
const DANE_TA = 2;
const DANE_EE = 3;
const DIGESTS: Readonly<Record<number, string>> = { 1: 'sha256', 2: 'sha512' };

/** Records that can be held against a certificate. */
export const usable = ({ usage, selector, matchingType, data }: Tlsa): boolean => {
  const lengths: Readonly<Record<number, number>> = { 1: 32, 2: 64 };
  return (usage === DANE_TA || usage === DANE_EE) && (selector === 0 || selector === 1) && data.length > 0 && (matchingType === 0 || lengths[matchingType] === data.length);
};

function speaksOf({ selector, matchingType, data }: Tlsa, certificate: X509Certificate): boolean {
  const octets = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' });
  const digest = DIGESTS[matchingType];
  return data.equals(digest ? createHash(digest).update(octets).digest() : octets);
}

const inItsTime = (certificate: X509Certificate, now: Date): boolean => certificate.validFromDate <= now && now < certificate.validToDate;

/**
 * Whether the server at `host` is one of whom the records speak.
 *
 * @param chain as the server sent it, its own certificate first
 */
export function daneMatches(records: readonly Tlsa[], chain: readonly X509Certificate[], { host, now }: { host: string; now: Date }): boolean {
  const [own] = chain;
  if (!own) return false;
  const good = records.filter(usable);
  // RFC 7672, 3.1.1: the record is about this very key; name and dates in the certificate say nothing more.
  if (good.some((record) => record.usage === DANE_EE && speaksOf(record, own))) return true;
  return own.checkHost(host, { subject: 'never' }) !== undefined && good.some((record) => record.usage === DANE_TA && under(record, chain, now));
}

/** Whether the chain leads, link by link, from the server to an authority of which the record speaks. */
function under(record: Tlsa, chain: readonly X509Certificate[], now: Date): boolean {
  for (const [i, certificate] of chain.entries()) {
    if (!inItsTime(certificate, now)) return false;
    if (i > 0 && (!certificate.ca || !(chain[i - 1] as X509Certificate).checkIssued(certificate) || !(chain[i - 1] as X509Certificate).verify(certificate.publicKey))) return false;
    if (i > 0 && speaksOf(record, certificate)) return true;
  }
  return false;
}
