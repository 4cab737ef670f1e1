import { type Agreement, term } from '../agreement';
import { NEEDS_TO_KNOW } from '../vocabulary/reasons';
import { holds } from '../vocabulary/entry';
import type { AskingCondition, AskingFacts } from './condition';

const eachJustified = (agreement: Agreement): boolean => term(agreement, 'min.dataCategories')?.eachJustified === true;

const unreasoned = ({ request, at }: AskingFacts): string | undefined => request.asked.find(({ needToKnow }) => !holds(NEEDS_TO_KNOW, needToKnow, at))?.category;

/** What must be so before an agency asks another for information. */
export const ASKING = [
  {
    code: 'ASKED_WITHOUT_REASON', clauses: ['MN-04'], on: 'request', term: 'min.dataCategories', pointer: '/asked', applies: eachJustified, cause: unreasoned,
    says: 'an information request says of each category that it asks for why it is needed',
    next: 'Give each category its need to know, and do not ask for what it would only be good to have.',
    met: (facts) => facts.request.asked.length > 0 && unreasoned(facts) === undefined,
  },
] as const satisfies readonly AskingCondition[];
