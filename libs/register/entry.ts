import { canonical, readCanonical } from './canonical';
import type { Fields, Shape } from './entry-fields';
import { fits } from './entry-formats';
import { disposalClassOf, type DisposalClass, ENTRY_KINDS, type EntryFields, type EntryKind, HEAD_FIELDS, type HeadField, isEntryKind } from './entry-kinds';
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
  const given = defined(fields);
  const entry = { ...given, v: 1, id, controller, kind, at: at.toISOString(), salt: salt.toString('hex') };
  const own = HEAD_FIELDS.find((name) => Object.hasOwn(given, name));
  const complaint = own ? { path: own, fault: 'NOT_IN_TABLE' as const } : complaintAbout(kind, entry);
  if (complaint) throw new EntryRefused(kind, complaint.path, complaint.fault);
  const octets = canonical(entry);
  if (octets.length > LARGEST_ENTRY) throw new EntryRefused(kind, 'the entry', 'TOO_LARGE');
  return { id, controller, kind, disposal: disposalClassOf(kind), at, octets, leaf: leafHash(octets) };
}

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

/** The path of a complaint is put together on the way out: an entry without fault, which is every entry, pays nothing for it. */
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
