import { securityEventKey, securityEventToken } from '#envelope/security-event';
import type { SigningKey } from '#envelope/signing-keys';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { type Egress, type EgressAnswer, EgressFailed } from '#platform/egress';
import { EVENT_URI, type SecurityEventName } from '#protocol/event-stream';
import { LIMITS } from '#protocol/limits';
import { UnderWay } from './attempts';
import { LEASE_MS, PUSH_AGAIN, PUSHES_AT_ONCE, TO_ONE } from './pushes';
import { laneOf } from './rows';

export interface EventRooms {
  database: Database;
  clock: Clock;
  egress: Egress;
  webhookKey: Buffer;
}

interface Due {
  id: string;
  agency: string;
  event: SecurityEventName;
  facts: string;
  precedence: number;
  at: Date;
  attempt: number;
  url: string;
  issuer: string;
}

/** What a receiver may say is wrong with a token (RFC 8935, 2.4, and its registry). Whatever else it writes is not kept. */
const WRONG = ['invalid_request', 'invalid_key', 'invalid_issuer', 'invalid_audience', 'authentication_failed', 'access_denied'];

/** From when on a stream `s` is told of an event; null, which nothing is later than: not at all. */
export const SINCE = `case event when 'breach-notified' then s.breach_since when 'key-revoked' then s.keys_since else s.created_at end`;

/** Security event tokens on their way, one POST for each (RFC 8935), under the schedule of what presses as it does. At least once: a token is known again by its `jti`. */
export class EventPushes {
  private readonly attempts = new UnderWay();
  private key: Promise<SigningKey> | undefined;

  constructor(private readonly rooms: EventRooms) {}

  /** Takes up what is due and there is room for. */
  async takeUp(): Promise<Promise<void>[]> {
    const due = await this.claim();
    return due.map((event) => this.attempts.during(event.agency, () => this.attempt(event)));
  }

  private async claim(): Promise<Due[]> {
    const room = PUSHES_AT_ONCE - this.attempts.total;
    if (room <= 0) return [];
    const at = this.rooms.clock.now();
    const [rows]: [Due[], number] = await this.rooms.database.transaction((tx) => tx.query(
      `update waybill.security_event e set leased_until = $2, attempt = e.attempt + 1
       from (select d.id, s.url, s.issuer
             from waybill.event_stream s left join unnest($3::text[], $4::int[]) as busy (agency, under_way) on busy.agency = s.agency
             cross join lateral (
               select id, precedence, due_at from waybill.security_event
               where agency = s.agency and at >= ${SINCE} and ended_at is null and due_at <= $1 and (leased_until is null or leased_until <= $1)
               order by precedence, due_at limit $5 - coalesce(busy.under_way, 0)) d
             order by d.precedence, d.due_at limit $6) due
       where e.id = due.id and e.ended_at is null and (e.leased_until is null or e.leased_until <= $1)
       returning e.id, e.agency, e.event, e.facts, e.precedence, e.at, e.attempt, due.url, due.issuer`,
      [at, new Date(at.getTime() + LEASE_MS), this.attempts.places, this.attempts.counts, TO_ONE, room],
    ));
    return rows.sort((a, b) => a.precedence - b.precedence);
  }

  private async attempt(due: Due): Promise<void> {
    const token = securityEventToken({ issuer: due.issuer, audience: due.agency, token: due.id, at: due.at, event: EVENT_URI[due.event], facts: JSON.parse(due.facts) as Record<string, unknown> }, await (this.key ??= securityEventKey(this.rooms.webhookKey)));
    const { taken, last } = await this.rooms.egress.ask(due.url, () => ({ method: 'POST', headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json' }, body: Buffer.from(token) }))
      .then((answer) => ({ taken: answer.status >= 200 && answer.status < 300, last: said(answer) }), (error: unknown) => {
        if (error instanceof EgressFailed) return { taken: false, last: error.cause ?? error.code };
        throw error;
      });
    const wait = PUSH_AGAIN[laneOf(due.precedence)][due.attempt - 1];
    const at = this.rooms.clock.now();
    await this.rooms.database.transaction((tx) => (taken || wait === undefined
      ? tx.query('update waybill.security_event set ended_at = $2, ended = $3, last = $4, leased_until = null where id = $1', [due.id, at, taken ? 'taken' : 'given-up', last])
      : tx.query('update waybill.security_event set due_at = $2, last = $3, leased_until = null where id = $1', [due.id, new Date(at.getTime() + wait), last])));
  }
}

/** A status, or the code of what the receiver found wrong. */
function said({ status, body }: EgressAnswer): string {
  if (status !== 400) return String(status);
  try {
    const { err } = JSON.parse(body.toString()) as { err?: unknown };
    return WRONG.find((code) => code === err) ?? '400';
  } catch {
    return '400';
  }
}

/** Removes events of long ago, told or not. For the relay. */
export async function removeEvents({ database, clock }: { database: Database; clock: Clock }): Promise<number> {
  const [, count]: [unknown, number] = await database.transaction((tx) => tx.query('delete from waybill.security_event where at < $1::timestamptz - make_interval(days => $2)', [clock.now(), LIMITS.pushKept.value]));
  return count;
}
