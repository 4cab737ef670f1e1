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

/** Where partners take transfers from queues of their own: the same broker, or one nearer to them. All together, or none: then no agency has a queue. */
export const PARTNER_BROKER_SETTINGS = {
  WAYBILL_PARTNER_BROKER_URL: { says: 'RabbitMQ on which agencies have queues of their own, without a virtual host: each has its own. Absent: none has', example: 'amqps://broker.example:5671', kind: 'text', optional: true, faultsOf: (text) => (isAddress(text) ? [] : [{ says: 'it is no address of a broker', fix: 'Write scheme, host and port alone: amqps://broker.example:5671' }]) },
  WAYBILL_PARTNER_BROKER_CA_FILE: { says: 'certificate authority of that RabbitMQ (PEM)', example: '/etc/waybill/broker-ca.pem', kind: 'file', holds: 'certificate', optional: true },
  WAYBILL_PARTNER_BROKER_CERTIFICATE_FILE: { says: "the courier's certificate for that RabbitMQ (PEM); its common name is the user", example: '/etc/waybill/broker.pem', kind: 'file', holds: 'certificate', optional: true },
  WAYBILL_PARTNER_BROKER_KEY_FILE: { says: 'key of that certificate (PEM)', example: '/run/secrets/broker.key', kind: 'file', holds: 'private-key', optional: true },
} as const satisfies Settings;

type Name = keyof typeof BROKER_SETTINGS | keyof typeof PARTNER_BROKER_SETTINGS;
type Given = Readonly<Partial<Record<Name, string | undefined>>>;
type Fault = { setting: Name; says: string; fix: string };

interface Names {
  url: Name;
  ca: Name;
  certificate: Name;
  key: Name;
}

const BROKER: Names = { url: 'WAYBILL_BROKER_URL', ca: 'WAYBILL_BROKER_CA_FILE', certificate: 'WAYBILL_BROKER_CERTIFICATE_FILE', key: 'WAYBILL_BROKER_KEY_FILE' };
const PARTNER_BROKER: Names = { url: 'WAYBILL_PARTNER_BROKER_URL', ca: 'WAYBILL_PARTNER_BROKER_CA_FILE', certificate: 'WAYBILL_PARTNER_BROKER_CERTIFICATE_FILE', key: 'WAYBILL_PARTNER_BROKER_KEY_FILE' };
const SAYS: Readonly<Record<string, { says: string; example: string }>> = { ...BROKER_SETTINGS, ...PARTNER_BROKER_SETTINGS };

/** What is wrong with the settings of the broker when they are looked at together: told at the start, and by `config check`. */
export const brokerFault = (read: Readonly<Record<string, string | undefined>>): Fault | undefined => faultOf(read, BROKER, 'Set WAYBILL_BROKER_URL as well, or none of them: then PostgreSQL carries the queue');
export const partnerBrokerFault = (read: Readonly<Record<string, string | undefined>>): Fault | undefined => faultOf(read, PARTNER_BROKER, 'Set WAYBILL_PARTNER_BROKER_URL as well, or none of them: then no agency has a queue of its own');

function faultOf(given: Given, names: Names, alone: string): Fault | undefined {
  const url = given[names.url];
  const files = [names.ca, names.certificate, names.key];
  if (url === undefined) {
    const left = files.find((name) => given[name] !== undefined);
    return left && { setting: left, says: `it is set, and there is no ${names.url}`, fix: alone };
  }
  const parsed = parse(url);
  if (!parsed || !['amqp:', 'amqps:'].includes(parsed.protocol)) return { setting: names.url, says: 'it is no URL of a broker', fix: `For example ${SAYS[names.url]?.example ?? ''}` };
  if (parsed.protocol === 'amqp:') {
    return isLocal(parsed.hostname) ? undefined : { setting: names.url, says: 'the broker would be reached without TLS', fix: 'Use amqps: amqp is for this machine’s loopback alone (CH-08)' };
  }
  if (parsed.username !== '' || parsed.password !== '') return { setting: names.url, says: 'it holds a user or a password', fix: `Leave both out: the certificate of ${names.certificate} says who we are` };
  const missing = files.find((name) => given[name] === undefined);
  return missing && { setting: missing, says: 'it is not set, and the broker is reached over TLS with a certificate of ours', fix: `Set ${missing}, the ${SAYS[missing]?.says ?? ''}` };
}

/** Told of a key that would be refused at the first connection, hours after the start. */
export const brokerKeyFault = (read: Readonly<Record<string, string | undefined>>): Fault | undefined => keyFaultOf(read, BROKER);
export const partnerBrokerKeyFault = (read: Readonly<Record<string, string | undefined>>): Fault | undefined => keyFaultOf(read, PARTNER_BROKER);

function keyFaultOf(given: Given, names: Names): Fault | undefined {
  const [key, certificate] = [given[names.key], given[names.certificate]];
  if (!key || !certificate || fits(key, certificate) !== false) return undefined;
  return { setting: names.key, says: `the key does not fit the certificate of ${names.certificate}`, fix: 'Name the key for which the certificate was issued' };
}

/** Undefined: PostgreSQL carries the queue. @throws Error when a broker would be reached in clear, or without a certificate of ours */
export const brokerOf = (config: Given): BrokerAddress | undefined => addressOf(config, BROKER, brokerFault(config));

/** Undefined: no agency has a queue of its own. @throws Error as `brokerOf` does */
export const partnerBrokerOf = (config: Given): BrokerAddress | undefined => addressOf(config, PARTNER_BROKER, partnerBrokerFault(config));

function addressOf(config: Given, names: Names, fault: Fault | undefined): BrokerAddress | undefined {
  if (fault) throw new Error(`${fault.setting}: ${fault.says}. ${fault.fix}.`);
  const [url, ca, certificate, key] = [config[names.url], config[names.ca], config[names.certificate], config[names.key]];
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

/** Scheme, host and port: whoever connects says in which virtual host. */
function isAddress(text: string): boolean {
  const url = parse(text);
  return url !== undefined && url.protocol === 'amqps:' && url.hostname !== '' && url.username === '' && url.password === '' && ['', '/'].includes(url.pathname) && url.search === '' && url.hash === '';
}
