import type { ProvenanceClaims } from '../provenance';

type Check = (value: unknown) => boolean;

const MOST_TEXT = 256;
const text: Check = (value) => typeof value === 'string' && value.length > 0 && value.length <= MOST_TEXT && value.isWellFormed();
const digest: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const instant: Check = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value) && !Number.isNaN(Date.parse(value));
const flag: Check = (value) => text(value) || typeof value === 'boolean' || Number.isSafeInteger(value);

const list = (each: Check): Check => (value) => Array.isArray(value) && value.every(each);
const flags: Check = (value) => isRecord(value) && Object.values(value).every(flag);

/** Exactly these members; an optional one may be missing but not be another thing. */
function record(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return (value) =>
    isRecord(value) &&
    Object.keys(value).every((name) => Object.hasOwn(required, name) || Object.hasOwn(optional, name)) &&
    Object.entries(required).every(([name, check]) => check(value[name])) &&
    Object.entries(optional).every(([name, check]) => value[name] === undefined || check(value[name]));
}

const CLAIMS = {
  share: text,
  transfer: text,
  agreement: record({ id: text, version: text, digest }),
  clause: text,
  purpose: text,
  basis: text,
  originator: record({ agency: text, controller: text, role: text }),
  created: instant,
  classification: text,
  handling: flags,
  recipient: record({ agency: text, contact: text, controller: text }),
  manifestDigest: digest,
  contents: digest,
  entry: record({ log: text, leaf: digest }),
} satisfies Record<keyof Omit<ProvenanceClaims, 'previous' | 'legalGateway' | 'parts' | 'lines'>, Check>;

const claims = record(CLAIMS, { legalGateway: text, parts: list(record({ name: text, digest })), lines: list(digest), previous: record({ digest, issuer: text }) });

export function isProvenanceClaims(value: unknown): value is ProvenanceClaims {
  return claims(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
