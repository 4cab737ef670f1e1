import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { Directory } from '#directory/directory';
import { DIRECTORY_ROWS } from '#directory/rows';
import { type SigningKey, signingKey } from '#envelope/signing-keys';
import { Delivery } from '#exchange/delivery';
import { GroupCommit, type Submission as RealSubmission } from '#exchange/group';
import { Mailbox } from '#exchange/mailbox';
import { SetAside } from '#exchange/replaying';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { Reminding } from '#duties/reminding';
import { remindedOfTransfers } from '#exchange/owing';
import { Upkeep } from '#exchange/upkeep';
import { DAY, TestClock } from '#platform/clock';
import { Database, type ProcessRole } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { silent } from '#platform/log';
import { Refusal } from '#platform/refusal';
import { Consumer } from '#queue/consumer';
import { type Lane, LANES } from '#queue/lanes';
import type { Message, Outcome } from '#queue/message';
import { Outbox } from '#queue/outbox';
import { integrate as realIntegrate } from '#register/integration';
import { leafHash } from '#register/merkle';
import { openLog, Register } from '#register/register';
import { newKeys } from '../../apps/standalone/partnership';
import type { TestDatabase } from '../world/database';
import { settle } from './courier';
import { Refused } from './errors';
import { AGREEMENT, type Submission, write } from './exchange';
import { again, drop, lend, missing, publishable, published, replay } from './outbox';
import { integrate } from './register';
import type { OutboxRow } from './rows';
import type { Step } from './store';
import { deliver, part, UPKEEP } from './transfers';
import { World } from './world';
import { Chance } from './chance';

/** Rows that both sides handle in one go: the real limit. */
const ALL = 100;
const PART = Buffer.from('sealed');
export const SENDER = 'school';
export const RECIPIENTS = ['council', 'charity'] as const;

/** A share as the conformance suite has both sides commit it. */
export interface Offered { id: string; lane: Lane; to: readonly string[]; key?: string; /** Decided on facts of a version before. */ stale?: boolean }

/** The model and the real code over the real PostgreSQL, told to do the same. */
export class Twin {
  readonly world = new World({ chance: new Chance(1), watched: false });
  readonly clock = new TestClock();
  private readonly outbox: Outbox;
  private readonly relayOutbox: Outbox;
  private readonly consumer: Consumer<Message>;
  private readonly delivery: Delivery;
  private readonly mailbox: Mailbox;
  private readonly upkeep: Record<keyof typeof UPKEEP, () => Promise<number>>;
  private readonly commits: GroupCommit;
  private readonly setAside: SetAside;
  /** Transfers by the sequence's own names. */
  transfers: string[] = [];
  shares: string[] = [];

  private constructor(readonly db: TestDatabase, private readonly as: Record<'gateway' | 'courier' | 'relay' | 'operator', Database>, readonly keys: ReadonlyMap<string, { keyId: string; fingerprint: string }>, key: SigningKey) {
    const { clock } = this;
    const register = new Register();
    const rooms = (role: 'gateway' | 'courier' | 'relay') => ({ database: as[role], directory: new Directory(as[role]), register, clock });
    this.outbox = new Outbox(as.courier);
    this.relayOutbox = new Outbox(as.relay);
    this.delivery = new Delivery(rooms('courier'));
    this.consumer = new Consumer<Message>({ database: as.courier, log: silent, setAside: this.delivery.setAside.bind(this.delivery) }, () => Promise.resolve([]));
    this.mailbox = new Mailbox({ ...rooms('gateway'), gateway: 'https://gateway.example', key });
    const upkeep = new Upkeep(rooms('relay'));
    const reminding = new Reminding(rooms('relay'), { transfer: remindedOfTransfers });
    this.upkeep = { remind: () => reminding.remind(), expire: () => upkeep.expire(), rebuild: () => upkeep.rebuild(), holdRevoked: () => upkeep.holdRevoked(), removePayloads: () => upkeep.removePayloads() };
    this.commits = new GroupCommit(as.gateway, register);
    this.setAside = new SetAside({ database: as.operator, clock });
    const { rows } = this.world;
    rows.agreement.put({ id: AGREEMENT, version: 1 });
    for (const id of [SENDER, ...RECIPIENTS]) {
      rows.agency.put({ id, version: 1 });
      rows.member.put({ agency: id, active: true });
      rows.log.put({ controller: id, size: 0 });
    }
    for (const [agency, { fingerprint }] of keys) rows.certificate.put({ fingerprint, agency });
  }

