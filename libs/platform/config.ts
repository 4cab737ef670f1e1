import { existsSync, readFileSync } from 'node:fs';
import type { DatabaseAddress } from './database';

/** One setting of a process. None that guards anything has a default. */
export interface Setting {
  says: string;
  example: string;
  /** `file`: the value is a path, and what is asked for is the file's text. */
  kind: 'text' | 'port' | 'file' | 'folder';
  /** What holds when it is not set. Absent: it must be. */
  otherwise?: string;
  /** Left out altogether where it is not set. */
  optional?: true;
}

export type Settings = Readonly<Record<string, Setting>>;
type Read<S extends Settings> = { [Name in keyof S]: S[Name] extends { optional: true } ? string | undefined : string };

/** Everything that is wrong with the settings of a process, each with its fix: a start fails once, not once for each. */
export class ConfigIncomplete extends Error {
  constructor(process: string, faults: readonly string[]) {
    super(`The ${process} cannot start:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigIncomplete';
  }
}

/** The database as every process is told of it. */
export const DATABASE_SETTINGS = {
  WAYBILL_DATABASE_HOST: { says: 'host of PostgreSQL, or the folder of its unix socket', example: 'db.internal', kind: 'text' },
  WAYBILL_DATABASE_PORT: { says: 'port of PostgreSQL', example: '5432', kind: 'port', otherwise: '5432' },
  WAYBILL_DATABASE_NAME: { says: 'name of the database', example: 'waybill', kind: 'text', otherwise: 'waybill' },
  WAYBILL_DATABASE_PASSWORD_FILE: { says: "file with the password of this process's own database role", example: '/run/secrets/database', kind: 'file', optional: true },
  WAYBILL_DATABASE_CA_FILE: { says: 'certificate authority of PostgreSQL (PEM): wherever it is not on this machine', example: '/etc/waybill/database-ca.pem', kind: 'file', optional: true },
} as const satisfies Settings;

export const AGREEMENT_SETTINGS = {
  WAYBILL_AGREEMENTS: { says: 'folder of agreement profiles', example: '/etc/waybill/agreements', kind: 'folder' },
} as const satisfies Settings;

/** Reads a process's settings. @throws ConfigIncomplete with everything that is missing or wrong */
export function readConfig<const S extends Settings>(process: string, settings: S, env: Readonly<Record<string, string | undefined>>): Read<S> {
  const faults: string[] = [];
  const read = Object.entries(settings).map(([name, setting]) => {
    const given = env[name] ?? setting.otherwise;
    if (given === undefined) {
      if (!setting.optional) faults.push(`${name} is not set: ${setting.says}. For example ${name}=${setting.example}`);
      return [name, undefined];
    }
    const fault = faultOf(setting, given);
    if (fault) faults.push(`${name}: ${fault}. It is the ${setting.says}`);
    return [name, fault || setting.kind !== 'file' ? given : readFileSync(given, 'utf8')];
  });
  if (faults.length > 0) throw new ConfigIncomplete(process, faults);
  return Object.fromEntries(read) as Read<S>;
}

/** Never shows the value: it may be a secret that was put into the wrong variable. */
function faultOf({ kind }: Setting, value: string): string | undefined {
  if (kind === 'port') return /^[0-9]{1,5}$/.test(value) && Number(value) < 65_536 ? undefined : 'it is no port';
  if (kind === 'file' || kind === 'folder') return existsSync(value) ? undefined : `there is no such ${kind}`;
  return value.trim() === '' ? 'it is empty' : undefined;
}

export function databaseOf(config: Read<typeof DATABASE_SETTINGS>): DatabaseAddress {
  const { WAYBILL_DATABASE_PASSWORD_FILE: password, WAYBILL_DATABASE_CA_FILE: ca } = config;
  return {
    host: config.WAYBILL_DATABASE_HOST,
    port: Number(config.WAYBILL_DATABASE_PORT),
    database: config.WAYBILL_DATABASE_NAME,
    ...(password ? { password: password.replace(/\r?\n$/, '') } : {}),
    ...(ca ? { tls: { ca } } : {}),
  };
}

/** Runs a process until it is told to stop, or until it cannot start: then it says why and exits 78 (EX_CONFIG). */
export async function runProcess(start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  try {
    const running = await start();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.stop().then(() => process.exit(0)));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(78);
  }
}
