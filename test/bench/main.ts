import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startPostgres } from '#platform/embedded-postgres';
import { hostOf, originOf } from '#register/checkpoint';
import { vkeyOf } from '#register/vkey';
import { ownPort } from '../world/ports';
import { endNodes, ownNode } from '../world/broker';
import { makePool, readPool } from '../world/tls';
import type { FloorPlan } from './floor/gateway';
import { sampleOf } from './floor/rows';
import { type Figures, measure } from './measure';
import { preload } from './preload';
import { prepareShares, type Prepared } from './shares';
import { decisions, expressions, gates, largeDecisions, mailbox, proofs, type Single } from './single';
import { shippedOptions } from './usage';
import { type Installation, install, RECIPIENT, SENDER } from './waybill';
import { type Wire, wireOf } from './wire';

// `npm run bench`: Waybill against a floor without domain code, in one run, on the same PostgreSQL, broker, keys and load.

const FOLDER = join(process.cwd(), '.waybill', 'bench');
const SHARES = Number(process.env['WAYBILL_BENCH_SHARES'] ?? 6_000);
const WARM = Math.ceil(SHARES / 4);
const PRELOADED = Number(process.env['WAYBILL_BENCH_ENTRIES'] ?? 1_000_000);
const CLIENTS = 32;

interface Rig {
  postgres: EmbeddedPostgres;
  wire: Wire;
  /** Processes whose time counts in every run. */
  shared: Record<'postgres' | 'broker', number>;
}

async function main(): Promise<void> {
  const rig = await start();
  let installation: Installation | undefined;
  try {
    installation = await install(rig.postgres, join(FOLDER, 'waybill'), rig.wire);
    const load = await loads(installation);
    const first = await ours(rig, installation, load);
    const floor = await floors(rig, installation, load);
    say(`Floor`, floor);
    say(`Waybill`, first);
    console.log(`ratio to floor: ${(first.sharesPerSecond / floor.sharesPerSecond).toFixed(2)}\n`);
    await preload({ owner: installation.owner, folder: FOLDER, controllers: [SENDER, RECIPIENT], each: PRELOADED / 2, checkpointKey: installation.checkpointKey });
    const filled = await ours(rig, installation, await loads(installation), singles);
    say(`with ${PRELOADED.toLocaleString('en-GB')} entries`, filled);
    console.log(`to Waybill without them: ${(filled.sharesPerSecond / first.sharesPerSecond).toFixed(2)}`);
    console.log(`\n${cpus().length} × ${cpus()[0]?.model ?? ''}; ${SHARES} shares of 4 KB in two parts to two recipients, ${CLIENTS} clients; fsync on; RabbitMQ over TLS, quorum queues, confirms; ${new Date().toISOString().slice(0, 10)}`);
  } finally {
    await installation?.stop();
    await installation?.owner.end();
    await endNodes(process.env['WAYBILL_TEST_BROKER'] ?? '');
    await rig.postgres.stop();
  }
}

async function start(): Promise<Rig> {
  rmSync(FOLDER, { recursive: true, force: true });
  // PostgreSQL, as another user, reads what is preloaded from here.
  mkdirSync(FOLDER, { recursive: true, mode: 0o755 });
  const broker = (process.env['WAYBILL_TEST_BROKER'] = join(FOLDER, `broker-${process.pid}`));
  process.env['WAYBILL_TEST_TLS'] = join(FOLDER, 'tls');
  await makePool(process.env['WAYBILL_TEST_TLS']);
  const postgres = await startPostgres(join(FOLDER, 'postgres'), { durable: true });
  const wire = wireOf(await ownNode());
  const pid = (file: string): number => Number(readFileSync(file, 'utf8').split('\n')[0]);
  return { postgres, wire, shared: { postgres: pid(join(postgres.data, 'postmaster.pid')), broker: pid(join(broker, readdirSync(broker)[0] ?? '', 'broker.pid')) } };
}

interface Loads {
  warm: Prepared;
  measured: Prepared;
}

async function loads({ partner, origin, agreement }: Installation): Promise<Loads> {
  const recipients = [{ partner: partner(RECIPIENT), contact: 'front-door', needToKnow: 'assesses-referral' }, { partner: partner('kingfisher-families'), contact: 'casework', needToKnow: 'works-with-person' }];
  const prepare = (count: number, name: string): Promise<Prepared> => prepareShares(count, { sender: partner(SENDER), recipients, origin, agreement, file: join(FOLDER, name) });
  return { warm: await prepare(WARM, 'warm'), measured: await prepare(SHARES, 'measured') };
}

async function ours({ shared }: Rig, installation: Installation, { warm, measured }: Loads, more: (installation: Installation) => Promise<void> = () => Promise.resolve()): Promise<Figures> {
  const { owner, port } = installation;
  const processes = await installation.start();
  await answering(port);
  const common = { folder: FOLDER, port, tls: installation.tls(SENDER), clients: CLIENTS, processes: { ...pidsOf(processes), ...shared }, owner, schema: 'waybill' as const };
  await measure({ ...common, prepared: warm });
  await owner.query('vacuum analyze');
  const figures = await measure({ ...common, prepared: measured });
  await more(installation);
  await installation.stop();
  return figures;
}

