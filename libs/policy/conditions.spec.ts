import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import type { Agreement } from './agreement';
import { change, proposed } from './cases-run';
import { activate } from './activate';
import { ADMISSION, CONDITIONS } from './conditions';
import type { AnyCondition } from './conditions/condition';
import { OUTCOMES } from './conditions/outcomes';
import { decide } from './decide';
import type { Reason } from './decision';
import { loadAgreement } from './load';
import type { ParameterName } from './parameters';

const read = (file: string) => ({ file, text: readFileSync(`deploy/agreements/wirral/${file}`, 'utf8') });
const loading = loadAgreement({ ...read('agreement.yaml'), cases: read('cases.yaml') });
if (!loading.ok || !loading.cases) throw new Error('the profile does not load');
const { world } = loading.cases;

type Changes = Record<string, unknown>;
type Terms = Partial<Record<ParameterName, unknown>>;

/** The agreement with other words in some places. */
function saying(terms: Terms): Agreement {
  const changed = Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, value === undefined ? undefined : { value, clause: '§9' }]));
  return { ...(loading as { agreement: Agreement }).agreement, terms: { ...(loading as { agreement: Agreement }).agreement.terms, ...changed } };
}

function told(terms: Terms, changes: Changes): Reason[] {
  const agreement = saying(terms);
  const { parties, proposal } = proposed(agreement, change(world, changes));
  const decision = decide(agreement, parties, proposal);
  return [...(decision.outcome === 'refused' ? decision.reasons : []), ...decision.warnings, ...decision.struckOff.flatMap(({ reasons }) => reasons)];
}

function toldAtTheDoor(terms: Terms, changes: Changes): Reason[] {
  const agreement = saying(terms);
  const { parties, proposal } = proposed(agreement, change(world, changes));
  const party = parties.party('oak-lane-primary');
  return party ? activate(agreement, party, proposal.at) : [];
}

const SENDER = '/parties/oak-lane-primary';
const COUNCIL = '/parties/wirral-council';
const POLICE = '/parties/merseyside-police';
const ADULT = { '/manifest/subjects': ['adults-at-risk'], '/lines/3/band': 'adult' };
const PURPOSES = [
  { code: 'front-door-referral', says: 'x', clause: '3.5' }, { code: 'review', says: 'x', clause: '3.5', nature: 'review' }, { code: 'report', says: 'x', clause: '3.5', nature: 'publication' },
  { code: 'lesson', says: 'x', clause: '3.5', anonymised: true }, { code: 'enforcement', says: 'x', clause: '3.5', nature: 'law-enforcement' }, { code: 'names-only', says: 'x', clause: '3.5', categories: ['names'] },
];
const NOTES = {
  '/manifest/threads': { meeting: '01890a5d-ac96-774b-bcce-b302099a8056' },
  '/meeting': { on: '2026-03-10', chair: { agency: 'wirral-council', contact: 'front-door' }, confidentialityStated: true, joint: false, termsAttached: false, people: world.lines.map(({ recipient }) => ({ ...recipient, signed: true })), partners: ['wirral-council'] },
};
const ONWARD = {
  '/manifest/threads': { previous: '01890a5d-ac96-774b-bcce-b302099a8056' },
  '/previous': { originator: { controller: 'community-health-and-care', agency: 'community-health-and-care', entry: 'community-health-and-care' }, purpose: 'front-door-referral', approvals: [] },
};
/** Nothing of who the person is: but for what the text itself may say. */
const ADVICE_ON_A_CASE = { '/manifest/advice': {}, '/lines/0/category': 'health', '/lines/2/category': 'health', '/lines/3/recipient': { agency: 'oak-lane-primary', contact: 'safeguarding-lead' } };
const OURS = { agency: 'oak-lane-primary', contact: 'head' };
const APPROVED = { by: 'community-health-and-care', recipients: ['wirral-council', 'merseyside-police'], purpose: 'learning', from: '2026-03-09T10:00:00Z' };
const TO_POLICE = { agency: 'merseyside-police', contact: 'public-protection' };
const SAFE = { '/manifest/informed': { status: 'will-be-informed', by: 'social-worker' } };
const RELIED_ON = { '/manifest/lawfulBasis': '6(1)(a)', '/manifest/consent': { status: 'obtained', on: '2026-03-01', evidence: 'written', by: 'parent' } };
const RULES_OF_THEIR_OWN = (terms: object) => ({ 'party.specificSecurityNeeds': { allowed: true, profiles: [{ entry: 'schools-and-colleges', says: 'x', from: '2020-01-01', terms }] } });
const BY = (by: string, more: object = {}): Changes => ({ '/route': { by, at: '2026-03-10T09:20:00Z', ...more } });
/** To recipients without keys, between domains that hold TLS. */
const MAILED: Changes = {
  [`${SENDER}/contacts/0/domain`]: { tls: '1.2' },
  ...Object.fromEntries([COUNCIL, POLICE].flatMap((party) => [['collects', false], ['protections', []], ['sealingKey', 'none'], ['domain', { tls: '1.2' }]].map(([field, value]) => [`${party}/contacts/0/${String(field)}`, value]))),
};
const SUSPENDABLE: Terms = { 'suspension.right': 'any-party' };
const suspended = (more: object): Changes => ({ '/suspensions': [{ by: 'community-health-and-care', scope: 'whole-agreement', endsAt: '2026-04-01T00:00:00Z', ...more }] });
const CALLED = { called: ['wirral-council/front-door', 'merseyside-police/public-protection'] };
const IDENTITY = { how: 'called-back', by: 'designated-safeguarding-lead', at: '2026-03-10T09:15:00Z' };
const own = (value: unknown) => ({ value, clause: 'App C' });

const ASKS = { '/manifest/asks': { type: 'enquiry', categories: [{ category: 'health', needToKnow: 'provides-care' }] } };
const JUSTIFIED: Terms = { 'min.dataCategories': { list: 'any', eachJustified: true } };
const ON_BEHALF = { type: 'on-behalf', categories: [{ category: 'health', needToKnow: 'provides-care' }] };
const SEEN = { kind: 'lpa', checkedBy: 'social-worker', checkedOn: '2026-03-10' };
const PUT = { requester: 'wirral-council', type: 'enquiry', purpose: 'front-door-referral', urgency: 'routine', categories: ['health', 'family'] };
const answering = (categories: [string, string][], more: object = {}): Changes => ({
  '/manifest/threads': { request: '01890a5d-ac96-774b-bcce-b302099a8056' }, '/request': PUT, '/manifest/answers': { categories: categories.map(([category, answer]) => ({ category, answer })), ...more },
});

const NAMED = { notification: '01890a5d-ac96-774b-bcce-b302099a8055' };
const NOTIFIED = { issuer: 'another-council', circulator: 'another-body', state: 'circulated' };
const NOTIFYING: Terms = { 'notification.circulator': 'coordinator', 'agreement.purposes': [{ code: 'front-door-referral', says: 'x', clause: '3.5', nature: 'notification' }] };
const LISTS: Terms = { 'list.visibility': { members: 'visible', network: 'hidden', leads: 'visible-unless-opted-out' } };
const ALSO_TOLD = { recipient: { agency: 'wirral-council', contact: 'front-door' }, about: 'alsoTold', organisations: ['merseyside-police'] };

/**
 * One agreement with other words in some places, so that a condition is seen in every agreement that could be written: the five that are
 * written prove their clauses by their own examples.
 * For each condition: what the agreement says, what makes it unmet, and what differs where it is met. */
