import 'reflect-metadata';
import type { Agreement } from './agreement';
import { isHub } from './conditions/hub';
import type { Decision, Proposal, Reason } from './decision';
import { type Facts, factsOf } from './deciding/facts';
import { outcomeReason, StrikeOffs, strikeUnaccompanied } from './deciding/strike-off';
import { transfersOf } from './deciding/transfers';
import { type Finding, tried } from './deciding/trial';
import type { Parties } from './parties';

/**
 * Decides whether `proposal` may be sent under `agreement`, to whom, and with which lines.
 * Pure: the same arguments give the same decision today and before an auditor in five years.
 *
 * An unmet condition of the share refuses all of it; one of a recipient or line strikes that off, and the rest goes.
 * A person comes before a process: in an emergency a front door to which nothing but niceties is missing is *spared*. It gets its
 * lines with warnings, whatever is wrong with other recipients; they get none of that leniency.
 */
export function decide(agreement: Agreement, parties: Parties, proposal: Proposal): Decision {
  const facts = factsOf(agreement, parties, proposal);
  const findings = tried(agreement, facts);
  const spared = sparedFrom(agreement, facts, findings);
  const { strikeOffs, warnings } = applied(facts, findings, spared);
  strikeUnaccompanied(strikeOffs, facts, proposal.sender);

  const refusing = findings.filter((finding) => finding.refusesShare && (spared.size === 0 || (finding.to === undefined && !finding.nicety)));
  if (refusing.length > 0) return { outcome: 'refused', reasons: refusing.map(({ reason }) => reason), struckOff: strikeOffs.told(), warnings };
  if (proposal.manifest.onStrikeOff === 'refuse' && strikeOffs.any) {
    if (spared.size === 0) return { outcome: 'refused', reasons: [outcomeReason('ALL_OR_NOTHING', 'share')], struckOff: strikeOffs.told(), warnings };
    for (const to of facts.recipients.keys()) if (!spared.has(to)) strikeOffs.strike({ reason: outcomeReason('ALL_OR_NOTHING', 'share'), to });
    strikeUnaccompanied(strikeOffs, facts, proposal.sender);
  }
  const transfers = transfersOf(agreement, facts, strikeOffs);
  if (transfers.length === 0) return { outcome: 'refused', reasons: [outcomeReason('NOBODY_LEFT', 'share')], struckOff: strikeOffs.told(), warnings };
  return { outcome: 'permitted', transfers, struckOff: strikeOffs.told(), warnings };
}

/** In an emergency: the front doors that could get at least one part if nothing but niceties is held against it. */
function sparedFrom(agreement: Agreement, facts: Facts, findings: readonly Finding[]): Set<string> {
  if (facts.share.manifest.urgency !== 'emergency') return new Set();
  const firm = new StrikeOffs(facts);
  for (const finding of findings) if (!finding.nicety) firm.strike(finding);
  return new Set(firm.reached().filter((to) => isHub(agreement, facts.recipients.get(to)?.contact)));
}

function applied(facts: Facts, findings: readonly Finding[], spared: ReadonlySet<string>): { strikeOffs: StrikeOffs; warnings: Reason[] } {
  const strikeOffs = new StrikeOffs(facts);
  const warnings: Reason[] = [];
  for (const finding of findings) {
    const { reason, to, nicety } = finding;
    if (to === undefined) {
      if (spared.size === 0 || !nicety) continue;
      warnings.push(reason);
      for (const other of facts.recipients.keys()) if (!spared.has(other)) strikeOffs.strike({ reason, to: other });
    } else if (nicety && spared.has(to)) warnings.push(reason);
    else if (spared.size > 0 || !finding.refusesShare) strikeOffs.strike(finding);
  }
  return { strikeOffs, warnings };
}
