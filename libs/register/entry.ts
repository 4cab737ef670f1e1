import { readCanonical } from '#envelope/canonical';
import type { Fields, Shape } from './entry-fields';
import { fits } from './entry-formats';
import { disposalClassOf, ENTRY_KINDS, type EntryFields, type EntryKind, isEntryKind } from './entry-kinds';
import { type DisposalClass, HEAD_FIELDS, type HeadField } from './kinds/kind';
import { leafHash } from './merkle';

/** As much as a share of ninety-nine parts to sixty-four recipients needs. */
export const LARGEST_ENTRY = 512 * 1024;
export const SALT_OCTETS = 16;

/** What every entry has besides the fields of its kind. */
export interface EntryHead {
  /** UUIDv7. */
  id: string;
  /** Whose register it stands in. */
  controller: string;
  at: Date;
  /** 128 random bits, so that a leaf hash can't be guessed from what is likely to have been recorded. */
  salt: Buffer;
}

/** An entry ready to be stored as it was hashed. */
export interface SealedEntry {
  id: string;
  controller: string;
  kind: EntryKind;
  disposal: DisposalClass;
  at: Date;
  /** The share or request that it is about, by which it is found again. */
  about: string | undefined;
  octets: Buffer;
  leaf: Buffer;
}

/** An entry as it is read back. */
export type ReadEntry = { v: 1; id: string; controller: string; kind: EntryKind; at: string; salt: string } & Record<string, unknown>;

export class EntryRefused extends Error {
  override readonly name = 'EntryRefused';

  /** The path names the field and never shows the value: it may be what must not be recorded. */
  constructor(readonly kind: string, readonly path: string, readonly fault: EntryFault) {
    super(`An entry of kind ${kind} can't be recorded: ${path} ${FAULTS[fault]}.`);
  }
}

export const FAULTS = {
  NOT_IN_TABLE: 'is not a field of this kind; add it to the table of entry kinds or leave it out',
  MISSING: 'is missing',
  WRONG_FORMAT: 'is not written in the format that the table asks for',
  TOO_MANY: 'holds more than the table allows',
  TOO_LARGE: 'is larger than an entry may be',
} as const;
export type EntryFault = keyof typeof FAULTS;

/** Makes the octets of an entry and their leaf hash. Throws EntryRefused for anything that the table of kinds does not allow. */
export function makeEntry<K extends EntryKind>(kind: K, { id, controller, at, salt }: EntryHead, fields: EntryFields<K>): SealedEntry {
  const entry = { ...fields, v: 1, id, controller, kind, at: at.toISOString(), salt: salt.toString('hex') };
  const own = HEAD_FIELDS.find((name) => (fields as Record<string, unknown>)[name] !== undefined);
  const text = own ? undefined : SPELLERS[kind](entry);
  if (text === undefined) {
    const { path, fault } = own ? { path: own, fault: 'NOT_IN_TABLE' as const } : (complaintAbout(kind, defined(entry)) ?? MISREAD);
    throw new EntryRefused(kind, path, fault);
  }
  const octets = Buffer.from(text);
  if (octets.length > LARGEST_ENTRY) throw new EntryRefused(kind, 'the entry', 'TOO_LARGE');
  return { id, controller, kind, disposal: disposalClassOf(kind), at, about: aboutOf(fields), octets, leaf: leafHash(octets) };
}

/** The first of these that it has. */
const aboutOf = ({ share, request, decisionId, breach }: { share?: string; request?: string; decisionId?: string; breach?: string }): string | undefined => share ?? request ?? decisionId ?? breach;

/** Reads stored octets. Undefined when they are not an entry that `makeEntry` could have made. */
export function readEntry(octets: Uint8Array): ReadEntry | undefined {
  const entry = octets.length > LARGEST_ENTRY ? undefined : readCanonical(octets);
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const { kind } = entry as { kind?: unknown };
  if (typeof kind !== 'string' || !isEntryKind(kind)) return undefined;
  return complaintAbout(kind, entry) ? undefined : (entry as ReadEntry);
}

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const HEAD: Record<HeadField, (value: unknown) => boolean> = {
  v: (value) => value === 1,
  id: (value) => typeof value === 'string' && UUID7.test(value),
  controller: (value) => fits('agency', value),
  kind: (value) => typeof value === 'string' && isEntryKind(value),
  at: (value) => fits('instant', value) && (value as string).length === 24,
  salt: (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value),
};

/** The RFC 8785 spelling of a value that is as its shape asks; undefined for any other. */
type Speller = (value: unknown) => string | undefined;

