import { randomBytes } from 'node:crypto';
import { Refusal } from '#platform/refusal';
import type { Line } from '#protocol/line';
import type { ManifestBase } from '#protocol/manifest';
import { PlanAsked } from '#protocol/plan';
import { type Fault, readLine } from '#protocol/read';
import { soundAs } from './sound';

export interface Plan {
  manifest: ManifestBase;
  lines: Line[];
}

/** Reads a plan. @throws Refusal PLAN_INVALID */
export function readPlan(body: unknown): Plan {
  const { manifest, lines } = soundAs(PlanAsked, { ok: true, value: body }, 'PLAN_INVALID');
  const read = readLines(lines);
  if (!read.ok) throw new Refusal(read.faults.map(({ pointer, says }) => ({ code: 'PLAN_INVALID', pointer, says })));
  return { manifest, lines: read.lines };
}

/** Reads lines of which nothing is sealed: salt and digest may be missing. */
export function readLines(objects: readonly object[]): { ok: true; lines: Line[] } | { ok: false; faults: Fault[] } {
  const readings = objects.map((line) => readLine(JSON.stringify({ salt: randomBytes(16).toString('hex'), ...('about' in line ? {} : { digest: '0'.repeat(64) }), ...line })));
  const faults = readings.flatMap((reading, i) => (reading.ok ? [] : reading.faults.map(({ pointer, says }) => ({ pointer: `/lines/${i}${pointer}`, says }))));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, lines: readings.flatMap((reading) => (reading.ok ? [reading.value] : [])) };
}
