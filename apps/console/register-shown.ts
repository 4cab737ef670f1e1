import { entryOf } from '#policy/vocabulary/entry';
import { START_EVENTS } from '#policy/vocabulary/retention';
import type { RetentionItem } from '#protocol/retention-answers';
import { readEntry, type ReadEntry } from '#register/entry';
import { ENTRY_KINDS, isEntryKind } from '#register/entry-kinds';
import type { InclusionFile } from '#register/evidence';
import type { IntegratedEntry } from '#register/register';
import { IN_TIME, LATE, SOON, type Status } from './statuses';
import { plain } from './words';

// A register as somebody reads it who answers for it: each kind and field in the words in which it is documented.

/** Why somebody looks into a register: what is recorded of it. */
export const READING_REASONS: Readonly<Record<string, string>> = {
  'monitors-quality': 'to see that records are right',
  'subject-access': 'somebody uses a right over what was shared',
  complaint: 'somebody complains',
  'data-breach': 'a data breach is looked into',
  'regulator-demand': 'the regulator asks',
  audit: 'an audit',
};

const kindSays = (kind: string): string => (isEntryKind(kind) ? ENTRY_KINDS[kind].says : plain(kind));

export function rowShown({ index, id, octets }: IntegratedEntry, reason: string) {
  const entry = octets && readEntry(octets);
  return { index, href: `/register/${id}?${new URLSearchParams({ reason })}`, at: entry ? new Date(entry.at) : false, kind: entry?.kind ?? 'disposed of', says: entry ? kindSays(entry.kind) : 'It was disposed of at the end of its time; that it stood here can still be proven.' };
}

/** An entry with its proof, and what a browser needs to work it out by itself: the octets, the hashes, and the checkpoint that they lead to. */
export function entryShown(file: InclusionFile, controller: string) {
  const octets = file.octets === undefined ? undefined : Buffer.from(file.octets, 'base64');
  const entry = octets && readEntry(octets);
  const [origin = '', size = '', root = ''] = file.checkpoint.split('\n');
  return {
    index: file.index, controller, leaf: file.leaf, proof: file.proof, octets: file.octets ?? '', checkpoint: file.checkpoint.trimEnd(), origin, size, root: Buffer.from(root, 'base64').toString('hex'),
    kind: entry?.kind ?? 'disposed of', says: entry ? kindSays(entry.kind) : 'It was disposed of at the end of its time.', at: entry ? new Date(entry.at) : false, fields: entry ? fieldsOf(entry) : [],
  };
}

const HEAD: ReadonlySet<string> = new Set(['v', 'id', 'controller', 'kind', 'at', 'salt']);

function fieldsOf(entry: ReadEntry): { name: string; says: string; value: string }[] {
  const table: Readonly<Record<string, { says: string }>> = isEntryKind(entry.kind) ? ENTRY_KINDS[entry.kind].fields : {};
  return Object.entries(entry).filter(([name]) => !HEAD.has(name)).map(([name, value]) => ({ name, says: table[name]?.says ?? name, value: said(value) }));
}

const said = (value: unknown): string =>
  Array.isArray(value) ? value.map(said).join('; ')
  : typeof value === 'object' && value !== null ? Object.entries(value).map(([name, inner]) => `${name} ${said(inner)}`).join(', ')
  : value === true ? 'yes' : value === false ? 'no' : String(value);

const MONTH_BEFORE_DUE = 31;

/** A copy that is kept: until when, by which rule, and what stands in the way of its disposal. */
export function keptShown({ transfer, sender, agreement, what, months, from, indefinite, dueOn, reviewOn, heldAt }: RetentionItem, now: Date) {
  const today = now.toISOString().slice(0, 10);
  const soon = new Date(now.getTime() + MONTH_BEFORE_DUE * 86_400_000).toISOString().slice(0, 10);
  const status: Status = heldAt ? { word: 'Held', colour: 'yellow' } : dueOn === undefined ? { word: indefinite ? 'Without an end' : 'Not begun', colour: 'grey' } : dueOn < today ? LATE : dueOn <= soon ? SOON : IN_TIME;
  return {
    reference: transfer.slice(-8).toUpperCase(), transfer, sender, agreement, what: plain(what), status, dueOn: dueOn ?? false, reviewOn, reviewLate: reviewOn < today,
    rule: months === undefined ? (indefinite ? 'kept without an end, and looked at again' : 'as your own policy says, which is not stated yet') : `${months} months from the day on which ${entryOf(START_EVENTS, from ?? 'received')?.says ?? plain(from ?? '')}`,
    heldSince: heldAt ? new Date(heldAt) : false,
  };
}
