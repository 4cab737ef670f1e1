import { term } from '../agreement';
import type { Membership, Party } from '../parties';
import { within } from '../vocabulary/entry';
import type { Condition, RecipientFacts, ShareFacts } from './condition';
import { hubController, isHub } from './hub';
import { isOutsider, outsideGrounds } from './outside';
import { asksForAssessment, asksForPoint, isConsulted, isParty, POINTS_OF_CONTACT, privacyAssessed, representedOnly, unfilled } from './membership';
import { citesPower } from './powers';

const isPoint = (post: string): boolean => POINTS_OF_CONTACT.includes(post);
const isOther = (post: string): boolean => !isPoint(post);
/** An outsider is told that it is one, not which of its posts are empty. */
const lacking = ({ agreement, at }: ShareFacts, party: Party | undefined, membership: Membership | undefined, concerns: (post: string) => boolean): string | undefined =>
  party && membership && unfilled(agreement, party, at, concerns);
const sendersLack = (facts: ShareFacts, concerns: (post: string) => boolean) => lacking(facts, facts.sender, facts.membership, concerns);
const theirLack = (facts: RecipientFacts, concerns: (post: string) => boolean) => lacking(facts, facts.party, facts.theirMembership, concerns);

const versionKnown = ({ agreement, manifest, at }: ShareFacts): boolean => manifest.agreement.version === agreement.version && within({ from: agreement.from }, at);
const versionPast = ({ agreement, manifest, at }: ShareFacts): boolean =>
  agreement.supersedes.includes(manifest.agreement.version) || (manifest.agreement.version === agreement.version && !within({ until: agreement.until }, at));

/** SU-04: suspended, a share on which a life hangs goes on under a power of its own, with a second person's decision. */
const goesOnSuspended = (facts: ShareFacts, membership: Membership | undefined): boolean => membership?.status === 'suspended' && lifeHangsOnIt(facts);

/** An emergency with a power of its own and a second person's decision, where the agreement has an exception for it. */
export function lifeHangsOnIt(facts: ShareFacts): boolean {
  const { agreement, manifest, decisions } = facts;
  if (term(agreement, 'suspension.emergencyException') !== 'life-at-risk') return false;
  return manifest.urgency === 'emergency' && citesPower(facts) && decisions.some(({ decider, secondDecider }) => secondDecider !== undefined && secondDecider !== decider);
}

