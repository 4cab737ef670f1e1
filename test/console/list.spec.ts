import type { Browser } from 'playwright-core';
import { MINUTE } from '#platform/clock';
import { FRONT_DOOR, REFERRAL, Scene, transferTo } from '../journeys/referral';
import type { SharePlan } from '../world/partner';
import { claims } from '../world/claims';
import { openBrowser, Seat } from '../world/browser';
import { eventually, openWorld } from '../world/partnership';

// What staff of a front door do, in a browser, as they do it.

let scene: Scene;
let browser: Browser;
const transfers: Record<string, string> = {};
const going = (urgency: string): SharePlan => ({ ...REFERRAL, manifest: { urgency } });
beforeAll(async () => {
  scene = new Scene(await openWorld({ console: {} }));
  for (const [name, urgency] of [['routine', 'routine'], ['urgent', 'urgent'], ['emergency', 'emergency']] as const) {
    const { share, receipt } = await scene.send(going(urgency));
    transfers[name] = transferTo(receipt, FRONT_DOOR);
    await scene.arrived(scene.council, share.id);
  }
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await scene.world.close();
});

const reference = (name: string): string => `S-${transfers[name]?.slice(-8).toUpperCase()}`;
const at = (staff: string, options = {}, factor: 'one' | 'two' = 'one') => Seat.at(browser, scene.world, options).then(async (seat) => {
  await seat.signIn(staff, { factor });
  return seat;
});
/** Opens an item from the list, says why, and confirms the statement where it is asked for. */
async function open(seat: Seat, name: string): Promise<void> {
  await seat.go(`/items/transfer/${transfers[name]}`);
  if (await seat.page.getByRole('link', { name: 'Read the statement and confirm it' }).count()) {
    await seat.page.getByRole('link', { name: 'Read the statement and confirm it' }).click();
    await seat.page.getByRole('button', { name: 'I have read it and confirm it' }).click();
  }
  if (await seat.page.getByText('Why do you look at this?').count()) {
    await seat.page.getByLabel('I work with this person').check();
    await seat.page.getByRole('button', { name: 'Go on' }).click();
  }
}

test('a duty worker signs in by the identity provider, sees the list, and signs out', async () => {
  const seat = await Seat.at(browser, scene.world);
  await seat.signIn('mc-014');
  expect(await seat.heading()).toBe('Inbox');
  expect(await seat.text()).toContain('Łucja Ŵyn-Jones');
  await seat.page.getByRole('button', { name: 'Sign out' }).click();
  expect(await seat.heading()).toBe('You are signed out');
  expect(await seat.go('/inbox')).toBe(200);
  expect(await seat.heading()).toBe('Sign in to Waybill');
  await seat.close();
});

test('the most pressing stands on top, with words, colours, time left, and 999 above it', async () => {
  const seat = await at('mc-014');
  const titles = await seat.page.locator('.wb-item__title').allInnerTexts();
  expect(titles).toEqual(['emergency', 'urgent', 'routine'].map((name) => `Share ${reference(name)} from St Brigid's Primary School`));
  const first = seat.page.locator('.wb-item').first();
  expect(await first.locator('.govuk-tag').allInnerTexts()).toEqual(['Emergency', 'New', expect.stringMatching(/In time|Due soon/)]);
  expect(await first.innerText()).toMatch(/1\d minutes left[^]*Nobody has it yet/);
  expect(await seat.page.locator('.wb-emergency').innerText()).toMatch(/ring 999 first/);
  expect(await seat.page.getByRole('complementary').innerText()).toMatch(/On duty now\s+Integrated Front Door\s+Łucja Ŵyn-Jones, until/);
  await seat.close();
});

test('somebody says why it looks before it sees an item, and each look stands in the register by role and number, never by name', async () => {
  const seat = await at('mc-014');
  await seat.page.getByRole('link', { name: reference('emergency') }).click();
  await open(seat, 'emergency');
  expect(await seat.heading()).toBe(`Share ${reference('emergency')}`);
  const text = await seat.text();
  expect(text).toMatch(/Emergency: ring 999 first[^]*Integrated Front Door on \+441514960101/);
  expect(text).toMatch(/may be an offence/);
  expect(text).toContain('Do not tell the person of this');
  expect(text).toMatch(/The gateway accepted it, signed by st-brigid-primary[^]*Key: [0-9A-F]{40}, of st-brigid-primary[^]*It reached your mailbox/);
  await seat.go(`/items/transfer/${transfers['emergency']}`);
  const looks = await scene.entries('merebrook-council', { kind: 'item-viewed' });
  expect(looks).toHaveLength(2);
  expect(looks[0]).toMatchObject({ transfer: transfers['emergency'], by: 'mc-014', role: 'front-door-worker', reason: 'works-with-person', secondFactor: false });
  expect(JSON.stringify(await scene.entries('merebrook-council'))).not.toMatch(/Łucja|Jones/);
  await seat.close();
});

