import { isPartLine } from '#protocol/line';
import { hidesIdentifier } from '#protocol/grammar';
import { term } from '../agreement';
import { CATEGORIES } from '../vocabulary/categories';
import { INFORMERS, NO_CONSENT_REASONS, NOT_INFORMED_REASONS } from '../vocabulary/consent';
import { entryOf, holds, type Table, within } from '../vocabulary/entry';
import { GATEWAYS } from '../vocabulary/gateways';
import { ARTICLE_9, SUPPORTS } from '../vocabulary/lawful-bases';
import { ORGANISATION_TYPES } from '../vocabulary/organisations';
import { DECISION_REASONS, DECISION_METHODS, JUSTIFICATIONS, NEEDS_TO_KNOW } from '../vocabulary/reasons';
import { ROLES } from '../vocabulary/roles';
import { PART_3, SCHEDULE_1, SCHEDULE_8 } from '../vocabulary/schedules';
import type { Agreement } from '../agreement';
import type { Contact, Party } from '../parties';
import type { Condition, LineFacts, ShareFacts } from './condition';

const CONDITIONS_DECLARED: Table = { ...ARTICLE_9, ...SUPPORTS, ...SCHEDULE_1, ...SCHEDULE_8, ...PART_3 };

/** The first code that no vocabulary knows, as a pointer. A code that is in no list could be a name with hyphens. */
function unknownInManifest({ manifest, at }: ShareFacts): string | undefined {
  const places: [string, string | undefined, Table][] = [
    ['/sender/role', manifest.sender.role, ROLES],
    ['/legalGateway', manifest.legalGateway, GATEWAYS],
    ['/consent/reason', manifest.consent?.reason, NO_CONSENT_REASONS],
    ['/informed/by', manifest.informed?.by, INFORMERS],
    ['/informed/reason', manifest.informed?.reason, NOT_INFORMED_REASONS],
    ...(manifest.conditions ?? []).map((code, i): [string, string, Table] => [`/conditions/${i}`, code, CONDITIONS_DECLARED]),
  ];
  return firstUnknown(places, at);
}

function unknownInLine({ line, at }: LineFacts): string | undefined {
  if (isPartLine(line)) return firstUnknown([['/needToKnow', line.needToKnow, NEEDS_TO_KNOW], ['/justification', line.justification, JUSTIFICATIONS]], at);
  if (line.about !== 'decision') return undefined;
  return firstUnknown(
    [['/role', line.role, ROLES], ['/method', line.method, DECISION_METHODS], ...line.reasons.map((reason, i): [string, string, Table] => [`/reasons/${i}`, reason, DECISION_REASONS])],
    at,
  );
}

const firstUnknown = (places: readonly (readonly [string, string | undefined, Table])[], at: string): string | undefined =>
  places.find(([, code, table]) => code !== undefined && !holds(table, code, at))?.[0];

const isStatutory = (party: Party): boolean => party.types.some((type) => entryOf(ORGANISATION_TYPES, type)?.statutory);

/** Verified within the time after which the agreement looks its directory through again. */
function verifiedLately(agreement: Agreement, contact: Contact, at: string): boolean {
  const months = term(agreement, 'agreement.reviewCycle')?.everyMonths;
  if (contact.verifiedOn === undefined) return false;
  if (months === undefined) return true;
  const lapses = new Date(contact.verifiedOn);
  lapses.setUTCMonth(lapses.getUTCMonth() + months);
  return within({ from: contact.verifiedOn, until: lapses.toISOString() }, at);
}

/** Only what is needed, only to whom it is needed, and nothing of a person in clear. */
export const MINIMISATION = [
  {
    code: 'RECIPIENT_NOT_JUSTIFIED', clauses: ['MN-02'], on: 'recipient', term: 'min.recipientRule', nicety: true,
    says: 'every recipient has a need to know',
    next: 'Say for each part why this recipient needs it, or leave the recipient out.',
    met: ({ parts, at }) => parts.some((part) => holds(NEEDS_TO_KNOW, part.needToKnow, at)),
  },
  {
    code: 'NEED_TO_KNOW_MISSING', clauses: ['MN-02'], on: 'line', term: 'min.recipientRule', pointer: '/needToKnow', nicety: true,
    says: 'every part goes to a recipient only with its need to know',
    next: 'Say why this recipient needs this part, or leave the line out.',
    met: ({ line, at }) => !isPartLine(line) || holds(NEEDS_TO_KNOW, line.needToKnow, at),
  },
  {
    code: 'JUSTIFICATION_MISSING', clauses: ['MN-05'], on: 'line', term: 'min.nonStatutoryRule', pointer: '/justification', nicety: true,
    applies: (agreement) => term(agreement, 'min.nonStatutoryRule') === 'minimum',
    says: 'a recipient without statutory powers gets a part only with a justification of its own',
    next: 'Justify this category for this recipient, or leave the line out.',
    met: ({ line, party, at }) => !isPartLine(line) || !party || isStatutory(party) || holds(JUSTIFICATIONS, line.justification, at),
  },
  {
    code: 'UNKNOWN_RECIPIENT', clauses: ['MN-03'], on: 'recipient',
    says: 'every recipient is an agency and a contact of the directory',
    next: 'Choose the recipient from the directory.',
    met: ({ contact }) => contact !== undefined,
  },
  {
    code: 'ADDRESS_MISMATCH', clauses: ['MN-03'], on: 'recipient', nicety: true,
    says: "a contact's mail address lies in a domain of its organisation",
    next: 'Ask the co-ordinator to correct the contact; until then nothing goes there.',
    met: ({ contact }) => contact?.emailDomainOwned !== false,
  },
  {
    code: 'ADDRESS_STALE', clauses: ['MN-03'], on: 'recipient', nicety: true,
    says: 'the contact was verified, and not longer ago than the directory is reviewed',
    next: 'Ask the co-ordinator to verify the contact again.',
    met: ({ agreement, contact, at }) => !contact || verifiedLately(agreement, contact, at),
  },
  {
    code: 'IDENTIFIER_IN_CLEAR', clauses: ['MN-06', 'MN-07'], on: 'line', refuses: 'share', pointer: '/reference',
    says: 'the reference of the person holds initials or a case number, and no NHS number, date or postcode',
    next: 'Use initials and a case reference; who the person is stands inside the sealed parts.',
    met: ({ line }) => isPartLine(line) || line.about !== 'subject' || !hidesIdentifier(line.reference),
  },
  {
    code: 'CATEGORY_UNKNOWN', clauses: ['MN-01'], on: 'line', pointer: '/category', nicety: true,
    says: 'every part is of a category that the vocabulary knows',
    next: 'Choose a category from the vocabulary.',
    met: ({ line, at }) => !isPartLine(line) || holds(CATEGORIES, line.category, at),
  },
  {
    code: 'CODE_UNKNOWN', clauses: ['MN-06', 'LB-20'], on: 'share', nicety: true, pointer: unknownInManifest,
    says: 'every code in the manifest stands in the vocabulary of today',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknownInManifest(facts) === undefined,
  },
  {
    code: 'CODE_UNKNOWN', clauses: ['MN-06', 'LB-20'], on: 'line', nicety: true, pointer: unknownInLine,
    says: 'every code in a line stands in the vocabulary of today',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknownInLine(facts) === undefined,
  },
] as const satisfies readonly Condition[];
