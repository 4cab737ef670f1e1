import type { Attested } from '#protocol/membership';
import { type Agreement, type Term, term } from './agreement';
import type { ParameterName } from './parameters';
import type { Membership, Party } from './parties';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';
import { underSecurityNeeds } from './security-needs';
import { type Attestation, type AttestationEntry, ATTESTATIONS } from './vocabulary/attestations';
import { entryOf, holds, within } from './vocabulary/entry';
import type { Post } from './vocabulary/roles';

// What an agreement wants attested, by whom, and until when a word of it holds.

/** `must`: what is missing is a duty of the party. `asked`: it is shown, and nobody is told. */
type Weight = 'must' | 'asked';

interface Demanded {
  parameter: ParameterName;
  /** Whether these terms ask for it, and how much. */
  weight(agreement: Agreement): Weight | undefined;
  /** Who attests, where the agreement names posts. */
  posts?(agreement: Agreement): readonly Post[] | undefined;
  /** The partnership attests it, or the operator for it: not each party. */
  ofPartnership?(agreement: Agreement): boolean;
}

const must = (asked: boolean): Weight | undefined => (asked ? 'must' : undefined);
const listed = (what: Attestation): Demanded => ({ parameter: 'party.attests', weight: (agreement) => must(term(agreement, 'party.attests')?.includes(what) ?? false) });

/** What asks for each. */
const DEMANDED: Record<Attestation, Demanded> = {
  measures: listed('measures'),
  policies: listed('policies'),
  papers: listed('papers'),
  'privacy-notice': {
    parameter: 'party.privacyNotice', ofPartnership: (agreement) => term(agreement, 'party.privacyNotice') === 'partnership',
    weight: (agreement) => (term(agreement, 'party.privacyNotice') === 'good-practice' ? 'asked' : must(term(agreement, 'party.privacyNotice') !== undefined)),
  },
  'sharing-approval': { parameter: 'party.internalApproval', weight: (agreement) => must(term(agreement, 'party.internalApproval') !== undefined), posts: (agreement) => term(agreement, 'party.internalApproval') },
  'at-rest': { parameter: 'access.atRest', weight: (agreement) => must(term(agreement, 'access.atRest') !== undefined) },
  devices: { parameter: 'access.devices', weight: (agreement) => must(term(agreement, 'access.devices') !== undefined) },
  'security-standard': { parameter: 'access.standard', weight: (agreement) => must(term(agreement, 'access.standard') !== undefined) },
  'penetration-test': { ...listed('penetration-test'), ofPartnership: () => true },
  'privacy-risk': { parameter: 'party.preconditions', weight: (agreement) => must(term(agreement, 'party.preconditions') !== undefined) },
  oversight: { parameter: 'party.oversightRole', weight: (agreement) => must(term(agreement, 'party.oversightRole') !== undefined), posts: (agreement) => term(agreement, 'party.oversightRole') },
};

/** One thing that a party, or the partnership, is to attest. */
export interface Demand {
  what: Attestation;
  weight: Weight;
  /** Place of the text; absent: it is a default of ours. */
  clause?: string;
  /** The posts whose holders attest it: the first has the duty. */
  posts: readonly Post[];
  /** The entry of the list whose own rules ask for it: of whoever receives from it. */
  of?: string;
}

/** Beside the posts that an agreement requires: whoever answers for data and its security. */
const ANSWERS_FOR_DATA: readonly Post[] = ['data-protection-officer', 'governance-lead'];

const KINDS = Object.keys(ATTESTATIONS) as Attestation[];
const kindOf = (what: string): AttestationEntry | undefined => entryOf<Readonly<Record<string, AttestationEntry>>>(ATTESTATIONS, what);
const demand = (what: Attestation, agreement: Agreement, of?: string): Demand[] => {
  const { parameter, weight: weigh, posts } = DEMANDED[what];
  const weight = weigh(agreement);
  const place = (agreement.terms[parameter] as Term<unknown> | undefined)?.clause;
  const required = (term(agreement, 'party.requiredContacts') ?? []).map(({ post }) => post);
  return weight ? [{ what, weight, ...(place !== undefined && { clause: place }), posts: posts?.(agreement) ?? [...new Set([...required, ...ANSWERS_FOR_DATA])], ...(of !== undefined && { of }) }] : [];
};
const ofPartnership = (what: Attestation, agreement: Agreement): boolean => DEMANDED[what].ofPartnership?.(agreement) ?? false;

