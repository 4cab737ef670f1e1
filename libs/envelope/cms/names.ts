import { sha256 } from '#protocol/digest';
import { Fault } from '../der/fault';
import { type Element, Members } from '../der/reader';
import { TYPE } from '../der/tags';

const MALFORMED = (): Fault => new Fault('NOT_CMS', 'a certificate is named in a way that we do not know');
const MOST_SKI_OCTETS = 64;

export const upperHex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex').toUpperCase();

/** A certificate by its issuer and serial number: upper hex SHA-256 over IssuerAndSerialNumber as it is written (RFC 5652, 10.2.4). */
export function issuerSerialName(element: Element): string {
  const members = Members.of(element, MALFORMED);
  const issuer = members.take(TYPE.sequence);
  members.take(TYPE.integer);
  members.end();
  if (issuer.body.length === 0) throw new Fault('HIDDEN_RECIPIENT');
  return sha256(element.octets).toUpperCase();
}

/** A certificate by its subject key identifier: upper hex. One that is empty or all zeros names nobody. */
export function keyIdentifierName(octets: Uint8Array): string {
  if (octets.every((octet) => octet === 0)) throw new Fault('HIDDEN_RECIPIENT');
  if (octets.length > MOST_SKI_OCTETS) throw MALFORMED();
  return upperHex(octets);
}
