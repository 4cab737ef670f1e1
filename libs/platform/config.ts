import type { DatabaseAddress } from './database';
import { isLocal } from './hosts';
import { look, type ValueFault } from './setting-kinds';
import { type Line, nearest, type Place, readSettingsFile, type SettingFault, told } from './settings-file';

/** One setting of a process. None that guards anything has a default. */
export interface Setting {
  says: string;
  example: string;
  /** `file`: the value is a path, and what is asked for is the file's text. */
  kind: 'text' | 'port' | 'count' | 'origin' | 'file' | 'folder';
  /** What must be in a file. A password or a private key is for the process alone: a file that others may read is refused. */
  holds?: 'password' | 'private-key' | 'ed25519-private-key' | 'ed25519-public-key' | 'certificate';
  /** Of a folder. */
  writable?: true;
  /** What holds when it is not set. Absent: it must be. */
  otherwise?: string;
  /** Left out altogether where it is not set. */
  optional?: true;
  /** What a room knows to be wrong with it, given what was read (a file's text, a folder's path). */
  faultsOf?(read: string): readonly ValueFault[];
}

export type Settings = Readonly<Record<string, Setting>>;
export type Read<S extends Settings> = { [Name in keyof S]: S[Name] extends { optional: true } ? string | undefined : string };

/** All that a process can be told. */
export interface ProcessSettings<S extends Settings = Settings> {
  name: string;
  says: string;
  settings: S;
  /** What shows only when several settings are looked at together; the first named is where it is told. */
  together?: readonly ((read: Readonly<Record<string, string | undefined>>) => (ValueFault & { setting: string }) | undefined)[];
}

/** Where the value of a setting comes from. */
export type Origin = { from: 'file'; at: Place } | { from: 'environment' | 'default' | 'nowhere' };

export interface Reading<S extends Settings> {
  config: Read<S>;
  origins: ReadonlyMap<string, Origin>;
  faults: readonly SettingFault[];
}

/** Everything that is wrong with the settings of a process, each with its fix: a start fails once, not once for each. */
export class ConfigIncomplete extends Error {
  constructor(process: string, readonly faults: readonly SettingFault[]) {
    super(`The ${process} cannot start:\n${faults.map((fault) => `  ${told(fault)}`).join('\n')}`);
    this.name = 'ConfigIncomplete';
  }
}

/** Names the file with the settings; what stands in the environment wins over it. */
export const CONFIG = 'WAYBILL_CONFIG';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Sources {
  env: Environment;
  file?: string;
  /** Names that are some process's, though not this one's: one file may serve all. Absent: a name that this process does not know is left alone. */
  known?: ReadonlySet<string>;
  /** Where a path of the settings lies on this machine. */
  find?: (path: string) => string;
}

/** Reads a process's settings and judges them, without starting anything. */
export function readingOf<const S extends Settings>({ settings, together = [] }: Omit<ProcessSettings<S>, 'says'>, { env, file, known, find = (path) => path }: Sources): Reading<S> {
  const { lines, faults: broken } = file === undefined ? { lines: [], faults: [] } : readSettingsFile(file);
  const faults = [...broken, ...(known ? unknownOf(lines, new Set([...known, ...Object.keys(settings)])) : [])];
  const inFile = new Map(lines.map((line) => [line.name, line]));
  const origins = new Map<string, Origin>();
  const read: Record<string, string | undefined> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const line = inFile.get(name);
    const value = env[name] ?? line?.value ?? setting.otherwise;
    const origin: Origin = env[name] !== undefined ? { from: 'environment' } : line ? { from: 'file', at: line.at } : { from: value === undefined ? 'nowhere' : 'default' };
    origins.set(name, origin);
    // A broken line is told as such; that its setting is missing would be the same fault again.
    const brokenHere = broken.some(({ says }) => says.startsWith(`${name} `));
    if (value === undefined) {
      if (!setting.optional && !brokenHere) faults.push({ says: `${name} is not set: ${setting.says}`, fix: `For example ${name}=${setting.example}` });
      continue;
    }
    const looked = look(setting, value, find);
    const found = looked.faults.length > 0 || looked.read === undefined ? looked.faults : (setting.faultsOf?.(looked.read) ?? []);
    faults.push(...found.map((each) => placed(name, origin, each, setting)));
    if (found.length === 0) read[name] = looked.read;
  }
  for (const judge of together) {
    const found = judge(read);
    if (found) faults.push(placed(found.setting, origins.get(found.setting) ?? { from: 'nowhere' }, found));
  }
  return { config: read as Read<S>, origins, faults };
}

/** Reads the settings of a process that starts. @throws ConfigIncomplete with everything that is missing or wrong */
export function readConfig<const S extends Settings>(process: string, settings: S, env: Environment, more: Pick<ProcessSettings, 'together'> & { known?: ReadonlySet<string> } = {}): Read<S> {
  const { config, faults } = readingOf({ name: process, settings, ...(more.together ? { together: more.together } : {}) }, { env, ...(env[CONFIG] === undefined ? {} : { file: env[CONFIG] }), ...(more.known ? { known: more.known } : {}) });
  if (faults.length > 0) throw new ConfigIncomplete(process, faults);
  return config;
}

const placed = (name: string, origin: Origin, { says, fix }: ValueFault, setting?: Setting): SettingFault =>
  ({ ...(origin.from === 'file' ? { at: origin.at } : {}), says: `${name}: ${says}`, fix: `${fix}${setting ? `. It is the ${setting.says}` : ''}` });

function unknownOf(lines: readonly Line[], known: ReadonlySet<string>): SettingFault[] {
  return lines.filter(({ name }) => !known.has(name)).map(({ name, at }) => ({ at, says: `${name} is no setting`, fix: `The nearest is ${nearest(name, known) ?? 'none'}; docs/configuration.md lists them all` }));
}

/** The database as every process is told of it. */
export const DATABASE_SETTINGS = {
  WAYBILL_DATABASE_HOST: { says: 'host of PostgreSQL, or the folder of its unix socket', example: 'db.internal', kind: 'text' },
  WAYBILL_DATABASE_PORT: { says: 'port of PostgreSQL', example: '5432', kind: 'port', otherwise: '5432' },
  WAYBILL_DATABASE_NAME: { says: 'name of the database', example: 'waybill', kind: 'text', otherwise: 'waybill' },
  WAYBILL_DATABASE_PASSWORD_FILE: { says: "file with the password of this process's own database role", example: '/run/secrets/database', kind: 'file', holds: 'password', optional: true },
  WAYBILL_DATABASE_CA_FILE: { says: 'certificate authority of PostgreSQL (PEM): wherever it is not on this machine', example: '/etc/waybill/database-ca.pem', kind: 'file', holds: 'certificate', optional: true },
} as const satisfies Settings;

/** CH-08: the database is reached with TLS, or on this machine. */
export const databaseInClear: NonNullable<ProcessSettings['together']>[number] = ({ WAYBILL_DATABASE_HOST: host, WAYBILL_DATABASE_CA_FILE: ca }) =>
  (host === undefined || isLocal(host) || ca !== undefined ? undefined : { setting: 'WAYBILL_DATABASE_HOST', says: 'the database would be reached without TLS', fix: 'Give WAYBILL_DATABASE_CA_FILE, the certificate authority of its server (CH-08)' });

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