async function floors({ postgres, wire, shared }: Rig, installation: Installation, { warm, measured }: Loads): Promise<Figures> {
  const { owner } = installation;
  const plan = await floorPlan(installation, await sampleOf(owner, warm.shares[0]?.id ?? ''), wire, postgres);
  const file = join(FOLDER, 'floor.json');
  writeFileSync(file, JSON.stringify(plan), { mode: 0o600 });
  const log = openSync(join(FOLDER, 'floor.log'), 'a');
  const run = (...args: string[]): ChildProcess => spawn(process.execPath, args, { stdio: ['ignore', 'ignore', log], env: { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_OPTIONS: shippedOptions() } });
  const processes = { gateway: run(join(__dirname, 'floor/gateway.js'), file), courier: run(join(__dirname, 'floor/queue.js'), 'courier', file), relay: run(join(__dirname, 'floor/queue.js'), 'relay', file) };
  await answering(plan.port);
  const common = { folder: FOLDER, port: plan.port, tls: installation.tls(SENDER), clients: CLIENTS, processes: { ...pidsOf(processes), ...shared }, owner, schema: 'floor' as const };
  await measure({ ...common, prepared: warm });
  await owner.query('vacuum analyze');
  const figures = await measure({ ...common, prepared: measured });
  for (const child of Object.values(processes)) child.kill('SIGKILL');
  await owner.query('drop schema floor cascade');
  return figures;
}

async function floorPlan({ owner, partner, server }: Installation, samples: FloorPlan['samples'], wire: Wire, { host, port }: EmbeddedPostgres): Promise<FloorPlan> {
  const { authority, broker } = readPool();
  const ofBroker = (user: 'waybill-relay' | 'waybill-courier') => ({ cert: broker[user].certificate, key: broker[user].key });
  const { rows } = await owner.query<{ size: number }>('select avg(size)::int as size from waybill.transfer');
  return {
    port: await ownPort(),
    tls: server,
    certificate: Buffer.from([...partner(SENDER).keys.values()][0]?.certificate.octets ?? []).toString('base64'),
    database: { host, port, user: 'waybill_owner', database: 'waybill' },
    samples,
    envelope: Buffer.alloc((rows[0]?.size ?? 0) + AROUND_THE_PARTS).toString('base64'),
    broker: { url: wire.address('waybill-relay').url, ca: authority.certificate, cert: { 'waybill-relay': ofBroker('waybill-relay'), 'waybill-courier': ofBroker('waybill-courier') } },
  };
}

/** Manifest, signature, lines, wrapped keys and headers of an envelope. */
const AROUND_THE_PARTS = 4_096;

async function singles({ owner, checkpointKey, origin, tls, port }: Installation): Promise<void> {
  const { rows } = await owner.query<{ waiting: number }>(`select count(*)::int as waiting from waybill.transfer where recipient = $1 and state = 'available'`, [RECIPIENT]);
  const vkey = vkeyOf(originOf(hostOf(origin), SENDER), checkpointKey.publicKey);
  const all = [await decisions(), await largeDecisions(), await expressions(), ...(await gates()), await proofs({ port, tls: tls(SENDER) }, { owner, controller: SENDER, vkey }), await mailbox({ port, tls: tls(RECIPIENT) }, rows[0]?.waiting ?? 0)];
  for (const { what, p50, p99, more } of all satisfies Single[]) console.log(`${what.padEnd(72)} p50 ${ms(p50)} ms  p99 ${ms(p99)} ms  ${more ?? ''}`);
}

const pidsOf = (children: Record<string, ChildProcess>): Record<string, number> => Object.fromEntries(Object.entries(children).map(([name, child]) => [name, child.pid as number]));

/** Waits until somebody listens there. */
async function answering(port: number): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nobody listens on ${port}: see the logs under ${FOLDER}`);
}

const ms = (value: number): string => value.toFixed(value < 0.1 ? 3 : value < 10 ? 2 : 0);

function say(name: string, { sharesPerSecond, answer, available, cpuPerShare, cpuOf }: Figures): void {
  const waits = Number.isNaN(available.p50) ? '' : `  available p50 ${ms(available.p50)} p99 ${ms(available.p99)} ms`;
  console.log(`${name.padEnd(24)} ${sharesPerSecond.toFixed(0).padStart(5)} shares/s  answered p50 ${ms(answer.p50)} p99 ${ms(answer.p99)} ms${waits}  CPU ${ms(cpuPerShare)} ms a share (${Object.entries(cpuOf).map(([each, value]) => `${each} ${ms(value)}`).join(', ')})`);
}

void main();
