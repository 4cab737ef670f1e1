import type { Directory } from '#directory/directory';
import type { Clock } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { insertRows } from '#platform/rows';
import { Refusal, type RefusalReason } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import type { Kept, KeptDecision } from '#policy/kept';
import { unmetOf } from '#policy/not-sharing';
import type { Reason, RequestPut } from '#policy/decision';
import { sha256 } from '#protocol/digest';
import { readJson } from '#protocol/json';
import { LIMITS } from '#protocol/limits';
import { NotShared } from '#protocol/not-shared';
import type { DecisionsTold, NotSharedPage, NotSharedReceipt } from '#protocol/own-answers';
import type { Register } from '#register/register';
import { verifySender } from './admission';
import { answerAs } from './answering';
import { newAnswer, requestPut } from './requests';
import { emergencyTold, toldOf } from './answer';
import { decisionRows } from './commit';
import { countOne } from './counting';
import { logOf, promised, type Seal } from './drawing';
import { against, notShared, refusalOf, requireMet } from './entries';
import type { Exchange } from './exchange';
import { OwnRecords } from './own-records';
import { accompanied, sealedToOwn } from './own-words';
import { readPlan } from './proposal';
import { fromAndFor, madeLately, type SignedPlaces } from './signed-for-us';
import { soundAs } from './sound';

/** A decision not to share as it was sent: its exact octets, the detached signature over them, and what comes with it. */
export interface NotSharedSent {
  decision: Buffer;
  signature: Buffer;
  /** One OpenPGP message. */
  words?: Buffer;
  /** The share as it would have been, as a plan asks. */
  proposal?: Buffer;
  idempotencyKey?: string;
}

export interface DecisionRooms extends Seal {
  database: Database;
  directory: Directory;
  register: Register;
  agreements: ReadonlyMap<string, Agreement>;
  clock: Clock;
  exchange: Exchange;
}

/** What the agreement says of the proposal that came with a decision, and what of that is kept. */
interface Proposed {
  outcome: 'permitted' | 'refused';
  unmet: readonly Reason[];
  kept: Kept;
  /** Whom to ring, where the share would have been an emergency. */
  emergency: ReturnType<typeof emergencyTold>;
}

/** Decisions not to share (DS-02), and what every decision was made on. All of it is its agency's own: nobody else is sent or shown any. */
export class Decisions {
  private readonly records: OwnRecords<NotSharedReceipt>;

  constructor(private readonly rooms: DecisionRooms) {
    this.records = new OwnRecords(rooms.database, 'not_shared', 'DECISION_ID_REUSED');
  }

  /**
   * Records a decision not to share in the agency's own register, and in no other. The same again is answered with its receipt.
   * @throws Refusal with every reason; nothing is kept of what was refused
   */
  record(asker: Asker, sent: NotSharedSent): Promise<NotSharedReceipt> {
    return this.records.once(asker, { octets: sent.decision, idempotencyKey: sent.idempotencyKey }, (digest) => this.recorded(asker, sent, digest));
  }

  /** The asker's own decisions not to share. `after` is the `next` of the page before. */
  list(asker: Asker, page: { after?: string; limit: number }): Promise<NotSharedPage> {
    return this.records.page(asker, page, ({ id, octets, receipt: { recordedAt } }) => {
      const { agreement, parties, reasons } = JSON.parse(octets.toString()) as NotShared;
      return { decision: id, recordedAt, agreement, parties, reasons };
    });
  }

