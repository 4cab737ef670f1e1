/** RFC 8461, 3.2: longest time for which a policy may be held, one year. */
export const LONGEST_AGE_S = 31_557_600;
/** Octets of a policy that are read (RFC 8461, 3.3). */
const LONGEST_POLICY = 64 * 1024;
/** Patterns of one policy: no domain has more hosts for its mail. */
const MOST_PATTERNS = 64;

const MODES = ['enforce', 'testing', 'none'] as const;
export type StsMode = (typeof MODES)[number];

/** What a domain says of its mail hosts (RFC 8461), as it was fetched. */
export interface StsPolicy {
  mode: StsMode;
  /** Host names, lower case; `*.` before one stands for exactly one label. */
  mx: readonly string[];
  /** Seconds. */
  maxAge: number;
}

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^${LABEL}(\\.${LABEL})+$`);
/** A field of the record, and the name of one of the policy (RFC 8461, 3.1 and 3.2). */
const FIELD = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\x21-\x3a\x3c\x3e-\x7e]+$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/;

/** A host name in letters, digits and hyphens, of at least two labels, the last not a number; without a dot at its end. */
export const isHost = (name: string): boolean => name.length <= 253 && HOST.test(name) && !/\.[0-9]+$/.test(name);

/** The id in the TXT records at `_mta-sts.`; undefined when none, or more than one, says that there is a policy (RFC 8461, 3.1). */
export function readStsRecord(texts: readonly string[]): string | undefined {
  const [only, ...more] = texts.filter((text) => text.startsWith('v=STSv1'));
  if (only === undefined || more.length > 0) return undefined;
  const [version, ...fields] = only.split(';').map((field) => field.trim());
  if (fields.at(-1) === '') fields.pop();
  const ids = fields.filter((field) => field.startsWith('id=')).map((field) => field.slice('id='.length));
  return version === 'v=STSv1' && fields.every((field) => FIELD.test(field)) && ids.length === 1 && /^[A-Za-z0-9]{1,32}$/.test(ids[0] as string) ? ids[0] : undefined;
}

/**
 * A policy file. Undefined for what the RFC would have mended (a field given twice, a pattern that is no host name): a policy that can be read in two ways
 * protects nobody.
 */
export function readStsPolicy(text: string): StsPolicy | undefined {
  if (text.length > LONGEST_POLICY || !/^[\t\n\r\x20-\x7e]*$/.test(text) || /\r(?!\n)/.test(text)) return undefined;
  const terms = text.split(/\r?\n/).filter((line) => line.trim() !== '').map((line) => ({ name: line.slice(0, Math.max(0, line.indexOf(':'))), value: line.slice(line.indexOf(':') + 1).trim() }));
  if (!terms.every(({ name }) => NAME.test(name))) return undefined;
  const all = (name: string): string[] => terms.filter((term) => term.name === name).map(({ value }) => value);
  const one = (name: string): string | undefined => (all(name).length === 1 ? all(name)[0] : undefined);
  const mode = MODES.find((known) => known === one('mode'));
  const age = one('max_age') ?? '';
  const mx = all('mx').map((pattern) => pattern.toLowerCase());
  if (one('version') !== 'STSv1' || !mode || !/^[0-9]{1,10}$/.test(age) || Number(age) > LONGEST_AGE_S) return undefined;
  if (mx.length > MOST_PATTERNS || !mx.every((pattern) => isHost(pattern.replace(/^\*\./, ''))) || (mx.length === 0 && mode !== 'none')) return undefined;
  return { mode, mx, maxAge: Number(age) };
}

/** RFC 8461, 4.1: `*` stands for the whole leftmost label and for no other. Both in lower case. */
export const matchesPattern = (pattern: string, host: string): boolean =>
  pattern.startsWith('*.') ? /^[^.]+\./.test(host) && host.slice(host.indexOf('.') + 1) === pattern.slice(2) : pattern === host;
