import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { CANARY, FRONT_DOOR, REFERRAL, type Scene, transferTo } from '../journeys/referral';
import type { TeamKey } from '../reader/team-key';
import { violations } from '../world/axe';
import { Seat } from '../world/browser';
import { answerWith, thread } from '../world/requests';
import { CHECKLIST, fill } from '../world/sending';
import { openReadingDesk, type ReadingDesk } from './reading-desk';

// A front door asks, asks for more, and passes on: by the same pages and the same reader as a share is sent.

const SCHOOL = 'st-brigid-primary/safeguarding-lead';
let desk: ReadingDesk;
let scene: Scene;
let browser: Browser;
let key: TeamKey;
beforeAll(async () => {
  desk = await openReadingDesk({ agency: 'merebrook-council', staff: ['mc-014'] });
  ({ scene, browser, key } = desk);
});
afterAll(() => desk?.close());

/** What a front door says of every request. */
const FIRST = { urgency: 'routine', purpose: 'front-door-referral', type: 'enquiry', role: 'front-door-worker', categories: ['health', 'family'], reference: 'FD-771', band: 'under-16', subjects: 'children', lawfulBasis: '6(1)(e)', conditions: ['9(2)(g)', 'sch1-18'], legalGateway: 'children-act-1989-s47' };
const SECOND = { 'need.health': 'assesses-referral', 'need.family': 'protects-from-harm', [`question.${SCHOOL}`]: 'statutory-function', reasons: 'protects-from-harm', risk: 'high', purposeClear: 'yes', lawfulReason: 'yes', safety: 'yes', necessary: 'yes', accurate: 'yes', checklist: CHECKLIST };
const STATED = { consent: 'not-sought', consentReason: 'puts-child-at-risk', informed: 'not-informed', informedReason: 'puts-child-at-risk' };

async function begun(first: Record<string, string | string[]>, second: Record<string, string | readonly string[]>, path = '/send/request'): Promise<Seat> {
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  await seat.signIn('mc-014');
  await seat.go(path);
  await fill(seat.page, first);
  await seat.page.getByRole('button', { name: 'Go on', exact: true }).click();
  await fill(seat.page, second);
  await seat.page.getByRole('button', { name: 'Show what would go to whom' }).click();
  return seat;
}
/** Writes and sends what was planned. */
async function written(seat: Seat, text: string): Promise<string> {
  await seat.page.getByRole('button', { name: 'Write it, seal it and send it' }).click();
  await key.unlock(seat.page);
  await seat.page.locator('#text-1').fill(text);
  await seat.page.locator('#look').click();
  await seat.page.getByText('Nothing has been sent yet').waitFor();
  await seat.page.locator('#send').click();
  await seat.page.locator('#sent').waitFor();
  const [{ id = '' } = {}] = await scene.sql<{ id: string }>(`select id from waybill.share where sender = 'merebrook-council' order by accepted_at desc limit 1`);
  return id;
}
/** Somebody at the front door who has said why it looks at an item. */
async function looking(transfer: string): Promise<Seat> {
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  await seat.signIn('mc-014');
  await seat.go(`/items/transfer/${transfer}`);
  await seat.page.getByLabel('I work with this person').check();
  await seat.page.getByRole('button', { name: 'Go on' }).click();
  return seat;
}

test('WIR RQ-05, RQ-06: a request goes out only with consent and informing addressed; the plan says so before a question is written', async () => {
  const seat = await begun({ ...FIRST, to: SCHOOL }, SECOND);
  expect(await seat.text()).toMatch(/Nothing of it would go[^]*ASKED_WITHOUT_CONSENT_STATUS[^]*ASKED_WITHOUT_INFORMING/);
  expect(await violations(seat.page)).toEqual([]);
  await seat.close();
});