  static async open(db: TestDatabase): Promise<Twin> {
    const open = (role: ProcessRole) => Database.open(role, db.address, [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]);
    const as = { gateway: await open('gateway'), courier: await open('courier'), relay: await open('relay'), operator: await open('operator') };
    const keys = new Map<string, { keyId: string; fingerprint: string }>();
    const registrar = await db.as('registrar');
    for (const agency of [SENDER, ...RECIPIENTS]) {
      await db.owner.query('insert into waybill.controller_name (id, name) values ($1, $1)', [agency]);
      await db.owner.query(`insert into waybill.agency (id, name, controller, types, country, from_at) values ($1, $1, $1, '{school}', 'GB', now())`, [agency]);
      await db.owner.query(`insert into waybill.contact (agency, id, kind, label, from_day) values ($1, 'team', 'team', 'Team', '2026-01-01')`, [agency]);
      await registrar.transaction((tx) => openLog(tx, { controller: agency, gateway: 'gateway.example' }));
      const { certificate } = await newKeys(agency);
      await db.owner.query(`insert into waybill.certificate (fingerprint, use, agency, contact, octets, statement, statement_signature, from_at, until_at) values ($1, 'seal', $2, 'team', $3, '', '', now() - interval '1 day', now() + interval '90 years')`, [certificate.fingerprint, agency, Buffer.from(certificate.octets)]);
      for (const key of certificate.seal) await db.owner.query('insert into waybill.certificate_key (key_id, key_fingerprint, fingerprint) values ($1, $2, $3)', [key.keyId, key.fingerprint, certificate.fingerprint]);
      keys.set(agency, { keyId: certificate.seal[0]?.keyId as string, fingerprint: certificate.fingerprint });
    }
    await db.owner.query('insert into waybill.agreement_state (agreement) values ($1) on conflict do nothing', [AGREEMENT]);
    return new Twin(db, as, keys, await signingKey(generateKeyPairSync('ed25519').privateKey));
  }

  async close(): Promise<void> {
    for (const database of Object.values(this.as)) await database.close();
  }

  /** Commits shares as one group. */
  async commit(offered: readonly Offered[]): Promise<[unknown, unknown]> {
    const { owner } = this.db;
    const versions = new Map((await owner.query<{ id: string; version: string }>(`select id, version::text from waybill.agency union select agreement, version::text from waybill.agreement_state`)).rows.map(({ id, version }) => [id, version]));
    const { rows } = this.world;
    // Counted up differently: what matters is whether a version still stands.
    for (const { id } of rows.agency.find(undefined, () => true)) rows.agency.put({ id, version: Number(versions.get(id)) });
    rows.agreement.put({ id: AGREEMENT, version: Number(versions.get(AGREEMENT)) });
    const made = offered.map((share) => ({ share, transfers: share.to.map((agency) => ({ id: uuid7(this.clock.now().getTime()), agency, key: (this.keys.get(agency) as { fingerprint: string }).fingerprint })) }));
    const expected = this.run(this.world.transaction((tx) => write(this.world, tx, made.map(({ share, transfers }): Submission => {
      const sought = [SENDER, ...share.to];
      return {
        sender: SENDER, manifest: { id: share.id, digest: share.id, lane: share.lane, to: transfers }, ...(share.key ? { key: share.key } : {}), transfers, at: this.world.clock(), receipt: '',
        facts: { under: Number(versions.get(AGREEMENT)), sought, agencies: new Map(sought.map((id) => [id, { version: Number(versions.get(id)) - (share.stale ? 1 : 0), active: true, revoked: new Set<string>() }])) },
      };
    }))));
    const found = await Promise.all(made.map(({ share, transfers }) => this.commits.submit(this.real(share, transfers, versions))));
    expected.forEach((verdict, i) => {
      if (verdict !== 'committed') return;
      this.shares.push((made[i] as (typeof made)[0]).share.id);
      this.transfers.push(...(made[i] as (typeof made)[0]).transfers.map(({ id }) => id));
    });
    await this.named();
    return [expected, found];
  }

