import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { unlockReaderKey } from '#client/reader-key';
import { DAY, day } from '#platform/clock';
import { COUNCIL, SCHOOL } from '../../apps/standalone/cast';
import { type Person, staffFiles } from '../../apps/standalone/staff';
import { ask, signedIn } from '../world/console';
import { atDesk, operatorsEnv, type Said } from '../world/desk';
import { Joining } from '../world/enrolment';
import { eventually } from '../world/partnership';

// The key of a team: who holds it, and what is done when somebody leaves, forgets the words or loses the device. Everybody at a desk, as in life.

const STAFF: Person[] = [
  { agency: 'merebrook-council', staff: 'mc-014', name: 'Łucja Ŵyn-Jones', roles: ['front-door-worker'], contacts: ['front-door'] },
  { agency: 'merebrook-council', staff: 'mc-015', name: 'Daniel Okafor', roles: ['front-door-worker'], contacts: ['front-door'] },
  { agency: 'merebrook-council', staff: 'mc-020', name: 'فريدة القاضي', roles: ['team-manager'], contacts: ['front-door'] },
  { agency: 'merebrook-council', staff: 'mc-031', name: 'Oliver Crane', roles: ['single-point-of-contact'], contacts: ['information-governance'] },
];

let joining: Joining;
beforeAll(async () => {
  joining = await Joining.open({ console: { people: [] } });
  for (const plan of [COUNCIL, SCHOOL]) expect(await joining.join(plan)).toMatchObject({ exit: 0, err: '' });
  await entered(STAFF);
});
afterAll(() => joining?.close());

const entered = async (people: readonly Person[], bend: (member: object) => object = (member) => member): Promise<void> => {
  const [file] = staffFiles(joining.world.system.console?.issuer ?? '', joining.world.clock.now(), people);
  expect(await joining.waybill('staff', 'enter', joining.write('staff.yaml', stringify({ ...file, rota: [], staff: file?.staff.map(bend) })))).toMatchObject({ exit: 0 });
};
const reader = (...args: string[]): Promise<Said> => joining.at('merebrook-council', 'reader', ...args, '--json');
const given = async (file: string, ...args: string[]): Promise<string> => {
  const made = await reader('key', file, ...args);
  expect(made).toMatchObject({ exit: 0, err: '' });
  return made.json.passphrase as string;
};
const standing = async (): Promise<{ keys: string[]; people: number; lacks: string[]; holders: { staff?: string; there: boolean }[] }> => (await reader('custody')).json.items[0];
const duties = async (): Promise<string[]> => ((await joining.at('merebrook-council', 'duties', 'list', '--json')).json.items as { kind: string }[]).map(({ kind }) => kind).filter((kind) => ['second-custodian', 'renew-team-key'].includes(kind)).sort();
const openedBy = async (file: string, words: string): Promise<string[]> => (await unlockReaderKey(new Uint8Array(readFileSync(join(joining.folder, file))), words)).openingKeys.map(({ fingerprint }) => fingerprint);
const bound = async (fingerprint: string): Promise<void> => {
  expect(await joining.approve('merebrook-council', fingerprint)).toMatchObject({ exit: 0 });
  expect(await joining.waybill('directory', 'bind', 'merebrook-council-approval.json')).toMatchObject({ exit: 0 });
  expect(await joining.at('merebrook-council', 'enrol', 'finish', '--approval', 'merebrook-council-approval.json')).toMatchObject({ exit: 0, err: '' });
};
const revoked = async (key = ''): Promise<void> => void expect(await joining.waybill('directory', 'revoke', '--fingerprint', key, '--reason', 'superseded')).toMatchObject({ exit: 0 });
const sql = <T>(text: string, values: unknown[] = []): Promise<T[]> => joining.world.db.owner.query(text, values).then(({ rows }) => rows as T[]);

let recoveryWords: string;

test('a mailbox that nobody is known to be able to open is a duty of the responsible manager, and of nobody else', async () => {
  await eventually(async () => (await duties()).includes('second-custodian'));
  const page = async (staff: string) => (await ask(joining.world, 'GET', '/duties', { as: await signedIn(joining.world, 'merebrook-council', staff) })).body;
  expect(await page('mc-020')).toMatch(/Fewer than two people can open a mailbox of yours[^]*About the mailbox front-door/);
  expect(await page('mc-014')).not.toContain('Fewer than two people');
  expect((await joining.at('st-brigid-primary', 'reader', 'custody', '--json')).json).toMatchObject({ items: [] });
});

