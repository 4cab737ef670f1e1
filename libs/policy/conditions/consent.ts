import { isPartLine } from '#protocol/line';
import { type Agreement, term } from '../agreement';
import { NO_CONSENT_REASONS } from '../vocabulary/consent';
import { holds, within } from '../vocabulary/entry';
import type { Condition, ShareFacts } from './condition';

/** For a review or audit under legislation no consent is sought (LB-18). */
export const isReview = ({ purpose }: Pick<ShareFacts, 'purpose'>): boolean => purpose?.nature === 'review' || purpose?.nature === 'audit';

const stance = (agreement: Agreement) => term(agreement, 'law.consentStance');
const given = ({ manifest }: ShareFacts): boolean => manifest.consent?.status === 'obtained';
/** Whether consent is what makes the share lawful, rather than a courtesy. */
const reliedOn = ({ manifest }: ShareFacts): boolean => manifest.lawfulBasis === '6(1)(a)' || (manifest.conditions?.includes('9(2)(a)') ?? false);

/** Whether it was obtained, or a reason that the agreement admits says why not. */
export function consentAddressed(facts: ShareFacts): boolean {
  const { status, reason } = facts.manifest.consent ?? {};
  const admitted: readonly string[] = term(facts.agreement, 'law.noConsentReasons') ?? Object.keys(NO_CONSENT_REASONS);
  return given(facts) || (status !== undefined && reason !== undefined && (admitted.includes(reason) || isReview(facts)) && holds(NO_CONSENT_REASONS, reason, facts.at));
}

/** The last day of a consent counts whole. */
const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString();

function lapse(facts: ShareFacts): string | undefined {
  const { on, expires } = facts.manifest.consent ?? {};
  if (on !== undefined && !within({ from: on }, facts.at)) return 'not-yet-given';
  if (expires === undefined) return term(facts.agreement, 'law.consentWithdrawal') === 'delete' ? 'no-expiry' : undefined;
  return within({ until: dayAfter(expires) }, facts.at) ? undefined : 'expired';
}

function gap(facts: ShareFacts): string | undefined {
  const consent = facts.manifest.consent;
  if (!given(facts)) return 'not-given';
  return consent?.on === undefined ? 'date' : consent.evidence === undefined ? 'evidence' : consent.by === undefined ? 'by' : undefined;
}

/** Who can agree for whom. From 16 a person is presumed able to. */
function giverFault({ manifest: { consent }, about }: ShareFacts): string | undefined {
  const bands = about.map(({ band }) => band);
  if (consent?.by === 'parent' && bands.some((band) => band === '16-17' || band === 'adult' || band === 'adult-lacking-capacity')) return 'parent';
  if (consent?.by === 'person' && bands.includes('under-16') && consent.competent !== true) return 'competence';
  return consent?.by === 'person' && bands.includes('adult-lacking-capacity') ? 'capacity' : undefined;
}

/** Consent: whether it is asked for, and what it is worth. */
export const CONSENT = [
  {
    code: 'CONSENT_NOT_ADDRESSED', clauses: ['LB-09'], on: 'share', term: 'law.consentStance', pointer: '/consent', nicety: true,
    applies: (agreement) => stance(agreement) === 'seek-first',
    says: 'consent was obtained, or a reason says why the share goes without it',
    next: 'State whether consent was obtained; if not, give a reason that the agreement knows.',
    met: consentAddressed,
  },
  {
    code: 'CONSENT_NOT_REAL', clauses: ['LB-09', 'LB-10'], on: 'share', term: 'law.consentStance', pointer: '/consent/couldRefuse', nicety: true,
    applies: (agreement) => stance(agreement) === 'only-if-real-choice',
    says: 'consent was asked for only where the person could really have refused',
    next: 'State that the person could refuse; if he or she could not, rely on another basis and say that consent was not sought.',
    met: (facts) => !given(facts) || facts.manifest.consent?.couldRefuse === true,
  },
  {
    code: 'CONSENT_INCOMPLETE', clauses: ['LB-10'], on: 'share', grounds: ['law.consentWithdrawal', 'law.consentStance', { statute: 'uk-gdpr-7' }], pointer: '/consent', nicety: true, cause: gap,
    says: 'where the share rests on consent, it was given, and its date, its evidence and who gave it are on record',
    next: 'Complete the record of the consent, or rely on another basis.',
    met: (facts) => !reliedOn(facts) || gap(facts) === undefined,
  },
  {
    code: 'CONSENT_EXPIRED', clauses: ['LB-10'], on: 'share', grounds: ['law.consentWithdrawal', { statute: 'uk-gdpr-7' }], pointer: '/consent/expires', nicety: true, cause: lapse,
    says: 'consent holds on the day of sending, and has an end where the agreement wants one',
    next: 'Ask again, or rely on another basis and say why the share goes without consent.',
    met: (facts) => !given(facts) || lapse(facts) === undefined,
  },
  {
    code: 'CONSENT_SCOPE', clauses: ['LB-10', 'LB-11'], on: 'share', grounds: ['law.consentWithdrawal', 'law.consentStance', { statute: 'uk-gdpr-7' }], pointer: '/consent/purposes', nicety: true,
    says: 'the purpose is one to which the person agreed',
    next: 'Ask again, or rely on another basis and say why the share goes without consent.',
    met: ({ manifest: { consent, purpose } }) => consent?.status !== 'obtained' || !consent.purposes || (purpose !== undefined && consent.purposes.includes(purpose)),
  },
  {
    code: 'CONSENT_SCOPE', clauses: ['LB-10', 'LB-11'], on: 'line', grounds: ['law.consentWithdrawal', 'law.consentStance', { statute: 'uk-gdpr-7' }], pointer: '/category', nicety: true,
    says: 'every part is of a category to which the person agreed, where consent carries the share',
    next: 'Leave the part out, or ask again.',
    met: (facts) => {
      const agreed = given(facts) && reliedOn(facts) ? facts.manifest.consent?.categories : undefined;
      return !agreed || !isPartLine(facts.line) || agreed.includes(facts.line.category);
    },
  },
  {
    code: 'CONSENT_LIMITS_NOT_STATED', clauses: ['LB-11', 'PU-08'], on: 'share', term: 'onward.rule', pointer: '/consent/limited', nicety: true,
    applies: (agreement) => term(agreement, 'onward.rule') === 'intent-known',
    says: 'a share that somebody agreed to, or that came from a third party, says whether that has limits which bind the recipient too',
    next: 'State `consent.limited`; the recipient is shown it first.',
    met: (facts) => (!given(facts) && !facts.shared.some(({ source }) => source === 'third-party')) || facts.manifest.consent?.limited !== undefined,
  },
  {
    code: 'CONSENT_BY_WHOM', clauses: ['LB-14'], on: 'share', grounds: [{ statute: 'gillick-competence' }], pointer: '/consent/by', nicety: true, cause: giverFault,
    says: 'a parent agrees for a child under 16 only; such a child agrees for itself where its competence was noted; nobody agrees who lacks capacity',
    next: 'Record who agreed and why he or she could, or say why the share goes without consent.',
    met: (facts) => !given(facts) || giverFault(facts) === undefined,
  },
] as const satisfies readonly Condition[];