  /** What is kept of the decisions under this id, the newest of them, with whatever they name. @throws Refusal NOT_FOUND for what is not the asker's own */
  told(asker: Asker, id: string): Promise<DecisionsTold> {
    return this.rooms.database.as(asker, async (tx) => {
      const rows: { entry: string; digest: string; octets: Buffer }[] = await tx.query('select entry, digest, octets from waybill.decision where agency = $1 and id = $2 order by entry desc limit $3', [asker.agency, id, LIMITS.pageSize.value]);
      const own = await this.records.found(tx, asker, id);
      if (rows.length === 0 && !own) throw new Refusal({ code: 'NOT_FOUND' });
      return {
        id,
        decisions: rows.reverse().map(({ entry, digest, octets }) => ({ entry, digest, record: octets.toString('base64') })),
        documents: await documentsOf(tx, rows.map(({ octets }) => octets)),
        ...(own ? { notShared: { statement: own.octets.toString('base64'), signature: own.signature.toString('base64'), words: own.words, receipt: JSON.parse(own.receipt) as NotSharedReceipt } } : {}),
      };
    });
  }

  /** The words of a decision not to share, as they were sealed. @throws Refusal NOT_FOUND */
  words(asker: Asker, id: string): Promise<Buffer> {
    return this.records.words(asker, id);
  }

  private async recorded(asker: Asker, sent: NotSharedSent, digest: string): Promise<NotSharedReceipt> {
    const { database, directory, register, clock, gateway } = this.rooms;
    const at = clock.now();
    const stated = readNotShared(sent, { agency: asker.agency, gateway, now: at });
    const agreement = this.rooms.agreements.get(stated.agreement.id);
    if (!agreement) throw new Refusal({ code: 'NO_COMMON_AGREEMENT', says: 'The agreement cited is not in force at this gateway.', next: 'Cite the agreement under which it was decided.', pointer: '/agreement/id' });
    const signer = await database.as(asker, async (tx) => verifySender(await directory.signers(tx, asker.agency, at), sent.decision, sent.signature, at));
    const proposed = sent.proposal && (await this.proposed(asker, sent.proposal, stated));
    const request = await database.as(asker, (tx) => requestPut(tx, asker, { threads: { request: stated.request }, agreement: stated.agreement }));
    const facts = await database.transaction((tx) => directory.factsOf(tx, [asker.agency, ...stated.parties]));
    const inDirectory = { agencies: new Set(facts.keys()), contacts: new Set(facts.get(asker.agency)?.contacts.map(({ id }) => id)) };
    requireMet(unmetOf({ agreement, stated, known: inDirectory, proposed: proposed?.outcome, request, at: at.toISOString() }));
    const words = sent.words && (await sealedToOwn(this.rooms, asker, sent.words, stated.words, at));
    const fields = notShared(stated, { digest, signer: signer.fingerprint, agreement, unmet: (proposed?.unmet ?? []).map(refusalOf), decidedOn: proposed?.kept.digest });
    const record = { id: stated.id, digest, octets: sent.decision, signature: sent.signature, signer, words, at };
    return database.as(asker, async (tx) => {
      await this.records.requireFreshId(tx, asker, record);
      const [entry] = await register.record(tx, [{ kind: 'not-shared', controller: asker.controller, at, fields }]);
      if (!entry) throw new Error('an entry that was not made');
      const receipt: NotSharedReceipt = {
        format: 'waybill-not-shared-receipt/1', decision: stated.id, digest, recordedAt: at.toISOString(), agreement: { id: agreement.id, version: agreement.version }, unmet: (proposed?.unmet ?? []).map(toldOf), ...proposed?.emergency,
        register: { log: logOf(gateway, asker.controller), entry: entry.id, leaf: entry.leaf.toString('hex'), promise: promised(this.rooms, entry, at) },
      };
      await this.records.keep(tx, asker, record, receipt, sent.idempotencyKey);
      if (proposed) await insertRows(tx, [decisionRows([{ agency: asker.agency, id: stated.id, entry: entry.id, kept: proposed.kept }])]);
      await countOne(tx, { agreement: agreement.id, measure: 'not-shared', codes: stated.reasons, at });
      if (request) await this.answers(tx, asker, stated, { request, agreement, digest, signer: signer.fingerprint, at });
      return receipt;
    });
  }

