import ipaddr from 'ipaddr.js';
import type { Read, Settings } from './config';
import { Egress } from './egress';

/** What a process that asks servers of others is told about the way out. */
export const EGRESS_SETTINGS = {
  WAYBILL_EGRESS_PERMIT: {
    says: 'private networks (CIDR, with commas between them) that are reached all the same, such as a health or justice network that the operator has joined. Absent: public addresses alone', example: '10.196.0.0/16,fd12:3456::/32',
    kind: 'text', optional: true, faultsOf: (text) => (networks(text).every((network) => ipaddr.isValidCIDR(network)) ? [] : [{ says: 'one of them is no network', fix: 'Write each as 10.196.0.0/16' }]),
  },
  WAYBILL_EGRESS_CA_FILE: { says: "authorities (PEM) that are trusted beside the machine's own, such as that of such a network", example: '/etc/waybill/network-ca.pem', kind: 'file', holds: 'certificate', optional: true },
} as const satisfies Settings;

const networks = (text: string): string[] => text.split(',').map((network) => network.trim());

export const egressOf = ({ WAYBILL_EGRESS_PERMIT: permit, WAYBILL_EGRESS_CA_FILE: authorities }: Read<typeof EGRESS_SETTINGS>): Egress =>
  new Egress({ ...(permit ? { permit: networks(permit) } : {}), ...(authorities ? { authorities } : {}) });
