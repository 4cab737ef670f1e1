import { type MailAddress, readAddress } from '#mail/address';
import type { AgencyPlan } from '../../apps/standalone/partnership';
import { DOMAIN } from './mail-domain';

/** An organisation of which one contact collects here, and another does not: that one gets mail. */
export const SURGERY: AgencyPlan = {
  agency: 'brook-lane-surgery', name: 'Brook Lane Surgery', controller: { id: 'brook-lane-surgery', name: 'Brook Lane Surgery' }, type: 'health-provider', entry: 'community-health-and-care', mailDomain: DOMAIN,
  contacts: [
    { contact: 'safeguarding', kind: 'team', label: 'Safeguarding team', posts: ['spoc', 'responsible-manager'], telephone: '+441514960501', collects: false, keys: true },
    { contact: 'reception', kind: 'team', label: 'Reception', telephone: '+441514960503', collects: false, keys: false },
    { contact: 'duty-doctor', kind: 'team', label: 'Duty doctors', telephone: '+441514960502', keys: true },
  ],
};
export const TEAM = 'brook-lane-surgery/safeguarding';
/** It has no key. */
export const RECEPTION = 'brook-lane-surgery/reception';
export const SENDER = { from: addressed('no-reply@waybill.example'), gateway: 'waybill.example', bounceKey: Buffer.alloc(32, 7) };

function addressed(text: string): MailAddress {
  const read = readAddress(text);
  if (!read.ok) throw new Error(read.fault);
  return read.address;
}
