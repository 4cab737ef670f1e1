import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { unlockReaderKey } from '#client/reader-key';
import { writeHome } from '../../apps/standalone/home';
import { CANARY, FRONT_DOOR, Scene } from '../journeys/referral';
import type { SharePlan } from '../world/partner';
import { openBrowser } from '../world/browser';
import { atDesk } from '../world/desk';
import { eventually, openWorld } from '../world/partnership';
import { hostReader, type Origin, passOn } from './origins';

let scene: Scene;
let browser: Browser;
let folder: string;
let reader: Origin;
let passphrase: string;
const open: { close(): Promise<void> }[] = [];
const KEY = (): string => join(folder, 'front-door.key');

beforeAll(async () => {
  scene = new Scene(await openWorld());
  folder = mkdtempSync(join(tmpdir(), 'waybill-reader-'));
  const { system, agreement, coordinator } = scene.world;
  await writeHome(join(folder, 'council'), scene.council.own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  const made = await atDesk(['reader', 'key', 'front-door.key', '--json'], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'council') }, now: () => scene.world.clock.now() });
  expect(made.exit).toBe(0);
  passphrase = (made.json as { passphrase: string }).passphrase;
  reader = await hostReader();
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all(open.map((each) => each.close()));
  await reader?.close();
  await scene?.world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A worker's browser with what it was told on its console. */
async function visit(transfer: string, { bend, at = reader, context }: { bend?: (path: string, octets: Buffer) => Buffer; at?: Origin; context?: BrowserContext } = {}): Promise<{ page: Page; by: Origin; console: string[]; context: BrowserContext }> {
  const by = await passOn(scene.council, new URL(scene.world.system.origin), at.origin, bend);
  open.push(by);
  const own = context ?? (await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' }));
  const page = await own.newPage();
  page.setDefaultTimeout(10_000);
  const said: string[] = [];
  page.on('console', (message) => void said.push(`${message.type()} ${message.text()}`));
  page.on('pageerror', (error) => void said.push(`error ${error.message}`));
  await page.goto(`${at.origin}/#${new URLSearchParams({ from: by.origin, transfer, reader: 'M. Llŷr-Łęcka' }).toString()}`);
  return { page, by, console: said, context: own };
}

async function unlocked(page: Page, words = passphrase): Promise<void> {
  await page.locator('#file').setInputFiles(KEY());
  await page.locator('#passphrase').fill(words);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
}

const sent = async (plan?: SharePlan): Promise<{ share: string; transfer: string }> => {
  const { share } = await scene.send(plan);
  const { transfer } = await scene.arrived(scene.council, share.id);
  return { share: share.id, transfer };
};
const stateOf = async (share: string): Promise<string | undefined> => (await scene.told(share)).transfers[0]?.state;
const PLAN = (text: string, more: object = {}): SharePlan => ({ parts: [{ category: 'names', text, to: { [FRONT_DOOR]: 'assesses-referral' }, ...more }] }) as SharePlan;

test('a worker opens a share in the browser: how it may be handled comes first, nothing is collected before she says so, and the sender hears that it was opened, acknowledged, and to whom it is passed on', async () => {
  const { share, transfer } = await sent();
  const { page, by, console: said } = await visit(transfer);
  expect(await page.evaluate('location.hash')).toBe('');
  await unlocked(page);
  await page.getByText('Not opened yet').waitFor();
  expect(await page.title()).toMatch(/^[A-Z]{2}.*Reader$/);
  expect(await page.locator('#share').innerText()).toMatch(/Do not tell the person[\s\S]*Marking\s+OFFICIAL-SENSITIVE/);
  expect(await page.locator('#share').innerText()).not.toContain(CANARY);
  expect(await stateOf(share)).toBe('available');

  await page.locator('#go').click();
  await page.getByText('Opened and verified').waitFor();
  expect(await page.locator('#share').innerText()).toContain(CANARY);
  expect(await page.locator('.marks').first().innerText()).toMatch(/Fact|Opinion/);
  await page.locator('#onward').fill('Merebrook!');
  await page.locator('#acknowledge').click();
  await page.getByText('no name of the directory').waitFor();
  await page.locator('#onward').fill('kingfisher-families');
  await page.locator('#acknowledge').click();
  await page.getByText('Acknowledged, signed').waitFor();
  const [told] = (await scene.told(share)).transfers;
  expect(told?.state).toBe('acknowledged');
  expect(told?.statements.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['opened', 'acknowledged']));
  expect(told?.statements.flatMap(({ kind, statement }) => (kind === 'acknowledged' ? [(JSON.parse(Buffer.from(statement, 'base64').toString()) as { passOnTo?: string[] }).passOnTo] : []))).toEqual([['kingfisher-families']]);
  expect(said).toEqual([]);
  // Neither the key nor a word went to whoever passed it on, or to the host of the reader.
  expect(by.asked.join('\n')).not.toMatch(new RegExp(`${CANARY}|${passphrase.split(' ')[0]}`));
  expect(reader.asked.every((asked) => /^GET \/(|reader\.js|reader\.css|favicon\.ico)$/.test(asked))).toBe(true);
});

