import { Client } from 'pg';
import { EMBEDDED_OWNER } from '../../libs/platform/embedded-postgres';

export const TEMPLATE = 'waybill_template';

export async function asOwner<T>(host: string, database: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ host, port: 5432, user: EMBEDDED_OWNER, database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
