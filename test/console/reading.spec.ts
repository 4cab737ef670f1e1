import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import type { Browser } from 'playwright-core';
import { Passes, PASS_LASTS_MS, TAKEN_WITHIN_MS } from '#directory/passes';
import { sha256 } from '#protocol/digest';
import { CANARY, FRONT_DOOR, type Scene, transferTo } from '../journeys/referral';
import { ask as askGateway } from '../world/partner';
import type { Origin } from '../reader/origins';
import type { TeamKey } from '../reader/team-key';
import { Seat } from '../world/browser';
import { ask, type Page, type Signed, signedIn } from '../world/console';
import { ask as askInformation } from '../world/requests';
import { openReadingDesk, type ReadingDesk } from './reading-desk';

// From the list into the reader and back: what a duty worker does all day. The console hands over a pass and never sees a word.

let desk: ReadingDesk;
let scene: Scene;
let browser: Browser;
let reader: Origin;
let key: TeamKey;
beforeAll(async () => {
  desk = await openReadingDesk({ agency: 'merebrook-council', staff: ['mc-014', 'mc-015', 'mc-030'] });
  ({ scene, browser, reader, key } = desk);
});
afterAll(() => desk?.close());

async function sent(manifest: Record<string, unknown> = {}): Promise<{ share: string; transfer: string; reference: string }> {
  const { share, receipt } = await scene.send({ parts: [{ category: 'names', text: `Name: ${CANARY}`, to: { [FRONT_DOOR]: 'assesses-referral' } }], manifest });
  const transfer = transferTo(receipt, FRONT_DOOR);
  await scene.arrived(scene.council, share.id);
  return { share: share.id, transfer, reference: `S-${transfer.slice(-8).toUpperCase()}` };
}
const looked = (as: Signed, transfer: string): Promise<Page> => ask(scene.world, 'POST', `/items/transfer/${transfer}/reason`, { as, form: { reason: 'works-with-person' } });
/** What the console hands over, as a browser is sent on with it. */
async function handed(as: Signed, transfer: string): Promise<URLSearchParams> {
  const page = await ask(scene.world, 'POST', `/items/transfer/${transfer}/read`, { as });
  expect([page.status, String(page.headers['location']).split('#')[0]]).toEqual([303, `${reader.origin}/`]);
  return new URLSearchParams(String(page.headers['location']).split('#')[1]);
}
const PAGE = 'p'.repeat(43);
/** As a page of the reader asks. */
const asking = (from: string, path: string, { page = PAGE, origin = reader.origin, method = 'GET' as 'GET' | 'POST' } = {}): Promise<Page> =>
  ask(scene.world, method, `${new URL(from).pathname}${path}`, { headers: { origin, 'waybill-page': page } });
const councils = async (kind: string, transfer: string) => (await scene.entries('merebrook-council', { kind })).filter((entry) => entry.transfer === transfer);

test('S1: a duty worker takes the emergency that stands on top, opens it in the browser, acknowledges it, and is back at the list; the school hears each step', async () => {
  const { share, transfer, reference } = await sent({ urgency: 'emergency' });
  const seat = await Seat.at(browser, scene.world);
  await seat.signIn('mc-014');
  await seat.page.locator('.wb-item__title a').first().click();
  expect(await seat.heading()).toBe(`Share ${reference}`);
  await seat.page.getByLabel('I work with this person').check();
  await seat.page.getByRole('button', { name: 'Go on' }).click();
  await seat.page.getByRole('button', { name: 'Take it' }).click();
  await seat.page.getByRole('button', { name: 'Open it' }).click();
  await seat.page.waitForURL((url) => url.origin === reader.origin);
  await key.unlock(seat.page);
  await seat.page.getByText('Not opened yet').waitFor();
  expect(await seat.page.evaluate('location.href')).toBe(`${reader.origin}/`);
  expect(await seat.page.locator('#share').innerText()).toMatch(/ring 999[^]*Do not tell the person/);
  await seat.page.locator('#go').click();
  await seat.page.getByText('Opened and verified').waitFor();
  expect(await seat.page.locator('#share').innerText()).toMatch(new RegExp(`Not scanned for viruses[^]*${CANARY}`));
  await seat.page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
  await seat.page.locator('#acknowledge').click();
  await seat.page.getByText('Acknowledged, signed').waitFor();
  await seat.page.getByRole('link', { name: 'Back to the console' }).click();
  expect(await seat.heading()).toBe(`Share ${reference}`);
  expect(await seat.text()).toMatch(/Acknowledged[^]*Your organisation opened it, signed by merebrook-council[^]*Your organisation acknowledged it/);
  await seat.go('/inbox');
  expect(await seat.text()).not.toContain(reference);
  const [told] = (await scene.told(share)).transfers;
  expect([told?.state, told?.statements.map(({ kind }) => kind).sort()]).toEqual(['acknowledged', ['acknowledged', 'opened']]);
  // Who was handed it, why and with which reader; and that it was printed. Neither has a name.
  const digest = sha256(readFileSync('dist/reader/reader.json'));
  expect(await councils('item-handed-over', transfer)).toEqual([expect.objectContaining({ share, by: 'mc-014', role: 'front-door-worker', reason: 'works-with-person', secondFactor: false, reader: digest })]);
  expect(await councils('item-printed', transfer)).toEqual([expect.objectContaining({ share, by: 'mc-014', role: 'front-door-worker' })]);
  // No word of it, and no word of the passphrase, came to the console's or the gateway's log.
  expect(readFileSync(scene.world.system.logFile, 'utf8')).not.toMatch(new RegExp(`${CANARY}|${key.passphrase}|Ŵyn`));
  await seat.close();
});

