import { instants, texts, uuids } from '#platform/arrays';
import { isWorking } from '#duties/calendar';
import { eventRows } from '#directory/security-events';
import { dutyRows, type NewDuty } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import { uuid7 } from '#platform/ids';
import type { Rows } from '#platform/rows';
import { type BreachRules, contactOrder } from '#policy/breach-relay';
import type { Lane } from '#queue/lanes';
import type { NewEntry } from '#register/register';
import { inOrder, type Members } from './members';

export type Wave = 'safety' | 'first' | 'second' | 'police' | 'outcome' | 'suspension' | 'phase';

/** What a case is known by in what is told of it: ids and codes, never what happened. */
export interface CaseNamed {
  id: string;
  agreement: string;
  type: string;
  exercise: boolean;
}

/** One agency that is told, now. */
export interface Notice {
  agency: string;
  wave: Wave;
}

/** In which lane a notice is, and what it asks of whoever is told. */
export const WAVES: Record<Wave, { kind: DutyKind; lane: Lane }> = {
  safety: { kind: 'protect-person', lane: 'emergency' },
  first: { kind: 'read-notice', lane: 'breach' },
  second: { kind: 'read-notice', lane: 'breach' },
  police: { kind: 'read-notice', lane: 'breach' },
  outcome: { kind: 'acknowledge-outcome', lane: 'routine' },
  suspension: { kind: 'read-notice', lane: 'breach' },
  phase: { kind: 'read-notice', lane: 'breach' },
};

/** In which lane something is asked of an agency of a case: an exercise takes nobody from anything. */
const laneOf = (wave: Wave, { exercise }: CaseNamed): Lane => (exercise ? 'routine' : WAVES[wave].lane);

/**
 * The rows and entries by which agencies are told, all of them in the transaction in which it was reported: what is committed has been told. Whom each
 * notice goes to first, and who comes after where nobody reads it, is written down with it. @param others whose registers say, too, that they were told
 */
export function telling(named: CaseNamed, notices: readonly Notice[], { members, rules, other, others, at }: { members: Members; rules: BreachRules; other: string | undefined; others: readonly string[]; at: Date }): { rows: Rows[]; entries: NewEntry[] } {
  const order = contactOrder(rules, { working: isWorking(at) });
  const told = notices.map(({ agency, wave }) => ({ agency, wave, id: uuid7(at.getTime()), controller: members.get(agency)?.controller ?? agency, ...inOrder(members.get(agency), order) }));
  const duties = told.map(({ agency, wave, contact, post, then }): NewDuty => ({
    kind: WAVES[wave].kind, about: { breach: named.id }, owner: agency, contact, other: other === agency ? undefined : other, lane: laneOf(wave, named), at,
    ...(WAVES[wave].kind === 'read-notice' && { role: post as NewDuty['role'], posts: then as NewDuty['posts'] }),
  }));
  const entries = told.flatMap(({ agency, wave, contact, controller }): NewEntry[] =>
    [...new Set([controller, ...others])].map((register): NewEntry => ({ kind: 'breach-notified', controller: register, at, fields: { breach: named.id, agreement: named.agreement, type: named.type, wave, agency, contact, exercise: named.exercise || undefined } })));
  return {
    entries,
    rows: told.length === 0 ? [] : [
      {
        into: 'waybill.breach_notice',
        columns: {
          id: uuids(told.map(({ id }) => id)), breach: uuids(told.map(() => named.id)), agency: texts(told.map(({ agency }) => agency)), contact: texts(told.map(({ contact }) => contact ?? null)),
          wave: texts(told.map(({ wave }) => wave)), told_at: instants(told.map(() => at)),
        },
      },
      dutyRows(duties),
      eventRows(told.map(({ agency, wave }) => ({ agency, event: 'breach-notified', lane: laneOf(wave, named), facts: { breach: named.id, agreement: named.agreement, type: named.type, wave, exercise: named.exercise } })), at),
    ],
  };
}
