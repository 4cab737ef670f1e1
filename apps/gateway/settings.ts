import { createHash, createPublicKey } from 'node:crypto';
import { MAIL_SETTINGS } from '#exchange/mail-settings';
import { WEBHOOK_SETTINGS } from '#exchange/webhook-settings';
import { AGREEMENT_SETTINGS } from '#partnership/settings';
import { DATABASE_SETTINGS, databaseInClear, type ProcessSettings, type Settings } from '#platform/config';
import { operatorSettings } from '#platform/operator-listener';
import { PARTNER_BROKER_SETTINGS } from '#queue/settings';
import { fits, isFor, type ValueFault } from '#platform/setting-kinds';

/** What the gateway must be told before it serves partners. */
export const GATEWAY_SETTINGS = {
  ...DATABASE_SETTINGS,
  ...AGREEMENT_SETTINGS,
  WAYBILL_ORIGIN: { says: 'origin as partners write it; it stands in every manifest', example: 'https://gateway.example', kind: 'origin' },
  WAYBILL_HOST: { says: 'address to listen on', example: '0.0.0.0', kind: 'text', otherwise: '127.0.0.1' },
  WAYBILL_PORT: { says: 'port to listen on', example: '8443', kind: 'port', otherwise: '8443' },
  WAYBILL_TLS_KEY_FILE: { says: "key of the gateway's TLS certificate (PEM)", example: '/run/secrets/tls.key', kind: 'file', holds: 'private-key' },
  WAYBILL_TLS_CERTIFICATE_FILE: { says: "gateway's TLS certificate with its chain (PEM)", example: '/etc/waybill/tls.pem', kind: 'file', holds: 'certificate' },
  WAYBILL_PROXY_PORT: { says: 'port of a second listener, for a proxy that ends TLS for partners and names them in a Client-Cert header (RFC 9440)', example: '8444', kind: 'port', optional: true },
  WAYBILL_PROXY_CERTIFICATE_FILE: { says: 'certificate that this proxy presents to us (PEM), pinned by its public key; two while it is being replaced', example: '/etc/waybill/proxy.pem', kind: 'file', holds: 'certificate', optional: true },
  WAYBILL_CONSOLE_CERTIFICATE_FILE: { says: 'certificate that the console presents to us (PEM), pinned by its public key: it asks with passes of staff who are signed in; two while it is being replaced', example: '/etc/waybill/console-client.pem', kind: 'file', holds: 'certificate', optional: true },
  WAYBILL_PROVENANCE_KEY_FILE: { says: 'Ed25519 key that signs provenance and promises (PEM): the gateway has it, no other process does', example: '/run/secrets/provenance.key', kind: 'file', holds: 'ed25519-private-key' },
  WAYBILL_RETIRED_KEYS_FILE: { says: 'JWK set of retired provenance keys with their windows: they stay published', example: '/etc/waybill/retired.jwks', kind: 'file', optional: true, faultsOf: faultsOfRetired },
  WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE: { says: "public half of the relay's checkpoint key (PEM)", example: '/etc/waybill/checkpoint.pub', kind: 'file', holds: 'ed25519-public-key' },
  WAYBILL_SHARES_PER_SECOND: { says: 'shares a second that one agency may send, over all gateways; ten seconds of it at once', example: '50', kind: 'count', otherwise: '50' },
  WAYBILL_REQUESTS_PER_SECOND: { says: 'other requests a second that one agency may make, over all gateways; ten seconds of it at once', example: '100', kind: 'count', otherwise: '100' },
  WAYBILL_OUTBOX_LIMIT: { says: 'messages that may wait to be delivered before shares are answered 503; five times as many before those of an emergency are', example: '200000', kind: 'count', otherwise: '200000' },
  WAYBILL_SPOOL: { says: 'folder for ciphertext on its way in; emptied at each start', example: '/var/spool/waybill', kind: 'folder', writable: true },
  ...WEBHOOK_SETTINGS,
  WAYBILL_PARTNER_BROKER_URL: PARTNER_BROKER_SETTINGS.WAYBILL_PARTNER_BROKER_URL,
  ...MAIL_SETTINGS,
  ...operatorSettings('9464'),
} as const satisfies Settings;

