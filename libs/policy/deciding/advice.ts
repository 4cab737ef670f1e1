import type { Agreement } from '../agreement';
import type { Proposal } from '../decision';
import type { Parties } from '../parties';
import { asPartyWishes } from '../security-needs';
import { factsOf, type Facts } from './facts';
import { type Finding, tried } from './trial';

/**
 * What the originator's own rules would hold against the share, where the agreement lets nobody add rules: each is told and stops
 * nothing (PD-21). What the agreement itself holds against it is found already.
 */
export function advice({ share }: Facts, parties: Parties, others: readonly Agreement[], proposal: Proposal, found: readonly Finding[]): Finding[] {
  const { agreement, membership, previous, at } = share;
  const wished = asPartyWishes(agreement, membership?.entry, at) ?? asPartyWishes(agreement, previous?.originator.entry, at);
  if (!wished) return [];
  const known = new Set(found.map(named));
  return tried(wished, factsOf(wished, parties, others, proposal)).filter((finding) => !known.has(named(finding))).map((finding) => ({ ...finding, refusesShare: false, warns: true }));
}

const named = ({ reason: { code }, to, line }: Finding): string => `${code} ${to ?? ''} ${line ?? ''}`;
