import type { SignaturePacket } from 'openpgp';
import { type Certificate, type KeyInfo, stood } from './certificates';
import { PART_NOTATION, partBinding } from './keys/library';
import { AHEAD_MS, holdsOver, isBinaryDocument, isStrong, namedSigner } from './keys/verification';
import type { Scratch } from './scratch';
import type { Contents } from './unsealing';

export interface AuthorFound {
  ok: true;
  author: 'bound' | 'not-bound';
  /** Fingerprint of the author's key that signed, if one did. */
  signedBy?: string;
}

interface Expected {
  author?: Certificate;
  manifest: string;
  part: string;
  at: Date;
}

/** A binding that differs counts against the part even where the signature can't be checked. */
export async function authorOf({ contents, signatures }: Contents, expected: Expected): Promise<AuthorFound | { ok: false; code: 'BOUND_TO_ANOTHER' | 'AUTHOR_MISMATCH' }> {
  const binding = partBinding(expected.manifest, expected.part);
  const named = signatures.map(({ rawNotations }) => rawNotations.filter(({ name }) => name === PART_NOTATION));
  if (named.flat().some(({ value }) => Buffer.from(value).toString('utf8') !== binding)) return { ok: false, code: 'BOUND_TO_ANOTHER' };
  if (!expected.author || signatures.length === 0) return { ok: true, author: 'not-bound' };
  const { author, at } = expected;
  const signers = await Promise.all(signatures.map((packet) => signerOf(packet, { contents, author, at })));
  const [signer] = signers;
  if (!signer || signers.includes(undefined)) return { ok: false, code: 'AUTHOR_MISMATCH' };
  return { ok: true, author: named.every((notations) => notations.length > 0) ? 'bound' : 'not-bound', signedBy: signer.fingerprint };
}

/** The author's own key, good when it signed; one that was revoked because it fell into other hands never was. */
async function signerOf(packet: SignaturePacket, { contents, author, at }: { contents: Scratch; author: Certificate; at: Date }): Promise<KeyInfo | undefined> {
  const key = namedSigner(packet, author);
  if (!key || !packet.created || packet.created.getTime() > at.getTime() + AHEAD_MS || !isBinaryDocument(packet) || !isStrong(packet)) return undefined;
  return stood(author, key, packet.created) === 'current' && (await holdsOver(packet, author, key, contents.read())) ? key : undefined;
}
