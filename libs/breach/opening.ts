import { dutyRows, type NewDuty } from '#duties/duties';
import { namedIn, type Signature } from '#exchange/signed-statement';
import { flags, instants, octets, texts, uuids, wordLists } from '#platform/arrays';
import { DAY } from '#platform/clock';
import type { Tx } from '#platform/database';
import { insertRows, type Rows } from '#platform/rows';
import type { Agreement } from '#policy/agreement';
import { type BreachRules, breachRules } from '#policy/breach-relay';
import { type BreachPart, INVOLVED } from '#policy/breach-stating';
import type { BreachReported } from '#protocol/breach';
import type { EntryFields } from '#register/entry-kinds';
import type { NewEntry, Register } from '#register/register';
import type { Affected } from './affected';
import { clockOf, regulatorDueAt } from './clocks';
import { type Concerned, groupsOf, type Members, protectorsOf } from './members';
import { type Notice, telling } from './telling';

/** What a case is made of: as reported, or as the gateway itself raises it. */
export interface NewCase {
  id: string;
  agreement: Agreement;
  reported: Omit<BreachReported, 'format' | 'id' | 'by' | 'role' | 'gateway' | 'at' | 'agreement' | 'shares'> & { by?: BreachReported['by']; role?: string };
  affected: Affected;
  concerned: Concerned;
  members: Members;
  statement?: Signature;
  /** Of a breach of the gateway itself: what its cases have in common. */
  incident?: string;
  at: Date;
}

/** The kind under which the report itself stands among a case's statements. */
export const REPORT = 'report';

/** Writes a case down, tells whoever must be told, starts the clock of whoever knows, and records it. @param tx in which all of it stands, or none */
export async function openCase(tx: Tx, register: Register, made: NewCase): Promise<void> {
  const { id, agreement, reported, concerned, members, at } = made;
  const rules = breachRules(agreement);
  const notices = noticesOf(made, rules);
  const parts = partsOf(made, rules, notices);
  const real = isReal(reported);
  const involved = [...parts].filter(([, own]) => isInvolved(own)).map(([agency]) => agency);
  const reporter = concerned.reporter;
  const clock = real && reporter !== undefined && involved.includes(reporter) ? [clockOf(id, reporter, parts.get(reporter) ?? [], new Date(reported.awareAt), rules)] : [];
  const assess: NewDuty[] = real && rules.grading.standing.on === 'clause' ? [...new Set(concerned.owners)].map((owner): NewDuty => ({ kind: 'assess-breach', about: { breach: id }, owner, lane: 'breach', at, dueAt: new Date(at.getTime() + DAY) })) : [];
  const controllerOf = (agency: string): string => members.get(agency)?.controller ?? agency;
  const told = telling({ id, agreement: agreement.id, type: reported.type, exercise: reported.exercise === true }, notices, { members, rules, other: reporter, others: reporter === undefined ? [] : [controllerOf(reporter)], at });
  await insertRows(tx, [caseRows(made, [...parts.keys()])]);
  await insertRows(tx, [partyRows(made, parts, rules), ...(made.affected.shares.length > 0 ? [shareRows(made)] : []), ...statementRows(made), ...told.rows, ...(clock.length + assess.length > 0 ? [dutyRows([...clock, ...assess])] : [])]);
  const fields = entryOf(made, [...new Set(notices.map(({ agency }) => agency))]);
  const registers = new Set([...(reporter === undefined ? [] : [controllerOf(reporter)]), ...involved.map(controllerOf)]);
  await register.record(tx, [...[...registers].map((controller): NewEntry => ({ kind: 'breach-reported', controller, at, fields })), ...told.entries]);
}

/** Near misses and exercises start no clock. */
export const isReal = ({ exercise, nearMiss }: NewCase['reported']): boolean => exercise !== true && nearMiss !== true;
export const isInvolved = (parts: readonly BreachPart[]): boolean => parts.some((part) => INVOLVED.includes(part));

/** Whom the agreement has told in the same step, each once in the most pressing of its waves; and before all, who can protect somebody. */
export function noticesOf({ agreement, concerned, members, reported }: NewCase, rules: BreachRules): Notice[] {
  const groups = groupsOf(agreement, members, concerned);
  const wave = (name: Notice['wave'], agencies: readonly string[]): Notice[] => agencies.map((agency) => ({ agency, wave: name }));
  const first = [...rules.first.value.flatMap((group) => groups[group]), ...(concerned.reporter === undefined ? groups.occurred : [])];
  const second = rules.second.value.flatMap((group) => groups[group]);
  const relay = new Map([...wave('second', second), ...wave('first', first)].map((notice) => [notice.agency, notice]));
  if (concerned.reporter !== undefined) relay.delete(concerned.reporter);
  // What the gateway finds itself it knows no person of: whose information it was is told, and says first whether anyone could come to harm.
  const safety = reported.harm === 'no' || reported.exercise === true || concerned.reporter === undefined ? [] : protectorsOf(agreement, members, concerned);
  return [...wave('safety', safety), ...[...relay.values()].sort((a, b) => (a.wave === b.wave ? a.agency.localeCompare(b.agency) : a.wave === 'first' ? -1 : 1))];
}

