import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import type { Lane } from './lanes';
import { queueOf } from './topology';

/** A quorum writes a batch in milliseconds; past this the connection is not what it seems, and rows are not held locked for it. */
const CONFIRM_MS = 10_000;
/** AMQP 0-9-1, 1.2. */
const NOT_FOUND = 404;

/** Whether the broker has it. False when it would not take it, or has not said so in time. */
export function confirm(channel: ConfirmChannel, { exchange, key }: { exchange: string; key: string }, { body, options }: { body: Buffer; options: Options.Publish }): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), CONFIRM_MS);
    const done = (taken: boolean): void => {
      clearTimeout(timer);
      resolve(taken);
    };
    try {
      channel.publish(exchange, key, body, options, (error) => done(!error));
    } catch {
      done(false);
    }
  });
}

/** How many messages wait on a lane's queue; none where there is no such queue. */
export const readyIn = async (connection: ChannelModel, lane: Lane): Promise<number> => (await waitingIn(connection, queueOf(lane))) ?? 0;

/** How many messages wait on a queue; undefined where there is no such queue. A channel of its own: the question ends it when there is not. */
export async function waitingIn(connection: ChannelModel, queue: string): Promise<number | undefined> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    const { messageCount } = await channel.checkQueue(queue);
    await channel.close();
    return messageCount;
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_FOUND) return undefined;
    throw error;
  }
}
