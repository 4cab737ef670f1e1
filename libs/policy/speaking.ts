import { type Agreement, entryNamed, term } from './agreement';

/** An active party of an agreement, as far as it is asked who speaks for the agreement. */
export interface Voice {
  agency: string;
  /** Entry of the party list under which it is a party. */
  entry: string;
  /** Posts that its contacts hold today. */
  posts: readonly string[];
}

/** Who speaks for an agreement, as the texts have it. */
export type Body = 'statutory-partners' | 'parties' | 'partnership';

/** Posts of whoever looks after the agreement itself. */
const KEEPERS: readonly string[] = ['coordinator', 'business-manager'];

const BODIES: Record<Body, (agreement: Agreement, voices: readonly Voice[]) => readonly Voice[]> = {
  'statutory-partners': (agreement, voices) => voices.filter(({ entry }) => entryNamed(agreement, entry)?.kind === 'statutory-partner'),
  // Whoever is consulted has not signed it.
  parties: (agreement, voices) => voices.filter(({ entry }) => entryNamed(agreement, entry)?.kind !== 'consulted'),
  partnership: (agreement, voices) => {
    const keepers = voices.filter(({ entry, posts }) => entryNamed(agreement, entry)?.kind === 'coordinator' || posts.some((post) => KEEPERS.includes(post)));
    return [keepers, BODIES['statutory-partners'](agreement, voices)].find((found) => found.length > 0) ?? BODIES.parties(agreement, voices);
  },
};

/** The agencies that are meant, in their order. Of the partnership: who looks after it; where nobody does, the statutory partners; where there are none, all. Pure. */
export const speakersOf = (agreement: Agreement, body: Body, voices: readonly Voice[]): string[] => BODIES[body](agreement, voices).map(({ agency }) => agency).sort();

/** Whose approvals a change of the agreement asks for; undefined: the text asks for none, or says nothing of changes (RV-05). Pure. */
export function approversOf(agreement: Agreement): Body | undefined {
  const rule = term(agreement, 'agreement.amendRule');
  return rule && APPROVERS[rule];
}

const APPROVERS = {
  'statutory-partners': 'statutory-partners',
  'all-in-writing': 'parties',
  coordinator: 'partnership',
  // Notice of a party's own needs is given to the others, who do not approve it.
  'notice-of-security-needs': undefined,
} as const satisfies Record<string, Body | undefined>;

/** Who reviews it (RV-01 to RV-03). Pure. */
export const reviewersOf = (agreement: Agreement): Body => term(agreement, 'agreement.reviewCycle')?.by ?? 'partnership';

/** The parties that have rules of their own about what comes from them (RV-08). Pure. */
export const withNeeds = (agreement: Agreement, voices: readonly Voice[]): string[] => {
  const entries = (term(agreement, 'party.specificSecurityNeeds')?.profiles ?? []).map(({ entry }) => entry);
  return voices.filter(({ entry }) => entries.includes(entry)).map(({ agency }) => agency).sort();
};
