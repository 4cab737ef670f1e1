import { isPartLine } from '#protocol/line';
import { hidesIdentifier } from '#protocol/grammar';
import { type Agreement, term } from '../agreement';
import type { Contact, Party } from '../parties';
import { CATEGORIES, isOwnWords } from '../vocabulary/categories';
import { entryOf, holds, within } from '../vocabulary/entry';
import { ORGANISATION_TYPES } from '../vocabulary/organisations';
import { JUSTIFICATIONS, NEEDS_TO_KNOW } from '../vocabulary/reasons';
import { monthsBetween } from './age';
import type { Condition, LineFacts } from './condition';

const isStatutory = (party: Party): boolean => party.types.some((type) => entryOf(ORGANISATION_TYPES, type)?.statutory);

/** Verified within the time after which the agreement looks its directory through again. */
function verifiedLately(agreement: Agreement, contact: Contact, at: string): boolean {
  const months = term(agreement, 'agreement.reviewCycle')?.everyMonths;
  if (contact.verifiedOn === undefined) return false;
  if (months === undefined) return true;
  return within({ from: contact.verifiedOn }, at) && monthsBetween(contact.verifiedOn, at) < months;
}

const minimum = (agreement: Agreement): boolean => term(agreement, 'min.nonStatutoryRule') === 'minimum';
const toNonStatutory = ({ agreement, party }: LineFacts): boolean => minimum(agreement) && party !== undefined && !isStatutory(party);

/** Unless the agreement lists what it keeps from them: what shows the body and what the body suffers. */
const KEPT: readonly string[] = ['photos-of-injuries', 'health'];

const wantsJustification = (facts: LineFacts): boolean => {
  const listed = term(facts.agreement, 'min.dataCategories');
  return listed?.eachJustified === true || toNonStatutory(facts) || (listed?.list === 'listed' && isPartLine(facts.line) && facts.line.category === 'other');
};

/** A list of all that there is leaves nothing out. */
function leavesOut(agreement: Agreement): boolean {
  const listed = term(agreement, 'min.dataCategories');
  return listed?.list === 'listed' && Object.keys(CATEGORIES).some((category) => !isOwnWords(category) && !(listed.codes as readonly string[] | undefined)?.includes(category));
}

/** Categories that the purpose may carry, else those of the agreement; a sender's own words go along with any. */
function needed({ agreement, purpose, line }: LineFacts): boolean {
  // What stands in no list is told as that.
  if (!isPartLine(line) || isOwnWords(line.category) || !entryOf(CATEGORIES, line.category)) return true;
  const listed = term(agreement, 'min.dataCategories');
  const allowed: readonly string[] | undefined = purpose?.categories ?? (listed?.list === 'listed' ? listed.codes : undefined);
  return !allowed || allowed.includes(line.category);
}

