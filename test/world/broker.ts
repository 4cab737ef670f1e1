import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { brokerConfig, definitions, PLUGINS } from '../../libs/queue/topology';
import { ownPort } from './ports';
import { readPool } from './tls';

/** A RabbitMQ node of the tests' own: its own name, ports, folders, cookie and epmd, all on the loopback. Nobody else's is touched. */
export interface Node {
  port: number;
  /** Declares all that Waybill needs in a virtual host, for nobody else to consume from. */
  declare(vhost: string): Promise<void>;
  /** Runs one of RabbitMQ's commands against this node. */
  control(...args: string[]): Promise<string>;
  /** Ends the node as a power cut would. */
  kill(): Promise<void>;
  /** Stops it in the middle of whatever it does, as a partition or a host that hangs would: connections stay, nothing answers. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  /** Starts it, the first time or again over the same data. */
  start(): Promise<void>;
}

/** Administers the tests' broker: no process of ours has such a user. */
export const ADMINISTRATOR = 'waybill-test-administrator';

const START_PATIENCE_MS = 90_000;
const BIN = '/usr/lib/rabbitmq/bin';

interface Place {
  name: string;
  port: number;
  epmd: number;
  distribution: number;
}

/** The one node of a run, started by whoever needs it first. Test files keep apart by virtual host. */
export async function sharedNode(): Promise<Node> {
  const folder = join(runFolder(), 'shared');
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) return startIn(folder);
  const ready = join(folder, 'place.json');
  const until = Date.now() + START_PATIENCE_MS;
  while (!existsSync(ready)) {
    if (Date.now() > until) throw new Error(`RabbitMQ did not start: see ${folder}`);
    await pause(100);
  }
  return nodeIn(folder, JSON.parse(readFileSync(ready, 'utf8')) as Place);
}

/** A node for a test that breaks it. */
export async function ownNode(): Promise<Node> {
  return startIn(newFolder());
}

/** Three nodes that are one broker: what it confirms stands on two of them at least. */
export async function ownCluster(): Promise<readonly [Node, Node, Node]> {
  const shared: Shared = { cookie: randomBytes(16).toString('hex'), epmd: await ownPort() };
  const folder = newFolder();
  const first = await startIn(folder, shared);
  const { name } = JSON.parse(readFileSync(join(folder, 'place.json'), 'utf8')) as Place;
  const second = await startIn(newFolder(), { ...shared, joins: name });
  return [first, second, await startIn(newFolder(), { ...shared, joins: name })];
}

