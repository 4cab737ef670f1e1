import { readFileSync } from 'node:fs';

/** What is wrong with a setting, where, and what to do about it. Never the value: it may be a secret that was put into the wrong place. */
export interface SettingFault {
  /** Absent: nowhere in a file; it is missing, or was set in the environment. */
  at?: Place;
  says: string;
  fix: string;
}

/** A line of a settings file. */
export interface Place {
  file: string;
  line: number;
}

export interface Line {
  name: string;
  value: string;
  at: Place;
}

const NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

/**
 * Reads `NAME=value` lines. systemd (EnvironmentFile), compose (env_file) and a shell read such a file too, each with rules of its own for
 * quotes, backslashes, `$` and comments behind a value. What they would read differently is refused, so that one file means one thing.
 */
export function readLines(file: string, text: string): { lines: Line[]; faults: SettingFault[] } {
  const lines: Line[] = [];
  const faults: SettingFault[] = [];
  const places = new Map<string, number>();
  text.split('\n').forEach((raw, i) => {
    const at = { file, line: i + 1 };
    const row = raw.replace(/\r$/, '');
    if (row.trim() === '' || row.startsWith('#')) return;
    const fault = misread(row);
    if (fault) return void faults.push({ at, ...fault });
    const name = row.slice(0, row.indexOf('='));
    const before = places.get(name);
    if (before !== undefined) return void faults.push({ at, says: `${name} is set twice, in line ${before} as well`, fix: 'Take one of the two lines out' });
    places.set(name, at.line);
    lines.push({ name, value: row.slice(name.length + 1), at });
  });
  return { lines, faults };
}

/** @throws never: a file that cannot be read is a fault like any other */
export function readSettingsFile(file: string): { lines: Line[]; faults: SettingFault[] } {
  try {
    return readLines(file, readFileSync(file, 'utf8'));
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { lines: [], faults: [{ at: { file, line: 1 }, says: gone ? 'there is no such settings file' : 'this settings file cannot be read', fix: gone ? 'Write it, or correct its name' : 'Let the user of the process read it' }] };
  }
}

function misread(row: string): Omit<SettingFault, 'at'> | undefined {
  const name = row.split('=', 1)[0] ?? '';
  if (!row.includes('=') || !NAME.test(name)) return { says: 'this is not NAME=value', fix: 'Write the name in capitals, an equals sign, and the value, with no space around them and no `export`' };
  const value = row.slice(name.length + 1);
  if (value === '') return { says: `${name} is empty`, fix: 'Give it a value, or take the line out' };
  if (value !== value.trim()) return { says: `${name} has a space before or after its value`, fix: 'Take the space away' };
  if (/["'`$\\]/.test(value)) return { says: `${name} holds a quote, a dollar sign or a backslash, which systemd and compose read differently`, fix: 'Write the value bare; put what needs such a character into a file and name the file' };
  if (/\s#/.test(value)) return { says: `${name} has a comment behind its value, which would become part of it`, fix: 'Put the comment on a line of its own' };
  if (!/^[\x20-\x7e]*$/.test(value)) return { says: `${name} holds something other than plain characters`, fix: 'Use ASCII' };
  return undefined;
}

/** `gateway.env:12: WAYBILL_PORT: it is no port. Give …` */
export const told = ({ at, says, fix }: SettingFault): string => `${at ? `${at.file}:${at.line}: ` : ''}${says}. ${fix}`;

/** The one of `names` that takes the fewest changes to get to from `name` (Levenshtein). */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const each of names) {
    const away = distance(name, each);
    if (!best || away < best.distance) best = { name: each, distance: away };
  }
  return best?.name;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] as number;
}
