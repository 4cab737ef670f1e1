import { tellsOf } from './clear-fields';
import { ClientRefusal } from './codes';
import type { ShareDescription } from './description';
import { octetsOf } from './octets-file';

/** Whether advice is asked for on a case of which nobody is to learn whose it is (DS-08). */
export const asksWithoutIdentity = ({ advice }: Pick<ShareDescription, 'advice'>): boolean => advice !== undefined && advice.identityNeeded === undefined;

/**
 * Compares the text itself with what the sender knows of the person, where it is to say of nobody who it is. On the sender's own machine, before it is sealed: no gateway can.
 * By what else somebody would be recognised only a person can tell. @throws ClientRefusal CASE_NAMES_PERSON with the parts
 */
export async function requireCaseNamesNobody(share: Pick<ShareDescription, 'advice' | 'subject' | 'parts'>): Promise<void> {
  const known = share.subject?.known;
  if (!known || !asksWithoutIdentity(share)) return;
  const found = new Map<string, Set<string>>();
  for (const [i, { octets }] of share.parts.entries()) {
    for await (const piece of octetsOf(octets)) for (const holds of tellsOf(known, new TextDecoder().decode(piece))) found.set(`part-${i + 1}`, (found.get(`part-${i + 1}`) ?? new Set()).add(holds));
  }
  if (found.size > 0) throw new ClientRefusal('CASE_NAMES_PERSON', { parts: [...found.keys()], holds: [...new Set([...found.values()].flatMap((each) => [...each]))] });
}
