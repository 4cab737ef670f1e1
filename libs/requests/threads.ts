import { coordinating } from '#directory/co-ordinating';
import { closeDuties, dutyRows, type NewDuty, OF_REQUEST, openDuty } from '#duties/duties';
import { agenciesOf } from '#exchange/answering';
import { afterCollision } from '#exchange/collision';
import { requireMet } from '#exchange/entries';
import { isKept, keepStated, namedIn, readStated, signatureOf, type StatementSent } from '#exchange/signed-statement';
import { HOUR } from '#platform/clock';
import { actingAs, type Asker, type Tx } from '#platform/database';
import { insertRows } from '#platform/rows';
import { type Agreement, servedAgreement } from '#policy/agreement';
import { bodiesOf } from '#policy/bodies';
import { decided, escalationOf, type View } from '#policy/escalating';
import { type Party, statingUnmet } from '#policy/stating';
import { type SignalCode, triageOf } from '#policy/triage';
import { RequestStated, type RequestStatementKind } from '#protocol/request-statement';
import type { EntryFields, EntryKind } from '#register/entry-kinds';
import type { NewEntry } from '#register/register';
import { found, type RequestRooms, type RequestRow } from './requests';

export interface ThreadRooms extends RequestRooms {
  /** Our origin. */
  gateway: string;
}

interface Said {
  asker: Asker;
  stated: RequestStated;
  request: RequestRow;
  agreement: Agreement;
  /** What stands in every entry about it. */
  common: { share: string; request: string; statement: string; signer: string };
  at: Date;
}

/** What parties state about information requests, signed: kept octet for octet, shown to all who may see the request, recorded by both sides. */
export class Threads {
  constructor(private readonly rooms: ThreadRooms) {}

  /** Takes a statement. The very same again changes nothing. @throws Refusal NOT_FOUND, STATEMENT_INVALID, a gate code of the signature, and every code of `STATING` */
  state(asker: Asker, id: string, sent: StatementSent): Promise<{ state: string }> {
    const at = this.rooms.clock.now();
    return afterCollision(() => this.rooms.database.as(asker, async (tx) => {
      const request = await found(tx, id, 'for update');
      const stated = readStated(RequestStated, sent, { agency: asker.agency, gateway: this.rooms.gateway, now: at, invalid: 'STATEMENT_INVALID', about: { request: id } });
      const signed = await signatureOf(tx, this.rooms.directory, asker, sent, at);
      if (await isKept(tx, 'request_statement', stated.id, sent)) return { state: request.state };
      const agreement = servedAgreement(this.rooms.agreements, request.agreement);
      requireMet(statingUnmet({ agreement, stated, parts: partsOf(asker, request), request: await standing(tx, request), at: at.toISOString() }));
      await keepStated(tx, 'request_statement', id, asker, stated, signed, at);
      const common = { share: request.share, request: id, ...namedIn(signed) };
      await this[STEPS[stated.kind]](tx, { asker, stated, request, agreement, common, at });
      return { state: (await found(tx, id)).state };
    }), 'STATEMENT_DIFFERS');
  }

  private async scrutinise(tx: Tx, { stated: { outcome = '', reason, by, role }, request, common, at }: Said): Promise<void> {
    await this.record(tx, request, at, 'request-scrutinised', { ...common, outcome, by: by.agency, contact: by.contact, role, reason });
    if (outcome !== 'sent-back') return;
    await tx.query(`update waybill.request set state = 'sent-back', closed_at = $2 where id = $1`, [request.id, at]);
    await closeDuties(tx, { request: request.id }, { because: 'sent-back', at }, OF_REQUEST);
    await openDuty(tx, { kind: 'share-otherwise', about: { transfer: request.id }, owner: request.requester, other: request.holder, lane: request.lane, at });
  }

  private async triage(tx: Tx, { stated: { level = 'amber', signals = [], reason, ...stated }, request, common, at }: Said): Promise<void> {
    await this.record(tx, request, at, 'request-triaged', { ...common, ...stater(stated), level, signals, byTable: triageOf(signals as SignalCode[]).level, reason });
    await tx.query('update waybill.request set triage = $2 where id = $1', [request.id, level]);
  }

