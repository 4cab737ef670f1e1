import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCorpus } from './corpus';
import { mutated } from './mutations';
import { Random } from './random';
import { run } from './run';

// `npm run fuzz`: a million mutated messages through the gate. `npm run fuzz -- --inputs 5000 --seed 7` for fewer, or the same again;
// `--first` with the number of one that was found, and `--inputs 1`, puts that one through alone.

const FOLDER = join('.waybill', 'fuzz');
/** With little memory: it must do, and what the process holds then says something of the gate and not of the collector's leisure. */
const FLAGS = ['--expose-gc', '--max-semi-space-size=4', '--max-old-space-size=128'];

function option(name: string, usual: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? usual : Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} is a whole number`);
  return value;
}

async function main(collect: () => void): Promise<void> {
  const [inputs, seed, first] = [option('inputs', 1_000_000), option('seed', Date.now() % 2 ** 31), option('first', 0)];
  const seeds = readCorpus();
  console.log(`seed ${seed}, ${inputs} inputs from ${seeds.length} messages`);
  const started = performance.now();
  const { findings, passed, ...figures } = await run(seeds, { seed, inputs, first, collect });
  const { milliseconds, heap } = figures;
  const mb = (octets: number): string => `${(octets / 1e6).toFixed(1)} MB`;
  console.log(`${Math.round((performance.now() - started) / 1_000)} s; ${figures.accepted} accepted, as the reference does; median ${milliseconds.median.toFixed(3)} ms, p99 ${milliseconds.p99.toFixed(3)} ms, at most ${milliseconds.most.toFixed(1)} ms, ${figures.slow} over 50 ms`);
  console.log(`heap after collecting ${heap.map(mb).join(', ')}; resident at most ${mb(figures.residentAtMost)}`);
  console.log(Object.entries(figures.codes).sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`).join(', '));
  mkdirSync(FOLDER, { recursive: true });
  for (const { index, what, detail } of findings) {
    const file = join(FOLDER, `${seed}-${index}`);
    writeFileSync(file, mutated(seeds, new Random(seed, index)));
    console.log(`FOUND ${what}: ${file} (--seed ${seed} --first ${index} --inputs 1): ${detail}`);
  }
  writeFileSync(join(FOLDER, `${seed}.json`), JSON.stringify({ seed, ...figures, findings, passed: passed.map(({ octets, ...each }) => ({ ...each, octets: octets.toString('base64') })) }));
  process.exitCode = findings.length > 0 ? 1 : 0;
}

if (globalThis.gc) void main(() => globalThis.gc?.());
else process.exitCode = spawnSync(process.execPath, [...FLAGS, __filename, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
