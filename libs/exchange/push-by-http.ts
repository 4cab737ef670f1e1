import { type Clock, HOUR, SECOND } from '#platform/clock';
import { type Egress, type EgressAnswer, EgressFailed } from '#platform/egress';
import { type Enclosing, type Push, told, type WayOut } from './pushes';
import type { TransferRow } from './rows';
import { secretOf, signaturesOf } from './webhook-signature';

interface HttpRooms {
  egress: Egress;
  webhookKey: Buffer;
  clock: Clock;
}

/** To an endpoint of the agency's own, as Standard Webhooks has it. An endpoint that says 410 is gone. */
export const byHttp = ({ egress, webhookKey, clock }: HttpRooms): WayOut => async (push, transfer, enclosing) => {
  try {
    const { status, headers, tls } = await egress.ask(push.url ?? '', async () => {
      const body = await bodyOf(transfer, enclosing);
      return { method: 'POST', headers: { 'content-type': 'application/json', ...signed(push, body, { webhookKey, at: clock.now() }) }, body };
    });
    return { answer: String(status), taken: status >= 200 && status < 300, gone: status === 410, rest: retryAfter(headers), tls };
  } catch (error) {
    if (error instanceof EgressFailed) return { answer: error.cause ?? error.code, taken: false };
    throw error;
  }
};

/** JSON throughout, which every library of the standard verifies: ids and codes, or these and the sealed envelope in base64. */
async function bodyOf(transfer: TransferRow, enclosing: Enclosing): Promise<Buffer> {
  const envelope = await enclosing();
  const enclosed = envelope && { provenance: transfer.provenance, contentType: `multipart/mixed; boundary=${envelope.boundary}`, envelope: envelope.octets.toString('base64') };
  return Buffer.from(JSON.stringify({
    type: enclosed ? 'transfer.envelope' : 'transfer.available', timestamp: (transfer.available_at ?? new Date(0)).toISOString(), data: { ...told(transfer), ...enclosed },
  }));
}

function signed({ id, webhook, secret_version: version, previous_until: until }: Push, body: Buffer, { webhookKey, at }: { webhookKey: Buffer; at: Date }): Record<string, string> {
  const overlaps = until !== null && until > at;
  const secrets = [version, ...(overlaps ? [version - 1] : [])].map((each) => secretOf(webhookKey, webhook, each));
  const seconds = Math.floor(at.getTime() / SECOND);
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signaturesOf(secrets, { id, at: seconds, body }) };
}

/** Milliseconds that a busy endpoint asks for, an hour at most: it does not decide when something is given up. */
function retryAfter({ 'retry-after': asked }: EgressAnswer['headers']): number {
  return asked !== undefined && /^[0-9]{1,6}$/.test(asked) ? Math.min(Number(asked) * SECOND, HOUR) : 0;
}
