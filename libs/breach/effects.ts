import { closeDuties, dutyRows, type NewDuty, openDuty } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import { actingAs, type Asker, type Tx } from '#platform/database';
import { insertRows } from '#platform/rows';
import { Refusal } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import type { BreachRules } from '#policy/breach-relay';
import { type BreachState, type CaseStanding, having, INVOLVED } from '#policy/breach-stating';
import { nextReview } from '#policy/reviewing';
import type { BreachStated, BreachStatementKind } from '#protocol/breach';
import type { Register } from '#register/register';
import { completeCase } from './completing';
import { joinCase } from './joining';
import { coordinatorsOf, type Members, membersOf, policeOf } from './members';
import type { BreachRow, PartyRow } from './rows';
import { Suspensions } from './suspensions';
import { type Notice, telling } from './telling';

// What follows from a statement about a case, besides being kept, shown and recorded: all of it in the transaction of the statement.

/** A statement that is taken, with the case as it stood before it. */
export interface Said {
  asker: Asker;
  stated: BreachStated;
  row: BreachRow;
  parties: PartyRow[];
  standing: CaseStanding;
  agreement: Agreement;
  rules: BreachRules;
  signed: { statement: string; signer: string };
  at: Date;
}

interface Effecting {
  register: Register;
}

/** What is due of a case ends with it; that the person is safe has to be stated first, and that outcomes are taken note of comes after. */
const OF_A_CASE: readonly DutyKind[] = ['read-notice', 'tell-regulator', 'own-regulator-duty', 'assess-breach', 'help-with-breach', 'confirm-deletion'];

type Effect = (rooms: Effecting, tx: Tx, said: Said) => Promise<unknown>;
const CLOCKS: readonly DutyKind[] = ['tell-regulator', 'own-regulator-duty'];

/** What follows from a statement besides being kept, shown and recorded. A kind that is not here has no more to it. */
export const EFFECTS: Partial<Record<BreachStatementKind, Effect>> = {
  phase: (rooms, tx, said) => phase(rooms, tx, said),
  protected: (_rooms, tx, said) => close(tx, said, 'protected', ['protect-person']),
  assessed: (_rooms, tx, said) => close(tx, said, 'assessed', ['assess-breach']),
  graded: (_rooms, tx, said) => close(tx, said, 'graded', ['assess-breach']),
  'grade-fixed': (_rooms, tx, said) => close(tx, said, 'graded', ['assess-breach']),
  threshold: (_rooms, tx, said) => (said.stated.outcome === 'do-not-notify' ? close(tx, said, 'not-notified', CLOCKS) : Promise.resolve()),
  reported: async (_rooms, tx, said) => {
    await tx.query('update waybill.breach_party set reported_at = coalesce(reported_at, $3) where breach = $1 and agency = $2', [said.row.id, said.asker.agency, new Date(said.stated.reportedAt ?? said.at)]);
    await close(tx, said, 'reported', CLOCKS);
  },
  'not-notifier': (_rooms, tx, said) => close(tx, said, 'left-to-another', CLOCKS),
  'assistance-asked': (_rooms, tx, said) => ask(tx, said, 'help-with-breach', new Date(said.stated.dueAt ?? said.at)),
  'assistance-given': (_rooms, tx, said) => (outstanding(said, 'assistance-asked') ? Promise.resolve() : close(tx, said, 'given', ['help-with-breach'])),
  offence: (rooms, tx, said) => offence(rooms, tx, said),
  'hold-lifted': (_rooms, tx, { row }) => tx.query('update waybill.breach set held_since = null where id = $1', [row.id]),
  'deletion-asked': (_rooms, tx, said) => askDeletion(tx, said),
  'deletion-confirmed': (_rooms, tx, said) => (outstanding(said, 'deletion-asked') ? Promise.resolve() : close(tx, said, said.stated.outcome ?? 'deleted', ['confirm-deletion'])),
  outcome: (rooms, tx, said) => conclude(rooms, tx, said),
  acknowledged: (_rooms, tx, said) => takeNote(tx, said),
  suspended: (rooms, tx, said) => new Suspensions(rooms).begin(tx, said),
  met: (rooms, tx, said) => new Suspensions(rooms).met(tx, said),
  resumed: (rooms, tx, said) => new Suspensions(rooms).end(tx, said, 'withdrawn'),
};

/** What was asked of whoever states this now, and is answered neither by it nor before. */
function outstanding({ asker, stated, standing }: Said, kind: 'assistance-asked' | 'deletion-asked'): boolean {
  const answered = new Set([...standing.stated.flatMap(({ kind: of, answers, transfer }) => (of === 'deletion-confirmed' ? [transfer] : [answers])), stated.answers, stated.transfer]);
  return standing.stated.some((asked) => asked.kind === kind && asked.of === asker.agency && !answered.has(kind === 'assistance-asked' ? asked.id : asked.transfer));
}

/** Closes what these agencies have, each as itself: row security shows each its own duties. */
async function close(tx: Tx, { asker, row, at }: Said, because: string, kinds: readonly DutyKind[], owners: readonly string[] = [asker.agency]): Promise<void> {
  for (const owner of owners) await actingAs(tx, owner, () => closeDuties(tx, { breach: row.id, owner }, { because, at }, kinds), { instead: asker.agency });
}