test('refuses a share that is not for the team, with its reason, without opening it', async () => {
  const { share, transfer } = await sent();
  const { page, by } = await visit(transfer);
  await unlocked(page);
  await page.locator('#reason').selectOption('not-for-us');
  await page.getByRole('button', { name: 'Refuse', exact: true }).click();
  await page.getByText('Refused, signed').waitFor();
  expect((await scene.told(share)).transfers[0]).toMatchObject({ state: 'returned', endReason: 'not-for-us' });
  expect(by.asked.filter((asked) => asked.includes('/parts/'))).toEqual([]);
});

test('keeps the key in this browser locked as the file is, opens with it the next time, and forgets it', async () => {
  const { transfer } = await sent();
  const first = await visit(transfer);
  await first.page.locator('#keep').check();
  await unlocked(first.page);
  await first.page.getByText('Not opened yet').waitFor();
  const kept = await first.page.evaluate(`new Promise((resolve, reject) => { const asked = indexedDB.open('waybill-reader'); asked.onerror = () => reject(asked.error); asked.onsuccess = () => { const got = asked.result.transaction('keys').objectStore('keys').get('own'); got.onsuccess = () => resolve([...got.result]); }; })`);
  expect(Buffer.from(kept as number[]).equals(readFileSync(KEY()))).toBe(true);

  const again = await visit((await sent()).transfer, { context: first.context });
  await again.page.locator('#kept').waitFor({ state: 'visible' });
  await again.page.locator('#passphrase').fill(passphrase);
  await again.page.getByRole('button', { name: 'Open', exact: true }).click();
  await again.page.getByText('Not opened yet').waitFor();
  const third = await visit((await sent()).transfer, { context: first.context });
  await third.page.locator('#forget').click();
  await third.page.getByText('keeps no key any more').waitFor();
  await third.page.locator('#passphrase').fill(passphrase);
  await third.page.getByRole('button', { name: 'Open', exact: true }).click();
  await third.page.getByText('not a key to read with').waitFor();
});

test('with another passphrase, or a key file of which an octet was changed, opens nothing', async () => {
  const { transfer, share } = await sent();
  const { page } = await visit(transfer);
  await unlocked(page, 'six words that nobody ever drew');
  await page.getByText('the passphrase is another').waitFor();
  const locked = readFileSync(KEY());
  const bent = Buffer.from(locked);
  bent[bent.length - 30] = (bent[bent.length - 30] as number) ^ 1;
  await expect(unlockReaderKey(bent, passphrase)).rejects.toMatchObject({ code: 'READER_KEY_INVALID' });
  expect((await unlockReaderKey(locked, passphrase)).agency).toBe('merebrook-council');
  expect(await stateOf(share)).toBe('available');
});

