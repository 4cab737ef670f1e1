import type { Egress } from '#platform/egress';
import type { MailFault } from './faults';
import type { Resolver } from './resolver';

/** Where a host is reached. All its addresses are public, or of a permitted network, or it is not rung at all: not the first that will do (A7). */
export async function addressesOf(host: string, { resolver, egress }: { resolver: Pick<Resolver, 'ask'>; egress: Pick<Egress, 'reaches'> }): Promise<{ addresses: readonly string[] } | { fault: MailFault }> {
  const found = await Promise.all([resolver.ask(host, 'A'), resolver.ask(host, 'AAAA')]);
  const addresses = found.flatMap((answer) => (answer.state === 'found' ? answer.records : []));
  if (addresses.length === 0) return { fault: 'not-reached' };
  return addresses.every((address) => egress.reaches(address)) ? { addresses } : { fault: 'inside' };
}
