import { closeDuties, openDuty } from '#duties/duties';
import { afterCollision } from '#exchange/collision';
import { logOf, promised, type Seal } from '#exchange/drawing';
import { requireMet } from '#exchange/entries';
import { type NewMatter, openMatters } from '#exchange/matters';
import { OwnRecords } from '#exchange/own-records';
import { sealedToOwn } from '#exchange/own-words';
import { isKept, keepStated, keptTold, namedIn, readStated, type Signature, signatureOf, type StatementWithWords, type StatingRooms } from '#exchange/signed-statement';
import type { Asker, Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import { type Agreement, servedAgreement, term } from '#policy/agreement';
import { consultationOf, extendingUnmet, isNamed, receivingRightsUnmet, RIGHTS_IN_LAW } from '#policy/rights';
import type { Right } from '#protocol/matter';
import type { RightsItem, RightsListed, RightsPage, RightsReceipt, RightsStands, RightsTold } from '#protocol/rights-answers';
import { RightsRequested, RightsStated } from '#protocol/rights-request';
import { type About, aboutOf } from './about';
import { close } from './closing';
import { dueByLaw } from './times';

export type RightsRooms = StatingRooms & Seal;

export interface RightsRow {
  id: string;
  octets: Buffer;
  signature: Buffer;
  words: boolean;
  receipt: string;
  right_used: Right;
  due_at: Date;
  closed_at: Date | null;
}

const COLUMNS = 'id, octets, signature, words is not null as words, receipt, right_used, due_at, closed_at';

/**
 * Rights requests, each in the register of the agency that received it. Whoever provided what it concerns is consulted as the agreement asks, and sees of
 * it which right is used over which transfer, and nothing of who uses it. Nothing is released by itself.
 */
export class RightsRequests {
  private readonly records: OwnRecords<RightsReceipt>;

  constructor(private readonly rooms: RightsRooms) {
    this.records = new OwnRecords(rooms.database, 'rights_request', 'RIGHTS_ID_REUSED');
  }

  /** Records one, and opens the consultations. The same again is answered with its receipt. @throws Refusal RIGHTS_INVALID, NOT_FOUND of a transfer that is not the asker's, and every code of `RECEIVING_RIGHTS` */
  record(asker: Asker, sent: StatementWithWords & { idempotencyKey?: string }): Promise<RightsReceipt> {
    return this.records.once(asker, { octets: sent.statement, idempotencyKey: sent.idempotencyKey }, (digest) => this.recorded(asker, sent, digest));
  }

  /** The asker's own, the oldest first. `after` is the `next` of the page before. */
  list(asker: Asker, page: { open?: boolean; after?: string; limit: number }): Promise<RightsPage> {
    const now = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const rows: RightsRow[] = await tx.query(
        `select ${COLUMNS} from waybill.rights_request where agency = $1 and (not $2 or closed_at is null) and ($3::uuid is null or id > $3) order by id limit $4`, [asker.agency, page.open ?? false, page.after ?? null, page.limit + 1]);
      return pageOf(rows, page.limit, (row) => listed(row, now), ({ id }) => id);
    });
  }

  /** One of the asker's own, with all that was signed of it. @throws Refusal NOT_FOUND */
  told(asker: Asker, id: string): Promise<RightsTold> {
    const now = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const row = await ownOf(tx, asker, id);
      const statements: { kind: string; at: Date; octets: Buffer; signature: Buffer }[] = await tx.query('select kind, at, octets, signature from waybill.rights_statement where agency = $1 and rights_request = $2 order by at, id', [asker.agency, id]);
      return {
        ...listed(row, now), statement: row.octets.toString('base64'), signature: row.signature.toString('base64'), words: row.words, receipt: JSON.parse(row.receipt) as RightsReceipt,
        statements: statements.map((each) => ({ kind: each.kind, ...keptTold(each) })),
      };
    });
  }

  /** The words of one, as they were sealed. @throws Refusal NOT_FOUND */
  words(asker: Asker, id: string): Promise<Buffer> {
    return this.records.words(asker, id);
  }

  /** That it takes longer, or what came of it. The very same again changes nothing. @throws Refusal NOT_FOUND, RIGHTS_INVALID, RIGHTS_CLOSED, and every code of `EXTENDING_RIGHTS` and `CLOSING_RIGHTS` */
  state(asker: Asker, id: string, sent: StatementWithWords): Promise<RightsStands> {
    const { database, directory, clock, gateway } = this.rooms;
    const at = clock.now();
    return afterCollision(() => database.as(asker, async (tx) => {
      const row = await ownOf(tx, asker, id, 'for update');
      const stated = readStated(RightsStated, sent, { agency: asker.agency, gateway, now: at, invalid: 'RIGHTS_INVALID', about: { rightsRequest: id } });
      if (await isKept(tx, 'rights_statement', stated.id, sent)) return standing(row);
      if (row.closed_at) throw new Refusal({ code: 'RIGHTS_CLOSED' });
      const signed = await signatureOf(tx, directory, asker, sent, at);
      await keepStated(tx, 'rights_statement', id, asker, stated, signed, at);
      return stated.kind === 'extended' ? this.extend(tx, asker, { row, stated, signed, at }) : close(tx, this.rooms, asker, { row, stated, signed, at });
    }), 'STATEMENT_DIFFERS');
  }

  private async recorded(asker: Asker, sent: StatementWithWords & { idempotencyKey?: string }, digest: string): Promise<RightsReceipt> {
    const { database, directory, register, clock, gateway } = this.rooms;
    const at = clock.now();
    const requested = readStated(RightsRequested, sent, { agency: asker.agency, gateway, now: at, invalid: 'RIGHTS_INVALID' });
    const words = sent.words && (await sealedToOwn(this.rooms, asker, sent.words, requested.words, at));
    return database.as(asker, async (tx) => {
      const abouts: About[] = [];
      for (const transfer of requested.transfers ?? []) abouts.push(await aboutOf(tx, asker, transfer));
      const agreements = this.agreementsOf(abouts);
      const [first] = agreements.values();
      if (first) requireMet(receivingRightsUnmet({ agreement: first, requested, party: (await directory.parties(tx, [asker.agency], first, at)).party(asker.agency), at: at.toISOString() }));
      const signed = await signatureOf(tx, directory, asker, sent, at);
      const { id, right, receivedOn, requester, reference, about, role } = requested;
      const dueAt = dueByLaw(receivedOn, RIGHTS_IN_LAW[right].within);
      const items = abouts.map((each) => ({ about: each, matter: this.opens(each, requested) && uuid7(at.getTime()) }));
      const [own] = await register.record(tx, [{
        kind: 'rights-request-received', controller: asker.controller, at,
        fields: {
          rightsRequest: id, ...namedIn(signed), right, receivedOn, requester, contact: requested.by.contact, role, subjectReference: reference, about, dueAt: dueAt.toISOString(),
          transfers: abouts.map(({ transfer }) => transfer.id), identity: requested.identity?.how, authority: requested.authority?.kind, wordsSealed: requested.words?.sealed,
        },
      }]);
      if (!own) throw new Error('an entry that was not made');
      const receipt: RightsReceipt = {
        format: 'waybill-rights-receipt/1', rightsRequest: id, digest, recordedAt: at.toISOString(), dueAt: dueAt.toISOString(), law: RIGHTS_IN_LAW[right].law,
        items: items.map(({ about: each, matter }) => itemOf(each, matter, isNamed(servedAgreement(this.rooms.agreements, each.cited.id), right))).sort((one, other) => Number(other.doNotTell) - Number(one.doNotTell)),
        complaintsTo: [...new Set([...agreements.values()].flatMap((each) => term(each, 'rights.complaintsTo') ?? []))],
        register: { log: logOf(gateway, asker.controller), entry: own.id, leaf: own.leaf.toString('hex'), promise: promised(this.rooms, own, at) },
      };
      await this.records.requireFreshId(tx, asker, { id, digest });
      await this.records.keep(tx, asker, { id, digest, octets: sent.statement, signature: sent.signature, signer: signed, words, at }, receipt, sent.idempotencyKey, { right_used: right, due_at: dueAt });
      await openDuty(tx, { kind: 'answer-rights-request', about: { rights: id }, owner: asker.agency, contact: requested.by.contact, lane: 'routine', at, dueAt });
      await openMatters(tx, register, items.flatMap(({ about: each, matter }): NewMatter[] => (matter ? [this.matter(asker, requested, each, { id: matter, signed, at })] : [])));
      return receipt;
    });
  }

  /** Whether the gateway asks the other side by itself: its view where the agreement wants that, or whose complaint it is. */
  private opens({ transfer, side, cited }: About, { right, about }: RightsRequested): boolean {
    const agreement = servedAgreement(this.rooms.agreements, cited.id);
    // What belongs to the partnership its controller answers for (RC-05); what is joint, both.
    if (right === 'complaint') return side === 'recipient' && transfer.controllership !== 'partnership' && about !== 'handling' && (term(agreement, 'rights.complaintsTo')?.includes('agency-controller') ?? false);
    return side === 'recipient' && consultationOf(agreement, right) !== 'may';
  }

  private matter(asker: Asker, { id: rightsRequest, right, by }: RightsRequested, { transfer, cited, other }: About, { id, signed, at }: { id: string; signed: Signature; at: Date }): NewMatter {
    return {
      id, kind: right === 'complaint' ? 'complaint' : 'consultation', transfer: transfer.id, share: transfer.share, agreement: cited, by: { ...asker, contact: by.contact }, to: other, right, rightsRequest, at,
      entry: namedIn(signed),
    };
  }

  private async extend(tx: Tx, asker: Asker, { row, stated, signed, at }: { row: RightsRow; stated: RightsStated; signed: Signature; at: Date }): Promise<RightsStands> {
    const { right_used: right, octets } = row;
    const requested = JSON.parse(octets.toString()) as RightsRequested;
    const [agreement] = this.agreementsOf([]).values();
    const extended: unknown[] = await tx.query(`select from waybill.rights_statement where agency = $1 and rights_request = $2 and kind = 'extended' and id <> $3`, [asker.agency, row.id, stated.id]);
    if (agreement) requireMet(extendingUnmet({ agreement, right, stated, due: row.due_at.toISOString(), extended: extended.length > 0, at: at.toISOString() }));
    const dueAt = dueByLaw(requested.receivedOn, RIGHTS_IN_LAW[right].extendedTo ?? RIGHTS_IN_LAW[right].within);
    await tx.query('update waybill.rights_request set due_at = $3 where agency = $1 and id = $2', [asker.agency, row.id, dueAt]);
    await closeDuties(tx, { rights: row.id }, { because: 'extended', at }, ['answer-rights-request']);
    await openDuty(tx, { kind: 'answer-rights-request', about: { rights: row.id }, owner: asker.agency, contact: stated.by.contact, lane: 'routine', at, dueAt });
    await this.rooms.register.record(tx, [{ kind: 'rights-request-extended', controller: asker.controller, at, fields: { rightsRequest: row.id, ...namedIn(signed), reason: stated.reason ?? '', dueAt: dueAt.toISOString() } }]);
    return { rightsRequest: row.id, dueAt: dueAt.toISOString() };
  }

  /** Those under which the transfers went; of a request about none, any: what asks something of it then is a law. */
  private agreementsOf(abouts: readonly About[]): Map<string, Agreement> {
    const cited = new Map(abouts.map(({ cited: { id } }) => [id, servedAgreement(this.rooms.agreements, id)]));
    return cited.size > 0 ? cited : new Map([...this.rooms.agreements].slice(0, 1));
  }
}

