import { createPrivateKey, createPublicKey } from 'node:crypto';
import { DIRECTORY_ROWS } from '#directory/rows';
import { type PublishedKey, publicKeySet, signingKey } from '#envelope/signing-keys';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { readAgreements } from '#partnership/agreements';
import { systemClock } from '#platform/clock';
import { AGREEMENT_SETTINGS, DATABASE_SETTINGS, databaseOf, readConfig, runProcess } from '#platform/config';
import { Database } from '#platform/database';
import { openLog } from '#platform/log';
import { startGateway } from './gateway';
import { Agreements, PublishedKeys } from './tokens';

const SETTINGS = {
  ...DATABASE_SETTINGS,
  ...AGREEMENT_SETTINGS,
  WAYBILL_ORIGIN: { says: 'origin as partners write it; it stands in every manifest', example: 'https://gateway.example', kind: 'text' },
  WAYBILL_HOST: { says: 'address to listen on', example: '0.0.0.0', kind: 'text', otherwise: '127.0.0.1' },
  WAYBILL_PORT: { says: 'port to listen on', example: '8443', kind: 'port', otherwise: '8443' },
  WAYBILL_TLS_KEY_FILE: { says: "key of the gateway's TLS certificate (PEM)", example: '/run/secrets/tls.key', kind: 'file' },
  WAYBILL_TLS_CERTIFICATE_FILE: { says: "gateway's TLS certificate with its chain (PEM)", example: '/etc/waybill/tls.pem', kind: 'file' },
  WAYBILL_PROVENANCE_KEY_FILE: { says: 'Ed25519 key that signs provenance and promises (PEM): the gateway has it, no other process does', example: '/run/secrets/provenance.key', kind: 'file' },
  WAYBILL_RETIRED_KEYS_FILE: { says: 'JWK set of retired provenance keys with their windows: they stay published', example: '/etc/waybill/retired.jwks', kind: 'file', optional: true },
  WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE: { says: "public half of the relay's checkpoint key (PEM)", example: '/etc/waybill/checkpoint.pub', kind: 'file' },
  WAYBILL_SPOOL: { says: 'folder for ciphertext on its way in; emptied at each start', example: '/var/spool/waybill', kind: 'folder' },
} as const;

void runProcess(async () => {
  const config = readConfig('gateway', SETTINGS, process.env);
  const key = await signingKey(createPrivateKey(config.WAYBILL_PROVENANCE_KEY_FILE));
  const retired = config.WAYBILL_RETIRED_KEYS_FILE ? (JSON.parse(config.WAYBILL_RETIRED_KEYS_FILE) as { keys: PublishedKey[] }).keys : [];
  const own = await publicKeySet([{ publicKey: key.publicKey, from: new Date(0) }]);
  return startGateway({
    database: await Database.open('gateway', databaseOf(config), [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]),
    agreements: new Agreements(readAgreements(config.WAYBILL_AGREEMENTS)),
    clock: systemClock,
    log: openLog('gateway'),
    origin: config.WAYBILL_ORIGIN,
    listen: { host: config.WAYBILL_HOST, port: Number(config.WAYBILL_PORT) },
    tls: { key: config.WAYBILL_TLS_KEY_FILE, certificate: config.WAYBILL_TLS_CERTIFICATE_FILE },
    key,
    published: new PublishedKeys([...own.keys, ...retired]),
    logKeys: [createPublicKey(config.WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE)],
    spool: config.WAYBILL_SPOOL,
  });
});
