import { type Agreement, term } from '../agreement';
import { isListKind, type Visibility, visibilityOf } from '../lists';
import type { Condition, ShareFacts } from './condition';

const speaks = (agreement: Agreement): boolean => term(agreement, 'list.visibility') !== undefined;
const shownAs = ({ agreement, manifest }: Pick<ShareFacts, 'agreement' | 'manifest'>): Visibility | undefined => (manifest.list === undefined ? undefined : visibilityOf(agreement, manifest.list));

/** As many digests as a power of two: how many lines are among them nobody can tell. A plan has none yet. */
function countShows({ manifest }: ShareFacts): boolean {
  const digests = 'lines' in manifest && Array.isArray(manifest.lines) ? manifest.lines.length : undefined;
  return digests !== undefined && !Number.isInteger(Math.log2(digests));
}

/** To whom else it goes, as one recipient is told. */
function toldOf({ lines }: ShareFacts, to: { agency: string; contact: string }): Set<string> {
  return new Set(lines.flatMap((line) => ('about' in line && line.about === 'alsoTold' && line.recipient.agency === to.agency && line.recipient.contact === to.contact ? line.organisations : [])));
}
function somebodyNotTold(facts: ShareFacts): boolean {
  const recipients = facts.shared.map(({ recipient }) => recipient);
  return recipients.some((to) => recipients.some(({ agency }) => agency !== to.agency && !toldOf(facts, to).has(agency)));
}

/** What is circulated to a list of the partnership: who on it may see whom. */
export const LISTS_SHOWN = [
  {
    code: 'LIST_UNKNOWN', clauses: ['ML-01', 'ML-02', 'ML-03'], on: 'share', term: 'list.visibility', pointer: '/list', applies: speaks,
    says: 'a share to a list names a kind of list that the agreement has',
    next: 'Name one of its kinds, or leave `list` out.',
    met: ({ agreement, manifest }) => manifest.list === undefined || (isListKind(manifest.list) && Object.hasOwn(term(agreement, 'list.visibility') ?? {}, manifest.list)),
  },
  {
    code: 'LIST_IS_BLIND', clauses: ['ML-02'], on: 'line', term: 'list.visibility', pointer: '/about', applies: speaks,
    says: 'nobody on a blind list is told who else is on it',
    next: 'Leave the line out.',
    met: (facts) => shownAs(facts) !== 'hidden' || !('about' in facts.line) || facts.line.about !== 'alsoTold',
  },
  {
    code: 'LIST_COUNT_SHOWS', clauses: ['ML-02'], on: 'share', by: 'wire', term: 'list.visibility', pointer: '/lines', applies: speaks,
    says: 'nobody on a blind list can count how many are on it: the digests of the manifest are padded to a power of two',
    next: 'Add random digests to `lines` until they are 16, 32, 64 …; the SDK and the command do.',
    met: (facts) => shownAs(facts) !== 'hidden' || !countShows(facts),
  },
  {
    code: 'LIST_IS_VISIBLE', clauses: ['ML-01'], on: 'share', term: 'list.visibility', pointer: '/lines', applies: speaks,
    says: 'on a list that shows its members each is told which other organisations it goes to',
    next: 'Add a line `alsoTold` for each recipient, with the others.',
    met: (facts) => shownAs(facts) !== 'visible' || !somebodyNotTold(facts),
  },
] as const satisfies readonly Condition[];
