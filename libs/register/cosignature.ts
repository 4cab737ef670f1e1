import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { parseCheckpoint } from './checkpoint';
import { decodeBase64 } from './note';

// C2SP tlog-cosignature, v1: a witness states, at a time, that a checkpoint follows from every other that it has cosigned of that log.

/** signed-note: the octet that stands for "cosignature/v1". */
const COSIGNATURE = 0x04;
const TIME_OCTETS = 8;

/** The witness's key in the text form that others pin: `name+hash+base64`. @throws RangeError */
export function witnessVkey(name: string, publicKey: KeyObject): string {
  if (!/^[^\s+]+$/u.test(name)) throw new RangeError('a key name has no spaces and no plus sign');
  return `${name}+${hashOf(name, publicKey).toString('hex')}+${Buffer.concat([Buffer.from([COSIGNATURE]), raw(publicKey)]).toString('base64')}`;
}

/** The note with the witness's line added. Says nothing of whether the checkpoint may be cosigned: `follow` does. */
export function cosign(note: string, { name, privateKey, publicKey, at }: { name: string; privateKey: KeyObject; publicKey: KeyObject; at: Date }): string {
  const read = parseCheckpoint(note);
  if (!read) throw new RangeError('not a checkpoint');
  const time = BigInt(Math.floor(at.getTime() / 1_000));
  const stamp = Buffer.alloc(TIME_OCTETS);
  stamp.writeBigUInt64BE(time);
  const line = Buffer.concat([hashOf(name, publicKey), stamp, sign(null, message(read.note.text, time), privateKey)]);
  return `${note}— ${name} ${line.toString('base64')}\n`;
}

/** When the pinned witness cosigned this checkpoint; undefined where it did not, or the line is not its own. */
export function cosignedAt(note: string, vkey: string): Date | undefined {
  const witness = parseWitness(vkey);
  const read = parseCheckpoint(note);
  const lines = witness && read?.note.signatures.filter(({ name, hash }) => name === witness.name && hash.equals(witness.hash));
  if (!witness || !read || !lines || lines.length !== 1) return undefined;
  const signature = lines[0]?.signature ?? Buffer.alloc(0);
  if (signature.length !== TIME_OCTETS + 64) return undefined;
  const time = signature.readBigUInt64BE(0);
  return verify(null, message(read.note.text, time), witness.publicKey, signature.subarray(TIME_OCTETS)) ? new Date(Number(time) * 1_000) : undefined;
}

function parseWitness(vkey: string): { name: string; hash: Buffer; publicKey: KeyObject } | undefined {
  const { name, hex, base64 } = /^(?<name>[^+\s]+)\+(?<hex>[0-9a-f]{8})\+(?<base64>[A-Za-z0-9+/]+={0,2})$/u.exec(vkey)?.groups ?? {};
  const octets = base64 === undefined ? undefined : decodeBase64(base64);
  if (!name || octets?.length !== 33 || octets[0] !== COSIGNATURE) return undefined;
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: octets.subarray(1).toString('base64url') }, format: 'jwk' });
  const hash = hashOf(name, publicKey);
  return hash.toString('hex') === hex ? { name, hash, publicKey } : undefined;
}

const message = (text: string, time: bigint): Buffer => Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
const hashOf = (name: string, publicKey: KeyObject): Buffer => createHash('sha256').update(`${name}\n`).update(Buffer.from([COSIGNATURE])).update(raw(publicKey)).digest().subarray(0, 4);
const raw = (publicKey: KeyObject): Buffer => Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
