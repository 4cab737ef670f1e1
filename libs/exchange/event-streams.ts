import { eventRows } from '#directory/security-events';
import { securityEventKey } from '#envelope/security-event';
import { publicKeySet, type PublishedKey } from '#envelope/signing-keys';
import type { Asker, Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { Refusal } from '#platform/refusal';
import { insertRows } from '#platform/rows';
import { type EventStreamTold, type EventStreamWanted, type EventVerificationTold, STREAM_EVENTS, type StreamEvent } from '#protocol/event-stream';
import { SINCE } from './event-pushes';
import { addressAllowed } from './webhook-address';
import type { WebhookRooms } from './webhooks';

interface StreamRow {
  url: string;
  breach_since: Date | null;
  keys_since: Date | null;
  issuer: string;
  created_at: Date;
  waiting: number;
  since: Date | null;
  last: string | null;
}

const SINCE_OF = { 'breach-notified': 'breach_since', 'key-revoked': 'keys_since' } as const satisfies Record<StreamEvent, keyof StreamRow>;

/** Where an agency's own systems are told of breaches and revoked keys by security event tokens: one stream for each agency, which to every other does not exist. */
export class EventStreams {
  /** @param origin `iss` of each token */
  constructor(private readonly rooms: Omit<WebhookRooms, 'partnerBroker' | 'directory'> & { origin: string }) {}

  /** Keys under which tokens are signed, as a JWK set. @throws Refusal WEBHOOKS_NOT_OFFERED */
  async keys(): Promise<{ keys: PublishedKey[] }> {
    return publicKeySet([{ publicKey: (await securityEventKey(this.key())).publicKey, from: new Date(0) }]);
  }

  /** @throws Refusal NOT_FOUND */
  find(asker: Asker): Promise<EventStreamTold> {
    return this.rooms.database.as(asker, (tx) => this.require(tx, asker));
  }

  /** Enters or changes the stream. What happened before it was asked for is not told. @throws Refusal WEBHOOKS_NOT_OFFERED, WEBHOOK_URL */
  enter(asker: Asker, { url, events }: EventStreamWanted): Promise<EventStreamTold> {
    this.key();
    addressAllowed(this.rooms.egress, url);
    return this.rooms.database.as(asker, async (tx) => {
      const at = this.rooms.clock.now();
      await tx.query(
        `insert into waybill.event_stream (agency, url, issuer, created_at, breach_since, keys_since) values ($1, $2, $3, $4, $5, $6)
         on conflict (agency) do update set url = excluded.url, issuer = excluded.issuer,
           breach_since = case when excluded.breach_since is not null then coalesce(event_stream.breach_since, excluded.breach_since) end,
           keys_since = case when excluded.keys_since is not null then coalesce(event_stream.keys_since, excluded.keys_since) end`,
        [asker.agency, url, this.rooms.origin, at, ...STREAM_EVENTS.map((event) => (events.includes(event) ? at : null))]);
      await this.record(tx, asker, 'event-stream-set');
      return this.require(tx, asker);
    });
  }

  /** @throws Refusal NOT_FOUND */
  remove(asker: Asker): Promise<void> {
    return this.rooms.database.as(asker, async (tx) => {
      await this.require(tx, asker);
      await tx.query('delete from waybill.event_stream where agency = $1', [asker.agency]);
      await this.record(tx, asker, 'event-stream-removed');
    });
  }

  /** Sends a token that says nothing, to see whether tokens come through. @throws Refusal NOT_FOUND, WEBHOOKS_NOT_OFFERED */
  verify(asker: Asker): Promise<EventVerificationTold> {
    this.key();
    return this.rooms.database.as(asker, async (tx) => {
      await this.require(tx, asker);
      const at = this.rooms.clock.now();
      const token = uuid7(at.getTime());
      await insertRows(tx, [eventRows([{ agency: asker.agency, event: 'verification', facts: {}, lane: 'routine' }], at, [token])]);
      return { token };
    });
  }

  private key(): Buffer {
    if (!this.rooms.webhookKey) throw new Refusal({ code: 'WEBHOOKS_NOT_OFFERED', next: 'Look at your duties and cases as before; ask the operator to set WAYBILL_WEBHOOK_KEY_FILE for gateway and courier.' });
    return this.rooms.webhookKey;
  }

  private async require(tx: Tx, { agency }: Asker): Promise<EventStreamTold> {
    const [row]: StreamRow[] = await tx.query(
      `select s.url, s.breach_since, s.keys_since, s.issuer, s.created_at, count(e.id) filter (where e.ended_at is null)::int as waiting, min(e.at) filter (where e.ended_at is null) as since,
         (array_agg(e.last order by e.at desc) filter (where e.last is not null))[1] as last
       from waybill.event_stream s left join waybill.security_event e on e.agency = s.agency and e.at >= ${SINCE}
       where s.agency = $1 group by s.agency`, [agency]);
    if (!row) throw new Refusal({ code: 'NOT_FOUND', next: 'Enter where tokens are to be sent: waybill events set.' });
    return {
      url: row.url, events: STREAM_EVENTS.filter((event) => row[SINCE_OF[event]] !== null), issuer: row.issuer, audience: agency, createdAt: row.created_at.toISOString(), waiting: row.waiting,
      ...(row.since ? { waitingSince: row.since.toISOString() } : {}), ...(row.last === null ? {} : { last: row.last }),
    };
  }

  private record(tx: Tx, { agency, controller }: Asker, change: string): Promise<unknown> {
    return this.rooms.register.record(tx, [{ kind: 'party-changed', controller, at: this.rooms.clock.now(), fields: { agency, change } }]);
  }
}
