import { type Agreement, term } from '../agreement';
import type { RouteCode } from '#protocol/disclosure';
import type { Condition, ShareFacts } from './condition';
import { markingOf } from './marking';

// What each route off the wire asks. Looked at of what goes, or went, by that route, and of nothing else.

type Asks = 'channel.post' | 'channel.telephone' | 'channel.portableMedia';
const asks = (parameter: Asks, ...words: readonly string[]) => (agreement: Agreement): boolean => words.some((word) => (term(agreement, parameter) as readonly string[] | undefined)?.includes(word) ?? false);

const ENVELOPES: readonly RouteCode[] = ['post', 'courier'];
const CALLS: readonly RouteCode[] = ['telephone'];
const MESSAGES: readonly RouteCode[] = ['text-message', 'voicemail'];

const internal = ({ recipient, sender }: { recipient: { agency: string }; sender: { agency: string } | undefined }): boolean => recipient.agency === sender?.agency;
const earlier = (one: string | undefined, other: string | undefined, or: 'at-once' | 'never'): boolean => one !== undefined && other !== undefined && (Date.parse(one) < Date.parse(other) || (or === 'at-once' && Date.parse(one) === Date.parse(other)));

/** The first thing that the agreement asks of an envelope, and that is not stated of this one. */
function lackingOfEnvelope({ agreement, route }: ShareFacts): string | undefined {
  const stated: Record<string, unknown> = { marked: route?.marked, 'address-checked': route?.addressCheckedBy, sealed: route?.sealed, 'return-address': route?.returnAddress };
  return term(agreement, 'channel.post')?.find((word) => word in stated && (stated[word] === undefined || stated[word] === false));
}

/** The first thing that the agreement asks of a medium, or of its record, and that is not stated. */
function lackingOfMedium({ agreement, route }: ShareFacts): string | undefined {
  const stated: Record<string, unknown> = { encrypted: route?.encrypted, necessary: route?.necessary, 'employer-owned': route?.employerOwned };
  if (route?.asset === undefined) return 'asset';
  return term(agreement, 'channel.portableMedia')?.find((word) => stated[word] !== true);
}

const lackingOfHaven = ({ route }: ShareFacts): string | undefined => (route?.safeHaven !== true ? 'safe-haven' : route.onHand !== true ? 'on-hand' : undefined);

