import { sha256 } from '#protocol/digest';
import type { Agreement, Term, Terms } from './agreement';
import { type Cases, readCases } from './cases';
import { compiled, faultsOf } from './loading/faults';
import { Remembering } from './loading/remembering';
import { nonsense } from './loading/sense';
import { purposesUnshown } from './loading/shown';
import { type ProfileError, readYaml } from './loading/yaml';
import { PARAMETER_NAMES } from './parameters';
import { profileSchema } from './schema';

export type { ProfileError };

/** The texts of an agreement's folder; whoever reads files reads them. `file` is only said in errors. */
export interface ProfileText {
  file: string;
  text: string;
  cases?: { file: string; text: string };
}

export type Loading = { ok: true; agreement: Agreement; cases?: Cases } | { ok: false; errors: ProfileError[] };

const validate = compiled(profileSchema);

const LOADED = new Remembering<Loading>();

/** Reads a profile. A bad one gives every error with file, line and reason, and no agreement. The very same text is judged once: it takes half a second, and nobody edits what comes of it. */
export function loadAgreement(profile: ProfileText): Loading {
  return LOADED.get(sha256(JSON.stringify(profile)), () => frozen(judged(profile)), ({ ok }) => ok);
}

function judged({ file, text, cases }: ProfileText): Loading {
  const reading = readYaml(file, text);
  const errors = [...reading.errors];
  if (errors.length === 0) errors.push(...faultsOf(validate, file, reading));
  const readCasesToo = cases && readCases(cases);
  if (readCasesToo && !readCasesToo.ok) errors.push(...readCasesToo.errors);
  if (errors.length > 0) return { ok: false, errors: sorted(errors) };

  const agreement = agreementOf(reading.value as Profile, text);
  const senseless = nonsense(agreement).map(({ path, reason }) => ({ file, line: reading.lineOf(path), reason }));
  if (readCasesToo?.ok) senseless.push(...purposesUnshown(agreement, readCasesToo.cases));
  if (senseless.length > 0) return { ok: false, errors: sorted(senseless) };
  return { ok: true, agreement, ...(readCasesToo?.ok && { cases: readCasesToo.cases }) };
}

/**
 * Reads a profile that was in force once. It was judged when it came into force, by the engine of its day; what this engine would say of it
 * today takes nothing from what was decided under it. @throws Error where it cannot be read at all
 */
export function loadKept(text: string): Agreement {
  const { value, errors } = readYaml('the kept profile', text);
  const [error] = errors;
  if (error || typeof value !== 'object' || value === null) throw new Error(error?.reason ?? 'it holds nothing');
  return agreementOf(value as Profile, text);
}

type Profile = Record<string, unknown> & { id: string; version: string; from: string; until?: string; supersedes?: string[] };

function agreementOf(profile: Profile, text: string): Agreement {
  const terms: Record<string, Term<unknown>> = {};
  for (const name of PARAMETER_NAMES) {
    const found = name.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], profile);
    if (found !== undefined) terms[name] = found as Term<unknown>;
  }
  const { id, version, from, until, supersedes = [] } = profile;
  const digest = sha256(text);
  return frozen({ id, version, from, ...(until !== undefined && { until }), supersedes, digest, text, terms: terms as unknown as Terms });
}

/** Nobody edits an agreement while it runs. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

const sorted = (errors: ProfileError[]): ProfileError[] => errors.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
