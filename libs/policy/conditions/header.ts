import { isPartLine } from '#protocol/line';
import { term } from '../agreement';
import { contactOf } from '../parties';
import type { Condition, ShareFacts } from './condition';

/** Organisation and date every manifest has; the person or role is what can be missing or made up. */
function originatorNamed({ agreement, manifest, sender, at }: ShareFacts): boolean {
  if (!term(agreement, 'header.provenance').includes('originator')) return true;
  const { contact, role } = manifest.sender;
  if (contact !== undefined) return contactOf(sender, contact, at) !== undefined;
  return role !== undefined;
}

/** What whoever receives it is shown first. */
export const HEADER = [
  {
    code: 'NO_PROVENANCE', clauses: ['PV-01'], on: 'share', term: 'header.provenance', pointer: '/sender', nicety: true,
    says: 'the header says from whom the information comes: organisation, contact or role, and date',
    next: "Name the sender's contact as the directory has it, or the role of the person who sends.",
    met: originatorNamed,
  },
  {
    code: 'FACT_OPINION_UNMARKED', clauses: ['PV-02'], on: 'line', term: 'header.factOpinion', pointer: '/kind', nicety: true,
    applies: (agreement) => term(agreement, 'header.factOpinion') === 'each-item',
    says: "every part is marked as fact, opinion or a third party's report",
    next: 'Mark the part; split one that mixes them.',
    met: ({ line }) => !isPartLine(line) || line.kind !== undefined,
  },
] as const satisfies readonly Condition[];
