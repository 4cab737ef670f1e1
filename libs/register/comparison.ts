import type { Tx } from '#platform/database';
import { type Checkpoint, verifyCheckpoint } from './checkpoint';
import { Frontier } from './merkle';

/** How a log stands beside what was kept of it outside. */
export interface Compared {
  controller: string;
  origin: string;
  /** Entries that stand in the log, and the root over them, worked out anew from every leaf. */
  size: number;
  root: string;
  /** The largest checkpoint outside. Absent: nobody brought one. */
  held?: { size: number };
  /** Entries that a checkpoint outside covers and that are not there. */
  gap: number;
  verdict: 'holds' | 'shorter' | 'forked' | 'damaged' | 'nothing-held';
}

const PAGE = 5_000;

/**
 * Compares every log of a database with checkpoints that were kept outside it: before a relay signs again after a restore. Each root is worked out from
 * all leaves, so that a node or a checkpoint that was restored wrongly is found too. Memory does not grow with a log.
 */
export async function* compareLogs(tx: Tx, held: readonly string[], vkeyOf: (origin: string) => string): AsyncGenerator<Compared> {
  const logs = (await tx.query('select controller, origin, size::text from waybill.log order by controller')) as { controller: string; origin: string; size: string }[];
  for (const { controller, origin, size } of logs) {
    const own = held.flatMap((note) => {
      const verdict = verifyCheckpoint(note, vkeyOf(origin));
      return verdict.ok ? [verdict.checkpoint] : [];
    });
    const [last] = (await tx.query('select root, size::text from waybill.checkpoint c where controller = $1 order by c.size desc limit 1', [controller])) as { root: Buffer; size: string }[];
    const stored = last ? [{ origin, size: Number(last.size), root: last.root }] : [];
    const { frontier, differing } = await grown(tx, controller, [...own, ...stored]);
    const largest = Math.max(0, ...own.map((each) => each.size));
    const forked = own.some((each) => differing.includes(each));
    const damaged = frontier.size !== Number(size) || stored.some((each) => differing.includes(each)) || (stored[0]?.size ?? 0) !== frontier.size;
    const gap = Math.max(0, largest - frontier.size);
    yield {
      controller, origin, size: frontier.size, root: frontier.root().toString('hex'), ...(own.length > 0 && { held: { size: largest } }), gap,
      verdict: gap > 0 ? 'shorter' : forked ? 'forked' : damaged ? 'damaged' : own.length > 0 || frontier.size === 0 ? 'holds' : 'nothing-held',
    };
  }
}

/** The log leaf by leaf, and those of `at` whose root is another. */
async function grown(tx: Tx, controller: string, at: readonly Checkpoint[]): Promise<{ frontier: Frontier; differing: Checkpoint[] }> {
  const frontier = new Frontier(0, []);
  const differing: Checkpoint[] = [];
  const compare = (): void => void differing.push(...at.filter(({ size, root }) => size === frontier.size && !root.equals(frontier.root())));
  compare();
  for (let from = 0; ;) {
    const leaves = (await tx.query('select hash, index::text from waybill.leaf l where controller = $1 and l.index >= $2 order by l.index limit $3', [controller, from, PAGE])) as { hash: Buffer; index: string }[];
    for (const { hash, index } of leaves) {
      if (Number(index) !== frontier.size) return { frontier, differing };
      frontier.push(hash);
      compare();
    }
    if (leaves.length < PAGE) return { frontier, differing };
    from += PAGE;
  }
}
