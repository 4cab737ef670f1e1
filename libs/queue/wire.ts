import type { Channel, ConsumeMessage, Options } from 'amqplib';
import type { Lane } from './lanes';
import type { Filling, Message } from './message';
import type { Due } from './outbox';

/** The longest life that AMQP can say, about 49 days: 32 bits of milliseconds. */
const LONGEST_LIFE_MS = 4_294_967_295;

/** Milliseconds that a message may live. */
export const lifeOf = (until: Date, at: Date): number => Math.min(Math.max(until.getTime() - at.getTime(), 1_000), LONGEST_LIFE_MS);

/** A message as the broker carries it: ids, a digest and the provenance in headers; its body is the sealed envelope, empty above the limit. */
export function written({ id, transfer, attempt }: Due, filling: Filling, at: Date): { body: Buffer; options: Options.Publish } {
  return {
    body: filling.envelope?.octets ?? Buffer.alloc(0),
    options: {
      messageId: id,
      type: 'transfer.due',
      persistent: true,
      // Given back to us if no queue takes it: an exchange without its queues would lose it without a word.
      mandatory: true,
      contentType: filling.envelope ? 'multipart/mixed' : 'application/octet-stream',
      // No octet of an envelope outlives its time, not even where nobody consumes.
      expiration: lifeOf(filling.until, at),
      headers: {
        transfer,
        attempt: attempt + 1,
        digest: filling.digest,
        until: filling.until.toISOString(),
        Provenance: filling.provenance,
        ...(filling.envelope ? { boundary: filling.envelope.boundary } : {}),
      },
    },
  };
}

/** The same read back; undefined when it is not one of ours. What it says is believed only as far as its digest and the rows bear it out. */
export function read(lane: Lane, { properties, content }: Pick<ConsumeMessage, 'properties' | 'content'>): Message | undefined {
  const { transfer, attempt, digest, until, boundary, Provenance: provenance } = (properties.headers ?? {}) as Record<string, unknown>;
  const id: unknown = properties.messageId;
  if (!isId(id) || !isId(transfer) || typeof attempt !== 'number' || typeof digest !== 'string' || typeof provenance !== 'string' || typeof until !== 'string') return undefined;
  return {
    id, kind: 'transfer.due', transfer, lane, attempt, digest, provenance, until: new Date(until),
    ...(typeof boundary === 'string' ? { envelope: { boundary, octets: content } } : {}),
  };
}

/** Tells the broker that it may forget a message. */
export function acknowledge(channel: Channel, delivery: ConsumeMessage, { andBefore = false } = {}): void {
  try {
    channel.ack(delivery, andBefore);
  } catch {
    // The channel has gone, and the broker hands the same to the next: it is settled already, and settles once.
  }
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value);
