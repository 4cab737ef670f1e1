import type { SubjectGroup } from '#protocol/declarations';
import { type Agreement, entryNamed, term } from '../agreement';
import type { Membership } from '../parties';
import { entryOf } from '../vocabulary/entry';
import { SCOPE_LIMITS } from '../vocabulary/declarations';
import type { Condition, ShareFacts } from './condition';

const excluded = (agreement: Agreement): readonly string[] => term(agreement, 'agreement.scope')?.excludes ?? [];

/** What a membership is limited to: as the party came in, as its entry of the list is, or as the agreement says of that entry. */
function limitOf(agreement: Agreement, membership: Membership | undefined): string | undefined {
  if (!membership) return undefined;
  return membership.scopeLimit ?? entryNamed(agreement, membership.entry)?.scopeLimit ?? term(agreement, 'party.scopeLimit')?.find(({ entry }) => entry === membership.entry)?.limit;
}

/** A limit that no table knows shuts out everything: better asked about than passed. */
function withinLimit(agreement: Agreement, membership: Membership | undefined, groups: ReadonlySet<SubjectGroup>): boolean {
  const limit = limitOf(agreement, membership);
  if (limit === undefined) return true;
  const subject = entryOf(SCOPE_LIMITS, limit)?.subject;
  return subject !== undefined && groups.has(subject);
}

/** An agreement about one group need not be told which; one about several hangs different law on each. */
function aboutFault({ agreement, groups, purpose }: ShareFacts): string | undefined {
  const about: readonly SubjectGroup[] = purpose?.subjects ?? term(agreement, 'agreement.subjectGroups');
  if (groups.size === 0) return term(agreement, 'agreement.subjectGroups').includes('adults-at-risk') && about.length > 1 ? 'not-stated' : undefined;
  return about.some((group) => groups.has(group)) ? undefined : 'not-about-these';
}

/** What the agreement is about, and what it is not for. */
export const SCOPE = [
  {
    code: 'OUT_OF_SCOPE', clauses: ['PD-19'], on: 'share', term: 'agreement.scope', pointer: '/purpose', nicety: true,
    applies: (agreement) => excluded(agreement).length > 0,
    says: 'the purpose is not one that the agreement leaves out',
    next: 'Share it under the arrangement that covers this purpose.',
    met: ({ agreement, manifest }) => manifest.purpose === undefined || !excluded(agreement).includes(manifest.purpose),
  },
  {
    code: 'PROHIBITED_PURPOSE', clauses: ['PU-13'], on: 'share', term: 'purpose.prohibited', pointer: '/purpose', nicety: true,
    says: 'the purpose is not one that the agreement prohibits',
    next: 'Do not share for this purpose; declare one that the agreement permits if that is what the share is for.',
    met: ({ agreement, manifest }) => manifest.purpose === undefined || !term(agreement, 'purpose.prohibited')?.includes(manifest.purpose),
  },
  {
    code: 'SUBJECT_OUT_OF_SCOPE', clauses: ['PU-14'], on: 'share', term: 'agreement.subjectGroups', pointer: '/subjects', nicety: true, cause: aboutFault,
    says: 'the share concerns somebody whom the agreement, and its purpose, is about',
    next: 'State whom the share is about; where nobody of the agreement is concerned, choose another agreement.',
    met: (facts) => aboutFault(facts) === undefined,
  },
  {
    code: 'OUTSIDE_PARTY_SCOPE', clauses: ['PD-23'], on: 'share', term: 'party.scopeLimit', pointer: '/subjects', nicety: true,
    says: 'a sender that is a party for some matters only shares about those',
    next: 'State whom the share is about, or share it under an agreement to which you are party for this matter.',
    met: ({ agreement, membership, groups }) => withinLimit(agreement, membership, groups),
  },
  {
    code: 'OUTSIDE_PARTY_SCOPE', clauses: ['PD-23'], on: 'recipient', term: 'party.scopeLimit', pointer: '/recipient/agency', nicety: true,
    says: 'a recipient that is a party for some matters only gets what concerns those',
    next: 'Leave this recipient out, or state whom the share is about.',
    met: ({ agreement, theirMembership, groups }) => withinLimit(agreement, theirMembership, groups),
  },
] as const satisfies readonly Condition[];
