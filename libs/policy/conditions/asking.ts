import { type Agreement, purposeOf, term } from '../agreement';
import { AUTHORITIES } from '../vocabulary/requests';
import { NEEDS_TO_KNOW } from '../vocabulary/reasons';
import { holds, within } from '../vocabulary/entry';
import type { AskingCondition, AskingFacts } from './condition';
import { consentAddressed } from './consent';
import { informingAddressed } from './person';

const eachJustified = (agreement: Agreement): boolean => term(agreement, 'min.dataCategories')?.eachJustified === true;
const scrutinises = (what: 'purpose' | 'consent' | 'key-information') => (agreement: Agreement): boolean => term(agreement, 'request.scrutiny')?.includes(what) ?? false;

const unreasoned = ({ asks, at }: AskingFacts): string | undefined => asks.categories.find(({ needToKnow }) => !holds(NEEDS_TO_KNOW, needToKnow, at))?.category;

/** Who asks for another: what of the proof is missing. */
function authorityFault({ asks: { type, authority }, agreement, at }: AskingFacts): string | undefined {
  if (type !== 'on-behalf') return undefined;
  if (!authority) return 'not-shown';
  const kinds: readonly string[] = term(agreement, 'request.onBehalf') ?? Object.keys(AUTHORITIES);
  if (!kinds.includes(authority.kind)) return 'kind';
  return within({ from: authority.checkedOn }, at) ? undefined : 'checked-later';
}

/** What must be so, besides of what is so of every share, before an agency asks others for information. */
export const ASKING = [
  {
    code: 'ASKED_WITHOUT_PURPOSE', clauses: ['RQ-04'], on: 'request', grounds: [{ parameter: 'request.scrutiny', asks: ['purpose'] }], pointer: '/purpose', nicety: true, applies: scrutinises('purpose'),
    says: 'an information request has a clear purpose of the agreement before anybody is asked to look at it',
    next: 'State for which of the purposes of the agreement it is asked.',
    met: ({ agreement, manifest }) => purposeOf(agreement, manifest.purpose) !== undefined,
  },
  {
    code: 'ASKED_WITHOUT_CONSENT_STATUS', clauses: ['RQ-05'], on: 'request', grounds: [{ parameter: 'request.scrutiny', asks: ['consent'] }], pointer: '/consent', nicety: true, applies: scrutinises('consent'),
    says: 'an information request says whether consent was obtained, or why that is not appropriate',
    next: 'State whether consent was obtained; if not, give a reason that the agreement knows.',
    met: consentAddressed,
  },
  {
    code: 'ASKED_WITHOUT_INFORMING', clauses: ['RQ-06'], on: 'request', term: 'request.informParents', pointer: '/informed', nicety: true,
    applies: (agreement) => term(agreement, 'request.informParents') !== 'on-sharing',
    says: 'an information request says whether parents have been informed of it, who will inform them, or why that is not appropriate',
    next: 'State it; "not informed" needs a reason, such as that telling would put a child at risk.',
    met: informingAddressed,
  },
  {
    code: 'ASKED_WITHOUT_REASON', clauses: ['MN-04'], on: 'request', term: 'min.dataCategories', pointer: '/asks/categories', applies: eachJustified, cause: unreasoned,
    says: 'an information request says of each category that it asks for why it is needed',
    next: 'Give each category its need to know, and do not ask for what it would only be good to have.',
    met: (facts) => unreasoned(facts) === undefined,
  },
  {
    code: 'AUTHORITY_NOT_SHOWN', clauses: ['RQ-16'], on: 'request', grounds: ['request.onBehalf', { statute: 'mental-capacity-act-2005' }], pointer: '/asks/authority', cause: authorityFault,
    says: 'who asks on behalf of a person without capacity has shown a power of attorney or a deputyship, and it is on record who looked at it and when',
    next: 'Look at the proof, and state `asks.authority`: its kind, the role of whoever looked, and the day.',
    met: (facts) => authorityFault(facts) === undefined,
  },
  {
    code: 'NEEDED_BY_PASSED', clauses: ['RQ-18'], on: 'request', grounds: [{ technical: 'by an instant that has passed nobody can answer' }], pointer: '/asks/neededBy', nicety: true,
    says: 'the answer is needed by an instant that is still to come',
    next: 'Say by when it is needed now, or leave it out.',
    met: ({ asks, at }) => asks.neededBy === undefined || within({ until: asks.neededBy }, at),
  },
] as const satisfies readonly AskingCondition[];