test('two workers take one item at once: one has it, and the other is told who', async () => {
  const seats = await Promise.all([at('mc-014'), at('mc-015')]);
  for (const seat of seats) await open(seat, 'urgent');
  await Promise.all(seats.map((seat) => seat.page.getByRole('button', { name: 'Take it' }).click()));
  const headings = await Promise.all(seats.map((seat) => seat.heading()));
  expect([...headings].sort()).toEqual([`Share ${reference('urgent')}`, 'Somebody was quicker'].sort());
  const winner = headings.indexOf(`Share ${reference('urgent')}`);
  expect(await seats[1 - winner]?.text()).toContain(`${winner === 0 ? 'Łucja Ŵyn-Jones' : 'Daniel Okafor'} has ${reference('urgent')} now`);
  expect(await scene.sql(`select staff, version from waybill.item_owner where item = $1`, [transfers['urgent']])).toEqual([{ staff: winner === 0 ? 'mc-014' : 'mc-015', version: 1 }]);
  for (const seat of seats) await seat.close();
});

test('of twenty who claim in the same moment one has it', async () => {
  const { owners, item, roll, database } = await claims(scene.world, transfers['routine'] as string);
  const staff = await roll('mc-014');
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => database.as(staff, (tx) => owners.claim(tx, staff, item, 0, new Date()))));
  expect(outcomes.filter(({ done }) => done)).toHaveLength(1);
  expect(await scene.sql('select version from waybill.item_owner where item = $1', [transfers['routine']])).toEqual([{ version: 1 }]);
  await scene.sql('delete from waybill.item_owner');
});

test('whoever has an item hands it over to a colleague, who gives it back; somebody else may do neither, and a manager both', async () => {
  const [lucja, daniel, manager] = [await at('mc-014'), await at('mc-015'), await at('mc-020')];
  await open(lucja, 'routine');
  await lucja.page.getByRole('button', { name: 'Take it' }).click();
  expect(await lucja.text()).toContain('This is now yours.');
  await open(daniel, 'routine');
  expect(await daniel.page.getByRole('button', { name: /Take it|Give it back|Hand it over/ }).count()).toBe(0);
  await lucja.page.getByLabel('Hand it over to').selectOption({ label: 'Daniel Okafor' });
  await lucja.page.getByRole('button', { name: 'Hand it over' }).click();
  expect(await lucja.text()).toMatch(/It is handed over\.[^]*Daniel Okafor has it, since/);
  await open(manager, 'routine');
  await manager.page.getByRole('button', { name: 'Give it back to the list' }).click();
  expect(await manager.text()).toContain('It is back on the list');
  for (const seat of [lucja, daniel, manager]) await seat.close();
});

test('the list is filtered by who has an item and how it goes, and the address holds the choice', async () => {
  await scene.sql('delete from waybill.item_owner');
  const seat = await at('mc-014');
  await open(seat, 'routine');
  await seat.page.getByRole('button', { name: 'Take it' }).click();
  await seat.go('/inbox');
  const shown = async () => (await seat.page.locator('.wb-item__title').allInnerTexts()).map((title) => title.split(' ')[1]);
  await seat.page.getByLabel('Who has it').selectOption({ label: 'I have it' });
  await seat.page.getByRole('button', { name: 'Show' }).click();
  expect(await shown()).toEqual([reference('routine')]);
  await seat.page.getByLabel('Who has it').selectOption({ label: 'Nobody yet' });
  await seat.page.getByLabel('How it goes').selectOption({ label: 'Urgent' });
  await seat.page.getByRole('button', { name: 'Show' }).click();
  expect([await shown(), new URL(seat.page.url()).search]).toEqual([[reference('urgent')], '?owner=nobody&kind=&lane=urgent']);
  await seat.close();
});

