import { type GateOptions, readSealed } from '#envelope/gate';
import type { Seed } from './corpus';
import { mutated } from './mutations';
import { Random } from './random';
import { judge } from './reference';

/** What wire.md admits of one message here; less than a partner may send, so that the limits are met too. */
export const LIMITS = { maxOctets: 1_200_000, maxAddressees: 8 };

export interface Finding {
  index: number;
  what: 'threw' | 'accepted what the reference refuses' | 'accepted it as something else' | 'refused what the reference accepts' | 'let out other octets than it names';
  detail: string;
}

export interface Figures {
  inputs: number;
  accepted: number;
  codes: Record<string, number>;
  milliseconds: { median: number; p99: number; most: number };
  /** How many took longer than `SLOW_MS`. */
  slow: number;
  /** Octets of the heap after collecting, at each tenth; of the process, at most. */
  heap: number[];
  residentAtMost: number;
  findings: Finding[];
  /** Some that passed though they had been changed, for other programs to look at. */
  passed: { octets: Buffer; addressees: string[]; digest: string }[];
}

export const SLOW_MS = 50;
const MOST_FINDINGS = 20;
const MOST_PASSED = 40;
const LARGEST_WITNESSED = 60_000;

/** Puts so many mutated messages through the gate, and holds each answer to the reference. */
export async function run(seeds: readonly Seed[], options: { seed: number; inputs: number; first?: number; collect: () => void }): Promise<Figures> {
  const { seed, inputs, first = 0, collect } = options;
  const figures: Figures = { inputs, accepted: 0, codes: {}, milliseconds: { median: 0, p99: 0, most: 0 }, slow: 0, heap: [], residentAtMost: 0, findings: [], passed: [] };
  const took = new Float64Array(inputs);
  for (let i = 0; i < inputs; i += 1) {
    const random = new Random(seed, first + i);
    const octets = mutated(seeds, random);
    const size = random.one([1 + random.below(16), 512, 16_384, 65_536, 2 ** 24]);
    took[i] = await oneInput(octets, octets.length > 100_000 ? Math.max(size, 512) : size, (what, detail) => {
      if (figures.findings.length < MOST_FINDINGS) figures.findings.push({ index: first + i, what, detail });
    }, figures);
    if ((i + 1) % Math.ceil(inputs / 10) === 0 || i + 1 === inputs) {
      collect();
      figures.heap.push(process.memoryUsage().heapUsed);
    }
    if (i % 100 === 0) figures.residentAtMost = Math.max(figures.residentAtMost, process.memoryUsage.rss());
  }
  const sorted = took.toSorted();
  const at = (share: number): number => sorted[Math.min(inputs - 1, Math.floor(inputs * share))] ?? 0;
  return { ...figures, milliseconds: { median: at(0.5), p99: at(0.99), most: at(1) }, slow: took.filter((each) => each > SLOW_MS).length };
}

/** One message through the gate, in pieces of `size`; how many milliseconds that took. */
async function oneInput(octets: Buffer, size: number, find: (what: Finding['what'], detail: string) => void, figures: Figures): Promise<number> {
  const out: Uint8Array[] = [];
  const options: GateOptions = { ...LIMITS, sink: (chunk) => void out.push(Buffer.from(chunk)) };
  const started = performance.now();
  let answer: Awaited<ReturnType<typeof readSealed>>;
  try {
    answer = await readSealed(pieces(octets, size), options);
  } catch (error) {
    find('threw', String(error));
    return performance.now() - started;
  }
  const took = performance.now() - started;
  const expected = judge(octets, LIMITS);
  const code = answer.ok ? 'passes' : answer.problem.code;
  figures.codes[code] = (figures.codes[code] ?? 0) + 1;
  if (!answer.ok) {
    // Of armor the reference takes more than the gate: a checksum that does not fit, a line that is too long to look at.
    if (expected && (octets[0] ?? 0) >= 0x80) find('refused what the reference accepts', `${answer.problem.code} ${answer.problem.detail ?? ''}`);
    return took;
  }
  const { part } = answer;
  const addressees = part.addressees.map(({ keyId, fingerprint }) => keyId ?? fingerprint ?? '');
  if (!expected) find('accepted what the reference refuses', `${addressees.join()} ${part.digest}`);
  else if (part.digest !== expected.digest || addressees.join() !== expected.addressees.join() || part.seipdVersion !== expected.version) find('accepted it as something else', JSON.stringify({ addressees, digest: part.digest, expected }));
  const copy = Buffer.concat([...part.addressees.map(({ packet }) => packet), ...out]);
  const read = judge(copy, LIMITS);
  if (read?.digest !== part.digest || read.addressees.join() !== addressees.join()) find('let out other octets than it names', part.digest);
  figures.accepted += 1;
  if (figures.passed.length < MOST_PASSED && figures.accepted % 37 === 0 && octets.length < LARGEST_WITNESSED) figures.passed.push({ octets: copy, addressees, digest: part.digest });
  return took;
}

async function* pieces(octets: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}
