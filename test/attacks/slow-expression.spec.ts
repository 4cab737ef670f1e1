import { execFileSync } from 'node:child_process';
import { armorOctets } from '#envelope/cutting';
import { ourExpressions } from '../world/expressions';
import { MESSAGE, verdict } from './envelope/forge';

// A6: an expression that tries every way to cut a text in two takes minutes for a text of a few kilobytes. Every expression of ours is looked at, from the sources, so that
// a new one is too. It is not run against a clock: as an automaton it either can be made to take longer than a text is long or can't, and one that is too large for that is
// searched, with a fixed seed, for a text that does it. How long the slowest takes for 64 KB is a row of `npm run bench`.

const ALL = ourExpressions();

/** What each can be made to do: `safe` and `linear` grow as the text does. */
const judge = (expressions: readonly { source: string; flags: string }[]): string[] =>
  JSON.parse(execFileSync(process.execPath, ['test/world/judge-expressions.mjs'], { input: JSON.stringify(expressions.map(({ source, flags }) => [source, flags])), encoding: 'utf8' })) as string[];

test('A6: the search finds the expressions, and the judge sees a slow one', () => {
  expect(ALL.length).toBeGreaterThan(80);
  expect(judge(['^a*a*$', '^(a+)+$', 'a[^b]*b', '^[a-z0-9-]{1,63}$'].map((source) => ({ source, flags: '' })))).toEqual(['polynomial', 'exponential', 'polynomial', 'safe']);
});

test('A6: no expression of libs and apps can be made to take longer than its text is long', () => {
  const judged = judge(ALL);
  expect(judged).toHaveLength(ALL.length);
  expect(ALL.flatMap((found, i) => (['safe', 'linear'].includes(judged[i] ?? '') ? [] : [{ ...found, judged: judged[i] }]))).toEqual([]);
});

test('A6: the end of an armored block is looked for in its last octets, however long somebody makes it', async () => {
  const text = armorOctets(MESSAGE);
  for (const pump of ['-----END', '-----END ', '-', '=', '= ', '=\n']) {
    expect(await verdict(text.replace(/-----END[^]*$/, pump.repeat(Math.ceil((1024 * 1024) / pump.length))))).not.toBe('passes');
  }
});
