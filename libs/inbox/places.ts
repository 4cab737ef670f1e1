import { type Lane, LANES } from '#queue/lanes';
import type { Place } from './item';

// Where a page of one room's items begins, in the terms of its own index, and what is looked up of each item on the way.

const NOWHERE = '00000000-0000-0000-0000-000000000000';

export interface Behind {
  lane: number;
  due: Date | '-infinity' | 'infinity';
  id: string;
}

/** @param rank that this room's items have in a lane */
export function behind(after: Place | undefined, rank: (lane: Lane) => 0 | 1): Behind {
  if (!after) return { lane: -1, due: '-infinity', id: NOWHERE };
  const lane = LANES.indexOf(after.lane);
  const own = rank(after.lane);
  // All of ours in that lane are still to come; or were all before.
  if (own !== after.rank) return { lane, due: own > after.rank ? '-infinity' : 'infinity', id: NOWHERE };
  return { lane, due: after.dueAt, id: after.id };
}

/** A lane as the indexes of the list know it; null where all are wanted. One lane is begun and ended in the index, however much lies in the others. */
export const precedenceOf = (lane: Lane | undefined): number | null => (lane === undefined ? null : LANES.indexOf(lane));

/** The same by when something came in: who has waited longest has least left. */
export const since = ({ due }: Behind, within: number | undefined): Date | string => (due instanceof Date ? new Date(due.getTime() - (within ?? 0)) : due);

/**
 * Whether there is such a row, looked up item by item by its key. A planner may neither make a join over the whole table of it, nor take it
 * for so rare that it would rather sort everything than stop after one page.
 * @param rows behind `from`, with the condition
 */
export const isThere = (rows: string): string => `coalesce((select true from ${rows} limit 1), false)`;
