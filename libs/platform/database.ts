import 'reflect-metadata';
import { DataSource, type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';
import * as pg from 'pg';
import { isLocal } from './hosts';
import { prepared } from './rows';

/** The processes that touch the database, each with a role of its own (`deploy/database/migrations/0001_roles.sql`). */
export type ProcessRole = 'gateway' | 'courier' | 'relay' | 'registrar' | 'disposal' | 'operator' | 'console';

/** One transaction. A writer takes it first and says what it guarantees. */
export type Tx = EntityManager;

export interface DatabaseAddress {
  /** Host name, or the folder of a unix socket. */
  host: string;
  port: number;
  database: string;
  password?: string;
  tls?: { ca: string };
}

/** Who is asking: row-level security shows this agency's transfers and this controller's register, and nothing else. */
export interface Asker {
  agency: string;
  controller: string;
}

/** Connections kept by one process: a statement takes a millisecond, so a handful serves thousands a second. */
const POOL_SIZE: Record<ProcessRole, number> = { gateway: 16, courier: 6, relay: 6, registrar: 2, disposal: 1, operator: 1, console: 8 };
/** A statement longer than this is stuck behind something that will not end. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** Whoever waits longer for a row or a lock lets it be and tries again: nobody else shall wait behind it. */
const LOCK_TIMEOUT_MS = 5_000;
/** Every question of a process has its index. Tables that are new or have just grown would be read from end to end until statistics are gathered. */
const PLANNING = '-c enable_seqscan=off';

/**
 * A courier need not wait for the disk: what a crash of the server takes back of its work is an outbox row that stands again, and is worked off again. Nothing
 * can rest on what is taken back: whoever commits durably after it makes it durable too. Every other process waits; the relay signs checkpoints.
 */
const UNHURRIED: Partial<Record<ProcessRole, string>> = { courier: ' -c synchronous_commit=off' };

/**
 * A connection that somebody always listens to. The pool stops listening before whoever asked for it begins: where the server's crash is told in the
 * same octets that say that it is ready, nobody would hear it, and the process would end. What was under way fails by itself.
 */
class Attended extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** The database as one process sees it. */
export class Database {
  private constructor(readonly source: DataSource, readonly role: ProcessRole) {}

  /**
   * @throws Error when the address is neither a unix socket nor protected by TLS (CH-08), or nobody answers
   */
  static async open(role: ProcessRole, address: DatabaseAddress, entities: EntityTarget<ObjectLiteral>[] = []): Promise<Database> {
    refuseClear(address);
    const source = new DataSource({
      type: 'postgres',
      driver: pg,
      host: address.host,
      port: address.port,
      database: address.database,
      username: `waybill_${role}`,
      ...(address.password === undefined ? {} : { password: address.password }),
      ...(address.tls ? { ssl: { ca: address.tls.ca, rejectUnauthorized: true } } : {}),
      schema: 'waybill',
      entities: entities as never[],
      synchronize: false,
      logging: false,
      poolSize: POOL_SIZE[role],
      extra: { Client: Attended, options: `${PLANNING}${UNHURRIED[role] ?? ''}`, statement_timeout: STATEMENT_TIMEOUT_MS, lock_timeout: LOCK_TIMEOUT_MS, idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS * 20 },
    });
    await source.initialize();
    return new Database(source, role);
  }

  /** Runs `work` in one transaction as nobody in particular: row-level security shows no tenant's row. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.source.transaction(work);
  }

  /** Runs `work` in one transaction in which only what `asker` may see exists. */
  as<T>(asker: Asker, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.source.transaction(async (tx) => {
      await tx.query(`select set_config('waybill.agency', $1, true), set_config('waybill.controller', $2, true)`, [asker.agency, asker.controller]);
      return work(tx);
    });
  }

  /** Asks one thing by itself, with a statement that the connection prepares once and plans once: for what is asked at each request. */
  async ask<T>(text: string, values: unknown[]): Promise<T[]> {
    const runner = this.source.createQueryRunner();
    try {
      return await prepared<T>(runner.manager, text, values);
    } finally {
      await runner.release();
    }
  }

  /** Connections: open, of these idle, how many may be open, and how many transactions wait for one. */
  get pool(): { open: number; idle: number; most: number; waiting: number } {
    const { master } = this.source.driver as unknown as { master: { totalCount: number; idleCount: number; waitingCount: number } };
    return { open: master.totalCount, idle: master.idleCount, most: POOL_SIZE[this.role], waiting: master.waitingCount };
  }

  close(): Promise<void> {
    return this.source.destroy();
  }
}

/** Does work as another agency of the same transaction, whose rows row-level security then shows; and is itself again, where it was somebody. */
export async function actingAs<T>(tx: Tx, agency: string, work: () => Promise<T>, { instead = '' }: { instead?: string } = {}): Promise<T> {
  await prepared(tx, ACT_AS, [agency]);
  const done = await work();
  await prepared(tx, ACT_AS, [instead]);
  return done;
}

const ACT_AS = `select set_config('waybill.agency', $1, true)`;

function refuseClear(address: DatabaseAddress): void {
  if (address.tls || isLocal(address.host)) return;
  throw new Error(`The database ${address.host} would be reached without TLS. Give WAYBILL_DATABASE_CA_FILE, the certificate authority of its server (CH-08).`);
}
