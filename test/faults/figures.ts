import { appendFileSync, writeSync } from 'node:fs';

/** Says what a row came to: to whoever watches, and to the file from which `npm run faults:full` writes docs/faults.md. */
export function figure(row: string, says: string): void {
  writeSync(2, `${row}: ${says}\n`);
  const file = process.env['WAYBILL_FAULTS_FIGURES'];
  if (file) appendFileSync(file, `${JSON.stringify({ row, says, at: new Date().toISOString() })}\n`);
}

/** Numbers that look random and are the same again for the same seed (mulberry32): a storm can be gone through again. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
