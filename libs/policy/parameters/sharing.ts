import { CLASSIFICATIONS } from '#protocol/manifest';
import { CATEGORIES } from '../vocabulary/categories';
import { OUTSIDE_GROUNDS } from '../vocabulary/declarations';
import { ACCEPTED_CHANNELS, LEGACY_CLASSIFICATIONS } from '../vocabulary/protections';
import { code, count, fields, flag, listOf, must, oneOf, type Shape, wordOf } from './shape';

/** What is shared and how it travels: purpose, onward, min, channel, header, correction. */
export const SHARING = {
  'purpose.limit': oneOf('specific-purpose', 'agreement-purpose', 'purpose-given'),
  'purpose.prohibited': listOf(code),
  'purpose.changeApproval': oneOf('not-allowed', 'provider-in-writing', 'consider-consent'),
  'purpose.changeExceptions': listOf(oneOf('none', 'crime', 'child-well-being', 'statutory-obligation', 'individual-at-risk')),

  'onward.rule': must(oneOf('never-outside', 'same-purpose-only', 'agreement-purpose-only', 'controller-consent', 'intent-known')),
  'onward.meeting': listOf(oneOf('partners-agree', 'chair-consents')),
  'onward.intentQuestion': flag,
  // Ours: how far a rule of the originating controller's consent reaches, and when nobody waits for it.
  'onward.scope': fields({ covers: oneOf('meetings-and-case-data', 'everything') }, { wayOut: listOf(oneOf('person-at-risk', 'statute-requires')) }),

  // A row of the catalogue asks for it: on which grounds something may go to one that is no party. Silence: on none.
  'onward.outside': listOf(wordOf(OUTSIDE_GROUNDS)),

  'min.recipientRule': oneOf('need-to-know', 'circulation-list', 'named-persons'),
  // Ours: with more recipients than these a second person decides too.
  'min.secondDecider': fields({ overRecipients: count }),
  'min.dataCategories': fields({ list: oneOf('any', 'listed') }, { codes: listOf(wordOf(CATEGORIES)), eachJustified: flag, onlyIfNecessary: flag, keptFromNonStatutory: listOf(wordOf(CATEGORIES)) }),
  'min.nonStatutoryRule': oneOf('none', 'minimum'),
  'min.identityReduction': listOf(oneOf('initials', 'none-in-subject-line', 'anonymised-reports', 'anonymised-outputs')),
  // Ours: whether a share says that people can be identified whom it is not about.
  'min.thirdParties': oneOf('stated'),
  'min.duplication': oneOf('none'),
  'min.linking': oneOf('none'),

  'channel.email.accepted': must(listOf(wordOf(ACCEPTED_CHANNELS))),
  'channel.preference': oneOf('government-secure-first', 'strongest-agreed', 'any-admitted'),
  'channel.tls.min': oneOf('1.2', '1.3'),
  'channel.tlsAloneSuffices': flag,
  'channel.passwordFallback': oneOf('only-if-encrypted', 'without-tls', 'to-insecure-mail'),
  'channel.passwordDelivery': listOf(oneOf('recipient-asks', 'spoken', 'other-chain')),
  'channel.subjectLine': oneOf('initials', 'no-personal-data'),
  'channel.emergency': oneOf('override', 'none'),
  'channel.deviation': oneOf('originator-agrees'),
  'channel.post': listOf(oneOf('marked', 'address-checked', 'sealed', 'return-address', 'courier-if-sensitive', 'post-or-courier')),
  'channel.envelopeMarking': fields({ internal: oneOf('shown', 'not-shown'), external: oneOf('shown', 'not-shown') }),
  'channel.telephone': listOf(oneOf('known', 'verified', 'checked-in-advance', 'documented', 'proportionate')),
  'channel.sms': oneOf('prohibited', 'digital-only'),
  'channel.fax': oneOf('last-resort', 'prohibited'),
  'channel.portableMedia': listOf(oneOf('encrypted', 'necessary', 'employer-owned')),

  'header.provenance': must(listOf(oneOf('originator', 'organisation', 'date', 'with-corrections'))),
  'header.classification': must(fields({ default: oneOf(...CLASSIFICATIONS) }, { floor: oneOf(...CLASSIFICATIONS), covers: oneOf('all', 'meeting-notes'), legacy: listOf(wordOf(LEGACY_CLASSIFICATIONS)) })),
  'header.factOpinion': oneOf('each-item', 'in-meetings'),
  'header.accuracy': oneOf('supplier-confirms', 'each-controller'),
  'header.doubt': flag,
  // Ours: whether each part says from whom the sender has it.
  'header.source': oneOf('each-item'),
  'header.historical': fields({ explain: flag }, { afterMonths: count }),
  // Ours: whether recipients learn which organisations are told too, unless the sender says otherwise.
  'header.alsoTold': must(oneOf('between-statutory-agencies', 'always', 'never')),

  'correction.rule': oneOf('with-provenance', 'each-controller', 'responsible-for-accuracy'),
} as const satisfies Record<string, Shape<unknown>>;

