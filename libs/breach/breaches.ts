import { keptTold } from '#exchange/signed-statement';
import type { Clock } from '#platform/clock';
import { HOUR } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import type { Agreement } from '#policy/agreement';
import { breachRules, type BreachRules, gradeOf } from '#policy/breach-relay';
import type { BreachFacts, BreachStated } from '#protocol/breach';
import type { BreachItem, BreachPage, BreachPartyTold, BreachRuleTold, BreachTold, NoticeMailTold, NoticeTold, PhaseTold, SuspensionTold } from '#protocol/breach-answers';
import { WAVES } from './telling';
import { membersOf, type Members, telephoneOf } from './members';
import { type BreachRow, foundBreach, type NoticeMailRow, type NoticeRow, partiesIn, type PartyRow, type StatementRow, statementsIn } from './rows';

export interface SuspensionRow {
  id: string;
  breach: string;
  agreement: string;
  by: string;
  scope: 'whole-agreement' | 'own-participation';
  began_at: Date;
  ends_at: Date;
  meet_by: Date | null;
  ended_at: Date | null;
  ended_because: string | null;
  in_writing: string;
  evidence: string;
  without_writing: string[];
}

/** Cases as those who have a part in them see them. */
export class Breaches {
  constructor(private readonly rooms: { database: Database; clock: Clock; agreements: ReadonlyMap<string, Agreement> }) {}

  /** One page of the asker's cases, the newest first. `after` is the `next` of the page before. */
  list(asker: Asker, { open = false, after, limit }: { open?: boolean; after?: string; limit: number }): Promise<BreachPage> {
    const now = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const rows: (BreachRow & { due_at: Date | null })[] = await tx.query(
        `select b.*, case when p.reported_at is null then p.due_at end as due_at from waybill.breach b join waybill.breach_party p on p.breach = b.id and p.agency = $1
         where (not $2 or b.closed_at is null) and ($3::uuid is null or b.id < $3) order by b.id desc limit $4`,
        [asker.agency, open, after ?? null, limit + 1]);
      return pageOf(rows, limit, (row) => itemOf(row, row.due_at, now), ({ id }) => id);
    });
  }

  /** One case. @throws Refusal NOT_FOUND for whoever has no part in it */
  told(asker: Asker, id: string): Promise<BreachTold> {
    const now = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const row = await foundBreach(tx, id);
      const parties = await partiesIn(tx, id);
      const statements = await statementsIn(tx, id);
      const notices: NoticeRow[] = await tx.query('select * from waybill.breach_notice where breach = $1 order by told_at, id', [id]);
      const mails: NoticeMailRow[] = await tx.query('select * from waybill.notice_mail where breach = $1 order by told_at, step', [id]);
      const shares: { share: string }[] = await tx.query('select distinct share from waybill.breach_share where breach = $1 order by share', [id]);
      const members = await membersOf(tx, undefined, row.parties, now);
      const agreement = this.rooms.agreements.get(row.agreement);
      const own = parties.find(({ agency }) => agency === asker.agency);
      const grade = gradeIn(statements);
      return {
        ...itemOf(row, own?.reported_at ? null : (own?.due_at ?? null), now),
        under: { id: row.agreement, version: row.agreement_version },
        ...(row.happened_at && { happenedAt: row.happened_at.toISOString() }), foundAt: row.found_at.toISOString(), ...(row.held_since && { heldSince: row.held_since.toISOString() }), ...(grade && { grade }),
        shares: shares.map(({ share }) => share),
        parties: parties.map((party) => partyTold(party, now)),
        notices: notices.map((notice) => noticeTold(notice, members, mails)),
        rules: agreement ? rulesTold(breachRules(agreement)) : [],
        statements: statements.map((each) => ({ id: each.id, kind: each.kind, agency: each.agency, ...keptTold(each) })),
        suspensions: await suspensionsIn(tx, id), phases: await phasesIn(tx, id),
        ...(row.harm !== 'no' && !row.exercise && { ring: 'If someone is in immediate danger ring 999. Then ring those who are told under `safety`. Do not wait for any of this to be read.' }),
      };
    });
  }
}

