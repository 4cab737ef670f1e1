import { instants, numberLists, texts, uuids, wordLists } from '#platform/arrays';
import { DAY } from '#platform/clock';
import type { Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { insertRows, type Rows } from '#platform/rows';
import type { Post } from '#policy/vocabulary/roles';
import type { Lane } from '#queue/lanes';
import { ABOUT, type AboutKind, DUTIES, type DutyKind, type Step, type Told } from './kinds';

/** What a duty is about. */
export type About = { [K in AboutKind]: Record<K, string> }[AboutKind];

export interface NewDuty {
  kind: DutyKind;
  about: About;
  /** Which of the things that a membership asks for; of a dispute between two others, the second of them. */
  what?: string | undefined;
  /** The agency that has it. */
  owner: string;
  /** The contact of that agency whom it falls to first. */
  contact?: string | undefined;
  /** The agency on the other side, which sees how it stands. */
  other?: string | undefined;
  lane: Lane;
  at: Date;
  /** When it is due, where its kind does not say. */
  dueAt?: Date;
  /** Days after which to remind where nothing presses, as the agreement has them. */
  remindOnDays?: readonly number[] | undefined;
  /** The post that has it at first, where the agreement names one; else as its kind has it. */
  role?: Post | undefined;
  /** To which posts it goes one after the other, where the agreement orders them: one for each step of its kind, or more. */
  posts?: readonly Post[] | undefined;
}

/** Duties as rows, with the instant at which somebody is next to be told, which no crash forgets. */
export function dutyRows(duties: readonly NewDuty[]): Rows {
  const rows = duties.map((duty) => ({ ...duty, id: uuid7(duty.at.getTime()), ...planned(duty) }));
  const after = (at: Date, ms: number): Date => new Date(at.getTime() + ms);
  const about = (kind: AboutKind): (string | null)[] => rows.map((row) => (row.about as Partial<Record<AboutKind, string>>)[kind] ?? null);
  return {
    into: 'waybill.duty',
    columns: {
      id: uuids(rows.map(({ id }) => id)), kind: texts(rows.map(({ kind }) => kind)), transfer: uuids(about('transfer')), domain: texts(about('domain')), request: uuids(about('request')), matter: uuids(about('matter')), rights: uuids(about('rights')), breach: uuids(about('breach')), mailbox: uuids(about('mailbox')), membership: uuids(about('membership')), what: texts(rows.map(({ what }) => what ?? null)), notification: uuids(about('notification')), list: uuids(about('list')), agreement: texts(about('agreement')),
      owner: texts(rows.map(({ owner }) => owner)), owner_role: texts(rows.map(({ kind, role }) => role ?? DUTIES[kind].role)), contact: texts(rows.map(({ contact }) => contact ?? null)), other: texts(rows.map(({ other }) => other ?? null)),
      lane: texts(rows.map(({ lane }) => lane)), opened_at: instants(rows.map(({ at }) => at)), due_at: instants(rows.map(({ at, due }) => after(at, due))),
      next_at: instants(rows.map(({ at, steps: [first = 0] }) => after(at, first))), steps: numberLists(rows.map(({ steps }) => steps)), tells: wordLists(rows.map(({ tells }) => tells)),
    },
  };
}

export const openDuty = (tx: Tx, duty: NewDuty): Promise<void> => insertRows(tx, [dutyRows([duty])]);

/** When whom to tell, in milliseconds after it was opened, ascending; and when it is due. Of steps that would lie before its opening none is left. */
export function planned({ kind, lane, at, dueAt, remindOnDays, posts }: Pick<NewDuty, 'kind' | 'lane' | 'at' | 'dueAt' | 'remindOnDays' | 'posts'>): { steps: number[]; tells: Told[]; due: number } {
  const all = DUTIES[kind].steps[lane];
  const own = posts ? inTurn(all, posts) : lane === 'routine' && remindOnDays ? onDays(all, remindOnDays) : all;
  const due = dueAt ? dueAt.getTime() - at.getTime() : Math.max(...own.filter(({ of }) => of === 'opened').map(({ ms }) => ms));
  const steps = own.map(({ ms, of, tells }) => ({ ms: of === 'due' ? due + ms : ms, tells })).filter(({ ms }) => ms > 0).sort((one, other) => one.ms - other.ms);
  return { steps: steps.map(({ ms }) => ms), tells: steps.map(({ tells }) => tells), due };
}

/** To each post in turn, as long after the one before as the first step comes after the opening. */
const inTurn = ([first]: readonly Step[], posts: readonly Post[]): Step[] => posts.map((tells, i) => ({ ms: (first?.ms ?? 0) * (i + 1), of: 'opened', tells }));

/** As many steps as the agreement has days; the last of them tell whom the last of the kind tell. */
const onDays = (steps: readonly Step[], days: readonly number[]): Step[] => days.map((day, i) => ({ ms: day * DAY, of: 'opened', tells: steps[Math.max(0, steps.length - days.length + i)]?.tells ?? 'owner' }));

/** The duty to mend a mail domain. */
export const DOMAIN_DUTY = 'mend-domain' satisfies DutyKind;

/** Of a transfer unless others are named. */
const OF_TRANSFER: readonly DutyKind[] = ['collect', 'acknowledge', 'seal-again', 'share-otherwise', 'not-delivered', 'service-target'];

/** Of whoever was asked, until it has answered or the request is over. */
export const OF_REQUEST: readonly DutyKind[] = ['answer-request', 'service-target'];

/** Closes what is open about something, as what was done shows by itself. */
export async function closeDuties(tx: Tx, about: About & { owner?: string; what?: string }, { because, at, shownBy }: { because: string; at: Date; shownBy?: string }, kinds: readonly DutyKind[] = OF_TRANSFER): Promise<void> {
  const [kind, id] = aboutOf(about);
  await tx.query(
    `update waybill.duty set closed_at = $1, closed_because = $2, shown_by = $6, next_at = null where closed_at is null and kind = any($3) and ${kind} = $4 and ($5::text is null or owner = $5) and ($7::text is null or what = $7)`,
    [at, because, kinds, id, about.owner ?? null, shownBy ?? null, about.what ?? null]);
}

export function aboutOf(about: Partial<Record<AboutKind, string | null>>): [AboutKind, string] {
  for (const kind of ABOUT) if (typeof about[kind] === 'string') return [kind, about[kind]];
  throw new Error('a duty about nothing');
}
