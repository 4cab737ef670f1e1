import 'reflect-metadata';
import { DataSource, type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';
import * as pg from 'pg';

/** The processes that touch the database, each with a role of its own (`deploy/database/migrations/0001_roles.sql`). */
export type ProcessRole = 'gateway' | 'courier' | 'relay' | 'registrar' | 'disposal';

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
const POOL_SIZE: Record<ProcessRole, number> = { gateway: 16, courier: 6, relay: 4, registrar: 2, disposal: 1 };
/** A statement longer than this is stuck behind something that will not end. */
const STATEMENT_TIMEOUT_MS = 30_000;

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
      extra: { statement_timeout: STATEMENT_TIMEOUT_MS, idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS * 20 },
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

  close(): Promise<void> {
    return this.source.destroy();
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

function refuseClear(address: DatabaseAddress): void {
  if (address.host.startsWith('/') || address.tls || LOOPBACK.has(address.host)) return;
  throw new Error(`The database ${address.host} would be reached without TLS. Give WAYBILL_DATABASE_CA, the certificate authority of its server (CH-08).`);
}
