import type { PartCode } from '../cms-codes';
import { Fault } from '../der/fault';
import { OID } from '../der/oids';
import { type Element, type Header, headerOctets, numberOf, oidOf, readDer, readHeader } from '../der/reader';
import { around, CONSTRUCTED, plain, TYPE } from '../der/tags';
import { type ContentCipher, readCipher, TAG_OCTETS, wrongLength } from './content';
import { type Recipient, readRecipient, refusedRecipient } from './recipient';
import { type CmsKind, versionFor } from './version';

export interface WalkLimits {
  maxOctets: number;
  maxAddressees: number;
  /** Whether CBC may pass: only who holds a digest over the octets that the sender signed may say so. */
  cbc?: boolean;
}

/** What stands before the content of an enveloped message. */
export interface Head {
  kind: CmsKind;
  recipients: Recipient[];
  cipher: ContentCipher;
  contentOctets: number;
  /** At which octet of the message the run begins that every copy has. */
  sealedFrom: number;
}

/** Says how many octets it waits for, and is given them. */
export type Reading<T> = Generator<number, T, Uint8Array>;

/** RSA with 16,384 bits needs 2,048 octets, a name of an issuer some hundreds; no entry of a recipient that we admit is larger. */
const LARGEST_RECIPIENT = 8_192;
/** Content types and algorithms are some forty octets. */
const LARGEST_LABEL = 256;
const MALFORMED = (detail: string): Fault => new Fault('NOT_CMS', detail);

const REFUSED_TYPES: Readonly<Record<string, PartCode>> = {
  [OID.data]: 'PLAINTEXT',
  [OID.signedData]: 'SIGNED_OUTSIDE',
  [OID.compressedData]: 'COMPRESSED_OUTSIDE',
  [OID.digestedData]: 'PLAINTEXT',
  [OID.authenticatedData]: 'PLAINTEXT',
  [OID.encryptedData]: 'AGREED_KEY_RECIPIENT',
};
const KINDS: Readonly<Record<string, CmsKind>> = { [OID.envelopedData]: 'enveloped', [OID.authEnvelopedData]: 'auth-enveloped' };

/** Reads a message (RFC 5652, RFC 5083) up to its content: a number of octets at a time, and no more than it must. @throws Fault */
export function* readHead(limits: WalkLimits): Reading<Head> {
  const outer = yield* header(TYPE.sequence);
  let at = outer.octets;
  const end = at + outer.length;
  if (end > limits.maxOctets) throw new Fault('TOO_LARGE');
  const type = yield* element(TYPE.oid, LARGEST_LABEL);
  at += type.octets.length;
  const kind = KINDS[oidOf(type)];
  if (!kind) throw new Fault(REFUSED_TYPES[oidOf(type)] ?? 'NOT_CMS');
  for (const tag of [around(0), TYPE.sequence]) {
    const inner = yield* header(tag);
    at += inner.octets;
    if (at + inner.length !== end) throw MALFORMED('a length does not reach to the end');
  }
  const version = yield* element(TYPE.integer, LARGEST_LABEL);
  at += version.octets.length;
  const set = yield* header();
  if (set.tag === around(0)) throw new Fault('ORIGINATOR_INFO');
  if (set.tag !== TYPE.set) throw MALFORMED('there are no recipients');
  at += set.octets + set.length;
  const recipients = yield* recipientsIn(set.length, limits.maxAddressees);
  if (numberOf(version) !== versionFor(kind, recipients)) throw MALFORMED('the version is not the one that its recipients ask for');
  return yield* contentHead({ kind, recipients, at, end, cbc: limits.cbc === true });
}

function* recipientsIn(octets: number, most: number): Reading<Recipient[]> {
  const found: Recipient[] = [];
  for (let left = octets; left > 0; ) {
    const start = yield* header();
    const refused = refusedRecipient(start.tag);
    if (refused) throw refused;
    if (found.length >= most) throw new Fault('TOO_LARGE', 'more recipients than we take');
    left -= start.octets + start.length;
    if (start.length > LARGEST_RECIPIENT || left < 0) throw MALFORMED('a recipient’s entry is larger than any can be');
    const body = yield* octetsOf(start.length);
    found.push(readRecipient(readDer(Buffer.concat([start.whole, body]))));
  }
  if (found.length === 0) throw new Fault('HIDDEN_RECIPIENT', 'no recipient is named');
  return found;
}

/** EncryptedContentInfo up to its content. What follows it is the same in every copy; this is where it begins. */
function* contentHead({ kind, recipients, at, end, cbc }: { kind: CmsKind; recipients: Recipient[]; at: number; end: number; cbc: boolean }): Reading<Head> {
  const info = yield* header(TYPE.sequence);
  const infoEnd = at + info.octets + info.length;
  const behind = end - infoEnd;
  const wanted = kind === 'auth-enveloped' ? 2 + TAG_OCTETS : 0;
  if (behind > wanted) throw new Fault('ATTRIBUTES_IN_CLEAR', 'something stands beside the content');
  if (behind < wanted) throw MALFORMED('the authentication tag is missing, or shorter than sixteen octets');
  const type = yield* element(TYPE.oid, LARGEST_LABEL);
  const algorithm = yield* element(TYPE.sequence, LARGEST_LABEL);
  const content = yield* header(plain(0));
  const from = at + info.octets + type.octets.length + algorithm.octets.length + content.octets;
  if (from + content.length !== infoEnd) throw MALFORMED('a length does not reach to the end');
  const cipher = readCipher(type.octets, algorithm.octets);
  if (cipher.authenticated !== (kind === 'auth-enveloped')) throw MALFORMED('content and cipher do not go together');
  if (!cipher.authenticated && !cbc) throw new Fault('LEGACY_ENCRYPTION', 'CBC is not protected against tampering: use AES-256-GCM');
  if (wrongLength(cipher, content.length)) throw MALFORMED('the content is not whole blocks');
  return { kind, recipients, cipher, contentOctets: content.length, sealedFrom: at };
}

function* octetsOf(count: number): Reading<Uint8Array> {
  return count === 0 ? new Uint8Array(0) : yield count;
}

function* header(expected?: number): Reading<Header & { whole: Uint8Array }> {
  const start = yield* octetsOf(2);
  const [tag = 0, length = 0] = start;
  if (expected !== undefined && tag !== expected) throw tag === (expected | CONSTRUCTED) ? new Fault('NOT_DER', 'a type in a form that it does not have') : new Fault('NOT_CMS');
  const whole = Buffer.concat([start, yield* octetsOf(headerOctets(tag, length) - 2)]);
  return { ...readHeader(whole), whole };
}

function* element(tag: number, most: number): Reading<Element> {
  const start = yield* header(tag);
  if (start.length > most) throw MALFORMED('a label is longer than any can be');
  return readDer(Buffer.concat([start.whole, yield* octetsOf(start.length)]));
}
