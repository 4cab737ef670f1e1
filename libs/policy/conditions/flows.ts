import { type Address, isPartLine } from '#protocol/line';
import { term } from '../agreement';
import { contactOf, type Party } from '../parties';
import { REVIEW_BODIES } from '../vocabulary/declarations';
import { holds } from '../vocabulary/entry';
import { GATEWAYS } from '../vocabulary/gateways';
import { JUSTIFICATIONS } from '../vocabulary/reasons';
import type { Condition, RecipientFacts, ShareFacts } from './condition';

const RESPONSIBLE: readonly string[] = ['police', 'probation', 'prison'];
const CO_OPERATES: readonly string[] = GATEWAYS['criminal-justice-act-2003-s325'].open;
/** By the power that it cites, or by its purpose. */
const runsUnder = ({ manifest, purpose }: ShareFacts, power: keyof typeof GATEWAYS): boolean => manifest.legalGateway === power || purpose?.power === power;
const oneOf = (party: Party | undefined, types: readonly string[]): boolean => party?.types.some((type) => types.includes(type)) ?? false;

/** One side is police, probation or prison; the other is listed in s.325(6), or one of the three itself. */
const forPublicProtection = ({ sender, party }: RecipientFacts): boolean =>
  (oneOf(sender, RESPONSIBLE) && oneOf(party, CO_OPERATES)) || (oneOf(party, RESPONSIBLE) && oneOf(sender, CO_OPERATES));

/** The team of an authority that is told of private fostering. */
const DUTY_TEAM = 'duty-team';
const isDutyTeam = (facts: ShareFacts, { agency, contact }: Address): boolean => {
  const party = facts.parties.party(agency);
  return oneOf(party, ['local-authority']) && contactOf(party, contact, facts.at)?.desk === DUTY_TEAM;
};

function fosteringFault({ manifest: { fostering }, about }: ShareFacts): string | undefined {
  if (!fostering) return 'facts';
  if (fostering.byCloseRelative) return 'close-relative';
  if (!fostering.atLeast28Days) return 'under-28-days';
  const young = about.some(({ band }) => band === 'under-16' || (band === '16-17' && fostering.disabled));
  return young ? undefined : 'age';
}

/** What special laws ask of the shares that run under them. */
export const FLOWS = [
  {
    code: 'SENSITIVE_INTELLIGENCE_PROHIBITED', clauses: ['SP-04'], on: 'line', grounds: [{ statute: 'counter-terrorism-and-security-act-2015-s38' }], pointer: '/source',
    says: 'nothing that derives from an intelligence service is disclosed',
    next: 'Leave the part out. There is no exception.',
    met: ({ line }) => !isPartLine(line) || line.source !== 'intelligence-service',
  },
  {
    code: 'SUPPORT_CONSENT_NOT_STATED', clauses: ['SP-04'], on: 'share', grounds: [{ statute: 'counter-terrorism-and-security-act-2015-s38' }], pointer: '/consent/status', warns: true,
    says: 'what goes to a panel on support says whether the necessary consent was given, refused or withdrawn',
    next: 'State it; support is not given without.',
    met: (facts) => !runsUnder(facts, 'counter-terrorism-and-security-act-2015-s36') || ['obtained', 'refused', 'withdrawn'].includes(facts.manifest.consent?.status ?? ''),
  },
  {
    code: 'COHORT_NOT_JUSTIFIED', clauses: ['SP-05'], on: 'line', grounds: [{ statute: 'uk-gdpr-5' }], pointer: '/justification', nicety: true,
    says: 'what concerns several people goes to a recipient only with its justification for this category',
    next: 'Justify it, or share what concerns the one person.',
    met: ({ line, at }) => !isPartLine(line) || !line.severalPeople || holds(JUSTIFICATIONS, line.justification, at),
  },
  {
    code: 'RESPONSIBLE_AUTHORITY_MISSING', clauses: ['SP-07'], on: 'recipient', grounds: [{ statute: 'criminal-justice-act-2003-s325' }], pointer: '/recipient/agency', nicety: true,
    says: 'arrangements for public protection run between police, probation or prison and the bodies that the Act lists',
    next: 'Cite another power for this recipient, or leave it out.',
    met: (facts) => !runsUnder(facts, 'criminal-justice-act-2003-s325') || forPublicProtection(facts),
  },
  {
    code: 'FOSTERING_FACTS_MISSING', clauses: ['SP-03'], on: 'share', grounds: [{ statute: 'children-act-1989-part-9' }], pointer: '/fostering', warns: true, cause: fosteringFault,
    says: 'a notification of private fostering states age, duration and relationship, and they make it one',
    next: 'State `fostering`; where it is none, ask the duty team what to do.',
    met: (facts) => !runsUnder(facts, 'private-fostering') || fosteringFault(facts) === undefined,
  },
  {
    code: 'DUTY_TEAM_NOT_TOLD', clauses: ['SP-03'], on: 'share', grounds: [{ statute: 'children-act-1989-part-9' }], pointer: '/lines', warns: true,
    says: 'a notification of private fostering goes to the duty team of the authority',
    next: 'Add the duty team as a recipient.',
    met: (facts) => !runsUnder(facts, 'private-fostering') || facts.shared.some(({ recipient }) => isDutyTeam(facts, recipient)),
  },
  {
    code: 'REVIEW_NOT_NAMED', clauses: ['SP-06', 'SP-09'], on: 'share', grounds: ['agreement.purposes'], pointer: '/review', warns: true,
    applies: (agreement) => term(agreement, 'agreement.purposes').some(({ nature }) => nature === 'review'),
    says: 'a share for a review names who commissioned it, and its reference',
    next: 'State `review`.',
    met: ({ purpose, manifest, at }) => purpose?.nature !== 'review' || holds(REVIEW_BODIES, manifest.review?.commissionedBy, at),
  },
  {
    code: 'NOT_ANONYMISED', clauses: ['PU-12', 'SP-09'], on: 'share', term: 'agreement.purposes', pointer: '/anonymised', nicety: true,
    applies: (agreement) => term(agreement, 'agreement.purposes').some(({ anonymised, nature }) => anonymised === true || nature === 'publication'),
    says: 'what is published or reported for learning carries nothing by which a person can be identified',
    next: 'Take out what identifies anybody, and declare `anonymised`.',
    met: ({ purpose, manifest, shared }) => {
      if (purpose?.anonymised !== true && purpose?.nature !== 'publication') return true;
      return manifest.anonymised === true && !shared.some(({ category }) => category === 'names');
    },
  },
] as const satisfies readonly Condition[];
