import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '#protocol/digest';
import { type Checkpoint, parseCheckpoint } from '#register/checkpoint';
import { cosign, witnessVkey } from '#register/cosignature';
import type { ConsistencyFile } from '#register/evidence';
import { follow, type WitnessFault } from '#register/witness';
import { ClientRefusal } from './codes';

/** Fetches the proof that the later of two sizes follows from the earlier. */
export type ProofSource = (sizes: { from: number; to: number }) => Promise<Pick<ConsistencyFile, 'proof'>>;

export interface Cosigned {
  checkpoint: Checkpoint;
  /** The note with our line. */
  note: string;
  /** It is the one that was held already. */
  same: boolean;
}

/**
 * A witness's own copy of checkpoints, in a folder of its own. It cosigns a checkpoint only if that follows from all it has cosigned of the same log, so
 * that two people to whom a gateway shows two logs cannot both hold its line. What it refuses it keeps: two notes that exclude each other convict the log.
 */
export class Witness {
  private constructor(readonly folder: string, readonly name: string, private readonly privateKey: KeyObject) {}

  /** Makes the folder with a key that stands nowhere else. @throws RangeError for a name that is none */
  static make(folder: string, name: string): Witness {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    witnessVkey(name, publicKey);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, KEY), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    writeFileSync(join(folder, NAME), `${name}\n`, { mode: 0o600 });
    return new Witness(folder, name, privateKey);
  }

  static open(folder: string): Witness {
    return new Witness(folder, readFileSync(join(folder, NAME), 'utf8').trim(), createPrivateKey(readFileSync(join(folder, KEY))));
  }

  static isOne = (folder: string): boolean => existsSync(join(folder, KEY));

  /** What others pin to know our line. */
  get vkey(): string {
    return witnessVkey(this.name, createPublicKey(this.privateKey));
  }

  /** The latest that we cosigned of a log. */
  held(origin: string): string | undefined {
    const file = join(this.logOf(origin), LATEST);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** Logs that we follow, each with its latest note. */
  logs(): { origin: string; size: number; note: string; evidence: number }[] {
    const root = join(this.folder, 'logs');
    return (existsSync(root) ? readdirSync(root) : []).flatMap((each) => {
      const file = join(root, each, LATEST);
      const note = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
      const read = note === undefined ? undefined : parseCheckpoint(note);
      if (note === undefined || !read) return [];
      return [{ origin: read.checkpoint.origin, size: read.checkpoint.size, note, evidence: countIn(join(root, each, EVIDENCE)) }];
    });
  }

  /**
   * Cosigns what was offered, or keeps it as evidence. A checkpoint that is older than ours is evidence too where a gateway gives it as its latest: entries are gone.
   * @throws ClientRefusal NOT_WITNESSED
   */
  async take(offered: string, proofs: ProofSource, { vkeys, at }: { vkeys: readonly string[]; at: Date }): Promise<Cosigned> {
    const next = parseCheckpoint(offered)?.checkpoint;
    const held = next && this.held(next.origin);
    const last = held === undefined ? undefined : parseCheckpoint(held)?.checkpoint;
    const proof = last && next && next.size > last.size && last.size > 0 ? await proofs({ from: last.size, to: next.size }) : { proof: [] };
    const hashes = Array.isArray(proof.proof) ? proof.proof.map((hash) => Buffer.from(String(hash), 'hex')) : [];
    const verdict = follow({ held, offered, proof: hashes, vkeys });
    if (!verdict.ok) throw new ClientRefusal('NOT_WITNESSED', { because: verdict.fault, ...(next && KEPT.includes(verdict.fault) && held !== undefined && { evidence: this.keep(next.origin, { held, offered, proof: hashes.map((hash) => hash.toString('hex')), fault: verdict.fault, at }) }) });
    const { checkpoint } = verdict;
    if (held !== undefined && last?.size === checkpoint.size) return { checkpoint, note: held, same: true };
    const note = cosign(offered, { name: this.name, privateKey: this.privateKey, publicKey: createPublicKey(this.privateKey), at });
    const log = this.logOf(checkpoint.origin);
    mkdirSync(log, { recursive: true, mode: 0o700 });
    writeFileSync(join(log, `${checkpoint.size}.note`), note, { mode: 0o600 });
    writeFileSync(join(log, `${LATEST}.part`), note, { mode: 0o600 });
    renameSync(join(log, `${LATEST}.part`), join(log, LATEST));
    return { checkpoint, note, same: false };
  }

  /** Where what belongs to a log is kept: an origin is no name for a file. */
  logOf(origin: string): string {
    return join(this.folder, 'logs', sha256(Buffer.from(origin)).slice(0, 32));
  }

  private keep(origin: string, { held, offered, proof, fault, at }: { held: string; offered: string; proof: string[]; fault: WitnessFault; at: Date }): string {
    const folder = join(this.logOf(origin), EVIDENCE, `${at.toISOString().replaceAll(':', '')}-${fault}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const [name, text] of Object.entries({ 'held.note': held, 'offered.note': offered, 'proof.json': JSON.stringify(proof) })) writeFileSync(join(folder, name), text, { mode: 0o600 });
    return folder;
  }
}

const [KEY, NAME, LATEST, EVIDENCE] = ['witness-key.pem', 'witness-name', 'latest.note', 'evidence'] as const;

/** Faults of which both notes are kept: each shows that the log is not the one that it was. */
const KEPT: readonly WitnessFault[] = ['FORKED', 'OLDER', 'NOT_PROVEN'];

const countIn = (folder: string): number => (existsSync(folder) ? readdirSync(folder).length : 0);
