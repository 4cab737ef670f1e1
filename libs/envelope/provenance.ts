import { createHash, type KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { canonical } from './canonical';
import { signCompact } from './compact-jws';
import { readObject } from './json/object';
import { isProvenanceClaims } from './provenance/shape';

/** What the gateway says of one transfer. Codes, ids and digests only; every digest is lower hex SHA-256. */
export interface ProvenanceClaims {
  share: string;
  transfer: string;
  agreement: { id: string; version: string; digest: string };
  clause: string;
  purpose: string;
  basis: string;
  legalGateway?: string;
  originator: { agency: string; controller: string; role: string };
  /** ISO 8601, UTC */
  created: string;
  classification: string;
  handling: Record<string, string | number | boolean>;
  recipient: { agency: string; contact: string; controller: string };
  manifestDigest: string;
  /** SHA-256 over the RFC 8785 form of `{lines, parts}`: what was sent, however much it was (`contentsDigest`). */
  contents: string;
  /** The lists themselves, where they are short: with ninety-nine parts they would not fit into a header. */
  parts?: { name: string; digest: string }[];
  lines?: string[];
  /** Where it stands on the recipient's register: log origin and leaf hash. */
  entry: { log: string; leaf: string };
  /** Of the provenance under which it came, when it is passed on. Never that JWS itself: it names who sent what to us. */
  previous?: { digest: string; issuer: string };
}

export type ProvenanceCode = 'TOO_LONG' | 'MALFORMED' | 'HEADER_NOT_ALLOWED' | 'UNKNOWN_KEY' | 'SIGNATURE_WRONG' | 'CLAIMS_MALFORMED';

export const PROVENANCE_TYPE = 'share-provenance+jwt';
const ALGORITHM = 'EdDSA';
const LONGEST = 6 * 1024;
const PARTS_OF_A_JWS = 3;

/** Digests of parts and lines that are told one by one; above it their common digest stands for them. */
const MOST_LISTED = 24;

/** What a recipient got, as claims: always by one digest, and by lists where they fit. Lines and parts are sorted, so that two makers agree. */
export function contentClaims(contents: { parts: readonly { name: string; digest: string }[]; lines: readonly string[] }): Pick<ProvenanceClaims, 'contents' | 'parts' | 'lines'> {
  const parts = contents.parts.map(({ name, digest }) => ({ name, digest })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = [...contents.lines].sort();
  const digest = createHash('sha256').update(canonical({ lines, parts })).digest('hex');
  return parts.length + lines.length > MOST_LISTED ? { contents: digest } : { contents: digest, parts, lines };
}

/** Signs as a compact JWS. Throws where the claims are malformed or it would be longer than 6 KB: the caller made them. */
export function signProvenance(claims: ProvenanceClaims, key: { privateKey: KeyObject; kid: string }): string {
  if (!isProvenanceClaims(claims)) throw new Error('provenance claims are malformed');
  const jws = signCompact(canonical(claims), { typ: PROVENANCE_TYPE, ...key });
  if (jws.length > LONGEST) throw new Error(`a provenance is at most ${LONGEST} characters; this one has ${jws.length}`);
  return jws;
}

/**
 * Verifies one provenance against keys that were pinned beforehand. Algorithm and type are fixed; nothing in the header can bring a key,
 * name another place to find one, or ask for something that we would have to understand. One signed text has one spelling: no octet may differ.
 */
export async function verifyProvenance(
  jws: string,
  pinned: ReadonlyMap<string, KeyObject>,
): Promise<{ ok: true; claims: ProvenanceClaims; kid: string } | { ok: false; code: ProvenanceCode }> {
  if (jws.length > LONGEST) return { ok: false, code: 'TOO_LONG' };
  const segments = jws.split('.').map(strictBase64Url);
  const [header, payload] = segments;
  if (segments.length !== PARTS_OF_A_JWS || segments.includes(undefined) || !header || !payload) return { ok: false, code: 'MALFORMED' };
  const kid = kidOf(header);
  if (kid === undefined) return { ok: false, code: 'HEADER_NOT_ALLOWED' };
  const key = pinned.get(kid);
  if (!key) return { ok: false, code: 'UNKNOWN_KEY' };
  const holds = await compactVerify(jws, key, { algorithms: [ALGORITHM] }).then(() => true, () => false);
  if (!holds) return { ok: false, code: 'SIGNATURE_WRONG' };
  const claims = canonicalJson(payload);
  return isProvenanceClaims(claims) ? { ok: true, claims, kid } : { ok: false, code: 'CLAIMS_MALFORMED' };
}

/** The last character of a segment has bits to spare, in which a second spelling of the same octets could hide. */
function strictBase64Url(segment: string): Buffer | undefined {
  const octets = Buffer.from(segment, 'base64url');
  return octets.toString('base64url') === segment ? octets : undefined;
}

/** The key ID, if the header is exactly `alg`, `typ` and `kid`: no `jku`, `jwk`, `x5c`, `crit` or anything else. */
function kidOf(header: Buffer): string | undefined {
  const read = readObject(header, { maxOctets: LONGEST });
  if (!read || Object.keys(read).sort().join() !== 'alg,kid,typ') return undefined;
  const { alg, typ, kid } = read;
  return alg === ALGORITHM && typ === PROVENANCE_TYPE && typeof kid === 'string' ? kid : undefined;
}

/** RFC 8785 text has one spelling. */
function canonicalJson(octets: Buffer): unknown {
  const read = readObject(octets, { maxOctets: LONGEST });
  return read && canonical(read).equals(octets) ? read : undefined;
}