  private async discuss(tx: Tx, { stated, request, common, at }: Said): Promise<void> {
    await this.record(tx, request, at, 'request-discussed', { ...common, ...stater(stated), on: stated.on ?? '' });
    await closeDuties(tx, { request: request.id }, { because: 'discussed', at }, ['discuss-refusal']);
  }

  private async review(tx: Tx, { asker, stated, request, common, at }: Said): Promise<void> {
    await this.record(tx, request, at, 'request-reviewed', { ...common, ...stater(stated), outcome: stated.outcome ?? '' }, [asker.controller]);
    await closeDuties(tx, { request: request.id, owner: asker.agency }, { because: 'reviewed', at }, ['review-refusal']);
  }

  /** At pace: those who decide have it in the same instant, with the clock that they are held to. */
  private async escalate(tx: Tx, { stated, request, agreement, common, at }: Said): Promise<void> {
    const { reason = '', necessaryForSafety, by } = stated;
    const stage = stated.stage;
    const fields = { ...common, by: by.agency, reason, necessaryForSafety, stage };
    const escalation = escalationOf(agreement, { stage, purpose: request.purpose });
    if (escalation.to !== 'deciders') return this.record(tx, request, at, 'request-escalated', { ...fields, between: escalation.to === 'stage' ? escalation.between : undefined });
    const deciders = await agenciesOf(tx, request.id, bodiesOf(agreement, escalation.codes));
    const dueAt = new Date(at.getTime() + escalation.hours * HOUR);
    await tx.query('update waybill.request set deciders = $2 where id = $1', [request.id, deciders]);
    const decide = deciders.map((owner): NewDuty => ({ kind: 'decide-escalation', about: { request: request.id }, owner, other: request.requester, lane: necessaryForSafety ? 'emergency' : request.lane, at, dueAt }));
    if (decide.length > 0) await insertRows(tx, [dutyRows(decide)]);
    await this.record(tx, request, at, 'request-escalated', { ...fields, deciders, rule: escalation.rule, dueAt: dueAt.toISOString() }, await controllersOf(tx, deciders));
  }

  private async view(tx: Tx, said: Said): Promise<void> {
    const { stated, request, common, at } = said;
    const of = stated.telephone?.of.agency ?? stated.by.agency;
    const all = await controllersOf(tx, request.deciders);
    await this.record(tx, request, at, 'request-viewed', { ...common, ...stater(stated), outcome: stated.outcome ?? '', of, interested: of === request.holder || undefined, telephone: stated.telephone && true }, all);
    await actingAs(tx, of, () => closeDuties(tx, { request: request.id, owner: of }, { because: 'viewed', at }, ['decide-escalation']), { instead: stated.by.agency });
    await this.decide(tx, said, all);
  }

  private async decide(tx: Tx, { asker, request, agreement, at }: Said, controllers: readonly string[]): Promise<void> {
    const escalated = await lastOf(tx, request.id, 'escalated');
    const escalation = escalationOf(agreement, { stage: escalated?.stage, purpose: request.purpose });
    if (escalation.to !== 'deciders') return;
    const views = await viewsOf(tx, request.id, escalated?.id ?? '');
    const outcome = decided(escalation.rule, request.deciders.length, [...views.values()]);
    if (!outcome) return;
    const shares = [...views.values()].filter((view) => view === 'share').length;
    await this.record(tx, request, at, 'request-decided', { share: request.share, request: request.id, outcome, rule: escalation.rule, shares, against: views.size - shares, deciders: request.deciders.length }, controllers);
    // Row security shows each decider its own duty; whoever escalated sees them all.
    await actingAs(tx, request.requester, () => closeDuties(tx, { request: request.id }, { because: outcome, at }, ['decide-escalation']), { instead: asker.agency });
    // It goes back to whoever was asked as a request that is decided.
    if (outcome !== 'share') return;
    const dueAt = new Date(at.getTime() + escalation.hours * HOUR);
    await tx.query(`update waybill.request set state = 'asked', closed_at = null, due_at = $2 where id = $1`, [request.id, dueAt]);
    await openDuty(tx, { kind: 'answer-request', about: { request: request.id }, owner: request.holder, contact: request.contact, other: request.requester, lane: request.lane, at, dueAt });
  }

