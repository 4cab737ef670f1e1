import type { Pushes } from '#exchange/pushes';
import { errorName, type Log } from '#platform/log';

/** Pause between looks at what is due: a quarter of a second is nothing to somebody who would else have polled. */
const LOOK_MS = 250;

/** Looks again and again for what agencies want told, and lets it go out side by side. */
export function startPushing(pushes: Pushes, log: Log): { stop(): Promise<void> } {
  const underWay = new Set<Promise<void>>();
  let [stopped, wake] = [false, (): void => undefined];
  const failed = (error: unknown): void => log.write('error', 'courier.push-failed', { error: errorName(error) });
  const loop = (async () => {
    while (!stopped) {
      for (const attempt of await pushes.takeUp().catch((error: unknown) => (failed(error), []))) {
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