  async lend(lanes: readonly Lane[]): Promise<[unknown, unknown]> {
    const of = (rows: readonly { transfer: string; attempt: number; spent: boolean }[]) => rows.map(({ transfer, attempt, spent }) => [transfer, attempt, spent]);
    return [of(this.run(lend(this.world, lanes))), of(await this.outbox.lend(lanes))];
  }

  async deliver(rows: readonly OutboxRow[], intact: boolean): Promise<[unknown, unknown]> {
    const expected: readonly Outcome[] = this.run(deliver(this.world, rows.map((row) => ({ ...row, intact }))));
    const found = await this.delivery.deliver(rows.map((row): Message => ({ ...this.message(row), digest: intact ? digestOf(row.transfer) : digestOf('another') })));
    return [expected, found];
  }

  async settle(row: OutboxRow, outcome: { again: number } | { park: string }): Promise<[unknown, unknown]> {
    this.run(settle(this.world, row, outcome));
    await this.consumer.settle(this.message(row), outcome);
    return [0, 0];
  }

  async publish(most: number): Promise<[unknown, unknown]> {
    const { world } = this;
    const expected = this.run(world.transaction(function* (tx) {
      const rows = yield* publishable(world, tx);
      yield* published(world, tx, rows.slice(0, most).map(({ id }) => id));
      return rows.map(({ transfer }) => transfer);
    }));
    const found = await this.as.relay.transaction(async (tx) => {
      const rows = await this.relayOutbox.publishable(tx);
      await this.relayOutbox.published(tx, rows.slice(0, most).map(({ id }) => id));
      return rows.map(({ transfer }) => transfer);
    });
    return [expected, found];
  }

  async unroutable(row: OutboxRow): Promise<[unknown, unknown]> {
    this.run(this.world.transaction((tx) => again(this.world, tx, [row.id], 10_000)));
    await this.as.relay.transaction((tx) => this.relayOutbox.again(tx, [row.id], 10_000));
    return [0, 0];
  }

  async missing(lane: Lane, ready: number): Promise<[unknown, unknown]> {
    return [this.run(missing(this.world, lane, ready, 30_000)), await this.relayOutbox.missing(lane, ready, 30_000)];
  }

  async drop(row: OutboxRow): Promise<[unknown, unknown]> {
    this.run(this.world.transaction((tx) => drop(this.world, tx, [row.id])));
    await this.as.courier.transaction((tx) => this.outbox.drop(tx, [row.id]));
    return [0, 0];
  }

  async replay(which: { lane: Lane } | 'all'): Promise<[unknown, unknown]> {
    return [this.run(replay(this.world, which)).sort(), (await this.setAside.replay(which, 'fault-mended')).sort()];
  }

  async collect(transfer: string, agency: string): Promise<[unknown, unknown]> {
    let expected: string;
    try {
      expected = this.run(part(this.world, agency, transfer)).state;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      expected = error.code;
    }
    let found: string | undefined;
    try {
      const copy = await this.mailbox.part({ agency, controller: agency }, transfer, 'part-1');
      await copy.read(0, 1);
      found = (await this.db.owner.query<{ state: string }>('select state from waybill.transfer where id = $1', [transfer])).rows[0]?.state;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      found = error.code;
    }
    return [expected, found];
  }

  async upkeepDoes(what: keyof typeof UPKEEP): Promise<[unknown, unknown]> {
    const counts: [unknown, unknown] = [this.run(UPKEEP[what](this.world, ALL)), await this.upkeep[what]()];
    await this.named();
    return counts;
  }

  async integrate(batch: number): Promise<[unknown, unknown]> {
    const expected = this.run(this.world.transaction((tx) => integrate(this.world, tx, batch)));
    const { entries } = await this.as.relay.transaction((tx) => realIntegrate(tx, { batch, sign: () => 'note', at: this.clock.now() }));
    return [expected, entries];
  }

  async revoke(agency: string, revoked: boolean): Promise<[unknown, unknown]> {
    const { fingerprint } = this.keys.get(agency) as { fingerprint: string };
    this.world.rows.certificate.put({ fingerprint, agency, ...(revoked ? { revokedAt: this.world.now } : {}) });
    await this.db.owner.query('update waybill.certificate set revoked_at = $2 where fingerprint = $1', [fingerprint, revoked ? this.clock.now() : null]);
    return [0, 0];
  }

