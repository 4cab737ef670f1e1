import type { Asker, Tx } from '#platform/database';
import type { Previous } from '#policy/decision';
import type { Classification, ManifestBase } from '#protocol/manifest';
import { readManifest } from '#protocol/read';
import type { Statement } from '#protocol/statement';
import { claimsIn } from './drawing';

/** What was received, as far as it never changes. */
export type Received = Omit<Previous, 'approvals'>;

/** The share that a manifest passes on, where the asker is party to it; row security lets it read no other. */
export async function received(tx: Tx, asker: Asker, { threads }: Pick<ManifestBase, 'threads'>): Promise<Received | undefined> {
  if (threads?.previous === undefined) return undefined;
  const [row]: { manifest: Buffer; sender: string; controller: string; provenance: string | null; acknowledged: Buffer | null }[] = await tx.query(
    `select s.manifest, s.sender, s.controller,
       (select m.octets from waybill.statement m join waybill.transfer t on t.id = m.transfer where t.sender = s.sender and t.share = s.id and t.recipient = $2 and m.kind = 'acknowledged' limit 1) as acknowledged,
       (select t.provenance from waybill.transfer t where t.sender = s.sender and t.share = s.id and $2 in (t.sender, t.recipient) limit 1) as provenance
     from waybill.share s
     where s.id = $1 and (s.sender = $2 or exists (select from waybill.transfer t where t.sender = s.sender and t.share = s.id and t.recipient = $2)) limit 1`,
    [threads.previous, asker.agency],
  );
  const reading = row && readManifest(row.manifest);
  if (!row || !reading?.ok) return undefined;
  const { agreement, purpose, legalGateway } = reading.value;
  // What a recipient was told, which is not always what the sender declared; the same of every transfer of a share.
  const marking = row.provenance === null ? undefined : claimsIn(row.provenance).classification;
  // What was said when it was received (PU-08).
  const said = row.acknowledged === null ? undefined : (JSON.parse(row.acknowledged.toString()) as Statement).passOn;
  const intended = said && (said.intends ? (said.to ?? []) : []);
  // Of an emergency that named none it is used for the same as long as none is named now.
  return { originator: { controller: row.controller, agency: row.sender }, agreement: agreement.id, purpose: purpose ?? '', ...(legalGateway !== undefined && { legalGateway }), ...(marking !== undefined && { classification: marking as Classification }), ...(intended && { intended }) };
}
