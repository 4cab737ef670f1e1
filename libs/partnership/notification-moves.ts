import { closeDuties, dutyRows, type NewDuty } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import type { Asker, Tx } from '#platform/database';
import { insertRows } from '#platform/rows';
import type { Agreement } from '#policy/agreement';
import type { NotificationKind, NotificationStated, NotificationState } from '#protocol/notification';
import { monthsAfter, type NotificationRow } from './notification-rows';

// What a statement changes in the rows, and whose turn it is then.

interface Move {
  stated: NotificationStated;
  agreement: Agreement;
  state: NotificationState;
  circulator: { agency: string; controller: string };
  host: { agency: string; controller: string } | undefined;
  /** It was not circulated before. */
  first: boolean;
  endedAt: Date | undefined;
  at: Date;
}

type Change = (tx: Tx, asker: Asker, move: Move) => Promise<unknown>;

const ended: Change = (tx, _asker, { stated: { notification, reason }, at }) => tx.query('update waybill.notification set ended_at = $2, ended_because = $3 where id = $1', [notification, at, reason]);

const CHANGES: Partial<Record<NotificationKind, Change>> = {
  drafted: (tx, asker, { stated, agreement, circulator, host, at }) => tx.query(
    `insert into waybill.notification (id, agreement, agreement_version, issuer, issuer_controller, circulator, circulator_controller, host, host_controller, provider_register, provider_number, provider_kind, purpose, necessity, provider_told, state, drafted_at, review_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'drafted', $16, $17)
     on conflict (id) do update set provider_register = excluded.provider_register, provider_number = excluded.provider_number, provider_kind = excluded.provider_kind, purpose = excluded.purpose, necessity = excluded.necessity,
       provider_told = excluded.provider_told, state = 'drafted', review_on = excluded.review_on`,
    [stated.notification, agreement.id, agreement.version, asker.agency, asker.controller, circulator.agency, circulator.controller, host?.agency ?? null, host?.controller ?? null,
      stated.provider?.register, stated.provider?.number, stated.provider?.kind, stated.purpose, stated.necessity, stated.provided?.told, at, stated.reviewOn]),
  submitted: (tx, _asker, { stated: { notification, share } }) => tx.query('update waybill.notification set submitted_share = $2 where id = $1', [notification, share]),
  circulated: async (tx, { agency }, { stated: { notification, share }, at }) => {
    await tx.query('update waybill.notification set circulated_at = coalesce(circulated_at, $2) where id = $1', [notification, at]);
    await tx.query(
      `insert into waybill.notification_recipient (notification, transfer, agency, controller, circulator)
       select $1, t.id, t.recipient, t.recipient_controller, $2 from waybill.transfer t where t.sender = $2 and t.share = $3 on conflict do nothing`, [notification, agency, share]);
  },
  'followed-up': (tx, _asker, { stated: { notification, reviewOn } }) => tx.query('update waybill.notification set review_on = $2 where id = $1', [notification, reviewOn]),
  rescinded: ended,
  closed: ended,
  retained: (tx, _asker, { stated: { notification, months }, endedAt, at }) => tx.query('update waybill.notification set keep_until = $2 where id = $1', [notification, monthsAfter(endedAt ?? at, months ?? 0)]),
  read: (tx, { agency }, { stated: { notification }, at }) => tx.query('update waybill.notification_recipient set read_at = coalesce(read_at, $3) where notification = $1 and agency = $2', [notification, agency, at]),
  deposited: (tx, _asker, { stated: { notification, folder, digest }, at }) => tx.query('update waybill.notification set deposit_folder = $2, deposit_digest = $3, deposited_at = $4 where id = $1', [notification, folder, digest, at]),
};

/** What a statement changes, in the asker's own transaction. A recipient changes nothing but its own. */
export async function moveNotification(tx: Tx, asker: Asker, move: Move): Promise<void> {
  const { stated, state } = move;
  await CHANGES[stated.kind]?.(tx, asker, move);
  if (!UNMOVING.includes(stated.kind)) await tx.query('update waybill.notification set state = $2 where id = $1', [stated.notification, state]);
}

const UNMOVING: readonly NotificationKind[] = ['drafted', 'read', 'acted', 'action-told', 'deposited'];

type Turn = (row: NotificationRow) => Pick<NewDuty, 'kind' | 'owner' | 'other'> & { dueAt?: Date };

/** At which hour of a day what is due on it is due: when somebody works, and well before the day is over. */
const DUE_AT_HOUR = 9;
const onDay = (day: string): Date => new Date(`${day}T${String(DUE_AT_HOUR).padStart(2, '0')}:00:00.000Z`);
const toReview = (row: NotificationRow): ReturnType<Turn>[] => [
  { kind: 'review-notification', owner: row.circulator, other: row.issuer, dueAt: onDay(row.review_on) }, { kind: 'confirm-notification', owner: row.issuer, other: row.circulator, dueAt: onDay(row.review_on) },
];
const toHost = (kind: DutyKind, row: NotificationRow, due: { dueAt?: Date } = {}): ReturnType<Turn>[] => (row.host === null ? [] : [{ kind, owner: row.host, other: row.circulator, ...due }]);

const BEFORE: readonly DutyKind[] = ['circulate-notification', 'amend-notification'];
const REVIEWS: readonly DutyKind[] = ['review-notification', 'confirm-notification'];

/** What a statement has done for somebody, and whose turn it is then. */
const TURNS: Partial<Record<NotificationKind, { closes: readonly DutyKind[]; opens?(row: NotificationRow, first: boolean): ReturnType<Turn>[] }>> = {
  submitted: { closes: ['amend-notification'], opens: (row) => [{ kind: 'circulate-notification', owner: row.circulator, other: row.issuer }] },
  returned: { closes: ['circulate-notification'], opens: (row) => [{ kind: 'amend-notification', owner: row.issuer, other: row.circulator }] },
  circulated: { closes: ['circulate-notification'], opens: (row, first) => (first ? [...(row.host === null ? [] : [{ kind: 'deposit-notification' as const, owner: row.circulator, other: row.host }]), ...toReview(row)] : []) },
  'followed-up': { closes: REVIEWS, opens: toReview },
  rescinded: { closes: [...BEFORE, ...REVIEWS], opens: (row) => (row.circulated_at ? toHost('retain-notification', row) : []) },
  closed: { closes: [...BEFORE, ...REVIEWS], opens: (row) => toHost('retain-notification', row) },
  retained: { closes: ['retain-notification'], opens: (row) => toHost('dispose-notification', row, row.keep_until === null ? {} : { dueAt: onDay(row.keep_until) }) },
  disposed: { closes: ['dispose-notification'] },
  deposited: { closes: ['deposit-notification'] },
};

/** Duties that a statement closes and opens. */
export async function dutiesFollow(tx: Tx, row: NotificationRow, { kind }: NotificationStated, { first, at }: { first: boolean; at: Date }): Promise<void> {
  const turn = TURNS[kind];
  if (!turn) return;
  await closeDuties(tx, { notification: row.id }, { because: kind, at }, turn.closes);
  const opens = turn.opens?.(row, first) ?? [];
  if (opens.length > 0) await insertRows(tx, [dutyRows(opens.map((each) => ({ ...each, about: { notification: row.id }, lane: 'routine', at })))]);
}