async function phasesIn(tx: Tx, breach: string): Promise<PhaseTold[]> {
  const rows: { at: Date; facts: string; asks: string }[] = await tx.query('select * from waybill.breach_phase where breach = $1 order by at', [breach]);
  return rows.map(({ at, facts, asks }) => ({ at: at.toISOString(), facts: JSON.parse(facts) as BreachFacts, asks }));
}

async function suspensionsIn(tx: Tx, breach: string): Promise<SuspensionTold[]> {
  const rows: SuspensionRow[] = await tx.query('select * from waybill.suspension where breach = $1 order by began_at', [breach]);
  return rows.map((row) => ({
    suspension: row.id, by: row.by, scope: row.scope, beganAt: row.began_at.toISOString(), endsAt: row.ends_at.toISOString(), ...(row.meet_by && { meetBy: row.meet_by.toISOString() }),
    ...(row.ended_at && { endedAt: row.ended_at.toISOString(), endedBecause: row.ended_because ?? 'time' }), inWriting: row.in_writing, evidence: row.evidence, withoutWriting: row.without_writing,
  }));
}

const hoursLeft = (due: Date | null, now: Date): { dueAt?: string; hoursLeft?: number } => (due ? { dueAt: due.toISOString(), hoursLeft: Math.max(0, Math.floor((due.getTime() - now.getTime()) / HOUR)) } : {});

const itemOf = (row: BreachRow, due: Date | null, now: Date): BreachItem => ({
  breach: row.id, agreement: row.agreement, ...(row.reporter !== null && { reporter: row.reporter }), type: row.type, harm: row.harm, nearMiss: row.near_miss, exercise: row.exercise, state: row.state, openedAt: row.opened_at.toISOString(),
  ...hoursLeft(row.closed_at ? null : due, now), ...(row.closed_at && { closedAt: row.closed_at.toISOString() }),
});

const partyTold = ({ agency, parts, aware_at: aware, due_at: due, reported_at: reported }: PartyRow, now: Date): BreachPartyTold => ({
  agency, parts, ...(aware && { awareAt: aware.toISOString() }), ...hoursLeft(due, now), ...(reported && { reportedAt: reported.toISOString() }),
});

function noticeTold({ agency, contact, wave, told_at: told, read_at: read }: NoticeRow, members: Members, all: readonly NoticeMailRow[]): NoticeTold {
  const telephone = telephoneOf(members.get(agency), contact ?? undefined);
  const mails = all.filter((mail) => mail.agency === agency && mail.kind === WAVES[wave].kind && mail.told_at.getTime() === told.getTime()).map(mailTold);
  return { agency, ...(contact !== null && { contact }), wave, toldAt: told.toISOString(), ...(read && { readAt: read.toISOString() }), ...(telephone && { telephone }), ...(mails.length > 0 && { mails }) };
}

const mailTold = ({ contact, last, ended, ended_at: at }: NoticeMailRow): NoticeMailTold => ({ contact, state: ended ?? 'waits', ...(last !== null && ended !== 'sent' && { because: last }), ...(at && { at: at.toISOString() }) });

export const rulesTold = (rules: BreachRules): BreachRuleTold[] => Object.entries(rules).map(([rule, { value, standing }]) => ({ rule: codeOf(rule), value: [value].flat().join(', '), standsOn: standing.on, ground: standing.says }));

const codeOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The grade that was fixed last. */
function gradeIn(statements: readonly StatementRow[]): string | undefined {
  const fixed = statements.filter(({ kind }) => kind === 'grade-fixed').at(-1);
  const { severity = 1, likelihood = 1 } = fixed ? (JSON.parse(fixed.octets.toString()) as BreachStated) : {};
  return fixed && gradeOf({ severity, likelihood });
}