/** Who may take part, under which agreement. */
export const PARTIES = [
  {
    code: 'AGREEMENT_UNKNOWN', clauses: ['PD-01', 'PD-18'], on: 'share', grounds: ['agreement.partyList'], pointer: '/agreement/id',
    says: 'the share cites the agreement under which it is decided',
    next: 'Cite an agreement that this gateway serves and that both sides are party to.',
    met: ({ agreement, manifest }) => manifest.agreement.id === agreement.id,
  },
  {
    code: 'AGREEMENT_VERSION_SUPERSEDED', clauses: ['RV-06'], on: 'share', grounds: [{ technical: 'what is decided by another text than both sides signed cannot be trusted' }], pointer: '/agreement/version', nicety: true,
    applies: (agreement) => agreement.supersedes.length > 0 || agreement.until !== undefined,
    says: 'the version of the agreement that the share cites has not been replaced by a later one',
    next: 'Read the version now in force, cite it, and sign again.',
    met: (facts) => !versionPast(facts),
  },
  {
    code: 'AGREEMENT_VERSION_UNKNOWN', clauses: ['RV-06'], on: 'share', grounds: [{ technical: 'what is decided by another text than both sides signed cannot be trusted' }], pointer: '/agreement/version', nicety: true,
    says: 'the share cites a version of the agreement that is in force',
    next: 'Cite the version now in force and sign again.',
    met: (facts) => versionKnown(facts) || versionPast(facts),
  },
  {
    code: 'NO_COMMON_AGREEMENT', clauses: ['PD-01'], on: 'share', grounds: ['agreement.partyList'], pointer: '/sender/agency',
    says: 'the sender is a party of the agreement on the day of sending',
    next: 'Choose an agreement that you are party to, or ask the co-ordinator to be admitted.',
    // A school that is consulted must be able to refer a child (PD-05).
    met: ({ agreement, membership }) => isParty(membership) || isConsulted(agreement, membership),
  },
  {
    code: 'NO_COMMON_AGREEMENT', clauses: ['PD-01', 'PD-06', 'SU-04'], on: 'share', grounds: ['suspension.right', 'agreement.partyList'], pointer: '/sender/agency', nicety: true, cause: ({ membership }) => membership?.status,
    says: "the sender's membership is neither on hold nor suspended",
    next: 'Ask the co-ordinator what is missing; a share that cannot wait goes by telephone.',
    met: (facts) => !isParty(facts.membership) || facts.membership?.status === 'active' || goesOnSuspended(facts, facts.membership),
  },
  {
    code: 'NO_COMMON_AGREEMENT', clauses: ['PD-01'], on: 'recipient', refuses: 'share', grounds: ['agreement.partyList'], pointer: '/recipient/agency',
    says: 'every recipient is a party of the agreement on the day of sending',
    next: 'Leave this recipient out, or share with it under an agreement that you have in common.',
    met: (facts) => !isOutsider(facts) || outsideGrounds(facts).length > 0,
  },
  {
    code: 'NO_COMMON_AGREEMENT', clauses: ['PD-01', 'PD-06', 'SU-04'], on: 'recipient', refuses: 'share', grounds: ['suspension.right', 'agreement.partyList'], pointer: '/recipient/agency', nicety: true, cause: ({ theirMembership }) => theirMembership?.status,
    says: "no recipient's membership is on hold or suspended",
    next: 'Leave this recipient out, or ask the co-ordinator when its membership will be active again.',
    met: (facts) => !isParty(facts.theirMembership) || facts.theirMembership?.status === 'active' || goesOnSuspended(facts, facts.theirMembership),
  },
  {
    code: 'PARTY_WITHDRAWN', clauses: ['PD-12'], on: 'share', term: 'agreement.withdrawRule', pointer: '/sender/agency',
    says: 'the sender has not withdrawn from the agreement',
    next: 'Share under another agreement or on a statutory duty; to come back, ask to join anew.',
    met: ({ membership }) => membership?.status !== 'withdrawn',
  },
  {
    code: 'PARTY_WITHDRAWN', clauses: ['PD-12'], on: 'recipient', refuses: 'share', term: 'agreement.withdrawRule', pointer: '/recipient/agency',
    says: 'no recipient has withdrawn from the agreement',
    next: 'Leave this recipient out, or share with it under another agreement or on a statutory duty.',
    // Whoever may be told as an outsider may be told though it was a party once.
    met: (facts) => facts.theirMembership?.status !== 'withdrawn' || outsideGrounds(facts).length > 0,
  },
  {
    code: 'CONSULTED_NOT_PARTY', clauses: ['PD-05'], on: 'recipient', grounds: ['agreement.partyList'], pointer: '/recipient/agency', nicety: true,
    applies: (agreement) => term(agreement, 'agreement.partyList').some(({ kind }) => kind === 'consulted'),
    says: 'a recipient has signed the agreement, unless those who are only consulted may receive under it',
    next: 'Share with it under another agreement or on a statutory duty, or ask the co-ordinator whether consulted agencies may receive.',
    met: ({ agreement, theirMembership }) => term(agreement, 'agreement.consultedMayReceive') === true || !isConsulted(agreement, theirMembership),
  },
  {
    code: 'REPRESENTED_NOT_ACCEPTED', clauses: ['PD-03'], on: 'recipient', term: 'party.representativeSignatory', pointer: '/recipient/agency', nicety: true,
    applies: (agreement) => term(agreement, 'party.representativeSignatory') === true,
    says: 'a recipient for whose sector a representative signed has accepted the agreement itself',
    next: 'Ask the co-ordinator to have its acceptance on file.',
    met: ({ agreement, theirMembership, at }) => !representedOnly(agreement, theirMembership, at),
  },
  {
    code: 'NO_SPOC', clauses: ['PD-06'], on: 'share', term: 'party.requiredContacts', applies: asksForPoint, pointer: '/sender/agency', nicety: true, cause: (facts) => sendersLack(facts, isPoint),
    says: 'the sender has a single point of contact and a responsible manager who can be reached',
    next: 'Enter a contact for the post, with a telephone number or mail address.',
    met: (facts) => sendersLack(facts, isPoint) === undefined,
  },
  {
    code: 'NO_SPOC', clauses: ['PD-06'], on: 'recipient', term: 'party.requiredContacts', applies: asksForPoint, pointer: '/recipient/agency', nicety: true, cause: (facts) => theirLack(facts, isPoint),
    says: 'the recipient has a single point of contact and a responsible manager who can be reached',
    next: 'Ask the co-ordinator; until the post is filled nothing goes there.',
    met: (facts) => theirLack(facts, isPoint) === undefined,
  },
  {
    code: 'REQUIRED_CONTACT_MISSING', clauses: ['PD-08', 'PD-09', 'PD-10'], on: 'share', term: 'party.requiredContacts', pointer: '/sender/agency', nicety: true,
    applies: (agreement) => term(agreement, 'party.requiredContacts')?.some(({ post }) => isOther(post)) ?? false,
    cause: (facts) => sendersLack(facts, isOther),
    says: 'the sender has filled every post that the agreement asks for',
    next: 'Enter a contact for the post, with the means by which the agreement wants it reached.',
    met: (facts) => sendersLack(facts, isOther) === undefined,
  },
  {
    code: 'NO_EMERGENCY_COVER', clauses: ['DS-06'], on: 'recipient', grounds: [{ technical: 'an emergency that lies unread until morning was not shared in time' }], pointer: '/recipient/agency', warns: true, cause: ({ recipient }) => recipient.agency,
    says: 'whoever is sent an emergency has an emergency duty contact with a telephone number',
    next: 'Ring the front door, and do not rely on its being read outside working hours; ask the recipient to enter an emergency duty contact.',
    met: ({ manifest, party, at }) => manifest.urgency !== 'emergency' || party === undefined || party.contacts.some((contact) => contact.posts.includes('emergency-duty') && contact.telephone !== undefined && within(contact, at)),
  },
  {
    code: 'NO_PRIVACY_ASSESSMENT', clauses: ['PD-14', 'LB-15'], on: 'share', term: 'party.preconditions', pointer: '/sender/agency', applies: asksForAssessment, nicety: true,
    says: 'the sender has assessed the risk to privacy and has its controls in place',
    next: 'Enter the date of the assessment and confirm the controls with the co-ordinator.',
    met: ({ membership, at }) => !membership || privacyAssessed(membership, at),
  },
  {
    code: 'NO_PRIVACY_ASSESSMENT', clauses: ['PD-14', 'LB-15'], on: 'recipient', term: 'party.preconditions', pointer: '/recipient/agency', applies: asksForAssessment, nicety: true,
    says: 'the recipient has assessed the risk to privacy and has its controls in place',
    next: 'Ask the co-ordinator; until the assessment is on file nothing goes there.',
    met: ({ theirMembership, at }) => !theirMembership || privacyAssessed(theirMembership, at),
  },
  {
    code: 'HUB_CONTROLLER_UNKNOWN', clauses: ['RC-04'], on: 'recipient', term: 'controller.hub', pointer: '/recipient/contact', applies: (agreement) => term(agreement, 'request.hub') !== undefined, nicety: true,
    says: "the controller of the front door's information is an active party of the agreement",
    next: 'Tell the co-ordinator: the directory names no party for the front door.',
    met: (facts) => !isHub(facts.agreement, facts.contact) || hubController(facts) !== undefined,
  },
] as const satisfies readonly Condition[];