test('two people and a recovery key that is kept offline end it: each file has words of its own, and the server has ids and a fingerprint', async () => {
  const first = await given('mc-014.key', '--for', 'mc-014');
  expect(await standing()).toMatchObject({ people: 1, lacks: ['second-custodian', 'recovery'] });
  const second = await given('mc-015.key', '--for', 'mc-015');
  expect(await duties()).toEqual(['second-custodian']);
  recoveryWords = await given('recovery.key', '--recovery');
  expect(await standing()).toMatchObject({ people: 2, lacks: [], holders: [{ staff: 'mc-014', there: true }, { staff: 'mc-015', there: true }, { there: true }] });
  expect(await duties()).toEqual([]);
  expect(new Set([first, second, recoveryWords]).size).toBe(3);
  const { keys: [key] } = await standing();
  for (const [file, words] of [['mc-014.key', first], ['mc-015.key', second], ['recovery.key', recoveryWords]] as const) expect(await openedBy(file, words)).toEqual([key]);
  await expect(openedBy('mc-014.key', second)).rejects.toMatchObject({ code: 'READER_KEY_INVALID' });
  const columns = await sql<{ name: string }>(`select column_name as name from information_schema.columns where table_schema = 'waybill' and table_name = 'key_holder' order by ordinal_position`);
  expect(columns.map(({ name }) => name)).toEqual(['agency', 'contact', 'key', 'staff', 'given_at', 'given_because', 'taken_at', 'taken_because']);
});

test.each<[string, string[], RegExp]>([
  ['somebody who does not work there', ['--for', 'mc-099'], /HOLDER_NOT_THERE/],
  ['somebody who works for another team', ['--for', 'mc-031'], /HOLDER_NOT_THERE/],
  ['both a person and the recovery', ['--for', 'mc-014', '--recovery'], /whose key it is is not said/],
])('no file is made for %s', async (_who, args, says) => {
  const made = await joining.at('merebrook-council', 'reader', 'key', 'none.key', ...args);
  expect([made.exit === 0, made.err]).toEqual([false, expect.stringMatching(says)]);
  expect(() => joining.file('none.key')).toThrow();
});

test('a forgotten passphrase: the same keys are wrapped anew under other words, which is said with why, and who can open it stays as it was', async () => {
  const { keys: [key] } = await standing();
  const made = await joining.at('merebrook-council', 'reader', 'key', 'mc-014-again.key', '--for', 'mc-014', '--because', 'forgotten');
  expect(made).toMatchObject({ exit: 0, out: expect.stringMatching(/The same keys are wrapped anew: its six words are forgotten, and nobody else knew them/) });
  const words = /shown this once: (.*)/.exec(made.out)?.[1] ?? '';
  expect(await openedBy('mc-014-again.key', words)).toEqual([key]);
  expect([await standing(), await duties()]).toMatchObject([{ keys: [key], people: 2, lacks: [] }, []]);
  expect(await sql('select given_because, taken_because from waybill.key_holder where staff = $1 order by given_at', ['mc-014'])).toEqual([{ given_because: 'made', taken_because: 'forgotten' }, { given_because: 'forgotten', taken_because: null }]);
});

test('a lost device with the file locked: it is wrapped anew; one that lay open: the team gets a new key, which is made beside the old one', async () => {
  expect(await reader('key', 'mc-015-again.key', '--for', 'mc-015', '--because', 'lost-locked')).toMatchObject({ exit: 0, json: expect.objectContaining({ follows: 're-wrap' }) });
  const { keys: [key] } = await standing();
  const lost = await joining.at('merebrook-council', 'reader', 'take', '--for', 'mc-015', '--because', 'lost-open');
  expect(lost).toMatchObject({ exit: 0, out: expect.stringMatching(/mc-015 opens the mailbox of front-door no more\. A new key takes its place: whoever found it may have had the keys/) });
  expect([await standing(), await duties()]).toMatchObject([{ keys: [key], people: 1, lacks: ['second-custodian', 'new-key'] }, ['renew-team-key', 'second-custodian']]);
  await bound(/^\s*((?:[0-9A-F]{4} ){9}[0-9A-F]{4})/m.exec(lost.out)?.[1] ?? '');
  const words = await given('mc-014-new.key', '--for', 'mc-014');
  await given('mc-015-new.key', '--for', 'mc-015');
  recoveryWords = await given('recovery-new.key', '--recovery');
  // Others seal to both until the old one is revoked: whoever found it could still open.
  expect([await standing(), await duties()]).toMatchObject([{ people: 2, lacks: ['new-key'] }, ['renew-team-key']]);
  await revoked(key);
  const { keys } = await standing();
  expect([keys.length, keys.includes(key ?? '')]).toEqual([1, false]);
  // What came before is still opened.
  expect(await openedBy('mc-014-new.key', words)).toEqual([...keys, key]);
  await eventually(async () => (await duties()).length === 0);
  expect(await standing()).toMatchObject({ people: 2, lacks: [] });
});