describe('whoever passes it on', () => {
  const bends: [string, (path: string, octets: Buffer) => Buffer, RegExp, 'available' | 'collected'][] = [
    ['and alters a manifest', (path, octets) => (path.endsWith('/manifest') ? Buffer.from(octets.toString().replace('"routine"', '"urgent" ')) : octets), /not signed by a key|not what the sender signed/, 'available'],
    ['and swaps the sender’s certificate for none that is vouched for', (path, octets) => (/\/mailbox\/[^/]+$/.test(path) ? Buffer.from(octets.toString().replace(/"statementSignature":"[^"]{20}/g, '"statementSignature":"AAAAAAAAAAAAAAAAAAAA')) : octets), /not signed by a key that the co-ordinator vouches for/, 'available'],
    ['and makes up a provenance', (path, octets) => (/\/mailbox\/[^/]+$/.test(path) ? Buffer.from(octets.toString().replace(/"provenance":"([^"]+)\.[^."]{10}/, '"provenance":"$1.AAAAAAAAAA')) : octets), /provenance is not by a key/, 'available'],
    ['and bends an octet of the sealed part', (path, octets) => (path.includes('/parts/') ? bentAtEnd(octets) : octets), /not what the sender signed|does not open/, 'collected'],
  ];
  test.each(bends)('%s is found out, and nothing is shown', async (_what, bend, says, state) => {
    const { share, transfer } = await sent();
    const { page } = await visit(transfer, { bend });
    await unlocked(page);
    if (state === 'collected') await page.locator('#go').click();
    await page.locator('#status', { hasText: says }).waitFor();
    expect(await page.locator('body').innerText()).not.toContain(CANARY);
    expect(await page.locator('pre').count()).toBe(0);
    expect(await stateOf(share)).toBe(state);
  });
});

const bentAtEnd = (octets: Buffer): Buffer => {
  const bent = Buffer.from(octets);
  bent[bent.length - 40] = (bent[bent.length - 40] as number) ^ 1;
  return bent;
};

describe('what was shared', () => {
  test('runs nothing: markup is text, and what asks for an address gets none', async () => {
    const active = `<script>document.title='owned'</script><img src=x onerror="document.title='owned'"><a href="javascript:alert(1)">x</a> ${CANARY}`;
    const { page } = await visit((await sent(PLAN(active))).transfer);
    await unlocked(page);
    await page.locator('#go').click();
    await page.locator('pre').waitFor();
    expect(await page.locator('pre').innerText()).toBe(active);
    expect(await page.locator('main img, main a, main script').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
  });

  test('shows a picture as one, and lets anything else only be saved under a name that says nothing', async () => {
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from([0, 1, 2, 3, 255])]);
    const { page } = await visit((await sent({ parts: [{ category: 'names', text: '', octets: png, to: { [FRONT_DOOR]: 'assesses-referral' } }, { category: 'health', text: '', octets: pdf, to: { [FRONT_DOOR]: 'assesses-referral' } }] })).transfer);
    await unlocked(page);
    await page.locator('#go').click();
    await page.locator('main img').waitFor();
    expect(await page.locator('main img').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(1);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Save part-2').click()]);
    expect(download.suggestedFilename()).toBe('part-2.pdf');
    expect(readFileSync(await download.path()).equals(pdf)).toBe(true);
  });

  test('prints with marking, reference, do-not-tell, name and time on every page', async () => {
    const { page } = await visit((await sent()).transfer);
    await unlocked(page);
    await page.locator('#go').click();
    await page.locator('pre').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#marking').innerText()).toMatch(/OFFICIAL-SENSITIVE.*DO NOT TELL THE PERSON.*M\. Llŷr-Łęcka.*\d\d\/\d\d\/\d{4}/);
    const print = await page.pdf();
    writeFileSync(join(folder, 'print.pdf'), print);
    expect(print.length).toBeGreaterThan(1_000);
    expect(await page.locator('#acknowledge').isVisible()).toBe(false);
  });
});

test('can be used by keyboard alone, and axe finds no violation on any of its states', async () => {
  const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
  const { transfer } = await sent();
  const { page } = await visit(transfer);
  const context = page.context();
  const violations = async (): Promise<string[]> => {
    // Its own policy lets no script in that is not its own: the looker is let in past it.
    const session = await context.newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: axe });
    const { result } = await session.send('Runtime.evaluate', { expression: 'axe.run().then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)))', awaitPromise: true });
    return JSON.parse(String(result.value)) as string[];
  };
  expect(await violations()).toEqual([]);
  await page.locator('#file').setInputFiles(KEY());
  await page.locator('#file').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.type(passphrase);
  await page.keyboard.press('Enter');
  await page.getByText('Not opened yet').waitFor();
  expect(await violations()).toEqual([]);
  await page.locator('#go').focus();
  await page.keyboard.press('Enter');
  await page.locator('pre').first().waitFor();
  expect(await violations()).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations()).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate('document.documentElement.scrollWidth <= 320')).toBe(true);
  await page.locator('#acknowledge').focus();
  await page.keyboard.press('Enter');
  await eventually(async () => (await page.locator('#status').innerText()).includes('Acknowledged'));
});
