import type { BrokerAddress } from '#queue/settings';
import { VHOST } from '#queue/topology';
import type { Node } from '../world/broker';
import { readPool } from '../world/tls';

/** Where each process finds the broker of the bench, and who it is to it. */
export interface Wire {
  address(user: 'waybill-relay' | 'waybill-courier'): BrokerAddress;
}

export function wireOf(node: Node): Wire {
  const { authority, broker } = readPool();
  return {
    address: (user) => ({ url: `amqps://localhost:${node.port}/${VHOST}`, tls: { ca: authority.certificate, certificate: broker[user].certificate, key: broker[user].key } }),
  };
}
