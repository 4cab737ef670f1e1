import type { Database } from './database';
import { LEVEL, levelWanted } from './migrate';

/** Something without which a process should be given no work. */
export interface Condition {
  name: string;
  met(): boolean | Promise<boolean>;
}

export interface Looked {
  ready: boolean;
  conditions: Record<string, boolean>;
}

/** A database that has not answered by then is no use to somebody who waits. */
const PATIENCE_MS = 2_000;

/** Whether a process can do its work now. It says no until it has started, and again before it leaves, so that nobody sends it more. */
export class Readiness {
  private serving = false;
  private readonly conditions: Condition[] = [];

  require(...conditions: readonly Condition[]): void {
    this.conditions.push(...conditions);
  }

  serve(): void {
    this.serving = true;
  }

  leave(): void {
    this.serving = false;
  }

  /** All conditions at once; one that throws or takes too long is not met. */
  async look(): Promise<Looked> {
    const looked = await Promise.all(this.conditions.map(async ({ name, met }) => [name, await within(PATIENCE_MS, met)] as const));
    const conditions = Object.fromEntries([['serving', this.serving] as const, ...looked]);
    return { ready: Object.values(conditions).every(Boolean), conditions };
  }
}

async function within(ms: number, met: Condition['met']): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  try {
    return await Promise.race([Promise.resolve().then(met), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** What every process needs of its database: that it answers, and that it has what this release reads and writes. */
export function databaseConditions(database: Database): Condition[] {
  const wanted = levelWanted();
  const ask = async (sql: string): Promise<Record<string, unknown> | undefined> => ((await database.source.query(sql)) as Record<string, unknown>[])[0];
  return [
    { name: 'database', met: async () => (await ask('select 1 as one')) !== undefined },
    { name: 'migrations', met: async () => String((await ask(`${LEVEL} as level`))?.['level'] ?? '') >= wanted },
  ];
}
