import type { Asker, Tx } from '#platform/database';
import type { BreachCase } from '#policy/decision';
import type { ManifestBase } from '#protocol/manifest';

/** The breach case that a manifest is about, where the asker has a part in it, under the agreement that both cite; row security lets it read no other. */
export async function breachOf(tx: Tx, asker: Asker, { threads, agreement }: Pick<ManifestBase, 'threads' | 'agreement'>): Promise<BreachCase | undefined> {
  if (threads?.breach === undefined) return undefined;
  const [row]: BreachCase[] = await tx.query('select parties from waybill.breach where id = $1 and agreement = $2 and $3 = any(parties)', [threads.breach, agreement.id, asker.agency]);
  return row;
}
