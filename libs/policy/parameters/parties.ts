import { ATTESTATIONS } from '../vocabulary/attestations';
import { CATEGORIES } from '../vocabulary/categories';
import { NO_CONSENT_REASONS } from '../vocabulary/consent';
import { GATEWAYS } from '../vocabulary/gateways';
import { ARTICLE_9, LAWFUL_BASES } from '../vocabulary/lawful-bases';
import { ORGANISATION_TYPES, TYPE_ALIASES } from '../vocabulary/organisations';
import { FLOW_QUESTIONS } from '../vocabulary/reasons';
import { POSTS } from '../vocabulary/roles';
import { SCHEDULE_1 } from '../vocabulary/schedules';
import type { Table } from '../vocabulary/entry';
import { code, count, fields, flag, listOf, must, oneOf, place, type Shape, text, when, wordOf } from './shape';

/**
 * `usual`: another lawful one is accepted with a reason. `closed`: no other is. `listed`: named by the text, but not as usual.
 * `forEntries`, `forPurposes`: what is usual, or admitted, beside the list for some parties or some purposes only.
 */
const legalList = <T extends Table>(table: T) => {
  const codes = listOf(wordOf(table));
  return fields({ list: oneOf('usual', 'closed'), codes }, { preferred: wordOf(table), listed: codes, forEntries: listOf(fields({ entry: code, codes })), forPurposes: listOf(fields({ purpose: code, codes })) });
};

const SUBJECT_GROUPS = ['children', 'responsible-adults', 'adults-at-risk', 'providers'] as const;

/**
 * `nature`: what the law and the agreement hang on a purpose besides its name. `subjects`: whom alone it can be about.
 * `categories`: all that it may carry. `anonymised`: nobody can be identified in what it carries. `power`: the law under which it runs,
 * whatever power a share for it cites besides.
 */
const purpose = fields(
  { code, says: text, clause: place },
  {
    nature: oneOf('case', 'review', 'audit', 'administration', 'publication', 'law-enforcement', 'notification'),
    subjects: listOf(oneOf(...SUBJECT_GROUPS)),
    categories: listOf(wordOf(CATEGORIES)),
    anonymised: flag,
    power: wordOf(GATEWAYS),
  },
);

/** `represents`: the sector for which its signatory signs. `representedBy`: the entry that signs for this one. `legal`: the controller in law, where it has another name. */
const party = fields(
  { entry: code, says: text, kind: oneOf('statutory-partner', 'named', 'category', 'mixed', 'consulted', 'represented', 'coordinator'), types: listOf(wordOf(ORGANISATION_TYPES)) },
  { scopeLimit: code, signatures: count, represents: code, representedBy: code, legal: text, formerly: listOf(text) },
);

const visibility = oneOf('visible', 'hidden', 'visible-unless-opted-out');

/** Who is bound, for what, and how a decision is made: agreement, party, list, decision, record, law, dpia. */
export const PARTIES_AND_DECISION = {
  'agreement.title': must(text),
  'agreement.area': text,
  'agreement.published': when,
  'agreement.subjectGroups': must(listOf(oneOf(...SUBJECT_GROUPS))),
  'agreement.purposes': must(listOf(purpose)),
  'agreement.scope': fields({ covers: listOf(text) }, { excludes: listOf(code), replacesOthers: flag }),
  'agreement.parentDocument': text,
  'agreement.coordinator': text,
  'agreement.bindingMode': must(oneOf('membership', 'category', 'signature', 'signatories-and-consulted', 'sign-up')),
  'agreement.partyList': must(listOf(party)),
  'agreement.consultedMayReceive': flag,
  'agreement.joinRule': oneOf('falls-in-category', 'notify-coordinator', 'sign-up-table', 'coordinator-admits'),
  'agreement.withdrawRule': oneOf('notify-at-once'),
  'agreement.duration': oneOf('open', 'until-legislation-changes'),
  /** `by`: who reviews it; absent: the partnership. */
  'agreement.reviewCycle': fields({}, { firstMonths: count, everyMonths: count, onEvent: code, by: oneOf('statutory-partners', 'parties', 'partnership') }),
  'agreement.amendRule': oneOf('statutory-partners', 'all-in-writing', 'coordinator', 'notice-of-security-needs'),
  'agreement.monitoringBody': listOf(text),
  'agreement.indemnity': oneOf('mutual', 'mutual-receiver-liable', 'own-cover', 'none'),

  'party.requiredContacts': listOf(fields({ post: wordOf(POSTS), reach: oneOf('email-or-telephone', 'email', 'email-and-telephone') })),
  'party.oversightRole': listOf(wordOf(POSTS)),
  'party.internalApproval': listOf(wordOf(POSTS)),
  'party.representativeSignatory': flag,
  'party.preconditions': listOf(oneOf('privacy-risk-assessment', 'controls', 'dpia-high-risk')),
  'party.scopeLimit': listOf(fields({ entry: code, limit: code })),
  'party.staffCheck': oneOf('must', 'asked'),
  'party.training': listOf(oneOf('front-door-guidance', 'information-sharing', 'data-protection')),
  /** What each party, or the partnership, attests that no parameter of its own asks for. */
  'party.attests': listOf(wordOf(ATTESTATIONS)),
  'party.privacyNotice': oneOf('must', 'partnership', 'good-practice'),

  'list.visibility': fields({}, { members: visibility, network: visibility, training: visibility, leads: visibility }),
  'list.upkeep': oneOf('coordinator-on-change', 'as-membership-changes'),
  'list.optOut': flag,

  'decision.recordNonShare': oneOf('must', 'record'),
  'decision.flow': listOf(wordOf(FLOW_QUESTIONS)),
  'decision.checklist': listOf(code),
  'decision.adviceRoute': fields({ to: listOf(code), anonymised: oneOf('where-possible', 'always', 'not-asked') }),
  'decision.harmRecipients': listOf(code),

  'record.content': listOf(oneOf('what', 'with-whom', 'why', 'when', 'how', 'not-shared', 'telephone-disclosures')),
  'record.bothSides': oneOf('both', 'discloser', 'each-controller'),
  'record.law62': fields({ justification: flag }, { covers: oneOf('law-enforcement', 'everything') }),

  'law.art6': legalList(LAWFUL_BASES),
  'law.art9': legalList(ARTICLE_9),
  'law.sch1': legalList(SCHEDULE_1),
  'law.offenceData': legalList(SCHEDULE_1),
  'law.noConsentReasons': listOf(wordOf(NO_CONSENT_REASONS)),
  'law.gatewayCheck': oneOf('record', 'enforce', 'none'),
  'law.consentStance': oneOf('seek-first', 'with-or-without', 'only-if-real-choice', 'notify-not-consent'),
  'law.consentWithdrawal': oneOf('any-time', 'delete'),
  'law.informSubject': oneOf('where-safe', 'where-safe-and-provider', 'privacy-notice'),
  'law.confidenceTest': oneOf('balance', 'binds', 'public-interest-test'),
  'law.caldicott': oneOf('health-and-social-care', 'where-specified'),
  'law.lawEnforcement': listOf(code),
  'law.orgTypeAliases': listOf(wordOf(TYPE_ALIASES)),
  'law.vocabularyDate': when,

  'dpia.rule': oneOf('before-signing', 'must-high-risk', 'consider-complex'),
} as const satisfies Record<string, Shape<unknown>>;
