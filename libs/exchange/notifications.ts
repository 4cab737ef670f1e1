import type { Tx } from '#platform/database';
import type { NotificationCase } from '#policy/decision';
import type { ManifestBase } from '#protocol/manifest';

/** The notification that a manifest names, under the agreement that both cite, where the asker has a part in it; row security lets it read no other. */
export async function notificationOf(tx: Tx, { threads, agreement }: Pick<ManifestBase, 'threads' | 'agreement'>): Promise<NotificationCase | undefined> {
  if (threads?.notification === undefined) return undefined;
  const [row]: NotificationCase[] = await tx.query('select issuer, circulator, state from waybill.notification where id = $1 and agreement = $2', [threads.notification, agreement.id]);
  return row;
}
