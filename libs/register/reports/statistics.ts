import type { Row } from './csv';
import { type Located, type Report, strings } from './report';

/** A count below this could tell of one person. */
export const SMALLEST_TOLD = 5;
export const SUPPRESSED = `fewer than ${SMALLEST_TOLD}`;
const HIDDEN_TOO = 'not shown';

/** More values than any agreement has in one table. */
const MOST_VALUES = 5_000;

/**
 * Counts without subjects (AU-08). A small count is suppressed; where it is the only one of its table the next larger is too, because it could be worked out
 * from the sum. No sums are given.
 */
export class Statistics implements Report {
  private readonly tables = new Map<string, Map<string, number>>();

  take({ entry }: Located): Row[] {
    if (entry.kind !== 'share-sent' && entry.kind !== 'disclosed') return [];
    const agreement = (entry['agreement'] as { id: string }).id;
    const recipients = entry['recipients'] as { agency: string; categories: string[] }[];
    this.count(agreement, 'month', [entry.at.slice(0, 7)]);
    this.count(agreement, 'urgency', [String(entry['urgency'])]);
    this.count(agreement, 'purpose', [String(entry['purpose'])]);
    this.count(agreement, 'recipient', recipients.map(({ agency }) => agency));
    this.count(agreement, 'category', recipients.flatMap(({ categories }) => strings(categories)));
    return [];
  }

  end(): Row[] {
    return [...this.tables].flatMap(([key, counts]) => {
      const [agreement, by] = JSON.parse(key) as [string, string];
      const hidden = suppressed(counts);
      return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([value, count]) => ({ agreement, by, value, count: hidden.get(value) ?? count }));
    });
  }

  private count(agreement: string, by: string, values: readonly string[]): void {
    const key = JSON.stringify([agreement, by]);
    const counts = this.tables.get(key) ?? new Map<string, number>();
    this.tables.set(key, counts);
    for (const value of new Set(values)) if (counts.has(value) || counts.size < MOST_VALUES) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
}

/** Of one table: values whose count is not told, each with what is told in its place. */
export function suppressed(counts: ReadonlyMap<string, number>): Map<string, string> {
  const ascending = [...counts].sort(([, one], [, other]) => one - other);
  const hidden = new Map(ascending.filter(([, count]) => count < SMALLEST_TOLD).map(([value]) => [value, SUPPRESSED]));
  const next = ascending[1];
  if (hidden.size === 1 && next) hidden.set(next[0], HIDDEN_TOO);
  return hidden;
}
