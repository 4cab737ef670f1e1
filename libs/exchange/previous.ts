import type { Asker, Tx } from '#platform/database';
import type { Previous } from '#policy/decision';
import type { Classification, ManifestBase } from '#protocol/manifest';
import { readJson } from '#protocol/json';
import { readManifest, shaped } from '#protocol/read';
import { Statement } from '#protocol/statement';
import { claimsIn } from './drawing';
import { reuseOf } from './meetings';
import { approvalsOf } from './passing-on';

/** The share that a manifest passes on, and what its sender has agreed to since, where the asker is party to it; row security lets it read no other. */
export async function received(tx: Tx, asker: Asker, { threads }: Pick<ManifestBase, 'threads'>): Promise<Previous | undefined> {
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
  const approvals = await approvalsOf(tx, asker, { sender: row.sender, share: threads.previous });
  const intended = await intendedBy(tx, asker, { sender: row.sender, share: threads.previous });
  const notes = reading.value.threads?.meeting === undefined ? undefined : await reuseOf(tx, reading.value.threads.meeting);
  // Of an emergency that named none it is used for the same as long as none is named now.
  return { originator: { controller: row.controller, agency: row.sender }, agreement: agreement.id, purpose: purpose ?? '', ...(legalGateway !== undefined && { legalGateway }), ...(marking !== undefined && { classification: marking as Classification }), ...(intended && { intended }), ...(notes && { meeting: true, reuse: notes }), approvals };
}

/** To whom whoever passes it on now said that it would, when it acknowledged it; undefined where it did not say (PU-08). */
async function intendedBy(tx: Tx, asker: Asker, { sender, share }: { sender: string; share: string }): Promise<string[] | undefined> {
  const rows: { octets: Buffer }[] = await tx.query(
    `select st.octets from waybill.statement st join waybill.transfer t on t.id = st.transfer where t.sender = $1 and t.share = $2 and t.recipient = $3 and st.kind = 'acknowledged'`,
    [sender, share, asker.agency],
  );
  const said = rows.flatMap(({ octets }) => {
    const reading = shaped(Statement, readJson(octets));
    return reading.ok && reading.value.passOnTo ? [reading.value.passOnTo] : [];
  });
  return said.length > 0 ? said.flat() : undefined;
}
