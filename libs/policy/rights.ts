import type { Right } from '#protocol/matter';
import type { RequesterAuthorised, RequesterIdentified, RightsItemClosed, RightsRequested, RightsStated } from '#protocol/rights-request';
import { type Agreement, term } from './agreement';
import { contactOf, isPublicAuthority, type Party } from './parties';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';
import { IDENTITY_CHECKS } from './vocabulary/disclosure-routes';
import { entryOf, holds, within } from './vocabulary/entry';
import { COMPLAINTS, EXEMPTIONS, EXTENSION_REASONS, ITEM_OUTCOMES, REQUESTER_AUTHORITIES, REQUESTERS, WEIGHTS } from './vocabulary/rights';
import { type Post, ROLES } from './vocabulary/roles';

/** How long the law gives. */
export type LegalSpan = { months: number } | { workingDays: number } | { days: number };

interface RightInLaw {
  says: string;
  law: string;
  within: LegalSpan;
  /** From the same day on, where it takes longer; absent: it may not. */
  extendedTo?: LegalSpan;
  /** Whether the agreement's rule on consulting whoever provided it is about this right. */
  consults: 'personal-data' | 'access-to-information' | 'no';
}

const ONE_MONTH = { within: { months: 1 }, extendedTo: { months: 3 }, consults: 'personal-data' } as const;

/** Which right gives how much time (RR-01, RR-04). A data protection officer confirms each. */
export const RIGHTS_IN_LAW: Record<Right, RightInLaw> = {
  access: { says: 'to see what is held', law: 'UK GDPR, Articles 12(3) and 15; DPA 2018, section 45', ...ONE_MONTH },
  rectification: { says: 'to have it corrected', law: 'UK GDPR, Article 16; DPA 2018, section 46', ...ONE_MONTH },
  erasure: { says: 'to have it erased', law: 'UK GDPR, Article 17; DPA 2018, section 47', ...ONE_MONTH },
  restriction: { says: 'to have its use restricted', law: 'UK GDPR, Article 18', ...ONE_MONTH },
  objection: { says: 'to object to its use', law: 'UK GDPR, Article 21', ...ONE_MONTH },
  portability: { says: 'to take it elsewhere', law: 'UK GDPR, Article 20', ...ONE_MONTH },
  foi: { says: 'to know what a public authority holds', law: 'Freedom of Information Act 2000, section 10', within: { workingDays: 20 }, extendedTo: { workingDays: 40 }, consults: 'access-to-information' },
  eir: { says: 'to know what it holds about the environment', law: 'Environmental Information Regulations 2004, regulations 5(2) and 7', within: { workingDays: 20 }, extendedTo: { workingDays: 40 }, consults: 'access-to-information' },
  complaint: { says: 'to complain of how it was handled, and hear within 30 days that it is looked into', law: 'DPA 2018, section 164A', within: { days: 30 }, consults: 'no' },
};

const CONSIDERED = Object.entries(EXEMPTIONS).filter(([, { considered }]) => considered).map(([code]) => code);
/** Who approves that what must not be told to the person is told. */
const APPROVERS: readonly Post[] = ['data-protection-officer', 'responsible-manager'];

/** Whether whoever provided it has to be asked what it thinks, is asked and not waited for, or may be asked. Pure. */
export function consultationOf(agreement: Agreement, right: Right): 'must' | 'asked' | 'may' {
  const { consults } = RIGHTS_IN_LAW[right];
  if (consults === 'personal-data' && term(agreement, 'rights.consultProvider') === 'must') return 'must';
  if (consults === 'access-to-information' && term(agreement, 'rights.foiConsult') === 'consult') return 'asked';
  return 'may';
}

/** Whether the agreement names the right; where it is silent the law gives it all the same. Pure. */
export function isNamed(agreement: Agreement, right: Right): boolean {
  const named: readonly string[] = term(agreement, 'rights.types') ?? [];
  return RIGHTS_IN_LAW[right].consults === 'access-to-information' ? term(agreement, 'rights.foiConsult') !== undefined : right === 'complaint' ? term(agreement, 'rights.complaintsTo') !== undefined : named.includes(right);
}

/** What a rights request is held to when it is recorded. */
export interface Receiving {
  agreement: Agreement;
  requested: RightsRequested;
  party: Party | undefined;
  at: string;
}

function unknownCode({ requested, at }: Receiving): string | undefined {
  const { role, requester, identity, authority, about } = requested;
  if (!holds(ROLES, role, at)) return '/role';
  if (!holds(REQUESTERS, requester, at)) return '/requester';
  if (about !== undefined && !holds(COMPLAINTS, about, at)) return '/about';
  return unknownProof({ identity, authority }, at);
}