export const GATEWAY = {
  name: 'gateway',
  says: 'HTTP for partners, the only process that they reach',
  settings: GATEWAY_SETTINGS,
  together: [
    databaseInClear,
    ({ WAYBILL_TLS_KEY_FILE: key, WAYBILL_TLS_CERTIFICATE_FILE: certificate }) =>
      (key && certificate && fits(key, certificate) === false
        ? { setting: 'WAYBILL_TLS_KEY_FILE', says: 'the key does not fit the certificate of WAYBILL_TLS_CERTIFICATE_FILE', fix: 'Name the key for which the certificate was issued; the first certificate in its file is the one that counts' } : undefined),
    ({ WAYBILL_ORIGIN: origin, WAYBILL_TLS_CERTIFICATE_FILE: certificate }) =>
      (origin && certificate && isFor(certificate, new URL(origin).hostname) === false
        ? { setting: 'WAYBILL_TLS_CERTIFICATE_FILE', says: 'the certificate is not made out for the host of WAYBILL_ORIGIN', fix: 'Have one issued with that host among its alternative names' } : undefined),
    ({ WAYBILL_PROXY_PORT: port, WAYBILL_PROXY_CERTIFICATE_FILE: certificate }) =>
      ((port === undefined) !== (certificate === undefined)
        ? { setting: port === undefined ? 'WAYBILL_PROXY_PORT' : 'WAYBILL_PROXY_CERTIFICATE_FILE', says: 'a listener for a proxy needs both its port and the certificate of the proxy', fix: 'Set both, or neither' } : undefined),
    ({ WAYBILL_PROVENANCE_KEY_FILE: own, WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE: relays }) =>
      (own && relays && publicOf(own) === publicOf(relays)
        ? { setting: 'WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE', says: 'it is the public half of the provenance key, so that one process could sign as the other', fix: 'Make a checkpoint key of its own for the relay, and give its public half here' } : undefined),
  ],
} as const satisfies ProcessSettings;

const publicOf = (pem: string): string => createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();

const RETIRE = 'Take the key as /.well-known/jwks.json published it while it was in use, and add `exp`, the second at which it was retired';

/** RFC 7517, with the window in which each key signed. Without it an old provenance would verify for nobody, or a stolen key for ever. */
function faultsOfRetired(text: string): ValueFault[] {
  let keys: unknown;
  try {
    ({ keys } = JSON.parse(text) as { keys: unknown });
  } catch {
    return [{ says: 'it is not JSON', fix: RETIRE }];
  }
  if (!Array.isArray(keys)) return [{ says: 'it has no list `keys`', fix: RETIRE }];
  return keys.flatMap((key: unknown, i) => {
    const fault = faultOfRetired(key as Record<string, unknown>);
    return fault ? [{ says: `key ${i + 1} ${fault}`, fix: RETIRE }] : [];
  });
}

function faultOfRetired(key: Record<string, unknown>): string | undefined {
  if (typeof key !== 'object' || key === null) return 'is no key';
  const { kty, crv, x, kid, alg, use, nbf, exp } = key;
  if ('d' in key) return 'holds the private half: it would be published';
  if (kty !== 'OKP' || crv !== 'Ed25519' || alg !== 'EdDSA' || use !== 'sig' || typeof x !== 'string' || Buffer.from(x, 'base64url').length !== 32) return 'is no Ed25519 key for signatures';
  // RFC 7638, 3.2: the members of an OKP key that count, in this order.
  if (kid !== createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')) return 'has a `kid` that is not its thumbprint';
  if (!Number.isSafeInteger(nbf) || !Number.isSafeInteger(exp) || (exp as number) <= (nbf as number)) return 'has no window: `nbf` and `exp` in seconds, the later one last';
  return undefined;
}
