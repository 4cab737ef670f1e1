import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { errorName, type Log } from '#platform/log';
import type { Consumer } from './consumer';
import { isLane } from './lanes';
import type { Due } from './outbox';
import { DEAD } from './topology';
import { acknowledge, read } from './wire';

/** Dead letters lent to us at once. */
const PREFETCH = 32;
/** Pause before a dead letter is tried again that could not be settled: the database was away. */
const SETTLE_AGAIN_MS = 1_000;

/**
 * Empties the broker's dead letters into the outbox. What the broker gave up handing over may have been lent to a consumer that something else
 * ended, again and again: that counts as one hand-over that failed, and it comes again, or was the last. Anything else is set aside, where its sender
 * and an operator see it, whichever transport carried it. Nothing of an envelope stays behind. Where that ends or cannot be, publishing goes on, and this is taken up again.
 */
export async function attendDeadLetters(connection: ChannelModel, consumer: Consumer<Due>, log: Log): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  channel.once('close', () => setTimeout(() => void attendDeadLetters(connection, consumer, log).catch(() => undefined), SETTLE_AGAIN_MS).unref());
  try {
    await channel.prefetch(PREFETCH);
    await channel.consume(DEAD, (delivery) => void (delivery ? bury(channel, delivery, consumer, log) : channel.close().catch(() => undefined)));
  } catch {
    log.write('warn', 'queue.cancelled');
  }
}

async function bury(channel: Channel, delivery: ConsumeMessage, consumer: Consumer<Due>, log: Log): Promise<void> {
  const { routingKey } = delivery.fields;
  const message = isLane(routingKey) ? read(routingKey, delivery) : undefined;
  const reason = reasonOf(delivery);
  try {
    // What has outlived its time is not set aside: the relay ends its transfer.
    if (message && reason === 'delivery-limit') await consumer.failed(message, new GivenUp());
    else if (message && reason !== 'expired') await consumer.settle(message, { park: reason });
  } catch (error) {
    log.write('error', 'queue.failed', { error: errorName(error) });
    // Not given back to the broker: it would hand it over again at once, and count.
    setTimeout(() => void bury(channel, delivery, consumer, log), SETTLE_AGAIN_MS).unref();
    return;
  }
  acknowledge(channel, delivery);
}

/** The broker handed it over as often as it does, and nobody said what became of it. */
class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** `delivery_limit`, `rejected`, `expired`, `maxlen`: the broker's word, as a code of ours. */
function reasonOf({ properties }: ConsumeMessage): string {
  const reason: unknown = (properties.headers as { 'x-first-death-reason'?: unknown } | undefined)?.['x-first-death-reason'];
  return typeof reason === 'string' && /^[a-z_]{1,40}$/.test(reason) ? reason.replaceAll('_', '-') : 'dead-letter';
}
