import { closeDuties, openDuty } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import { afterCollision } from '#exchange/collision';
import { requireMet } from '#exchange/entries';
import { isKept, keepStated, keptTold, namedIn, readStated, signatureOf, type StatementSent, type StatingRooms } from '#exchange/signed-statement';
import { DAY } from '#platform/clock';
import { actingAs, type Asker, type Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { type Agreement, term } from '#policy/agreement';
import { agreementStatingUnmet } from '#policy/agreement-stating';
import { REVIEW_STATES, reviewStanding } from '#policy/reviewing';
import { approversOf, reviewersOf, speakersOf, type Voice } from '#policy/speaking';
import { AgreementStated, type AgreementStatementKind } from '#protocol/agreement';
import type { AgreementItem, AgreementList, AgreementReport, AgreementTold, AmendmentTold, ReviewTold } from '#protocol/agreement-answers';
import { figuresOf, type Months } from './figures';
import { approvalsOf, onRecord, type StatementRow, statementsOf, type VersionRow, versionsOf, voicesOf, waitingAmong } from './standing';

/** Within so many days what is found to be overdue is done: it has lain for years, and does not press within days. */
export const LATE_REVIEW_DAYS = 30;

/** What is on record of one agreement, all of it. */
interface Found {
  agreement: Agreement;
  voices: Voice[];
  versions: VersionRow[];
  statements: StatementRow[];
  at: Date;
}

/** The life of the agreements of which the asker is a party: versions and approvals, reviews, and what they come to in numbers. */
export class Lifecycle {
  constructor(private readonly rooms: StatingRooms) {}

  /** Those of which the asker is a party today. */
  list(asker: Asker): Promise<AgreementList> {
    return this.rooms.database.as(asker, async (tx) => ({ items: await agreementsOf(tx, asker, this.rooms.agreements, this.rooms.clock.now()) }));
  }

  /** One of them, with its versions and all that was stated of it. @throws Refusal NOT_FOUND for whoever is no party of it */
  told(asker: Asker, id: string): Promise<AgreementTold> {
    return this.rooms.database.as(asker, async (tx) => toldOf(await this.ofParty(tx, asker, id)));
  }

  /** What it comes to in counts, over all of its parties together (RV-07, RV-09). @throws Refusal NOT_FOUND */
  report(asker: Asker, id: string, months: Partial<Months>): Promise<AgreementReport> {
    return this.rooms.database.as(asker, async (tx) => reportOf(tx, await this.ofParty(tx, asker, id), months));
  }

  /**
   * What a party states of an agreement, signed and recorded; what is due of it opens or closes with it. The very same again changes nothing.
   * @throws Refusal NOT_FOUND, AGREEMENT_STATEMENT_INVALID, STATEMENT_DIFFERS, a gate code of the signature, and every code of `AGREEMENT_STATING`
   */
  state(asker: Asker, id: string, sent: StatementSent): Promise<AgreementTold> {
    const { database, directory, register, clock, gateway } = this.rooms;
    const at = clock.now();
    return afterCollision(() => database.as(asker, async (tx) => {
      const found = await this.ofParty(tx, asker, id);
      const stated = readStated(AgreementStated, sent, { agency: asker.agency, gateway, now: at, invalid: 'AGREEMENT_STATEMENT_INVALID', about: { agreement: id } });
      const signed = await signatureOf(tx, directory, asker, sent, at);
      if (await isKept(tx, 'agreement_statement', stated.id, sent)) return toldOf(found);
      requireMet(agreementStatingUnmet({ agreement: found.agreement, stated, voices: found.voices, waiting: waitingAmong(found.versions), at: at.toISOString() }));
      await keepStated(tx, 'agreement_statement', id, asker, stated, signed, at);
      const { kind, by, role, on, outcome, version, digest } = stated;
      await register.record(tx, [{ kind: 'agreement-stated', controller: asker.controller, at, fields: { agreement: id, ...namedIn(signed), by: asker.agency, contact: by.contact, role, stated: kind, on, outcome, version, approves: digest } }]);
      await EFFECTS[kind](tx, asker, stated, await foundOf(tx, found.agreement, at));
      return toldOf(await foundOf(tx, found.agreement, at));
    }), 'STATEMENT_DIFFERS');
  }

  private ofParty(tx: Tx, asker: Asker, id: string): Promise<Found> {
    return agreementOf(tx, asker, this.rooms.agreements, id, this.rooms.clock.now());
  }
}

/** Those of which an agency is a party today, and how each stands to its review. */
export async function agreementsOf(tx: Tx, who: Pick<Asker, 'agency'>, agreements: ReadonlyMap<string, Agreement>, at: Date): Promise<AgreementItem[]> {
  const items: AgreementItem[] = [];
  for (const agreement of agreements.values()) if (await isParty(tx, who, agreement.id)) items.push(itemOf(await foundOf(tx, agreement, at)));
  return items;
}

/** All that is on record of one of them. @throws Refusal NOT_FOUND for whoever is no party of it */
export async function agreementOf(tx: Tx, who: Pick<Asker, 'agency'>, agreements: ReadonlyMap<string, Agreement>, id: string, at: Date): Promise<Found> {
  const agreement = agreements.get(id);
  if (!agreement || !(await isParty(tx, who, id))) throw new Refusal({ code: 'NOT_FOUND' });
  return foundOf(tx, agreement, at);
}

/** All that is on record of an agreement, as far as row security shows it. */
export const foundOf = async (tx: Tx, agreement: Agreement, at: Date): Promise<Found> => ({
  agreement, at, voices: await voicesOf(tx, agreement.id, at), versions: await versionsOf(tx, agreement.id), statements: await statementsOf(tx, agreement.id),
});

const isParty = async (tx: Tx, { agency }: Pick<Asker, 'agency'>, agreement: string): Promise<boolean> =>
  ((await tx.query(`select from waybill.membership where agency = $1 and agreement = $2 and status = 'active'`, [agency, agreement])) as unknown[]).length > 0;

const reviewersAmong = ({ agreement, voices }: Found): string[] => speakersOf(agreement, reviewersOf(agreement), voices);

/** Opens a duty about an agreement, where it is not open: as the agency that has it, whose row nobody else sees. */
export async function owe(tx: Tx, asker: Asker | undefined, duty: { kind: DutyKind; agreement: string; owner: string; at: Date; dueAt?: Date }): Promise<number> {
  const { kind, agreement, owner, at, dueAt } = duty;
  const opened = async (): Promise<number> => {
    const open: unknown[] = await tx.query('select from waybill.duty where agreement = $1 and owner = $2 and kind = $3 and closed_at is null', [agreement, owner, kind]);
    if (open.length > 0) return 0;
    await openDuty(tx, { kind, about: { agreement }, owner, other: owner, lane: 'routine', at, ...(dueAt && { dueAt }) });
    return 1;
  };
  return asker ? actingAs(tx, owner, opened, { instead: asker.agency }) : opened();
}

/** Closes what is due of these agencies. */
async function close(tx: Tx, asker: Asker, { agreement, at }: Found, owners: readonly string[], kind: DutyKind, because: string): Promise<void> {
  for (const owner of owners) await actingAs(tx, owner, () => closeDuties(tx, { agreement: agreement.id, owner }, { because, at }, [kind]), { instead: asker.agency });
}

const inDays = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY);

