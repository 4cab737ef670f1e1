import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Scene } from '../journeys/referral';
import { BY_COLOUR, violations } from '../world/axe';
import { openBrowser, Seat } from '../world/browser';
import { cookieOf, everyPage, everyPosted, type Posted, type Shown } from '../world/console-pages';
import { openWorld } from '../world/partnership';

// What holds on every page: axe finds nothing, nothing is broken off at 200 %, the keyboard reaches all of it, and it works without JavaScript.

let scene: Scene;
let browser: Browser;
let pages: Shown[];
let posted: Posted[];
beforeAll(async () => {
  scene = new Scene(await openWorld({ console: { reader: 'https://reader.example' } }));
  pages = await everyPage(scene);
  posted = everyPosted(pages);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await scene.world.close();
});

/** Goes through every page in one browser, as whoever sees it. */
async function through(seat: Seat, look: (shown: Shown) => Promise<void>): Promise<void> {
  for (const shown of pages) {
    await seat.context.clearCookies();
    if (shown.as) await seat.context.addCookies([await cookieOf(scene, shown.as)]);
    await seat.go(shown.path);
    await look(shown);
  }
  await seat.close();
}

const PICTURES = join('.waybill', 'screenshots');
/** What one walk finds, by page: a page is loaded once, and looked at in every way in which somebody may have it before them. */
type Looks = Record<'light' | 'dark' | 'narrow' | 'wide', Record<string, string[]>> & { pictures: number[] };
let looks: Promise<Looks> | undefined;
const looked = (): Promise<Looks> => (looks ??= look());

async function look(): Promise<Looks> {
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  const found: Looks = { light: {}, dark: {}, narrow: {}, wide: {}, pictures: [] };
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  const { page } = seat;
  await through(seat, async ({ name }) => {
    const note = (way: keyof Omit<Looks, 'pictures'>, what: string[]): void => void (what.length > 0 && (found[way][name] = [...(found[way][name] ?? []), ...what]));
    const picture = async (way: 'light' | 'dark'): Promise<void> => {
      const path = join(PICTURES, `${name}-${way}.png`);
      await page.screenshot({ path, fullPage: true });
      found.pictures.push(statSync(path).size);
    };
    const sideways = async (width: number, height: number): Promise<void> => {
      await page.setViewportSize({ width, height });
      const { needed, there } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = (globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }).document.documentElement;
        return { needed: scrollWidth, there: clientWidth };
      });
      note('wide', needed > there ? [`${needed} of ${there} at ${width}`] : []);
    };
    await picture('light');
    note('light', await violations(page));
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture('dark');
    note('dark', await violations(page, BY_COLOUR));
    await page.emulateMedia({ colorScheme: 'light' });
    await sideways(640, 450);
    await sideways(320, 640);
    note('narrow', await violations(page));
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  return found;
}

test.each([['in light colours', 'light'], ['in dark colours', 'dark'], ['on a narrow screen', 'narrow']] as const)('axe finds no violation on any page %s', async (_, way) => expect((await looked())[way]).toEqual({}));

test('at 200 % of a desk’s screen and at a telephone’s width nobody scrolls sideways on any page', async () => expect((await looked()).wide).toEqual({}));

/** `npm run screenshots` makes them alone. */
test('a picture of every page is made, in light and in dark colours', async () => {
  const { pictures } = await looked();
  expect(pictures).toHaveLength(pages.length * 2);
  expect(Math.min(...pictures)).toBeGreaterThan(5_000);
});

/** Sends a form as the page that holds it would, and comes to what answers it. @returns its status */
async function send(page: Page, path: string, fields: Readonly<Record<string, string | readonly string[]>>): Promise<number> {
  const formToken = await page.locator('input[name="formToken"]').first().inputValue();
  const all = Object.entries({ formToken, ...fields }).flatMap(([name, given]) => [given].flat().map((value) => [name, value] as const));
  const [answered] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest() && response.status() !== 303),
    page.evaluate(({ action, inputs }) => {
      const { document } = globalThis as unknown as { document: { createElement(tag: string): Record<string, unknown> & { append(...inside: unknown[]): void; submit(): void }; body: { append(inside: unknown): void } } };
      const form = Object.assign(document.createElement('form'), { method: 'post', action });
      form.append(...inputs.map(([name, value]) => Object.assign(document.createElement('input'), { type: 'hidden', name, value })));
      document.body.append(form);
      form.submit();
    }, { action: path, inputs: all }),
  ]);
  await page.waitForLoadState();
  return answered.status();
}

test('axe finds no violation on any page that comes only after something was sent: what was forgotten, what was done, and what could not be', async () => {
  const found: Record<string, string[]> = {};
  const seen: Record<string, [number, string]> = {};
  const expected: typeof seen = {};
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  for (const { name, as, path, fields, gives, says } of posted) {
    await seat.context.clearCookies();
    await seat.context.addCookies([await cookieOf(scene, as)]);
    await seat.go('/duties');
    const status = await send(seat.page, path, fields);
    seen[name] = [status, says.test(await seat.text()) ? String(says) : await seat.heading()];
    expected[name] = [gives, String(says)];
    const all = await violations(seat.page);
    if (all.length > 0) found[name] = all;
  }
  expect(seen).toEqual(expected);
  expect(found).toEqual({});
  await seat.close();
});

