import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHome } from '../../apps/standalone/home';
import { atDesk, type Said } from '../world/desk';
import { takenIn } from '../world/matters';
import { openWorld } from '../world/partnership';
import { REFERRAL, Scene } from './referral';

// `waybill matter` and `waybill rights`, from two desks.

const CANARY = 'Wilhelmina Quillfeather';

let scene: Scene;
let folder: string;
let transfer: string;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  folder = mkdtempSync(join(tmpdir(), 'waybill-rights-'));
  const { agreement, coordinator, system } = scene.world;
  for (const agency of ['st-brigid-primary', 'merebrook-council']) await writeHome(join(folder, agency), scene.world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  const { share, receipt } = await scene.send(REFERRAL);
  transfer = (await takenIn(scene.council, share, receipt.manifestDigest)).transfer;
  writeFileSync(join(folder, 'right.txt'), `${CANARY} lives elsewhere now`);
});
afterAll(async () => {
  await scene.world.close();
  rmSync(folder, { recursive: true, force: true });
});

const waybill = (agency: string, ...args: string[]): Promise<Said> => atDesk(args, { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, agency) }, now: () => scene.world.clock.now() });
const school = (...args: string[]) => waybill('st-brigid-primary', ...args);
const council = (...args: string[]) => waybill('merebrook-council', ...args);
const CORRECTION = ['--role', 'designated-safeguarding-lead', '--categories', 'names', '--wrong', 'wrong-value', '--source', 'subject'];

test('a correction is put from one desk, read and answered at the other, and its words are in no output', async () => {
  const put = await school('matter', 'put', 'correction', transfer, ...CORRECTION, '--words', 'right.txt', '--to', 'merebrook-council/front-door', '--json');
  expect([put.exit, put.err]).toEqual([0, '']);
  const { matter } = put.json as { matter: string };
  expect(await council('matter', 'list', '--open')).toMatchObject({ exit: 0, out: expect.stringMatching(new RegExp(`^${matter}  correction  st-brigid-primary/safeguarding-lead to merebrook-council`, 'm')) });
  const shown = await council('matter', 'show', matter, '--words-into', 'read.txt');
  expect(shown).toMatchObject({ exit: 0, out: expect.stringContaining('answer not-applied') });
  expect(shown.out).not.toContain(CANARY);
  expect(readFileSync(join(folder, 'read.txt'), 'utf8')).toBe(`${CANARY} lives elsewhere now`);
  expect(await council('matter', 'answer', matter, 'not-applied', '--role', 'social-worker')).toMatchObject({ exit: 1, err: expect.stringContaining('ANSWER_WITHOUT_REASON') });
  writeFileSync(join(folder, 'why.txt'), 'we never had it');
  expect(await council('matter', 'answer', matter, 'not-applied', '--role', 'social-worker', '--reason', 'not-held', '--words', 'why.txt', '--to', 'st-brigid-primary/safeguarding-lead')).toMatchObject({ exit: 0 });
  expect(await school('matter', 'show', matter, '--answer-words-into', 'answer.txt')).toMatchObject({ exit: 0, out: expect.stringContaining('not-applied on ') });
  expect(readFileSync(join(folder, 'answer.txt'), 'utf8')).toBe('we never had it');
  expect(await school('matter', 'list', '--mine', '--open')).toMatchObject({ exit: 0, out: 'There is none.\n' });
});

test('what is not one is said before anything is sent', async () => {
  expect(await school('matter', 'put', 'gossip', transfer, '--role', 'teacher')).toMatchObject({ exit: 2, err: expect.stringContaining('correction') });
  expect(await school('matter', 'put', 'correction', transfer, ...CORRECTION, '--words', 'right.txt')).toMatchObject({ exit: 2, err: expect.stringContaining('--to') });
  expect(await school('matter', 'put', 'correction', 'no-id', ...CORRECTION)).toMatchObject({ exit: 2, err: expect.stringContaining('/transfer') });
});