/** @throws Refusal NOT_FOUND */
async function ownOf(tx: Tx, { agency }: Asker, id: string, locked: '' | 'for update' = ''): Promise<RightsRow> {
  const [row]: RightsRow[] = await tx.query(`select ${COLUMNS} from waybill.rights_request where agency = $1 and id = $2 ${locked}`, [agency, id]);
  if (!row) throw new Refusal({ code: 'NOT_FOUND' });
  return row;
}

const itemOf = ({ transfer, side, other, cited, declared }: About, matter: string | false, named: boolean): RightsItem => ({
  transfer: transfer.id, share: transfer.share, side, other: other.agency, agreement: cited, categories: [...declared.categories], doNotTell: declared.doNotTell, thirdParties: declared.thirdParties, named, ...(matter && { matter }),
});

const listed = ({ id, right_used: right, octets, due_at: dueAt, closed_at: closedAt }: RightsRow, now: Date): RightsListed => ({
  rightsRequest: id, right, receivedOn: (JSON.parse(octets.toString()) as RightsRequested).receivedOn, dueAt: dueAt.toISOString(), overdue: !closedAt && dueAt <= now, ...(closedAt && { closedAt: closedAt.toISOString() }),
});

const standing = ({ id, due_at: dueAt, closed_at: closedAt }: RightsRow): RightsStands => ({ rightsRequest: id, dueAt: dueAt.toISOString(), ...(closedAt && { closedAt: closedAt.toISOString() }) });
