import { purposeOf, term } from '../agreement';
import { isPublicAuthority } from '../parties';
import { entryOf, within } from '../vocabulary/entry';
import { LAWFUL_BASES, type LawfulBasis, VITAL_INTERESTS } from '../vocabulary/lawful-bases';
import type { Condition, ShareFacts } from './condition';
import { isReview } from './consent';
import { asks, verdict } from './flow';
import { named } from './lists';

/** Where a life is at risk the decision aid refuses nobody (LB-01). */
const answers = (facts: ShareFacts) =>
  facts.manifest.urgency === 'emergency' && facts.manifest.lawfulBasis === VITAL_INTERESTS.art6 ? [] : facts.decisions.flatMap(({ aid }) => (aid ? [verdict(facts.agreement, aid)] : []));
const basisExplained = (facts: ShareFacts) => facts.decisions.some(({ reasons }) => reasons.includes('basis-explained'));

function basisFault(facts: ShareFacts): string | undefined {
  const { agreement, manifest, purpose, groups, at } = facts;
  const admitted = term(agreement, 'law.art6');
  const code = manifest.lawfulBasis;
  const basis: LawfulBasis | undefined = entryOf(LAWFUL_BASES, code);
  if (code === undefined) return 'missing';
  if (!basis) return 'unknown';
  if (!within(basis, at)) return 'not-in-force';
  if (basis.closedToPublicAuthorities && isPublicAuthority(facts.sender)) return 'not-open-to-sender';
  if (manifest.urgency === 'emergency' && code === VITAL_INTERESTS.art6) return undefined;
  // Legitimate interests carry the running of a partnership, never what concerns a child or family (LB-19).
  if (code === '6(1)(f)' && admitted?.list === 'closed' && (purpose?.nature !== 'administration' || groups.size > 0)) return 'administration-only';
  // A review under legislation rests on the legislation, whoever agreed (LB-18).
  if (isReview(facts) && code === '6(1)(a)' && term(agreement, 'law.consentStance') === 'with-or-without') return 'review';
  if (!admitted || named(admitted, code, facts)) return undefined;
  if (admitted.list === 'closed') return 'not-in-agreement';
  return basisExplained(facts) ? undefined : 'no-reason-given';
}

/** For which purpose, and by what right. */
export const LAWFULNESS = [
  {
    code: 'NO_PURPOSE', clauses: ['DS-04', 'PU-01'], on: 'share', grounds: ['purpose.limit', { statute: 'uk-gdpr-5' }], pointer: '/purpose', nicety: true,
    says: 'the share states its purpose',
    next: 'State one purpose from the list of the agreement.',
    met: ({ manifest }) => manifest.purpose !== undefined,
  },
  {
    code: 'NO_PURPOSE', clauses: ['DS-04'], on: 'share', term: 'decision.flow', grounds: ['decision.flow', { statute: 'uk-gdpr-5' }], applies: asks('purpose-clear'), pointer: '/lines',
    says: 'whoever decided found a clear and legitimate purpose',
    next: 'Do not share. Record the decision not to share, or decide anew once the purpose is clear.',
    met: (facts) => !answers(facts).includes('NO_PURPOSE'),
  },
  {
    code: 'NO_LAWFUL_REASON', clauses: ['DS-04'], on: 'share', term: 'decision.flow', grounds: ['decision.flow', { statute: 'uk-gdpr-6' }], applies: asks('lawful-reason', 'lawful-basis', 'public-interest-test'), pointer: '/lines',
    says: 'there is consent, or nobody can be identified, or there is a lawful reason to share without consent, and the public interest outweighs confidence where the agreement asks that',
    next: 'Do not share. Seek consent or advice, and record the decision.',
    met: (facts) => !answers(facts).includes('NO_LAWFUL_REASON'),
  },
  {
    code: 'PURPOSE_NOT_IN_AGREEMENT', clauses: ['PU-01'], on: 'share', grounds: ['purpose.limit', 'agreement.purposes'], pointer: '/purpose', nicety: true,
    says: 'the purpose is one of those for which the agreement was made',
    next: 'Choose a purpose from the list of the agreement, or another agreement.',
    met: ({ agreement, manifest }) => manifest.purpose === undefined || purposeOf(agreement, manifest.purpose) !== undefined,
  },
  {
    code: 'BASIS_NOT_ALLOWED', clauses: ['LB-01', 'LB-18', 'LB-19', 'LB-20'], on: 'share', grounds: ['law.art6', { statute: 'uk-gdpr-6' }], pointer: '/lawfulBasis', nicety: true, cause: basisFault,
    says: 'the lawful basis is declared, in force, open to the sender, and one that the agreement admits or whose choice is explained',
    next: 'Declare a lawful basis that the agreement names; for another one give the decision the reason `basis-explained` and its words.',
    met: (facts) => basisFault(facts) === undefined,
  },
] as const satisfies readonly Condition[];
