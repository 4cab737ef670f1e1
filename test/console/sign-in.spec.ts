import type { Browser } from 'playwright-core';
import { openBrowser, Seat } from '../world/browser';
import { openWorld, type World } from '../world/partnership';

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await openWorld({ console: {} });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world.close();
});

test('a duty worker signs in by the identity provider, sees the list, and signs out', async () => {
  const seat = await Seat.at(browser, world);
  await seat.signIn('mc-014');
  expect(await seat.heading()).toBe('Inbox');
  expect(await seat.text()).toContain('Łucja Ŵyn-Jones');
  await seat.page.getByRole('button', { name: 'Sign out' }).click();
  expect(await seat.heading()).toBe('You are signed out');
  expect(await seat.go('/inbox')).toBe(200);
  expect(await seat.heading()).toBe('Sign in to Waybill');
  await seat.close();
});
