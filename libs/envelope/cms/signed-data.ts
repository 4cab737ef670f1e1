import { Fault } from '../der/fault';
import { OID } from '../der/oids';
import { type Element, Members, numberOf, oidOf, readDer } from '../der/reader';
import { around, plain, TYPE } from '../der/tags';
import { type Algorithm, type Hash, hashOf, readAlgorithm } from './algorithms';
import { issuerSerialName, keyIdentifierName } from './names';
import { readTime } from './time';

/** A SignedData (RFC 5652, 5) with exactly one signer, taken apart; nothing of it is verified. */
export interface Signed {
  /** Absent where the signature is detached. */
  content?: Uint8Array;
  /** DER of each certificate that came with it. */
  certificates: Uint8Array[];
  /** The name by which it knows its signer's certificate. */
  signer: string;
  hash: Hash;
  algorithm: Algorithm;
  signature: Uint8Array;
  /** The signed attributes as they are hashed: with the tag of a set. */
  attributes: Uint8Array;
  digest: Uint8Array;
  signedAt?: Date;
  /** ESS content identifiers (RFC 2634, 2.7): what the signer says that this is. */
  identifiers: Uint8Array[];
}

const MALFORMED = (detail = 'it is malformed'): Fault => new Fault('SIGNATURE_MISSING', detail);
const wrong = (): Fault => MALFORMED();
const INDIVIDUAL = TYPE.sequence;

/** @throws Fault SIGNATURE_MISSING, NOT_DER */
export function readSigned(octets: Uint8Array): Signed {
  const outer = Members.of(readDer(octets), wrong);
  if (oidOf(outer.take(TYPE.oid)) !== OID.signedData) throw MALFORMED('it is not a signed message');
  const data = outer.within(around(0)).within(TYPE.sequence);
  outer.end();
  const version = numberOf(data.take(TYPE.integer));
  const digests = data.within(TYPE.set).rest();
  const content = contentOf(data.within(TYPE.sequence));
  const certificates = data.maybe(around(0));
  if (data.next === around(1)) throw MALFORMED('it carries revocation lists: the directory says who was revoked');
  const signers = data.within(TYPE.set).rest();
  data.end();
  const [signer, ...others] = signers;
  if (!signer || others.length > 0 || digests.length > 1) throw MALFORMED('it does not have exactly one signer');
  const read = signerOf(Members.of(signer, wrong));
  if (version !== read.version) throw MALFORMED();
  return { ...read.signed, ...(content ? { content } : {}), certificates: certificates ? Members.of(certificates, wrong, around(0)).rest().map(certificate) : [] };
}

/** Only what RFC 5280 calls a certificate. */
function certificate({ tag, octets }: Element): Uint8Array {
  if (tag !== INDIVIDUAL) throw MALFORMED('it carries a certificate of another kind');
  return octets;
}

function contentOf(info: Members): Uint8Array | undefined {
  if (oidOf(info.take(TYPE.oid)) !== OID.data) throw MALFORMED('what is signed is not plain data');
  const around0 = info.maybe(around(0));
  info.end();
  if (!around0) return undefined;
  const members = Members.of(around0, wrong, around(0));
  const { body } = members.take(TYPE.octetString);
  members.end();
  return body;
}

function signerOf(info: Members): { version: number; signed: Omit<Signed, 'content' | 'certificates'> } {
  const version = numberOf(info.take(TYPE.integer));
  const byIdentifier = info.maybe(plain(0));
  const signer = byIdentifier ? keyIdentifierName(byIdentifier.body) : issuerSerialName(info.take(TYPE.sequence));
  if (version !== (byIdentifier ? 3 : 1)) throw MALFORMED();
  const hash = hashOf(readAlgorithm(info.take(TYPE.sequence), wrong));
  if (!hash) throw MALFORMED('its hash is weaker than SHA-256');
  // Without them a signature over the attributes of one message is a signature over the contents of another.
  const attributes = info.maybe(around(0));
  if (!attributes) throw MALFORMED('it has no signed attributes');
  const algorithm = readAlgorithm(info.take(TYPE.sequence), wrong);
  const signature = info.take(TYPE.octetString).body;
  if (info.next === around(1)) throw MALFORMED('it carries attributes that nobody signed');
  info.end();
  const set = Uint8Array.from(attributes.octets);
  set[0] = TYPE.set;
  return { version, signed: { signer, hash, algorithm, signature, attributes: set, ...attributesOf(attributes) } };
}

/** Each attribute at most once, with exactly one value (RFC 5652, 11). */
function attributesOf(element: Element): Pick<Signed, 'digest' | 'signedAt' | 'identifiers'> {
  const values = new Map<string, Element>();
  for (const attribute of Members.of(element, wrong, around(0)).rest()) {
    const members = Members.of(attribute, wrong);
    const oid = oidOf(members.take(TYPE.oid));
    const [value, ...more] = members.within(TYPE.set).rest();
    members.end();
    if (!value || values.has(oid) || (more.length > 0 && KNOWN.has(oid))) throw MALFORMED();
    values.set(oid, value);
  }
  const type = values.get(OID.contentType);
  const digest = values.get(OID.messageDigest);
  const time = values.get(OID.signingTime);
  const identifier = values.get(OID.contentIdentifier);
  if (type?.tag !== TYPE.oid || oidOf(type) !== OID.data || digest?.tag !== TYPE.octetString) throw MALFORMED();
  if (identifier && identifier.tag !== TYPE.octetString) throw MALFORMED();
  const signedAt = time && readTime(time);
  if (time && !signedAt) throw MALFORMED();
  return { digest: digest.body, ...(signedAt ? { signedAt } : {}), identifiers: identifier ? [identifier.body] : [] };
}

const KNOWN = new Set<string>([OID.contentType, OID.messageDigest, OID.signingTime, OID.contentIdentifier]);
