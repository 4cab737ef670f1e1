import { Fault } from '../der/fault';
import { OID } from '../der/oids';
import { type Element, Members, numberOf, oidOf, readDer } from '../der/reader';
import { plain, TYPE } from '../der/tags';

/** What the extensions of a certificate say that we hold it to (RFC 5280, 4.2.1). */
export interface Extensions {
  /** Upper hex. */
  keyIdentifier?: string;
  /** Absent: every use. */
  usage?: ReadonlySet<Usage>;
  /** For mail, for anything, or unsaid. */
  forMail: boolean;
  issues: boolean;
  pathLength?: number;
  /** Mail addresses, in lower case. */
  emails: string[];
  /** A critical extension that we do not know: whoever does not must not use the certificate. */
  unknownCritical: boolean;
}

export type Usage = 'digitalSignature' | 'nonRepudiation' | 'keyEncipherment' | 'keyAgreement' | 'keyCertSign';

const BITS: Readonly<Record<Usage, number>> = { digitalSignature: 0, nonRepudiation: 1, keyEncipherment: 2, keyAgreement: 4, keyCertSign: 5 };
const MALFORMED = (): Fault => new Fault('NOT_CMS', 'the certificate can’t be read');

type Reader = (value: Element, found: Extensions) => void;

const READERS: Readonly<Record<string, Reader>> = {
  [OID.subjectKeyIdentifier]: ({ tag, body }, found) => {
    if (tag !== TYPE.octetString) throw MALFORMED();
    found.keyIdentifier = Buffer.from(body).toString('hex').toUpperCase();
  },
  [OID.keyUsage]: ({ tag, body }, found) => {
    if (tag !== TYPE.bitString) throw MALFORMED();
    const set = (bit: number): boolean => ((body[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0;
    found.usage = new Set((Object.keys(BITS) as Usage[]).filter((use) => set(BITS[use])));
  },
  [OID.extendedKeyUsage]: (value, found) => {
    const uses = Members.of(value, MALFORMED).rest().map((use) => (use.tag === TYPE.oid ? oidOf(use) : ''));
    found.forMail = uses.includes(OID.emailProtection) || uses.includes(OID.anyExtendedKeyUsage);
  },
  [OID.basicConstraints]: (value, found) => {
    const members = Members.of(value, MALFORMED);
    found.issues = members.maybe(TYPE.boolean)?.body[0] === 0xff;
    const length = members.maybe(TYPE.integer);
    if (length) found.pathLength = numberOf(length);
    members.end();
  },
  [OID.subjectAltName]: (value, found) => {
    for (const { tag, body } of Members.of(value, MALFORMED).rest()) if (tag === plain(1)) found.emails.push(Buffer.from(body).toString('latin1').toLowerCase());
  },
};

/** Reads Extensions; none is there twice. @throws Fault */
export function readExtensions(list: Element | undefined): Extensions {
  const found: Extensions = { forMail: true, issues: false, emails: [], unknownCritical: false };
  const seen = new Set<string>();
  for (const extension of list ? Members.of(list, MALFORMED).rest() : []) {
    const members = Members.of(extension, MALFORMED);
    const oid = oidOf(members.take(TYPE.oid));
    const critical = members.maybe(TYPE.boolean)?.body[0] === 0xff;
    const value = members.take(TYPE.octetString).body;
    members.end();
    if (seen.has(oid)) throw MALFORMED();
    seen.add(oid);
    const reader = READERS[oid];
    if (reader) reader(readDer(value), found);
    else if (critical) found.unknownCritical = true;
  }
  return found;
}
