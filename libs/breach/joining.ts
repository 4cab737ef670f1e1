import { texts, uuids, wordLists } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { insertRows } from '#platform/rows';
import type { BreachPart } from '#policy/breach-stating';
import type { Members } from './members';
import type { BreachRow } from './rows';

/** Lets agencies into a case, with a part that they had not. */
export async function joinCase(tx: Tx, { id, parties }: BreachRow, members: Members, agencies: readonly string[], part: BreachPart): Promise<void> {
  const joining = agencies.filter((agency) => !parties.includes(agency));
  await tx.query(`update waybill.breach_party set parts = parts || $3::text where breach = $1 and agency = any($2) and not $3 = any(parts)`, [id, agencies, part]);
  if (joining.length === 0) return;
  await tx.query('update waybill.breach set parties = parties || $2::text[] where id = $1', [id, joining]);
  await insertRows(tx, [{
    into: 'waybill.breach_party',
    columns: { breach: uuids(joining.map(() => id)), agency: texts(joining), controller: texts(joining.map((agency) => members.get(agency)?.controller ?? agency)), parts: wordLists(joining.map(() => [part])) },
  }]);
}
