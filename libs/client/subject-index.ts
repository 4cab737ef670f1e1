import { createHmac } from 'node:crypto';
import { ClientRefusal } from './codes';
import { json } from './form';
import type { Partner } from './partner';

/** The controller's own key, or its key management system: whoever has neither can make no index, and can't tell whose one is. */
export interface IndexKey {
  /** HMAC-SHA-256 of the octets. */
  mac(octets: Uint8Array): Promise<Uint8Array>;
}

const KEY_OCTETS = 32;
const DOMAIN = 'waybill-subject-index/1';

/** A key that lies in a file of the controller's. @throws RangeError */
export function keyOf(secret: Uint8Array): IndexKey {
  if (secret.length !== KEY_OCTETS) throw new RangeError(`an index key has ${KEY_OCTETS} octets`);
  return { mac: (octets) => Promise.resolve(createHmac('sha256', secret).update(octets).digest()) };
}

/**
 * The blind index of whom a reference is of: `HMAC(key, "waybill-subject-index/1" ‖ 0 ‖ agency ‖ 0 ‖ reference)`, the reference in capitals and without white
 * space, hyphens and strokes. The same for the same person and controller, and for another controller another, even with the same key. Hexadecimal.
 */
export async function blindIndex(key: IndexKey, { agency, reference }: { agency: string; reference: string }): Promise<string> {
  const plain = reference.normalize('NFKC').toUpperCase().replace(/[\s/-]/gu, '');
  if (plain === '') throw new ClientRefusal('NOTHING_TO_LOOK_FOR', {});
  const mac = await key.mac(Buffer.from(`${DOMAIN}\0${agency}\0${plain}`));
  if (mac.length !== KEY_OCTETS) throw new RangeError('the key management system answered something that is no HMAC-SHA-256');
  return Buffer.from(mac).toString('hex');
}

/** Has a share found again by whom it is about. The reference goes nowhere. @throws GatewayProblem */
export async function indexShare({ connection, agency }: Partner, share: string, references: readonly string[], key: IndexKey): Promise<void> {
  const indexes = [...new Set(await Promise.all(references.map((reference) => blindIndex(key, { agency, reference }))))];
  await connection.json({ path: `/v1/register/subjects/${encodeURIComponent(share)}`, method: 'PUT', body: json({ indexes }) });
}