const ROWS: [code: string, terms: Terms, unmet: Changes, met: Changes][] = [
  // ---- parties
  ['NO_EMERGENCY_COVER', {}, { '/manifest/urgency': 'emergency', [`${COUNCIL}/contacts/2/posts`]: [] }, { '/manifest/urgency': 'emergency' }],
  ['NO_EMERGENCY_COVER', {}, { '/manifest/urgency': 'emergency', [`${COUNCIL}/contacts/2/telephone`]: null }, { [`${COUNCIL}/contacts/2/posts`]: [] }],
  ['CONSULTED_NOT_PARTY', { 'agreement.partyList': [{ entry: 'schools-and-colleges', says: 'x', kind: 'named', types: ['school'] }, { entry: 'council', says: 'x', kind: 'statutory-partner', types: ['local-authority'] }, { entry: 'police', says: 'x', kind: 'consulted', types: ['police'] }] }, {}, { [`${POLICE}/memberships/0/entry`]: 'council' }],
  ['CONSULTED_NOT_PARTY', { 'agreement.partyList': [{ entry: 'schools-and-colleges', says: 'x', kind: 'consulted', types: ['school'] }, { entry: 'council', says: 'x', kind: 'statutory-partner', types: ['local-authority'] }, { entry: 'police', says: 'x', kind: 'named', types: ['police'] }] }, { [`${POLICE}/memberships/0/status`]: 'consulted' }, { [`${SENDER}/memberships/0/status`]: 'consulted' }],
  ['REPRESENTED_NOT_ACCEPTED', { 'party.representativeSignatory': true }, { [`${POLICE}/memberships/0/representedBy`]: 'council' }, { [`${POLICE}/memberships/0/representedBy`]: 'council', [`${POLICE}/memberships/0/acceptedOn`]: '2026-03-01' }],
  ['NO_COMMON_AGREEMENT', { 'suspension.emergencyException': 'life-at-risk' }, { [`${SENDER}/memberships/0/status`]: 'suspended', '/manifest/urgency': 'emergency' }, { [`${SENDER}/memberships/0/status`]: 'suspended', '/manifest/urgency': 'emergency', '/lines/4/secondDecider': 'head' }],
  ['NO_COMMON_AGREEMENT', { 'suspension.emergencyException': 'none' }, { [`${POLICE}/memberships/0/status`]: 'suspended', '/lines/4/secondDecider': 'head' }, {}],
  // ---- what the agreement is about
  ['OUT_OF_SCOPE', { 'agreement.scope': { covers: ['x'], excludes: ['regulator-assurance'] } }, { '/manifest/purpose': 'regulator-assurance' }, {}],
  ['PROHIBITED_PURPOSE', { 'purpose.prohibited': ['contractual-dispute'] }, { '/manifest/purpose': 'contractual-dispute' }, {}],
  ['SUBJECT_OUT_OF_SCOPE', {}, ADULT, { ...ADULT, '/manifest/subjects': ['adults-at-risk', 'children'] }],
  ['SUBJECT_OUT_OF_SCOPE', { 'agreement.subjectGroups': ['children', 'adults-at-risk'] }, { '/lines/3/band': 'adult' }, { '/lines/3/band': 'under-16' }],
  ['OUTSIDE_PARTY_SCOPE', {}, { [`${SENDER}/memberships/0/scopeLimit`]: 'relates-to-adults' }, { [`${SENDER}/memberships/0/scopeLimit`]: 'relates-to-children' }],
  ['OUTSIDE_PARTY_SCOPE', {}, { [`${COUNCIL}/memberships/0/entry`]: 'adult-social-services', ...ADULT, '/manifest/subjects': ['responsible-adults'] }, { [`${COUNCIL}/memberships/0/entry`]: 'adult-social-services' }],
  ['OUTSIDE_PARTY_SCOPE', {}, { [`${SENDER}/memberships/0/scopeLimit`]: 'what-nobody-knows' }, {}],
  // ---- by what right
  ['BASIS_NOT_ALLOWED', { 'law.art6': { list: 'closed', codes: ['6(1)(e)'] } }, { '/manifest/lawfulBasis': '6(1)(c)', '/lines/4/reasons': ['protects-from-harm', 'basis-explained'] }, { '/manifest/urgency': 'emergency', '/manifest/lawfulBasis': '6(1)(d)' }],
  ['BASIS_NOT_ALLOWED', { 'law.art6': { list: 'closed', codes: ['6(1)(e)'], forPurposes: [{ purpose: 'training', codes: ['6(1)(f)'] }] } }, { '/manifest/lawfulBasis': '6(1)(f)' }, {}],
  ['BASIS_NOT_ALLOWED', { 'law.consentStance': 'with-or-without', 'agreement.purposes': PURPOSES }, { '/manifest/purpose': 'review', ...RELIED_ON }, { ...RELIED_ON }],
  ['NO_LAWFUL_REASON', { 'decision.flow': ['lawful-basis', 'condition', 'public-interest-test'] }, { '/lines/4/aid/publicInterest': false }, { '/lines/4/aid/publicInterest': true }],
  ['NO_SCHEDULE1_CONDITION', {}, { '/manifest/conditions': ['9(2)(g)'] }, { '/manifest/conditions': ['9(2)(g)', 'sch1-18'] }],
  ['NO_SCHEDULE1_CONDITION', { 'law.sch1': { list: 'closed', codes: ['sch1-6', 'sch1-18'] } }, { '/manifest/conditions': ['9(2)(g)', 'sch1-10'], '/manifest/consent': { status: 'not-sought', reason: 'puts-child-at-risk' } }, { '/manifest/conditions': ['9(2)(g)', 'sch1-6'] }],
  ['NO_SCHEDULE1_CONDITION', { 'law.art9': undefined, 'law.sch1': undefined }, { '/manifest/conditions': ['9(2)(h)', 'sch1-18'] }, { '/manifest/conditions': ['9(2)(h)', 'sch1-2'] }],
  ['CONDITION_INCOMPLETE', {}, { '/lines/3/band': null }, {}],
  ['CONDITION_INCOMPLETE', { 'law.consentStance': 'notify-not-consent' }, { '/manifest/consent': { status: 'not-sought' } }, {}],
  ['CONDITION_INCOMPLETE', { 'agreement.subjectGroups': ['adults-at-risk'] }, ADULT, { ...ADULT, '/lines/3/atRisk': 'neglect-or-harm' }],
  ['CONDITION_MISUSED', {}, { '/manifest/conditions': ['9(2)(g)', 'sch1-10'], '/manifest/consent': { status: 'refused', reason: 'puts-child-at-risk' } }, { '/manifest/conditions': ['9(2)(g)', 'sch1-10'] }],
  ['CONDITION_MISUSED', {}, { '/manifest/conditions': ['9(2)(g)', 'sch1-19'] }, { '/manifest/conditions': ['9(2)(g)', 'sch1-19'], ...ADULT }],
  ['CONDITION_MISUSED', {}, { '/manifest/conditions': ['9(2)(g)', 'sch1-19'], ...ADULT, '/lines/1/category': 'photos-of-injuries' }, { '/manifest/conditions': ['9(2)(g)', 'sch1-19'], ...ADULT }],
  ['NO_OFFENCE_CONDITION', {}, { '/lines/0/category': 'history-of-offences', '/manifest/conditions': ['9(2)(c)'] }, { '/lines/0/category': 'history-of-offences' }],
  ['NO_OFFENCE_CONDITION', { 'law.offenceData': { list: 'closed', codes: ['sch1-30'] } }, { '/lines/0/category': 'history-of-offences' }, { '/lines/0/category': 'history-of-offences', [`${SENDER}/types`]: ['police'] }],
  ['OFFENCE_REGISTER_PROHIBITED', {}, { '/lines/0/category': 'history-of-offences', '/lines/0/severalPeople': true }, { '/lines/2/category': 'history-of-offences', '/lines/2/severalPeople': true }],
  ['SCHEDULE8_NOT_AVAILABLE', { 'agreement.purposes': PURPOSES }, { '/manifest/conditions': ['9(2)(c)', 'sch8-4'], '/manifest/purpose': 'enforcement' }, { '/manifest/conditions': ['9(2)(c)', 'sch8-4'], '/manifest/purpose': 'enforcement', [`${SENDER}/types`]: ['police'] }],
  ['GATEWAY_NOT_AVAILABLE', { 'law.gatewayCheck': 'enforce' }, { '/manifest/legalGateway': 'crime-and-disorder-act-1998-s115' }, { '/manifest/legalGateway': 'crime-and-disorder-act-1998-s115', [`${SENDER}/types`]: ['housing'] }],
  ['GATEWAY_NOT_AVAILABLE', { 'law.gatewayCheck': 'enforce' }, { '/manifest/legalGateway': 'data-protection-act-2018' }, { '/manifest/legalGateway': 'children-act-2004-s11' }],
  ['GATEWAY_NOT_AVAILABLE', { 'law.gatewayCheck': 'enforce' }, { '/manifest/legalGateway': null, [`${SENDER}/types`]: ['police'] }, { '/manifest/legalGateway': null }],
  ['GATEWAY_NOT_AVAILABLE', { 'law.gatewayCheck': 'enforce' }, { [`${SENDER}/types`]: [] }, {}],
  ['GATEWAY_NOT_AVAILABLE', { 'law.gatewayCheck': 'enforce' }, { '/manifest/legalGateway': 'crime-and-disorder-act-1998-s115', [`${SENDER}/types`]: ['police'], [`${COUNCIL}/types`]: ['voluntary'] }, { '/manifest/legalGateway': 'crime-and-disorder-act-1998-s115', [`${SENDER}/types`]: ['police'], [`${COUNCIL}/types`]: ['voluntary'], [`${COUNCIL}/memberships/0/actsFor`]: ['local-authority'] }],
  // ---- consent and the person
  ['CONSENT_NOT_ADDRESSED', {}, { '/manifest/consent': { status: 'not-sought' } }, {}],
  ['CONSENT_NOT_REAL', { 'law.consentStance': 'only-if-real-choice' }, { '/manifest/consent': { status: 'obtained' } }, { '/manifest/consent': { status: 'obtained', couldRefuse: true } }],
  ['CONSENT_INCOMPLETE', {}, { ...RELIED_ON, '/manifest/consent': { status: 'obtained', on: '2026-03-01', by: 'parent' } }, RELIED_ON],
  ['CONSENT_INCOMPLETE', {}, { '/manifest/lawfulBasis': '6(1)(a)' }, {}],
  ['CONSENT_EXPIRED', {}, { '/manifest/consent': { status: 'obtained', expires: '2026-03-09' } }, { '/manifest/consent': { status: 'obtained', expires: '2026-03-10' } }],
  ['CONSENT_EXPIRED', { 'law.consentWithdrawal': 'delete' }, { '/manifest/consent': { status: 'obtained' } }, { '/manifest/consent': { status: 'obtained', expires: '2026-04-01' } }],
  ['CONSENT_EXPIRED', {}, { '/manifest/consent': { status: 'obtained', on: '2026-03-11' } }, { '/manifest/consent': { status: 'obtained', on: '2026-03-10' } }],
  ['CONSENT_SCOPE', {}, { '/manifest/consent': { status: 'obtained', purposes: ['learning'] } }, { '/manifest/consent': { status: 'obtained', purposes: ['learning', 'front-door-referral'] } }],
  ['CONSENT_SCOPE', {}, { ...RELIED_ON, '/manifest/consent/categories': ['names'] }, { ...RELIED_ON, '/manifest/consent/categories': ['names', 'health'] }],
  ['CONSENT_LIMITS_NOT_STATED', { 'onward.rule': 'intent-known' }, { '/lines/0/source': 'third-party' }, { '/lines/0/source': 'third-party', '/manifest/consent/limited': true }],
  ['CONSENT_BY_WHOM', {}, { '/manifest/consent': { status: 'obtained', by: 'person' } }, { '/manifest/consent': { status: 'obtained', by: 'person', competent: true } }],
  ['CONSENT_BY_WHOM', {}, { '/manifest/consent': { status: 'obtained', by: 'parent' }, '/lines/3/band': '16-17' }, { '/manifest/consent': { status: 'obtained', by: 'parent' } }],
  ['CONSENT_BY_WHOM', {}, { '/manifest/consent': { status: 'obtained', by: 'person' }, '/lines/3/band': 'adult-lacking-capacity' }, { '/manifest/consent': { status: 'obtained', by: 'attorney' }, '/lines/3/band': 'adult-lacking-capacity' }],
  ['INFORMING_NOT_ADDRESSED', {}, { '/manifest/informed': { status: 'not-informed' } }, {}],
  ['PROVIDER_NOT_INFORMED', { 'law.informSubject': 'where-safe-and-provider' }, { '/lines/0/source': 'third-party' }, { '/lines/0/source': 'third-party', '/manifest/informed/provider': 'not-informed' }],
  ['DO_NOT_TELL_CONTRADICTED', {}, SAFE, { ...SAFE, '/manifest/handling/doNotTellSubject': false }],
  ['OBJECTION_NOT_ANSWERED', {}, { '/manifest/confidentiality': { view: 'objected' } }, { '/manifest/confidentiality': { view: 'objected' }, '/lines/4/reasons': ['public-interest'] }],
  ['BEST_INTERESTS_MISSING', {}, { '/lines/3/band': 'adult-lacking-capacity' }, { '/lines/3/band': 'adult-lacking-capacity', '/lines/4/reasons': ['best-interests'] }],
  // ---- the decision
  ['NO_DECISION', {}, { '/lines/4/at': '2026-03-10T09:40:00Z' }, { '/lines/4/at': '2026-03-10T09:31:00Z' }],
  ['CHECKLIST_INCOMPLETE', {}, { '/lines/4/checklist/3': null }, {}],
  ['SAFETY_NOT_CONSIDERED', {}, { '/lines/4/safetyConsidered': null }, { '/lines/4/safetyConsidered': null, '/manifest/consent': { status: 'obtained' } }],
  ['NECESSITY_NOT_STATED', {}, { '/lines/4/risk': null }, {}],
  ['NECESSITY_NOT_STATED', {}, { '/lines/4/necessary': false }, {}],
  ['HARM_NOT_TOLD', { 'decision.harmRecipients': ['health-provider'] }, { '/lines/4/significantHarm': true }, { '/lines/4/significantHarm': true, '/lines/4/harmToldOtherwise': 'told-already' }],
  ['HARM_NOT_TOLD', { 'decision.harmRecipients': ['probation'] }, { '/lines/4/significantHarm': true }, { '/lines/4/significantHarm': true, [`${POLICE}/memberships/0/entry`]: 'probation' }],
  ['CONSULTATION_NOT_NAMED', {}, { '/lines/4/method': 'line-manager-consulted' }, { '/lines/4/method': 'line-manager-consulted', '/lines/4/consulted': { role: 'line-manager', on: '2026-03-09' } }],
  ['ADVICE_NOT_ANONYMOUS', {}, { '/manifest/advice': {} }, { '/manifest/advice': { identityNeeded: 'already-known' } }],
  ['ADVICE_NOT_PSEUDONYMOUS', {}, ADVICE_ON_A_CASE, { ...ADVICE_ON_A_CASE, '/manifest/advice': { pseudonymous: true } }],
  ['ADVICE_NOT_PSEUDONYMOUS', {}, { '/lines/0/category': 'health', '/lines/2/category': 'health', '/manifest/advice': { pseudonymous: true } }, { ...ADVICE_ON_A_CASE, '/manifest/advice': { pseudonymous: true } }],
  ['ADVICE_NOT_PSEUDONYMOUS', {}, { ...ADVICE_ON_A_CASE, '/manifest/advice': { pseudonymous: true }, ...ONWARD }, { ...ADVICE_ON_A_CASE, '/manifest/advice': { identityNeeded: 'already-known' }, ...ONWARD }],
  ['ADVISER_NEED_NOT_KNOW', {}, { '/manifest/advice': {}, '/lines/0/recipient': OURS }, { '/manifest/advice': {} }],
  ['SECOND_DECIDER_MISSING', { 'min.secondDecider': { overRecipients: 1 } }, { '/lines/4/secondDecider': 'safeguarding-lead' }, { '/lines/4/secondDecider': 'head' }],
  ['IMPACT_NOT_ASSESSED', { 'dpia.rule': 'must-high-risk' }, { '/lines/4/highRisk': true, '/lines/4/impactAssessment': 'considered' }, { '/lines/4/highRisk': true, '/lines/4/impactAssessment': 'done' }],
  ['IMPACT_NOT_CONSIDERED', { 'dpia.rule': 'consider-complex' }, { '/lines/4/highRisk': true }, { '/lines/4/highRisk': true, '/lines/4/impactAssessment': 'considered' }],
  ['IDENTITY_NOT_QUESTIONED', { 'min.identityReduction': ['anonymised-reports'], 'agreement.purposes': PURPOSES }, { '/manifest/purpose': 'review' }, { '/manifest/purpose': 'review', '/lines/4/identityNeeded': true }],
  // ---- passing on
  ['ONWARD_OTHER_AGREEMENT', {}, { ...ONWARD, '/previous/agreement': 'another' }, { ...ONWARD, '/previous/agreement': 'wirral' }],
  ['ONWARD_OTHER_AGREEMENT', {}, { ...ONWARD, '/previous/agreement': 'another', '/manifest/onward': { ground: 'crime', approver: 'nobody-here' } }, { ...ONWARD, '/previous/agreement': 'another', '/manifest/onward': { ground: 'crime', approver: 'head' } }],
  ['ONWARD_OTHER_AGREEMENT', {}, { ...ONWARD, '/previous/agreement': 'another', '/previous/approvals': [{ ...APPROVED, purpose: 'front-door-referral', recipients: ['wirral-council'] }] }, { ...ONWARD, '/previous/agreement': 'another', '/previous/approvals': [{ ...APPROVED, purpose: 'front-door-referral' }] }],
  ['ONWARD_ORIGIN_UNKNOWN', {}, { '/manifest/threads': ONWARD['/manifest/threads'] }, ONWARD],
  ['PURPOSE_CHANGE_NOT_AGREED', {}, { ...ONWARD, '/manifest/purpose': 'learning', '/previous/approvals': [APPROVED] }, ONWARD],
  ['PURPOSE_CHANGE_NOT_AGREED', { 'purpose.changeApproval': 'provider-in-writing' }, { ...ONWARD, '/manifest/purpose': 'learning', '/previous/approvals': [{ ...APPROVED, by: 'wirral-council' }] }, { ...ONWARD, '/manifest/purpose': 'learning', '/previous/approvals': [APPROVED] }],
  ['PURPOSE_CHANGE_NOT_AGREED', { 'purpose.changeApproval': 'provider-in-writing', 'purpose.changeExceptions': ['crime'] }, { ...ONWARD, '/manifest/purpose': 'learning', '/manifest/onward': { ground: 'crime', approver: 'nobody-here' } }, { ...ONWARD, '/manifest/purpose': 'learning', '/manifest/onward': { ground: 'crime', approver: 'head' } }],
  ['PURPOSE_CHANGE_NOT_AGREED', { 'purpose.changeApproval': 'consider-consent' }, { ...ONWARD, '/manifest/purpose': 'learning', '/manifest/consent': null }, { ...ONWARD, '/manifest/purpose': 'learning' }],
  ['ONWARD_CONSENT_REQUIRED', { 'onward.rule': 'controller-consent' }, { ...ONWARD, '/previous/approvals': [{ ...APPROVED, purpose: 'front-door-referral', recipients: ['merseyside-police'] }] }, { ...ONWARD, '/previous/approvals': [{ ...APPROVED, purpose: 'front-door-referral' }] }],
  ['ONWARD_CONSENT_REQUIRED', { 'onward.rule': 'controller-consent' }, { ...ONWARD, '/manifest/onward': { ground: 'crime', approver: 'head' } }, { ...ONWARD, '/manifest/onward': { ground: 'person-at-risk', approver: 'head' } }],
  ['ONWARD_CONSENT_REQUIRED', { 'onward.rule': 'controller-consent', 'onward.scope': { covers: 'everything' } }, ONWARD, { ...ONWARD, '/previous/originator/agency': 'merseyside-police', '/lines/0/recipient': TO_POLICE, '/lines/1/recipient': TO_POLICE }],
  ['OUTSIDE_PROTOCOL', { 'onward.rule': 'never-outside' }, { ...ONWARD, [`${POLICE}/memberships`]: [] }, ONWARD],
  ['ONWARD_NOT_AS_SAID', { 'onward.intentQuestion': true }, { ...ONWARD, '/previous/intended': ['wirral-council'] }, { ...ONWARD, '/previous/intended': ['wirral-council', 'merseyside-police'] }],
  ['PURPOSE_FIXED_BY_GATEWAY', {}, { ...ONWARD, '/previous/legalGateway': 'care-act-2014-s45', '/manifest/purpose': 'learning' }, { ...ONWARD, '/previous/legalGateway': 'care-act-2014-s45' }],
  ['OUTSIDE_WITHOUT_GROUND', { 'onward.outside': ['exemption'] }, { [`${POLICE}/memberships`]: [], '/lines/2/outside': 'registered-disclosure' }, { [`${POLICE}/memberships`]: [], '/lines/2/outside': 'exemption' }],
  ['OUTSIDE_WITHOUT_GROUND', { 'onward.outside': ['consented'] }, { [`${POLICE}/memberships`]: [], '/lines/2/outside': 'consented' }, { [`${POLICE}/memberships`]: [], '/lines/2/outside': 'consented', '/manifest/consent': { status: 'obtained' } }],
  ['NO_COMMON_AGREEMENT', {}, { [`${POLICE}/memberships`]: [], '/lines/2/outside': 'exemption' }, {}],
  // ---- no more than is needed
  ['JUSTIFICATION_MISSING', { 'min.dataCategories': { list: 'any', eachJustified: true } }, { '/lines/0/justification': 'shows-risk' }, { '/lines/0/justification': 'shows-risk', '/lines/1/justification': 'shows-risk', '/lines/2/justification': 'shows-risk' }],
  ['JUSTIFICATION_MISSING', { 'min.nonStatutoryRule': 'minimum' }, { [`${POLICE}/types`]: ['voluntary'] }, {}],
  ['JUSTIFICATION_MISSING', { 'min.dataCategories': { list: 'listed', codes: ['names', 'health', 'other'] } }, { '/lines/0/category': 'other' }, {}],
  ['CATEGORY_EXCLUDED', { 'min.nonStatutoryRule': 'minimum' }, { [`${POLICE}/types`]: ['voluntary'], '/lines/2/category': 'health', '/lines/2/justification': 'informs-care' }, { [`${POLICE}/types`]: ['voluntary'], '/lines/2/category': 'health', '/lines/2/justification': 'informs-care', '/lines/2/exceptional': true }],
  ['CATEGORY_NOT_NEEDED', { 'agreement.purposes': PURPOSES }, { '/manifest/purpose': 'names-only' }, {}],
  ['CATEGORY_NOT_NEEDED', { 'min.dataCategories': { list: 'listed', codes: ['names'] } }, {}, { '/lines/1/category': 'names' }],
  ['IDENTIFIER_IN_CLEAR', {}, { '/manifest/review': { commissionedBy: 'national-panel', reference: 'CH411AB' } }, { '/manifest/review': { commissionedBy: 'national-panel', reference: 'REV-12' } }],
  ['CODE_UNKNOWN', {}, { '/manifest/thirdParties': { identifiable: true, reason: 'aunt-jane' } }, {}],
  ['CODE_UNKNOWN', {}, { '/manifest/consent': { status: 'obtained', purposes: ['front-door-referral', 'jane'] } }, {}],
  ['CODE_UNKNOWN', {}, { '/lines/4/checklist/-': 'jane-bloggs' }, {}],
  ['CODE_UNKNOWN', {}, { '/lines/0/doubt': 'mother-lies' }, { '/lines/0/doubt': 'second-hand' }],
  // ---- off the wire
  ['CHANNEL_PROHIBITED', { 'channel.sms': 'prohibited' }, BY('text-message', { digital: true, operationallyUrgent: true, guarded: true }), BY('telephone')],
  ['CHANNEL_PROHIBITED', { 'channel.sms': 'prohibited' }, BY('voicemail'), { '/route': null }],
  ['CHANNEL_PROHIBITED', { 'channel.fax': 'prohibited' }, BY('fax'), BY('courier')],
  ['ANALOGUE_NOT_URGENT', { 'channel.sms': 'digital-only' }, BY('text-message', { digital: false, operationallyUrgent: true }), BY('voicemail', { digital: false, operationallyUrgent: true, guarded: true })],
  ['ANALOGUE_NOT_URGENT', { 'channel.sms': 'digital-only' }, BY('telephone', { digital: false }), BY('telephone')],
  ['FAX_NOT_LAST_RESORT', { 'channel.fax': 'last-resort' }, BY('fax'), BY('fax', { noAlternative: 'no-electronic-way' })],
  ['SAFE_HAVEN_NOT_CONFIRMED', { 'channel.fax': 'last-resort' }, BY('fax', { safeHaven: true }), BY('fax', { safeHaven: true, onHand: true })],
  ['COVER_SHEET_NOT_CONFIRMED', { 'channel.fax': 'last-resort' }, BY('fax', { coverSheetConfirmedAt: '2026-03-10T09:20:00Z' }), BY('fax', { coverSheetConfirmedAt: '2026-03-10T09:19:59Z' })],
  ['NUMBER_NOT_OF_DIRECTORY', { 'channel.telephone': ['known'] }, BY('telephone', { called: ['wirral-council/front-door'] }), BY('telephone', CALLED)],
  ['IDENTITY_NOT_VERIFIED', { 'channel.telephone': ['verified'] }, BY('telephone', CALLED), BY('telephone', { identity: IDENTITY })],
  ['VERIFIED_TOO_LATE', { 'channel.telephone': ['checked-in-advance'] }, BY('telephone', { identity: { ...IDENTITY, at: '2026-03-10T09:20:01Z' } }), BY('telephone', { identity: { ...IDENTITY, at: '2026-03-10T09:20:00.000Z' } })],
  ['COURIER_REQUIRED', { 'channel.post': ['courier-if-sensitive'] }, BY('courier'), BY('courier', { consignment: 'WX-1' })],
  ['COURIER_REQUIRED', { 'channel.post': ['courier-if-sensitive'] }, { ...BY('post'), '/manifest/classification': 'OFFICIAL-SENSITIVE' }, { ...BY('post'), '/manifest/classification': 'OFFICIAL' }],
  ['ENVELOPE_INCOMPLETE', { 'channel.post': ['sealed', 'return-address'] }, BY('post', { sealed: true, marked: true }), BY('post', { sealed: true, returnAddress: true })],
  ['ENVELOPE_MARKING_WRONG', { 'channel.envelopeMarking': { internal: 'shown', external: 'not-shown' } }, BY('post'), BY('post', { envelopeMarking: 'not-shown' })],
  ['MEDIUM_UNFIT', { 'channel.portableMedia': ['encrypted'] }, BY('portable-media', { encrypted: true }), BY('portable-media', { encrypted: true, asset: 'USB-1' })],
  ['CODE_UNKNOWN', {}, BY('telephone', { identity: { ...IDENTITY, how: 'aunt-jane' } }), BY('telephone', { identity: IDENTITY })],
  ['NO_ADMITTED_CHANNEL', {}, { [`${POLICE}/contacts/0/protections`]: [] }, { [`${POLICE}/contacts/0/protections`]: [], ...BY('verbal') }],
  ['TLS_BELOW_MINIMUM', {}, { [`${POLICE}/contacts/0/collects`]: false, [`${POLICE}/contacts/0/domain`]: { tls: '1.2', lapsed: true } }, { [`${POLICE}/contacts/0/collects`]: false, [`${POLICE}/contacts/0/domain`]: { tls: '1.2' } }],
  ['PERSONAL_MAILBOX', { 'access.storage': 'case-management-system' }, { [`${POLICE}/contacts/0/kind`]: 'person', [`${POLICE}/contacts/0/collects`]: false, [`${POLICE}/contacts/0/domain`]: { tls: '1.2' } }, { [`${POLICE}/contacts/0/kind`]: 'person' }],
  ['PERSONAL_MAILBOX', { 'access.storage': 'case-management-system' }, { '/lines/2': null, ...BY('tls-domain'), ...MAILED, [`${COUNCIL}/contacts/0/kind`]: 'person' }, { '/lines/2': null, ...BY('tls-domain'), ...MAILED }],
  ['STRONGER_CHANNEL_AVAILABLE', { 'channel.preference': 'government-secure-first' }, { [`${POLICE}/contacts/0/domain`]: { tls: '1.2' }, '/manifest/way': { channel: 'mail-openpgp' } }, { [`${POLICE}/contacts/0/domain`]: { tls: '1.2' }, '/manifest/way': { channel: 'mailbox-openpgp' } }],
  ['STRONGER_CHANNEL_AVAILABLE', { 'channel.preference': 'strongest-agreed' }, { [`${POLICE}/contacts/0/domain`]: { tls: '1.2' }, '/manifest/way': { channel: 'mail-openpgp' } }, { [`${POLICE}/contacts/0/domain`]: { tls: '1.2' }, '/manifest/way': { channel: 'mail-openpgp', reason: 'recipient-cannot-now' } }],
  ['NO_ADMITTED_CHANNEL', {}, { '/manifest/way': { channel: 'encrypted-service' } }, { '/manifest/way': { channel: 'mailbox-openpgp' } }],
  ['CODE_UNKNOWN', {}, { '/manifest/way': { channel: 'by-pigeon' } }, { '/manifest/way': { channel: 'mailbox-openpgp' } }],
  ['MESSAGE_PROTECTION_REQUIRED', { 'channel.tlsAloneSuffices': false, 'channel.preference': 'any-admitted' }, { ...MAILED, ...BY('tls-domain') }, { ...MAILED, ...BY('tls-domain'), '/lines/0/category': 'names', '/lines/1/category': 'names' }],
  ['TLS_BELOW_MINIMUM', {}, { ...MAILED, [`${SENDER}/contacts/0/domain`]: { tls: '1.2', lapsed: true }, ...BY('tls-domain') }, { ...MAILED, ...BY('tls-domain') }],
  // ---- how it is marked
  ['ACCURACY_NOT_CONFIRMED', {}, { '/manifest/accuracy/on': '2026-03-11' }, {}],
  ['THIRD_PARTIES_NOT_ADDRESSED', {}, { '/manifest/thirdParties': { identifiable: true } }, { '/manifest/thirdParties': { identifiable: true, reason: 'at-risk-too' } }],
  ['HISTORICAL_UNEXPLAINED', {}, { '/lines/0/asOf': '2024-03-09' }, { '/lines/0/asOf': '2024-03-11' }],
  ['HISTORICAL_UNEXPLAINED', { 'header.historical': { explain: true, afterMonths: 6 } }, { '/lines/0/asOf': '2025-03-09' }, { '/lines/0/asOf': '2025-03-09', '/lines/0/historical': 'pattern' }],
  ['DOUBT_NOT_STATED', { 'header.doubt': true }, { '/lines/0/confidence': 'confirmed', '/lines/1/confidence': 'doubtful', '/lines/2/confidence': 'confirmed' }, { '/lines/0/confidence': 'confirmed', '/lines/1/confidence': 'doubtful', '/lines/1/doubt': 'contradicted', '/lines/2/confidence': 'confirmed' }],
  ['SOURCE_NOT_STATED', { 'header.source': 'each-item' }, { '/lines/0/source': 'own-record', '/lines/1/source': 'third-party', '/lines/2/source': 'subject' }, { '/lines/0/source': 'own-record', '/lines/1/source': 'third-party', '/lines/1/sourceKind': 'neighbour', '/lines/2/source': 'subject' }],
  ['CLASSIFICATION_RAISED', { 'header.classification': { default: 'OFFICIAL-SENSITIVE', floor: 'OFFICIAL-SENSITIVE' } }, { '/manifest/classification': 'OFFICIAL' }, {}],
  ['CLASSIFICATION_RAISED', { 'header.classification': { default: 'OFFICIAL' } }, { ...ONWARD, '/previous/classification': 'OFFICIAL-SENSITIVE', '/manifest/classification': 'OFFICIAL' }, { ...ONWARD, '/previous/classification': 'OFFICIAL', '/manifest/classification': 'OFFICIAL' }],
  ['LABEL_NOT_READ', { 'header.classification': { default: 'OFFICIAL-SENSITIVE', legacy: ['PROTECT'] } }, { '/manifest/classification': 'RESTRICTED' }, { '/manifest/classification': 'PROTECT' }],
  ['FACT_OPINION_UNMARKED', { 'header.factOpinion': 'in-meetings' }, { ...ONWARD, '/previous/meeting': true, '/lines/0/kind': null }, { ...ONWARD, '/lines/0/kind': null }],
  // ---- meetings
  ['MEETING_UNKNOWN', {}, { '/manifest/threads': { meeting: ONWARD['/manifest/threads'].previous } }, NOTES],
  ['CONFIDENTIALITY_NOT_STATED', { 'meeting.confidentialityStatement': 'chair-at-start' }, { ...NOTES, '/meeting/confidentialityStated': false }, NOTES],
  ['MEETING_TERMS_MISSING', { 'meeting.jointControllers': 'possible' }, { ...NOTES, '/meeting/joint': true }, { ...NOTES, '/meeting/joint': true, '/meeting/termsAttached': true }],
  ['NOT_INVITED', { 'meeting.notesRecipients': ['invited', 'deputised'] }, { ...NOTES, '/meeting/people': [] }, NOTES],
  ['MEETING_USE_NOT_AGREED', { 'onward.meeting': ['partners-agree', 'chair-consents'] }, { ...ONWARD, '/previous/meeting': true }, { ...ONWARD, '/previous/meeting': true, '/previous/reuse': { partners: [], given: [{ by: 'community-health-and-care', as: 'chair', recipients: ['wirral-council', 'merseyside-police'], purpose: 'front-door-referral' }] } }],
  // ---- special laws
  ['DUTY_TEAM_NOT_TOLD', {}, { '/manifest/legalGateway': 'private-fostering', [`${POLICE}/contacts/0/desk`]: 'duty-team' }, { '/manifest/legalGateway': 'private-fostering', [`${COUNCIL}/contacts/0/desk`]: 'duty-team' }],
  ['RESPONSIBLE_AUTHORITY_MISSING', { 'agreement.purposes': [{ ...PURPOSES[0], power: 'criminal-justice-act-2003-s325' }] }, {}, { [`${SENDER}/types`]: ['probation'] }],
  ['SENSITIVE_INTELLIGENCE_PROHIBITED', {}, { '/lines/0/source': 'intelligence-service' }, { '/lines/0/source': 'own-record' }],
  ['SUPPORT_CONSENT_NOT_STATED', {}, { '/manifest/legalGateway': 'counter-terrorism-and-security-act-2015-s36' }, { '/manifest/legalGateway': 'counter-terrorism-and-security-act-2015-s36', '/manifest/consent': { status: 'withdrawn', reason: 'puts-child-at-risk' } }],
  ['COHORT_NOT_JUSTIFIED', {}, { '/lines/0/severalPeople': true }, { '/lines/0/severalPeople': true, '/lines/0/justification': 'shows-risk' }],
  ['RESPONSIBLE_AUTHORITY_MISSING', {}, { '/manifest/legalGateway': 'criminal-justice-act-2003-s325' }, { '/manifest/legalGateway': 'criminal-justice-act-2003-s325', [`${SENDER}/types`]: ['probation'] }],
  ['FOSTERING_FACTS_MISSING', {}, { '/manifest/legalGateway': 'private-fostering', '/manifest/fostering': { atLeast28Days: true, disabled: false, byCloseRelative: true } }, { '/manifest/legalGateway': 'private-fostering', '/manifest/fostering': { atLeast28Days: true, disabled: false, byCloseRelative: false } }],
  ['REVIEW_NOT_NAMED', { 'agreement.purposes': PURPOSES }, { '/manifest/purpose': 'review' }, { '/manifest/purpose': 'review', '/manifest/review': { commissionedBy: 'national-panel', reference: 'REV-12' } }],
  ['NOT_ANONYMISED', { 'agreement.purposes': PURPOSES }, { '/manifest/purpose': 'lesson', '/manifest/anonymised': true }, { '/manifest/purpose': 'lesson', '/manifest/anonymised': true, '/lines/0/category': 'outcomes-of-contacts', '/lines/2/category': 'outcomes-of-contacts' }],
  // ---- where it may go, and rules of a party's own
  ['AT_REST_NOT_ATTESTED', { 'access.atRest': 'encrypted' }, { [`${POLICE}/memberships/0/attested`]: { 'at-rest': '2026-03-09' } }, { '/parties/merseyside-police/memberships/0/attested': { 'at-rest': '2026-03-10' }, '/parties/wirral-council/memberships/0/attested': { 'at-rest': '2026-03-10' } }],
  ['DEVICES_NOT_ATTESTED', { 'access.devices': 'restricted-on-secure-premises' }, {}, { '/parties/merseyside-police/memberships/0/attested': { devices: '2026-03-10' }, '/parties/wirral-council/memberships/0/attested': { devices: '2026-03-10' } }],
  ['PARTY_WITHDRAWN', { 'agreement.withdrawRule': 'notify-at-once' }, { [`${POLICE}/memberships/0/status`]: 'withdrawn' }, {}],
  ['PARTY_WITHDRAWN', { 'agreement.withdrawRule': 'notify-at-once' }, { [`${SENDER}/memberships/0/status`]: 'withdrawn' }, {}],
  ['TRANSFER_OUTSIDE_REGIONS', {}, { [`${POLICE}/country`]: 'US' }, { [`${POLICE}/country`]: 'IE' }],
  ['TRANSFER_OUTSIDE_REGIONS', { 'transfer.regions': { regions: ['UK'] } }, { [`${POLICE}/country`]: 'IE' }, {}],
  ['TRANSFER_OUTSIDE_REGIONS', { 'transfer.regions': { regions: ['UK', 'EEA'], beyondWithSafeguards: true } }, { [`${POLICE}/country`]: 'US' }, { [`${POLICE}/country`]: 'US', [`${POLICE}/memberships/0/transferSafeguards`]: '2026-01-01' }],
  ['TRANSFER_OUTSIDE_REGIONS', RULES_OF_THEIR_OWN({ 'transfer.regions': own({ regions: ['UK'] }) }), { [`${POLICE}/country`]: 'IE' }, {}],
  ['NAMED_PERSON_REQUIRED', RULES_OF_THEIR_OWN({ 'access.namedPersons': own('required') }), {}, { [`${POLICE}/contacts/0/kind`]: 'person', [`${COUNCIL}/contacts/0/kind`]: 'person' }],
  ['NOT_CJSM_OR_APPROVED', RULES_OF_THEIR_OWN({ 'channel.email.accepted': own(['cjsm', 'approved-address']) }), { [`${POLICE}/contacts/0/cjsm`]: true }, { [`${POLICE}/contacts/0/cjsm`]: true, [`${COUNCIL}/contacts/0/approvedOn`]: '2026-03-01' }],
  ['RECORDS_OF_OTHERS', RULES_OF_THEIR_OWN({ 'min.duplication': own('none') }), { '/lines/0/severalPeople': true }, { '/lines/0/severalPeople': true, '/lines/0/justification': 'shows-risk' }],
  ['COPY_PROHIBITED', { 'party.specificSecurityNeeds': { allowed: true, profiles: [{ entry: 'community-health-and-care', says: 'x', from: '2020-01-01', terms: { 'min.duplication': own('none') } }] } }, ONWARD, {}],
  ['LINKING_PROHIBITED', { 'party.specificSecurityNeeds': { allowed: true, profiles: [{ entry: 'community-health-and-care', says: 'x', from: '2020-01-01', terms: { 'min.linking': own('none') } }] } }, ONWARD, { '/manifest/threads': { request: '01890a5d-ac96-774b-bcce-b302099a8056' } }],
  ['OUTPUT_NOT_ANONYMOUS', { 'agreement.purposes': PURPOSES, ...RULES_OF_THEIR_OWN({ 'min.identityReduction': own(['anonymised-outputs']) }) }, { '/manifest/purpose': 'report' }, { '/manifest/purpose': 'report', '/manifest/anonymised': true }],
  // ---- asking, and answering
  ['ASKED_WITHOUT_PURPOSE', { 'request.scrutiny': ['purpose'] }, { ...ASKS, '/manifest/purpose': null }, ASKS],
  ['ASKED_WITHOUT_CONSENT_STATUS', { 'law.consentStance': 'with-or-without', 'request.scrutiny': ['consent'] }, { ...ASKS, '/manifest/consent': { status: 'not-sought' } }, ASKS],
  ['ASKED_WITHOUT_INFORMING', { 'law.informSubject': 'privacy-notice', 'request.informParents': 'where-appropriate' }, { ...ASKS, '/manifest/informed': { status: 'not-informed' } }, ASKS],
  ['ASKED_WITHOUT_REASON', JUSTIFIED, { '/manifest/asks': { type: 'enquiry', categories: [{ category: 'health', needToKnow: 'provides-care' }, { category: 'family' }] } }, { ...ASKS }],
  ['ASKED_WITHOUT_REASON', JUSTIFIED, { '/manifest/asks': { type: 'enquiry', categories: [{ category: 'health', needToKnow: 'curious' }] } }, {}],
  ['ASKED_WITHOUT_REASON', JUSTIFIED, { '/manifest/asks': { type: 'enquiry', categories: [{ category: 'family' }] } }, { ...ASKS }],
  ['AUTHORITY_NOT_SHOWN', {}, { '/manifest/asks': ON_BEHALF }, { '/manifest/asks': { ...ON_BEHALF, authority: SEEN } }],
  ['AUTHORITY_NOT_SHOWN', {}, { '/manifest/asks': { ...ON_BEHALF, authority: { ...SEEN, checkedOn: '2026-03-11' } } }, ASKS],
  ['AUTHORITY_NOT_SHOWN', { 'request.onBehalf': ['lpa'] }, { '/manifest/asks': { ...ON_BEHALF, authority: { ...SEEN, kind: 'epa' } } }, { '/manifest/asks': { ...ON_BEHALF, authority: SEEN } }],
  ['NEEDED_BY_PASSED', {}, { '/manifest/asks': { ...ASKS['/manifest/asks'], neededBy: '2026-03-10T09:29:00Z' } }, { '/manifest/asks': { ...ASKS['/manifest/asks'], neededBy: '2026-03-10T10:00:00Z' } }],
  ['CODE_UNKNOWN', {}, { '/manifest/asks': { type: 'aunt-jane', categories: [{ category: 'health' }] } }, ASKS],
  ['CODE_UNKNOWN', {}, answering([['health', 'refused']], { reasons: ['aunt-jane'] }), answering([['health', 'given']])],
  ['REQUEST_UNKNOWN', {}, { ...answering([['health', 'given']]), '/request': null }, answering([['health', 'given']])],
  ['BREACH_UNKNOWN', {}, { '/manifest/threads': { breach: ONWARD['/manifest/threads'].previous } }, { '/manifest/threads': { breach: ONWARD['/manifest/threads'].previous }, '/breach': { parties: ['wirral-council', 'merseyside-police'] } }],
  ['NOTIFICATION_UNKNOWN', {}, { '/manifest/threads': NAMED }, { '/manifest/threads': NAMED, '/notification': NOTIFIED }],
  ['CIRCULATED_BY_ANOTHER', NOTIFYING, {}, ASKS],
  ['NOTIFICATION_OVER', NOTIFYING, { '/manifest/threads': NAMED, '/notification': { ...NOTIFIED, state: 'closed' } }, { '/manifest/threads': NAMED, '/notification': NOTIFIED }],
  // ---- lists
  ['LIST_UNKNOWN', LISTS, { '/manifest/list': 'circulation' }, { '/manifest/list': 'leads' }],
  ['LIST_IS_BLIND', LISTS, { '/manifest/list': 'network', '/lines/-': ALSO_TOLD }, { '/manifest/list': 'leads', '/lines/-': ALSO_TOLD }],
  ['LIST_COUNT_SHOWS', LISTS, { '/manifest/list': 'network', '/manifest/lines': ['0', '1', '2'].map((digit) => digit.repeat(64)) }, { '/manifest/list': 'network' }],
  ['LIST_IS_VISIBLE', LISTS, { '/manifest/list': 'members' }, { '/manifest/list': 'leads' }],
  ['NOT_IN_CASE', {}, { '/manifest/threads': { breach: ONWARD['/manifest/threads'].previous }, '/breach': { parties: ['wirral-council'] } }, { '/manifest/threads': { breach: ONWARD['/manifest/threads'].previous }, '/breach': { parties: ['wirral-council', 'merseyside-police'] } }],
  ['REQUEST_UNKNOWN', {}, { '/manifest/answers': { categories: [{ category: 'health', answer: 'given' }] } }, {}],
  ['AGREEMENT_SUSPENDED', SUSPENDABLE, suspended({}), suspended({ endsAt: '2026-03-10T09:00:00Z' })],
  ['AGREEMENT_SUSPENDED', SUSPENDABLE, suspended({ scope: 'own-participation', by: 'merseyside-police' }), suspended({ scope: 'own-participation' })],
  ['AGREEMENT_SUSPENDED', SUSPENDABLE, suspended({}), { ...suspended({}), '/manifest/threads': { breach: ONWARD['/manifest/threads'].previous }, '/breach': { parties: ['wirral-council', 'merseyside-police'] } }],
  ['REQUESTER_NOT_REACHED', {}, { ...answering([['family', 'not-held']]), '/request': { ...PUT, requester: 'community-health-and-care' } }, answering([['family', 'not-held']])],
  ['ANSWER_UNFOUNDED', {}, answering([['risk-flags', 'not-held']]), answering([['family', 'not-held']])],
  ['ANSWER_UNFOUNDED', {}, answering([['family', 'given']]), answering([['health', 'given']])],
  ['ANSWER_UNFOUNDED', {}, answering([['health', 'confirmed']]), { ...answering([['health', 'confirmed']]), '/request': { ...PUT, type: 'audit' } }],
  ['REFUSED_WITHOUT_RECORD', {}, answering([['health', 'refused']], { reasons: ['not-necessary'], safetyConsidered: true }), { ...answering([['health', 'refused']], { reasons: ['not-necessary'], safetyConsidered: true }), '/lines/1/category': 'reasons' }],
  ['REFUSED_WITHOUT_RECORD', {}, { ...answering([['health', 'refused']], { reasons: ['not-necessary'] }), '/lines/1/category': 'reasons' }, answering([['family', 'not-held']])],
  ['REASON_TOO_VAGUE', {}, answering([['health', 'refused']], { reasons: ['data-protection'] }), answering([['health', 'refused']], { reasons: ['data-protection', 'no-power'] })],
  ['MAY_NOT_DECLINE', { 'request.statutoryCompulsory': ['front-door-referral'] }, answering([['health', 'refused']], { reasons: ['not-necessary', 'not-held'] }), answering([['health', 'refused']], { reasons: ['not-held'] })],
];

