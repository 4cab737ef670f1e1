import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { TlsEvidence } from '#platform/egress';
import { LIMITS } from '#protocol/limits';

// What pushing and mailing have alike: attempts side by side, a bounded number to each place, and rows of them that end.

/** How many attempts are under way, by where they go. */
export class UnderWay {
  private readonly to = new Map<string, number>();

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** Places, and in the same order how many go to each. */
  get places(): string[] {
    return [...this.to.keys()];
  }

  get counts(): number[] {
    return [...this.to.values()];
  }

  /** Counts it for as long as it takes. */
  async during(place: string, work: () => Promise<void>): Promise<void> {
    this.to.set(place, (this.to.get(place) ?? 0) + 1);
    try {
      await work();
    } finally {
      const left = (this.to.get(place) ?? 1) - 1;
      if (left === 0) this.to.delete(place);
      else this.to.set(place, left);
    }
  }
}

/** How a connection was protected, as registers write it. */
export const tlsEntry = ({ version, cipher, certificate }: TlsEvidence) => ({ version: version.toLowerCase().replace('v', '-'), cipher: cipher.toLowerCase().replaceAll('_', '-'), certificate });

/** Removes attempts that ended long ago. For the relay. */
export async function removeAttempts(of: 'push' | 'mailing', { database, clock }: { database: Database; clock: Clock }): Promise<number> {
  const [, count]: [unknown, number] = await database.transaction((tx) => tx.query(`delete from waybill.${of} where ended_at < $1::timestamptz - make_interval(days => $2)`, [clock.now(), LIMITS.pushKept.value]));
  return count;
}

/** Says again and again that an attempt goes on, for as long as it does. What could not be said is said the next time. */
export async function renewing(everyMs: number, renew: () => Promise<unknown>, attempt: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => void renew().catch(() => undefined), everyMs);
  await attempt().finally(() => clearInterval(timer));
}
