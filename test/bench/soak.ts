import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { figure, pause } from '../faults/figures';
import { type House, openHouse } from '../faults/house';
import { reckon } from '../faults/reckoning';
import { Server } from '../faults/server';
import { noneSent, prepared, submitAll } from '../faults/submitters';
import { endNodes, ownNode } from '../world/broker';
import { makePool } from '../world/tls';
import { shippedEnvironment } from './usage';
import { wireOf } from './wire';

// `npm run soak [minutes]`: R25. A steady stream of shares through all processes; what each holds in memory and keeps open must not grow.

const MINUTES = Number(process.argv[2] ?? 60);
const SHARES_PER_SECOND = Number(process.argv[3] ?? 5);
/** Caches fill and code is compiled for a while; from then on nothing should grow. */
const WARM = 0.25;
const SAMPLE_MS = 2_000;
const FOLDER = join(process.cwd(), '.waybill', 'test');

interface Sample {
  /** Hours since the start. */
  at: number;
  megabytes: number;
  descriptors: number;
}

async function main(): Promise<void> {
  process.env['WAYBILL_TEST_TLS'] = join(FOLDER, `soak-${process.pid}-tls`);
  process.env['WAYBILL_TEST_BROKER'] = join(FOLDER, `broker-${process.pid}`);
  mkdirSync(FOLDER, { recursive: true });
  await makePool(process.env['WAYBILL_TEST_TLS']);
  const server = await Server.open();
  const node = await ownNode();
  let house: House | undefined;
  try {
    const env = { 'gateway-1': shippedEnvironment('gateway'), courier: shippedEnvironment('courier'), relay: shippedEnvironment('relay') };
    house = await openHouse({ database: server.address, wire: wireOf(node), env });
    await house.up();
    await soak(house);
  } finally {
    await house?.stop();
    await endNodes(process.env['WAYBILL_TEST_BROKER']);
    await server.close();
    rmSync(process.env['WAYBILL_TEST_TLS'], { recursive: true, force: true });
  }
}

async function soak(house: House): Promise<void> {
  const sent = noneSent();
  const samples = new Map([...house.members.keys()].map((name) => [name, [] as Sample[]]));
  const began = Date.now();
  const until = began + MINUTES * 60_000;
  const sampling = setInterval(() => {
    for (const [name, { kept }] of house.members) samples.get(name)?.push({ at: (Date.now() - began) / 3_600_000, ...lookAt(kept.pid as number) });
  }, SAMPLE_MS);
  // A minute's worth at a time: a share is not to be a day old when it is sent.
  for (let n = 0; Date.now() < until; n++) {
    const minute = Math.min(60_000, until - Date.now());
    const from = Date.now();
    await submitAll(house, await prepared(house, Math.ceil((minute / 1_000) * SHARES_PER_SECOND), 'minute'), sent, { progress: () => Math.min(0.999, Math.max(0.02, (Date.now() - from) / minute)) });
    while (Date.now() < from + minute - 1_000) await pause(100);
  }
  clearInterval(sampling);
  const { findings, shares } = await reckon(house, sent, { patienceMs: 120_000 });
  for (const [name, all] of samples) {
    const warm = all.slice(Math.floor(all.length * WARM));
    const [first, last] = [warm[0] as Sample, warm.at(-1) as Sample];
    const slope = slopeOf(warm.map(({ at, megabytes }) => [at, megabytes]));
    const mean = warm.reduce((sum, { megabytes }) => sum + megabytes, 0) / warm.length;
    figure('R25', `${name}: ${mean.toFixed(0)} MB, slope ${slope.toFixed(1)} MB/h (${((slope / mean) * 100).toFixed(1)} %/h), descriptors ${first.descriptors} to ${last.descriptors}, most ${Math.max(...warm.map(({ descriptors }) => descriptors))}; ${warm.length} samples over ${(last.at - first.at).toFixed(2)} h`);
  }
  figure('R25', `${MINUTES} minutes, ${shares} shares at ${SHARES_PER_SECOND} a second, findings ${findings.length}; ${cpus().length} × ${cpus()[0]?.model ?? ''}`);
  for (const finding of findings) console.log(finding);
  if (findings.length > 0) process.exitCode = 1;
}

function lookAt(pid: number): Omit<Sample, 'at'> {
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return { megabytes: kilobytes / 1_024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

/** Least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const [over, under] = points.reduce(([a, b], [px, py]) => [a + (px - x) * (py - y), b + (px - x) ** 2], [0, 0]);
  return over / under;
}

void main();
