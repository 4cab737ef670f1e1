import { closeDuties, dutyRows, type NewDuty, openDuty } from '#duties/duties';
import { DAY } from '#platform/clock';
import type { Tx } from '#platform/database';
import { insertRows } from '#platform/rows';
import { Refusal } from '#platform/refusal';
import type { BreachPart } from '#policy/breach-stating';
import type { BreachReported, BreachScope, BreachStated } from '#protocol/breach';
import type { NewEntry, Register } from '#register/register';
import { affectedBy } from './affected';
import { clockOf, regulatorDueAt } from './clocks';
import type { Said } from './effects';
import { type Member, membersOf } from './members';
import { entryOf, isInvolved, isReal, type NewCase, noticesOf, partsOf, partyRows, REPORT, shareRows } from './opening';
import { statementsIn } from './rows';
import { type Notice, telling } from './telling';

/** Parts that come of something else than of what was reported: they stay. */
const KEPT: readonly BreachPart[] = ['reporter', 'police', 'safety', 'told', 'signatory'];

/**
 * Adds what the first report left open, as its reporter says it in a phase: whose it was and who received it follow from it (BR-02), and whoever has a part by
 * that is told in the same step, as if it had stood in the report. What was told before is not taken back. @returns who was told of the case by it
 */
export async function completeCase(register: Register, tx: Tx, said: Said, scope: BreachScope): Promise<string[]> {
  const { row, rules, at, asker, parties } = said;
  const made = await completed(tx, said, scope);
  const notices = noticesOf(made, rules);
  const parts = partsOf(made, rules, notices);
  for (const { agency, parts: had } of parties) parts.set(agency, [...new Set([...had.filter((part) => KEPT.includes(part)), ...(parts.get(agency) ?? [])])]);
  const joining = new Map([...parts].filter(([agency]) => !row.parties.includes(agency)));
  await tx.query('update waybill.breach set type = $2, happened_at = coalesce($3, happened_at), found_at = $4, parties = parties || $5::text[] where id = $1', [row.id, made.reported.type, scope.happenedAt ?? null, made.reported.foundAt, [...joining.keys()]]);
  for (const { agency } of parties) await tx.query('update waybill.breach_party set parts = $3 where breach = $1 and agency = $2', [row.id, agency, parts.get(agency)]);
  const fresh = await untold(tx, row.id, notices);
  const told = telling({ id: row.id, agreement: row.agreement, type: made.reported.type, exercise: row.exercise }, fresh, { members: made.members, rules, other: asker.agency, others: [asker.controller], at });
  const shares = await unnamed(tx, made);
  const assess = assessing(said, made);
  await insertRows(tx, [
    ...(joining.size > 0 ? [partyRows(made, joining, rules)] : []), ...(shares.length > 0 ? [shareRows({ ...made, affected: { ...made.affected, shares } })] : []), ...told.rows, ...(assess.length > 0 ? [dutyRows(assess)] : []),
  ]);
  await clockAnew(tx, said, parts.get(asker.agency) ?? [], new Date(made.reported.awareAt));
  const fields = entryOf(made, fresh.map(({ agency }) => agency));
  const registers = new Set([...joining].flatMap(([agency, own]) => (isInvolved(own) ? [made.members.get(agency)?.controller ?? agency] : [])));
  await register.record(tx, [...[...registers].map((controller): NewEntry => ({ kind: 'breach-reported', controller, at, fields })), ...told.entries]);
  return fresh.map(({ agency }) => agency);
}

/** Whoever was told of it before is not told again; that somebody is in danger is told besides. */
async function untold(tx: Tx, breach: string, notices: readonly Notice[]): Promise<Notice[]> {
  const told: Notice[] = await tx.query('select agency, wave from waybill.breach_notice where breach = $1', [breach]);
  return notices.filter(({ agency, wave }) => !told.some((each) => each.agency === agency && (wave === 'safety' ? each.wave === wave : each.wave === 'first' || each.wave === 'second')));
}

/** Shares that were not named before. */
async function unnamed(tx: Tx, { id, affected }: NewCase): Promise<NewCase['affected']['shares']> {
  const known: { share: string }[] = await tx.query('select share from waybill.breach_share where breach = $1', [id]);
  return affected.shares.filter(({ share }) => !known.some((each) => each.share === share));
}

/** Where the agreement has a breach graded, whoever it turns out to belong to assesses it (BR-08). */
function assessing({ rules, parties, at }: Said, { id, reported, concerned }: NewCase): NewDuty[] {
  if (!isReal(reported) || rules.grading.standing.on !== 'clause') return [];
  const owners = concerned.owners.filter((owner) => !parties.some(({ agency, parts }) => agency === owner && parts.includes('owner')));
  return owners.map((owner) => ({ kind: 'assess-breach', about: { breach: id }, owner, lane: 'breach', at, dueAt: new Date(at.getTime() + DAY) }));
}