/** Who has which part, of all who have any. */
export function partsOf({ agreement, concerned, members, reported }: NewCase, rules: BreachRules, notices: readonly Notice[]): Map<string, BreachPart[]> {
  const groups = groupsOf(agreement, members, concerned);
  const parts = new Map<string, BreachPart[]>();
  const give = (part: BreachPart, agencies: readonly string[]) => {
    for (const agency of new Set(agencies)) parts.set(agency, [...new Set([...(parts.get(agency) ?? []), part])]);
  };
  if (concerned.reporter !== undefined) give('reporter', [concerned.reporter]);
  give('occurred', [concerned.occurred]);
  give('owner', concerned.owners);
  give('recipient', concerned.recipients);
  give('lead', rules.lead.value.flatMap((group) => groups[group]));
  give('notifier', rules.notifiers.value.flatMap((group) => groups[group]));
  const protectors = notices.filter(({ wave }) => wave === 'safety').map(({ agency }) => agency);
  // Where nobody else is to be told of danger, whoever had the information says what was done.
  give('safety', protectors.length > 0 || reported.harm === 'no' ? protectors : [concerned.occurred, ...concerned.owners]);
  give('told', notices.map(({ agency }) => agency));
  return parts;
}

const caseRows = ({ id, agreement, reported, incident, at }: NewCase, parties: readonly string[]): Rows => ({
  into: 'waybill.breach',
  columns: {
    id: uuids([id]), agreement: texts([agreement.id]), agreement_version: texts([agreement.version]), reporter: texts([reported.by?.agency ?? null]), incident: uuids([incident ?? null]), type: texts([reported.type]), harm: texts([reported.harm]),
    near_miss: flags([reported.nearMiss === true]), exercise: flags([reported.exercise === true]),
    happened_at: instants([reported.happenedAt === undefined ? null : new Date(reported.happenedAt)]), found_at: instants([new Date(reported.foundAt)]), opened_at: instants([at]), state: texts(['open']), parties: wordLists([parties]),
  },
});

export function partyRows({ id, members, reported, concerned }: NewCase, parts: ReadonlyMap<string, readonly BreachPart[]>, rules: BreachRules): Rows {
  const all = [...parts];
  const aware = (agency: string): Date | null => (agency === concerned.reporter ? new Date(reported.awareAt) : null);
  return {
    into: 'waybill.breach_party',
    columns: {
      breach: uuids(all.map(() => id)), agency: texts(all.map(([agency]) => agency)), controller: texts(all.map(([agency]) => members.get(agency)?.controller ?? agency)), parts: wordLists(all.map(([, own]) => own)),
      aware_at: instants(all.map(([agency]) => aware(agency))), due_at: instants(all.map(([agency, own]) => { const at = aware(agency); return at && isReal(reported) && isInvolved(own) ? regulatorDueAt(at, rules) : null; })),
    },
  };
}

export const shareRows = ({ id, affected: { shares } }: NewCase): Rows => ({
  into: 'waybill.breach_share', columns: { breach: uuids(shares.map(() => id)), share: uuids(shares.map(({ share }) => share)), agency: texts(shares.map(({ agency }) => agency)) },
});

const statementRows = ({ id, reported, statement, at }: NewCase): Rows[] => (statement === undefined ? [] : [{
  into: 'waybill.breach_statement',
  columns: {
    id: uuids([id]), breach: uuids([id]), kind: texts([REPORT]), agency: texts([reported.by?.agency ?? '']), octets: octets([statement.octets]), signature: octets([statement.signature]),
    signer: texts([statement.fingerprint]), signer_certificate: octets([statement.certificate]), at: instants([at]),
  },
}]);

export function entryOf({ id, agreement, reported, affected, concerned, statement }: NewCase, told: readonly string[]): EntryFields<'breach-reported'> {
  const { by, role, type, harm, nearMiss, exercise, happenedAt, foundAt, awareAt, foundBy, facts } = reported;
  return {
    breach: id, agreement: { id: agreement.id, version: agreement.version, digest: agreement.digest },
    ...(statement && namedIn(statement)), by: by?.agency, contact: by?.contact, role, type, harm, nearMiss, exercise, happenedAt, foundAt,
    ...(by && { awareAt }), foundBy, where: concerned.occurred, shares: affected.shares.map(({ share }) => share), told, facts,
  };
}
