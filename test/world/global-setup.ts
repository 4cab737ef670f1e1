import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../../libs/platform/embedded-postgres';
import { migrate } from '../../libs/platform/migrate';
import { asOwner, TEMPLATE } from './owner';
import { makePool } from './tls';

/** One PostgreSQL for the run, in the project's own folder, on a socket of its own, gone when the run ends. */
export default async function setUp(): Promise<void> {
  // Some tests start what a user starts. `npm test` has compiled it just before; whoever runs jest alone compiles once.
  if (!existsSync('dist/apps')) execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'deploy/tsconfig.build.json'], { stdio: 'inherit' });
  const folder = join(process.cwd(), '.waybill', 'test', `postgres-${process.pid}`);
  const tls = `${folder}-tls`;
  await makePool(tls);
  process.env['WAYBILL_TEST_TLS'] = tls;
  // Started by the first test that needs it, in whichever worker.
  process.env['WAYBILL_TEST_BROKER'] = join(process.cwd(), '.waybill', 'test', `broker-${process.pid}`);
  const server = await startPostgres(folder, { durable: false });
  await asOwner(server.host, 'postgres', (client) => client.query(`create database ${TEMPLATE}`));
  await migrate({ host: server.host, port: server.port, user: server.owner, database: TEMPLATE });
  process.env['WAYBILL_TEST_POSTGRES'] = server.host;
  (globalThis as { waybillPostgres?: { stop(): Promise<void>; folder: string } }).waybillPostgres = { stop: () => server.stop(), folder };
}
