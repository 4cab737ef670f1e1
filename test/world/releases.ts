import type { Release } from '#protocol/statement';
import type { World } from './partnership';

/** Told by telephone, after a call back to the directory's number of the contact that had asked. */
export const releaseOf = ({ clock }: Pick<World, 'clock'>, contact: string, change: Partial<Release> = {}): Release => {
  const at = clock.now().toISOString();
  return { askedBy: { contact, role: 'line-manager' }, identity: { how: 'called-back', at }, route: 'telephone', called: contact, at, ...change };
};