test('what comes while the list is open stands on it by itself, and is said', async () => {
  const seat = await at('mc-014');
  const before = await seat.page.locator('.wb-item').count();
  const { share } = await scene.send(going('emergency'));
  await scene.arrived(scene.council, share.id);
  await eventually(async () => (await seat.page.locator('.wb-item').count()) === before + 1);
  expect(await seat.page.locator('#list-told').innerText()).toBe('1 new on the list');
  await seat.close();
});

test('two minutes before the session ends somebody is warned, by keyboard too, and can stay; nobody there, it ends', async () => {
  const seat = await at('mc-014');
  const box = seat.page.locator('#idle');
  // The page reckons from what it was told at its start: as if thirteen minutes had gone by.
  await seat.page.route('**/inbox', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/data-left-ms="\d+"/, `data-left-ms="${2 * MINUTE - 1_000}"`) });
  });
  await seat.go('/inbox');
  await box.waitFor({ state: 'visible' });
  expect(await box.innerText()).toMatch(/You are about to be signed out[^]*in 2 minutes/);
  await seat.page.keyboard.press('Enter');
  await box.waitFor({ state: 'hidden' });
  await seat.page.unroute('**/inbox');
  await seat.page.route('**/inbox', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/data-left-ms="\d+"/, 'data-left-ms="500"') });
  });
  await seat.go('/inbox');
  scene.world.clock.advance(16 * MINUTE);
  await seat.page.waitForURL(/\/\?to=/);
  expect(await seat.heading()).toBe('Sign in to Waybill');
  await seat.close();
});

test('every role sees what is due of it, and the front door’s workers the items that it is about', async () => {
  const due: Record<string, RegExp> = { 'mc-014': /Collect what lies in your mailbox[^]*About S-/, 'mc-031': /Nothing is due of you/, 'mc-040': /Nothing is due of you/, 'mc-041': /independent scrutineer/, 'mc-042': /partnership co-ordinator/, 'sb-001': /Nothing is due of you/ };
  for (const [staff, says] of Object.entries(due)) {
    const seat = await at(staff);
    await seat.go('/duties');
    expect([staff, await seat.heading(), await seat.text()]).toEqual([staff, 'Your duties', expect.stringMatching(says)]);
    await seat.close();
  }
});

test('somebody who must have a second factor is asked for it, and has no session without', async () => {
  const seat = await Seat.at(browser, scene.world);
  await seat.signIn('mc-030');
  // Sent back to the identity provider at once, to show it.
  await seat.choose('mc-030', 'one');
  expect(await seat.heading()).toBe('You need a second factor');
  expect((await seat.context.cookies()).some(({ name }) => name === '__Host-waybill')).toBe(false);
  await seat.page.getByRole('link', { name: 'Sign in', exact: true }).click();
  await seat.choose('mc-030', 'two');
  expect(await seat.heading()).toBe('Inbox');
  await seat.close();
});

test('somebody whom the identity provider knows and the directory does not is let in nowhere', async () => {
  await scene.sql(`update waybill.staff set until_day = '2025-01-01' where id = 'eh-001'`);
  const seat = await Seat.at(browser, scene.world);
  await seat.signIn('eh-001');
  expect(await seat.heading()).toBe('You are not in the directory');
  expect((await seat.context.cookies()).some(({ name }) => name === '__Host-waybill')).toBe(false);
  await seat.close();
});

test('an answer of the identity provider is taken once, and by the browser that asked', async () => {
  const [mine, thief] = [await Seat.at(browser, scene.world), await Seat.at(browser, scene.world)];
  // As far as the identity provider's answer, which the browser is sent back with; then it stands still.
  await mine.go('/');
  await mine.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  let back = mine.page.url();
  const send = { form: { subject: 'mc-014', factor: 'one' }, maxRedirects: 0 };
  for (let answer = await mine.context.request.post(back, send); !back.startsWith(mine.origin); answer = await mine.context.request.get(back, { maxRedirects: 0 })) {
    back = new URL(answer.headers()['location'] ?? '', back).href;
    if (back.startsWith(mine.origin)) break;
  }
  await thief.page.goto(back);
  expect(await thief.heading()).toBe('You are not signed in');
  await mine.page.goto(back);
  expect(await mine.heading()).toBe('Inbox');
  await mine.page.goto(back);
  expect(await mine.heading()).toBe('You are not signed in');
  for (const seat of [mine, thief]) await seat.close();
});

test('names are shown with every letter that they have', async () => {
  const seat = await at('mc-020');
  expect(await seat.text()).toContain('فريدة القاضي');
  expect(await seat.text()).toContain('Łucja Ŵyn-Jones');
  await seat.close();
});
