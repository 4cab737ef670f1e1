import { signDetached } from '#envelope/signatures';
import { uuid7 } from '#platform/ids';
import type { FormField, TestPartner } from './partner';
import type { World } from './partnership';

/** What somebody says of its own place in an agreement, signed. */
export async function aboutMembership(world: World, who: TestPartner, agreement: string, kind: string, more: Record<string, unknown> = {}): Promise<FormField[]> {
  const stated = { format: 'waybill-membership/1', id: uuid7(), kind, agreement, by: { agency: who.agency, contact: who.contact }, gateway: world.system.origin, at: world.clock.now().toISOString(), ...more };
  const octets = Buffer.from(JSON.stringify(stated));
  return [{ name: 'statement', octets }, { name: 'signature', octets: await signDetached({ octets, key: who.keys().key }) }];
}
