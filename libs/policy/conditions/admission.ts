import { term } from '../agreement';
import type { AdmissionCondition } from './condition';
import { asksForAssessment, asksForPoint, isRelevantAgency, POINTS_OF_CONTACT, privacyAssessed, signedUp, unfilled } from './membership';

const isPoint = (post: string): boolean => POINTS_OF_CONTACT.includes(post);
const isOther = (post: string): boolean => !isPoint(post);

/** What must be so before a membership is activated. */
export const ADMISSION = [
  {
    code: 'NOT_A_RELEVANT_AGENCY', clauses: ['PD-02'], on: 'party', term: 'agreement.partyList', pointer: '/memberships',
    says: "the organisation comes under one entry of the agreement's list, and is of a kind that the entry is for",
    next: 'Choose the entry under which the organisation comes; one that comes under none is not a party.',
    met: ({ agreement, party, membership }) => isRelevantAgency(agreement, party, membership),
  },
  {
    code: 'NO_SPOC', clauses: ['PD-06'], on: 'party', term: 'party.requiredContacts', pointer: '/contacts', applies: asksForPoint,
    says: 'there is a single point of contact and a responsible manager who can be reached',
    next: 'Enter a contact for the post, with a telephone number or mail address.',
    cause: ({ agreement, party, at }) => unfilled(agreement, party, at, isPoint),
    met: ({ agreement, party, at }) => unfilled(agreement, party, at, isPoint) === undefined,
  },
  {
    code: 'REQUIRED_CONTACT_MISSING', clauses: ['PD-08', 'PD-09', 'PD-10'], on: 'party', term: 'party.requiredContacts', pointer: '/contacts',
    applies: (agreement) => term(agreement, 'party.requiredContacts')?.some(({ post }) => isOther(post)) ?? false,
    says: 'every post that the agreement asks for is filled',
    next: 'Enter a contact for the post, with the means by which the agreement wants it reached.',
    cause: ({ agreement, party, at }) => unfilled(agreement, party, at, isOther),
    met: ({ agreement, party, at }) => unfilled(agreement, party, at, isOther) === undefined,
  },
  {
    code: 'NO_PRIVACY_ASSESSMENT', clauses: ['PD-14', 'LB-15'], on: 'party', term: 'party.preconditions', pointer: '/memberships', applies: asksForAssessment,
    says: 'the risk to privacy has been assessed and the controls are in place',
    next: 'Enter the date of the assessment and confirm the controls.',
    met: ({ membership, at }) => !membership || privacyAssessed(membership, at),
  },
  {
    code: 'SIGN_UP_INCOMPLETE', clauses: ['PD-04'], on: 'party', term: 'agreement.bindingMode', pointer: '/memberships',
    applies: (agreement) => term(agreement, 'agreement.bindingMode') === 'sign-up',
    says: 'somebody with delegated authority to commit the organisation has signed, with role and date',
    next: 'Enter who signed, in what role, on which day, and that the authority was delegated.',
    met: ({ membership, at }) => !membership || signedUp(membership, at),
  },
  {
    code: 'NO_ORGANISATION_TYPE', clauses: ['PD-22'], on: 'party', grounds: [{ technical: 'what an organisation may rely on cannot be told without its type' }], pointer: '/types',
    says: 'the organisation has a type of the vocabulary, on which its powers depend',
    next: 'Enter the type of the organisation.',
    met: ({ party }) => party.types.length > 0,
  },
] as const satisfies readonly AdmissionCondition[];
