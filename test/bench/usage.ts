import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in these. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that these processes and all their children have used so far. */
export function cpuSeconds(roots: readonly number[]): number {
  const stats = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // proc(5): state, ppid, … utime (14th), stime (15th), cutime, cstime, counted from the field after the name.
      stats.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]) });
    } catch {
      // It ended between the two looks.
    }
  }
  const belongs = (pid: number): boolean => roots.includes(pid) || (stats.has(pid) && pid > 1 && belongs((stats.get(pid) as { parent: number }).parent));
  let ticks = 0;
  for (const [pid, stat] of stats) if (belongs(pid)) ticks += stat.ticks;
  return ticks / TICKS_PER_SECOND;
}

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** `NODE_OPTIONS` with which a process is shipped. */
export const shippedOptions = (unit = 'gateway'): string => /^Environment=NODE_OPTIONS=(.*)$/m.exec(readFileSync(`deploy/systemd/waybill-${unit}.service`, 'utf8'))?.[1] ?? '';

/** The environment with which the unit of a process ships it, but for where its settings lie. */
export const shippedEnvironment = (unit: string): Record<string, string> =>
  Object.fromEntries([...readFileSync(`deploy/systemd/waybill-${unit}.service`, 'utf8').matchAll(/^Environment=(NODE_OPTIONS|MALLOC_ARENA_MAX)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
