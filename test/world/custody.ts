import { uuid7 } from '#platform/ids';
import { signDetached } from '#envelope/signatures';
import type { FormField, TestPartner } from './partner';
import type { World } from './partnership';

/** A statement that somebody was given the key of a mailbox, signed: without a member of staff the recovery key. */
export async function aboutCustody(world: World, who: TestPartner, contact: string, more: Record<string, unknown> = {}): Promise<FormField[]> {
  const stated = { format: 'waybill-key-custody/1', id: uuid7(), kind: 'given', contact, keys: [who.keys(contact).certificate.fingerprint], because: 'made', by: { agency: who.agency, contact: who.contact }, gateway: world.system.origin, at: world.clock.now().toISOString(), ...more };
  const octets = Buffer.from(JSON.stringify(stated));
  return [{ name: 'statement', octets }, { name: 'signature', octets: await signDetached({ octets, key: who.keys().key }) }];
}
