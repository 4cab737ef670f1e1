import type { EventStreamTold, EventStreamWanted, EventVerificationTold } from '#protocol/event-stream';
import type { Partner } from './partner';

// An endpoint of our own that the gateway tells of breaches and revoked keys.

type Asking = Pick<Partner, 'connection'>;

const PATH = '/v1/event-stream';

export const readEventStream = ({ connection }: Asking): Promise<EventStreamTold> => connection.json({ path: PATH });

export function enterEventStream({ connection }: Asking, wanted: EventStreamWanted): Promise<EventStreamTold> {
  const octets = Buffer.from(JSON.stringify(wanted));
  return connection.json({ path: PATH, method: 'PUT', body: { type: 'application/json', size: octets.length, octets: () => [octets] } });
}

export const removeEventStream = async ({ connection }: Asking): Promise<void> => void (await connection.octets({ path: PATH, method: 'DELETE' }, 1_024));

export const verifyEventStream = ({ connection }: Asking): Promise<EventVerificationTold> => connection.json({ path: `${PATH}/verification`, method: 'POST' });
