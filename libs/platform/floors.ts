import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database';
import type { Log } from './log';

/** The oldest version of something without a known hole, and which hole that is. */
interface Floor {
  minimum: string;
  advisory: string;
}

export interface ServerFloor extends Floor {
  server: string;
  /** By major, where older majors are mended as well. */
  of?: Readonly<Record<string, string>>;
}

/** `deploy/floors.json` */
export interface Floors {
  packages: readonly (Floor & { package: string })[];
  servers: readonly ServerFloor[];
}

/** Semantic Versioning 2.0, 11: whether `version` is `minimum` or later. A pre-release comes before its release. */
export function reaches(version: string, minimum: string): boolean {
  const parts = (text: string): number[] => (text.split('-')[0] as string).split('.').map(Number);
  const [a, b] = [parts(version), parts(minimum)];
  const at = [...Array(Math.max(a.length, b.length)).keys()].find((i) => (a[i] ?? 0) !== (b[i] ?? 0));
  return at === undefined ? !version.includes('-') || minimum.includes('-') : (a[at] ?? 0) > (b[at] ?? 0);
}

/** The floor that a server is below, or nothing. @param version as the server says it: `v24.1.0`, `18.4 (Debian 18.4-1)` */
export function belowOf(servers: readonly ServerFloor[], server: string, version: string): { minimum: string; advisory: string } | undefined {
  const floor = servers.find((each) => each.server === server);
  const number = /\d+(\.\d+)*/.exec(version)?.[0];
  if (!floor || !number) return undefined;
  const minimum = floor.of?.[number.split('.')[0] as string] ?? floor.minimum;
  return reaches(number, minimum) ? undefined : { minimum, advisory: floor.advisory };
}

/** What is known of floors where this release lies. */
export function readFloors(file: string = join(process.cwd(), 'deploy/floors.json')): Floors {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Floors) : { packages: [], servers: [] };
}

/** Says at the start which server has a known hole. It serves all the same: a front door that is shut protects nobody. */
export async function sayBelow(database: Database, log: Log): Promise<void> {
  const { servers } = readFloors();
  const rows = (await database.source.query(`select current_setting('server_version') as version`)) as { version: string }[];
  const running = { 'Node.js': process.versions.node, OpenSSL: process.versions.openssl, PostgreSQL: rows[0]?.version ?? '' };
  for (const [server, version] of Object.entries(running)) if (belowOf(servers, server, version)) log.write('warn', 'server.below-floor', { code: server.replace('.', '') });
}
