import fc from 'fast-check';
import type { ReadEntry } from '../entry';
import { csvLine, type Row } from './csv';
import { type ReportKind, REPORTS } from './reports';
import { SUPPRESSED } from './statistics';

const at = new Date('2026-03-02T09:15:00.000Z');
const SHARE = (i: number): string => `01890a5d-ac96-7000-8000-${i.toString(16).padStart(12, '0')}`;
const head = { v: 1 as const, controller: 'merebrook-council', at: at.toISOString(), salt: '00'.repeat(16) };
const sent = (i: number, more: Record<string, unknown> = {}): ReadEntry => ({
  ...head, id: SHARE(10_000 + i), kind: 'share-sent', share: SHARE(i), agreement: { id: 'example', version: '1', digest: 'ab'.repeat(32) }, purpose: 'front-door-referral', basis: '6(1)(e)', conditions: ['9(2)(g)'], urgency: 'routine',
  decision: { by: 'social-worker', contact: 'dsw', at: '2026-03-02T08:15:00Z', reasons: ['protects-from-harm'] }, recipients: [{ transfer: SHARE(20_000 + i), agency: 'eastgate-health', contact: 'nurse', protection: 'openpgp', categories: ['names'] }], ...more,
});
const rowsOf = (kind: ReportKind, entries: readonly ReadEntry[], options: { origin?: string; oneIn?: number; at?: Date } = {}): Row[] => {
  const report = REPORTS[kind].make({ at, ...options });
  return [...entries.flatMap((entry, index) => report.take({ index, leaf: 'cd'.repeat(32), entry })), ...report.end()];
};

test('A9: no cell of a spreadsheet begins a formula, whatever is in it', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t=', ' =', '"=', '\r', '\n+', '＝', '|', '%'), fc.string()).map((pieces) => pieces.join(''))), (text) => {
    const cell = csvLine([text]).slice(0, -2);
    const shown = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    expect(!shown.startsWith("'") && /^\s*["']?\s*[=+\-@|%＝＋－＠]/.test(shown)).toBe(false);
    expect(shown === text || shown === `'${text}`).toBe(true);
  }), { numRuns: 2_000 });
  expect(csvLine(['=1+1', '-2', 3, true, undefined, 'a,"b"'])).toBe('"\'=1+1","\'-2",3,true,,"a,""b"""\r\n');
});

test('AU-02: a sample says when it was decided, how long it took, what became of it and which breach is linked to it, and draws the same again', () => {
  const later = (kind: string, minutes: number, more: object = {}): ReadEntry => ({ ...head, id: SHARE(30_000 + minutes), kind: kind as ReadEntry['kind'], share: SHARE(1), transfer: SHARE(20_001), at: new Date(at.getTime() + minutes * 60_000).toISOString(), ...more });
  const entries = [sent(1), later('share-collected', 30), later('share-acknowledged', 90), later('breach-recorded', 120, { transfer: undefined })];
  expect(rowsOf('audit-sample', entries)).toEqual([expect.objectContaining({ share: SHARE(1), decidedBy: 'social-worker', decidedAt: '2026-03-02T08:15:00Z', hoursToDelivery: 1.5, acknowledgedAt: '2026-03-02T10:45:00.000Z', ended: 'acknowledged', breach: SHARE(30_120) })]);
  const many = Array.from({ length: 400 }, (_, i) => sent(i));
  const drawn = rowsOf('audit-sample', many, { oneIn: 10 });
  expect(drawn).toEqual(rowsOf('audit-sample', many, { oneIn: 10 }));
  expect(drawn.length).toBeGreaterThan(15);
  expect(drawn.length).toBeLessThan(80);
});

test('AU-08: small counts are suppressed, a lone one with its neighbour, and nobody stands in them', () => {
  const entries = Array.from({ length: 12 }, (_, i) => sent(i, i < 2 ? { urgency: 'emergency' } : {}));
  const rows = rowsOf('statistics', entries);
  expect(rows.filter(({ by }) => by === 'urgency')).toEqual([{ agreement: 'example', by: 'urgency', value: 'emergency', count: SUPPRESSED }, { agreement: 'example', by: 'urgency', value: 'routine', count: 'not shown' }]);
  expect(rows.find(({ by }) => by === 'category')).toEqual({ agreement: 'example', by: 'category', value: 'names', count: 12 });
  expect(JSON.stringify(rows)).not.toMatch(/dsw|01890a5d/);
});

test('Article 30: what was really shared makes the record of processing, and the processor’s names the instructions', () => {
  const entries = [sent(1), sent(2, { basis: '6(1)(c)' }), { ...sent(3), kind: 'share-announced' as const, from: 'st-brigid-primary', recipients: undefined, categories: ['health'] } as ReadEntry];
  expect(rowsOf('activities', entries)).toEqual([
    expect.objectContaining({ role: 'shares', purpose: 'front-door-referral', lawfulBases: '6(1)(c) 6(1)(e)', recipients: 'eastgate-health', categoriesOfData: 'names', shares: 2 }),
    expect.objectContaining({ role: 'receives', sources: 'st-brigid-primary', categoriesOfData: 'health', shares: 1 })]);
  expect(rowsOf('processor', entries)).toEqual([expect.objectContaining({ controller: 'merebrook-council', instruction: 'example', version: '1', digest: 'ab'.repeat(32), operations: 3 })]);
});

test('AU-03: of operations only those on what came from the organisation that asks', () => {
  const logged = (origin: string): ReadEntry => ({ ...head, id: SHARE(1), kind: 'operation-logged', operation: 'consultation', because: 'origin', origin, share: SHARE(2), occurredAt: at.toISOString(), by: 'dsw', role: 'social-worker', justification: ['need-to-know'] });
  expect(rowsOf('operations', [logged('probation'), logged('police'), sent(1)], { origin: 'probation' })).toEqual([expect.objectContaining({ origin: 'probation', operation: 'consultation', by: 'dsw' })]);
});

test('AS-10: the last test of each control, and that the next is overdue', () => {
  const tested = (control: string, on: string, dueAgain: string): ReadEntry => ({ ...head, id: SHARE(1), kind: 'control-tested', control, on, outcome: 'passed', by: 'dpo', dueAgain });
  expect(rowsOf('controls', [tested('backup-restore', '2025-01-01', '2025-07-01'), tested('access-list', '2026-01-01', '2027-01-01'), tested('backup-restore', '2025-06-01', '2026-01-01')])).toEqual([
    expect.objectContaining({ control: 'access-list', overdue: false }), expect.objectContaining({ control: 'backup-restore', on: '2025-06-01', overdue: true })]);
});
