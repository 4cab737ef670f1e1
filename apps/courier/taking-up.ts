/** Pause between looks at what is due: a quarter of a second is nothing to somebody who would else have polled. */
const LOOK_MS = 250;

/** What is due, taken up as rows: each that it gives is an attempt that ends when it is on record. */
export interface Due {
  takeUp(): Promise<Promise<void>[]>;
}

/** Looks again and again for what is due, and lets it go out side by side. @param failed is told what could not be looked up or recorded */
export function startTakingUp(due: Due, failed: (error: unknown) => void): { stop(): Promise<void> } {
  const underWay = new Set<Promise<void>>();
  let [stopped, wake] = [false, (): void => undefined];
  const loop = (async () => {
    while (!stopped) {
      for (const attempt of await due.takeUp().catch((error: unknown) => (failed(error), []))) {
        const ended: Promise<void> = attempt.catch(failed).finally(() => underWay.delete(ended));
        underWay.add(ended);
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, LOOK_MS);
      });
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      wake();
      await loop;
      await Promise.all(underWay);
    },
  };
}