/** Only what is needed, only to whom it is needed, and nothing of a person in clear. */
export const MINIMISATION = [
  {
    code: 'RECIPIENT_NOT_JUSTIFIED', clauses: ['MN-02', 'LB-16'], on: 'recipient', term: 'min.recipientRule', pointer: '/needToKnow', nicety: true,
    says: 'every recipient has a need to know',
    next: 'Say for each part why this recipient needs it, or leave the recipient out.',
    met: ({ parts, at }) => parts.some((part) => holds(NEEDS_TO_KNOW, part.needToKnow, at)),
  },
  {
    code: 'NEED_TO_KNOW_MISSING', clauses: ['MN-02', 'MN-14'], on: 'line', term: 'min.recipientRule', pointer: '/needToKnow', nicety: true,
    says: 'every part goes to a recipient only with its need to know',
    next: 'Say why this recipient needs this part, or leave the line out.',
    met: ({ line, at }) => !isPartLine(line) || holds(NEEDS_TO_KNOW, line.needToKnow, at),
  },
  {
    code: 'JUSTIFICATION_MISSING', clauses: ['MN-01', 'MN-05'], on: 'line', grounds: ['min.dataCategories', 'min.nonStatutoryRule'], pointer: '/justification', nicety: true,
    applies: (agreement) => minimum(agreement) || term(agreement, 'min.dataCategories')?.eachJustified === true || term(agreement, 'min.dataCategories')?.list === 'listed',
    says: 'a part goes with a justification of its own where the agreement asks for one, and to a recipient without statutory powers always',
    next: 'Justify this category for this recipient, or leave the line out.',
    met: (facts) => !isPartLine(facts.line) || isOwnWords(facts.line.category) || !wantsJustification(facts) || holds(JUSTIFICATIONS, facts.line.justification, facts.at),
  },
  {
    code: 'CATEGORY_EXCLUDED', clauses: ['MN-05'], on: 'line', term: 'min.nonStatutoryRule', pointer: '/exceptional', nicety: true, applies: minimum,
    says: 'a recipient without statutory powers gets neither photographs of injuries nor health information, unless this is the exception',
    next: 'Leave the part out; where the recipient cannot do without it, justify it and declare `exceptional`.',
    met: (facts) => {
      const kept: readonly string[] = term(facts.agreement, 'min.dataCategories')?.keptFromNonStatutory ?? KEPT;
      return !isPartLine(facts.line) || !kept.includes(facts.line.category) || !toNonStatutory(facts) || facts.line.exceptional === true;
    },
  },
  {
    code: 'CATEGORY_NOT_NEEDED', clauses: ['MN-01'], on: 'line', grounds: ['min.dataCategories', 'agreement.purposes'], pointer: '/category', nicety: true,
    applies: (agreement) => leavesOut(agreement) || term(agreement, 'agreement.purposes').some(({ categories }) => categories !== undefined),
    says: 'every part is of a category that its purpose needs',
    next: 'Leave the part out, or declare the purpose that needs it.',
    met: needed,
  },
  {
    code: 'UNKNOWN_RECIPIENT', clauses: ['MN-03', 'MN-12'], on: 'recipient', grounds: [{ technical: 'nobody can be sealed to whom the directory does not know' }], pointer: '/recipient/contact',
    says: 'every recipient is an agency and a contact of the directory',
    next: 'Choose the recipient from the directory.',
    met: ({ contact }) => contact !== undefined,
  },
  {
    code: 'ADDRESS_MISMATCH', clauses: ['MN-03'], on: 'recipient', grounds: [{ technical: 'an address outside the organisation cannot be trusted to be its own' }], pointer: '/recipient/contact', nicety: true,
    says: "a contact's mail address lies in a domain of its organisation",
    next: 'Ask the co-ordinator to correct the contact; until then nothing goes there.',
    met: ({ contact }) => contact?.emailDomainOwned !== false,
  },
  {
    code: 'ADDRESS_STALE', clauses: ['MN-03'], on: 'recipient', grounds: [{ technical: 'an address that nobody verified lately cannot be trusted' }], pointer: '/recipient/contact', nicety: true,
    says: 'the contact was verified, and not longer ago than the directory is reviewed',
    next: 'Ask the co-ordinator to verify the contact again.',
    met: ({ agreement, contact, at }) => !contact || verifiedLately(agreement, contact, at),
  },
  {
    code: 'IDENTIFIER_IN_CLEAR', clauses: ['MN-06', 'MN-07'], on: 'line', refuses: 'share', grounds: [{ parameter: 'min.identityReduction', asks: ['initials', 'none-in-subject-line'] }, { statute: 'uk-gdpr-32' }], pointer: '/reference',
    says: 'the reference of the person holds initials or a case number, and no NHS number, date or postcode',
    next: 'Use initials and a case reference; who the person is stands inside the sealed parts.',
    met: ({ line }) => isPartLine(line) || line.about !== 'subject' || !hidesIdentifier(line.reference),
  },
  {
    code: 'IDENTIFIER_IN_CLEAR', clauses: ['MN-06', 'MN-07'], on: 'share', grounds: [{ parameter: 'min.identityReduction', asks: ['initials', 'none-in-subject-line'] }, { statute: 'uk-gdpr-32' }], pointer: '/review/reference',
    says: 'the reference of a review holds no NHS number, date or postcode',
    next: 'Use the reference that the body gave the review.',
    met: ({ manifest }) => manifest.review === undefined || !hidesIdentifier(manifest.review.reference),
  },
  {
    code: 'CATEGORY_UNKNOWN', clauses: ['MN-01'], on: 'line', grounds: [{ technical: 'what a word means that stands in no list nobody can trust' }], pointer: '/category', nicety: true,
    says: 'every part is of a category that the vocabulary knows',
    next: 'Choose a category from the vocabulary.',
    met: ({ line, at }) => !isPartLine(line) || holds(CATEGORIES, line.category, at),
  },
] as const satisfies readonly Condition[];