/** The case as it would have been reported: what stood in the report, and in each phase since. @throws Refusal BREACH_SHARE_UNKNOWN, BREACH_PARTY_UNKNOWN */
async function completed(tx: Tx, { asker, row, stated, agreement, at }: Said, scope: BreachScope): Promise<NewCase> {
  const own = (await statementsIn(tx, row.id)).filter(({ agency, kind }) => agency === asker.agency && (kind === REPORT || kind === 'phase'));
  const before = own.map(({ octets }) => JSON.parse(octets.toString()) as Partial<Omit<BreachReported, 'format'>> & Pick<BreachStated, 'scope'>);
  const scopes = before.map((each) => each.scope ?? each);
  const [report] = before;
  const all = (field: 'shares' | 'owners' | 'recipients'): string[] => [...new Set([...scopes, scope].flatMap((each) => each[field] ?? []))];
  const last = (field: 'foundBy' | 'where' | 'caseHolder'): string | undefined => [...scopes, scope].flatMap((each) => each[field] ?? []).at(-1);
  const affected = await affectedBy(tx, asker, all('shares'));
  const [occurred, caseHolder] = [last('where') ?? asker.agency, last('caseHolder')];
  const owners = [...new Set([...affected.owners, ...all('owners')])];
  const recipients = [...new Set([...affected.recipients, ...all('recipients')])];
  const named = [asker.agency, occurred, ...owners, ...recipients, ...(caseHolder === undefined ? [] : [caseHolder]), ...row.parties];
  const members: ReadonlyMap<string, Member> = await membersOf(tx, agreement.id, named, at);
  if (!named.every((agency) => members.has(agency))) throw new Refusal({ code: 'BREACH_PARTY_UNKNOWN', pointer: '/scope/owners' });
  const foundAt = scope.foundAt ?? row.found_at.toISOString();
  const happenedAt = scope.happenedAt ?? row.happened_at?.toISOString();
  const awareAt = [stated.awareAt, report?.awareAt].flatMap((each) => each ?? []).sort()[0] ?? at.toISOString();
  if (happenedAt !== undefined && Date.parse(happenedAt) > Date.parse(foundAt)) throw new Refusal({ code: 'STATEMENT_INVALID', pointer: '/scope/happenedAt', says: 'must not be after it was found' });
  if (Date.parse(foundAt) > Date.parse(awareAt)) throw new Refusal({ code: 'STATEMENT_INVALID', pointer: '/scope/foundAt', says: 'must not be after whoever reported it knew' });
  return {
    id: row.id, agreement, members, at, affected,
    concerned: { reporter: asker.agency, occurred, owners, recipients, caseHolder },
    reported: { harm: row.harm, nearMiss: row.near_miss, exercise: row.exercise, type: scope.type ?? row.type, foundAt, awareAt, foundBy: last('foundBy') ?? 'not-yet-known', ...(happenedAt !== undefined && { happenedAt }), ...(stated.facts && { facts: stated.facts }) },
  };
}

/** Whoever reported it may have known before it said so, may be the one to tell the regulator after all, or have no part in the data at all: while it has one, its clock never gets longer. */
async function clockAnew(tx: Tx, { row, asker, parties, rules, at }: Said, parts: readonly BreachPart[], awareAt: Date): Promise<void> {
  const own = parties.find(({ agency }) => agency === asker.agency);
  const due = regulatorDueAt(awareAt, rules);
  if (!own || own.reported_at || row.near_miss || row.exercise) return;
  const close = () => closeDuties(tx, { breach: row.id, owner: asker.agency }, { because: 'known-better', at }, ['tell-regulator', 'own-regulator-duty']);
  if (!isInvolved(parts)) {
    await tx.query('update waybill.breach_party set due_at = null where breach = $1 and agency = $2', [row.id, asker.agency]);
    return close();
  }
  const was = clockOf(row.id, asker.agency, own.parts, own.aware_at ?? awareAt, rules);
  const is = clockOf(row.id, asker.agency, parts, awareAt, rules);
  if (own.due_at && was.kind === is.kind && own.due_at <= due) return;
  await tx.query('update waybill.breach_party set aware_at = least(aware_at, $3), due_at = least(due_at, $4) where breach = $1 and agency = $2', [row.id, asker.agency, awareAt, due]);
  await close();
  await openDuty(tx, is);
}
