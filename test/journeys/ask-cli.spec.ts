import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestItem } from '#protocol/request-answers';
import { writeHome } from '../../apps/standalone/home';
import { atDesk, type Said } from '../world/desk';
import { eventually, openWorld, type World } from '../world/partnership';
import { DECIDED, DECLARED } from '../world/share-file';

// `waybill ask` and `waybill requests`, from two desks.

const CANARY = 'Wilhelmina Quillfeather';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'waybill-ask-'));
  const { agreement, coordinator, system } = world;
  for (const agency of ['st-brigid-primary', 'kingfisher-families']) await writeHome(join(folder, agency), world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const waybill = (agency: string, ...args: string[]): Promise<Said> => atDesk(args, { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, agency) }, now: () => world.clock.now() });
const file = (name: string, more: string): string => {
  writeFileSync(join(folder, name), `${DECLARED}\nsubject: { reference: WQ-2041, band: under-16, names: [${CANARY}] }\n${more}`);
  return name;
};
const decidedBy = (contact: string) => DECIDED.replace('by: safeguarding-lead', `by: ${contact}`);
const question = () => file('ask.yaml', `asks: { type: enquiry, categories: [{ category: health, needToKnow: assesses-referral }, { category: family, needToKnow: assesses-referral }] }
${DECIDED}parts:
  - { category: question, text: 'What do you know of ${CANARY}?' }
recipients:
  - to: kingfisher-families/casework
    parts: { part-1: statutory-function }
`);

test('asked from one desk, opened and answered at the other, and both see the thread', async () => {
  expect(await waybill('st-brigid-primary', 'send', question())).toMatchObject({ exit: 2, err: expect.stringContaining('waybill ask ask.yaml') });
  expect(await waybill('st-brigid-primary', 'ask', question(), '--dry-run')).toMatchObject({ exit: 0 });
  const asked = await waybill('st-brigid-primary', 'ask', question(), '--json');
  expect([asked.exit, asked.err]).toEqual([0, '']);
  const request = (asked.json as { receipt: { transfers: { transfer: string }[] } }).receipt.transfers[0]?.transfer ?? '';
  await eventually(async () => (await waybill('kingfisher-families', 'mailbox', '--json')).out.includes(request));
  expect(await waybill('kingfisher-families', 'requests', '--open')).toMatchObject({ exit: 0, out: expect.stringMatching(new RegExp(`^${request} .*st-brigid-primary asks kingfisher-families/casework: enquiry`, 'm')) });
  expect(await waybill('kingfisher-families', 'open', request, '--into', 'asked')).toMatchObject({ exit: 0 });
  // Stated from the desk, and shown to the other side only where its signature holds.
  expect(await waybill('kingfisher-families', 'state', request, 'scrutinised', '--role', 'social-worker', '--outcome', 'accepted')).toMatchObject({ exit: 0, out: expect.stringContaining('On record, signed: scrutinised') });
  expect(await waybill('kingfisher-families', 'state', request, 'reviewed', '--role', 'social-worker', '--outcome', 'upheld')).toMatchObject({ exit: 1, err: expect.stringContaining('NOT_YOURS_TO_STATE') });
  expect(await waybill('st-brigid-primary', 'requests', request)).toMatchObject({ exit: 0, out: expect.stringMatching(/kingfisher-families\/casework, social-worker: scrutinised accepted \(signed\)/) });
  await world.db.owner.query(`update waybill.request_statement set octets = convert_to(replace(convert_from(octets, 'UTF8'), '"accepted"', '"sent-back"'), 'UTF8')`);
  expect(await waybill('st-brigid-primary', 'requests', request)).toMatchObject({ exit: 3, err: expect.stringContaining('STATEMENT_NOT_TRUSTED') });
  await world.db.owner.query(`update waybill.request_statement set octets = convert_to(replace(convert_from(octets, 'UTF8'), '"sent-back"', '"accepted"'), 'UTF8')`);
  const answer = file('answer.yaml', `threads: { request: ${request} }
answers: { categories: [{ category: health, answer: given }, { category: family, answer: not-held }] }
${decidedBy('casework')}parts:
  - { category: health, kind: fact, text: '${CANARY} has asthma' }
recipients:
  - to: st-brigid-primary/safeguarding-lead
    parts: { part-1: works-with-person }
`);
  const sent = await waybill('kingfisher-families', 'send', answer, '--json');
  expect([sent.exit, sent.err]).toEqual([0, '']);
  for (const agency of ['st-brigid-primary', 'kingfisher-families']) {
    const told = await waybill(agency, 'requests', request);
    expect(told).toMatchObject({ exit: 0, out: expect.stringMatching(/health: given.*\n.*family: not-held/) });
    expect(told.out).not.toContain('Quillfeather');
  }
  expect(((await waybill('st-brigid-primary', 'requests', '--as', 'requester', '--json')).json as { items: RequestItem[] }).items).toMatchObject([{ request, state: 'answered' }]);
});

test('a file that asks for nothing is no request', async () => {
  const nothing = file('nothing.yaml', `${DECIDED}parts:\n  - { category: names, kind: fact, text: x }\nrecipients:\n  - to: kingfisher-families/casework\n    parts: { part-1: works-with-person }\n`);
  expect(await waybill('st-brigid-primary', 'ask', nothing)).toMatchObject({ exit: 2, err: expect.stringContaining('asks') });
});
