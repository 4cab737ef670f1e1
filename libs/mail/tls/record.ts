import { type MailAddress, readAddress } from '../address';

/** Places of one record to which a report goes: a domain that names more wants others told at our cost. */
const MOST_PLACES = 3;

/** Where a domain wants to be told how TLS with it goes. */
export type Place = { by: 'mail'; address: MailAddress } | { by: 'https'; url: string };

/**
 * The places in the TXT records at `_smtp._tls.` (RFC 8460, 3). None, when none or more than one says that reports are wanted, or it names no place that we could
 * reach: no address in plain ASCII, no HTTPS. Pure.
 */
export function readReportRecord(texts: readonly string[]): readonly Place[] {
  const [only, ...more] = texts.filter((text) => /^v=TLSRPTv1\s*;/.test(text));
  if (only === undefined || more.length > 0) return [];
  const fields = only.split(';').slice(1).map((field) => field.trim()).filter((field) => field.startsWith('rua='));
  if (fields.length !== 1) return [];
  return (fields[0] as string).slice('rua='.length).split(',').map((uri) => placeAt(uri.trim())).filter((place) => place !== undefined).slice(0, MOST_PLACES);
}

function placeAt(uri: string): Place | undefined {
  if (/^https:\/\//i.test(uri)) return URL.canParse(uri) ? { by: 'https', url: uri } : undefined;
  const [, written] = /^mailto:([^?]+)$/i.exec(uri) ?? [];
  const read = written === undefined ? undefined : readAddress(unescaped(written));
  return read?.ok ? { by: 'mail', address: read.address } : undefined;
}

/** RFC 6068: an address in a URI is escaped. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
