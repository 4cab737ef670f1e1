import { createDecipheriv } from 'node:crypto';
import { sha256 } from '#protocol/digest';
import { LIMITS } from '#protocol/limits';
import type { AuthorFound } from './author';
import type { PartProblem } from './cms-codes';
import { CmsWalk } from './cms/walk';
import { type ContentCipher, TAG_OCTETS } from './cms/content';
import { readSigned } from './cms/signed-data';
import { unwrapped } from './cms/wrapping';
import { faultOr } from './der/fault';
import { elementsOf } from './der/reader';
import { partBinding } from './keys/library';
import type { OpenCode } from './opening';
import { type SmimeIdentity, secretKey } from './smime-identity';
import { type Pin, verifySmime } from './smime-signatures';

export type OpenedSmime = (AuthorFound & { octets: Uint8Array }) | { ok: false; code: OpenCode; problem?: PartProblem };

export interface OpenSmime {
  octets: Uint8Array;
  identities: readonly SmimeIdentity[];
  /** Whom the sender's word is held to. */
  author?: readonly Pin[];
  manifest: string;
  part: string;
  at: Date;
  /**
   * The digest that a line of the sender's signed manifest gives (lower hex). CBC protects nothing by itself: such data are opened only where
   * these very octets are what somebody signed.
   */
  signedDigest?: string;
  maxOctets?: number;
}

/** Opens one CMS part with our own keys and says whose word it is; as `open` does for OpenPGP. In memory. Never throws at what it reads. */
export function openSmime(options: OpenSmime): OpenedSmime {
  const { octets, signedDigest, maxOctets = LIMITS.part.value } = options;
  const walk = new CmsWalk({ maxOctets, maxAddressees: LIMITS.addressees.value, cbc: signedDigest !== undefined });
  const step = walk.push(octets);
  const problem = step.problem ?? walk.end();
  if (problem) return { ok: false, code: problem.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'NOT_SEALED', problem };
  const sealed = step.problem ? undefined : step.sealed;
  if (!sealed || !walk.cipher) throw new Error('a walk that ended well has met the content');
  if (signedDigest !== undefined && sha256(sealed) !== signedDigest) return { ok: false, code: 'NOT_SEALED', problem: { code: 'DIGEST_MISMATCH' } };
  const contents = decrypted(walk, sealed, options.identities);
  return contents ? authored(contents, options) : { ok: false, code: 'CANNOT_OPEN' };
}

function decrypted(walk: CmsWalk, sealed: Uint8Array, identities: readonly SmimeIdentity[]): Uint8Array | undefined {
  const { cipher, recipients } = walk;
  if (!cipher) return undefined;
  for (const recipient of recipients) {
    for (const identity of identities.filter(({ certificate }) => certificate.names.includes(recipient.name))) {
      const key = unwrapped(recipient, secretKey(identity));
      const contents = key?.length === cipher.keyOctets ? deciphered(cipher, key, sealed) : undefined;
      if (contents) return contents;
    }
  }
  return undefined;
}

function deciphered({ cipher, authenticated, iv }: ContentCipher, key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const [info, tag] = [contentOf(sealed, authenticated), sealed.subarray(sealed.length - TAG_OCTETS)];
  try {
    if (cipher === 'aes-256-cbc' || cipher === 'aes-128-cbc') {
      const decipher = createDecipheriv(cipher, key, iv);
      return Buffer.concat([decipher.update(info), decipher.final()]);
    }
    const decipher = createDecipheriv(cipher, key, iv, { authTagLength: TAG_OCTETS });
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(info), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The content of EncryptedContentInfo, its last member. */
function contentOf(sealed: Uint8Array, authenticated: boolean): Uint8Array {
  const info = elementsOf(authenticated ? sealed.subarray(0, sealed.length - 2 - TAG_OCTETS) : sealed)[0];
  return (info && elementsOf(info.body).at(-1)?.body) ?? new Uint8Array(0);
}

/** A binding that differs counts against the part even where the signature can't be checked. */
function authored(contents: Uint8Array, { author, manifest, part, at }: OpenSmime): OpenedSmime {
  const inside = faultOr(() => readSigned(contents));
  if (!inside.ok || !inside.value.content) return { ok: true, author: 'not-bound', octets: contents };
  const { identifiers, content } = inside.value;
  const binding = partBinding(manifest, part);
  if (identifiers.some((each) => Buffer.from(each).toString('utf8') !== binding)) return { ok: false, code: 'BOUND_TO_ANOTHER' };
  if (!author) return { ok: true, author: 'not-bound', octets: content };
  const signed = verifySmime({ signature: contents, pins: author, at, whenMade: true });
  if (!signed.ok) return { ok: false, code: 'AUTHOR_MISMATCH' };
  return { ok: true, author: identifiers.length > 0 ? 'bound' : 'not-bound', octets: content, signedBy: signed.signer.fingerprint };
}
