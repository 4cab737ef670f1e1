import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import { ClientRefusal, GatewayProblem } from '#client/codes';
import { Pins, type PinsFile } from '#client/pins';
import type { PublishedKey } from '#envelope/signing-keys';
import type { CertificateTold } from '#protocol/answers';
import type { EnrolmentTold, GatewayTold } from '#protocol/published';
import { readPrivateKey } from '#envelope/private-keys';
import { connectionOf, type HomeFile, passphraseOf, readHomeFile, readJsonFile, smimeFiles, smimeIdentity } from '../home';
import type { Io } from '../io';

/** What was answered, or the code of why nothing was. */
export type Asked<T> = { ok: true; value: T } | { ok: false; code: string };

/** All that is looked at, gathered once: the checks themselves ask nobody. */
export interface HomeFacts {
  home: string;
  file: HomeFile;
  now: Date;
  /** `24.1.0` */
  node: string;
  addresses: Asked<string[]>;
  tls: Asked<{ authorized: boolean; because?: string; certificate: X509Certificate }>;
  gateway: Asked<GatewayTold>;
  keys: Asked<PublishedKey[]>;
  enrolment: Asked<EnrolmentTold>;
  certificates: Asked<CertificateTold[]>;
  pins: Asked<Pins>;
  /** Of each secret key to seal to or sign with: its fingerprint, by file. */
  secrets: ReadonlyMap<string, Asked<string>>;
}

/** A gateway that does not answer a diagnosis at once does not answer partners either. */
const PATIENCE_MS = 10_000;

/** @throws UsageError when there is no home to look at */
export async function gatherHome(io: Io, home: string): Promise<HomeFacts> {
  const file = readHomeFile(home);
  const url = new URL(file.gateway);
  const [addresses, tls, pins] = await Promise.all([asked(async () => (await lookup(url.hostname, { all: true })).map(({ address }) => address)), asked(() => handshake(home, file, url)), asked(() => Pins.of(readJsonFile(join(home, file.pins)) as PinsFile))]);
  const passphrase = passphraseOf(home, file);
  const openpgp = await Promise.all([...new Set([file.signingKey, ...file.openingKeys])].map(async (name) => [name, await asked(async () => (await readPrivateKey(new Uint8Array(readFileSync(join(home, name))), passphrase)).fingerprint)] as const));
  const smime = await Promise.all(smimeFiles(file).map(async (files) => [files.key, await asked(() => Promise.resolve(smimeIdentity(home, files, passphrase).certificate.fingerprint))] as const));
  const secrets = new Map([...openpgp, ...smime]);
  const facts = { home, file, now: io.now(), node: process.versions.node, addresses, tls, pins, secrets };
  const connection = await asked(() => Promise.resolve(connectionOf(home, file, { times: { idle: PATIENCE_MS, request: PATIENCE_MS }, tryAgainAfter: [] })));
  if (!connection.ok) return { ...facts, gateway: connection, keys: connection, enrolment: connection, certificates: connection };
  const { value } = connection;
  const get = <T>(path: string): Promise<Asked<T>> => asked(() => value.json<T>({ path }));
  const [gateway, keys, enrolment, certificates] = await Promise.all([
    get<GatewayTold>('/.well-known/waybill.json'), get<{ keys: PublishedKey[] }>('/.well-known/jwks.json'), get<EnrolmentTold>('/v1/directory/enrolment'), get<{ items: CertificateTold[] }>(`/v1/directory/agencies/${file.agency}/certificates`),
  ]);
  value.close();
  // Only now: what the gateway said is held against the clock at which it said so.
  return { ...facts, now: io.now(), gateway, keys: mapped(keys, (set) => set.keys), enrolment, certificates: mapped(certificates, (list) => list.items) };
}

/** Looks at the certificate even where it is not to be trusted: why it is not, is what is asked. */
function handshake(home: string, file: HomeFile, url: URL): Promise<{ authorized: boolean; because?: string; certificate: X509Certificate }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port || 443), servername: url.hostname, ca: readFileSync(join(home, file.ca)), rejectUnauthorized: false, minVersion: 'TLSv1.2', timeout: PATIENCE_MS }, () => {
      const certificate = socket.getPeerX509Certificate();
      const because = socket.authorizationError as (Error & { code?: string }) | string | null;
      socket.destroy();
      if (!certificate) reject(Object.assign(new Error('no certificate'), { code: 'NO_CERTIFICATE' }));
      else resolve({ authorized: socket.authorized, certificate, ...(because ? { because: typeof because === 'string' ? because : (because.code ?? because.message) } : {}) });
    });
    socket.once('timeout', () => socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    socket.once('error', reject);
  });
}

async function asked<T>(work: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof GatewayProblem) return { ok: false, code: error.code };
    if (error instanceof ClientRefusal) return { ok: false, code: typeof error.facts['cause'] === 'string' ? `${error.code} ${error.facts['cause']}` : error.code };
    const { code, name } = error as { code?: unknown; name?: unknown };
    return { ok: false, code: String(code ?? name ?? 'unknown') };
  }
}

const mapped = <A, B>(from: Asked<A>, to: (value: A) => B): Asked<B> => (from.ok ? { ok: true, value: to(from.value) } : from);
