import { isPartLine } from '#protocol/line';
import { purposeOf, term } from '../agreement';
import { CATEGORIES } from '../vocabulary/categories';
import { NO_CONSENT_REASONS, NOT_INFORMED_REASONS } from '../vocabulary/consent';
import { entryOf, holds, within } from '../vocabulary/entry';
import { ARTICLE_9, LAWFUL_BASES, type LawfulBasis, VITAL_INTERESTS } from '../vocabulary/lawful-bases';
import { ORGANISATION_TYPES } from '../vocabulary/organisations';
import type { Condition, ShareFacts } from './condition';
import { verdict } from './flow';

const answers = (facts: ShareFacts) => facts.decisions.flatMap(({ aid }) => (aid ? [verdict(facts.agreement, aid)] : []));
const explained = (facts: ShareFacts, reason: 'basis-explained' | 'condition-explained') => facts.decisions.some(({ reasons }) => reasons.includes(reason));
const isPublicAuthority = ({ sender }: ShareFacts) => sender?.types.some((type) => entryOf(ORGANISATION_TYPES, type)?.publicAuthority === 'yes') ?? false;

function basisFault(facts: ShareFacts): string | undefined {
  const { agreement, manifest, at } = facts;
  const admitted = term(agreement, 'law.art6');
  const basis: LawfulBasis | undefined = entryOf(LAWFUL_BASES, manifest.lawfulBasis);
  if (manifest.lawfulBasis === undefined) return 'missing';
  if (!basis) return 'unknown';
  if (!within(basis, at)) return 'not-in-force';
  if (basis.closedToPublicAuthorities && isPublicAuthority(facts)) return 'not-open-to-sender';
  if (manifest.urgency === 'emergency' && manifest.lawfulBasis === VITAL_INTERESTS.art6) return undefined;
  if (!admitted || (admitted.codes as readonly string[]).includes(manifest.lawfulBasis)) return undefined;
  if (admitted.list === 'closed') return 'not-in-agreement';
  return explained(facts, 'basis-explained') ? undefined : 'no-reason-given';
}

const sharesSpecial = ({ lines }: ShareFacts) => lines.some((line) => isPartLine(line) && entryOf(CATEGORIES, line.category)?.flag === 'special');

function specialFault(facts: ShareFacts): string | undefined {
  const { agreement, manifest, at } = facts;
  const declared = (manifest.conditions ?? []).filter((code) => holds(ARTICLE_9, code, at));
  const admitted = term(agreement, 'law.art9');
  if (declared.length === 0) return 'missing';
  if (manifest.urgency === 'emergency' && declared.includes(VITAL_INTERESTS.art9)) return undefined;
  if (!admitted || declared.some((code) => (admitted.codes as readonly string[]).includes(code))) return undefined;
  if (admitted.list === 'closed') return 'not-in-agreement';
  return explained(facts, 'condition-explained') ? undefined : 'no-reason-given';
}

function consentAddressed({ agreement, manifest, at }: ShareFacts): boolean {
  const { status, reason } = manifest.consent ?? {};
  const admitted: readonly string[] = term(agreement, 'law.noConsentReasons') ?? Object.keys(NO_CONSENT_REASONS);
  return status === 'obtained' || (status !== undefined && reason !== undefined && admitted.includes(reason) && holds(NO_CONSENT_REASONS, reason, at));
}

function informingAddressed({ manifest, at }: ShareFacts): boolean {
  const informed = manifest.informed;
  if (informed?.status === 'will-be-informed') return informed.by !== undefined;
  if (informed?.status === 'not-informed') return holds(NOT_INFORMED_REASONS, informed.reason, at);
  return informed !== undefined;
}

/** For which purpose, and by what right. */
export const LAWFULNESS = [
  {
    code: 'NO_PURPOSE', clauses: ['DS-04', 'PU-01'], on: 'share', pointer: '/purpose', nicety: true,
    says: 'the share states its purpose',
    next: 'State one purpose from the list of the agreement.',
    met: ({ manifest }) => manifest.purpose !== undefined,
  },
  {
    code: 'NO_PURPOSE', clauses: ['DS-04'], on: 'share', term: 'decision.flow',
    says: 'whoever decided found a clear and legitimate purpose',
    next: 'Do not share. Record the decision not to share, or decide anew once the purpose is clear.',
    met: (facts) => !answers(facts).includes('NO_PURPOSE'),
  },
  {
    code: 'NO_LAWFUL_REASON', clauses: ['DS-04'], on: 'share', term: 'decision.flow',
    says: 'there is consent, or nobody can be identified, or there is a lawful reason to share without consent',
    next: 'Do not share. Seek consent or advice, and record the decision.',
    met: (facts) => !answers(facts).includes('NO_LAWFUL_REASON'),
  },
  {
    code: 'PURPOSE_NOT_IN_AGREEMENT', clauses: ['PU-01'], on: 'share', pointer: '/purpose', nicety: true,
    says: 'the purpose is one of those for which the agreement was made',
    next: 'Choose a purpose from the list of the agreement, or another agreement.',
    met: ({ agreement, manifest }) => manifest.purpose === undefined || purposeOf(agreement, manifest.purpose) !== undefined,
  },
  {
    code: 'BASIS_NOT_ALLOWED', clauses: ['LB-01'], on: 'share', pointer: '/lawfulBasis', nicety: true, cause: basisFault,
    says: 'the lawful basis is declared, in force, open to the sender, and one that the agreement admits or whose choice is explained',
    next: 'Declare a lawful basis that the agreement names; for another one give the decision the reason `basis-explained` and its words.',
    met: (facts) => basisFault(facts) === undefined,
  },
  {
    code: 'NO_SPECIAL_CATEGORY_CONDITION', clauses: ['LB-02'], on: 'share', term: 'law.art9', pointer: '/conditions', nicety: true, cause: specialFault,
    says: 'special category information goes only with a condition of Article 9 that the agreement admits or whose choice is explained',
    next: 'Add the condition, or leave the special categories out.',
    met: (facts) => !sharesSpecial(facts) || specialFault(facts) === undefined,
  },
  {
    code: 'CONSENT_NOT_ADDRESSED', clauses: ['LB-09'], on: 'share', term: 'law.consentStance', pointer: '/consent', nicety: true,
    applies: (agreement) => term(agreement, 'law.consentStance') === 'seek-first',
    says: 'consent was obtained, or a reason says why the share goes without it',
    next: 'State whether consent was obtained; if not, give a reason that the agreement knows.',
    met: consentAddressed,
  },
  {
    code: 'INFORMING_NOT_ADDRESSED', clauses: ['LB-12'], on: 'share', term: 'law.informSubject', pointer: '/informed', nicety: true,
    applies: (agreement) => term(agreement, 'law.informSubject') !== 'privacy-notice',
    says: 'the share states that the person has been told, who will tell, or why not',
    next: 'State it; "not informed" needs a reason, such as that telling would put a child at risk.',
    met: informingAddressed,
  },
] as const satisfies readonly Condition[];
