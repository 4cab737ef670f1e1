import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { HOUR, MINUTE, SECOND } from '#platform/clock';
import type { TlsEvidence } from '#platform/egress';
import { Refusal } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';
import type { WebhookSends, WebhookWay } from '#protocol/webhooks';
import { tlsEntry, UnderWay } from './attempts';
import { Collection, type CollectionRooms, IN_MAILBOX } from './collection';
import { recordForBoth } from './recording';
import { type Lane, laneOf, PRECEDENCE, type TransferRow } from './rows';

/** The sealed envelope, made at the last moment: from then on it counts as collected. Undefined when ids and codes alone are to be told. */
export type Enclosing = () => Promise<{ boundary: string; octets: Buffer } | undefined>;

/** What became of one attempt. */
export interface Attempted {
  /** A status, or a code. */
  answer: string;
  taken: boolean;
  /** It is not to be asked again. */
  gone?: boolean;
  /** Milliseconds that it wants to be left alone for. */
  rest?: number;
  /** How the connection was protected; absent when nothing was sent. */
  tls?: TlsEvidence;
}

/** One way out of the building. It throws what `enclosing` throws, and of its own nothing. */
export type WayOut = (push: Push, transfer: TransferRow, enclosing: Enclosing) => Promise<Attempted>;

export interface PushRooms extends CollectionRooms {
  /** A way that is not here is left to a courier that has it. */
  ways: Partial<Record<WebhookWay, WayOut>>;
}

