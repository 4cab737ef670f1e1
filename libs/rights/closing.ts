import { closeDuties } from '#duties/duties';
import { requireMet } from '#exchange/entries';
import { namedIn, type Signature, type StatingRooms } from '#exchange/signed-statement';
import type { Asker, Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { servedAgreement } from '#policy/agreement';
import { closingItemUnmet } from '#policy/rights';
import type { RightsReceipt, RightsStands } from '#protocol/rights-answers';
import type { RightsRequested, RightsStated } from '#protocol/rights-request';
import { aboutOf } from './about';
import type { MatterRow } from './matter-rows';
import { reachEach } from './reaching';
import type { RightsRow } from './requests';

/** After which outcome whoever has a copy of the same is to be told (RR-05; UK GDPR, Article 19). */
const REACHING: readonly string[] = ['corrected', 'erased', 'restricted'];

/** Closes a rights request with what came of each transfer: held to the agreement of each, and told to whoever was consulted. @throws Refusal with all that is unmet */
export async function close(tx: Tx, rooms: StatingRooms, asker: Asker, { row, stated, signed, at }: { row: RightsRow; stated: RightsStated; signed: Signature; at: Date }): Promise<RightsStands> {
  const requested = JSON.parse(row.octets.toString()) as RightsRequested;
  const { items: concerned } = JSON.parse(row.receipt) as RightsReceipt;
  const items = stated.items ?? [];
  const reasons = [
    ...items.flatMap(({ transfer }, index) => (concerned.some((each) => each.transfer === transfer) ? [] : [{ code: 'RIGHTS_INVALID', pointer: `/items/${index}/transfer`, says: 'must be a transfer that the request concerns' }])),
    ...concerned.filter(({ transfer }) => !items.some((each) => each.transfer === transfer)).map(({ transfer }) => ({ code: 'ITEM_MISSING', pointer: '/items', facts: { transfer } })),
  ];
  if (reasons.length > 0) throw new Refusal(reasons);

  const matters: MatterRow[] = await tx.query('select * from waybill.matter where put_by = $1 and rights_request = $2', [asker.agency, row.id]);
  const unmet = [];
  for (const [index, item] of items.entries()) {
    const { cited, declared } = await aboutOf(tx, asker, item.transfer);
    const agreement = servedAgreement(rooms.agreements, cited.id);
    const party = (await rooms.directory.parties(tx, [asker.agency], agreement, at)).party(asker.agency);
    const consulted = matters.find(({ transfer, kind }) => transfer === item.transfer && kind === 'consultation');
    const consultation = !consulted ? 'none' : consulted.answered_at ? 'answered' : consulted.due_at <= at ? 'overdue' : 'awaited';
    unmet.push(...closingItemUnmet({ agreement, requested, stated, item, index, doNotTell: declared.doNotTell, consultation, party, at: at.toISOString() }));
  }
  requireMet(unmet);

  await tx.query('update waybill.rights_request set closed_at = $3 where agency = $1 and id = $2', [asker.agency, row.id, at]);
  await closeDuties(tx, { rights: row.id }, { because: 'closed', at }, ['answer-rights-request']);
  const fields = {
    rightsRequest: row.id, ...namedIn(signed), contact: stated.by.contact, role: stated.role, late: at > row.due_at || undefined,
    items: items.map(({ transfer, outcome, considered, exemption, weight }) => ({ transfer, outcome, considered, exemption, weight })), approver: stated.approver,
  };
  await rooms.register.record(tx, [{ kind: 'rights-request-closed', controller: asker.controller, at, fields }]);
  await tellConsulted(tx, rooms, matters, stated, at);
  return { rightsRequest: row.id, dueAt: row.due_at.toISOString(), closedAt: at.toISOString(), ...(await tellHolders(tx, asker, items, concerned, at)) };
}

/** Whoever gave its view hears what it weighed and what came of it. */
async function tellConsulted(tx: Tx, { register }: StatingRooms, matters: readonly MatterRow[], { items = [] }: RightsStated, at: Date): Promise<void> {
  for (const { id, share, transfer, kind, put_to_controller: controller } of matters) {
    const item = items.find((each) => each.transfer === transfer);
    if (kind !== 'consultation' || item?.weight === undefined) continue;
    await tx.query('update waybill.matter set weight = $2 where id = $1', [id, item.weight]);
    await register.record(tx, [{ kind: 'consultation-weighed', controller, at, fields: { share, transfer, matter: id, about: kind, weight: item.weight, outcome: item.outcome } }]);
  }
}

/** What was corrected, erased or restricted here has copies where it was sent: each is a duty. */
async function tellHolders(tx: Tx, asker: Asker, items: NonNullable<RightsStated['items']>, concerned: RightsReceipt['items'], at: Date): Promise<Pick<RightsStands, 'reaches'>> {
  const changed = concerned.filter(({ side, transfer }) => side === 'sender' && items.some((item) => item.transfer === transfer && REACHING.includes(item.outcome)));
  const reaches = await reachEach(tx, asker, [...new Set(changed.map(({ share }) => share))], { at });
  return reaches.length > 0 ? { reaches } : {};
}