  /** Both clocks of the real side: the injected one, and the database's own by what its rows say of it. */
  async advance(ms: number): Promise<[unknown, unknown]> {
    this.world.now += ms;
    this.clock.advance(ms);
    await this.db.owner.query('update waybill.outbox set due_at = due_at - $1 * interval \'1 ms\', leased_until = leased_until - $1 * interval \'1 ms\', published_at = published_at - $1 * interval \'1 ms\'', [ms]);
    return [0, 0];
  }

  /** Everything that the two say of the transfers of this sequence, in the same words. */
  async compared(): Promise<[unknown, unknown]> {
    return [this.modelled(), await this.stored()];
  }

  private modelled(): unknown {
    const { rows, now } = this.world;
    return {
      transfers: this.transfers.map((id) => {
        const transfer = rows.transfer.get(undefined, id);
        return [transfer?.state, transfer?.holdReason ?? null, transfer?.endReason ?? null, transfer?.removedAt !== undefined, transfer?.collectedAt !== undefined, rows.wrapped.get(undefined, id) !== undefined,
          rows.outbox.find(undefined, ({ transfer: of }) => of === id).sort((a, b) => a.seq - b.seq).map((row) => [row.attempt, row.dueAt <= now, row.leasedUntil !== undefined && row.leasedUntil >= now, row.parked ?? null, row.publishedAt !== undefined]),
          rows.duty.find(undefined, ({ transfer: of }) => of === id).map((duty) => [duty.kind, duty.owner, duty.step, duty.nextAt === undefined ? null : Math.round((duty.nextAt - duty.openedAt) / 1_000), duty.because ?? null]).sort(),
          rows.event.find(undefined, ({ transfer: of }) => of === id).sort((a, b) => a.seq - b.seq).map(({ kind, detail }) => [kind, detail ?? null])];
      }),
      parts: this.shares.map((id) => rows.part.get(undefined, id) !== undefined),
      entries: counted(rows.entry.find(undefined, () => true).map(({ controller, kind }) => `${controller} ${kind}`)),
      pending: counted(rows.pending.find(undefined, () => true).map(({ controller }) => controller)),
      logs: rows.log.find(undefined, () => true).map(({ controller, size }) => [controller, size]).sort(),
    };
  }

  private async stored(): Promise<unknown> {
    const all = async <T extends object>(text: string, values: unknown[] = [this.transfers]): Promise<T[]> => (await this.db.owner.query<T>(text, values)).rows;
    const transfers = await all<{ id: string; says: unknown[] }>(`select id, json_build_array(state, hold_reason, end_reason, payload_removed_at is not null, collected_at is not null, exists (select from waybill.wrapped_key w where w.transfer = t.id)) as says from waybill.transfer t where id = any($1)`);
    const outbox = await all<{ transfer: string; says: unknown }>(`select transfer, json_build_array(attempt, due_at <= clock_timestamp(), leased_until is not null and leased_until >= clock_timestamp(), parked_reason, published_at is not null) as says from waybill.outbox where transfer = any($1) order by seq`);
    const duties = await all<{ transfer: string; says: unknown[] }>(`select transfer, json_build_array(kind, owner, step, round(extract(epoch from next_at - opened_at))::int, closed_because) as says from waybill.duty where transfer = any($1)`);
    const events = await all<{ transfer: string; says: unknown }>('select transfer, json_build_array(kind, detail) as says from waybill.event where transfer = any($1) order by seq');
    const of = <T>(rows: readonly { transfer: string; says: T }[], id: string): T[] => rows.filter(({ transfer }) => transfer === id).map(({ says }) => says);
    const parts = new Set((await all<{ share: string }>('select share from waybill.part', [])).map(({ share }) => share));
    return {
      transfers: this.transfers.map((id) => [...(transfers.find((row) => row.id === id)?.says ?? []), of(outbox, id), of(duties, id).sort(), of(events, id)]),
      parts: this.shares.map((id) => parts.has(id)),
      entries: Object.fromEntries((await all<{ of: string; count: number }>(`select controller || ' ' || kind as of, count(*)::int as count from waybill.entry group by 1 order by 1`, [])).map(({ of: name, count }) => [name, count])),
      pending: Object.fromEntries((await all<{ of: string; count: number }>('select controller as of, count(*)::int as count from waybill.pending_leaf group by 1 order by 1', [])).map(({ of: name, count }) => [name, count])),
      logs: (await all<{ controller: string; size: number }>('select controller, size::int as size from waybill.log order by 1', [])).map(({ controller, size }) => [controller, size]),
    };
  }

