import { rmSync } from 'node:fs';

export default async function tearDown(): Promise<void> {
  const server = (globalThis as { waybillPostgres?: { stop(): Promise<void>; folder: string } }).waybillPostgres;
  if (!server) return;
  await server.stop();
  rmSync(server.folder, { recursive: true, force: true });
  rmSync(`${server.folder}-tls`, { recursive: true, force: true });
}
