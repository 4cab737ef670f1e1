import type { Correspondent } from '#inbox/correspondents';
import { type Agreement, term } from '#policy/agreement';
import { CATEGORIES, isOwnWords } from '#policy/vocabulary/categories';
import { AT_RISK_GROUNDS, ONWARD_GROUNDS } from '#policy/vocabulary/declarations';
import { GATEWAYS } from '#policy/vocabulary/gateways';
import { ARTICLE_9, LAWFUL_BASES } from '#policy/vocabulary/lawful-bases';
import { AUTHORITIES, REQUEST_TYPES } from '#policy/vocabulary/requests';
import { ROLES } from '#policy/vocabulary/roles';
import { SCHEDULE_1 } from '#policy/vocabulary/schedules';
import { SUBJECT_GROUPS } from '#protocol/declarations';
import { plain } from '../words';
import { Fields, grouped, listedFirst, type Section, wordsOf } from './field';
import type { Filled } from './filled';
import type { What } from './what';

/** What the first page asks; all else of a form is the second's. */
export const ABOUT: ReadonlySet<string> = new Set([
  'agreement', 'team', 'role', 'urgency', 'purpose', 'lawfulBasis', 'conditions', 'legalGateway', 'reference', 'band', 'atRisk', 'subjects', 'doNotTell', 'to', 'categories', 'type', 'neededBy', 'authority', 'authorityBy', 'authorityOn',
  'onwardGround', 'onwardApprover', 'previous', 'supersedes',
]);
/** Of these no page shows a field: they say where somebody came from. */
export const CARRIED: ReadonlySet<string> = new Set(['agreement', 'team', 'previous', 'supersedes']);

/** Places for recipients that are still empty. */
const SPARE = 2;

const BANDS = [['under-16', 'under 16'], ['16-17', '16 or 17'], ['unborn', 'not born yet'], ['adult', 'an adult'], ['adult-lacking-capacity', 'an adult who lacks capacity to decide on this']] as const;
const URGENCIES = [
  ['emergency', 'Emergency: somebody is in danger now. Ring 999 first, then the front door; do not wait for this to be read'],
  ['urgent', 'Urgent: somebody has to look at it within the hour'],
  ['routine', 'Routine: within the usual time'],
] as const;

interface About {
  what: What;
  agreement: Agreement;
  correspondents: readonly Correspondent[];
  /** Contacts of our own agency that can approve. */
  approvers: readonly string[];
  /** `YYYY-MM-DD` */
  today: string;
}

/** The first page: what it is for, about whom, and who is to have it. Codes alone: no word about the person is typed here. */
export function aboutForm(filled: Filled, { what, agreement, correspondents, approvers, today }: About): Section[] {
  const fields = new Fields(filled);
  const asks = what === 'request';
  const chosen = filled.all('to');
  const places = Array.from({ length: chosen.length + SPARE }, (_, i) => i);
  const options = correspondents.map(({ address, says, agency }) => [address, says, agency] as const);
  return [
    {
      title: 'How pressing it is, and what it is for', says: false,
      fields: [
        fields.radios('urgency', 'How pressing is it?', URGENCIES),
        fields.select('purpose', 'Purpose', term(agreement, 'agreement.purposes').map(({ code, says }) => [code, says])),
        ...(asks ? [
          fields.select('type', 'What kind of request it is', wordsOf(REQUEST_TYPES, today)),
          fields.moment('neededBy', 'By when you need an answer, if it cannot wait', { hint: 'As the clock on the wall has it. Leave it empty for the usual time' }),
        ] : []),
        fields.select('role', 'In which role you do this', wordsOf(ROLES, today)),
      ],
    },
    {
      title: asks ? 'Whom you ask' : 'Who is to have it', says: asks ? 'Each is asked for itself, and does not learn of the others.' : 'Name only who must know. What each of them is to have you say on the next page.',
      fields: places.map((i) => {
        const field = fields.select('to', `${asks ? 'Organisation and team' : 'Recipient'} ${i + 1}`, options, { id: `f-to-${i + 1}`, blank: 'Nobody' });
        return grouped({ ...field, value: chosen[i] ?? '', options: field.options.map((option) => ({ ...option, chosen: option.value === (chosen[i] ?? '') })) });
      }),
    },
    {
      title: asks ? 'What you ask for' : 'What you share', says: asks ? 'Only what you need. You say of each why on the next page.' : 'Each category is sealed as a piece of its own, so that each recipient gets what it needs and no more.',
      fields: [fields.checkboxes('categories', 'Categories', Object.entries(CATEGORIES).flatMap(([code, { says }]) => (isOwnWords(code) ? [] : [[code, says] as const])))],
    },
    {
      title: 'About whom', says: 'No name, no date of birth, no address: who it is you write later, where it is sealed.',
      fields: [
        fields.text('reference', 'Your reference', { hint: 'Initials or a case number in capital letters, such as WQ-2041. The gateway reads it' }),
        fields.select('band', 'Age', BANDS),
        fields.select('atRisk', 'Of an adult: the ground of the risk', wordsOf(AT_RISK_GROUNDS, today), { blank: 'Not an adult at risk' }),
        fields.checkboxes('subjects', 'It concerns', SUBJECT_GROUPS.filter((group) => term(agreement, 'agreement.subjectGroups').includes(group)).map((group) => [group, plain(group)])),
        fields.tick('doNotTell', 'The person must not be told: telling could put somebody at risk'),
        ...(asks ? [
          fields.select('authority', 'If you ask on behalf of somebody: by what right', wordsOf(AUTHORITIES, today), { blank: 'Not on behalf of anybody' }),
          fields.select('authorityBy', 'Who looked at the proof', wordsOf(ROLES, today), { blank: 'Nobody' }), fields.date('authorityOn', 'When'),
        ] : []),
      ],
    },
    {
      title: 'By what right', says: false,
      fields: [
        fields.select('lawfulBasis', 'Lawful basis', listedFirst(LAWFUL_BASES, term(agreement, 'law.art6')?.codes, today)),
        fields.checkboxes('conditions', 'Conditions for what is sensitive', [...listedFirst(ARTICLE_9, term(agreement, 'law.art9')?.codes, today), ...listedFirst(SCHEDULE_1, term(agreement, 'law.sch1')?.codes, today)].map(([code, says]) => [code, says])),
        fields.select('legalGateway', 'Statutory power', wordsOf(GATEWAYS, today), { blank: 'None is relied on' }),
        ...(filled.one('previous') === '' ? [] : [
          fields.select('onwardGround', 'If you pass it on without waiting for whoever shared it first: on what ground', wordsOf(ONWARD_GROUNDS, today), { blank: 'It is for the same purpose, or was agreed' }),
          fields.select('onwardApprover', 'Who approved that', approvers.map((contact) => [contact, contact]), { blank: 'Nobody' }),
        ]),
      ],
    },
  ];
}