test.each(['not-for-us', 'wrong-contact', 'cannot-open', 'insufficient'] as const)('%s: it is refused from the reader before it is opened, and no octet of it is ever served; of what is insufficient the sender is told what is missing', async (because) => {
  const { share, transfer } = await sent();
  const seat = await Seat.at(browser, scene.world);
  await seat.signIn('mc-014');
  await seat.go(`/items/transfer/${transfer}`);
  await seat.page.getByLabel('I work with this person').check();
  await seat.page.getByRole('button', { name: 'Go on' }).click();
  await seat.page.getByRole('button', { name: 'Open it' }).click();
  await key.unlock(seat.page);
  await seat.page.locator('#reason').selectOption(because);
  if (because === 'insufficient') await seat.page.locator('#missing-health').check();
  await seat.page.getByRole('button', { name: 'Refuse', exact: true }).click();
  await seat.page.getByText('Refused, signed').waitFor();
  const [told] = (await scene.told(share)).transfers;
  expect(told).toMatchObject({ state: 'returned', endReason: because });
  const said = told?.statements.map((each) => JSON.parse(Buffer.from(each.statement, 'base64').toString()) as { kind: string; missing?: string[] }).find(({ kind }) => kind === 'returned');
  expect(said?.missing).toEqual(because === 'insufficient' ? ['health'] : undefined);
  expect(await scene.sql(`select kind from waybill.event where transfer = $1 and kind in ('collected', 'opened')`, [transfer])).toEqual([]);
  await seat.close();
});