function unknownProof({ identity, authority }: { identity: RequesterIdentified | undefined; authority: RequesterAuthorised | undefined }, at: string): string | undefined {
  if (identity && !(holds(IDENTITY_CHECKS, identity.how, at) && holds(ROLES, identity.by, at))) return '/identity';
  return authority && !(holds(REQUESTER_AUTHORITIES, authority.kind, at) && holds(ROLES, authority.checkedBy, at)) ? '/authority' : undefined;
}

export const RECEIVING_RIGHTS = [
  {
    code: 'RIGHTS_CODE_UNKNOWN', clauses: ['MN-06'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: unknownCode,
    says: 'every code stands in the vocabulary of its place',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknownCode(facts) === undefined,
  },
  {
    code: 'RECEIVED_LATER', clauses: ['RR-01'], grounds: untrusted('what has not come yet has no time that runs'), pointer: '/receivedOn',
    says: 'it was received today or before',
    next: 'State the day on which it came in.',
    met: ({ requested, at }) => within({ from: requested.receivedOn }, at),
  },
  {
    code: 'NOT_A_PUBLIC_AUTHORITY', clauses: ['RR-04'], grounds: [{ statute: 'foi-act-2000' }], pointer: '/right',
    says: 'information that a public authority holds is asked of a public authority',
    next: 'Answer as you see fit: the Act does not bind you. Where the person asks about himself or herself, record it as access.',
    met: ({ requested, party }) => RIGHTS_IN_LAW[requested.right].consults !== 'access-to-information' || isPublicAuthority(party),
  },
  {
    code: 'COMPLAINT_ABOUT_WHAT', clauses: ['RR-06'], grounds: untrusted('where a complaint goes follows from what it is about'), pointer: '/about',
    says: 'a complaint says what it is about: a disclosure, a failure to disclose, or how it was handled; nothing else does',
    next: 'State `about` of a complaint, and of nothing else.',
    met: ({ requested }) => (requested.right === 'complaint') === (requested.about !== undefined),
  },
] as const satisfies readonly RecordRule<Receiving>[];

/** What the closing of one item is held to. */
export interface ClosingItem {
  agreement: Agreement;
  requested: Pick<RightsRequested, 'right' | 'requester' | 'identity' | 'authority'>;
  stated: RightsStated;
  item: RightsItemClosed;
  /** Its place in the statement. */
  index: number;
  doNotTell: boolean;
  /** How the consultation of whoever provided it stands. */
  consultation: 'none' | 'awaited' | 'overdue' | 'answered';
  party: Party | undefined;
  at: string;
}

const at = (place: string) => ({ index }: ClosingItem): string => `/items/${index}/${place}`;
const outcomeOf = ({ item }: ClosingItem) => entryOf(ITEM_OUTCOMES, item.outcome);
const tells = (facts: ClosingItem): boolean => outcomeOf(facts)?.tells === true;
const identified = ({ requested, stated }: ClosingItem): boolean => (stated.identity ?? requested.identity) !== undefined;
const authorised = ({ requested, stated }: ClosingItem): boolean => entryOf(REQUESTERS, requested.requester)?.authority !== true || (stated.authority ?? requested.authority) !== undefined;
const isAnybody = ({ requested }: ClosingItem): boolean => requested.requester === 'anybody';

export const CLOSING_RIGHTS = [
  {
    code: 'OUTCOME_UNKNOWN', clauses: ['RR-01'], grounds: untrusted('an outcome that stands in no list says nothing'), pointer: at('outcome'),
    says: 'what came of each transfer is an outcome of the vocabulary',
    next: 'Use released, partly, withheld, neither-confirm-nor-deny, corrected, erased, restricted, unchanged or taken-up.',
    met: (facts) => outcomeOf(facts) !== undefined && unknownProof({ identity: facts.stated.identity, authority: facts.stated.authority }, facts.at) === undefined,
  },
  {
    code: 'VIEW_AWAITED', clauses: ['RR-03'], grounds: ['rights.consultProvider'], pointer: at('transfer'),
    says: 'whoever provided it has said what it thinks, or its time has passed, before the person is answered',
    next: 'Wait for its view or for the day by which it is due; GET the matter shows both. Ring it where the law’s time presses.',
    met: ({ agreement, requested, consultation }) => consultation !== 'awaited' || consultationOf(agreement, requested.right) !== 'must',
  },
  {
    code: 'WEIGHT_NOT_RECORDED', clauses: ['RR-03', 'RR-04'], grounds: ['rights.consultProvider', 'rights.foiConsult', { technical: 'a view of which nobody says what it weighed was not considered' }], pointer: at('weight'),
    says: 'where whoever provided it was asked, it is on record how much its view weighed',
    next: 'State `weight`: followed, partly-followed, not-followed, or none-given where no view came in time.',
    met: ({ item, consultation, at: now }) => consultation === 'none' || (holds(WEIGHTS, item.weight, now) && (item.weight === 'none-given') === (consultation !== 'answered')),
  },
  {
    code: 'EXEMPTIONS_NOT_CONSIDERED', clauses: ['RR-01'], grounds: [{ statute: 'dpa-2018-sch2-4' }], pointer: at('considered'),
    says: 'before anything is released it was considered whether somebody could come to serious harm, whether it is child abuse data, whether it prejudices a crime’s detection, and who else it is about',
    next: 'Consider each, and list them: serious-harm, child-abuse-data, crime, third-party.',
    met: (facts) => !tells(facts) || facts.requested.right !== 'access' || CONSIDERED.every((code) => facts.item.considered?.includes(code)),
  },
  {
    code: 'WITHHELD_WITHOUT_EXEMPTION', clauses: ['RR-01'], grounds: [{ statute: 'dpa-2018-sch2-4' }], pointer: at('exemption'),
    says: 'what is withheld, or left as it is, names the exemption on which it is',
    next: 'Name one of the vocabulary, which was considered; or release it.',
    met: (facts) => outcomeOf(facts)?.withholds !== true || holds(EXEMPTIONS, facts.item.exemption, facts.at),
  },
  {
    code: 'DO_NOT_TELL_RELEASED', clauses: ['RR-01', 'LB-12'], grounds: untrusted('telling the person could put somebody at risk: nobody releases that alone'), pointer: '/approver',
    says: 'what was shared with the mark that the person must not be told is released only with the approval of a data protection officer or responsible manager',
    next: 'Have one approve it and name that contact in `approver`; or withhold it.',
    met: (facts) => !(tells(facts) && facts.doNotTell) || (contactOf(facts.party, facts.stated.approver ?? '', facts.at)?.posts.some((post) => APPROVERS.includes(post as Post)) ?? false),
  },
  {
    code: 'REQUESTER_NOT_IDENTIFIED', clauses: ['RR-01', 'LB-14'], grounds: [{ statute: 'uk-gdpr-12' }], pointer: '/identity',
    says: 'before anything is released it is on record who asks, and by what authority somebody acts for another',
    next: 'State `identity`, and `authority` of whoever acts for the person: parental responsibility, a power of attorney, an order, a written authority.',
    met: (facts) => !tells(facts) || isAnybody(facts) || (identified(facts) && authorised(facts)),
  },
] as const satisfies readonly RecordRule<ClosingItem>[];

export const receivingRightsUnmet = (facts: Receiving): Unmet<(typeof RECEIVING_RIGHTS)[number]['code']>[] => unmetRules(RECEIVING_RIGHTS, facts);
export const closingItemUnmet = (facts: ClosingItem): Unmet<(typeof CLOSING_RIGHTS)[number]['code']>[] => unmetRules(CLOSING_RIGHTS, facts);

/** What an extension is held to. */
export interface Extending {
  agreement: Agreement;
  right: Right;
  stated: RightsStated;
  due: string;
  extended: boolean;
  at: string;
}

export const EXTENDING_RIGHTS = [
  {
    code: 'CANNOT_BE_EXTENDED', clauses: ['RR-01', 'RR-04'], grounds: [{ statute: 'uk-gdpr-12' }], pointer: '/kind',
    says: 'the law lets it take longer, once, and the person is told before its time is over',
    next: 'Answer it now; what is late is answered all the same.',
    met: ({ right, due, extended, at: now }) => RIGHTS_IN_LAW[right].extendedTo !== undefined && !extended && within({ until: due }, now),
  },
  {
    code: 'EXTENDED_WITHOUT_REASON', clauses: ['RR-01'], grounds: [{ statute: 'uk-gdpr-12' }], pointer: '/reason',
    says: 'what takes longer has its reason',
    next: 'State `reason`: complex, several-requests, or public-interest-test.',
    met: ({ stated, at: now }) => holds(EXTENSION_REASONS, stated.reason, now),
  },
] as const satisfies readonly RecordRule<Extending>[];

export const extendingUnmet = (facts: Extending): Unmet<(typeof EXTENDING_RIGHTS)[number]['code']>[] => unmetRules(EXTENDING_RIGHTS, facts);