/** What follows from a statement besides being kept, shown and recorded. */
const EFFECTS: Record<AgreementStatementKind, (tx: Tx, asker: Asker, stated: AgreementStated, found: Found) => Promise<void>> = {
  dated: (tx, asker, _stated, found) => close(tx, asker, found, reviewersAmong(found), 'date-agreement', 'dated'),
  reviewed: async (tx, asker, { outcome }, found) => {
    await close(tx, asker, found, reviewersAmong(found), 'review-agreement', 'reviewed');
    if (outcome !== 'amend') return;
    for (const owner of speakersOf(found.agreement, 'partnership', found.voices)) await owe(tx, asker, { kind: 'amend-agreement', agreement: found.agreement.id, owner, at: found.at });
  },
  'law-changed': async (tx, asker, _stated, found) => {
    for (const owner of reviewersAmong(found)) await owe(tx, asker, { kind: 'review-agreement', agreement: found.agreement.id, owner, at: found.at, dueAt: inDays(found.at, LATE_REVIEW_DAYS) });
  },
  'needs-confirmed': (tx, asker, { outcome }, found) => close(tx, asker, found, [asker.agency], 'confirm-needs', outcome ?? ''),
  approved: async (tx, asker, { digest = '' }, found) => {
    await close(tx, asker, found, [asker.agency], 'approve-amendment', 'approved');
    if (awaitsOf(found, digest).length > 0) return;
    await tx.query('update waybill.agreement_amendment set approved_at = $3 where agreement = $1 and digest = $2 and approved_at is null', [found.agreement.id, digest, found.at]);
  },
};

