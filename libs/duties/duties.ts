import { instants, numberLists, texts, uuids } from '#platform/arrays';
import { DAY, HOUR, MINUTE } from '#platform/clock';
import type { Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { insertRows, type Rows } from '#platform/rows';
import type { Lane } from '#queue/lanes';

/** What may fall due about a transfer, or about a mail domain. */
export type DutyKind = 'collect' | 'acknowledge' | 'seal-again' | 'cannot-open' | 'share-otherwise' | 'report-weaker-way' | 'mend-domain';

interface Kind {
  owner: 'sender' | 'recipient' | 'domain';
  role: 'contact' | 'spoc' | 'co-ordinator';
  says: string;
  /** Milliseconds after opening at which to remind, ascending. The last is when it is due. */
  steps: Record<Lane, readonly number[]>;
}

/** Design, section 3: emergency unread after 15 minutes, urgent after 60, go to the next contact; routine as inter-agency mail does. */
const UNREAD: Record<Lane, readonly number[]> = {
  breach: [30 * MINUTE, HOUR, 4 * HOUR, DAY],
  emergency: [15 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, DAY],
  priority: [HOUR, 4 * HOUR, DAY, 3 * DAY],
  urgent: [HOUR, 4 * HOUR, DAY, 3 * DAY],
  routine: [3 * DAY, 9 * DAY, 14 * DAY],
};

/** What nobody does within hours. */
const DOMAIN: readonly number[] = [DAY, 3 * DAY, 7 * DAY];

export const DUTIES: Record<DutyKind, Kind> = {
  collect: { owner: 'recipient', role: 'contact', says: 'collect what lies in your mailbox', steps: UNREAD },
  acknowledge: { owner: 'recipient', role: 'contact', says: 'acknowledge what you collected, or return it', steps: UNREAD },
  'seal-again': { owner: 'sender', role: 'contact', says: 'a key was revoked: seal it again to a current one, as a new share that supersedes this', steps: UNREAD },
  'share-otherwise': { owner: 'sender', role: 'contact', says: 'it could not be delivered: share it in another way, or record that it is not shared', steps: UNREAD },
  'report-weaker-way': { owner: 'sender', role: 'spoc', says: 'in an emergency a weaker way was taken than both had: look whether it was right, and what has to change', steps: { breach: DOMAIN, emergency: DOMAIN, priority: DOMAIN, urgent: DOMAIN, routine: DOMAIN } },
  'mend-domain': { owner: 'domain', role: 'co-ordinator', says: 'a mail domain is not secure any more and gets nothing: have it mended, or have its contacts collect here', steps: { breach: DOMAIN, emergency: DOMAIN, priority: DOMAIN, urgent: DOMAIN, routine: DOMAIN } },
  'cannot-open': { owner: 'sender', role: 'contact', says: 'the recipient could not open it: check its certificate and share again', steps: UNREAD },
};

export interface NewDuty {
  kind: DutyKind;
  /** What it is about: one of the two. */
  transfer?: string;
  domain?: string;
  owner: string;
  lane: Lane;
  at: Date;
  /** Days after which to remind where nothing presses, as the agreement has them. */
  remindOnDays?: readonly number[];
}

/** Duties as rows, with the instant at which somebody is next to be reminded, which no crash forgets. */
export function dutyRows(duties: readonly NewDuty[]): Rows {
  const rows = duties.map((duty) => ({ ...duty, id: uuid7(duty.at.getTime()), steps: stepsOf(duty) }));
  const after = (at: Date, ms: number | undefined): Date => new Date(at.getTime() + (ms ?? 0));
  return {
    into: 'waybill.duty',
    columns: {
      id: uuids(rows.map(({ id }) => id)), kind: texts(rows.map(({ kind }) => kind)), transfer: uuids(rows.map(({ transfer }) => transfer ?? null)), domain: texts(rows.map(({ domain }) => domain ?? null)),
      owner: texts(rows.map(({ owner }) => owner)), owner_role: texts(rows.map(({ kind }) => DUTIES[kind].role)), opened_at: instants(rows.map(({ at }) => at)),
      due_at: instants(rows.map(({ at, steps }) => after(at, steps.at(-1)))), next_at: instants(rows.map(({ at, steps }) => after(at, steps[0]))), steps: numberLists(rows.map(({ steps }) => steps)),
    },
  };
}

export const openDuty = (tx: Tx, duty: NewDuty): Promise<void> => insertRows(tx, [dutyRows([duty])]);

const stepsOf = ({ kind, lane, remindOnDays }: NewDuty): readonly number[] => (lane === 'routine' && remindOnDays ? remindOnDays.map((days) => days * DAY) : DUTIES[kind].steps[lane]);

/** The duty to mend a mail domain. */
export const DOMAIN_DUTY = 'mend-domain' satisfies DutyKind;

/** Of a transfer unless others are named. */
const OF_TRANSFER: readonly DutyKind[] = ['collect', 'acknowledge', 'seal-again', 'share-otherwise'];

/** Closes what is open about a transfer, or about a mail domain of its owner. */
export async function closeDuties(tx: Tx, about: string | { owner: string; domain: string }, because: string, at: Date, kinds: readonly DutyKind[] = OF_TRANSFER): Promise<void> {
  const [where, values] = typeof about === 'string' ? ['transfer = $4', [about]] : ['owner = $4 and domain = $5', [about.owner, about.domain]];
  await tx.query(`update waybill.duty set closed_at = $1, closed_because = $2, next_at = null where closed_at is null and kind = any($3) and ${where}`, [at, because, kinds, ...values]);
}
