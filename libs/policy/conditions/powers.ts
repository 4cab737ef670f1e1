import { term } from '../agreement';
import { isPublicAuthority, type Party } from '../parties';
import { entryOf, within } from '../vocabulary/entry';
import { GATEWAYS, type LegalGateway } from '../vocabulary/gateways';
import type { Condition, RecipientFacts, ShareFacts } from './condition';

/** What is not in force on the day stands in no list of that day. */
function cited({ manifest, at }: Pick<ShareFacts, 'manifest' | 'at'>): LegalGateway | undefined {
  const gateway: LegalGateway | undefined = entryOf(GATEWAYS, manifest.legalGateway);
  return gateway && within(gateway, at) ? gateway : undefined;
}

/** Cites a power, in force, that its sender may use. */
export function citesPower(facts: Pick<ShareFacts, 'manifest' | 'sender' | 'at'>): boolean {
  const gateway = cited(facts);
  return gateway !== undefined && !gateway.noPower && openTo(gateway, facts.sender);
}

/** Where no text says whose the power is, it is recorded and refuses nobody. */
const openTo = ({ open }: LegalGateway, party: Party | undefined): boolean => open === 'not-stated' || (party?.types.some((type) => open.includes(type)) ?? false);

function powerFault(facts: ShareFacts): string | undefined {
  const { manifest, sender } = facts;
  const gateway = cited(facts);
  if (manifest.legalGateway === undefined) return isPublicAuthority(sender) ? 'missing' : undefined;
  // A code that stands in no list is told as that.
  if (!gateway) return undefined;
  if (gateway.noPower) return 'no-power';
  if (!sender || sender.types.length === 0) return 'no-type';
  return openTo(gateway, sender) ? undefined : 'not-open-to-sender';
}

function openToRecipient(facts: RecipientFacts): boolean {
  const recipients = cited(facts)?.recipients;
  if (!recipients || !facts.party) return true;
  return [...facts.party.types, ...(facts.theirMembership?.actsFor ?? [])].some((type) => recipients.includes(type));
}

/** By what power a public authority shares. */
export const POWERS = [
  {
    code: 'GATEWAY_NOT_AVAILABLE', clauses: ['LB-07', 'LB-08', 'PD-22', 'SP-08'], on: 'share', term: 'law.gatewayCheck', pointer: '/legalGateway', nicety: true, cause: powerFault,
    applies: (agreement) => term(agreement, 'law.gatewayCheck') === 'enforce',
    says: 'a public authority cites the power under which it shares; the power is open to organisations of its type; data-protection law alone is none',
    next: 'Cite a statutory gateway or common-law power that is open to your type of organisation.',
    met: (facts) => powerFault(facts) === undefined,
  },
  {
    code: 'GATEWAY_NOT_AVAILABLE', clauses: ['LB-07'], on: 'recipient', term: 'law.gatewayCheck', pointer: '/recipient/agency', nicety: true,
    applies: (agreement) => term(agreement, 'law.gatewayCheck') === 'enforce',
    says: 'a power to share with certain bodies reaches those bodies, or whoever acts for one',
    next: 'Cite a power that reaches this recipient, or leave it out.',
    met: openToRecipient,
  },
] as const satisfies readonly Condition[];
