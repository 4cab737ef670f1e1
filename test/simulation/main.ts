import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Mutant, MUTANTS } from './mutants';
import { type Run, simulate, TROUBLED } from './simulation';
import type { Tally } from './world';

// `npm run simulate -- --seeds 10000 --from 1 [--bug …]`: so many runs, on every core. `SIMULATE_SEED=42 npm run simulate`: one, told step by step.

/** What one worker found in its share of the seeds. */
interface Part { runs: number; steps: number; tally: Tally; broken: Run[] }

interface Share { from: number; until: number; every: number; bug: Mutant | undefined }

/** Failures told one by one: after the first few they say the same. */
const MOST_TOLD = 10;

async function work({ from, until, every, bug }: Share): Promise<Part> {
  const part: Part = { runs: 0, steps: 0, tally: {}, broken: [] };
  for (let seed = from; seed < until; seed += every) {
    const run = await simulate(seed, { bug });
    part.runs += 1;
    part.steps += run.steps;
    add(part.tally, run.tally);
    if (run.broken && part.broken.push(run) >= MOST_TOLD) break;
  }
  return part;
}

async function all(seeds: number, from: number, bug: Mutant | undefined): Promise<Part> {
  const every = Math.min(availableParallelism(), seeds);
  const parts = await Promise.all(Array.from({ length: every }, (_, i) => new Promise<Part>((resolve, reject) => {
    const share: Share = { from: from + i, until: from + seeds, every, bug };
    new Worker(__filename, { workerData: share }).once('message', resolve).once('error', reject);
  })));
  const whole: Part = { runs: 0, steps: 0, tally: {}, broken: [] };
  for (const part of parts) {
    whole.runs += part.runs;
    whole.steps += part.steps;
    whole.broken.push(...part.broken);
    add(whole.tally, part.tally);
  }
  return whole;
}

const add = (to: Tally, more: Tally): void => {
  for (const [what, count] of Object.entries(more)) to[what] = (to[what] ?? 0) + count;
};

/** The same seed with fewer troubles, as few as still break the same: what goes wrong later is no part of it. */
async function shortened({ seed, broken, steps }: Run, bug: Mutant | undefined): Promise<{ run: Run; troubled: number }> {
  let shortest = { run: { seed, broken, steps } as Run, troubled: TROUBLED };
  for (let troubled = Math.min(TROUBLED, steps); troubled > 20; troubled = Math.floor(troubled * 0.8)) {
    const run = await simulate(seed, { bug, troubled });
    if (kindOf(run.broken) === kindOf(broken)) shortest = { run, troubled };
  }
  return shortest;
}

const kindOf = (broken: string | undefined): string | undefined => broken?.replace(/[:(].*/, '');

async function told(seed: number, bug: Mutant | undefined): Promise<boolean> {
  const troubled = Number(process.env['SIMULATE_TROUBLED'] ?? TROUBLED);
  const run = await simulate(seed, { bug, troubled, told: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write(`${JSON.stringify(run.tally)}\nseed ${seed}: ${run.steps} steps, ${run.broken ?? 'everything held'}\n`);
  return run.broken === undefined;
}

async function main(): Promise<boolean> {
  const option = (name: string): string | undefined => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : undefined);
  const bug = (option('bug') ?? process.env['SIMULATE_BUG']) as Mutant | undefined;
  if (bug && !Object.hasOwn(MUTANTS, bug)) throw new Error(`no such fault; one of ${Object.keys(MUTANTS).join(', ')}`);
  if (process.env['SIMULATE_SEED']) return told(Number(process.env['SIMULATE_SEED']), bug);
  const [seeds, from] = [Number(option('seeds') ?? 10_000), Number(option('from') ?? 1)];
  const began = performance.now();
  const { runs, steps, tally, broken } = await all(seeds, from, bug);
  const seconds = Math.round((performance.now() - began) / 1_000);
  for (const run of broken.slice(0, MOST_TOLD)) {
    const { run: short, troubled } = await shortened(run, bug);
    process.stdout.write(`BROKEN after ${short.steps} steps: ${short.broken}\n  ${bug ? `SIMULATE_BUG=${bug} ` : ''}${troubled === TROUBLED ? '' : `SIMULATE_TROUBLED=${troubled} `}SIMULATE_SEED=${run.seed} npm run simulate\n`);
  }
  process.stdout.write(`${JSON.stringify({ seeds: runs, broken: broken.length, steps, seconds, tally })}\n`);
  return broken.length === 0;
}

if (isMainThread) void main().then((held) => (process.exitCode = held ? 0 : 1));
else void work(workerData as Share).then((part) => parentPort?.postMessage(part));
