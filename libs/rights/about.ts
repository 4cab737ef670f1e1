import { TransferRow } from '#exchange/rows';
import type { Asker, Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Side } from '#policy/matters';
import { readManifest } from '#protocol/read';

/** A transfer of the asker's own, as what is said about it afterwards is held to it. */
export interface About {
  transfer: TransferRow;
  side: Side;
  other: { agency: string; controller: string };
  cited: { id: string; version: string };
  /** What its sender declared. */
  declared: { purpose: string; categories: readonly string[]; consent: string | undefined; lawfulBasis: string | undefined; doNotTell: boolean; thirdParties: boolean; notification: boolean };
}

/** @throws Refusal NOT_FOUND for whoever is not one of its two sides */
export async function aboutOf(tx: Tx, { agency }: Asker, id: string): Promise<About> {
  const transfer = await tx.findOneBy(TransferRow, { id });
  if (!transfer || (transfer.recipient === agency && UNSEEN.includes(transfer.state))) throw new Refusal({ code: 'NOT_FOUND' });
  const [share]: { manifest: Buffer }[] = await tx.query('select manifest from waybill.share where sender = $1 and id = $2', [transfer.sender, transfer.share]);
  const reading = share && readManifest(share.manifest);
  if (!reading?.ok) throw new Error('a transfer without the manifest that it was accepted with');
  const { agreement: cited, purpose = '', consent, lawfulBasis, handling, thirdParties, threads } = reading.value;
  const side = transfer.sender === agency ? 'sender' : 'recipient';
  const other = side === 'sender' ? { agency: transfer.recipient, controller: transfer.recipient_controller } : { agency: transfer.sender, controller: transfer.sender_controller };
  return { transfer, side, other, cited: { id: cited.id, version: cited.version }, declared: { purpose, categories: transfer.categories, consent: consent?.status, lawfulBasis, doNotTell: handling.doNotTellSubject, thirdParties: thirdParties !== undefined, notification: threads?.notification !== undefined } };
}

/** Its recipient does not know of it. */
const UNSEEN: readonly string[] = ['queued', 'recalled'];
