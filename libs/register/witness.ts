import { verifyCheckpoint, type Checkpoint, type CheckpointFault } from './checkpoint';
import { verifyConsistency } from './proofs';

export type WitnessFault =
  | CheckpointFault
  | 'HELD_IS_WRONG' // what the witness kept does not verify
  | 'FORKED' // two checkpoints, both signed, that no one log can have: a split view, proven
  | 'OLDER' // smaller than what is held; a replay, not a proof of anything
  | 'NOT_PROVEN'; // larger, but the proof does not lead there

export type WitnessVerdict =
  | { ok: true; checkpoint: Checkpoint }
  | { ok: false; fault: WitnessFault; /** Keep both notes: together they convict the log. */ evidence?: { held: string; offered: string } };

/**
 * Decides whether whoever holds an earlier checkpoint of a log (its controller, its DPO, a witness) may take `offered` in its place.
 * A log that shows different entries to different people must sign two checkpoints that do not follow from one another;
 * whoever holds both has proof of it.
 */
export function follow({ held, offered, proof, vkeys }: {
  held: string | undefined;
  offered: string;
  /** Consistency proof from `held` to `offered`; empty for the first checkpoint and for the same size. */
  proof: readonly Uint8Array[];
  vkeys: string | readonly string[];
}): WitnessVerdict {
  const next = verifyCheckpoint(offered, vkeys);
  if (!next.ok || held === undefined) return next;
  const last = verifyCheckpoint(held, vkeys);
  if (!last.ok) return { ok: false, fault: 'HELD_IS_WRONG' };

  const [from, to] = [last.checkpoint, next.checkpoint];
  if (to.size === from.size && !to.root.equals(from.root)) return { ok: false, fault: 'FORKED', evidence: { held, offered } };
  if (to.size < from.size) return { ok: false, fault: 'OLDER' };
  const proven = verifyConsistency({ from: from.size, to: to.size, oldRoot: from.root, newRoot: to.root, proof });
  return proven ? next : { ok: false, fault: 'NOT_PROVEN', evidence: { held, offered } };
}
