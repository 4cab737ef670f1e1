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
  for (const name of ['send', 'mailbox', 'open', 'ack', 'return', 'recall', 'status', 'verify', 'register', 'agreements', 'queue', 'enrol', 'doctor', 'domain', 'co-ordinator', 'authority', 'directory']) expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
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

test.each([['send'], ['mailbox'], ['open'], ['ack'], ['return'], ['recall'], ['status'], ['verify'], ['register', 'export'], ['register', 'verify'], ['agreements', 'check'], ['queue', 'list'], ['queue', 'replay'], ['enrol', 'begin'], ['enrol', 'finish'], ['enrol', 'rotate'], ['enrol', 'pin'], ['doctor'], ['domain', 'check'], ['co-ordinator', 'keys'], ['co-ordinator', 'show'], ['co-ordinator', 'approve'], ['authority', 'init'], ['authority', 'issue'], ['authority', 'server'], ['authority', 'renew'], ['directory', 'pin'], ['directory', 'enter'], ['directory', 'bind'], ['directory', 'activate'], ['directory', 'revoke'], ['directory', 'withdraw'], ['directory', 'rename'], ['directory', 'succeed'], ['directory', 'show'], ['membership', 'list'], ['membership', 'join'], ['membership', 'withdraw'], ['membership', 'oversight'], ['attest'], ['parties', 'list'], ['parties', 'accept'], ['parties', 'decline'], ['parties', 'end-contact'], ['parties', 'attest']])('%s %s --help shows an example', async (...names) => {
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
  ['a replay without a reason', ['queue', 'replay', '--all']],
  ['a replay of nothing in particular', ['queue', 'replay', '--reason', 'fault-mended']],
  ['a replay of two things', ['queue', 'replay', '--all', '--lane', 'urgent', '--reason', 'fault-mended']],
  ['a mail domain that is none', ['domain', 'check', 'a@b.example']],
  ['a resolver that is a name', ['domain', 'check', 'b.example', '--resolver', 'dns.example']],
  ['a network that is none', ['domain', 'check', 'b.example', '--name', 'mail.a.example', '--permit', '10.0.0.0']],
  ['authorities that are not there', ['domain', 'check', 'b.example', '--name', 'mail.a.example', '--ca', 'nowhere.pem']],
  ['no database', ['queue', 'list']],
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