describe('a pass', () => {
  let worker: Signed;
  let transfer: string;
  let other: string;
  let from: string;
  beforeAll(async () => {
    ({ transfer } = await sent());
    ({ transfer: other } = await sent());
  });
  beforeEach(async () => {
    worker = await signedIn(scene.world, 'merebrook-council', 'mc-014');
    await looked(worker, transfer);
    from = (await handed(worker, transfer)).get('from') ?? '';
  });

  test('is for one page: the first that asks has it, and whoever finds the address later has nothing', async () => {
    expect((await asking(from, `/v1/mailbox/${transfer}`)).status).toBe(200);
    expect((await asking(from, `/v1/mailbox/${transfer}`)).status).toBe(200);
    const later = await asking(from, `/v1/mailbox/${transfer}`, { page: 'q'.repeat(43) });
    expect([later.status, later.body]).toEqual([403, expect.stringContaining('PASS_INVALID')]);
  });

  test('of two pages that take it up at once one has it', async () => {
    const pages = Array.from({ length: 8 }, (_, i) => String(i).repeat(43));
    const answers = await Promise.all(pages.map((page) => asking(from, `/v1/mailbox/${transfer}`, { page })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 403)]);
  });

  test('is for one item: of another its gateway tells nothing, and of nothing else of the agency’s', async () => {
    for (const path of [`/v1/mailbox/${other}`, `/v1/mailbox/${other}/manifest`, '/v1/mailbox', '/v1/register/checkpoint', '/v1/directory/agencies', `/v1/mailbox/${transfer}/envelope`, `/v1/mailbox/${transfer}%2f..%2f${other}`]) expect([path, (await asking(from, path)).status]).toEqual([path, 403]);
  });

  test('is for the reader’s origin alone, and says so to its browser', async () => {
    const answer = await asking(from, `/v1/mailbox/${transfer}`);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': reader.origin, 'cache-control': 'no-store' });
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    expect((await asking(from, `/v1/mailbox/${transfer}`, { origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await ask(scene.world, 'GET', '/inbox', { as: worker })).headers['access-control-allow-origin']).toBeUndefined();
  });

  test('is over where nobody takes it up within minutes', async () => {
    scene.world.clock.advance(TAKEN_WITHIN_MS + 1_000);
    expect((await asking(from, `/v1/mailbox/${transfer}`)).status).toBe(403);
  });

  test('is over after an hour, however busy its page', async () => {
    expect((await asking(from, `/v1/mailbox/${transfer}`)).status).toBe(200);
    for (let minutes = 0; minutes < 59; minutes += 10) {
      scene.world.clock.advance(PASS_LASTS_MS / 6 - 1_000);
      expect((await asking(from, `/v1/mailbox/${transfer}`)).status).toBe(200);
    }
    scene.world.clock.advance(10_000);
    expect((await asking(from, `/v1/mailbox/${transfer}`)).status).toBe(403);
    // Whoever read was at the desk: the session has not ended over it.
    expect((await ask(scene.world, 'GET', '/duties', { as: worker })).status).toBe(200);
  });

  test('ends with the session: signed out, left idle, or no longer of the staff', async () => {
    expect((await asking(from, `/v1/mailbox/${transfer}`)).status).toBe(200);
    await ask(scene.world, 'POST', '/sign-out', { as: worker });
    expect((await asking(from, `/v1/mailbox/${transfer}`)).status).toBe(403);
    expect(await scene.sql('select from waybill.pass where staff = $1 and page is not null and ends_at > $2', ['mc-014', scene.world.clock.now()])).toEqual([]);
    const idle = await signedIn(scene.world, 'merebrook-council', 'mc-014');
    const again = (await handed(idle, transfer)).get('from') ?? '';
    expect((await asking(again, `/v1/mailbox/${transfer}`)).status).toBe(200);
    scene.world.clock.advance(16 * 60_000);
    expect((await asking(again, `/v1/mailbox/${transfer}`)).status).toBe(403);
  });

  test('counts for nothing from anybody but the console: not without its certificate, and not beside a partner’s', async () => {
    const pass = from.split('/').at(-1) ?? '';
    const headers = { 'waybill-pass': pass, 'waybill-page': PAGE };
    const { port } = scene.world.system;
    const stranger = new Agent({ ca: scene.world.system.keys.authority.certificate });
    expect((await askGateway(stranger, port, 'GET', `/v1/mailbox/${transfer}`, undefined, headers)).json.code).toBe('CERTIFICATE_REQUIRED');
    expect((await scene.school.get(`/v1/mailbox/${transfer}`, headers)).json.code).toBe('NOT_FOUND');
    // And the console itself is nobody without one.
    const { certificate, key: own } = scene.world.system.keys.server;
    const console = new Agent({ ca: scene.world.system.keys.authority.certificate, cert: certificate, key: own });
    for (const sent of [{}, { 'waybill-pass': 'x'.repeat(43), 'waybill-page': PAGE }, { 'waybill-pass': pass }]) expect((await askGateway(console, port, 'GET', `/v1/mailbox/${transfer}`, undefined, sent as Record<string, string>)).json.code).toBe('PASS_INVALID');
    expect((await askGateway(console, port, 'GET', `/v1/mailbox/${transfer}`, undefined, headers)).status).toBe(200);
    stranger.destroy();
    console.destroy();
  });

  test('of it the database holds a digest, and gives none to somebody else’s session or to whoever has not said why', async () => {
    const pass = from.split('/').at(-1) ?? '';
    expect(JSON.stringify(await scene.sql('select * from waybill.pass'))).not.toContain(pass);
    const database = scene.world.system.database('console');
    const colleague = await signedIn(scene.world, 'merebrook-council', 'mc-015');
    const give = (staff: string, session: string, about: string): Promise<unknown> =>
      database.as({ agency: 'merebrook-council', controller: 'merebrook-council' }, (tx) => new Passes().give(tx, { staff: { agency: 'merebrook-council', id: staff } as never, session, errand: 'read', about, at: scene.world.clock.now() }));
    await expect(give('mc-014', sha256(Buffer.from(colleague.token)), transfer)).rejects.toThrow(/row-level security/);
    await expect(give('mc-015', sha256(Buffer.from(colleague.token)), transfer)).rejects.toThrow(/row-level security/);
    await expect(give('mc-014', sha256(Buffer.from(worker.token)), transfer)).resolves.toBeDefined();
  });
});

test('whoever may look and not work is given a pass that answers nothing', async () => {
  const { request, composed } = await askInformation(scene, scene.school, FRONT_DOOR);
  await scene.arrived(scene.council, composed.id);
  const given = async (staff: string): Promise<string[]> => {
    const as = await signedIn(scene.world, 'merebrook-council', staff, { secondFactor: true });
    await ask(scene.world, 'POST', `/items/request/${request}/reason`, { as, form: { reason: 'works-with-person' } });
    const { headers } = await ask(scene.world, 'POST', `/items/request/${request}/read`, { as });
    const handed = new URLSearchParams(String(headers['location']).split('#')[1]);
    const answer = await asking(handed.get('from') ?? '', `/v1/requests/${request}`);
    return [handed.get('answers') ?? 'no', String(answer.status)];
  };
  expect(await given('mc-014')).toEqual(['yes', '200']);
  expect(await given('mc-030')).toEqual(['no', '403']);
});

test('nothing is handed over before somebody has said why it looks, and to nobody whom the agreement keeps from looking', async () => {
  const { transfer } = await sent();
  const worker = await signedIn(scene.world, 'merebrook-council', 'mc-015');
  expect(await ask(scene.world, 'POST', `/items/transfer/${transfer}/read`, { as: worker })).toMatchObject({ status: 403, body: expect.stringContaining('REASON_FIRST') });
  const unchecked = await signedIn(scene.world, 'merebrook-council', 'mc-016');
  await looked(unchecked, transfer);
  expect(await ask(scene.world, 'POST', `/items/transfer/${transfer}/read`, { as: unchecked })).toMatchObject({ status: 403, body: expect.stringContaining('STAFF_CHECK_MISSING') });
  expect(await councils('item-handed-over', transfer)).toEqual([]);
});