/** What a party under this entry of the list is to attest: to the agreement, and to parties whose own rules ask for it (PD-20). Pure. */
export function demandsOf(agreement: Agreement, entry: string, at: string): Demand[] {
  const own = KINDS.filter((what) => !ofPartnership(what, agreement)).flatMap((what) => demand(what, agreement));
  const others = (term(agreement, 'party.specificSecurityNeeds')?.profiles ?? []).filter((profile) => profile.entry !== entry).flatMap((profile) => {
    const theirs = underSecurityNeeds(agreement, profile.entry, at);
    return KINDS.filter((what) => !own.some((each) => each.what === what) && !ofPartnership(what, theirs)).flatMap((what) => demand(what, theirs, profile.entry));
  });
  return [...own, ...others];
}

/** What the partnership is to attest, or the operator for it. Pure. */
export const demandsOfPartnership = (agreement: Agreement): Demand[] => KINDS.filter((what) => ofPartnership(what, agreement)).flatMap((what) => demand(what, agreement));

/** Months after which what was attested is attested again, where neither the agreement nor the kind says. Ours: the texts speak of reviews, and give no other time. */
export const ATTESTED_AGAIN_MONTHS = 12;

/** The day by which it is to be attested again: after the agreement's cycle of reviews, or with the last day that it names itself. Pure. */
export function dueAgain(agreement: Agreement, { what, on, until }: Pick<Attested, 'what' | 'on' | 'until'>): string {
  const months = kindOf(what)?.everyMonths ?? term(agreement, 'agreement.reviewCycle')?.everyMonths ?? ATTESTED_AGAIN_MONTHS;
  const due = afterMonths(on, months);
  return until !== undefined && until < due ? until : due;
}