test('S12: a front door asks a school from the console, category by category with the reason of each; the question is sealed in the browser, goes ahead of all else, and what is answered comes back', async () => {
  const seat = await begun({ ...FIRST, to: SCHOOL, neededBy: `${scene.world.clock.now().getUTCFullYear() + 1}-03-01T17:00` }, { ...SECOND, ...STATED });
  expect(await seat.text()).toMatch(/What would be asked of whom[^]*Designated safeguarding lead[^]*Will be able to read: what an information request asks/);
  const share = await written(seat, `What do you know of ${CANARY}?`);
  expect(await seat.page.locator('#sent').innerText()).toContain('It was asked');
  expect(await violations(seat.page)).toEqual([]);
  const arrived = await scene.arrived(scene.school, share);
  expect(arrived).toMatchObject({ lane: 'priority' });
  expect(await thread(scene.school, arrived.transfer)).toMatchObject({ state: 'asked', type: 'enquiry', categories: [{ category: 'family' }, { category: 'health' }] });
  const [{ manifest = Buffer.alloc(0) } = {}] = await scene.sql<{ manifest: Buffer }>('select manifest from waybill.share where id = $1', [share]);
  const signed = JSON.parse(manifest.toString()) as { asks: object };
  expect(signed.asks).toEqual({ type: 'enquiry', categories: [{ category: 'family', needToKnow: 'protects-from-harm' }, { category: 'health', needToKnow: 'assesses-referral' }], neededBy: expect.stringMatching(/-03-01T17:00:00Z$/) });
  expect(await scene.opened(scene.school, await scene.transfer(scene.school, share), 'part-1', 'safeguarding-lead', scene.council)).toBe(`What do you know of ${CANARY}?`);
  const { answer } = await answerWith(scene, scene.school, arrived.transfer, { parts: [{ category: 'health', text: 'asthma', to: { [FRONT_DOOR]: 'assesses-referral' } }], manifest: { answers: { categories: [{ category: 'health', answer: 'given' }, { category: 'family', answer: 'not-held' }] } } });
  expect([answer.status, (await thread(scene.council, arrived.transfer)).state]).toEqual([202, 'answered']);
  expect(readFileSync(scene.world.system.logFile, 'utf8')).not.toMatch(new RegExp(`${CANARY}|FD-771`));
  await seat.close();
});

test('S3: what lacks something is asked for from the item itself: whom, under what and how pressing are filled in', async () => {
  const { share, receipt } = await scene.send({ ...REFERRAL, manifest: { urgency: 'urgent' } });
  await scene.arrived(scene.council, share.id);
  const seat = await looking(transferTo(receipt, FRONT_DOOR));
  await seat.page.getByRole('link', { name: 'Ask for more' }).click();
  expect([await seat.page.locator('#f-to-1').inputValue(), await seat.page.locator('input[name=urgency]:checked').inputValue(), await seat.page.locator('#f-purpose').inputValue(), await seat.page.locator('input[name=doNotTell]').isChecked()]).toEqual([SCHOOL, 'urgent', 'front-door-referral', true]);
  await seat.close();
});

test('WIR PU-04: what came is passed on from the item, with the share that it passes on named and held to what that was shared for', async () => {
  const { share, receipt } = await scene.send(REFERRAL);
  await scene.arrived(scene.council, share.id);
  const looked = await looking(transferTo(receipt, FRONT_DOOR));
  const path = String(await looked.page.getByRole('link', { name: 'pass it on' }).getAttribute('href'));
  await looked.close();
  const nurse = 'eastgate-health/health-visitors';
  const { type: _type, ...first } = FIRST;
  const seat = await begun({ ...first, categories: ['names'], conditions: [], to: nurse }, { [`need.names.${nurse}`]: 'provides-care', 'kind.names': 'fact', ...STATED, reasons: 'promotes-welfare', risk: 'medium', purposeClear: 'yes', lawfulReason: 'yes', safety: 'yes', necessary: 'yes', accurate: 'yes', checklist: CHECKLIST }, path);
  expect(await seat.text()).toMatch(/Health visitors[^]*Will be able to read: names and aliases/);
  const passed = await written(seat, `Name: ${CANARY}`);
  expect(await scene.sql('select previous from waybill.share where id = $1', [passed])).toEqual([{ previous: share.id }]);
  await seat.close();
});
