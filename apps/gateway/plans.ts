import { emergencyTold, type FrontDoor, toldOf } from '#exchange/answer';
import type { Plan } from '#exchange/proposal';
import type { Decision, Reason } from '#policy/decision';
import type { CertificateTold, LineDecided, PlanAnswer } from '#protocol/answers';
import { isPartLine } from '#protocol/line';

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

