import type { Browser } from 'playwright-core';
import { CANARY, type Scene } from '../journeys/referral';
import type { TeamKey } from '../reader/team-key';
import { Seat } from '../world/browser';
import { eventually } from '../world/partnership';
import { ABOUT, CHECKLIST, fill, NEEDS } from '../world/sending';
import { openReadingDesk, type ReadingDesk } from './reading-desk';

// Somebody leaves the desk in the middle of a sentence. Nobody reads on over an empty chair, and no word is lost.

let desk: ReadingDesk;
let scene: Scene;
let browser: Browser;
let key: TeamKey;
beforeAll(async () => {
  desk = await openReadingDesk({ agency: 'st-brigid-primary', staff: ['sb-001'] });
  ({ scene, browser, key } = desk);
});
afterAll(() => desk?.close());

const MINUTE = 60_000;
/** The browser's clock and the servers' go on together. */
async function later(seat: Seat, ms: number): Promise<void> {
  scene.world.clock.advance(ms);
  await seat.page.clock.fastForward(ms);
}
async function writing(): Promise<Seat> {
  const seat = await Seat.at(browser, scene.world);
  await seat.page.clock.install();
  await seat.signIn('sb-001');
  await seat.go('/send/share');
  const { agreement: _agreement, team: _team, ...fields } = ABOUT;
  await fill(seat.page, fields);
  await seat.page.getByRole('button', { name: 'Go on', exact: true }).click();
  await fill(seat.page, { ...NEEDS, checklist: CHECKLIST });
  await seat.page.getByRole('button', { name: 'Show what would go to whom' }).click();
  await seat.page.getByRole('button', { name: 'Write it, seal it and send it' }).click();
  await key.unlock(seat.page);
  await seat.page.locator('#look').waitFor();
  return seat;
}
/** All that the browser keeps of drafts, as the octets that they are. */
const kept = (seat: Seat): Promise<string[]> => seat.page.evaluate(() => new Promise<string[]>((resolve) => {
  const asked = (globalThis as unknown as { indexedDB: { open(name: string): { onsuccess: () => void; result: { transaction(name: string): { objectStore(name: string): { getAll(): { onsuccess: () => void; result: { sealed: Uint8Array }[] } } } } } } }).indexedDB.open('waybill-reader');
  asked.onsuccess = () => {
    const all = asked.result.transaction('drafts').objectStore('drafts').getAll();
    all.onsuccess = () => resolve(all.result.map(({ sealed }) => String.fromCharCode(...sealed)));
  };
}));

test('two minutes before the session ends a page says so; at its end nothing is on the screen, and what was written lies sealed in the browser, to be gone on with', async () => {
  const seat = await writing();
  await seat.page.locator('#text-1').fill(`Name: ${CANARY}`);
  await seat.page.locator('#known').fill(CANARY);
  await later(seat, 3_000);
  await seat.page.locator('#kept-draft', { hasText: 'Kept in this browser, sealed' }).waitFor();
  expect((await kept(seat)).map((each) => [each.length > 100, each.includes('Quillfeather'), each.includes('WQ-2041')])).toEqual([[true, false, false]]);

  await later(seat, 12.6 * MINUTE);
  await seat.page.getByRole('alertdialog').waitFor();
  expect(await seat.page.getByRole('alertdialog').innerText()).toMatch(/Your session ends in 2 minutes[^]*sealed and kept in this browser/);
  expect(await seat.page.evaluate('document.activeElement.id')).toBe('idle-stay');
  await seat.page.keyboard.press('Enter');
  await seat.page.getByRole('alertdialog').waitFor({ state: 'hidden' });

  await later(seat, 15 * MINUTE);
  await seat.page.getByText('Your session has ended').waitFor();
  expect([await seat.page.content(), await seat.page.locator('#share').innerText()]).toEqual([expect.not.stringContaining('Quillfeather'), '']);
  await seat.page.getByRole('link', { name: 'Sign in again' }).click();
  await seat.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await seat.choose('sb-001');
  await seat.page.getByRole('button', { name: 'Go on with a draft' }).click();
  await key.unlock(seat.page);
  await seat.page.getByRole('button', { name: /^Go on: Share about WQ-2041/ }).click();
  expect([await seat.page.locator('#text-1').inputValue(), await seat.page.locator('#share').innerText()]).toEqual([`Name: ${CANARY}`, expect.stringContaining('merebrook-council/front-door')]);
  await seat.page.locator('#look').click();
  await seat.page.getByText('Nothing has been sent yet').waitFor();
  await seat.page.locator('#send').click();
  await seat.page.locator('#sent').waitFor();
  const [{ id = '' } = {}] = await scene.sql<{ id: string }>('select id from waybill.share');
  expect(await scene.opened(scene.council, await scene.transfer(scene.council, id), 'part-1', 'front-door')).toBe(`Name: ${CANARY}`);
  // What was sent is no draft any more.
  expect(await eventually(async () => ((await kept(seat)).length === 0 ? true : undefined))).toBe(true);
  await seat.close();
});

test('who types is at the desk: the session does not end in the middle of a long report', async () => {
  const seat = await writing();
  for (let sentence = 1; sentence <= 4; sentence++) {
    await later(seat, 6 * MINUTE);
    const asked = seat.page.waitForResponse((response) => response.url().includes('/v1/directory/agencies/'));
    await seat.page.locator('#text-1').fill(`Sentence ${sentence}.`);
    expect((await asked).status()).toBe(200);
  }
  expect(await seat.page.getByRole('alertdialog').isHidden()).toBe(true);
  await seat.page.locator('#look').click();
  await seat.page.getByText('Nothing has been sent yet').waitFor();
  await seat.close();
});

test('a draft is thrown away with one press, and a week later by itself', async () => {
  const seat = await writing();
  await seat.page.locator('#text-1').fill('to be thrown away');
  await later(seat, 3_000);
  await seat.page.locator('#kept-draft', { hasText: 'Kept in this browser, sealed' }).waitFor();
  const drafts = async (): Promise<void> => {
    await seat.go('/send/share');
    await seat.page.getByRole('button', { name: 'Go on with a draft' }).click();
    await key.unlock(seat.page);
  };
  await drafts();
  await seat.page.getByRole('button', { name: /^Throw away: Share about WQ-2041/ }).click();
  await seat.page.getByText('It was thrown away').waitFor();
  expect(await kept(seat)).toEqual([]);
  await seat.close();

  const other = await writing();
  await other.page.locator('#text-1').fill('to be forgotten');
  await later(other, 3_000);
  await other.page.locator('#kept-draft', { hasText: 'Kept in this browser, sealed' }).waitFor();
  // Left, and not come back to: an open page would keep it anew.
  await other.go('/accessibility');
  await later(other, 8 * 24 * 60 * MINUTE);
  // The page went to the front by itself, as its session was over: whoever sent it there, too, would cut that off.
  await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await other.choose('sb-001');
  await other.go('/send/share');
  await other.page.getByRole('button', { name: 'Go on with a draft' }).click();
  await key.unlock(other.page);
  await other.page.getByText('This browser keeps no draft').waitFor();
  expect(await kept(other)).toEqual([]);
  await other.close();
});
