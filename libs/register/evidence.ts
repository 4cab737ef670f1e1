import { type Checkpoint, verifyCheckpoint, type CheckpointFault } from './checkpoint';
import { leafHash } from './merkle';
import { decodeBase64 } from './note';
import { verifyInclusion } from './proofs';

export const INCLUSION_FORMAT = 'waybill-register-inclusion/1';
export const CONSISTENCY_FORMAT = 'waybill-register-consistency/1';

/** One entry of a log, with all that is needed to see that it stands there: to hand to whoever must be convinced. Shows no other entry. */
export interface InclusionFile {
  format: typeof INCLUSION_FORMAT;
  index: number;
  /** Hexadecimal. */
  leaf: string;
  /** The entry's octets, Base64; left out where the leaf alone is at issue, as for a promise. */
  octets?: string;
  /** Hexadecimal, lowest first. */
  proof: string[];
  /** Signed note; says which log, its size and its root. */
  checkpoint: string;
}

/** Two checkpoints of one log, with the proof that the later follows from the earlier. */
export interface ConsistencyFile {
  format: typeof CONSISTENCY_FORMAT;
  from: string;
  to: string;
  proof: string[];
}

export type EvidenceFault = CheckpointFault | 'NOT_A_PROOF' | 'OCTETS_DIFFER' | 'NOT_PROVEN';
export type EvidenceVerdict = { ok: true; checkpoint: Checkpoint; leaf: Buffer; octets?: Buffer } | { ok: false; fault: EvidenceFault };

/** Verifies a received inclusion file with pinned keys. Never throws. */
export function verifyInclusionFile(file: unknown, vkeys: string | readonly string[]): EvidenceVerdict {
  if (!isInclusionFile(file)) return { ok: false, fault: 'NOT_A_PROOF' };
  const leaf = Buffer.from(file.leaf, 'hex');
  const octets = file.octets === undefined ? undefined : decodeBase64(file.octets);
  if (file.octets !== undefined && (!octets || !leafHash(octets).equals(leaf))) return { ok: false, fault: 'OCTETS_DIFFER' };
  const verdict = verifyCheckpoint(file.checkpoint, vkeys);
  if (!verdict.ok) return verdict;
  const { size, root } = verdict.checkpoint;
  const proof = file.proof.map((hash) => Buffer.from(hash, 'hex'));
  if (!verifyInclusion({ leaf, index: file.index, size, root, proof })) return { ok: false, fault: 'NOT_PROVEN' };
  return { ok: true, checkpoint: verdict.checkpoint, leaf, ...(octets ? { octets } : {}) };
}

const HASH = /^[0-9a-f]{64}$/;

function isInclusionFile(value: unknown): value is InclusionFile {
  if (typeof value !== 'object' || value === null) return false;
  const { format, index, leaf, octets, proof, checkpoint } = value as Record<string, unknown>;
  return (
    format === INCLUSION_FORMAT && Number.isSafeInteger(index) && typeof leaf === 'string' && HASH.test(leaf)
    && (octets === undefined || typeof octets === 'string') && typeof checkpoint === 'string'
    && Array.isArray(proof) && proof.every((hash) => typeof hash === 'string' && HASH.test(hash))
  );
}
