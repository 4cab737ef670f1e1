import { AUTHORITIES } from '../vocabulary/requests';
import { POSTS, ROLES } from '../vocabulary/roles';
import { code, count, fields, flag, listOf, must, oneOf, type Shape, text, wordOf } from './shape';

/** Days counted from acceptance. `remindOnDays` ascending, each before `maxDays`. */
const inTransit = fields({ removeOn: oneOf('acknowledgement'), maxDays: count, remindOnDays: listOf(count) });

/** What follows a share: request, refusal, controller, breach, suspension, disruption, rights, transfer, retention. */
export const AFTERWARDS = {
  'request.hub': fields({ desk: code, says: text }),
  'request.priority': oneOf('hub-first'),
  'request.scrutiny': listOf(oneOf('purpose', 'consent', 'key-information')),
  'request.informParents': oneOf('where-appropriate', 'where-safe', 'on-sharing'),
  'request.hubRefusalGrounds': listOf(oneOf('incorrectly-gathered', 'illegally-gathered', 'no-appropriate-consent', 'no-clear-purpose')),
  'request.statutoryCompulsory': listOf(code),
  'request.onBehalf': listOf(wordOf(AUTHORITIES)),
  /** Hours within which a request is answered that says nothing itself, by its lane. */
  'request.answerWithin': fields({ emergency: count, priority: count, urgent: count, routine: count }),

  'refusal.recordToRequester': oneOf('must'),
  'refusal.discuss': oneOf('good-practice'),
  'refusal.reviewedBy': listOf(wordOf(POSTS)),
  'refusal.escalateTo': fields({ to: listOf(code) }, { stage: count, about: code }),
  'refusal.pace': oneOf('at-pace'),
  /** How those to whom a refusal is escalated decide, and within how many hours. */
  'refusal.decision': fields({ rule: oneOf('any', 'majority', 'all'), hours: count }),
  /** The stages of an escalation, in their order: who speaks with whom. Absent: it goes to those who decide at once. */
  'refusal.stages': listOf(fields({ stage: count, between: wordOf(ROLES) })),

  'controller.model': must(oneOf('independent', 'each-controller', 'joint-for-coordination', 'holder')),
  'controller.hub': fields({ desk: code, entries: listOf(code) }),
  'controller.onReceipt': oneOf('each-its-own', 'recipient', 'own-and-partnership'),
  /** Purposes for which the parties are joint controllers. */
  'controller.joint': listOf(code),

  'breach.trigger': listOf(oneOf('personal-data-breach', 'data-protection-law', 'data-loss', 'security', 'stolen', 'wrongly-disclosed', 'agreement')),
  'breach.firstNotify': oneOf('owner', 'providing-controller', 'coordinator', 'other-partners'),
  'breach.firstNotifyDeadline': oneOf('immediately', 'without-undue-delay'),
  'breach.notifyOthers': fields({ whom: oneOf('involved', 'all', 'all-if-suspended'), within: oneOf('immediately', 'without-undue-delay') }),
  'breach.localHandler': oneOf('controllers', 'coordinator'),
  'breach.investigationLead': oneOf('owner', 'all-involved', 'coordinator-or-organisation', 'each-controller'),
  'breach.severityGrading': oneOf('jointly', 'providing-controller'),
  'breach.icoThreshold': oneOf('significant-risk', 'serious-implications', 'statute'),
  'breach.icoNotifier': oneOf('owning-controller', 'where-it-occurred', 'each-controller'),
  'breach.icoDeadlineHours': count,
  'breach.outcomeCirculation': oneOf('involved'),
  'breach.recordBy': oneOf('all-involved', 'each-controller'),
  'breach.contactTable': listOf(wordOf(POSTS)),

  'suspension.right': oneOf('any-party'),
  'suspension.maxDays': count,
  'suspension.notice': listOf(oneOf('all-parties', 'immediately', 'in-writing', 'with-evidence')),
  'suspension.meetingDays': count,
  'suspension.scope': oneOf('whole-agreement', 'own-participation'),
  /** How often it may follow itself upon the same case. */
  'suspension.renewal': oneOf('none', 'once'),
  'suspension.emergencyException': oneOf('life-at-risk', 'none'),
  'disruption.handler': wordOf(POSTS),

  'rights.types': listOf(oneOf('access', 'rectification', 'erasure', 'restriction', 'objection', 'portability')),
  'rights.assist': oneOf('reasonable'),
  'rights.consultProvider': oneOf('must'),
  'rights.foiConsult': oneOf('consult', 'assist', 'own-process'),
  'rights.complaintsTo': listOf(code),
  'transfer.regions': fields({ regions: listOf(oneOf('UK', 'EEA')) }, { beyondWithSafeguards: flag }),

  'retention.basis': must(oneOf('purpose', 'purpose-or-statutory-functions', 'minimum-necessary', 'own-policy', 'storage-limitation')),
  'retention.owner': must(oneOf('each-agency', 'each-agency-and-partnership', 'each-recipient', 'host-authority')),
  'retention.periods': listOf(fields({ what: code }, { months: count, from: code, atOnce: flag, guidance: text })),
  'retention.indefiniteReview': fields({ reason: flag }, { everyMonths: count }),
  'retention.disposal': listOf(oneOf('securely', 'media-destroyed', 'electronic-shredding', 'cross-cut-shredding', 'paper-shredded', 'secure-sacks', 'secure-recycling')),
  'retention.payloadInTransit': must(inTransit),

  'meeting.confidentialityStatement': oneOf('chair-at-start', 'administration'),
  'meeting.attendance': listOf(oneOf('signed', 'name', 'role', 'contact')),
  'meeting.notesRecipients': listOf(oneOf('invited', 'deputised')),
  'meeting.reuseConsent': oneOf('chair'),
  'meeting.jointControllers': oneOf('co-ordination', 'possible'),
  'access.whoMay': listOf(oneOf('recipients', 'works-with-person', 'monitors-quality', 'statutory-function', 'need-to-know', 'named-persons')),
  'access.namedPersons': oneOf('required'),
  'access.mfa': oneOf('required'),
  'access.atRest': oneOf('encrypted', 'whenever-possible'),
  'access.devices': oneOf('restricted-on-secure-premises'),
  'access.storage': oneOf('case-management-system'),
  'access.standard': oneOf('iso-27001-or-working-towards'),
  'access.subcontractor': oneOf('partner-itself', 'contract', 'contract-and-instructions'),
  'audit.case': listOf(code),
  'audit.onSite': oneOf('on-site-or-independent-report'),
  'notification.enabled': flag,
  'notification.circulator': wordOf(POSTS),
  'notification.reviewInterval': fields({ days: count }),
} as const satisfies Record<string, Shape<unknown>>;