const codes = (reasons: readonly Reason[]) => reasons.map(({ code }): string => code);

test.each(ROWS)('%s is told where it is not met, and not where it is', (code, terms, unmet, met) => {
  expect(codes(told(terms, unmet))).toContain(code);
  expect(codes(told(terms, met))).not.toContain(code);
});

test.each<[string, Terms, Changes]>([
  ['SIGN_UP_INCOMPLETE', { 'agreement.bindingMode': 'sign-up' }, { [`${SENDER}/memberships/0/signed`]: { role: 'signatory', on: '2026-01-01', delegated: true } }],
  ['NO_ORGANISATION_TYPE', {}, {}],
])('%s keeps a party out until it is met', (code, terms, met) => {
  expect(codes(toldAtTheDoor(terms, { [`${SENDER}/types`]: [] }))).toContain(code);
  expect(codes(toldAtTheDoor(terms, met))).not.toContain(code);
});

test('what two parties with rules of their own touch goes under the rules of both', () => {
  const profiles = [{ entry: 'schools-and-colleges', says: 'x', from: '2020-01-01', terms: { 'access.namedPersons': own('required') } }, { entry: 'community-health-and-care', says: 'x', from: '2020-01-01', terms: { 'min.duplication': own('none') } }];
  expect(codes(told({ 'party.specificSecurityNeeds': { allowed: true, profiles } }, ONWARD))).toEqual(expect.arrayContaining(['COPY_PROHIBITED', 'NAMED_PERSON_REQUIRED']));
});

