import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drafted, requireNobodyNamed } from '#client/drafting';
import { EXIT_CODES } from './exit-codes';
import type { HomeFile } from './home';
import { run } from './run';
import { describeShare, parseShare } from './share-file';
import { KNOWN_CODES } from './vocabulary';

let cwd: string;
beforeAll(() => (cwd = mkdtempSync(join(tmpdir(), 'waybill-run-'))));
afterAll(() => rmSync(cwd, { recursive: true }));

async function waybill(...args: string[]) {
  const said = { out: '', err: '' };
  const exit = await run(args, { out: (text) => void (said.out += text), err: (text) => void (said.err += text), outOctets: () => undefined, watched: false, cwd, env: {}, now: () => new Date() });
  return { exit, ...said };
}

test('--help lists every command and every exit code', async () => {
  const { exit, out } = await waybill('--help');
  expect(exit).toBe(0);
  for (const name of ['send', 'mailbox', 'open', 'ack', 'return', 'recall', 'status', 'verify', 'register', 'agreements']) expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  for (const { code, says } of Object.values(EXIT_CODES)) expect(out).toContain(`${code}  ${says}`);
});

test('the guide holds the same table of exit codes, and a share file that is one', () => {
  const guide = readFileSync('docs/cli.md', 'utf8');
  for (const { code, says } of Object.values(EXIT_CODES)) expect(guide).toContain(`| ${code} | ${says} |`);
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(guide) ?? [];
  writeFileSync(join(cwd, 'referral.pdf'), 'x');
  writeFileSync(join(cwd, 'reasons.txt'), 'x');
  const share = describeShare(parseShare(example), cwd, { agency: 'st-brigid-primary', contact: 'safeguarding-lead' } as HomeFile);
  const draft = drafted(share, 'https://gateway.example', new Date());
  expect(() => requireNobodyNamed(share, draft, KNOWN_CODES)).not.toThrow();
  expect(draft.lines).toHaveLength(9);
});

test.each([['send'], ['mailbox'], ['open'], ['ack'], ['return'], ['recall'], ['status'], ['verify'], ['register', 'export'], ['register', 'verify'], ['agreements', 'check']])('%s %s --help shows an example', async (...names) => {
  const { exit, out } = await waybill(...names.filter(Boolean), '--help');
  expect(exit).toBe(0);
  expect(out).toContain(`Example:\n  $ waybill ${names.filter(Boolean).join(' ')}`);
  expect(out).toContain('--json');
});

test.each<[string, string[]]>([
  ['an unknown command', ['sned']],
  ['an unknown option', ['mailbox', '--frobnicate']],
  ['a missing argument', ['open']],
  ['a reason that is none', ['recall', 'x', '--reason', 'changed-my-mind']],
  ['no home', ['mailbox']],
  ['a home that is not there', ['mailbox', '--home', 'nowhere']],
  ['a folder that is not there', ['agreements', 'check', 'nowhere']],
])('%s is a usage error, with what to do', async (_, args) => {
  const { exit, err, out } = await waybill(...args);
  expect({ exit, out }).toEqual({ exit: 2, out: '' });
  expect(err).not.toBe('');
});

test('with --json an error is an object on stdout', async () => {
  const { exit, out, err } = await waybill('mailbox', '--json');
  expect({ exit, err }).toEqual({ exit: 2, err: '' });
  expect(JSON.parse(out)).toMatchObject({ exit: 2, problem: { code: 'USAGE', next: expect.stringContaining('WAYBILL_HOME_DIR') } });
});

test('agreements check runs the examples of every profile', async () => {
  const { exit, out } = await waybill('agreements', 'check', join(process.cwd(), 'deploy', 'agreements'), '--json');
  const { agreements } = JSON.parse(out);
  expect(agreements.length).toBeGreaterThan(0);
  expect(exit).toBe(agreements.every((each: { faults: string[] }) => each.faults.length === 0) ? 0 : 2);
  expect(agreements[0].cases).toBeGreaterThan(10);
});