async function tell(rooms: Effecting, tx: Tx, { asker, row, rules, at }: Said, members: Members, notices: readonly Notice[]): Promise<void> {
  const told = telling({ id: row.id, agreement: row.agreement, type: row.type, exercise: row.exercise }, notices, { members, rules, other: asker.agency, others: [asker.controller], at });
  await insertRows(tx, told.rows);
  await rooms.register.record(tx, told.entries);
}

/** More is known: everybody in the case hears that there is a further phase. */
async function phase(rooms: Effecting, tx: Tx, said: Said): Promise<void> {
  const joined = said.stated.scope === undefined ? [] : await completeCase(rooms.register, tx, said, said.stated.scope);
  const members = await membersOf(tx, undefined, said.row.parties, said.at);
  const others = having(said.standing, [...INVOLVED, 'told']).filter((agency) => agency !== said.asker.agency && !joined.includes(agency));
  await tell(rooms, tx, said, members, others.map((agency) => ({ agency, wave: 'phase' })));
}

/** Police are told, and what it is about is kept (BR-15). */
async function offence(rooms: Effecting, tx: Tx, said: Said): Promise<void> {
  const members = await membersOf(tx, said.row.agreement, said.row.parties, said.at);
  const police = policeOf(members);
  await joinCase(tx, said.row, members, police, 'police');
  await tell(rooms, tx, said, members, police.filter((agency) => agency !== said.asker.agency).map((agency) => ({ agency, wave: 'police' })));
  await tx.query('update waybill.breach set held_since = coalesce(held_since, $2) where id = $1', [said.row.id, said.at]);
}

/** Help, or a deletion, is asked of another in the case: a duty of its own. */
async function ask(tx: Tx, { asker, stated: { of = '' }, row, at }: Said, kind: DutyKind, dueAt?: Date): Promise<void> {
  if (!row.parties.includes(of)) throw new Refusal({ code: 'STATEMENT_INVALID', pointer: '/of', says: 'must be of this case' });
  await openDuty(tx, { kind, about: { breach: row.id }, owner: of, other: asker.agency, lane: 'breach', at, ...(dueAt && { dueAt }) });
}

/** What a wrong recipient is asked to delete came in a transfer of whoever asks, and was collected. */
async function askDeletion(tx: Tx, said: Said): Promise<void> {
  const { stated, asker } = said;
  const [transfer]: { collected: boolean }[] = await tx.query(
    `select state in ('collected', 'acknowledged', 'sent', 'returned') as collected from waybill.transfer where id = $1 and sender = $2 and recipient = $3`, [stated.transfer, asker.agency, stated.of]);
  if (!transfer) throw new Refusal({ code: 'STATEMENT_INVALID', pointer: '/transfer', says: 'must be a transfer of a share of your own to whom it is asked of' });
  if (!transfer.collected) throw new Refusal({ code: 'STATEMENT_INVALID', pointer: '/transfer', says: 'must have been collected: until then it is recalled' });
  await ask(tx, said, 'confirm-deletion');
}

/** The case ends: with what came of it, for all who were involved, each of which takes note where the agreement has it so. */
async function conclude(rooms: Effecting, tx: Tx, said: Said): Promise<void> {
  const { stated, row, agreement, rules, standing, asker, parties, at } = said;
  const others = having(standing, INVOLVED).filter((agency) => agency !== asker.agency);
  const circulated = stated.outcome === 'closed' && rules.circulated.value && others.length > 0;
  const state: BreachState = stated.outcome === 'unfounded' ? 'unfounded' : circulated ? 'circulated' : 'closed';
  await tx.query('update waybill.breach set state = $2, closed_at = $3 where id = $1', [row.id, state, circulated ? null : at]);
  await close(tx, said, stated.outcome ?? 'closed', OF_A_CASE, parties.map(({ agency }) => agency));
  const members = await membersOf(tx, row.agreement, row.parties, at);
  if (circulated) await tell(rooms, tx, said, members, others.map((agency) => ({ agency, wave: 'outcome' })));
  const review = nextReview(agreement, at);
  if (stated.outcome !== 'closed' || row.exercise || !review) return;
  const coordinators = coordinatorsOf(members);
  await insertRows(tx, [dutyRows((coordinators.length > 0 ? coordinators : [asker.agency]).map((owner): NewDuty => ({ kind: 'bring-to-review', about: { breach: row.id }, owner, lane: 'routine', at, dueAt: review })))]);
}

/** The last of the involved to take note closes the case. */
async function takeNote(tx: Tx, said: Said): Promise<void> {
  const { asker, row, standing, at } = said;
  await close(tx, said, 'acknowledged', ['acknowledge-outcome']);
  if (row.state !== 'circulated') return;
  const noted = new Set([asker.agency, ...standing.stated.filter(({ kind }) => kind === 'acknowledged' || kind === 'outcome').map(({ agency }) => agency)]);
  if (having(standing, INVOLVED).every((agency) => noted.has(agency))) await tx.query(`update waybill.breach set state = 'closed', closed_at = $2 where id = $1`, [row.id, at]);
}