export const OFF_WIRE = [
  {
    code: 'CHANNEL_PROHIBITED', clauses: ['OC-05'], on: 'share', by: MESSAGES, term: 'channel.sms', pointer: '/route/by',
    applies: (agreement) => term(agreement, 'channel.sms') === 'prohibited',
    says: 'nothing about a person goes by text message, nor is it left as a voice message',
    next: 'Ring until you speak to the person, or share it over Waybill.',
    met: () => false,
  },
  {
    code: 'ANALOGUE_NOT_URGENT', clauses: ['OC-05'], on: 'share', by: [...MESSAGES, ...CALLS], term: 'channel.sms', pointer: '/route/digital',
    applies: (agreement) => term(agreement, 'channel.sms') === 'digital-only',
    says: 'a mobile telephone is digital, or it was operationally urgent, and what was said was brief and guarded',
    next: 'State `digital`; of an analogue one, use it only where nothing else is in time, and say so with `operationallyUrgent` and `guarded`.',
    // A call that says nothing of it was over no mobile telephone.
    met: ({ route }) => route?.digital === true || (route?.by === 'telephone' && route.digital === undefined) || (route?.operationallyUrgent === true && route.guarded === true),
  },
  {
    code: 'CHANNEL_PROHIBITED', clauses: ['OC-06'], on: 'share', by: ['fax'], term: 'channel.fax', pointer: '/route/by',
    applies: (agreement) => term(agreement, 'channel.fax') === 'prohibited',
    says: 'nothing about a person goes by fax',
    next: 'Share it over Waybill, or by courier.',
    met: () => false,
  },
  {
    code: 'FAX_NOT_LAST_RESORT', clauses: ['OC-06'], on: 'share', by: ['fax'], term: 'channel.fax', pointer: '/route/noAlternative', nicety: true,
    applies: (agreement) => term(agreement, 'channel.fax') === 'last-resort',
    says: 'a fax is sent only where there is no other way, and it is said why',
    next: 'Take another way; where there is none, say why with `noAlternative`.',
    met: ({ route }) => route?.noAlternative !== undefined,
  },
  {
    code: 'SAFE_HAVEN_NOT_CONFIRMED', clauses: ['OC-06'], on: 'share', by: ['fax'], term: 'channel.fax', cause: lackingOfHaven, pointer: '/route/safeHaven',
    applies: (agreement) => term(agreement, 'channel.fax') === 'last-resort',
    says: 'the recipient has confirmed that its fax stands in a safe haven, and is on hand',
    next: 'Ring the recipient, have both confirmed, and only then send.',
    met: (facts) => lackingOfHaven(facts) === undefined,
  },
  {
    code: 'COVER_SHEET_NOT_CONFIRMED', clauses: ['OC-06'], on: 'share', by: ['fax'], term: 'channel.fax', pointer: '/route/coverSheetConfirmedAt',
    applies: (agreement) => term(agreement, 'channel.fax') === 'last-resort',
    says: 'the cover sheet went first, and the recipient confirmed it before the rest was sent',
    next: 'Send the cover sheet, wait until the recipient confirms it, and then send the rest.',
    met: ({ route }) => earlier(route?.coverSheetConfirmedAt, route?.at, 'never'),
  },
  {
    code: 'NUMBER_NOT_OF_DIRECTORY', clauses: ['OC-04'], on: 'recipient', refuses: 'share', by: CALLS, term: 'channel.telephone', pointer: '/route/number',
    applies: asks('channel.telephone', 'known', 'checked-in-advance'),
    says: 'the number called is the one that the directory holds for this recipient',
    next: 'Call the number of the directory; ask the co-ordinator to enter or correct it.',
    met: ({ route, recipient }) => route?.called?.includes(`${recipient.agency}/${recipient.contact}`) ?? false,
  },
  {
    code: 'IDENTITY_NOT_VERIFIED', clauses: ['OC-04'], on: 'share', by: CALLS, term: 'channel.telephone', pointer: '/route/identity',
    applies: asks('channel.telephone', 'verified', 'checked-in-advance'),
    says: 'it was made sure who is at the other end of the telephone, and it is said how and by whom',
    next: 'Call back on the number of the directory, and state `identity`.',
    met: ({ route }) => route?.identity !== undefined,
  },
  {
    code: 'VERIFIED_TOO_LATE', clauses: ['OC-04'], on: 'share', by: CALLS, term: 'channel.telephone', pointer: '/route/identity/at',
    applies: asks('channel.telephone', 'verified', 'checked-in-advance'),
    says: 'it was made sure who is at the other end before anything was told',
    next: 'Make sure first and call again; what was told before that is recorded as it was.',
    met: ({ route }) => route?.identity === undefined || earlier(route.identity.at, route.at, 'at-once'),
  },
  {
    code: 'COURIER_REQUIRED', clauses: ['OC-02'], on: 'recipient', refuses: 'share', by: ENVELOPES, pointer: ({ route }) => (route?.by === 'courier' ? '/route/consignment' : '/route/by'),
    term: 'channel.post', grounds: [{ parameter: 'channel.post', asks: ['courier-if-sensitive'] }], applies: asks('channel.post', 'courier-if-sensitive'),
    cause: ({ route }) => (route?.by === 'courier' ? 'consignment' : 'post'),
    says: 'what is OFFICIAL-SENSITIVE goes by secure courier and not by post, and the reference of its consignment is on record',
    next: 'Send it by secure courier and state its `consignment`, or share it over Waybill.',
    met: (facts) => internal(facts) || (facts.route?.by === 'courier' ? facts.route.consignment !== undefined : markingOf(facts) !== 'OFFICIAL-SENSITIVE'),
  },
  {
    code: 'ENVELOPE_INCOMPLETE', clauses: ['OC-01', 'OC-02'], on: 'recipient', refuses: 'share', by: ENVELOPES, term: 'channel.post', cause: lackingOfEnvelope, pointer: '/route', nicety: true,
    says: 'the envelope is as the agreement asks: what is in it marked, the address checked, sealed, with a return address, whichever of these it names',
    next: 'Put right what is named, and state it: `marked`, `addressCheckedBy`, `sealed`, `returnAddress`.',
    // The internal mail is not posted: it bears no return address, and the agreements ask of it only that it is sealed.
    met: (facts) => lackingOfEnvelope(facts) === undefined || (internal(facts) && facts.route?.sealed === true),
  },
  {
    code: 'ENVELOPE_MARKING_WRONG', clauses: ['OC-03'], on: 'recipient', refuses: 'share', by: ENVELOPES, term: 'channel.envelopeMarking', pointer: '/route/envelopeMarking', nicety: true,
    cause: (facts) => (internal(facts) ? 'internal' : 'external'),
    says: 'the envelope shows the protective marking, or does not, as the agreement has it for mail within an organisation and between two',
    next: 'Use an envelope as the agreement asks, and state `envelopeMarking`.',
    met: (facts) => facts.route?.envelopeMarking === term(facts.agreement, 'channel.envelopeMarking')?.[internal(facts) ? 'internal' : 'external'],
  },
  {
    code: 'MEDIUM_UNFIT', clauses: ['OC-08'], on: 'share', by: ['portable-media'], term: 'channel.portableMedia', cause: lackingOfMedium, pointer: '/route',
    says: 'the medium is as the agreement asks: encrypted, owned by the employer, necessary, whichever of these it names; and it is said which medium it was',
    next: 'Use such a medium, and state `asset`, `encrypted`, `employerOwned` and `necessary`.',
    met: (facts) => lackingOfMedium(facts) === undefined,
  },
] as const satisfies readonly Condition[];
