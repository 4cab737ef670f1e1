import type { Clock } from '#platform/clock';
import type { Log } from '#platform/log';
import { type PartnerQueues, QueueNotReached } from '#queue/partner-queues';
import { told, type WayOut } from './pushes';

interface AmqpRooms {
  queues: PartnerQueues;
  clock: Clock;
  log: Log;
}

/**
 * Onto a queue of the contact's own: the sealed envelope as octets, or ids and codes as JSON. Where it comes from and what is to be done with it travel as
 * headers. Its consumer knows a transfer again by the message's id, however often it is laid there.
 */
export const byAmqp = ({ queues, clock, log }: AmqpRooms): WayOut => async ({ agency }, transfer, enclosing) => {
  try {
    const { outcome, tls } = await queues.lay({ agency, contact: transfer.contact }, async () => {
      const envelope = await enclosing();
      const data = { ...told(transfer), digest: transfer.consignment_digest };
      return {
        id: transfer.id, at: clock.now(), until: transfer.payload_until, headers: { ...data, Provenance: transfer.provenance },
        ...(envelope
          ? { type: 'transfer.envelope', contentType: `multipart/mixed; boundary=${envelope.boundary}`, body: envelope.octets }
          : { type: 'transfer.available', contentType: 'application/json', body: Buffer.from(JSON.stringify(data)) }),
      };
    });
    if (outcome !== 'confirmed') log.write('warn', 'partner-queue.failed', { agency, transfer: transfer.id, code: outcome });
    return { answer: outcome, taken: outcome === 'confirmed', tls };
  } catch (error) {
    if (!(error instanceof QueueNotReached)) throw error;
    log.write('warn', 'partner-queue.failed', { agency, transfer: transfer.id, code: error.code });
    return { answer: error.code, taken: false };
  }
};
