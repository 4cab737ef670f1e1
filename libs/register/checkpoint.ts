import { sign, verify, type KeyObject } from 'node:crypto';
import { emptyRoot, HASH_SIZE } from './merkle';
import { decodeBase64, readNote, type Note } from './note';
import { keyHash, parseVkey, type Vkey } from './vkey';

/** What a log was at one size. C2SP tlog-checkpoint, without extension lines. */
export interface Checkpoint {
  /** `<gateway host>/register/<controller>` */
  origin: string;
  size: number;
  /** RFC 6962 root over the first `size` leaves. */
  root: Buffer;
}

/** Host of a gateway's own origin: logs are named by it. */
export const hostOf = (gateway: string): string => gateway.replace('https://', '');

export const originOf = (gateway: string, controller: string): string => `${gateway}/register/${controller}`;

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** The checkpoint as a signed note (C2SP signed-note, Ed25519). The key's name is the log's origin. */
export function signCheckpoint(checkpoint: Checkpoint, { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): string {
  const text = checkpointText(checkpoint);
  const signature = Buffer.concat([keyHash(checkpoint.origin, publicKey), sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n— ${checkpoint.origin} ${signature.toString('base64')}\n`;
}

export type CheckpointFault =
  | 'BAD_VKEY' // what was pinned is no key
  | 'NOT_A_CHECKPOINT' // not a signed note, or its text is no tree head
  | 'WRONG_LOG' // a checkpoint of another log
  | 'NOT_SIGNED_BY_PINNED_KEY'
  | 'SIGNATURE_WRONG'; // says that the pinned key signed it, and it did not

export type CheckpointVerdict = { ok: true; checkpoint: Checkpoint } | { ok: false; fault: CheckpointFault };

/**
 * Verifies a checkpoint against keys that the caller has pinned; a log that changed its key has more than one. Never throws.
 * Signatures of keys we do not hold (witnesses, a later key) are ignored, as signed-note asks; one by a key we hold must be right.
 * The log is the one that the key is named after: a checkpoint of another controller's log, though signed by the same gateway, is refused.
 */
export function verifyCheckpoint(note: string, vkeys: string | readonly string[]): CheckpointVerdict {
  const pinned = [vkeys].flat().map(parseVkey);
  if (pinned.length === 0 || !pinned.every((vkey) => vkey !== undefined)) return { ok: false, fault: 'BAD_VKEY' };
  const read = readNote(note);
  const checkpoint = read && readTreeHead(read.text);
  if (!read || !checkpoint) return { ok: false, fault: 'NOT_A_CHECKPOINT' };
  const own = pinned.filter((vkey) => vkey.name === checkpoint.origin);
  if (own.length === 0) return { ok: false, fault: 'WRONG_LOG' };
  const claims = own.flatMap((vkey) => signaturesBy(vkey, read).map((signature) => ({ vkey, signature })));
  if (claims.length === 0) return { ok: false, fault: 'NOT_SIGNED_BY_PINNED_KEY' };
  const text = Buffer.from(read.text);
  const right = claims.every(({ vkey, signature }) => signature.length === 64 && verify(null, text, vkey.publicKey, signature));
  return right ? { ok: true, checkpoint } : { ok: false, fault: 'SIGNATURE_WRONG' };
}

/** Reads a checkpoint without judging its signatures: to show it, never to trust it. */
export function parseCheckpoint(note: string): { checkpoint: Checkpoint; note: Note } | undefined {
  const read = readNote(note);
  const checkpoint = read && readTreeHead(read.text);
  return read && checkpoint ? { checkpoint, note: read } : undefined;
}

const signaturesBy = (vkey: Vkey, { signatures }: Note): Buffer[] =>
  signatures.filter(({ name, hash }) => name === vkey.name && hash.equals(vkey.hash)).map(({ signature }) => signature);

function readTreeHead(text: string): Checkpoint | undefined {
  const [origin, decimal, base64, end, ...more] = text.split('\n');
  if (!origin || !decimal || !base64 || end !== '' || more.length > 0) return undefined;
  if (!/^(0|[1-9][0-9]{0,15})$/.test(decimal)) return undefined;
  const size = Number(decimal);
  const root = decodeBase64(base64);
  if (!Number.isSafeInteger(size) || root?.length !== HASH_SIZE) return undefined;
  if (size === 0 && !root.equals(emptyRoot())) return undefined;
  return { origin, size, root };
}
