import 'reflect-metadata';
import type { Agreement } from './agreement';
import { isHub } from './conditions/hub';
import { onwardTellings } from './conditions/passing-on';
import type { Decision, Proposal, Reason } from './decision';
import { advice } from './deciding/advice';
import { type Facts, factsOf } from './deciding/facts';
import { outcomeReason, StrikeOffs, strikeUnaccompanied } from './deciding/strike-off';
import { transfersOf } from './deciding/transfers';
import { type Finding, tried } from './deciding/trial';
import type { Parties } from './parties';
import { VITAL_INTERESTS } from './vocabulary/lawful-bases';

/**
 * Decides whether `proposal` may be sent under `agreement`, to whom, and with which lines.
 * Pure: the same arguments give the same decision today and before an auditor in five years.
 *
 * An unmet condition of the share refuses all of it; one of a recipient or line strikes that off, and the rest goes.
 * A person comes before a process: in an emergency a front door to which nothing but niceties is missing is *spared*. It gets its
 * lines with warnings, whatever is wrong with other recipients; they get none of that leniency. Where a life is at risk no nicety of
 * the share stops anybody; each recipient and line still answers for itself.
 * @param others the further agreements that could have been cited: the sender chose, and for the strength of the channel alone the stricter counts
 */
export function decide(agreement: Agreement, parties: Parties, proposal: Proposal, others: readonly Agreement[] = []): Decision {
  const common = others.filter(({ id }) => id !== agreement.id);
  const facts = factsOf(agreement, parties, common, proposal);
  const held = tried(facts.share.agreement, facts);
  const findings = [...held, ...advice(facts, parties, common, proposal, held)];
  const spared = sparedFrom(facts, findings);
  const lenient = spared.size > 0 || lifeAtRisk(facts);
  const { strikeOffs, warnings } = struck(facts, findings, spared);
  strikeUnaccompanied(strikeOffs, facts, proposal.sender);
  const refused = (reasons: Reason[]): Decision => ({ outcome: 'refused', reasons, struckOff: strikeOffs.told(), warnings });

  const refusing = findings.filter((finding) => finding.refusesShare && (!lenient || (finding.to === undefined && !finding.nicety)));
  if (refusing.length > 0) return refused(refusing.map(({ reason }) => reason));
  if (proposal.manifest.onStrikeOff === 'refuse' && strikeOffs.any && !lifeAtRisk(facts)) {
    if (spared.size === 0) return refused([outcomeReason('ALL_OR_NOTHING', 'share')]);
    for (const to of facts.recipients.keys()) if (!spared.has(to)) strikeOffs.strike({ reason: outcomeReason('ALL_OR_NOTHING', 'share'), to });
    strikeUnaccompanied(strikeOffs, facts, proposal.sender);
  }
  const transfers = transfersOf(facts, strikeOffs);
  if (transfers.length === 0) return refused([outcomeReason('NOBODY_LEFT', 'share')]);
  return { outcome: 'permitted', transfers, struckOff: strikeOffs.told(), warnings, tells: onwardTellings(facts.share, transfers.map(({ recipient }) => recipient.agency)) };
}

/** LB-01: vital interests are never refused in an emergency. */
const lifeAtRisk = ({ share: { manifest } }: Facts): boolean => manifest.urgency === 'emergency' && manifest.lawfulBasis === VITAL_INTERESTS.art6;

/** In an emergency: the front doors that could get at least one part if nothing but niceties is held against it. */
function sparedFrom(facts: Facts, findings: readonly Finding[]): ReadonlySet<string> {
  if (facts.share.manifest.urgency !== 'emergency') return new Set();
  const firm = new StrikeOffs(facts);
  for (const finding of findings) if (!finding.nicety && !finding.warns) firm.strike(finding);
  return new Set(firm.reached().filter((to) => isHub(facts.share.agreement, facts.recipients.get(to)?.contact)));
}

function struck(facts: Facts, findings: readonly Finding[], spared: ReadonlySet<string>): { strikeOffs: StrikeOffs; warnings: Reason[] } {
  const strikeOffs = new StrikeOffs(facts);
  const warnings: Reason[] = [];
  const life = lifeAtRisk(facts);
  for (const finding of findings) {
    const { reason, to, nicety } = finding;
    if (finding.warns) warnings.push(reason);
    else if (to === undefined) {
      if (!nicety || (spared.size === 0 && !life)) continue;
      warnings.push(reason);
      if (life) continue;
      for (const other of facts.recipients.keys()) if (!spared.has(other)) strikeOffs.strike({ reason, to: other });
    } else if (nicety && spared.has(to)) warnings.push(reason);
    else if (spared.size > 0 || life || !finding.refusesShare) strikeOffs.strike(finding);
  }
  return { strikeOffs, warnings };
}