test('a rights request is recorded with what it concerns, extended, and closed transfer by transfer', async () => {
  const file = (change: (text: string) => string = (text) => text): string => {
    writeFileSync(join(folder, 'access.yaml'), change(`format: waybill-rights-request/1
right: access
role: data-protection-officer
receivedOn: ${scene.world.clock.now().toISOString().slice(0, 10)}
requester: parent
authority: { kind: parental-responsibility, checkedBy: data-protection-officer, checkedOn: 2026-01-05 }
subject: { reference: WQ-2041, names: [${CANARY}] }
transfers: [${transfer}]
words: { text: 'a letter by the mother of ${CANARY}' }
`));
    return 'access.yaml';
  };
  expect(await council('rights', 'record', file((text) => text.replace('WQ-2041', 'QUILLFEATHER')))).toMatchObject({ exit: expect.any(Number), err: expect.stringContaining('IDENTIFIER_IN_CLEAR') });
  expect(await council('rights', 'record', file((text) => text.replace('requester:', 'requestor:')))).toMatchObject({ exit: 2, err: expect.stringContaining('requester') });
  const recorded = await council('rights', 'record', file(), '--json');
  expect([recorded.exit, recorded.err]).toEqual([0, '']);
  const { rightsRequest } = recorded.json as { rightsRequest: string };
  expect(await council('rights', 'list', '--open')).toMatchObject({ exit: 0, out: expect.stringContaining(rightsRequest) });
  expect(await council('rights', 'show', rightsRequest, '--words-into', 'letter.txt')).toMatchObject({ exit: 0 });
  expect(readFileSync(join(folder, 'letter.txt'), 'utf8')).toContain(CANARY);
  expect(await council('rights', 'extend', rightsRequest, '--role', 'data-protection-officer', '--reason', 'complex')).toMatchObject({ exit: 0 });
  expect(await council('rights', 'extend', rightsRequest, '--role', 'data-protection-officer', '--reason', 'complex')).toMatchObject({ exit: 1, err: expect.stringContaining('CANNOT_BE_EXTENDED') });

  const outcome = (items: string, more = ''): string => {
    writeFileSync(join(folder, 'outcome.yaml'), `format: waybill-rights-outcome/1\nrole: data-protection-officer\n${more}items:\n${items}`);
    return 'outcome.yaml';
  };
  const released = `  - { transfer: ${transfer}, outcome: released, considered: [serious-harm, child-abuse-data, crime, third-party] }\n`;
  // The school said that the child must not be told; and nobody has said who asks.
  expect(await council('rights', 'close', rightsRequest, outcome(released))).toMatchObject({ exit: 1, err: expect.stringMatching(/DO_NOT_TELL_RELEASED[\s\S]*REQUESTER_NOT_IDENTIFIED/) });
  expect(await council('rights', 'close', rightsRequest, outcome(`  - { transfer: ${transfer}, outcome: withheld, exemption: serious-harm }\n`))).toMatchObject({ exit: 0, out: expect.stringContaining('Closed') });
  expect(await council('rights', 'list', '--open')).toMatchObject({ exit: 0, out: 'There is none.\n' });
});

test('a copy has its rule, its day and its certificate', async () => {
  expect(await council('retention', 'list')).toMatchObject({ exit: 0, out: expect.stringMatching(new RegExp(`^${transfer}  case-data from st-brigid-primary, its time begins with|^${transfer}  case-data`, 'm')) });
  expect(await council('retention', 'state', 'thrown-away', transfer, '--role', 'data-protection-officer')).toMatchObject({ exit: 2, err: expect.stringContaining('disposed') });
  expect(await council('retention', 'state', 'ruled', transfer, '--role', 'data-protection-officer', '--months', 'x')).toMatchObject({ exit: 2, err: expect.stringContaining('/months') });
  expect(await council('retention', 'state', 'ruled', transfer, '--role', 'data-protection-officer', '--months', '24', '--review-months', '6')).toMatchObject({ exit: 0, out: expect.stringContaining('until ') });
  expect(await council('retention', 'state', 'held', transfer, '--role', 'data-protection-officer', '--reason', 'legal-claim')).toMatchObject({ exit: 0, out: expect.stringContaining('HELD since') });
  expect(await council('retention', 'show', transfer)).toMatchObject({ exit: 0, out: expect.stringMatching(/ruled [\s\S]*held /) });
  expect(await school('retention', 'show', transfer)).toMatchObject({ exit: 1, err: expect.stringContaining('NOT_FOUND') });
});
