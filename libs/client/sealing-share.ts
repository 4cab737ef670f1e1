import { readSealedOctets } from '#envelope/gate';
import { seal } from '#envelope/sealing';
import { signDetached } from '#envelope/signatures';
import { addressed } from '#protocol/line';
import { LIMITS } from '#protocol/limits';
import type { Draft, DraftLine } from './drafting';
import { noDigest, sha256 } from './ids';
import type { Partner } from './partner';
import type { Vouched } from './vouching';

/** A share as it goes over the wire. */
export interface SealedShare {
  id: string;
  manifest: Uint8Array;
  manifestDigest: string;
  signature: Uint8Array;
  lines: readonly string[];
  parts: ReadonlyMap<string, Uint8Array>;
}

/** Fewer digests than this are padded up to it, more to the next power of two: their number tells nobody how many were told. */
const FEWEST_DIGESTS = 16;

/**
 * Seals each part to the recipients of its lines and to nobody else, signs inside who wrote it for which share, names the sealed octets
 * in the lines and the lines in the manifest, and signs that. Nothing of it can be told apart from random octets but the codes.
 */
export async function sealShare(partner: Partner, draft: Draft, lines: readonly DraftLine[], keys: ReadonlyMap<string, readonly Vouched[]>): Promise<SealedShare> {
  const parts = new Map<string, Uint8Array>();
  const digests = new Map<string, string>();
  for (const [name, { octets }] of draft.parts) {
    const to = lines.filter((line) => line.part === name).flatMap((line) => keys.get(addressed(line.recipient)) ?? []);
    if (to.length === 0) continue;
    const sealed = await seal({ octets, to: to.map(({ certificate }) => certificate), signer: partner.signingKey, manifest: draft.manifest.id, part: name });
    parts.set(name, sealed);
    digests.set(name, await digestOf(sealed));
  }
  const texts = lines.map((line) => JSON.stringify(line.part === undefined ? line : { ...line, digest: digests.get(line.part) }));
  const manifest = Buffer.from(JSON.stringify({ ...draft.manifest, lines: padded(texts.map(sha256)) }), 'utf8');
  return { id: draft.manifest.id, manifest, manifestDigest: sha256(manifest), signature: await signDetached({ octets: manifest, key: partner.signingKey }), lines: texts, parts };
}

/** Sorted, so that their order tells nothing either. */
export function padded(digests: readonly string[]): string[] {
  const wanted = Math.min(Math.max(FEWEST_DIGESTS, 2 ** Math.ceil(Math.log2(digests.length))), LIMITS.lineDigests.value);
  return [...digests, ...Array.from({ length: Math.max(wanted - digests.length, 0) }, noDigest)].sort();
}

/** SHA-256 of the encrypted-data packet, as the gate will see it. */
async function digestOf(sealed: Uint8Array): Promise<string> {
  const read = await readSealedOctets(sealed, { maxOctets: sealed.length, maxAddressees: LIMITS.addressees.value });
  if (!read.ok) throw new Error(`what was sealed would not pass the gate: ${read.problem.code}`);
  return read.part.digest;
}