/** Milliseconds before each further attempt; after the last it is given up, and lies in the mailbox as before. Standard Webhooks asks for days; what presses is tried sooner. */
export const PUSH_AGAIN: Record<Lane, readonly number[]> = {
  breach: [5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR],
  emergency: [5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR],
  priority: [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR],
  urgent: [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR],
  routine: [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
};
/** An attempt that has not ended by then died with its courier. Longer than any attempt takes. */
export const LEASE_MS = MINUTE;
/** Attempts of one courier under way at once. */
export const PUSHES_AT_ONCE = 32;
/** Of these to one endpoint: a slow one leaves room for the others. */
export const TO_ONE = 4;

/** An attempt that is due, and where to. */
export interface Push {
  id: string;
  webhook: string;
  agency: string;
  transfer: string;
  attempt: number;
  precedence: number;
  way: WebhookWay;
  /** Of an endpoint over HTTP. */
  url: string | null;
  sends: WebhookSends;
  secret_version: number;
  previous_until: Date | null;
}

/** As registers have it. */
const ROUTE: Record<WebhookWay, string> = { http: 'webhook', amqp: 'amqp' };

/** What the courier does with what an agency wants told: an attempt at a time, each on record. At least once: who is told knows one again by its id. */
export class Pushes {
  private readonly attempts = new UnderWay();
  private readonly collection: Collection;

  constructor(private readonly rooms: PushRooms) {
    this.collection = new Collection(rooms);
  }

  /** How many attempts are under way. */
  get underWay(): number {
    return this.attempts.total;
  }

  /** Takes up what is due and there is room for. Each of what it gives ends when its attempt is on record, and never throws but when the database is away. */
  async takeUp(): Promise<Promise<void>[]> {
    const due = await this.claim();
    return due.map((push) => this.attempts.during(push.webhook, () => this.attempt(push)));
  }

  /** Lends itself what is due, of each endpoint only as many as it may have under way. */
  private async claim(): Promise<Push[]> {
    const room = PUSHES_AT_ONCE - this.underWay;
    if (room <= 0) return [];
    const at = this.rooms.clock.now();
    const [rows]: [Push[], number] = await this.rooms.database.transaction((tx) => tx.query(
      `update waybill.push p set leased_until = $2, attempt = p.attempt + 1
       from (select d.id, w.way, w.url, w.sends, w.secret_version, w.previous_until
             from waybill.webhook w left join unnest($3::uuid[], $4::int[]) as busy (webhook, under_way) on busy.webhook = w.id
             cross join lateral (
               select id, precedence, due_at from waybill.push
               where webhook = w.id and ended_at is null and due_at <= $1 and (leased_until is null or leased_until <= $1) and (precedence <= $5 or w.rests_until is null or w.rests_until <= $1)
               order by precedence, due_at limit $6 - coalesce(busy.under_way, 0)) d
             where w.way = any($8)
             order by d.precedence, d.due_at limit $7) due
       where p.id = due.id and p.ended_at is null and (p.leased_until is null or p.leased_until <= $1)
       returning p.id, p.webhook, p.agency, p.transfer, p.attempt, p.precedence, due.way, due.url, due.sends, due.secret_version, due.previous_until`,
      [at, new Date(at.getTime() + LEASE_MS), this.attempts.places, this.attempts.counts, PRECEDENCE.emergency, TO_ONE, room, Object.keys(this.rooms.ways)],
    ));
    return rows.sort((a, b) => a.precedence - b.precedence);
  }

  private async attempt(push: Push): Promise<void> {
    const transfer = await this.transfer(push.transfer);
    // Recalled, ended or held meanwhile: there is nothing left to tell.
    if (!transfer || !IN_MAILBOX.includes(transfer.state) || transfer.payload_removed_at) return this.end(push, 'overtaken');
    const way = this.rooms.ways[push.way];
    if (!way) throw new Error(`no way out by ${push.way}`);
    let handedOver = false;
    const enclosing: Enclosing = async () => {
      if (push.sends !== 'envelope' || Number(transfer.size) > LIMITS.inlineEnvelope.value) return undefined;
      const enclosed = await this.enclosed(push, transfer);
      handedOver = true;
      return enclosed;
    };
    const attempted = await way(push, transfer, enclosing).catch((error: unknown) => {
      if (error instanceof Refusal) return undefined;
      throw error;
    });
    if (!attempted) return this.end(push, 'overtaken');
    if (handedOver && attempted.tls) await this.record(push, transfer, attempted.answer, attempted.tls);
    if (attempted.taken) return this.end(push, 'taken', attempted.answer);
    return this.again(push, attempted);
  }

  private async enclosed(push: Push, transfer: TransferRow): Promise<{ boundary: string; octets: Buffer }> {
    const boundary = randomBytes(16).toString('hex');
    return { boundary, octets: await buffer(await this.collection.envelope({ agency: push.agency, controller: transfer.recipient_controller }, transfer.id, boundary)) };
  }

  private async record(push: Push, transfer: TransferRow, status: string, tls: TlsEvidence): Promise<void> {
    const fields = {
      share: transfer.share, transfer: transfer.id, route: ROUTE[push.way], attempt: push.attempt, status,
      tls: { ...tlsEntry(tls), authentication: 'pkix' },
    };
    await this.rooms.database.transaction((tx) => recordForBoth(tx, this.rooms.register, transfer, { kind: 'share-pushed', at: this.rooms.clock.now(), fields }));
  }

  /** Later, as its lane has it; an endpoint that says that it is gone is not asked again. */
  private async again(push: Push, { answer, gone, rest = 0 }: Attempted): Promise<void> {
    const wait = PUSH_AGAIN[laneOf(push.precedence)][push.attempt - 1];
    if (wait === undefined || gone) return this.end(push, 'given-up', answer);
    const next = new Date(this.rooms.clock.now().getTime() + Math.max(wait, rest));
    await this.rooms.database.transaction(async (tx) => {
      await tx.query('update waybill.push set due_at = $2, leased_until = null, last = $3 where id = $1', [push.id, next, answer]);
      // Others to the same endpoint need not find out one by one; what presses may try it meanwhile, and ends no rest by failing sooner.
      await tx.query('update waybill.webhook set failures = failures + 1, rests_until = greatest(rests_until, $2) where id = $1', [push.webhook, next]);
    });
  }

  private async end(push: Push, ended: 'taken' | 'given-up' | 'overtaken', last?: string): Promise<void> {
    await this.rooms.database.transaction(async (tx) => {
      await tx.query('update waybill.push set ended_at = $2, ended = $3, last = coalesce($4, last), leased_until = null where id = $1', [push.id, this.rooms.clock.now(), ended, last ?? null]);
      if (ended === 'taken') await tx.query('update waybill.webhook set failures = 0, rests_until = null where id = $1 and failures > 0', [push.webhook]);
    });
  }

  private async transfer(id: string): Promise<TransferRow | undefined> {
    const rows: TransferRow[] = await this.rooms.database.transaction((tx) => tx.query('select * from waybill.transfer where id = $1', [id]));
    return rows[0];
  }
}

/** Ids and codes, enough to collect it and to know how soon. */
export const told = ({ id, share, sender, contact, lane }: TransferRow): Record<string, string> => ({ transfer: id, share, sender, contact, lane, href: `/v1/mailbox/${id}` });
