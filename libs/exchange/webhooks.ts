import type { Directory } from '#directory/directory';
import { type Clock, HOUR } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import type { Egress } from '#platform/egress';
import { uuid7 } from '#platform/ids';
import { Refusal } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';
import type { PushesTold, QueueTold, WebhookEntered, WebhookList, WebhookSecret, WebhookSends, WebhookWanted, WebhookWay } from '#protocol/webhooks';
import { placeOf } from '#queue/partner-topology';
import type { Register } from '#register/register';
import { addressAllowed } from './webhook-address';
import { secretOf } from './webhook-signature';

export interface WebhookRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  egress: Egress;
  /** From which every secret is worked out, 32 octets; the courier has the same. Absent: this gateway pushes nothing. */
  webhookKey?: Buffer;
  /** Where agencies have queues of their own, as they reach it: `amqps`, host and port. Absent: this gateway's courier lays nothing on any. */
  partnerBroker?: string;
}

interface WebhookRow {
  id: string;
  contact: string;
  way: WebhookWay;
  url: string | null;
  sends: WebhookSends;
  secret_version: number;
  previous_until: Date | null;
  created_at: Date;
  rests_until: Date | null;
}

const COLUMNS = 'id, contact, way, url, sends, secret_version, previous_until, created_at, rests_until';
/** Pushes made again at one asking. */
const REPLAYED = 1_000;

/** Endpoints of an agency's own, one for each of its contacts. To every other agency they do not exist. */
export class Webhooks {
  constructor(private readonly rooms: WebhookRooms) {}

  list(asker: Asker): Promise<WebhookList> {
    return this.rooms.database.as(asker, async (tx) => {
      const rows: (WebhookRow & { waiting: number; since: Date | null; last: string | null })[] = await tx.query(
        `select ${COLUMNS.split(', ').map((name) => `w.${name}`).join(', ')}, count(p.id)::int as waiting, min(p.created_at) as since, (array_agg(p.last order by p.due_at desc) filter (where p.last is not null))[1] as last
         from waybill.webhook w left join waybill.push p on p.webhook = w.id and p.ended_at is null where w.agency = $1 group by w.id order by w.contact`, [asker.agency]);
      const now = this.rooms.clock.now();
      return {
        items: rows.map(({ contact, way, url, sends, created_at: created, waiting, since, rests_until: rests, last }) => ({
          contact, way, ...(url === null ? {} : { url }), ...(way === 'amqp' ? { queue: this.queueOf(asker, contact) } : {}), sends, createdAt: created.toISOString(), waiting, ...(since ? { waitingSince: since.toISOString() } : {}), ...(rests && rests > now ? { rests: { until: rests.toISOString(), because: last ?? '' } } : {}),
        })),
      };
    });
  }

  /**
   * Enters or changes where what lies ready for a contact is sent. A new endpoint is answered with its secret, a queue with where it is.
   * @throws Refusal WEBHOOKS_NOT_OFFERED, WEBHOOK_URL, NOT_FOUND when the contact is none of the agency's
   */
  async enter(asker: Asker, contact: string, { way = 'http', url: wanted, sends }: WebhookWanted): Promise<WebhookEntered> {
    this.requireOffered(way);
    const url = this.addressed(way, wanted);
    return this.rooms.database.as(asker, async (tx) => {
      const at = this.rooms.clock.now();
      if (!(await this.rooms.directory.hasContact(tx, asker.agency, contact))) throw new Refusal({ code: 'NOT_FOUND' });
      const known = await this.find(tx, asker, contact);
      const answer = way === 'amqp' ? { queue: this.queueOf(asker, contact) } : {};
      if (known?.way === way && known.url === url && known.sends === sends) return answer;
      await this.record(tx, asker, { at, change: 'webhook-set', by: contact });
      const { id, version } = known ? { id: known.id, version: known.secret_version + (known.way === way ? 0 : 1) } : { id: uuid7(at.getTime()), version: 1 };
      await tx.query(
        known
          ? 'update waybill.webhook set way = $3, url = $4, sends = $5, secret_version = $6, rests_until = null, failures = 0 where id = $1 and agency = $2'
          : 'insert into waybill.webhook (id, agency, way, url, sends, secret_version, contact, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)',
        [id, asker.agency, way, url, sends, version, ...(known ? [] : [contact, at])],
      );
      // A queue knows its consumer by its certificate: there is no secret.
      return way === 'http' && known?.way !== 'http' ? { secret: secretOf(this.key(), id, version) } : answer;
    });
  }

