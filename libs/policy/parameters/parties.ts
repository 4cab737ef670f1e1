import { NO_CONSENT_REASONS } from '../vocabulary/consent';
import { ARTICLE_9, LAWFUL_BASES } from '../vocabulary/lawful-bases';
import { ORGANISATION_TYPES, TYPE_ALIASES } from '../vocabulary/organisations';
import { FLOW_QUESTIONS } from '../vocabulary/reasons';
import { POSTS } from '../vocabulary/roles';
import { SCHEDULE_1 } from '../vocabulary/schedules';
import type { Table } from '../vocabulary/entry';
import { code, count, fields, flag, listOf, must, oneOf, place, type Shape, text, when, wordOf } from './shape';

/** `usual`: another lawful one is accepted with a reason. `closed`: no other is. */
const legalList = <T extends Table>(table: T) => fields({ list: oneOf('usual', 'closed'), codes: listOf(wordOf(table)) }, { preferred: wordOf(table) });

const visibility = oneOf('visible', 'hidden', 'visible-unless-opted-out');

/** Who is bound, for what, and how a decision is made: agreement, party, list, decision, record, law, dpia. */
export const PARTIES_AND_DECISION = {
  'agreement.title': must(text),
  'agreement.area': text,
  'agreement.published': when,
  'agreement.subjectGroups': must(listOf(oneOf('children', 'responsible-adults', 'adults-at-risk', 'providers'))),
  'agreement.purposes': must(listOf(fields({ code, says: text, clause: place }))),
  'agreement.scope': fields({ covers: listOf(text) }, { excludes: listOf(code), replacesOthers: flag }),
  'agreement.parentDocument': text,
  'agreement.coordinator': text,
  'agreement.bindingMode': must(oneOf('membership', 'category', 'signature', 'signatories-and-consulted', 'sign-up')),
  'agreement.partyList': must(
    listOf(fields({ entry: code, says: text, kind: oneOf('statutory-partner', 'named', 'category', 'mixed', 'consulted'), types: listOf(wordOf(ORGANISATION_TYPES)) }, { scopeLimit: code })),
  ),
  'agreement.consultedMayReceive': flag,
  'agreement.joinRule': oneOf('falls-in-category', 'notify-coordinator', 'sign-up-table'),
  'agreement.withdrawRule': oneOf('notify-at-once'),
  'agreement.duration': oneOf('open', 'until-legislation-changes'),
  'agreement.reviewCycle': fields({}, { firstMonths: count, everyMonths: count, onEvent: code }),
  'agreement.amendRule': oneOf('statutory-partners', 'all-in-writing', 'coordinator', 'notice-of-security-needs'),
  'agreement.monitoringBody': listOf(text),
  'agreement.indemnity': oneOf('mutual', 'mutual-receiver-liable', 'own-cover', 'none'),

  'party.requiredContacts': listOf(fields({ post: wordOf(POSTS), reach: oneOf('email-or-telephone', 'email', 'email-and-telephone') })),
  'party.oversightRole': listOf(wordOf(POSTS)),
  'party.internalApproval': listOf(wordOf(POSTS)),
  'party.representativeSignatory': flag,
  'party.preconditions': listOf(oneOf('privacy-risk-assessment', 'controls', 'dpia-high-risk')),
  'party.scopeLimit': listOf(fields({ entry: code, limit: code })),
  'party.specificSecurityNeeds': fields({ allowed: flag }, { noticeMonths: count, confirmedAtReview: flag }),
  'party.staffCheck': oneOf('must', 'asked'),
  'party.training': listOf(oneOf('front-door-guidance', 'information-sharing', 'data-protection')),
  'party.privacyNotice': oneOf('must', 'partnership', 'good-practice'),

  'list.visibility': fields({}, { members: visibility, network: visibility, training: visibility, leads: visibility }),
  'list.upkeep': oneOf('coordinator-on-change', 'as-membership-changes'),
  'list.optOut': flag,

  'decision.recordNonShare': oneOf('must', 'record'),
  'decision.flow': listOf(wordOf(FLOW_QUESTIONS)),
  'decision.checklist': listOf(code),
  'decision.adviceRoute': fields({ to: listOf(code), anonymised: oneOf('where-possible', 'always', 'not-asked') }),
  'decision.harmRecipients': listOf(code),

  'record.content': listOf(oneOf('what', 'with-whom', 'why', 'when', 'how', 'not-shared')),
  'record.bothSides': oneOf('both', 'discloser', 'each-controller'),
  'record.law62': fields({ justification: flag }),

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
