import type { Condition, RecipientFacts } from './condition';
import { lifeHangsOnIt } from './parties';

/** What no suspension stops (SU-04, guarantee 6): it is about the breach; an emergency to a desk; or one on which a life hangs, with a power and a second person that stand for it. */
export function goesThrough(facts: RecipientFacts): boolean {
  if (facts.breach) return true;
  if (facts.manifest.urgency !== 'emergency') return false;
  return facts.contact?.desk !== undefined || lifeHangsOnIt(facts);
}

/** Of the agreement, or of what whoever suspended it sends and receives. */
const suspending = ({ suspensions, sender, recipient, at }: RecipientFacts) =>
  suspensions.find(({ by, scope, endsAt }) => Date.parse(endsAt) > Date.parse(at) && (scope === 'whole-agreement' || by === sender?.agency || by === recipient.agency));

/** What is held until an agreement is resumed is accepted all the same, in its order; its sender knows that before it sends, and chooses. */
export const SUSPENDED = [
  {
    code: 'AGREEMENT_SUSPENDED', clauses: ['SU-01', 'SU-04'], on: 'recipient', by: 'wire', term: 'suspension.right', warns: true, pointer: '/agreement/id', cause: (facts) => suspending(facts)?.scope,
    says: 'the agreement is not suspended, or this goes through all the same: it is about the breach, an emergency to a front door, or a life hangs on it and a power and a second person stand for it',
    next: 'It is NOT delivered before the suspension ends. Ring the recipient; or share under another agreement, or on a statutory duty of your own.',
    met: (facts) => suspending(facts) === undefined || goesThrough(facts),
  },
] as const satisfies readonly Condition[];
