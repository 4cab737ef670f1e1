import { type Agreement, term } from './agreement';
import { isRelevantAgency } from './conditions/membership';
import { type Membership, membershipOf, type Party } from './parties';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';

/** What asking to become a party, or ending that, is held to. */
export interface Moving {
  agreement: Agreement;
  kind: 'joins' | 'withdraws';
  party: Party;
  /** The entry under which it would come in. */
  entry?: string | undefined;
  at: string;
}

const present = ({ agreement, party, at }: Moving): Membership | undefined => membershipOf(party, agreement, at);
const isIn = (facts: Moving): boolean => {
  const membership = present(facts);
  return membership !== undefined && membership.status !== 'withdrawn';
};

/** All are tried, and all that are unmet are told. */
export const MOVING = [
  {
    code: 'JOINING_NOT_BY_NOTICE', clauses: ['PD-13', 'RV-05'], grounds: ['agreement.joinRule', 'agreement.amendRule', { technical: 'an agreement that says nothing of who joins is joined by changing it' }], pointer: '/kind',
    says: 'the agreement lets an organisation ask to be added',
    next: 'Speak to its co-ordinator: it is changed as its parties agreed.',
    met: ({ agreement, kind }) => kind !== 'joins' || term(agreement, 'agreement.joinRule') !== undefined,
  },
  {
    code: 'NOT_A_RELEVANT_AGENCY', clauses: ['PD-02', 'PD-13'], grounds: ['agreement.partyList'], pointer: '/entry',
    says: 'the organisation comes under the entry of the agreement’s list that it names',
    next: 'Choose the entry under which you come; one that comes under none is not a party.',
    met: ({ agreement, kind, party, entry, at }) => kind !== 'joins' || isRelevantAgency(agreement, party, { agreement: agreement.id, entry: entry ?? '', status: 'active', from: at.slice(0, 10) }),
  },
  {
    code: 'PARTY_ALREADY', clauses: ['PD-13'], grounds: untrusted('who is a party already, or has asked, cannot become one'), pointer: '/kind',
    says: 'it is no party of the agreement yet, and has not asked',
    next: 'Look at how it stands: GET /v1/memberships.',
    met: (facts) => facts.kind !== 'joins' || !isIn(facts),
  },
  {
    code: 'NOT_A_PARTY', clauses: ['PD-12'], grounds: untrusted('who is no party has nothing to end'), pointer: '/agreement',
    says: 'it is a party of the agreement, or has asked to be',
    next: 'Look at how it stands: GET /v1/memberships.',
    met: (facts) => facts.kind !== 'withdraws' || isIn(facts),
  },
] as const satisfies readonly RecordRule<Moving>[];

/** What stands against asking to join, or against withdrawing. Pure. */
export const movingUnmet = (facts: Moving): Unmet<(typeof MOVING)[number]['code']>[] => unmetRules(MOVING, facts);
