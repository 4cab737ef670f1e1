import { randomBytes } from 'node:crypto';
import { emergencyTold, type FrontDoor, toldOf } from '#exchange/answer';
import { Refusal } from '#platform/refusal';
import type { Decision, Reason } from '#policy/decision';
import type { CertificateTold, LineDecided, PlanAnswer } from '#protocol/answers';
import { isPartLine, type Line } from '#protocol/line';
import type { ManifestBase } from '#protocol/manifest';
import { PlanAsked } from '#protocol/plan';
import { readLine, shaped } from '#protocol/read';

export interface Plan {
  manifest: ManifestBase;
  lines: Line[];
}

/** Reads a plan. Salt and digest of a line may be missing: nothing is sealed yet. @throws Refusal PLAN_INVALID */
export function readPlan(body: unknown): Plan {
  const reading = shaped(PlanAsked, { ok: true, value: body });
  if (!reading.ok) throw new Refusal(reading.faults.map(({ pointer, says }) => ({ code: 'PLAN_INVALID', pointer, says })));
  const lines = reading.value.lines.map((line, i) => {
    const read = readLine(JSON.stringify({ salt: randomBytes(16).toString('hex'), ...('about' in line ? {} : { digest: '0'.repeat(64) }), ...line }));
    if (!read.ok) throw new Refusal(read.faults.map(({ pointer, says }) => ({ code: 'PLAN_INVALID', pointer: `/lines/${i}${pointer}`, says })));
    return read.value;
  });
  return { manifest: reading.value.manifest, lines };
}

/** Every line with its decision and why, and the certificates to seal to. */
export function tellPlan(plan: Plan, decision: Decision, certificates: CertificateTold[], frontDoors: FrontDoor[]): PlanAnswer {
  const permitted = new Set(decision.outcome === 'permitted' ? decision.transfers.flatMap((transfer) => transfer.lines) : []);
  const reasons = decision.outcome === 'refused' ? decision.reasons : [];
  const against = (index: number): Reason[] => decision.struckOff.filter((struck) => struck.lines.includes(index)).flatMap((struck) => [...struck.reasons]);
  const lines = plan.lines.map((line, index): LineDecided => ({
    line: index,
    recipient: line.recipient,
    ...(isPartLine(line) ? { part: line.part } : { about: line.about }),
    permitted: permitted.has(index) || (!isPartLine(line) && line.recipient.agency === plan.manifest.sender.agency && decision.outcome === 'permitted'),
    reasons: against(index).map(toldOf),
  }));
  return { outcome: decision.outcome, lines, reasons: reasons.map(toldOf), warnings: decision.warnings.map(toldOf), certificates, alsoToldByDefault: decision.outcome === 'permitted' ? decision.transfers.filter((transfer) => transfer.alsoToldByDefault).map(({ recipient }) => recipient) : [], ...emergencyTold(plan.manifest.urgency, frontDoors) };
}

