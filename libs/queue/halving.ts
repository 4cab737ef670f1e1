import { isOutage } from '#platform/outage';

/** One item whose work failed when it was alone with it. */
export class Failed {
  constructor(readonly error: unknown) {}
}

/**
 * Does `work` on all items at once; where that fails, on each half, and so on: one that cannot be worked on fails by itself and never
 * its neighbours. Results are in the order of the items.
 * @throws what `work` threw, when the fault is of what all of it rests on: trying each by itself would blame them all
 */
export async function halving<T, R>(items: readonly T[], work: (items: readonly T[]) => Promise<readonly R[]>): Promise<(R | Failed)[]> {
  if (items.length === 0) return [];
  try {
    return [...(await work(items))];
  } catch (error) {
    if (isOutage(error)) throw error;
    if (items.length === 1) return [new Failed(error)];
    const half = items.length >> 1;
    return [...(await halving(items.slice(0, half), work)), ...(await halving(items.slice(half), work))];
  }
}