test('axe finds what is wrong where something is', async () => {
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  await seat.go('/');
  await seat.page.evaluate(() => (globalThis as unknown as { document: { body: { innerHTML: string } } }).document.body.innerHTML = '<img src="x"><input>');
  expect((await violations(seat.page)).map((each) => each.split(' ')[0])).toEqual(expect.arrayContaining(['image-alt', 'label']));
  await seat.close();
});

test('no page breaks its own policy, and each script runs', async () => {
  const said: string[] = [];
  const seat = await Seat.at(browser, scene.world);
  seat.page.on('console', (message) => void (message.type() === 'error' && !/status of (400|403|404)/.test(message.text()) && said.push(message.text())));
  seat.page.on('pageerror', (error) => void said.push(error.message));
  await through(seat, async ({ name }) => expect([name, await seat.page.locator('body.js-enabled').count()]).toEqual([name, 1]));
  expect(said).toEqual([]);
});

test('without JavaScript a worker signs in, chooses, says why, takes an item and signs out', async () => {
  const seat = await Seat.at(browser, scene.world, { javaScriptEnabled: false });
  await seat.go('/');
  await seat.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await seat.choose('mc-015');
  await seat.page.getByLabel('How it goes').selectOption('routine');
  await seat.page.getByRole('button', { name: 'Show' }).click();
  await seat.page.getByRole('link', { name: /^Share .* from St Brigid/ }).click();
  await seat.page.getByLabel('I work with this person').check();
  await seat.page.getByRole('button', { name: 'Go on' }).click();
  await seat.page.getByRole('button', { name: 'Take it' }).click();
  expect(await seat.text()).toMatch(/This is now yours[^]*You have it\./);
  await seat.page.getByRole('button', { name: 'Give it back to the list' }).click();
  expect(await seat.text()).toContain('It is back on the list');
  await seat.page.getByRole('button', { name: 'Sign out' }).click();
  expect(await seat.heading()).toBe('You are signed out');
  await seat.close();
});

test('by the keyboard alone a worker gets from the list to an item and takes it, and always sees where it is', async () => {
  const seat = await Seat.at(browser, scene.world);
  await seat.context.addCookies([await cookieOf(scene, 'mc-014')]);
  await seat.go('/inbox');
  const { keyboard } = seat.page;
  /** Tab until what has the focus is called so; each stop on the way must show that it has it. */
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let stops = 0; stops < 60; stops++) {
      await keyboard.press('Tab');
      const at = await seat.page.evaluate(() => {
        const { document, getComputedStyle } = globalThis as unknown as { document: { activeElement: { innerText?: string; value?: string; tagName: string; id?: string } }; getComputedStyle(element: unknown): { outlineStyle: string; boxShadow: string; backgroundColor: string } };
        const element = document.activeElement;
        const style = getComputedStyle(element);
        return { says: element.innerText || element.value || element.id || '', tag: element.tagName, seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none' };
      });
      if (at.tag === 'BODY') continue;
      expect([at.says, at.seen]).toEqual([at.says, true]);
      if (name.test(at.says)) return;
    }
    throw new Error(`the keyboard never gets to ${name}`);
  };
  await tabTo(/Skip to main content/);
  await keyboard.press('Enter');
  await tabTo(/^Share S-.* from St Brigid/);
  await keyboard.press('Enter');
  await seat.page.waitForURL(/\/items\//);
  await tabTo(/Take it/);
  await keyboard.press('Enter');
  await seat.page.waitForURL(/told=claimed/);
  expect(await seat.text()).toContain('This is now yours.');
  await tabTo(/Sign out/);
  await seat.close();
});

test('on paper stands what an item is and what became of it, in black on white, and no button', async () => {
  const seat = await Seat.at(browser, scene.world);
  await seat.context.addCookies([await cookieOf(scene, 'mc-014')]);
  await seat.go(pages.find(({ name }) => name === 'item')?.path ?? '');
  await seat.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await seat.page.getByRole('button').evaluateAll((buttons) => (buttons as unknown as { offsetParent: unknown }[]).filter((button) => button.offsetParent !== null).length)).toBe(0);
  expect(await seat.page.locator('.wb-story').isVisible()).toBe(true);
  const colours = await seat.page.evaluate(() => {
    const { document, getComputedStyle } = globalThis as unknown as { document: { body: unknown; querySelector(what: string): unknown }; getComputedStyle(element: unknown): { backgroundColor: string; color: string } };
    return { paper: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.querySelector('.wb-facts')).color };
  });
  expect(colours).toEqual({ paper: 'rgb(255, 255, 255)', ink: 'rgb(0, 0, 0)' });
  await seat.close();
});

test('a name with ŵ, ł or ي stands on screen and on paper in letters that the font has', async () => {
  const seat = await Seat.at(browser, scene.world);
  await seat.context.addCookies([await cookieOf(scene, 'mc-020')]);
  await seat.go('/inbox');
  expect(await seat.text()).toMatch(/فريدة القاضي[^]*Łucja Ŵyn-Jones/);
  // A letter that no font has is drawn as a box, and every box is as wide as every other.
  const widths = await seat.page.evaluate(() => {
    const { document } = globalThis as unknown as { document: { createElement(what: string): { getContext(what: string): { font: string; measureText(text: string): { width: number } } } } };
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.font = '40px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", Roboto, Arial, sans-serif';
    return ['ŵ', 'ł', 'ي', '\u{10FFFF}'].map((letter) => canvas.measureText(letter).width);
  });
  expect(new Set(widths).size).toBe(4);
  expect((await seat.page.pdf()).length).toBeGreaterThan(5_000);
  await seat.close();
});
