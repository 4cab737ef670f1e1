import type { Asker, Tx } from '#platform/database';
import { day } from '#platform/clock';
import { keptTold } from '#exchange/signed-statement';
import { Refusal } from '#platform/refusal';
import { NOTIFICATION_ENDED, NOTIFICATION_LINE, type NotificationPart } from '#policy/notifications';
import type { NotificationKind, NotificationState } from '#protocol/notification';
import type { NotificationItem, NotificationTold } from '#protocol/notification-answers';

export interface NotificationRow {
  id: string;
  agreement: string;
  agreement_version: string;
  issuer: string;
  issuer_controller: string;
  circulator: string;
  circulator_controller: string;
  host: string | null;
  host_controller: string | null;
  provider_register: string;
  provider_number: string;
  provider_kind: string;
  purpose: string;
  necessity: string;
  provider_told: boolean;
  state: NotificationState;
  drafted_at: Date;
  circulated_at: Date | null;
  /** Days as they are written. */
  review_on: string;
  ended_at: Date | null;
  ended_because: string | null;
  keep_until: string | null;
  deposit_folder: string | null;
  deposit_digest: string | null;
  deposited_at: Date | null;
  /** Whether the asker received it, and took note of what it is. */
  received: boolean;
  has_read: boolean;
}

/** A row as the asker, `$1`, sees it. */
export const NOTIFICATION_COLUMNS = `n.*, n.review_on::text as review_on, n.keep_until::text as keep_until,
  exists (select from waybill.notification_recipient r where r.notification = n.id and r.agency = $1) as received,
  exists (select from waybill.notification_recipient r where r.notification = n.id and r.agency = $1 and r.read_at is not null) as has_read`;

/** @throws Refusal NOT_FOUND for whoever has no part in it */
export async function foundNotification(tx: Tx, { agency }: Asker, id: string): Promise<NotificationRow> {
  // Whoever may move it holds it; whoever only received it cannot, and need not: nothing of it is changed.
  await tx.query('select from waybill.notification where id = $1 for update', [id]);
  const [row]: NotificationRow[] = await tx.query(`select ${NOTIFICATION_COLUMNS} from waybill.notification n where n.id = $2`, [agency, id]);
  if (!row) throw new Refusal({ code: 'NOT_FOUND' });
  return row;
}

/** As what an agency has a part in it. */
export const partsIn = (row: Pick<NotificationRow, 'issuer' | 'circulator' | 'host' | 'received'>, agency: string): NotificationPart[] => [
  ...(row.issuer === agency ? ['issuer' as const] : []), ...(row.circulator === agency ? ['circulator' as const] : []), ...(row.host === agency ? ['host' as const] : []), ...(row.received ? ['recipient' as const] : []),
];

export const notificationItem = (row: NotificationRow, agency: string): NotificationItem => ({
  notification: row.id, state: row.state, issuer: row.issuer, circulator: row.circulator, parts: partsIn(row, agency), draftedAt: row.drafted_at.toISOString(),
  ...(row.circulated_at && { circulatedAt: row.circulated_at.toISOString() }), ...(!NOTIFICATION_ENDED.includes(row.state) && { reviewOn: row.review_on }),
  ...(row.ended_at && { endedAt: row.ended_at.toISOString() }), ...(row.ended_because !== null && { because: row.ended_because }), line: NOTIFICATION_LINE,
});

/** With all that row security shows the asker. */
export async function notificationTold(tx: Tx, { agency }: Asker, row: NotificationRow): Promise<NotificationTold> {
  const statements: { kind: NotificationKind; agency: string; at: Date; octets: Buffer; signature: Buffer }[] = await tx.query(
    'select kind, agency, at, octets, signature from waybill.notification_statement where notification = $1 order by at, id', [row.id]);
  const seen: { agency: string; transfer: string; read_at: Date | null }[] = await tx.query('select agency, transfer, read_at from waybill.notification_recipient where notification = $1 order by agency, transfer', [row.id]);
  return {
    ...notificationItem(row, agency), agreement: { id: row.agreement, version: row.agreement_version }, provider: { register: row.provider_register, number: row.provider_number, kind: row.provider_kind },
    purpose: row.purpose, necessity: row.necessity, providerTold: row.provider_told, ...(row.host !== null && { host: row.host }),
    transfers: seen.filter((each) => each.agency === agency).map(({ transfer }) => transfer),
    ...(row.deposited_at && { deposit: { folder: row.deposit_folder ?? '', digest: row.deposit_digest ?? '', at: row.deposited_at.toISOString() } }),
    recipients: row.circulator !== agency ? [] : seen.map((each) => ({ agency: each.agency, transfer: each.transfer, ...(each.read_at && { readAt: each.read_at.toISOString() }) })),
    ...(row.keep_until !== null && { keepUntil: row.keep_until }),
    statements: statements.map((each) => ({ kind: each.kind, agency: each.agency, ...keptTold(each) })),
  };
}

/** The day, so many months after an instant. */
export function monthsAfter(at: Date, months: number): string {
  const end = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 0));
  return day(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, Math.min(at.getUTCDate(), end.getUTCDate()))));
}