test('somebody leaves: found without anybody saying so, told to the manager, and ended by a new key and never by a new file alone', async () => {
  const { keys: [key] } = await standing();
  const yesterday = day(new Date(joining.world.clock.now().getTime() - DAY));
  await entered(STAFF.filter(({ staff }) => staff === 'mc-015'), (member) => ({ ...member, until: yesterday }));
  await eventually(async () => (await duties()).join() === 'renew-team-key,second-custodian');
  expect(await standing()).toMatchObject({ people: 1, lacks: ['second-custodian', 'new-key'], holders: expect.arrayContaining([expect.objectContaining({ staff: 'mc-015', there: false })]) });
  const taken = await reader('take', '--for', 'mc-015', '--because', 'left');
  expect(taken).toMatchObject({ exit: 0, json: expect.objectContaining({ follows: 'new-key', why: expect.stringContaining('whoever leaves could have kept file and words') }) });
  // A second file is no cure: whoever left has the key.
  await given('mc-020.key', '--for', 'mc-020');
  expect([await standing(), await duties()]).toMatchObject([{ people: 2, lacks: ['new-key'] }, ['renew-team-key']]);
  await bound((taken.json.rotation as { fingerprint: string }).fingerprint);
  // Revoked before anybody has the new one, nobody could open what comes: that is a duty too.
  await revoked(key);
  await eventually(async () => (await duties()).join() === 'second-custodian');
  expect(await standing()).toMatchObject({ people: 0, lacks: ['second-custodian', 'recovery'] });
  for (const staff of ['mc-014', 'mc-020']) await given(`${staff}-newest.key`, '--for', staff);
  recoveryWords = await given('recovery-newest.key', '--recovery');
  expect([await standing(), await duties()]).toMatchObject([{ people: 2, lacks: [] }, []]);
});

test('nobody can open it any more: from the recovery key a file is made for somebody, with all keys that it holds', async () => {
  const { keys: [key] } = await standing();
  const wrong = await joining.at('merebrook-council', 'reader', 'recover', 'recovery-newest.key', 'recovered.key', '--for', 'mc-020', '--passphrase-file', joining.write('wrong.txt', 'not these six words at all'));
  expect([wrong.exit === 0, wrong.err]).toEqual([false, expect.stringContaining('READER_KEY_INVALID')]);
  const made = await joining.at('merebrook-council', 'reader', 'recover', 'recovery-newest.key', 'recovered.key', '--for', 'mc-020', '--passphrase-file', joining.write('words.txt', recoveryWords));
  expect(made).toMatchObject({ exit: 0, out: expect.stringMatching(/The same keys are wrapped anew: it was made from the recovery key/) });
  expect(await openedBy('recovered.key', /shown this once: (.*)/.exec(made.out)?.[1] ?? '')).toEqual(expect.arrayContaining([key]));
  expect(await standing()).toMatchObject({ people: 2, lacks: [] });
});

test('all of it stands in the agency’s own register, by id and fingerprint, and in nobody else’s; the gateway may not read a name', async () => {
  const own = (await sql<{ controller: string; octets: Buffer }>(`select controller, octets from waybill.entry where kind = 'key-custody-stated' order by id`)).map(({ controller, octets }) => ({ controller, entry: octets.toString() }));
  expect(own.length).toBeGreaterThan(9);
  expect(new Set(own.map(({ controller }) => controller))).toEqual(new Set(['merebrook-council']));
  for (const { entry } of own) expect(entry).not.toMatch(/Łucja|Okafor|القاضي/);
  await expect(joining.world.system.database('gateway').source.query('select name from waybill.staff')).rejects.toThrow(/permission denied/);
  const other = await atDesk(['reader', 'take', '--for', 'mc-014', '--because', 'left'], { cwd: joining.folder, env: { ...operatorsEnv(joining.world), WAYBILL_HOME_DIR: join(joining.folder, 'st-brigid-primary') }, now: () => joining.world.clock.now() });
  expect(other.err).toContain('nobody is on record as holding a key of safeguarding-lead');
});
