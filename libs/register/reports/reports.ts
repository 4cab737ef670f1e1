import type { ReadEntry } from '../entry';
import type { Row } from './csv';
import { Activities } from './activities';
import { AuditSample } from './audit-sample';
import { Controls } from './controls';
import { type Located, type Report, type ReportOptions, strings } from './report';
import { Statistics } from './statistics';

/** What a controller makes of its own register, entry by entry, in memory that does not grow with the register. Nobody else's register is ever looked at. */
export const REPORTS = {
  entries: {
    says: 'every entry, a row each: what the register holds, for a spreadsheet',
    columns: ['index', 'id', 'kind', 'at', 'share', 'transfer', 'request', 'agreement', 'purpose', 'basis', 'parties', 'categories', 'leaf', 'entry'],
    make: () => rowByRow(({ index, leaf, entry }) => [{
      index, leaf, ...picked(entry, ['id', 'kind', 'at', 'share', 'transfer', 'request', 'purpose', 'basis']), agreement: agreementOf(entry), parties: partiesOf(entry).join(' '), categories: strings(entry['categories']).join(' '), entry: JSON.stringify(entry),
    }]),
  },
  activities: {
    says: 'record of processing activities (UK GDPR Article 30(1); for law enforcement section 61 of the Data Protection Act 2018)',
    columns: ['role', 'agreement', 'purpose', 'lawfulBases', 'conditions', 'legalGateways', 'categoriesOfData', 'categoriesOfSubjects', 'recipients', 'sources', 'outsideParties', 'profiling', 'thirdCountries', 'timeLimits', 'securityMeasures', 'shares', 'first', 'last'],
    make: () => new Activities(),
  },
  processor: {
    says: 'what the gateway’s operator does for this controller as its processor, and on which instructions (Article 30(2), Article 28)',
    columns: ['controller', 'processing', 'instruction', 'version', 'digest', 'since', 'until', 'operations', 'subProcessors', 'securityMeasures'],
    make: () => new Activities('processor'),
  },
  'audit-sample': {
    says: 'shares for a case-file audit: decided when, by which role, why; how long from decision to delivery; what became of it, and whether a breach is linked to it (AU-02)',
    columns: ['share', 'agreement', 'purpose', 'urgency', 'decidedBy', 'decidedAt', 'reasons', 'safetyConsidered', 'acceptedAt', 'recipient', 'protection', 'deliveredAt', 'hoursToDelivery', 'acknowledgedAt', 'ended', 'breach'],
    make: (options) => new AuditSample(options),
  },
  operations: {
    says: 'the log of operations of section 62, with the entry that proves each; of one organisation’s information alone with --origin (RC-08, AU-03)',
    columns: ['occurredAt', 'operation', 'because', 'origin', 'share', 'transfer', 'by', 'role', 'software', 'justification', 'recipients', 'index', 'leaf'],
    make: ({ origin }) => rowByRow(({ index, leaf, entry }) => (entry.kind !== 'operation-logged' || (origin !== undefined && entry['origin'] !== origin) ? [] : [{
      index, leaf, ...picked(entry, ['occurredAt', 'operation', 'because', 'origin', 'share', 'transfer', 'by', 'role', 'software']), justification: strings(entry['justification']).join(' '),
      recipients: partiesOf(entry).join(' '),
    }])),
  },
  accesses: {
    says: 'who looked at what and why: items, openings, and this register itself (AS-03, RC-09)',
    columns: ['at', 'kind', 'share', 'transfer', 'request', 'by', 'contact', 'role', 'reason', 'what', 'index', 'leaf'],
    make: ({ origin: _origin }) => rowByRow(({ index, leaf, entry }) => (ACCESSES.has(entry.kind) ? [{ index, leaf, ...picked(entry, ['at', 'kind', 'share', 'transfer', 'request', 'by', 'contact', 'role', 'reason', 'what']) }] : [])),
  },
  statistics: {
    says: 'counts of what was shared, by month, category, urgency and organisation, without subjects; small numbers are suppressed (AU-08)',
    columns: ['agreement', 'by', 'value', 'count'],
    make: () => new Statistics(),
  },
  controls: {
    says: 'controls and when each was last tested, by whom and with what outcome; overdue ones are marked (AS-09, AS-10)',
    columns: ['control', 'on', 'outcome', 'by', 'role', 'dueAgain', 'overdue'],
    make: (options) => new Controls(options),
  },
  disposals: {
    says: 'certificates of disposal: which entries of this register were removed at the end of their time, by which rule, when and how, and the entry that names their leaves (RT-12)',
    columns: ['at', 'class', 'month', 'months', 'entries', 'method', 'index', 'leaf'],
    make: () => rowByRow(({ index, leaf, entry }) => (entry.kind === 'entries-disposed' ? [{ index, leaf, ...picked(entry, ['at', 'class', 'month', 'months', 'method']), entries: strings(entry['leaves']).length }] : [])),
  },
} as const satisfies Record<string, { says: string; columns: readonly string[]; make(options: ReportOptions): Report }>;
export type ReportKind = keyof typeof REPORTS;

const ACCESSES: ReadonlySet<string> = new Set(['item-viewed', 'share-opened', 'register-read', 'register-exported']);

const rowByRow = (rowsOf: (located: Located) => Row[]): Report => ({ take: rowsOf, end: () => [] });

const picked = (entry: ReadEntry, names: readonly string[]): Row => Object.fromEntries(names.flatMap((name) => {
  const value = entry[name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : [];
}));

function agreementOf({ agreement }: ReadEntry): string | undefined {
  if (typeof agreement === 'string') return agreement;
  const { id, version } = (agreement ?? {}) as { id?: string; version?: string };
  return id === undefined ? undefined : `${id} ${version ?? ''}`.trim();
}

/** Organisations that an entry names on the other side. */
function partiesOf(entry: ReadEntry): string[] {
  const { recipients, from, parties, proposed, agency } = entry;
  const listed = Array.isArray(recipients) ? (recipients as { agency: string; contact?: string }[]).map((each) => (each.contact === undefined ? each.agency : `${each.agency}/${each.contact}`)) : [];
  return [...new Set([...listed, ...(typeof from === 'string' && /[a-z]/.test(from) && !from.includes('T') ? [from] : []), ...strings(parties), ...strings(proposed), ...(typeof agency === 'string' && agency !== entry.controller ? [agency] : [])])];
}
