import { Fault } from '../der/fault';
import { OID } from '../der/oids';
import { type Element, Members, numberOf, oidOf } from '../der/reader';
import { around, plain, TYPE } from '../der/tags';
import { AGREEMENT, CURVES, type Hash, oaepHash, readAlgorithm, WRAP } from './algorithms';
import { issuerSerialName, keyIdentifierName } from './names';

/** One RecipientInfo that we admit: whom it names, and how the content's key is wrapped for that certificate. */
export type Recipient = { name: string; octets: Uint8Array; version: 0 | 2 | 3; wrapped: Uint8Array } & (
  | { by: 'oaep'; hash: Hash }
  | { by: 'ecdh'; hash: Hash; point: Uint8Array; curve?: string; wrap: { cipher: 'id-aes128-wrap' | 'id-aes256-wrap'; keyOctets: 16 | 32 }; wrapAlgorithm: Uint8Array; shared?: Uint8Array }
);

const MALFORMED = (): Fault => new Fault('NOT_CMS', 'a recipient’s entry is malformed');
const OUTDATED = (): Fault => new Fault('LEGACY_ENCRYPTION', 'the key is wrapped in a way that we do not admit: RSA-OAEP with SHA-256, or elliptic curves with SHA-256 and AES');
const KEY_AGREEMENT = around(1);
/** A content key for AES with 128 or 256 bits, wrapped (RFC 3394). */
const WRAPPED_OCTETS = new Set([24, 40]);
/** RFC 5753, 3.1: chosen anew for each message; more would be room for words. */
const MOST_SHARED_OCTETS = 64;

/** What each choice of RecipientInfo (RFC 5652, 6.2) means that nobody may use here. */
const REFUSED: Readonly<Record<number, Fault['problem']['code']>> = { [around(2)]: 'AGREED_KEY_RECIPIENT', [around(3)]: 'PASSWORD_RECIPIENT', [around(4)]: 'OTHER_RECIPIENT' };

/** The entry that starts with this tag; undefined where it may be read. */
export function refusedRecipient(tag: number): Fault | undefined {
  if (tag === TYPE.sequence || tag === KEY_AGREEMENT) return undefined;
  return new Fault(REFUSED[tag] ?? 'OTHER_RECIPIENT');
}

/** Reads one RecipientInfo. Nothing may be left over in it. @throws Fault */
export function readRecipient(info: Element): Recipient {
  const refused = refusedRecipient(info.tag);
  if (refused) throw refused;
  return info.tag === KEY_AGREEMENT ? agreed(info) : transported(info);
}

/** KeyTransRecipientInfo (RFC 5652, 6.2.1). */
function transported(info: Element): Recipient {
  const members = Members.of(info, MALFORMED);
  const version = numberOf(members.take(TYPE.integer));
  const byIdentifier = members.maybe(plain(0));
  const name = byIdentifier ? keyIdentifierName(byIdentifier.body) : issuerSerialName(members.take(TYPE.sequence));
  if (version !== (byIdentifier ? 2 : 0)) throw MALFORMED();
  const { oid, parameters } = readAlgorithm(members.take(TYPE.sequence), MALFORMED);
  const wrapped = members.take(TYPE.octetString).body;
  members.end();
  if (oid !== OID.rsaOaep) throw OUTDATED();
  return { name, octets: info.octets, version, wrapped, by: 'oaep', hash: oaepHash(parameters, OUTDATED) };
}

/** KeyAgreeRecipientInfo (RFC 5652, 6.2.2; RFC 5753, 3.1.1) with a key that was made for it, to one recipient. */
function agreed(info: Element): Recipient {
  const members = Members.of(info, MALFORMED, KEY_AGREEMENT);
  if (numberOf(members.take(TYPE.integer)) !== 3) throw MALFORMED();
  const { point, curve } = originator(members.within(around(0)));
  const shared = members.maybe(around(1));
  const { oid, parameters } = readAlgorithm(members.take(TYPE.sequence), MALFORMED);
  const keys = members.within(TYPE.sequence);
  members.end();
  const key = keys.within(TYPE.sequence);
  if (keys.rest().length > 0) throw new Fault('RECIPIENTS_TOGETHER');
  const name = agreedName(key);
  const wrapped = key.take(TYPE.octetString).body;
  key.end();
  const hash = AGREEMENT[oid];
  const wrap = parameters?.tag === TYPE.sequence ? WRAP[wrapOid(parameters)] : undefined;
  if (!hash || !wrap || !parameters) throw OUTDATED();
  if (!WRAPPED_OCTETS.has(wrapped.length)) throw MALFORMED();
  return { name, octets: info.octets, version: 3, wrapped, by: 'ecdh', hash, point, ...(curve ? { curve } : {}), wrap, wrapAlgorithm: parameters.octets, ...(shared ? { shared: sharedOf(shared) } : {}) };
}

/** RFC 3565, 2.3.2: AES key wrap has no parameters; some programs write null. */
function wrapOid(element: Element): string {
  const { oid, parameters } = readAlgorithm(element, MALFORMED);
  if (parameters && parameters.tag !== TYPE.null) throw MALFORMED();
  return oid;
}

function sharedOf(element: Element): Uint8Array {
  const members = Members.of(element, MALFORMED, element.tag);
  const { body } = members.take(TYPE.octetString);
  members.end();
  if (body.length > MOST_SHARED_OCTETS) throw MALFORMED();
  return body;
}

/** OriginatorPublicKey alone: a sender's own certificate here would be a lasting key, and name it in clear. */
function originator(choice: Members): { point: Uint8Array; curve?: string } {
  const key = choice.within(around(1));
  choice.end();
  const { oid, parameters } = readAlgorithm(key.take(TYPE.sequence), MALFORMED);
  const bits = key.take(TYPE.bitString).body;
  key.end();
  if (oid !== OID.ec) throw OUTDATED();
  // RFC 5753, 7.1.2: absent or null, and the curve is the recipient’s; or the curve itself.
  const curve = parameters?.tag === TYPE.oid ? oidOf(parameters) : undefined;
  if (parameters && !curve && parameters.tag !== TYPE.null) throw MALFORMED();
  if (curve !== undefined && !CURVES[curve]) throw OUTDATED();
  const point = bits.subarray(1);
  const sizes = (curve === undefined ? Object.values(CURVES) : [CURVES[curve]]).map((each) => 1 + 2 * (each?.octets ?? 0));
  if (bits[0] !== 0 || point[0] !== 4 || !sizes.includes(point.length)) throw MALFORMED();
  return { point, ...(curve === undefined ? {} : { curve }) };
}

/** RecipientKeyIdentifier may carry a date and another attribute, in clear: neither is admitted. */
function agreedName(key: Members): string {
  if (key.next === TYPE.sequence) return issuerSerialName(key.take(TYPE.sequence));
  const identifier = key.within(around(0));
  const name = keyIdentifierName(identifier.take(TYPE.octetString).body);
  if (identifier.rest().length > 0) throw new Fault('ATTRIBUTES_IN_CLEAR');
  return name;
}
