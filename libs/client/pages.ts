import { ClientRefusal } from './codes';
import type { Partner } from './partner';

/** What a list of the gateway holds, in its order, page by page. @throws ClientRefusal ANSWER_INVALID, GatewayProblem */
export async function* itemsOf<Item>({ connection }: Pick<Partner, 'connection'>, path: string, query: Readonly<Record<string, string>> = {}): AsyncGenerator<Item> {
  let after = query['after'];
  do {
    const asked = new URLSearchParams({ ...query, ...(after === undefined ? {} : { after }) }).toString();
    const page = await connection.json<{ items: Item[]; next?: string }>({ path: asked ? `${path}?${asked}` : path });
    if (!Array.isArray(page.items)) throw new ClientRefusal('ANSWER_INVALID', { path });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