  /** A decision not to share that answers a request: both sides have on record what it answers; why stays with whoever decided. */
  private async answers(tx: Tx, asker: Asker, stated: NotShared, { request, agreement, digest, signer, at }: { request: RequestPut; agreement: Agreement; digest: string; signer: string; at: Date }): Promise<void> {
    const notHeld = stated.reasons.every((reason) => reason === 'not-held');
    const answers = new Map((stated.categories ?? request.categories).filter((category) => request.categories.includes(category)).map((category) => [category, notHeld ? 'not-held' : 'refused'] as const));
    const id = stated.request ?? '';
    const [row]: { share: string; requester_controller: string }[] = await tx.query('select share, requester_controller from waybill.request where id = $1', [id]);
    if (!row || answers.size === 0) return;
    await answerAs(tx, [newAnswer(agreement, request, { request: id, holder: asker.agency, source: stated.id, answers, at })]);
    const fields = { share: row.share, request: id, statement: digest, signer: signer.toLowerCase(), by: asker.agency, answers: [...answers].map(([category, answer]) => ({ category, answer })) };
    await this.rooms.register.record(tx, [asker.controller, row.requester_controller].map((controller) => ({ kind: 'request-answered', controller, at, fields })));
  }

  /** Decides the share as it would have been. @throws Refusal */
  private async proposed(asker: Asker, octets: Buffer, stated: NotShared): Promise<Proposed> {
    const json = readJson(octets);
    if (!json.ok) throw new Refusal({ code: 'PLAN_INVALID', pointer: json.pointer, says: `The proposal is not JSON as the wire allows it: ${json.problem}.` });
    const proposal = readPlan(json.value);
    if (proposal.manifest.agreement.id !== stated.agreement.id) throw new Refusal({ code: 'DECISION_INVALID', pointer: '/agreement/id', says: 'the proposal cites another agreement' });
    const { facts, ...decided } = await this.rooms.exchange.plan(asker, proposal);
    const { decision, frontDoors } = decided;
    return { outcome: decision.outcome, emergency: emergencyTold(proposal.manifest.urgency, frontDoors), unmet: against(decision), kept: await this.rooms.exchange.kept(facts, decided) };
  }
}

const PLACES: SignedPlaces = { agency: '/by/agency', gateway: '/gateway', created: '/at' };

/** Reads a decision not to share and holds it to what came with it. Pure. @throws Refusal */
function readNotShared(sent: NotSharedSent, expected: { agency: string; gateway: string; now: Date }): NotShared {
  const stated = soundAs(NotShared, readJson(sent.decision), 'DECISION_INVALID');
  const signed = { agency: stated.by.agency, gateway: stated.gateway, created: stated.at };
  const reasons: RefusalReason[] = [
    ...fromAndFor(signed, PLACES, expected),
    ...madeLately(signed, PLACES, expected.now),
    ...accompanied('words', stated.words !== undefined, sent.words !== undefined),
    ...accompanied('proposal', stated.proposal !== undefined, sent.proposal !== undefined),
    ...(sent.proposal && stated.proposal !== sha256(sent.proposal) ? [{ code: 'DECISION_INVALID', pointer: '/proposal', says: 'must be the SHA-256 of the proposal that comes with it' }] : []),
  ];
  if (reasons.length > 0) throw new Refusal(reasons);
  return stated;
}

/** What these records name by its digest. One that can no longer be read names nothing: whoever asked for it sees by its digest that it was altered. */
async function documentsOf(tx: Tx, records: readonly Buffer[]): Promise<DecisionsTold['documents']> {
  const named = [...new Set(records.flatMap((record) => {
    const reading = readJson(record);
    const { agreement, others = [], parties = [] } = (reading.ok ? reading.value : {}) as Partial<KeptDecision>;
    return [agreement?.digest ?? '', ...others, ...parties];
  }))];
  const rows: { digest: string; octets: Buffer }[] = await tx.query(
    'select digest, octets from waybill.agreement_document where digest = any($1) union all select digest, octets from waybill.party_document where digest = any($1)', [named]);
  return rows.map(({ digest, octets }) => ({ digest, octets: octets.toString('base64') }));
}