test('rules of the sender say nothing of what another shared first', () => {
  const profiles = [{ entry: 'schools-and-colleges', says: 'x', from: '2020-01-01', terms: { 'min.duplication': own('none'), 'min.linking': own('none') } }];
  expect(codes(told({ 'party.specificSecurityNeeds': { allowed: true, profiles } }, ONWARD))).toEqual([]);
});

test('there is a row for every condition of a share that the permitted share of the examples does not show by itself', () => {
  const shown = new Set([...ROWS.map(([code]) => code), 'SIGN_UP_INCOMPLETE', 'NO_ORGANISATION_TYPE']);
  const elsewhere = ['AGREEMENT_UNKNOWN', 'AGREEMENT_VERSION_SUPERSEDED', 'AGREEMENT_VERSION_UNKNOWN', 'NO_SPOC', 'REQUIRED_CONTACT_MISSING', 'NO_PRIVACY_ASSESSMENT', 'NOT_A_RELEVANT_AGENCY', 'HUB_CONTROLLER_UNKNOWN', 'NO_PURPOSE', 'PURPOSE_NOT_IN_AGREEMENT',
    'NO_SPECIAL_CATEGORY_CONDITION', 'RECIPIENT_NOT_JUSTIFIED', 'NEED_TO_KNOW_MISSING', 'UNKNOWN_RECIPIENT', 'ADDRESS_MISMATCH', 'ADDRESS_STALE', 'CATEGORY_UNKNOWN', 'NO_PROVENANCE', 'FACT_OPINION_UNMARKED', 'NO_ADMITTED_CHANNEL', 'KEY_NOT_VERIFIED'];
  expect([...CONDITIONS, ...ADMISSION].map(({ code }) => code).filter((code) => !shown.has(code) && !elsewhere.includes(code))).toEqual([]);
});

