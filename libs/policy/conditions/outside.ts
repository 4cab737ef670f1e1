import { term } from '../agreement';
import { OUTSIDE_GROUNDS, type OutsideGround } from '../vocabulary/declarations';
import { entryOf } from '../vocabulary/entry';
import { GATEWAYS } from '../vocabulary/gateways';
import type { RecipientFacts } from './condition';
import { isConsulted, isParty } from './membership';

/** What a ground asks beside its name. The other two are the sender's word, which stands on its register. */
const HOLDS: Partial<Record<OutsideGround, (facts: RecipientFacts) => boolean>> = {
  consented: ({ manifest }) => manifest.consent?.status === 'obtained',
  'law-requires': ({ manifest }) => {
    const power = entryOf(GATEWAYS, manifest.legalGateway);
    return power !== undefined && !('noPower' in power);
  },
};

export const isOutsider = ({ agreement, theirMembership }: Pick<RecipientFacts, 'agreement' | 'theirMembership'>): boolean => !isParty(theirMembership) && !isConsulted(agreement, theirMembership);

/** On which grounds the parts go to a recipient that is no party; empty where one of them has none that the agreement admits and that holds. */
export function outsideGrounds(facts: RecipientFacts): readonly OutsideGround[] {
  const admitted: readonly string[] = term(facts.agreement, 'onward.outside') ?? [];
  const declared = facts.parts.map(({ outside }) => outside);
  const known = declared.filter((ground): ground is OutsideGround => entryOf(OUTSIDE_GROUNDS, ground) !== undefined && admitted.includes(ground as string) && (HOLDS[ground as OutsideGround]?.(facts) ?? true));
  return known.length === declared.length ? [...new Set(known)].sort() : [];
}
