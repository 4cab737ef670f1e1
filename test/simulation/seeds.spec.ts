import { execFileSync, spawnSync } from 'node:child_process';
import { simulate } from './simulation';
import type { Tally } from './world';

/** R24. As many as CI has patience for; `npm run simulate -- --seeds 100000` for a night. */
const SEEDS = 10_000;

/** Each of these has to have happened, or the run has shown nothing about it. */
const HAPPENED = [
  'over PostgreSQL', 'over a broker', 'crashes', 'connections lost', 'commits lost', 'commits unknown', 'lock timeouts', 'leaps of the clock', 'answers lost', 'posted twice at once', 'accepted at a repetition',
  'verdict committed', 'verdict stale', 'verdict known', 'commits of several', 'groups halved', 'shares that no row takes', 'ids reused', 'uploads damaged',
  'refused NOBODY_LEFT', 'refused NO_COMMON_AGREEMENT', 'refused DIGEST_MISMATCH', 'refused MANIFEST_ID_REUSED', 'refused IDEMPOTENCY_KEY_REUSED', 'revocations', 'parties withdrawn', 'parties come back',
  'published', 'not confirmed', 'taken and not confirmed', 'messages lost', 'messages duplicated', 'messages reordered', 'messages purged', 'rows purged', 'purges', 'messages made anew', 'found missing', 'broker outages',
  'channels closed', 'redelivered', 'dead letters', 'envelopes damaged', 'handed over again after it had moved', 'leases expired', 'transfers poisoned', 'retried', 'parked', 'replayed',
  'held', 'served', 'told TRANSFER_HELD', 'told PAYLOAD_REMOVED', 'told ALREADY_COLLECTED', 'told WRONG_STATE', 'told STATEMENT_DIFFERS', 'reminders', 'expired',
  'ended acknowledged', 'ended returned', 'ended undeliverable', 'ended recalled', 'entries integrated', 'proofs',
] as const;

interface Told { seeds: number; broken: number; steps: number; seconds: number; tally: Tally }

test(`over ${SEEDS.toLocaleString('en-GB')} seeds, whatever crashes, comes twice, out of order or late, every invariant holds`, () => {
  const run = spawnSync(process.execPath, ['deploy/scripts/run.mjs', 'test/simulation/main.js', '--seeds', String(SEEDS)], { encoding: 'utf8' });
  const lines = run.stdout.trim().split('\n');
  expect([run.status, run.stderr, ...lines.slice(0, -1)]).toEqual([0, '']);
  const { seeds, broken, steps, seconds, tally } = JSON.parse(lines.at(-1) as string) as Told;
  process.stderr.write(`simulation: ${seeds} seeds, ${steps} steps, ${seconds} s, ${broken} broken\n`);
  expect([seeds, broken]).toEqual([SEEDS, 0]);
  for (const what of HAPPENED) expect([what, (tally[what] ?? 0) > 0]).toEqual([what, true]);
});

test('a seed does the same each time, step by step', async () => {
  const told: string[][] = [[], []];
  for (const lines of told) await simulate(7, { told: (line) => void lines.push(line) });
  expect(told[0]?.length).toBeGreaterThan(500);
  expect(told[0]).toEqual(told[1]);
});

test('a seed that fails is printed as the command that replays it, and does', () => {
  const run = spawnSync(process.execPath, ['deploy/scripts/run.mjs', 'test/simulation/main.js', '--seeds', '2', '--bug', 'reminded-twice'], { encoding: 'utf8' });
  expect(run.status).toBe(1);
  const [, settings = '', broken] = /BROKEN after \d+ steps: (?:.*)\n {2}((?:SIMULATE_\w+=\S+ )+)npm run simulate/.exec(run.stdout) ? [undefined, RegExp.$1, /BROKEN after \d+ steps: (.*)/.exec(run.stdout)?.[1]] : [];
  const env = { ...process.env, ...Object.fromEntries(settings.trim().split(' ').map((each) => each.split('=') as [string, string])) };
  let said = '';
  try {
    execFileSync(process.execPath, ['deploy/scripts/run.mjs', 'test/simulation/main.js'], { env, encoding: 'utf8' });
  } catch (error) {
    said = (error as { stdout: string }).stdout;
  }
  expect(broken).toMatch(/reminded/);
  expect(said.trim().endsWith(broken as string)).toBe(true);
});
