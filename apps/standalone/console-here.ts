import { STAFF_ROLES } from '#directory/staff-roles';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import type { Agreement } from '#policy/agreement';
import { startConsole } from '../console/console';
import { readerMade } from '../console/reader-made';
import { CAST } from './cast';
import { startIdentity } from './identity/identity';
import { PEOPLE, type Person } from './staff';

export interface ConsoleHere {
  origin: string;
  /** Of the sandbox's own sign-in. */
  issuer: string;
  stop(): Promise<void>;
}

interface ConsoleHereOptions {
  database: Database;
  agreements: ReadonlyMap<string, Agreement>;
  clock: Clock;
  log: Log;
  tls: { key: string; certificate: string };
  /** PEM: of the server's certificate. */
  authority: string;
  port: number;
  identityPort: number;
  /** Whom one can be; absent: the sandbox's own. */
  people?: readonly Person[];
  routed?: (method: string, path: string) => void;
  /** Origin of the reader, where there is one. */
  reader?: string;
  /** Origin of the gateway. */
  gateway: string;
}

/** Pages for staff and an OpenID provider to sign in at, each on a port of its own: as they stand apart in earnest. */
export async function startConsoleHere({ port, identityPort, tls, authority, people = PEOPLE, routed, reader, gateway, ...rooms }: ConsoleHereOptions): Promise<ConsoleHere> {
  const origin = `https://localhost:${port}`;
  const identity = await startIdentity({ origin: `https://localhost:${identityPort}`, tls, console: origin, identities: people.map(({ staff, name, roles, agency }) => ({ subject: staff, name, says: `${roles.map((role) => STAFF_ROLES[role].says).join(', ')} of ${CAST.find((plan) => plan.agency === agency)?.name ?? agency}` })) });
  const console = await startConsole({ ...rooms, origin, tls, listen: { host: '127.0.0.1', port }, identity: { ...identity, authorities: authority }, ...(routed ? { routed } : {}), ...(reader ? { reading: { reader: { origin: reader, digest: readerMade() }, gateway: { origin: gateway, authorities: authority, ...tls } } } : {}) });
  return {
    origin, issuer: identity.issuer,
    stop: async () => {
      await console.stop();
      await identity.stop();
    },
  };
}