describe('every reason', () => {
  const all: readonly AnyCondition[] = [...CONDITIONS, ...ADMISSION];

  test.each(all.map((condition) => [`${condition.code} on ${condition.on}`, condition] as const))('%s says which clause, what must be so, which field, and what to do', (_name, condition) => {
    expect(condition.clauses.every((clause) => /^[A-Z]{2}-[0-9]{2}$/.test(clause))).toBe(true);
    expect(condition.clauses).not.toHaveLength(0);
    expect(condition.says).toMatch(/^[a-z].{15,}[^.]$/);
    expect(condition.next).toMatch(/^[A-Z].{10,}\.$/);
    expect(typeof condition.pointer === 'function' || /^(\/[a-zA-Z]+)+$/.test(condition.pointer)).toBe(true);
  });

  test.each(ROWS)('%s, as it is told, has all of that and the place it stands on', (code, terms, unmet) => {
    for (const reason of told(terms, unmet).filter((each) => each.code === code)) {
      expect(reason).toMatchObject({ pointer: expect.stringMatching(/^\//), standing: { on: expect.stringMatching(/^(clause|statute|technical|default)$/), says: expect.stringMatching(/./) } });
    }
  });

  test.each(Object.entries(OUTCOMES))('%s has all of that too', (_code, { clauses, says, next, pointer, standing }) => {
    expect([clauses.length > 0, says.length > 15, next.endsWith('.'), pointer.startsWith('/'), standing.on]).toEqual([true, true, true, true, 'technical']);
  });
});
