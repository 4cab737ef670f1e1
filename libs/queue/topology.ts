import { type Lane, LANES } from './lanes';

/** Where RabbitMQ keeps what is ours, whoever else uses the same broker. */
export const VHOST = 'waybill';
/** The relay publishes here, by lane. */
export const EXCHANGE = 'waybill';
/** Exchange and queue of what the broker gave up handing over. */
export const DEAD = 'waybill.dead';

export const queueOf = (lane: Lane): string => `waybill.${lane}`;

/**
 * Hand-overs that the broker counts before it gives a message up. It counts each message that a consumer was lent when it went away,
 * looked at or not, so that a restarted courier would use up five for many that nothing is wrong with; what a consumer owns up to
 * have failed at is counted in the outbox instead (DELIVERY_LIMIT). Twenty is what RabbitMQ 4 takes by itself.
 */
export const BROKER_DELIVERY_LIMIT = 20;

/** The common name in each process's certificate is its user; there is no password anywhere. */
export const USERS = { relay: 'waybill-relay', courier: 'waybill-courier' } as const;

interface Permission {
  configure: string;
  write: string;
  read: string;
}

const NOTHING = '^$';
/** What each process may do. Neither may declare anything: what there is, is declared from `deploy/rabbitmq/definitions.json`. */
export const PERMISSIONS: Record<keyof typeof USERS, Permission> = {
  relay: { configure: NOTHING, write: `^${EXCHANGE}$`, read: '^waybill\\.dead$' },
  courier: { configure: NOTHING, write: NOTHING, read: `^waybill\\.(${LANES.join('|')})$` },
};

/** RabbitMQ 3.10: at-least-once dead-lettering wants `reject-publish`, or it falls back to at-most-once without a word. */
const LANE_ARGUMENTS = {
  'x-queue-type': 'quorum',
  'x-delivery-limit': BROKER_DELIVERY_LIMIT,
  'x-overflow': 'reject-publish',
  'x-dead-letter-exchange': DEAD,
  'x-dead-letter-strategy': 'at-least-once',
} as const;

/** All that the broker is to know, in the form of its own definitions. */
export function definitions(vhost: string = VHOST): object {
  const exchange = (name: string) => ({ name, vhost, type: 'direct', durable: true, auto_delete: false, internal: false, arguments: {} });
  const queue = (name: string, args: object) => ({ name, vhost, durable: true, auto_delete: false, arguments: args });
  const bound = (source: string, destination: string, lane: Lane) => ({ source, vhost, destination, destination_type: 'queue', routing_key: lane, arguments: {} });
  return {
    vhosts: [{ name: vhost }],
    users: Object.values(USERS).map((name) => ({ name, password_hash: '', hashing_algorithm: 'rabbit_password_hashing_sha256', tags: [] })),
    permissions: Object.entries(PERMISSIONS).map(([process, permission]) => ({ user: USERS[process as keyof typeof USERS], vhost, ...permission })),
    exchanges: [exchange(EXCHANGE), exchange(DEAD)],
    queues: [...LANES.map((lane) => queue(queueOf(lane), LANE_ARGUMENTS)), queue(DEAD, { 'x-queue-type': 'quorum' })],
    bindings: LANES.flatMap((lane) => [bound(EXCHANGE, queueOf(lane), lane), bound(DEAD, DEAD, lane)]),
  };
}

export interface BrokerFiles {
  port: number;
  address: string;
  ca: string;
  certificate: string;
  key: string;
  definitions: string;
}

const INSTALLED: BrokerFiles = {
  port: 5671,
  address: '0.0.0.0',
  ca: '/etc/rabbitmq/tls/ca.pem',
  certificate: '/etc/rabbitmq/tls/server.pem',
  key: '/etc/rabbitmq/tls/server.key',
  definitions: '/etc/rabbitmq/definitions.json',
};

/** `rabbitmq.conf`, for 3.10 and 4: TLS only, a certificate from everybody, and whoever it names is who one is. */
export const brokerConfig = (files: BrokerFiles = INSTALLED): string => `# Written by \`npm run generate\` from libs/queue/topology.ts; never edited by hand.
# The authority is this broker's own: whoever it certifies as waybill-relay is the relay. The partners' authority must not stand here.
listeners.tcp = none
listeners.ssl.1 = ${files.address}:${files.port}
ssl_options.cacertfile = ${files.ca}
ssl_options.certfile = ${files.certificate}
ssl_options.keyfile = ${files.key}
ssl_options.versions.1 = tlsv1.3
ssl_options.versions.2 = tlsv1.2
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = true
auth_mechanisms.1 = EXTERNAL
ssl_cert_login_from = common_name
load_definitions = ${files.definitions}
`;

/** `enabled_plugins`: EXTERNAL is a plugin. */
export const PLUGINS = '[rabbitmq_auth_mechanism_ssl].\n';
