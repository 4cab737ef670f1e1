import type { Directory } from '#directory/directory';
import { closeDuties, openDuty } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import type { Tx } from '#platform/database';
import { prepared } from '#platform/rows';
import type { Register } from '#register/register';
import { writeEvents } from './commit';
import { from } from './moves';
import { recordForBoth } from './recording';
import { ofSender } from './owing';
import type { TransferRow } from './rows';

/** Why a transfer waits, and what its sender is then asked to do. What waits for a domain waits for the co-ordinator, who has a duty about that domain. */
const HOLDS = {
  'key-revoked': 'seal-again',
  'key-expired': 'seal-again',
  'domain-lapsed': undefined,
  'agreement-suspended': 'not-delivered',
} as const satisfies Record<string, DutyKind | undefined>;
export type HoldReason = keyof typeof HOLDS;

/** Those of these transfers that are sealed to a key revoked since. */
export async function sealedToRevoked(tx: Tx, directory: Directory, transfers: readonly string[], at: Date): Promise<Set<string>> {
  const rows: { transfer: string; keys: string[] }[] = await prepared(tx, 'select transfer, keys from waybill.wrapped_key where transfer = any($1)', [transfers]);
  const revoked = new Set(await directory.revoked(tx, [...new Set(rows.flatMap((row) => row.keys))], at));
  return new Set(rows.filter((row) => row.keys.some((key) => revoked.has(key))).map((row) => row.transfer));
}

/** A transfer may not go on as it was to: it is held, both registers say so, and whoever can mend it is asked to. */
export async function hold(tx: Tx, register: Register, transfer: TransferRow, reason: HoldReason, at: Date): Promise<void> {
  const [, moved]: [unknown, number] = await tx.query(`update waybill.transfer set state = 'held', hold_reason = $3 where id = $1 and state = any($2)`, [transfer.id, from('held'), reason]);
  if (moved === 0) return;
  const fields = { share: transfer.share, transfer: transfer.id, reason };
  await recordForBoth(tx, register, transfer, { kind: 'share-held', at, fields });
  await writeEvents(tx, [{ transfer: transfer.id, kind: 'held', at, detail: reason }]);
  await closeDuties(tx, { transfer: transfer.id }, { because: 'held', at }, ['collect']);
  const asked = HOLDS[reason];
  if (asked) await openDuty(tx, ofSender(asked, transfer, at));
}
