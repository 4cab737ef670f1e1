import { instants, numberLists, texts, uuids } from '#platform/arrays';
import { DAY, HOUR, MINUTE } from '#platform/clock';
import type { Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { insertRows, type Rows } from '#platform/rows';
import type { Lane } from './rows';

/** What may fall due about a transfer. */
export type DutyKind = 'collect' | 'acknowledge' | 'seal-again' | 'cannot-open';

interface Kind {
  owner: 'sender' | 'recipient';
  role: string;
  says: string;
  /** Milliseconds after opening at which to remind, ascending. The last is when it is due. */
  steps: Record<Lane, readonly number[]>;
}

/** Design, section 3: emergency unread after 15 minutes, urgent after 60, go to the next contact; routine as inter-agency mail does. */
const UNREAD: Record<Lane, readonly number[]> = {
  breach: [30 * MINUTE, HOUR, 4 * HOUR, DAY],
  emergency: [15 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, DAY],
  urgent: [HOUR, 4 * HOUR, DAY, 3 * DAY],
  routine: [3 * DAY, 9 * DAY, 14 * DAY],
};

export const DUTIES: Record<DutyKind, Kind> = {
  collect: { owner: 'recipient', role: 'contact', says: 'collect what lies in your mailbox', steps: UNREAD },
  acknowledge: { owner: 'recipient', role: 'contact', says: 'acknowledge what you collected, or return it', steps: UNREAD },
  'seal-again': { owner: 'sender', role: 'contact', says: 'a key was revoked: seal it again to a current one, as a new share that supersedes this', steps: UNREAD },
  'cannot-open': { owner: 'sender', role: 'contact', says: 'the recipient could not open it: check its certificate and share again', steps: UNREAD },
};

export interface NewDuty {
  kind: DutyKind;
  transfer: string;
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
      id: uuids(rows.map(({ id }) => id)), kind: texts(rows.map(({ kind }) => kind)), transfer: uuids(rows.map(({ transfer }) => transfer)),
      owner: texts(rows.map(({ owner }) => owner)), owner_role: texts(rows.map(({ kind }) => DUTIES[kind].role)), opened_at: instants(rows.map(({ at }) => at)),
      due_at: instants(rows.map(({ at, steps }) => after(at, steps.at(-1)))), next_at: instants(rows.map(({ at, steps }) => after(at, steps[0]))), steps: numberLists(rows.map(({ steps }) => steps)),
    },
  };
}

export const openDuty = (tx: Tx, duty: NewDuty): Promise<void> => insertRows(tx, [dutyRows([duty])]);

const stepsOf = ({ kind, lane, remindOnDays }: NewDuty): readonly number[] => (lane === 'routine' && remindOnDays ? remindOnDays.map((days) => days * DAY) : DUTIES[kind].steps[lane]);

/** Closes what is open about a transfer. */
export async function closeDuties(tx: Tx, transfer: string, because: string, at: Date, kinds: readonly DutyKind[] = ['collect', 'acknowledge', 'seal-again']): Promise<void> {
  await tx.query('update waybill.duty set closed_at = $2, closed_because = $3, next_at = null where transfer = $1 and closed_at is null and kind = any($4)', [transfer, at, because, kinds]);
}
