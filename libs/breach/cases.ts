import { closeDuties, openDuty } from '#duties/duties';
import { afterCollision } from '#exchange/collision';
import { requireMet } from '#exchange/entries';
import { isKept, keepStated, namedIn, readStated, signatureOf, type StatementSent, type StatingRooms } from '#exchange/signed-statement';
import type { Asker, Tx } from '#platform/database';
import { servedAgreement } from '#policy/agreement';
import { breachRules, gradeOf } from '#policy/breach-relay';
import { breachStatingUnmet, type CaseStanding, INVOLVED, isBreachStatementKind } from '#policy/breach-stating';
import { BreachStated } from '#protocol/breach';
import type { EntryFields } from '#register/entry-kinds';
import type { NewEntry } from '#register/register';
import { clockOf, regulatorDueAt } from './clocks';
import { EFFECTS, type Said } from './effects';
import { type BreachRow, foundBreach, partiesIn, type PartyRow, statementsIn } from './rows';

/** What parties state about a case, signed: kept octet for octet, shown to all who are in it, recorded by all who are involved. */
export class Cases {
  constructor(private readonly rooms: StatingRooms) {}

  /** Takes a statement. The very same again changes nothing. @throws Refusal NOT_FOUND, STATEMENT_INVALID, STATEMENT_DIFFERS, a gate code of the signature, and every code of `BREACH_STATING` and `SUSPENDING` */
  state(asker: Asker, id: string, sent: StatementSent): Promise<{ state: string }> {
    const at = this.rooms.clock.now();
    return afterCollision(() => this.rooms.database.as(asker, async (tx) => {
      const row = await foundBreach(tx, id, 'for update');
      const stated = this.read(asker, id, sent, at);
      const signed = await signatureOf(tx, this.rooms.directory, asker, sent, at);
      if (await isKept(tx, 'breach_statement', stated.id, sent)) return { state: row.state };
      const agreement = servedAgreement(this.rooms.agreements, row.agreement);
      const parties = await partiesIn(tx, id);
      const own = parties.find(({ agency }) => agency === asker.agency);
      const standing = standingOf(row, parties, await statementsIn(tx, id), own);
      requireMet(breachStatingUnmet({ agreement, stated, parts: new Set(own?.parts ?? []), standing, at: at.toISOString() }));
      await keepStated(tx, 'breach_statement', id, asker, stated, signed, at);
      const said: Said = { asker, stated, row, parties, standing, agreement, rules: breachRules(agreement), signed: namedIn(signed), at };
      await this.record(tx, said);
      // Whoever states anything has read of it.
      await this.noteReading(tx, said);
      await EFFECTS[stated.kind]?.(this.rooms, tx, said);
      return { state: (await foundBreach(tx, id)).state };
    }), 'STATEMENT_DIFFERS');
  }

  private read(asker: Asker, id: string, sent: StatementSent, now: Date): BreachStated {
    const isLater = (at: string | undefined): boolean => Date.parse(at ?? '') > now.getTime();
    const later = ({ scope, ...stated }: BreachStated) => [...(['awareAt', 'reportedAt', 'doneAt'] as const).filter((field) => isLater(stated[field])), ...(['happenedAt', 'foundAt'] as const).flatMap((field) => (isLater(scope?.[field]) ? [`scope/${field}`] : []))];
    return readStated(BreachStated, sent, {
      agency: asker.agency, gateway: this.rooms.gateway, now, invalid: 'STATEMENT_INVALID', about: { breach: id },
      faults: (made) => later(made).map((field) => ({ code: 'STATEMENT_INVALID', pointer: `/${field}`, says: 'must not be later than now' })),
    });
  }

  /** In the register of whoever states it, and of all who are involved; that somebody read it concerns only whoever told it. */
  private async record(tx: Tx, { asker, stated, row, parties, signed, at }: Said): Promise<void> {
    const involved = parties.filter(({ agency, parts }) => (stated.kind === 'read' ? agency === row.reporter : parts.some((part) => INVOLVED.includes(part) || part === 'lead' || part === 'reporter')));
    const registers = new Set([asker.controller, ...involved.map(({ controller }) => controller)]);
    const fields = entryOf(row.id, stated, signed);
    await this.rooms.register.record(tx, [...registers].map((controller): NewEntry => ({ kind: 'breach-stated', controller, at, fields })));
  }

  /** The notice is read, and from when on the controller knows, its own clock runs. */
  private async noteReading(tx: Tx, { asker, stated, row, parties, rules, at }: Said): Promise<void> {
    await tx.query('update waybill.breach_notice set read_at = $3 where breach = $1 and agency = $2 and read_at is null', [row.id, asker.agency, at]);
    await closeDuties(tx, { breach: row.id, owner: asker.agency }, { because: 'read', at }, ['read-notice']);
    const own = parties.find(({ agency }) => agency === asker.agency);
    if (!own || own.aware_at || row.near_miss || row.exercise || row.closed_at || !own.parts.some((part) => INVOLVED.includes(part))) return;
    const aware = new Date(Math.min(at.getTime(), Math.max(row.found_at.getTime(), Date.parse(stated.awareAt ?? at.toISOString()))));
    await tx.query('update waybill.breach_party set aware_at = $3, due_at = $4 where breach = $1 and agency = $2', [row.id, asker.agency, aware, regulatorDueAt(aware, rules)]);
    await openDuty(tx, clockOf(row.id, asker.agency, own.parts, aware, rules));
  }
}

/** How a case stands, from its rows. */
function standingOf(row: BreachRow, parties: readonly PartyRow[], statements: readonly { id: string; kind: string; agency: string; octets: Buffer }[], own: PartyRow | undefined): CaseStanding {
  return {
    state: row.state, exercise: row.exercise, nearMiss: row.near_miss, harm: row.harm !== 'no', dueAt: own?.due_at?.toISOString(),
    parts: Object.fromEntries(parties.map(({ agency, parts }) => [agency, parts])),
    stated: statements.flatMap(({ id, kind, agency, octets }) => {
      if (!isBreachStatementKind(kind)) return [];
      const { outcome, answers, of, transfer, reasons } = JSON.parse(octets.toString()) as BreachStated;
      return [{ id, kind, agency, outcome, answers, of, transfer, reasons }];
    }),
  };
}

function entryOf(breach: string, stated: BreachStated, signed: { statement: string; signer: string }): EntryFields<'breach-stated'> {
  const { format: _format, id: _id, breach: _breach, gateway: _gateway, at: _at, by, kind, child, scope, ...said } = stated;
  const { severity, likelihood } = said;
  return {
    breach, ...signed, by: by.agency, contact: by.contact, what: kind, ...said, ...(scope && { type: scope.type, happenedAt: scope.happenedAt, foundAt: scope.foundAt, foundBy: scope.foundBy, where: scope.where, shares: scope.shares }),
    ...(child && { responsibility: child.responsibility, isTheRisk: child.isTheRisk }),
    ...(severity !== undefined && likelihood !== undefined && { grade: gradeOf({ severity, likelihood }) }),
  };
}
