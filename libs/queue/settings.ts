import type { Settings } from '#platform/config';
import { isLocal } from '#platform/hosts';
import { fits } from '#platform/setting-kinds';

/** Where a broker is and who we are to it. */
export interface BrokerAddress {
  url: string;
  /** PEM. Absent only for plain `amqp` on this machine's loopback. */
  tls?: { ca: string; certificate: string; key: string };
}

/** All together, or none: without a broker PostgreSQL carries the queue. */
export const BROKER_SETTINGS = {
  WAYBILL_BROKER_URL: { says: 'RabbitMQ with its virtual host; without it PostgreSQL carries the queue', example: 'amqps://broker.internal:5671/waybill', kind: 'text', optional: true },
  WAYBILL_BROKER_CA_FILE: { says: 'certificate authority of RabbitMQ (PEM)', example: '/etc/waybill/broker-ca.pem', kind: 'file', holds: 'certificate', optional: true },
  WAYBILL_BROKER_CERTIFICATE_FILE: { says: "this process's certificate for RabbitMQ (PEM); its common name is the user", example: '/etc/waybill/broker.pem', kind: 'file', holds: 'certificate', optional: true },
  WAYBILL_BROKER_KEY_FILE: { says: "key of this process's certificate for RabbitMQ (PEM)", example: '/run/secrets/broker.key', kind: 'file', holds: 'private-key', optional: true },
} as const satisfies Settings;

type Name = keyof typeof BROKER_SETTINGS;
type Given = Readonly<Partial<Record<Name, string | undefined>>>;

/** What is wrong with the settings of the broker when they are looked at together: told at the start, and by `config check`. */
export function brokerFault(read: Readonly<Record<string, string | undefined>>): { setting: Name; says: string; fix: string } | undefined {
  const given = read as Given;
  const { WAYBILL_BROKER_URL: url } = given;
  const files = (['WAYBILL_BROKER_CA_FILE', 'WAYBILL_BROKER_CERTIFICATE_FILE', 'WAYBILL_BROKER_KEY_FILE'] as const);
  if (url === undefined) {
    const alone = files.find((name) => given[name] !== undefined);
    return alone && { setting: alone, says: 'it is set, and there is no WAYBILL_BROKER_URL', fix: 'Set WAYBILL_BROKER_URL as well, or none of them: then PostgreSQL carries the queue' };
  }
  const parsed = parse(url);
  if (!parsed || !['amqp:', 'amqps:'].includes(parsed.protocol)) return { setting: 'WAYBILL_BROKER_URL', says: 'it is no URL of a broker', fix: `For example ${BROKER_SETTINGS.WAYBILL_BROKER_URL.example}` };
  if (parsed.protocol === 'amqp:') {
    return isLocal(parsed.hostname) ? undefined : { setting: 'WAYBILL_BROKER_URL', says: 'the broker would be reached without TLS', fix: 'Use amqps: amqp is for this machine’s loopback alone (CH-08)' };
  }
  if (parsed.username !== '' || parsed.password !== '') return { setting: 'WAYBILL_BROKER_URL', says: 'it holds a user or a password', fix: 'Leave both out: the certificate of WAYBILL_BROKER_CERTIFICATE_FILE says who we are' };
  const missing = files.find((name) => given[name] === undefined);
  return missing && { setting: missing, says: 'it is not set, and the broker is reached over TLS with a certificate of ours', fix: `Set ${missing}, the ${BROKER_SETTINGS[missing].says}` };
}

/** Told of a key that would be refused at the first connection, hours after the start. */
export function brokerKeyFault({ WAYBILL_BROKER_KEY_FILE: key, WAYBILL_BROKER_CERTIFICATE_FILE: certificate }: Readonly<Record<string, string | undefined>>): { setting: Name; says: string; fix: string } | undefined {
  if (!key || !certificate || fits(key, certificate) !== false) return undefined;
  return { setting: 'WAYBILL_BROKER_KEY_FILE', says: 'the key does not fit the certificate of WAYBILL_BROKER_CERTIFICATE_FILE', fix: 'Name the key for which the certificate was issued' };
}

/** Undefined: PostgreSQL carries the queue. @throws Error when a broker would be reached in clear, or without a certificate of ours */
export function brokerOf(config: Given): BrokerAddress | undefined {
  const fault = brokerFault(config);
  if (fault) throw new Error(`${fault.setting}: ${fault.says}. ${fault.fix}.`);
  const { WAYBILL_BROKER_URL: url, WAYBILL_BROKER_CA_FILE: ca, WAYBILL_BROKER_CERTIFICATE_FILE: certificate, WAYBILL_BROKER_KEY_FILE: key } = config;
  if (url === undefined) return undefined;
  return { url, ...(ca && certificate && key ? { tls: { ca, certificate, key } } : {}) };
}

/** @throws Error when an address leads to another machine in clear, whoever made it */
export function requireProtected({ url, tls }: BrokerAddress): void {
  const parsed = parse(url);
  if (parsed?.protocol === 'amqps:' && tls) return;
  if (parsed?.protocol === 'amqp:' && isLocal(parsed.hostname)) return;
  throw new Error('The broker would be reached without TLS and a certificate of ours. Use amqps with WAYBILL_BROKER_CA_FILE, WAYBILL_BROKER_CERTIFICATE_FILE and WAYBILL_BROKER_KEY_FILE (CH-08).');
}

const parse = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined);
