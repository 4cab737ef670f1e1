import type { PushesTold, WebhookEntered, WebhookList, WebhookSecret, WebhookWanted } from '#protocol/webhooks';
import type { Partner } from './partner';

// Endpoints of our own that the gateway tells what lies ready.

type Asking = Pick<Partner, 'connection'>;

const at = (contact: string): string => `/v1/webhooks/${encodeURIComponent(contact)}`;

export const listWebhooks = ({ connection }: Asking): Promise<WebhookList> => connection.json({ path: '/v1/webhooks' });

export function enterWebhook({ connection }: Asking, contact: string, wanted: WebhookWanted): Promise<WebhookEntered> {
  const octets = Buffer.from(JSON.stringify(wanted));
  return connection.json({ path: at(contact), method: 'PUT', body: { type: 'application/json', size: octets.length, octets: () => [octets] } });
}

export const removeWebhook = async ({ connection }: Asking, contact: string): Promise<void> => void (await connection.octets({ path: at(contact), method: 'DELETE' }, 1_024));

/** Not asked again when nobody answers: each asking makes another secret. */
export const replaceWebhookSecret = ({ connection }: Asking, contact: string): Promise<WebhookSecret> => connection.json({ path: `${at(contact)}/secret`, method: 'POST', once: true });

export const replayWebhook = ({ connection }: Asking, contact: string, since: Date): Promise<PushesTold> =>
  connection.json({ path: `${at(contact)}/replay?since=${encodeURIComponent(since.toISOString())}`, method: 'POST' });
