import { integers, texts } from './arrays';
import type { Database } from './database';
import { Grouping } from './grouping';

/** How fast one caller may ask, over all processes that share the database. */
export interface Allowance {
  /** Requests a second, in the long run. */
  rate: number;
  /** Requests at once after a pause. */
  burst: number;
}

/** Callers counted with one statement: what comes while one is at the database goes with the next. */
const MOST = 256;
const PATIENCE_MS = 2;

/**
 * A token bucket for each caller in the one place that all processes share. A request that is turned away costs nothing, so a
 * caller that asks too fast is slowed down to its rate, not shut out. What many ask at once is counted with one statement.
 */
export class Throttle {
  private readonly asked: Grouping<string, boolean>;

  constructor(private readonly database: Database, private readonly name: string, private readonly allowance: Allowance) {
    this.asked = new Grouping((callers) => this.count(callers), { most: MOST, patience: PATIENCE_MS, atOnce: 2 });
  }

  /** Whether this caller may ask now. */
  admits(caller: string): Promise<boolean> {
    return this.asked.submit(caller);
  }

  /** Whole seconds until one more request is admitted. */
  get retryAfterSeconds(): number {
    return Math.ceil(1 / this.allowance.rate);
  }

  private async count(callers: readonly string[]): Promise<boolean[]> {
    const asks = new Map<string, number>();
    for (const caller of callers) asks.set(caller, (asks.get(caller) ?? 0) + 1);
    const { rate, burst } = this.allowance;
    const rows = await this.database.ask<{ bucket: string; granted: number }>(
      `insert into waybill.allowance as a (bucket, tokens, granted, rate, burst, at)
       select bucket, $4 - least(asked, $4), least(asked, $4), $3, $4, clock_timestamp() from unnest($1::text[], $2::int[]) as t (bucket, asked) order by bucket
       on conflict (bucket) do update set (tokens, granted, rate, burst, at) = (
         select held - given, given, excluded.rate, excluded.burst, clock_timestamp()
         from (select least(excluded.burst, a.tokens + excluded.rate * extract(epoch from clock_timestamp() - a.at)) as held) now,
           lateral (select least(excluded.granted, floor(greatest(held, 0)))::int as given) gift)
       returning bucket, granted`,
      [texts([...asks.keys()].map((caller) => `${this.name} ${caller}`)).octets, integers([...asks.values()]).octets, rate, burst],
    );
    const left = new Map(rows.map(({ bucket, granted }) => [bucket.slice(this.name.length + 1), granted]));
    return callers.map((caller) => {
      const granted = left.get(caller) ?? 0;
      left.set(caller, granted - 1);
      return granted > 0;
    });
  }
}
