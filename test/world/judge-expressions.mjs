// Judges regular expressions, `[source, flags][]` on its input, and writes what each can be made to do. A program of its own: within a test runner's sandbox it takes eight times as long.
import { readFileSync } from 'node:fs';
// The build in plain JavaScript: the other asks a program of its own, and stops when its time is over and not when it knows.
import recheck from 'recheck/lib/browser.js';

const judged = JSON.parse(readFileSync(0, 'utf8')).map(([source, flags]) => {
  const { status, complexity, error } = recheck.checkSync(source, flags, { timeout: null, randomSeed: 1 });
  return complexity?.type ?? `${status} ${error?.kind ?? ''}`;
});
process.stdout.write(JSON.stringify(judged));
