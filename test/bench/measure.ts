import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { LoadPlan, LoadResult } from './load';
import type { Prepared } from './shares';
import { cpuSeconds, percentile } from './usage';

/** What one run came to. Milliseconds; processor time without the client's. */
export interface Figures {
  sharesPerSecond: number;
  answer: { p50: number; p99: number };
  available: { p50: number; p99: number };
  cpuPerShare: number;
  /** Of single processes. */
  cpuOf: Record<string, number>;
}

export interface Measured {
  folder: string;
  port: number;
  tls: LoadPlan['tls'];
  prepared: Prepared;
  clients: number;
  /** Whose processor time counts, by name. */
  processes: Readonly<Record<string, number>>;
  owner: Client;
  /** Schema of the tables `transfer` and `share`. */
  schema: 'waybill' | 'floor';
}

/** How long the last transfer may take to arrive after the last answer. */
const PATIENCE_MS = 60_000;

/** Sends all that was prepared and waits until the last of it is available. The clock runs from the first octet sent to that. */
export async function measure({ folder, port, tls, prepared, clients, processes, owner, schema }: Measured): Promise<Figures> {
  const before = Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, cpuSeconds([pid])]));
  const result = await generate(folder, { port, path: '/v1/shares', clients, tls, prepared, out: join(folder, 'load.out.json') });
  if (Object.keys(result.statuses).join() !== '202') throw new Error(`not every share was accepted: ${JSON.stringify(result.statuses)} ${result.firstRefusal ?? ''}`);
  for (const until = Date.now() + PATIENCE_MS; ;) {
    const { rows } = await owner.query<{ left: number }>(`select count(*)::int as left from ${schema}.transfer where state <> 'available'`);
    if (rows[0]?.left === 0) break;
    if (Date.now() > until) throw new Error(`${rows[0]?.left} transfers did not arrive`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const used = Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, ((cpuSeconds([pid]) - (before[name] ?? 0)) * 1_000) / prepared.shares.length]));
  const times = Object.values(result.sent);
  const first = Math.min(...times.map(([at]) => at));
  const { rows } = await owner.query<{ share: string; at: Date }>(`select share, max(available_at) as at from ${schema}.transfer where available_at >= $1 group by share`, [new Date(Math.floor(first))]);
  const available = new Map(rows.map(({ share, at }) => [share, at.getTime()]));
  // The floor makes up its own ids: there, only the last arrival counts.
  const waits = Object.entries(result.sent).map(([id, [at]]) => (available.get(id) ?? Number.NaN) - at).filter((wait) => !Number.isNaN(wait));
  const last = [...available.values()].reduce((a, b) => Math.max(a, b), 0);
  const answers = times.map(([at, answered]) => answered - at);
  return {
    sharesPerSecond: prepared.shares.length / ((last - first) / 1_000),
    answer: { p50: percentile(answers, 0.5), p99: percentile(answers, 0.99) },
    available: { p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) },
    cpuPerShare: Object.values(used).reduce((sum, each) => sum + each, 0),
    cpuOf: used,
  };
}

/** The load generator runs in a process of its own, so that its processor time is not ours. */
async function generate(folder: string, plan: LoadPlan): Promise<LoadResult> {
  const file = join(folder, 'load.json');
  writeFileSync(file, JSON.stringify(plan));
  const child = spawn(process.execPath, [join(__dirname, 'load.js'), file], { stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('the load generator failed');
  return JSON.parse(readFileSync(plan.out, 'utf8')) as LoadResult;
}
