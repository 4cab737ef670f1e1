import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { readAgreements } from '#partnership/agreements';
import { DATABASE_SETTINGS, databaseInClear, databaseOf, readConfig, type Settings } from '#platform/config';
import type { ProcessRole } from '#platform/database';
import type { Agreement } from '#policy/agreement';
import type { Io } from '../io';

const SETTINGS = {
  ...DATABASE_SETTINGS,
  WAYBILL_AGREEMENTS: { says: 'folder of agreement profiles', example: '/etc/waybill/agreements', kind: 'folder', optional: true },
  WAYBILL_ROLE_PASSWORDS: { says: 'folder with a file for each role (`waybill_gateway`, …) that holds its password', example: '/run/secrets/roles', kind: 'folder', optional: true },
} as const satisfies Settings;

export const ROLES = ['gateway', 'courier', 'relay', 'registrar', 'disposal', 'operator', 'console'] as const satisfies readonly ProcessRole[];

export interface RoleSeen {
  /** Absent: it was not let in. */
  client?: Client;
  code?: string;
}

export interface InstallationFacts {
  now: () => Date;
  host: string;
  tls: boolean;
  roles: ReadonlyMap<ProcessRole, RoleSeen>;
  /** As the folder has them; absent: no folder was named. */
  agreements?: ReadonlyMap<string, Agreement>;
  /** Asks as a role. @throws Error, whose code is told, when the role was not let in */
  ask<Row extends object>(role: ProcessRole, sql: string): Promise<Row[]>;
}

const PATIENCE_MS = 5_000;

/** Knocks at the database as every role. @throws ConfigIncomplete */
export async function gatherInstallation(io: Io): Promise<InstallationFacts> {
  const config = readConfig('doctor', SETTINGS, io.env, { together: [databaseInClear] });
  const address = databaseOf(config);
  const folder = config.WAYBILL_ROLE_PASSWORDS;
  const roles = new Map<ProcessRole, RoleSeen>();
  for (const role of ROLES) {
    const file = folder === undefined ? undefined : join(folder, `waybill_${role}`);
    const password = file && existsSync(file) ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') : address.password;
    const client = new Client({ host: address.host, port: address.port, database: address.database, user: `waybill_${role}`, connectionTimeoutMillis: PATIENCE_MS, statement_timeout: PATIENCE_MS, ...(password === undefined ? {} : { password }), ...(address.tls ? { ssl: { ca: address.tls.ca, rejectUnauthorized: true } } : {}) });
    client.on('error', () => undefined);
    roles.set(role, await client.connect().then(() => ({ client }), (error: unknown) => ({ code: String((error as { code?: unknown }).code ?? 'unknown') })));
  }
  const agreements = config.WAYBILL_AGREEMENTS;
  return {
    now: io.now, host: address.host, tls: address.tls !== undefined, roles, ...(agreements ? { agreements: readAgreements(agreements) } : {}),
    ask: async <Row extends object>(role: ProcessRole, sql: string): Promise<Row[]> => {
      const { client, code } = roles.get(role) ?? {};
      if (!client) throw Object.assign(new Error('not let in'), { code });
      return (await client.query<Row>(sql)).rows;
    },
  };
}