  /** Messages waiting of this sequence, as the model has them. */
  messages(): OutboxRow[] {
    return this.world.rows.outbox.find(undefined, ({ transfer }) => this.transfers.includes(transfer)).sort((a, b) => a.seq - b.seq);
  }

  /** The database names its messages itself: the model's take those names. */
  private async named(): Promise<void> {
    const { rows } = this.world;
    const stored = (await this.db.owner.query<{ id: string; transfer: string }>('select id, transfer from waybill.outbox order by seq')).rows;
    for (const row of rows.outbox.find(undefined, ({ id }) => id.startsWith('message-'))) {
      const found = stored.find(({ id, transfer }) => transfer === row.transfer && !rows.outbox.slots.has(id));
      if (!found) continue;
      rows.outbox.slots.delete(row.id);
      rows.outbox.put({ ...row, id: found.id });
    }
  }

  /** One after another, with nobody in between. */
  private run<T>(step: Step<T>): T {
    for (;;) {
      const { done, value } = step.next();
      if (done) return value;
      if (typeof value === 'function' && !value()) throw new Error('the model waits for somebody, and there is nobody');
    }
  }

  private message({ id, transfer, lane, attempt }: OutboxRow): Message {
    return { id, kind: 'transfer.due', transfer, lane, attempt, digest: digestOf(transfer), provenance: '', until: new Date() };
  }

  private real(share: Offered, transfers: readonly { id: string; agency: string }[], versions: ReadonlyMap<string, string>): RealSubmission {
    const at = this.clock.now();
    const sought = [SENDER, ...share.to];
    const entries = [...transfers.map(({ agency }) => ['share-announced', agency] as const), ['share-sent', SENDER] as const].map(([kind, controller]) => {
      const octets = randomBytes(16);
      return { id: uuid7(at.getTime()), controller, kind, disposal: 'disclosure', at, octets, leaf: leafHash(octets) };
    });
    return {
      share: {
        sender: { agency: SENDER, controller: SENDER }, signature: PART, signer: 'A'.repeat(40), signerCertificate: PART, acceptedAt: at, receipt: { transfers: [{ lane: share.lane }], register: { entry: entries.at(-1)?.id } },
        kept: { octets: PART, digest: digestOf(`decided-${share.id}`), parties: new Map() },
        head: { manifest: { id: share.id, agreement: { id: AGREEMENT, version: '1' }, urgency: 'routine' }, manifestDigest: digestOf(share.id), manifestOctets: PART },
        parts: new Map([['part-1', { digest: digestOf(`sealed-${share.id}`), size: PART.length, octets: PART, addressees: [] }]]),
        transfers: transfers.map(({ id, agency }) => ({
          id, recipient: { agency, contact: 'team' }, recipientController: agency, route: 'mailbox', weaker: false, lane: share.lane, recordedAs: { controllership: 'own', bothSides: false }, provenance: '', consignmentDigest: digestOf(id), size: PART.length,
          payloadUntil: new Date(at.getTime() + 28 * DAY), remindOnDays: [3, 9, 14], categories: ['names'], lines: ['{}'], copies: [{ part: 'part-1', head: Buffer.from('keys'), keys: [this.keys.get(agency)?.keyId] }],
        })),
      },
      entries, ...(share.key ? { idempotencyKey: share.key } : {}),
      facts: {
        agreement: { id: AGREEMENT }, under: { version: versions.get(AGREEMENT), around: [] }, sought,
        agencies: new Map(sought.map((id) => [id, { row: { version: String(Number(versions.get(id)) - (share.stale ? 1 : 0)) } }])),
      },
    } as unknown as RealSubmission;
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

export const newShareId = (): string => randomUUID();
export const EVERY_LANE = LANES;
