import { actingAs, type Asker, type Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import type { Approval } from '#policy/decision';
import { readJson } from '#protocol/json';
import { MatterPut } from '#protocol/matter';
import { shaped } from '#protocol/read';
import type { Register } from '#register/register';
import type { NewShare } from './commit';
import { openMatters } from './matters';

/** What the controller that shared it has agreed to in writing (PU-02, PU-05): answers to what the asker put about this share. */
export async function approvalsOf(tx: Tx, { agency }: Asker, { sender, share }: { sender: string; share: string }): Promise<Approval[]> {
  const rows: { matter: string; octets: Buffer; by: string; recipients: string[]; purpose: string; from: Date; until: string | null }[] = await tx.query(
    `select id as matter, octets, put_to_controller as by, recipients, purpose, answered_at as from, (until_day + 1)::text as until from waybill.matter
     where put_by = $1 and put_to = $2 and share = $3 and kind = 'approval' and answer = 'agreed' order by id`,
    [agency, sender, share]);
  return rows.map(({ octets, from, until, ...agreed }) => ({ ...agreed, ...wayIn(octets), from: from.toISOString(), ...(until !== null && { until }) }));
}

/** The way that was asked for, as it was signed. */
function wayIn(octets: Buffer): Pick<Approval, 'way'> {
  const reading = shaped(MatterPut, readJson(octets));
  return reading.ok && reading.value.way ? { way: reading.value.way } : {};
}

/** Whoever did not wait for the controller that shared it first tells it in the same instant (PU-03, PU-05): what was passed on, to whom, and on what ground. */
export async function tellOriginators(tx: Tx, register: Register, shares: readonly NewShare[]): Promise<void> {
  for (const { sender, head: { manifest, manifestDigest }, signer, transfers, tells, acceptedAt: at } of shares) {
    if (!tells) continue;
    await actingAs(tx, sender.agency, async () => {
      const [from]: { id: string; share: string; agency: string; controller: string; agreement: string; version: string }[] = await tx.query(
        `select t.id, t.share, t.sender as agency, t.sender_controller as controller, s.agreement, s.agreement_version as version
         from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share where t.sender = $1 and t.share = $2 and t.recipient = $3 limit 1`, [tells.originator, manifest.threads?.previous, sender.agency]);
      if (!from) return;
      await openMatters(tx, register, tells.grounds.map(({ ground }) => ({
        id: uuid7(at.getTime()), kind: 'passed-on', transfer: from.id, share: from.share, agreement: { id: from.agreement, version: from.version }, by: { ...sender, contact: manifest.sender.contact ?? sender.agency }, to: from,
        purpose: manifest.purpose, recipients: [...new Set(transfers.map(({ recipient }) => recipient.agency))], at, entry: { statement: manifestDigest, signer: signer.toLowerCase(), ground },
      })));
    });
  }
}
