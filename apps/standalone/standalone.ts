import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Directory } from '#directory/directory';
import { Registrar } from '#directory/registrar';
import { DIRECTORY_ROWS } from '#directory/rows';
import { publicKeySet } from '#envelope/signing-keys';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { readAgreements } from '#partnership/agreements';
import { settleAgreements } from '#partnership/in-force';
import { type Clock, systemClock } from '#platform/clock';
import { Database, type DatabaseAddress, type ProcessRole } from '#platform/database';
import type { Egress } from '#platform/egress';
import { openLog } from '#platform/log';
import type { Agreement } from '#policy/agreement';
import type { BrokerAddress } from '#queue/settings';
import { Register } from '#register/register';
import { type CourierOptions, startCourier } from '../courier/courier';
import type { Figures } from '../gateway/figures';
import { startGateway } from '../gateway/gateway';
import type { ProxyOptions } from '../gateway/proxy-listener';
import { Agreements, PublishedKeys } from '../gateway/tokens';
import { membershipMoved } from '#partnership/parties';
import { startRelay } from '../relay/relay';
import { type ConsoleHere, startConsoleHere } from './console-here';
import { type SandboxKeys, sandboxKeys } from './keys';
import type { Person } from './staff';

export interface StandaloneOptions {
  /** Folder of this installation: keys, spool, logs. */
  folder: string;
  /** A migrated database. */
  database: DatabaseAddress;
  /** Folder of agreement profiles. */
  agreements: string;
  /** 0: any free port; the origin then has it. */
  port: number;
  /** Taken up instead of made: RSA keys take their time. */
  tls?: Pick<SandboxKeys, 'authority' | 'server'>;
  clock?: Clock;
  /** What the gateway counts. */
  figures?: Figures;
  /** What one agency may ask for, where not the usual. */
  perSecond?: { shares: number; others: number };
  /** RabbitMQ in PostgreSQL's place, as each process is known to it. */
  broker?: Record<'courier' | 'relay', BrokerAddress>;
  /** On which agencies have queues of their own, as the courier is known to it. Absent: none has. */
  partnerBroker?: BrokerAddress;
  /** The way out to endpoints of agencies. Absent: nothing is pushed. */
  egress?: Egress;
  /** Mail to domains of agencies. Absent: none is sent. */
  mail?: CourierOptions['mail'];
  /** Who is run elsewhere. */
  without?: readonly ('courier' | 'relay')[];
  /** A second listener of the gateway, for a proxy that names the caller. */
  proxy?: ProxyOptions;
  /** Pages for staff, with a sign-in of the sandbox's own, at these ports; 0: any free one. Absent: there are none. */
  console?: { port: number; identityPort: number; people?: readonly Person[]; routed?: (method: string, path: string) => void; /** Origin of the reader. Absent: shares are opened by command. */ reader?: string };
}

export interface Standalone {
  origin: string;
  port: number;
  proxyPort?: number;
  keys: SandboxKeys;
  agreements: ReadonlyMap<string, Agreement>;
  registrar: Registrar;
  /** One process role's view of the database, for a look behind the scenes. */
  database(role: ProcessRole): Database;
  /** Where the processes write their logs. */
  logFile: string;
  /** Pages for staff, where they were asked for. */
  console?: ConsoleHere;
  stop(): Promise<void>;
}

const ROLES = ['gateway', 'courier', 'relay', 'registrar', 'console'] as const;
const HOSTS = ['localhost', '127.0.0.1'];
const ROWS = [...DIRECTORY_ROWS, ...EXCHANGE_ROWS];

/** Gateway, courier, relay and, where it is asked for, the console in one process. Each has its own pool under its own database role, never the owner's. */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const clock = options.clock ?? systemClock;
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const keys = await sandboxKeys(join(options.folder, 'keys'), { hosts: HOSTS, now: clock.now(), ...(options.tls ? { tls: options.tls } : {}) });
  const logFile = join(options.folder, 'waybill.log');
  const out = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const log = (process: string) => openLog(process, out);
  const opened = new Map<ProcessRole, Database>();
  for (const role of ROLES.filter((each) => each !== 'console' || options.console)) opened.set(role, await Database.open(role, options.database, ROWS));
  const database = (role: ProcessRole): Database => opened.get(role) as Database;
  const agreements = new Agreements((await settleAgreements({ database: database('gateway'), register: new Register(), clock }, readAgreements(options.agreements))).served);
  const port = options.port || (await freePort());
  const origin = `https://localhost:${port}`;
  const push = options.egress && { egress: options.egress, webhookKey: randomBytes(32) };
  const published = new PublishedKeys((await publicKeySet([{ publicKey: keys.provenance.publicKey, from: new Date(0) }])).keys);
  const gateway = await startGateway({
    database: database('gateway'), agreements, clock, log: log('gateway'), origin, listen: { host: '127.0.0.1', port }, ...(options.proxy ? { proxy: options.proxy } : {}), ...(options.perSecond ? { perSecond: options.perSecond } : {}),
    ...(options.figures ? { figures: options.figures } : {}), tls: keys.server, ...(options.console?.reader ? { console: keys.server.certificate } : {}), key: keys.provenance, published, logKeys: [keys.checkpoint.publicKey], spool: join(options.folder, 'spool'), ...(push ?? {}), ...(options.partnerBroker ? { partnerBroker: options.partnerBroker.url } : {}), mails: options.mail !== undefined,
  });
  const without = new Set(options.without);
  const courier = without.has('courier') ? undefined : await startCourier({ database: database('courier'), clock, log: log('courier'), ...(options.broker ? { broker: options.broker.courier } : {}), ...(push ? { push } : {}), ...(options.partnerBroker ? { partnerBroker: options.partnerBroker } : {}), ...(options.mail ? { mail: options.mail } : {}) });
  const relay = without.has('relay') ? undefined : startRelay({ database: database('relay'), agreements, clock, log: log('relay'), checkpointKey: keys.checkpoint, ...(options.broker ? { broker: options.broker.relay } : {}) });
  const pages = options.console && (await startConsoleHere({ database: database('console'), agreements, clock, log: log('console'), tls: keys.server, authority: keys.authority.certificate, gateway: origin, ...options.console, port: options.console.port || (await freePort()), identityPort: options.console.identityPort || (await freePort()) }));
  return {
    origin,
    port,
    ...(pages ? { console: pages } : {}),
    ...(gateway.proxyPort === undefined ? {} : { proxyPort: gateway.proxyPort }),
    keys,
    agreements,
    registrar: new Registrar({ moved: membershipMoved, database: database('registrar'), directory: new Directory(database('registrar')), register: new Register(), clock, gateway: origin }),
    database,
    logFile,
    stop: async () => {
      await pages?.stop();
      await gateway.stop();
      await courier?.stop();
      await relay?.stop();
      for (const each of opened.values()) await each.close();
      await new Promise((resolve) => out.end(resolve));
    },
  };
}

/** The origin stands in every manifest, so it must be known before the first is read. */
export async function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort())));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
