import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, issue, type Issued, makeAuthority, spkiOf } from '../../libs/envelope/authority';

/** TLS keys of a run: RSA-3072 takes its time, so they are made once and each test file's agencies take theirs from the pool. */
export interface TlsPool {
  authority: Authority;
  server: Issued;
  clients: Issued[];
  /** By the common name that a broker knows them by; `impostor` is the relay in name only, of another authority. */
  broker: Record<(typeof BROKER_NAMES)[number] | 'impostor', Issued>;
}

const CLIENTS = 8;
export const BROKER_NAMES = ['waybill-relay', 'waybill-courier', 'waybill-test-administrator'] as const;
const AGE_MS = 3_600_000;
const VALID_MS = 90 * 24 * 3_600_000;

export async function makePool(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'pool.json');
  if (existsSync(file)) return;
  // Begun a while ago: a process whose clock is slow may hold one too.
  const validity = { from: new Date(Date.now() - AGE_MS), until: new Date(Date.now() + VALID_MS) };
  const authority = await makeAuthority('Waybill test authority', validity);
  const server = await issue(authority, 'Waybill test gateway', { ...validity, hosts: ['localhost', '127.0.0.1'] });
  const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => issue(authority, `client ${i}`, validity)));
  const other = await makeAuthority('Waybill test authority', validity);
  const named = async (name: string, by: Authority = authority) => [name, await issue(by, name, validity)] as const;
  const broker = Object.fromEntries(await Promise.all([...BROKER_NAMES.map((name) => named(name)), named('waybill-relay', other).then(([, issued]) => ['impostor', issued] as const)]));
  writeFileSync(file, JSON.stringify({ authority, server, clients, broker }), { mode: 0o600 });
}

export function readPool(): TlsPool {
  const pool = JSON.parse(readFileSync(join(process.env['WAYBILL_TEST_TLS'] ?? '', 'pool.json'), 'utf8')) as TlsPool;
  for (const issued of [pool.server, ...pool.clients, ...Object.values(pool.broker)]) if (spkiOf(issued.certificate) !== issued.spki) throw new Error('the TLS pool does not hold together');
  return pool;
}
