import type { Row } from './csv';
import type { Located, Report, ReportOptions } from './report';

/** The last test of each control, and whether the next is overdue (AS-10). */
export class Controls implements Report {
  private readonly last = new Map<string, Row>();
  private readonly today: string;

  constructor({ at }: ReportOptions) {
    this.today = at.toISOString().slice(0, 10);
  }

  take({ entry }: Located): Row[] {
    if (entry.kind !== 'control-tested') return [];
    const { control, on, outcome, by, role, dueAgain } = entry as unknown as Record<string, string>;
    if (control !== undefined && String(this.last.get(control)?.['on'] ?? '') <= String(on)) this.last.set(control, { control, on, outcome, by, role, dueAgain, overdue: String(dueAgain) < this.today });
    return [];
  }

  end(): Row[] {
    return [...this.last.values()].sort((one, other) => (String(one['control']) < String(other['control']) ? -1 : 1));
  }
}
