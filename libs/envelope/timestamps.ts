import { createHash } from 'node:crypto';
import { Fault, faultOr } from './der/fault';
import { elementsOf, Members, numberOf, oidOf, readDer } from './der/reader';
import { around, TYPE } from './der/tags';
import { element, octetString, oid, sequence, small } from './der/writer';
import { OID } from './der/oids';

/** RFC 3161, 2.4.2: what a time stamp token holds. */
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
/** RFC 3161, 2.4.2: PKIStatus granted, and granted with changes. */
const GRANTED: readonly number[] = [0, 1];

/** What an authority is asked for: a time stamp over a SHA-256, with its certificate. `nonce`: that the answer is to this question. DER. */
export function timestampRequest({ octets, nonce }: { octets: Uint8Array; nonce: Uint8Array }): Uint8Array {
  const imprint = sequence(sequence(oid(OID.sha256), element(TYPE.null)), octetString(sha256(octets)));
  return sequence(small(1), imprint, integer(nonce), element(TYPE.boolean, Uint8Array.of(0xff)));
}

export type TimestampFault = 'NOT_A_TIMESTAMP' | 'NOT_GRANTED' | 'OTHER_OCTETS' | 'OTHER_QUESTION';
export type Timestamp = { ok: true; at: Date } | { ok: false; fault: TimestampFault };

/**
 * Reads an authority's answer and holds it to what was asked: granted, over these octets, to this question. Never throws at what it reads.
 * Says nothing of its signature: that is verified by a program that is not ours (`openssl ts -verify`), with a certificate that somebody chose to trust.
 */
export function readTimestamp(response: Uint8Array, { octets, nonce }: { octets: Uint8Array; nonce?: Uint8Array }): Timestamp {
  const read = faultOr(() => judged(response, octets, nonce));
  return read.ok ? read.value : { ok: false, fault: 'NOT_A_TIMESTAMP' };
}

const wrong = (): Fault => new Fault('NOT_DER', 'no time stamp');

function judged(response: Uint8Array, octets: Uint8Array, nonce: Uint8Array | undefined): Timestamp {
  const outer = Members.of(readDer(response), wrong);
  const [status] = elementsOf(outer.take(TYPE.sequence).body);
  if (!status || !GRANTED.includes(numberOf(status))) return { ok: false, fault: 'NOT_GRANTED' };
  const info = Members.of(readDer(tstInfoIn(outer.take(TYPE.sequence).octets)), wrong);
  info.take(TYPE.integer);
  info.take(TYPE.oid);
  const imprint = Members.of(info.take(TYPE.sequence), wrong);
  const algorithm = Members.of(imprint.take(TYPE.sequence), wrong).take(TYPE.oid);
  if (oidOf(algorithm) !== OID.sha256 || !Buffer.from(imprint.take(TYPE.octetString).body).equals(sha256(octets))) return { ok: false, fault: 'OTHER_OCTETS' };
  info.take(TYPE.integer);
  const at = timeOf(info.take(TYPE.generalizedTime).body);
  info.maybe(TYPE.sequence);
  info.maybe(TYPE.boolean);
  const answered = info.maybe(TYPE.integer);
  if (nonce && !(answered && Buffer.from(answered.octets).equals(integer(nonce)))) return { ok: false, fault: 'OTHER_QUESTION' };
  return { ok: true, at };
}

/** RFC 5652, 5.1 and 5.2: ContentInfo, SignedData, EncapsulatedContentInfo. */
function tstInfoIn(token: Uint8Array): Uint8Array {
  const contentInfo = Members.of(readDer(token), wrong);
  if (oidOf(contentInfo.take(TYPE.oid)) !== OID.signedData) throw wrong();
  const [signedData] = elementsOf(contentInfo.take(around(0)).body);
  if (!signedData) throw wrong();
  const signed = Members.of(signedData, wrong);
  signed.take(TYPE.integer);
  signed.take(TYPE.set);
  const encapsulated = Members.of(signed.take(TYPE.sequence), wrong);
  if (oidOf(encapsulated.take(TYPE.oid)) !== TST_INFO) throw wrong();
  const [content] = elementsOf(encapsulated.take(around(0)).body);
  if (content?.tag !== TYPE.octetString) throw wrong();
  return content.body;
}

function timeOf(body: Uint8Array): Date {
  const [, date = '', time = '', fraction = ''] = /^([0-9]{8})([0-9]{6})(\.[0-9]{1,9})?Z$/.exec(Buffer.from(body).toString('latin1')) ?? [];
  const at = new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(at.getTime())) throw wrong();
  return at;
}

/** A positive number of the octets given, in as few octets as it takes. */
function integer(octets: Uint8Array): Uint8Array {
  const from = octets.findIndex((octet) => octet !== 0);
  const digits = from < 0 ? Uint8Array.of(0) : octets.subarray(from);
  return element(TYPE.integer, ...((digits[0] ?? 0) >= 0x80 ? [Uint8Array.of(0), digits] : [digits]));
}

const sha256 = (octets: Uint8Array): Buffer => createHash('sha256').update(octets).digest();
