import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '#platform/embedded-postgres';
import { migrate } from '#platform/migrate';
import { ARTEFACTS } from './generate/artefacts';

/** `npm run generate`: writes every generated file anew. `test/architecture/generated.spec.ts` fails while one differs. */
async function generate(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-generate-'));
  try {
    const server = await startPostgres(folder, { durable: false });
    try {
      await write({ host: server.host, port: server.port, user: server.owner, database: 'postgres' });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function write(address: { host: string; port: number; user: string; database: string }): Promise<void> {
  await migrate(address);
  const client = new Client(address);
  await client.connect();
  try {
    for (const [path, make] of Object.entries(ARTEFACTS)) {
      const text = await make(client);
      const same = existsSync(path) && readFileSync(path, 'utf8') === text;
      if (!same) writeFileSync(path, text);
      console.log(`${path}: ${same ? 'as it was' : 'written'}`);
    }
  } finally {
    await client.end();
  }
}

generate().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