/** The same day of a later month; its last, where there is none. */
function afterMonths(on: string, months: number): string {
  const [year = 0, month = 1, day = 1] = on.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

export type Standing = 'missing' | 'current' | 'overdue';

/** How it stands at an instant. The day by which it is due is the last on which it counts. Pure. */
export function standingOf(due: string | undefined, at: string): Standing {
  if (due === undefined) return 'missing';
  return at.slice(0, 10) > due ? 'overdue' : 'current';
}

/** Whether a party's word for it counts at that instant. */
export const attestedNow = (membership: Membership | undefined, what: Attestation, at: string): boolean => standingOf(membership?.attested?.[what], at) === 'current';

/** What an attestation is held to. */
export interface Attesting {
  agreement: Agreement;
  attested: Attested;
  /** Of whoever attests: a party under an entry, by a contact; or the partnership. */
  by: { party: Party; entry: string; contact: string } | 'partnership';
  at: string;
}

const asked = ({ agreement, attested, by, at }: Attesting): Demand | undefined => (by === 'partnership' ? demandsOfPartnership(agreement) : demandsOf(agreement, by.entry, at)).find(({ what }) => what === attested.what);
const lacking = ({ attested }: Attesting): string | undefined => [...(kindOf(attested.what)?.needs ?? []), ...(attested.covers?.includes('certified') ? (['reference'] as const) : [])].find((field) => attested[field] === undefined);
const notWhole = ({ attested }: Attesting): boolean => (kindOf(attested.what)?.whole ?? []).some((code) => !attested.covers?.includes(code));
const strange = ({ attested, at }: Attesting): number => (attested.covers ?? []).findIndex((code) => !holds(kindOf(attested.what)?.covers ?? {}, code, at));

/** Ways by which a party is reached here: whoever collects has a mailbox, whoever does not has mail. */
const ways = ({ contacts }: Party, at: string): string[] => [...new Set(contacts.filter((contact) => within(contact, at) && contact.protections.length > 0).map(({ collects }) => (collects === false ? 'mail' : 'mailbox')))];
const uncovered = ({ attested, by, at }: Attesting): string | undefined => (attested.what === 'measures' && by !== 'partnership' ? ways(by.party, at).find((way) => !attested.covers?.includes(way)) : undefined);

function holdsPost(facts: Attesting): boolean {
  const { by, at } = facts;
  if (by === 'partnership') return true;
  const posts: readonly string[] = asked(facts)?.posts ?? [];
  return posts.length === 0 || by.party.contacts.some((contact) => contact.contact === by.contact && within(contact, at) && contact.posts.some((post) => posts.includes(post)));
}

/** All are tried, and all that are unmet are told. */
export const ATTESTING = [
  {
    code: 'ATTESTATION_NOT_ASKED', clauses: ['AS-12'], grounds: untrusted('a word that nobody asked for is looked after by nobody'), pointer: '/attested/what',
    says: 'the agreement, or the rules of a party of it, asks the one who attests for this',
    next: 'Look at what is asked of you: GET /v1/memberships.',
    met: (facts) => asked(facts) !== undefined,
  },
  {
    code: 'NOT_YOURS_TO_ATTEST', clauses: ['PD-10', 'PD-07'], grounds: untrusted('the word of whoever does not answer for it says nothing'), pointer: '/by/contact',
    says: 'it is attested by a contact that holds a post which answers for it',
    next: 'Have a holder of one of its posts attest it: GET /v1/memberships names them.',
    met: holdsPost,
  },
  {
    code: 'ATTESTATION_INCOMPLETE', clauses: ['PD-24', 'RR-08', 'AS-11'], grounds: untrusted('without it nobody can look at what is attested'), pointer: (facts) => `/attested/${lacking(facts) ?? 'covers'}`,
    says: 'it holds what its kind needs: a link, the digest of a report, the last day, and all that it is to cover',
    next: 'Add the field named; docs/codes.md lists what each kind needs.',
    met: (facts) => lacking(facts) === undefined && !notWhole(facts),
  },
  {
    code: 'ATTESTATION_CODE_UNKNOWN', clauses: ['MN-06'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: (facts) => `/attested/covers/${strange(facts)}`,
    says: 'what it covers stands in the list of its kind',
    next: 'Use codes of docs/codes.md.',
    met: (facts) => strange(facts) === -1,
  },
  {
    code: 'WAY_NOT_COVERED', clauses: ['AS-01'], grounds: untrusted('measures that leave out a way in use protect nothing that goes by it'), pointer: '/attested/covers',
    says: 'measures cover every way by which the party is reached here: its mailbox, and its mail where nobody collects',
    next: 'Add `mailbox` or `mail` once the measures cover it, or have the directory changed.',
    met: (facts) => uncovered(facts) === undefined,
  },
  {
    code: 'ATTESTED_AHEAD', clauses: ['AS-12'], grounds: untrusted('what is still to come cannot be attested'), pointer: '/attested/on',
    says: 'the day of what is attested has come',
    next: 'Attest it on the day.',
    met: ({ attested, at }) => attested.on <= at.slice(0, 10),
  },
  {
    code: 'ATTESTATION_PAST', clauses: ['PD-10', 'PD-24'], grounds: untrusted('what is over already holds nothing'), pointer: '/attested/on',
    says: 'it still holds today: the agreement’s cycle of reviews, or the last day that it names, is not over',
    next: 'Review it, and attest that.',
    met: ({ agreement, attested, at }) => standingOf(dueAgain(agreement, attested), at) === 'current',
  },
] as const satisfies readonly RecordRule<Attesting>[];

/** What stands against an attestation. Pure. */
export const attestingUnmet = (facts: Attesting): Unmet<(typeof ATTESTING)[number]['code']>[] => unmetRules(ATTESTING, facts);
