import { HOUR } from '#platform/clock';
import { BROKER_DELIVERY_LIMIT, USERS } from './topology';

/** Whose queue: a contact of an agency. */
export interface Holder {
  agency: string;
  contact: string;
}

/**
 * The queue of a contact, and the virtual host that holds it and nothing of anybody else's: RabbitMQ tells whoever is in a virtual host which queues
 * there are and how much waits on each, whatever its permissions are.
 */
export const placeOf = ({ agency, contact }: Holder): string => `partner.${agency}.${contact}`;
/** What its consumer failed at again and again, for whoever mends it. */
export const deadOf = (place: string): string => `${place}.dead`;

/** A consumer that failed so often fails at that message. Dead letters are gone before the payload must be. */
export const DEAD_LETTER_MS = 72 * HOUR;
/** Messages that may wait; what comes after is refused, tried again, and lies in the mailbox meanwhile. At 256 KB each, half a gigabyte. */
export const MOST_WAITING = 2_000;
const MOST_DEAD = 200;
/** Of one partner: two consumers side by side while one is being replaced, with some room. */
const CONNECTIONS = 8;
const CHANNELS = 32;

const NOTHING = '^$';
const QUEUE = { 'x-queue-type': 'quorum', 'x-delivery-limit': BROKER_DELIVERY_LIMIT, 'x-overflow': 'reject-publish', 'x-max-length': MOST_WAITING, 'x-dead-letter-exchange': '', 'x-dead-letter-strategy': 'at-least-once' };
const DEAD = { 'x-queue-type': 'quorum', 'x-max-length': MOST_DEAD, 'x-message-ttl': DEAD_LETTER_MS };

/**
 * All that the broker is to know of a contact's queue, for its operator to import: no process of ours may declare or permit anything.
 * @param user the common name in the certificate with which the partner connects. It reads the queue and its dead letters and can do nothing else
 */
export function admission(holder: Holder, user: string): object {
  const place = placeOf(holder);
  const queue = (name: string, args: object) => ({ name, vhost: place, durable: true, auto_delete: false, arguments: args });
  return {
    vhosts: [{ name: place }],
    users: [{ name: user, password_hash: '', hashing_algorithm: 'rabbit_password_hashing_sha256', tags: [], limits: { 'max-connections': CONNECTIONS, 'max-channels': CHANNELS } }],
    permissions: [
      // The exchange without a name, which brings a message to the queue that its key names.
      { user: USERS.courier, vhost: place, configure: NOTHING, write: '^amq\\.default$', read: NOTHING },
      { user, vhost: place, configure: NOTHING, write: NOTHING, read: `^${place.replaceAll('.', '\\.')}(\\.dead)?$` },
    ],
    queues: [queue(place, { ...QUEUE, 'x-dead-letter-routing-key': deadOf(place) }), queue(deadOf(place), DEAD)],
  };
}

/** RFC 5280, A.1: a common name is no longer. */
const LONGEST_NAME = 64;

/**
 * Why a certificate's name cannot be the user of this contact's queue; undefined when it can. Named after the queue, no two partners can come to share
 * a user; where that is too long for a common name, any other name is the operator's to keep apart.
 */
export function nameFault(holder: Holder, user: string): string | undefined {
  const place = placeOf(holder);
  if (place.length <= LONGEST_NAME) return user === place ? undefined : `its common name is not ${place}`;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(user)) return 'its common name holds more than letters, digits, dots and hyphens';
  return /^(partner\.|waybill-)/.test(user) ? 'its common name is that of somebody else' : undefined;
}