/** Ends every node of a run, whether or not its tests came to their end. */
export async function endNodes(run: string): Promise<void> {
  if (!existsSync(run)) return;
  for (const each of readdirSync(run)) for (const program of ['watch', 'broker', 'epmd']) kill(join(run, each, `${program}.pid`));
  await pause(200);
  rmSync(run, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function newFolder(): string {
  const folder = join(runFolder(), randomBytes(4).toString('hex'));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function runFolder(): string {
  const folder = process.env['WAYBILL_TEST_BROKER'];
  if (!folder) throw new Error('No folder for a broker: start the tests with `npm test` or `npm run test:unit`.');
  return folder;
}

/** What the nodes of a cluster have in common: by it they find and trust one another. */
interface Shared {
  cookie: string;
  epmd: number;
  /** The node that this one joins when it first starts. */
  joins?: string;
}

async function startIn(folder: string, shared?: Shared): Promise<Node> {
  if (!existsSync(join(BIN, 'rabbitmq-server'))) throw new Error('RabbitMQ is not there: install the Debian package rabbitmq-server.');
  const [port, epmd, distribution] = [await ownPort(), await ownPort(), await ownPort()];
  const place: Place = { name: `waybill-${randomBytes(4).toString('hex')}@localhost`, port, epmd: shared?.epmd ?? epmd, distribution };
  prepare(folder, place, shared ?? { cookie: randomBytes(16).toString('hex'), epmd });
  const node = nodeIn(folder, place);
  await node.start();
  writeFileSync(join(folder, 'place.part'), JSON.stringify(place));
  renameSync(join(folder, 'place.part'), join(folder, 'place.json'));
  return node;
}

function prepare(folder: string, { name, port, epmd }: Place, { cookie, joins }: Shared): void {
  const { server, authority } = readPool();
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  file('rabbitmq.conf', joining(name, joins) + brokerConfig({
    port, address: '127.0.0.1', ca: file('ca.pem', authority.certificate), certificate: file('server.pem', server.certificate), key: file('server.key', server.key),
    definitions: file('definitions.json', JSON.stringify(administered('waybill'))),
  }));
  file('enabled_plugins', PLUGINS);
  file('.erlang.cookie', cookie);
  // In a cluster the first has the port, and those that come later end by themselves.
  background(folder, 'epmd', 'epmd', ['-port', String(epmd), '-address', '127.0.0.1']);
  // Whoever started us may be killed: then nobody tears down, and nothing of ours may outlive it.
  const main = /-(\d+)$/.exec(basename(runFolder()))?.[1] ?? String(process.ppid);
  background(folder, 'watch', 'sh', ['-c', `while kill -0 ${main} 2>/dev/null; do sleep 1; done; for each in broker epmd; do kill -9 $(cat $each.pid); done`]);
}

const joining = (name: string, joins: string | undefined): string => (joins === undefined ? '' : `cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = ${joins}
cluster_formation.classic_config.nodes.2 = ${name}
cluster_formation.randomized_startup_delay_range.min = 0
cluster_formation.randomized_startup_delay_range.max = 1
`);

/** What Waybill declares, and somebody who may look at it and empty it. */
function administered(vhost: string): object {
  const ours = definitions(vhost) as { users: object[]; permissions: object[] };
  const user = { name: ADMINISTRATOR, password_hash: '', hashing_algorithm: 'rabbit_password_hashing_sha256', tags: ['administrator'] };
  return { ...ours, users: [...ours.users, user], permissions: [...ours.permissions, { user: ADMINISTRATOR, vhost, configure: '.*', write: '.*', read: '.*' }] };
}

function nodeIn(folder: string, place: Place): Node {
  const env = environment(folder, place);
  const control = async (...args: string[]): Promise<string> => (await promisify(execFile)(join(BIN, 'rabbitmqctl'), ['-q', ...args], { env, cwd: folder })).stdout;
  return {
    port: place.port,
    control,
    declare: async (vhost) => {
      const file = join(folder, `${vhost}.json`);
      writeFileSync(file, JSON.stringify(administered(vhost)));
      await control('import_definitions', file);
    },
    kill: async () => {
      kill(join(folder, 'broker.pid'));
      while (await listens(place.port)) await pause(20);
    },
    freeze: () => kill(join(folder, 'broker.pid'), 'SIGSTOP'),
    thaw: () => kill(join(folder, 'broker.pid'), 'SIGCONT'),
    start: async () => {
      const until = Date.now() + START_PATIENCE_MS;
      const child = background(folder, 'broker', join(BIN, 'rabbitmq-server'), [], env);
      while (!(await listens(place.port))) {
        if (child.exitCode !== null || Date.now() > until) throw new Error(`RabbitMQ did not start; its log ends: ${readFileSync(join(folder, 'broker.log'), 'utf8').trim().split('\n').slice(-8).join('\n')}`);
        await pause(50);
      }
    },
  };
}

const environment = (folder: string, { name, epmd, distribution }: Place): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: folder,
  LANG: 'C.UTF-8',
  RABBITMQ_NODENAME: name,
  RABBITMQ_MNESIA_BASE: join(folder, 'data'),
  RABBITMQ_LOG_BASE: join(folder, 'log'),
  RABBITMQ_LOGS: '-',
  RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
  RABBITMQ_CONFIG_FILES: join(folder, 'conf.d'),
  RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced'),
  RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
  RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
  RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
  RABBITMQ_FEATURE_FLAGS_FILE: join(folder, 'feature_flags'),
  RABBITMQ_PID_FILE: join(folder, 'rabbitmq.pid'),
  RABBITMQ_DIST_PORT: String(distribution),
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +S 2:2',
  RABBITMQ_CTL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  ERL_EPMD_PORT: String(epmd),
  ERL_EPMD_ADDRESS: '127.0.0.1',
  // The script then becomes the node instead of waiting for it: the pid that we know is the one to kill.
  detached: 'true',
});

/** Starts a program that outlives the worker that needed it first; its pid and what it says stand in `folder`. */
function background(folder: string, name: string, program: string, args: string[], env: NodeJS.ProcessEnv = process.env) {
  const out = openSync(join(folder, `${name}.log`), 'a', 0o600);
  const child = spawn(program, args, { cwd: folder, detached: true, stdio: ['ignore', out, out], env });
  child.on('error', () => undefined);
  child.unref();
  writeFileSync(join(folder, `${name}.pid`), String(child.pid ?? ''));
  return child;
}

function kill(file: string, signal: NodeJS.Signals = 'SIGKILL'): void {
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  try {
    if (pid > 1) process.kill(pid, signal);
  } catch {
    // It has gone by itself.
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
