import { errorName, type Log } from '#platform/log';
import { type Lane, LANES, PRESSING } from './lanes';

/** A batch of one lane, taken and not yet worked off. */
export interface Held {
  lane: Lane;
  /** Works it off, settled and acknowledged. @throws Error when that cannot be done now; what is held is then tried again, or given back */
  work(): Promise<void>;
}

export interface HandsOptions {
  log: Log;
  /** The next batch of the most pressing of these lanes that has something. */
  take(lanes: readonly Lane[]): Promise<Held | undefined>;
  /** Comes back when there may be something to take. */
  wait(): Promise<void>;
}

/**
 * One hand takes whatever is most pressing; the other only what must not wait until a batch of the rest is through.
 * A lane is in one hand at a time, so that it goes in its order.
 */
const HANDS: readonly (readonly Lane[])[] = [LANES, PRESSING];

/** The hands of a consumer, until they are stopped. */
export class Hands {
  private readonly busy = new Set<Lane>();
  private taking: Promise<unknown> = Promise.resolve();
  private stopped = false;
  private readonly done: Promise<unknown>;

  constructor(private readonly options: HandsOptions) {
    this.done = Promise.all(HANDS.map((lanes) => this.go(lanes)));
  }

  /** Takes nothing more, and waits until what is in hand is worked off. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async go(lanes: readonly Lane[]): Promise<void> {
    while (!this.stopped) {
      try {
        const held = await this.next(lanes);
        if (!held) {
          await this.options.wait();
          continue;
        }
        await held.work().finally(() => this.busy.delete(held.lane));
      } catch (error) {
        this.options.log.write('error', 'queue.failed', { error: errorName(error) });
        await this.options.wait();
      }
    }
  }

  /** One hand looks at a time: two that look together would find the same lane free. */
  private next(lanes: readonly Lane[]): Promise<Held | undefined> {
    const found = this.taking.then(async () => {
      const held = await this.options.take(lanes.filter((lane) => !this.busy.has(lane)));
      if (held) this.busy.add(held.lane);
      return held;
    });
    this.taking = found.catch(() => undefined);
    return found;
  }
}
