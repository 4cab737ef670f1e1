import { term } from '../agreement';
import type { Condition, ShareFacts } from './condition';
import { isParty } from './membership';
import { isOutsider, outsideGrounds } from './outside';
import { changeAgreed, choosesOtherRules, consented, differs, passesOn } from './passing-on';

/** Care Act 2014, s.45: what a board gets under it serves the exercise of its functions, and nothing else. */
const BOARD_SUPPLY = 'care-act-2014-s45';
const suppliedToBoard = (share: { legalGateway?: string } | undefined): boolean => share?.legalGateway === BOARD_SUPPLY;
/** Only where the agreement says which of its purposes runs under that power. */
const forSomethingElse = ({ agreement, purpose }: ShareFacts): boolean =>
  term(agreement, 'agreement.purposes').some(({ power }) => power === BOARD_SUPPLY) && purpose?.power !== BOARD_SUPPLY;

const originator = ({ previous }: ShareFacts): string | undefined => previous?.originator.controller;

/** What is passed on, or used for something else than it was received for. */
export const ONWARD = [
  {
    code: 'ONWARD_ORIGIN_UNKNOWN', clauses: ['PU-04'], on: 'share', grounds: [{ technical: 'what was not received here cannot be trusted to be what it is said to be' }], pointer: '/threads/previous', nicety: true,
    says: 'a share that passes something on names a share that the sender received',
    next: 'Name the share as your mailbox shows it, or share what you know yourself.',
    met: (facts) => !passesOn(facts) || facts.previous !== undefined,
  },
  {
    code: 'ONWARD_OTHER_AGREEMENT', clauses: ['PU-05', 'PU-07'], on: 'share', grounds: [{ statute: 'uk-gdpr-5' }], pointer: '/agreement/id', nicety: true, awaits: originator,
    says: 'what is passed on goes under the agreement under which it was received, and by the rules of that one',
    next: 'Cite that agreement; or name the ground on which nobody waits and who approved it, and the controller that shared it is told at once.',
    met: (facts) => !choosesOtherRules(facts),
  },
  {
    code: 'PURPOSE_CHANGE_NOT_AGREED', clauses: ['PU-01', 'PU-02', 'PU-03', 'PU-04', 'PU-05'], on: 'share', term: 'purpose.changeApproval', pointer: '/purpose', nicety: true, awaits: originator,
    says: 'information is used for the purpose for which it was shared, or for another as the agreement allows: agreed in writing by whoever provided it, or on a ground of the agreement that somebody approved',
    next: 'Ask the organisation that provided it for its written agreement, name the ground and who approved it, or share under another agreement.',
    met: changeAgreed,
  },
  {
    code: 'ONWARD_CONSENT_REQUIRED', clauses: ['PU-05'], on: 'recipient', term: 'onward.rule', pointer: '/recipient/agency', nicety: true, awaits: originator,
    applies: (agreement) => term(agreement, 'onward.rule') === 'controller-consent',
    says: 'what was received goes to nobody else before the originating controller has consented in writing, to this recipient and purpose',
    next: 'Ask that controller; where a person is at risk or a statute requires it, name the ground and who approved it, and the controller is told at once.',
    met: (facts) => consented(facts, facts.recipient.agency),
  },
  {
    code: 'OUTSIDE_PROTOCOL', clauses: ['PU-05', 'PU-07'], on: 'recipient', term: 'onward.rule', pointer: '/recipient/agency',
    applies: (agreement) => term(agreement, 'onward.rule') === 'never-outside',
    says: 'what was received never goes outside the parties of the agreement, nor is it told there',
    next: 'Leave this recipient out. There is no exception.',
    met: (facts) => !passesOn(facts) || (isParty(facts.theirMembership) && facts.theirMembership?.status === 'active'),
  },
  {
    code: 'OUTSIDE_WITHOUT_GROUND', clauses: ['PU-09'], on: 'recipient', refuses: 'share', term: 'onward.outside', pointer: '/outside',
    says: 'what goes to one that is no party of the agreement goes on one of the grounds that the agreement names: the person agreed, a registered disclosure, a law that requires it, an exemption',
    next: 'Leave this recipient out, or give each part its ground `outside`; for consent state that it was obtained, for a law cite the power.',
    met: (facts) => !isOutsider(facts) || outsideGrounds(facts).length > 0,
  },
  {
    code: 'ONWARD_NOT_AS_SAID', clauses: ['PU-05', 'PU-08'], on: 'recipient', term: 'onward.intentQuestion', pointer: '/recipient/agency', warns: true,
    applies: (agreement) => term(agreement, 'onward.intentQuestion') === true,
    says: 'what is passed on goes to whom the sender named when it received it',
    next: 'Tell whoever shared it with you.',
    met: ({ previous, recipient }) => previous?.intended === undefined || recipient.agency === previous.originator.agency || previous.intended.includes(recipient.agency),
  },
  {
    code: 'PURPOSE_FIXED_BY_GATEWAY', clauses: ['PU-10', 'SP-08'], on: 'share', grounds: [{ statute: 'care-act-2014-s45' }], pointer: '/purpose', nicety: true,
    says: 'what is supplied to a Safeguarding Adults Board is for its functions only, and is used for nothing else afterwards',
    next: 'Declare the purpose for which it is supplied; ask the supplier for what you need otherwise, or cite another power.',
    met: (facts) => !(suppliedToBoard(facts.previous) && differs(facts)) && !(suppliedToBoard(facts.manifest) && forSomethingElse(facts)),
  },
] as const satisfies readonly Condition[];
