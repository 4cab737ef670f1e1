import { DAY } from '#platform/clock';
import { bind } from '../../apps/standalone/partnership';
import { CAST, TRUST } from '../../apps/standalone/cast';
import type { Person } from '../witness/openssl';
import type { World } from './partnership';

/** The health visitors have no OpenPGP key; who staffs the front door at their agency does, and signs for it. */
export const VISITORS_WITHOUT_OPENPGP = CAST.map((plan) => (plan === TRUST ? { ...plan, contacts: plan.contacts.map((contact) => (contact.contact === 'health-visitors' ? { ...contact, keys: false } : contact)) } : plan));

/** Binds a certificate to a contact as the co-ordinator vouches for it. */
export async function bindSmime({ system, coordinator, clock }: World, to: string, { certificate }: Pick<Person, 'certificate'>, uses: readonly ('seal' | 'sign')[] = ['seal']): Promise<void> {
  const [agency = '', contact = ''] = to.split('/');
  const now = clock.now();
  for (const use of uses) await bind(system.registrar, coordinator, { agency, contact, use, form: 'smime', certificate, from: now, until: new Date(now.getTime() + 365 * DAY) });
}
