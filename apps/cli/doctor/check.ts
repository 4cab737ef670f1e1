import type { Result } from '../ending';

export type Colour = 'green' | 'amber' | 'red';

/** One line of a diagnosis. `fix`: one sentence, wherever it is not green. */
export type Finding = { colour: 'green'; says: string } | { colour: 'amber' | 'red'; says: string; fix: string };

/** One thing that is looked at, given what was found out beforehand. Nothing to say about it: an empty list. */
export interface Check<Facts> {
  about: string;
  look(facts: Facts): readonly Finding[] | Promise<readonly Finding[]>;
}

export type Line = Finding & { about: string };

export const green = (says: string): Finding => ({ colour: 'green', says });
export const amber = (says: string, fix: string): Finding => ({ colour: 'amber', says, fix });
export const red = (says: string, fix: string): Finding => ({ colour: 'red', says, fix });

/** Looks at everything: one thing that cannot be looked at keeps none of the others from being told. */
export async function examine<Facts>(checks: readonly Check<Facts>[], facts: Facts): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { about, look } of checks) {
    const found = await Promise.resolve().then(() => look(facts)).catch((error: unknown) => [red(`could not be looked at (${codeOf(error)})`, 'Mend what stands above it, and run it again.')]);
    lines.push(...found.map((finding) => ({ about, ...finding })));
  }
  return lines;
}

const codeOf = (error: unknown): string => {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
};

/** Red ends with 1: a script can ask before it relies on it. Amber is for people. */
export function diagnosis(lines: readonly Line[]): Result {
  const count = (colour: Colour): number => lines.filter((line) => line.colour === colour).length;
  const [bad, doubtful] = [count('red'), count('amber')];
  return {
    ending: bad > 0 ? 'refused' : 'done',
    data: { red: bad, amber: doubtful, green: count('green'), lines },
    text: [
      ...lines.flatMap((line) => [`${line.colour.padEnd(5)}  ${line.about}: ${line.says}`, ...(line.colour === 'green' ? [] : [`       ${line.fix}`])]),
      bad + doubtful === 0 ? 'All is well.' : `${bad} red, ${doubtful} amber.`,
    ].join('\n'),
  };
}

const DAY_MS = 24 * 3_600_000;
/** Long enough for a certificate to be asked for, approved by telephone, issued and bound. */
export const SOON_DAYS = 30;

/** How something stands that ends. `fix` says how a new one is had. */
export function ending(what: string, until: Date, { now, fix }: { now: Date; fix: string }): Finding {
  const days = Math.floor((until.getTime() - now.getTime()) / DAY_MS);
  const on = until.toISOString().slice(0, 10);
  if (until <= now) return red(`${what} ended on ${on}`, fix);
  return days < SOON_DAYS ? amber(`${what} ends on ${on}, in ${days} days`, fix) : green(`${what} holds until ${on}`);
}