// One walk looks and writes: an entry is made for every party of every share. Where it finds a fault, `complaintAbout` says which.
const SPELLERS = Object.fromEntries(Object.entries(ENTRY_KINDS).map(([kind, { fields }]) => [kind, objectSpeller({ ...spellersOf(fields), ...headSpellers() })])) as Record<EntryKind, Speller>;
/** One walk refuses what the other would not: a fault of ours, and nothing is recorded. */
const MISREAD: Complaint = { path: 'the entry', fault: 'WRONG_FORMAT' };

function spellersOf(fields: Fields): Record<string, { spell: Speller; required: boolean }> {
  return Object.fromEntries(Object.entries(fields).map(([name, { is, required }]) => [name, { spell: spellerOf(is), required: required === true }]));
}

function headSpellers(): Record<string, { spell: Speller; required: boolean }> {
  return Object.fromEntries(HEAD_FIELDS.map((name) => [name, { spell: (value: unknown) => (HEAD[name](value) ? JSON.stringify(value) : undefined), required: true }]));
}

function spellerOf(shape: Shape): Speller {
  // No format admits a quotation mark, a backslash or a control character: what fits is spelled as it stands (entry.spec.ts).
  if (typeof shape === 'string') return (value) => (fits(shape, value) ? (typeof value === 'string' ? `"${value}"` : String(value)) : undefined);
  return 'of' in shape ? objectSpeller(spellersOf(shape.of)) : listSpeller(spellerOf(shape.listOf), shape.atMost);
}

/** An optional field that was not given, or is undefined, is not a field. */
function objectSpeller(fields: Record<string, { spell: Speller; required: boolean }>): Speller {
  const inOrder = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => ({ name, key: `${JSON.stringify(name)}:`, ...field }));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const given = value as Record<string, unknown>;
    let text = '';
    let spelled = 0;
    for (const { name, key, spell, required } of inOrder) {
      const member = Object.hasOwn(given, name) ? given[name] : undefined;
      if (member === undefined && required) return undefined;
      if (member === undefined) continue;
      const said = spell(member);
      if (said === undefined) return undefined;
      text += (spelled === 0 ? key : `,${key}`) + said;
      spelled += 1;
    }
    return spelled === definedIn(given) ? `{${text}}` : undefined;
  };
}

function listSpeller(spell: Speller, atMost: number): Speller {
  return (value) => {
    if (!Array.isArray(value) || value.length > atMost) return undefined;
    let text = '';
    for (const item of value) {
      const said = spell(item);
      if (said === undefined) return undefined;
      text += text === '' ? said : `,${said}`;
    }
    return `[${text}]`;
  };
}

function definedIn(given: Record<string, unknown>): number {
  let count = 0;
  for (const name of Object.keys(given)) if (given[name] !== undefined) count += 1;
  return count;
}

interface Complaint {
  path: string;
  fault: EntryFault;
}

function complaintAbout(kind: EntryKind, entry: object): Complaint | undefined {
  const { v, id, controller, kind: own, at, salt, ...fields } = entry as Record<string, unknown>;
  const head = { v, id, controller, kind: own, at, salt };
  for (const name of HEAD_FIELDS) {
    if (!HEAD[name](head[name])) return { path: name, fault: 'WRONG_FORMAT' };
  }
  return inFields(ENTRY_KINDS[kind].fields, fields);
}

function inFields(allowed: Fields, given: Record<string, unknown>): Complaint | undefined {
  for (const name of Object.keys(given)) {
    const field = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (!field) return { path: name, fault: 'NOT_IN_TABLE' };
    const complaint = inShape(field.is, given[name]);
    if (complaint) return { ...complaint, path: complaint.path.startsWith('[') || complaint.path === '' ? name + complaint.path : `${name}.${complaint.path}` };
  }
  for (const name of Object.keys(allowed)) {
    if (allowed[name]?.required && !Object.hasOwn(given, name)) return { path: name, fault: 'MISSING' };
  }
  return undefined;
}

function inShape(shape: Shape, value: unknown): Complaint | undefined {
  if (typeof shape === 'string') return fits(shape, value) ? undefined : { path: '', fault: 'WRONG_FORMAT' };
  if ('of' in shape) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? inFields(shape.of, value as Record<string, unknown>) : { path: '', fault: 'WRONG_FORMAT' };
  }
  if (!Array.isArray(value)) return { path: '', fault: 'WRONG_FORMAT' };
  if (value.length > shape.atMost) return { path: '', fault: 'TOO_MANY' };
  for (let i = 0; i < value.length; i += 1) {
    const complaint = inShape(shape.listOf, value[i]);
    if (complaint) return { ...complaint, path: complaint.path === '' ? `[${i}]` : `[${i}].${complaint.path}` };
  }
  return undefined;
}

/** Without the fields that are undefined, at any depth: an optional field that was not given is not a field. */
function defined(value: object): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined) copy[name] = definedValue(field);
  }
  return copy;
}

function definedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(definedValue);
  return typeof value === 'object' && value !== null ? defined(value) : value;
}
