import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { type LaneTold, lanesTold, replay, type Replayed } from '#queue/outbox';
import { writeEvents } from './commit';

/** Why a person takes up again what was set aside. It stands in the transfer's timeline, for both sides to read. */
export const REPLAY_REASONS = {
  'fault-mended': 'a fault of ours is mended',
  'outage-over': 'the database or the broker was away, and is back',
  'data-restored': 'what was damaged was restored from a copy',
  'asked-for': 'the sender or the recipient asked for it',
} as const satisfies Record<string, string>;
export type ReplayReason = keyof typeof REPLAY_REASONS;

/** What an operator sees and does of the queue: ids, codes, counts and ages; never a share, never an agency. */
export class SetAside {
  /** @param rooms.database opened as the operator */
  constructor(private readonly rooms: { database: Database; clock: Clock }) {}

  lanes(): Promise<LaneTold[]> {
    return this.rooms.database.transaction(lanesTold);
  }

  /** Takes up again, as if for the first time, and says so in each transfer's timeline in the same transaction. Says which transfers those are. */
  replay(which: Replayed, reason: ReplayReason): Promise<string[]> {
    return this.rooms.database.transaction(async (tx) => {
      const transfers = await replay(tx, which);
      await writeEvents(tx, transfers.map((transfer) => ({ transfer, kind: 'replayed', at: this.rooms.clock.now(), detail: reason })));
      return transfers;
    });
  }
}