/** Whose approval of a version is missing. */
function awaitsOf({ agreement, voices, statements }: Found, digest: string): string[] {
  const body = approversOf(agreement);
  const given = new Set(approvalsOf(statements, digest).map(({ agency }) => agency));
  return body ? speakersOf(agreement, body, voices).filter((agency) => !given.has(agency)) : [];
}

function reviewTold(found: Found): ReviewTold {
  const record = onRecord(found.statements);
  const { state, dueOn } = reviewStanding(found.agreement, record, found.at);
  const { clause, because } = found.agreement.terms['agreement.reviewCycle'] ?? {};
  return { state, says: REVIEW_STATES[state].says, ...(dueOn && { dueOn }), ...(record.reviewed && { lastOn: record.reviewed }), ...(clause && { clause }), ...(because && { because }), reviewers: reviewersAmong(found) };
}

function itemOf(found: Found): AgreementItem {
  const { agreement, versions } = found;
  return { agreement: agreement.id, version: agreement.version, digest: agreement.digest, title: term(agreement, 'agreement.title'), review: reviewTold(found), amendmentWaits: waitingAmong(versions).length > 0 };
}

function toldOf(found: Found): AgreementTold {
  const { agreement, versions, statements } = found;
  const versionTold = ({ version, digest, proposed_at, approved_at, in_force_at }: VersionRow): AmendmentTold => ({
    version, digest, proposedAt: proposed_at.toISOString(), approvals: approvalsOf(statements, digest).map(({ agency, at }) => ({ agency, at: at.toISOString() })),
    awaits: in_force_at || approved_at ? [] : awaitsOf(found, digest), ...(approved_at && { approvedAt: approved_at.toISOString() }), ...(in_force_at && { inForceAt: in_force_at.toISOString() }),
  });
  return {
    ...itemOf(found), monitoringBody: [...(term(agreement, 'agreement.monitoringBody') ?? [])], versions: versions.map(versionTold),
    statements: statements.map((row) => ({ kind: row.kind, agency: row.agency, ...keptTold(row) })),
  };
}

/** What an agreement comes to. Without months: since its last review, else the year that ends now. */
export async function reportOf(tx: Tx, found: Found, asked: Partial<Months>): Promise<AgreementReport> {
  const review = reviewTold(found);
  const until = asked.until ?? found.at.toISOString().slice(0, 7);
  const from = asked.from ?? review.lastOn?.slice(0, 7) ?? inDays(found.at, -365).toISOString().slice(0, 7);
  const { agreement } = found;
  return { agreement: agreement.id, version: agreement.version, from, until, at: found.at.toISOString(), review, monitoringBody: [...(term(agreement, 'agreement.monitoringBody') ?? [])], figures: await figuresOf(tx, agreement.id, { from, until }) };
}