  /** A new secret; for a while pushes are signed under both. @throws Refusal WEBHOOKS_NOT_OFFERED, NOT_FOUND */
  replaceSecret(asker: Asker, contact: string): Promise<WebhookSecret> {
    const key = this.key();
    return this.rooms.database.as(asker, async (tx) => {
      const at = this.rooms.clock.now();
      const { id, way, secret_version: version } = await this.require(tx, asker, contact);
      if (way === 'amqp') throw new Refusal({ code: 'NOT_FOUND', next: 'A queue has no secret: who reads it proves itself by its certificate, and so does the broker.' });
      const until = new Date(at.getTime() + LIMITS.webhookOverlap.value * HOUR);
      await tx.query('update waybill.webhook set secret_version = $2, previous_until = $3 where id = $1', [id, version + 1, until]);
      await this.record(tx, asker, { at, change: 'webhook-secret-replaced', by: contact });
      return { secret: secretOf(key, id, version + 1), previousUntil: until.toISOString() };
    });
  }

  /** What waits to be sent there lies in the mailbox as before. @throws Refusal NOT_FOUND */
  remove(asker: Asker, contact: string): Promise<void> {
    return this.rooms.database.as(asker, async (tx) => {
      const { id } = await this.require(tx, asker, contact);
      await tx.query('delete from waybill.webhook where id = $1', [id]);
      await this.record(tx, asker, { at: this.rooms.clock.now(), change: 'webhook-removed', by: contact });
    });
  }

  /** Sends again what has become available since then and is not done with, the most pressing first. @throws Refusal WEBHOOKS_NOT_OFFERED, NOT_FOUND */
  replay(asker: Asker, contact: string, since: Date): Promise<PushesTold> {
    return this.rooms.database.as(asker, async (tx) => {
      const { id, way } = await this.require(tx, asker, contact);
      this.requireOffered(way);
      const rows: unknown[] = await tx.query(
        `insert into waybill.push (id, webhook, agency, transfer, precedence, created_at, due_at)
         select gen_random_uuid(), $1, t.recipient, t.id, t.precedence, $4, $4 from waybill.transfer t
         where t.recipient = $2 and t.contact = $3 and t.state in ('available', 'collected') and t.available_at >= $5
           and not exists (select from waybill.push p where p.webhook = $1 and p.transfer = t.id and p.ended_at is null)
         order by t.precedence, t.accepted_at, t.id limit $6 returning id`,
        [id, asker.agency, contact, this.rooms.clock.now(), since, REPLAYED],
      );
      return { pushes: rows.length };
    });
  }

  private queueOf({ agency }: Asker, contact: string): QueueTold {
    const name = placeOf({ agency, contact });
    return { broker: `${this.rooms.partnerBroker?.replace(/\/$/, '') ?? ''}/${encodeURIComponent(name)}`, name };
  }

  /** The address that will be asked; a queue has none. @throws Refusal WEBHOOK_URL */
  private addressed(way: WebhookWay, url: string | undefined): string | null {
    if (way === 'amqp' && url === undefined) return null;
    return addressAllowed(this.rooms.egress, way === 'http' ? url : undefined);
  }

  private requireOffered(way: WebhookWay): void {
    if (way === 'http') this.key();
    else if (this.rooms.partnerBroker === undefined) throw new Refusal({ code: 'WEBHOOKS_NOT_OFFERED', next: 'Collect from the mailbox; ask the operator to set WAYBILL_PARTNER_BROKER_URL for gateway and courier.' });
  }

  private key(): Buffer {
    if (!this.rooms.webhookKey) throw new Refusal({ code: 'WEBHOOKS_NOT_OFFERED' });
    return this.rooms.webhookKey;
  }

  private async find(tx: Tx, asker: Asker, contact: string): Promise<WebhookRow | undefined> {
    const [row]: WebhookRow[] = await tx.query(`select ${COLUMNS} from waybill.webhook where agency = $1 and contact = $2 for update`, [asker.agency, contact]);
    return row;
  }

  private async require(tx: Tx, asker: Asker, contact: string): Promise<WebhookRow> {
    const row = await this.find(tx, asker, contact);
    if (!row) throw new Refusal({ code: 'NOT_FOUND' });
    return row;
  }

  private record(tx: Tx, { agency, controller }: Asker, { at, change, by }: { at: Date; change: string; by: string }): Promise<unknown> {
    return this.rooms.register.record(tx, [{ kind: 'party-changed', controller, at, fields: { agency, change, by } }]);
  }
}
