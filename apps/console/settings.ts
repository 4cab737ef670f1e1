import { DATABASE_SETTINGS, databaseInClear, type ProcessSettings, type Settings } from '#platform/config';
import { operatorSettings } from '#platform/operator-listener';
import { fits, isFor, type ValueFault } from '#platform/setting-kinds';

/** What the console must be told before it shows anybody a page. */
export const CONSOLE_SETTINGS = {
  ...DATABASE_SETTINGS,
  WAYBILL_AGREEMENTS: { says: 'folder of agreement profiles, the same as the gateway’s', example: '/etc/waybill/agreements', kind: 'folder' },
  WAYBILL_CONSOLE_ORIGIN: { says: 'origin of the console, as staff write it; the identity provider sends them back to /sign-in/back under it', example: 'https://console.example', kind: 'origin' },
  WAYBILL_HOST: { says: 'address to listen on', example: '0.0.0.0', kind: 'text', otherwise: '127.0.0.1' },
  WAYBILL_PORT: { says: 'port to listen on', example: '8445', kind: 'port', otherwise: '8445' },
  WAYBILL_TLS_KEY_FILE: { says: "key of the console's TLS certificate (PEM)", example: '/run/secrets/tls.key', kind: 'file', holds: 'private-key' },
  WAYBILL_TLS_CERTIFICATE_FILE: { says: "console's TLS certificate with its chain (PEM)", example: '/etc/waybill/console.pem', kind: 'file', holds: 'certificate' },
  WAYBILL_OIDC_ISSUER: { says: 'OpenID provider of the staff, as its tokens name it', example: 'https://identity.example/realm', kind: 'text', faultsOf: faultsOfIssuer },
  WAYBILL_OIDC_CLIENT_ID: { says: 'as whom the console is known to it', example: 'waybill-console', kind: 'text' },
  WAYBILL_OIDC_CLIENT_SECRET_FILE: { says: 'file with the secret by which the console proves that', example: '/run/secrets/oidc', kind: 'file', holds: 'password' },
  WAYBILL_OIDC_CA_FILE: { says: 'authority of the provider (PEM), where it is none that every machine trusts', example: '/etc/waybill/identity-ca.pem', kind: 'file', holds: 'certificate', optional: true },
  WAYBILL_OIDC_SECOND_FACTOR: { says: 'value of `acr` by which the provider is asked for a second factor and says that there was one; without it `amr` must hold `mfa`', example: 'urn:example:two-factors', kind: 'text', optional: true },
  WAYBILL_READER_ORIGIN: { says: 'origin of the reader, in which staff open what was shared; with it the three below and the gateway’s origin are needed. Absent: shares are opened by command', example: 'https://reader.example', kind: 'origin', optional: true },
  WAYBILL_GATEWAY_ORIGIN: { says: 'origin of the gateway, which the console asks with passes of staff', example: 'https://gateway.example', kind: 'origin', optional: true },
  WAYBILL_GATEWAY_CA_FILE: { says: 'authority of the gateway’s TLS certificate (PEM)', example: '/etc/waybill/ca.pem', kind: 'file', holds: 'certificate', optional: true },
  WAYBILL_CONSOLE_CLIENT_KEY_FILE: { says: 'key of the certificate that the console presents to the gateway (PEM)', example: '/run/secrets/console-client.key', kind: 'file', holds: 'private-key', optional: true },
  WAYBILL_CONSOLE_CLIENT_CERTIFICATE_FILE: { says: 'that certificate (PEM); the gateway pins its public key', example: '/etc/waybill/console-client.pem', kind: 'file', holds: 'certificate', optional: true },
  ...operatorSettings('9467'),
} as const satisfies Settings;

export const CONSOLE = {
  name: 'console',
  says: 'pages for staff, who sign in at their identity provider',
  settings: CONSOLE_SETTINGS,
  together: [
    databaseInClear,
    ({ WAYBILL_TLS_KEY_FILE: key, WAYBILL_TLS_CERTIFICATE_FILE: certificate }) =>
      (key && certificate && fits(key, certificate) === false
        ? { setting: 'WAYBILL_TLS_KEY_FILE', says: 'the key does not fit the certificate of WAYBILL_TLS_CERTIFICATE_FILE', fix: 'Name the key for which the certificate was issued; the first certificate in its file is the one that counts' } : undefined),
    ({ WAYBILL_CONSOLE_ORIGIN: origin, WAYBILL_TLS_CERTIFICATE_FILE: certificate }) =>
      (origin && certificate && isFor(certificate, new URL(origin).hostname) === false
        ? { setting: 'WAYBILL_TLS_CERTIFICATE_FILE', says: 'the certificate is not made out for the host of WAYBILL_CONSOLE_ORIGIN', fix: 'Have one issued with that host among its alternative names' } : undefined),
    ({ WAYBILL_READER_ORIGIN: reader, ...others }) => {
      const missing = reader && READING.find((setting) => others[setting] === undefined);
      return missing ? { setting: missing, says: 'staff are to open what was shared, and the console has no way to the gateway', fix: 'Set it, or take WAYBILL_READER_ORIGIN away' } : undefined;
    },
    ({ WAYBILL_READER_ORIGIN: reader, WAYBILL_CONSOLE_ORIGIN: origin }) =>
      (reader && reader === origin
        ? { setting: 'WAYBILL_READER_ORIGIN', says: 'it is the console’s own origin: whoever could change a page of the console could change the reader', fix: 'Serve the reader’s files from an origin of their own' } : undefined),
    ({ WAYBILL_CONSOLE_CLIENT_KEY_FILE: key, WAYBILL_CONSOLE_CLIENT_CERTIFICATE_FILE: certificate }) =>
      (key && certificate && fits(key, certificate) === false
        ? { setting: 'WAYBILL_CONSOLE_CLIENT_KEY_FILE', says: 'the key does not fit the certificate of WAYBILL_CONSOLE_CLIENT_CERTIFICATE_FILE', fix: 'Name the key for which the certificate was issued' } : undefined),
  ],
} as const satisfies ProcessSettings;

/** What reading in the browser needs beside the reader's own origin. */
const READING = ['WAYBILL_GATEWAY_ORIGIN', 'WAYBILL_GATEWAY_CA_FILE', 'WAYBILL_CONSOLE_CLIENT_KEY_FILE', 'WAYBILL_CONSOLE_CLIENT_CERTIFICATE_FILE'] as const;

function faultsOfIssuer(issuer: string): ValueFault[] {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol !== 'https:') return [{ says: 'it is no https address', fix: 'Write the issuer as the provider’s tokens have it in `iss`' }];
  return url.search || url.hash || url.username ? [{ says: 'it has more than a host and a path', fix: 'Leave out what stands behind ? or #, and a user' }] : [];
}
