import { rmSync } from 'node:fs';
import { endNodes } from './broker';

export default async function tearDown(): Promise<void> {
  await endNodes(process.env['WAYBILL_TEST_BROKER'] ?? '');
  const server = (globalThis as { waybillPostgres?: { stop(): Promise<void>; folder: string } }).waybillPostgres;
  if (!server) return;
  await server.stop();
  rmSync(server.folder, { recursive: true, force: true });
  rmSync(`${server.folder}-tls`, { recursive: true, force: true });
}