  /** Whoever co-ordinates the agreement learns who disagrees and since when, and nothing of what about: the request is not its to see. */
  private async dispute(tx: Tx, { stated, request, common, at }: Said): Promise<void> {
    await this.record(tx, request, at, 'request-disputed', { ...common, ...stater(stated) });
    const settle = [request.requester, request.holder].map((owner, i, both): NewDuty => ({ kind: 'settle-dispute', about: { request: request.id }, owner, other: both[1 - i], lane: request.lane, at }));
    const watch = (await coordinating(tx, request.agreement, at)).map((owner): NewDuty => ({ kind: 'watch-dispute', about: { request: request.id }, what: request.holder, owner, other: request.requester, lane: request.lane, at }));
    await insertRows(tx, [dutyRows([...settle, ...watch])]);
  }

  private async settle(tx: Tx, { asker, stated, request, common, at }: Said): Promise<void> {
    await this.record(tx, request, at, 'request-settled', { ...common, ...stater(stated), outcome: stated.outcome ?? '' });
    // Row security shows whoever was asked nothing of the co-ordinator's; whoever asked sees all of them.
    await actingAs(tx, request.requester, () => closeDuties(tx, { request: request.id }, { because: 'settled', at }, ['settle-dispute', 'watch-dispute']), { instead: asker.agency });
  }

  /** In both sides' registers, and in those of whoever else has a part in it. */
  private async record<K extends EntryKind>(tx: Tx, request: RequestRow, at: Date, kind: K, fields: EntryFields<K>, others: readonly string[] = []): Promise<void> {
    const controllers = new Set([request.holder_controller, request.requester_controller, ...others]);
    await this.rooms.register.record(tx, [...controllers].map((controller) => ({ kind, controller, at, fields }) as NewEntry));
  }
}

const STEPS = {
  scrutinised: 'scrutinise', triaged: 'triage', discussed: 'discuss', reviewed: 'review', escalated: 'escalate', viewed: 'view', disputed: 'dispute', settled: 'settle',
} as const satisfies Record<RequestStatementKind, string>;

const stater = ({ by, role }: Pick<RequestStated, 'by' | 'role'>) => ({ by: by.agency, contact: by.contact, role });

function partsOf({ agency }: Asker, { requester, holder, reviewers, deciders }: RequestRow): Set<Party> {
  const parts: [Party, boolean][] = [['requester', requester === agency], ['holder', holder === agency], ['reviewer', reviewers.includes(agency)], ['decider', deciders.includes(agency)]];
  return new Set(parts.filter(([, is]) => is).map(([party]) => party));
}

async function standing(tx: Tx, { id, state, purpose, due_at, unanswered_at, deciders }: RequestRow) {
  const refused: unknown[] = await tx.query(`select from waybill.request_answer where request = $1 and answer = 'refused' limit 1`, [id]);
  return { state, purpose, deciders, refused: refused.length > 0, unanswered: unanswered_at !== null && due_at !== null, stage: (await lastOf(tx, id, 'escalated'))?.stage };
}

/** The last statement of a kind. */
async function lastOf(tx: Tx, request: string, kind: RequestStatementKind): Promise<RequestStated | undefined> {
  const [row]: { octets: Buffer }[] = await tx.query('select octets from waybill.request_statement where request = $1 and kind = $2 order by at desc, id desc limit 1', [request, kind]);
  return row && (JSON.parse(row.octets.toString()) as RequestStated);
}

/** Each decider's latest view since the escalation. */
async function viewsOf(tx: Tx, request: string, since: string): Promise<Map<string, View>> {
  const rows: { octets: Buffer }[] = await tx.query(
    `select octets from waybill.request_statement where request = $1 and kind = 'viewed' and at >= (select at from waybill.request_statement where id = $2) order by at, id`, [request, since]);
  const stated = rows.map(({ octets }) => JSON.parse(octets.toString()) as RequestStated);
  return new Map(stated.map(({ telephone, by, outcome }) => [telephone?.of.agency ?? by.agency, outcome as View]));
}

async function controllersOf(tx: Tx, agencies: readonly string[]): Promise<string[]> {
  const rows: { controller: string }[] = await tx.query('select controller from waybill.agency where id = any($1)', [agencies]);
  return rows.map(({ controller }) => controller);
}
