import { createHash } from 'node:crypto';
import type { Agreement } from '../agreement';
import * as categories from '../vocabulary/categories';
import * as channels from '../vocabulary/channels';
import * as consent from '../vocabulary/consent';
import * as declarations from '../vocabulary/declarations';
import * as disclosureRoutes from '../vocabulary/disclosure-routes';
import type { Table } from '../vocabulary/entry';
import * as gateways from '../vocabulary/gateways';
import * as lists from '../lists';
import * as lawfulBases from '../vocabulary/lawful-bases';
import * as notSharing from '../vocabulary/not-sharing';
import * as organisations from '../vocabulary/organisations';
import * as protections from '../vocabulary/protections';
import * as reasons from '../vocabulary/reasons';
import * as requests from '../vocabulary/requests';
import * as roles from '../vocabulary/roles';
import * as schedules from '../vocabulary/schedules';
import * as statutes from '../vocabulary/statutes';

const MODULES: readonly object[] = [categories, channels, consent, declarations, disclosureRoutes, gateways, lists, lawfulBases, notSharing, organisations, protections, reasons, requests, roles, schedules, statutes];

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).length > 0 && Object.values(value).every((entry: unknown) => typeof (entry as { says?: unknown } | null)?.says === 'string');

/** Every table of the vocabulary, by its name. */
export const TABLES: Readonly<Record<string, Table>> = Object.fromEntries(MODULES.flatMap((module) => Object.entries(module).filter((entry): entry is [string, Table] => isTable(entry[1]))));

/** Which vocabulary this engine decides by: SHA-256 of its tables, lower-case hexadecimal. */
export const VOCABULARY_DIGEST = createHash('sha256').update(JSON.stringify(Object.entries(TABLES).sort(([a], [b]) => (a < b ? -1 : 1)))).digest('hex');

const VOCABULARY: ReadonlySet<string> = new Set(Object.values(TABLES).flatMap((table) => Object.keys(table)));

const OWN = new WeakMap<object, ReadonlySet<string>>();

/** Whether the word stands in the vocabulary or in the agreement: then it is nobody's name. */
export const isWordOf = (agreement: Agreement, word: string): boolean => VOCABULARY.has(word) || ownWords(agreement).has(word);

function ownWords(agreement: Agreement): ReadonlySet<string> {
  let own = OWN.get(agreement.terms);
  if (!own) OWN.set(agreement.terms, (own = new Set([agreement.id, agreement.version, ...agreement.supersedes, ...textsIn(agreement.terms)])));
  return own;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
