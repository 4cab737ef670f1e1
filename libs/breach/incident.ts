import { instants, texts, uuids } from '#platform/arrays';
import { type Clock, HOUR } from '#platform/clock';
import type { Database } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { insertRows } from '#platform/rows';
import type { Agreement } from '#policy/agreement';
import { breachRules } from '#policy/breach-relay';
import type { BreachFacts } from '#protocol/breach';
import type { Register } from '#register/register';
import { membersOf } from './members';
import { openCase } from './opening';
import { telling } from './telling';

/** As a processor the gateway tells each controller without undue delay (Article 33(2)). */
export const PROCESSOR_TARGET_MS = HOUR;
/** Whoever is told later asks why. */
export const PROCESSOR_ALARM_MS = 24 * HOUR;

export interface IncidentReported {
  type: string;
  happenedAt?: string;
  /** When the operator knew. */
  foundAt: string;
  facts: BreachFacts;
  /** Whom to ask: `agency/contact` of the directory. */
  asks: string;
  /** Agencies whose data are concerned; absent: everybody's. */
  agencies?: readonly string[];
}

export interface IncidentTold {
  incident: string;
  cases: { breach: string; agency: string; agreement: string }[];
  /** Milliseconds from when the operator knew until everybody was told. */
  after: number;
  late: 'in-time' | 'past-target' | 'past-alarm';
}

interface Case {
  id: string;
  agreement: string;
  type: string;
  found_at: Date;
  parties: string[];
}

/** A breach of the gateway itself: every controller under every agreement is told, each in a case of its own, and again with each phase. */
export class Incident {
  constructor(private readonly rooms: { database: Database; register: Register; clock: Clock; agreements: ReadonlyMap<string, Agreement> }) {}

  /** One transaction for each agreement: what is committed has been told. */
  async raise({ facts, asks, agencies, ...reported }: IncidentReported): Promise<IncidentTold> {
    const { database, register, clock, agreements } = this.rooms;
    const incident = uuid7(clock.now().getTime());
    const cases: IncidentTold['cases'] = [];
    for (const agreement of agreements.values()) {
      await database.transaction(async (tx) => {
        const at = clock.now();
        const members = await membersOf(tx, agreement.id, [], at);
        for (const [agency] of members) {
          if (agencies && !agencies.includes(agency)) continue;
          const breach = uuid7(at.getTime());
          await openCase(tx, register, {
            id: breach, incident, agreement, members: new Map([...members].filter(([each]) => each === agency)), at, reported: { harm: 'unknown', awareAt: reported.foundAt, foundBy: 'gateway', facts, ...reported },
            affected: { shares: [], owners: [agency], recipients: [] }, concerned: { reporter: undefined, occurred: agency, owners: [agency], recipients: [] },
          });
          await insertRows(tx, [phaseRow(breach, at, facts, asks)]);
          cases.push({ breach, agency, agreement: agreement.id });
        }
      });
    }
    const after = clock.now().getTime() - Date.parse(reported.foundAt);
    return { incident, cases, after, late: after > PROCESSOR_ALARM_MS ? 'past-alarm' : after > PROCESSOR_TARGET_MS ? 'past-target' : 'in-time' };
  }

  /** More is known: everybody hears of it. Gives how many were told. */
  async phase(incident: string, { facts, asks }: Pick<IncidentReported, 'facts' | 'asks'>): Promise<number> {
    const { database, register, clock, agreements } = this.rooms;
    return database.transaction(async (tx) => {
      const at = clock.now();
      const cases: Case[] = await tx.query('select * from waybill.breach where incident = $1 order by id', [incident]);
      for (const { id, agreement: of, type, parties: [agency = ''] } of cases) {
        const agreement = agreements.get(of);
        if (!agreement) continue;
        const members = await membersOf(tx, of, [agency], at);
        const told = telling({ id, agreement: of, type, exercise: false }, [{ agency, wave: 'phase' }], { members, rules: breachRules(agreement), other: undefined, others: [], at });
        await insertRows(tx, [phaseRow(id, at, facts, asks), ...told.rows]);
        await register.record(tx, told.entries);
      }
      return cases.length;
    });
  }
}

const phaseRow = (breach: string, at: Date, facts: BreachFacts, asks: string) => ({
  into: 'waybill.breach_phase', columns: { breach: uuids([breach]), at: instants([at]), facts: texts([JSON.stringify(facts)]), asks: texts([asks]) },
});
