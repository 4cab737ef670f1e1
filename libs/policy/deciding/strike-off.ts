import { isPartLine } from '#protocol/line';
import { OUTCOMES } from '../conditions/outcomes';
import type { Reason, StruckOff } from '../decision';
import type { Facts } from './facts';
import type { Finding } from './trial';

/** What is taken away of a proposal, while the rest stands. Grows only. */
export class StrikeOffs {
  private readonly recipients = new Map<string, Reason[]>();
  private readonly lines = new Map<number, Reason[]>();

  constructor(private readonly facts: Facts) {}

  strike(finding: Pick<Finding, 'reason' | 'to' | 'line'>): void {
    if (finding.line !== undefined) this.lines.set(finding.line, [...(this.lines.get(finding.line) ?? []), finding.reason]);
    else if (finding.to !== undefined) this.recipients.set(finding.to, [...(this.recipients.get(finding.to) ?? []), finding.reason]);
  }

  stands(line: number): boolean {
    return !this.lines.has(line) && !this.recipients.has(this.to(line));
  }

  /** Addresses that still get a part. */
  reached(): string[] {
    const reached = new Set(this.facts.lines.filter(({ line }, i) => isPartLine(line) && this.stands(i)).map(({ to }) => to));
    return [...this.facts.recipients.keys()].filter((to) => reached.has(to));
  }

  get any(): boolean {
    return this.recipients.size + this.lines.size > 0;
  }

  /** Recipients first, then single lines, each with all reasons against it. */
  told(): StruckOff[] {
    const whole = [...this.recipients].map(([to, reasons]): StruckOff => {
      const lines = this.facts.lines.flatMap((_, i) => (this.to(i) === to ? [i] : []));
      const recipient = (this.facts.recipients.get(to) as { recipient: StruckOff['recipient'] }).recipient;
      return { on: 'recipient', recipient, lines, reasons: [...reasons, ...lines.flatMap((i) => this.lines.get(i) ?? [])] };
    });
    const single = [...this.lines]
      .filter(([line]) => !this.recipients.has(this.to(line)))
      .sort(([a], [b]) => a - b)
      .map(([line, reasons]): StruckOff => ({ on: 'line', recipient: this.recipient(line), lines: [line], reasons }));
    return [...whole, ...single];
  }

  private recipient(line: number): StruckOff['recipient'] {
    return (this.facts.lines[line] as { recipient: StruckOff['recipient'] }).recipient;
  }

  private to(line: number): string {
    return this.facts.lines[line]?.to ?? '';
  }
}

export const outcomeReason = (code: keyof typeof OUTCOMES, on: Reason['on']): Reason => ({ code, ...OUTCOMES[code], on });

/** The sender's own record of the decision, and of whom it is about where nobody else learns that (DS-08), stays with its register: it goes nowhere, and it is not struck off. */
const staysWithSender = (facts: Facts, i: number, sender: string): boolean => {
  const line = facts.lines[i]?.line;
  return line !== undefined && !isPartLine(line) && (line.about === 'decision' || line.about === 'subject') && line.recipient.agency === sender;
};

/** Lines about the share go only where a part goes (and never say that an organisation is told which this share does not reach). */
export function strikeUnaccompanied(strikeOffs: StrikeOffs, facts: Facts, sender: string): void {
  const reached = new Set(strikeOffs.reached());
  facts.lines.forEach(({ line, to }, i) => {
    if (isPartLine(line) || !strikeOffs.stands(i) || reached.has(to) || staysWithSender(facts, i, sender)) return;
    strikeOffs.strike({ reason: { ...outcomeReason('NOTHING_TO_ACCOMPANY', 'line'), recipient: line.recipient, line: i }, line: i });
  });
  const proposed = new Set([...facts.recipients.values()].map(({ recipient }) => recipient.agency));
  const told = new Set([...reached].map((to) => to.slice(0, to.indexOf('/'))));
  facts.lines.forEach(({ line }, i) => {
    if (isPartLine(line) || line.about !== 'alsoTold' || !strikeOffs.stands(i)) return;
    if (line.organisations.every((agency) => told.has(agency) || !proposed.has(agency))) return;
    strikeOffs.strike({ reason: { ...outcomeReason('ALSO_TOLD_UNTRUE', 'line'), recipient: line.recipient, line: i, pointer: '/organisations' }, line: i });
  });
}
