import type { Browser } from 'playwright-core';
import { HOUR } from '#platform/clock';
import { CASEWORK, FRONT_DOOR, Scene, transferTo } from '../journeys/referral';
import { hostReader, type Origin } from '../reader/origins';
import { openBrowser, Seat } from '../world/browser';
import { ask as askPage, type Signed, signedIn } from '../world/console';
import { eventually, openWorld } from '../world/partnership';
import { answerWith, ask, asking, put, stateOf } from '../world/requests';

// Requests and shares on one list, the most pressing first, and the clock that follows from what a worker finds.

let scene: Scene;
let browser: Browser;
let reader: Origin;
beforeAll(async () => {
  reader = await hostReader();
  scene = new Scene(await openWorld({ console: { reader: reader.origin } }));
  for (const [agency, staff] of [['merebrook-council', 'mc-014'], ['merebrook-council', 'mc-015'], ['kingfisher-families', 'kf-001']]) await scene.sql('insert into waybill.staff_statement (agency, staff, at) values ($1, $2, $3)', [agency, staff, scene.world.clock.now()]);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await scene?.world.close();
  await reader?.close();
});

const referenceOf = (kind: 'S' | 'R', id: string): string => `${kind}-${id.slice(-8).toUpperCase()}`;
async function sentTo(recipient: string, urgency: string): Promise<string> {
  const { share, receipt } = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [recipient]: 'works-with-person' } }], manifest: { urgency } });
  await scene.arrived(scene.world.partner(recipient.split('/')[0] ?? ''), share.id);
  return transferTo(receipt, recipient);
}
const seated = async (staff: string): Promise<Seat> => {
  const seat = await Seat.at(browser, scene.world);
  await seat.signIn(staff);
  return seat;
};
async function openItem(seat: Seat, kind: 'transfer' | 'request', id: string): Promise<void> {
  await seat.go(`/items/${kind}/${id}`);
  if (await seat.page.getByText('Why do you look at this?').count()) {
    await seat.page.getByLabel('I work with this person').check();
    await seat.page.getByRole('button', { name: 'Go on' }).click();
  }
}
const targets = (id: string) => scene.sql<{ role: string; hours: number; because: string | null }>(
  `select owner_role as role, round(extract(epoch from due_at - opened_at) / 3600)::int as hours, closed_because as because from waybill.duty where kind = 'service-target' and coalesce(transfer, request) = $1 order by opened_at, id`, [id]);

test('WIR RQ-02: what the front door asks stands above all that is urgent and routine, below emergencies; it is one item, and says what it is', async () => {
  const [routine, urgent, emergency] = [await sentTo(CASEWORK, 'routine'), await sentTo(CASEWORK, 'urgent'), await sentTo(CASEWORK, 'emergency')];
  const { request, composed } = await ask(scene, scene.council, CASEWORK);
  await scene.arrived(scene.charity, composed.id);
  const seat = await seated('kf-001');
  const titles = await seat.page.locator('.wb-item__title').allInnerTexts();
  expect(titles).toEqual([`Share ${referenceOf('S', emergency)} from St Brigid's Primary School`, `Request ${referenceOf('R', request)} from Merebrook Council`, `Share ${referenceOf('S', urgent)} from St Brigid's Primary School`, `Share ${referenceOf('S', routine)} from St Brigid's Primary School`]);
  const second = seat.page.locator('.wb-item').nth(1);
  expect(await second.innerText()).toMatch(/Front door asks[^]*To be answered[^]*An enquiry about a person\./);
  await seat.page.getByLabel('What it is').selectOption({ label: 'Requests' });
  await seat.page.getByRole('button', { name: 'Show' }).click();
  expect(await seat.page.locator('.wb-item__title').allInnerTexts()).toEqual([`Request ${referenceOf('R', request)} from Merebrook Council`]);
  await openItem(seat, 'request', request);
  expect(await seat.text()).toMatch(/What is asked[^]*An enquiry about a person[^]*Health: no answer yet/);
  // Under its other name it is not there: nobody answers one thing twice.
  expect(await seat.go(`/items/transfer/${request}`)).toBe(404);
  await answerWith(scene, scene.charity, request, { parts: [{ category: 'health', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' } }] });
  await seat.go('/inbox');
  expect(await seat.text()).not.toContain(referenceOf('R', request));
  await openItem(seat, 'request', request);
  expect(await seat.text()).toMatch(/Answered[^]*Health: given[^]*It was answered[^]*health: given/);
  await seat.close();
});

test('a worker ticks what is so: the level follows with its reason, its place on the list and the time that is left follow from the level, and a desk that lets it pass is told', async () => {
  const [first, second] = [await sentTo(FRONT_DOOR, 'routine'), await sentTo(FRONT_DOOR, 'routine')];
  const seat = await seated('mc-014');
  const order = async () => (await seat.page.locator('.wb-item__title').allInnerTexts()).map((title) => title.split(' ')[1]).filter((each) => [first, second].some((id) => each === referenceOf('S', id)));
  await seat.go('/inbox?lane=routine');
  expect(await order()).toEqual([referenceOf('S', first), referenceOf('S', second)]);
  await openItem(seat, 'transfer', second);
  await seat.page.getByLabel('A baby').check();
  await seat.page.getByRole('button', { name: 'Save' }).click();
  expect(await seat.text()).toMatch(/Saved\.[^]*Red because a baby\./);
  await seat.go('/inbox?lane=routine');
  expect(await order()).toEqual([referenceOf('S', second), referenceOf('S', first)]);
  expect(await seat.page.locator('.wb-item', { hasText: referenceOf('S', second) }).innerText()).toMatch(/Red[^]*3 hours left/);
  expect(await targets(second)).toEqual([{ role: 'owner', hours: 4, because: null }]);

  // Lowered without a reason it is not; with one it is, and both are on record.
  await openItem(seat, 'transfer', second);
  await seat.page.getByText('Change it').click();
  await seat.page.getByLabel('You find it', { exact: true }).selectOption({ label: 'Green' });
  await seat.page.getByRole('button', { name: 'Save' }).click();
  expect(await seat.heading()).toBe('Say why it is less pressing');
  await openItem(seat, 'transfer', second);
  await seat.page.getByText('Change it').click();
  await seat.page.getByLabel('You find it', { exact: true }).selectOption({ label: 'Green' });
  await seat.page.getByLabel('Why it is less pressing').selectOption({ label: 'Somebody who works with the person has seen to it' });
  await seat.page.getByRole('button', { name: 'Save' }).click();
  expect(await seat.text()).toMatch(/Green because a baby\. Its signs make it red; it was found otherwise: somebody who works with the person has seen to it\./);
  expect((await scene.entries('merebrook-council', { kind: 'item-triaged' })).filter((entry) => entry.transfer === second)).toEqual([
    expect.objectContaining({ by: 'mc-014', role: 'front-door-worker', level: 'red', byTable: 'red', signals: ['under-one'] }),
    expect.objectContaining({ by: 'mc-014', level: 'green', byTable: 'red', signals: ['under-one'], reason: 'known-to-us' }),
  ]);
  expect((await targets(second)).map(({ because }) => because)).toEqual(['triaged-anew', null]);
  await seat.close();
});

test('WIR RQ-02: the request of a front door is never put behind others by whoever was asked: found green it keeps its lane, and its place above the urgent', async () => {
  const urgent = await sentTo(CASEWORK, 'urgent');
  const { request, composed } = await ask(scene, scene.council, CASEWORK);
  await scene.arrived(scene.charity, composed.id);
  const as = await signedIn(scene.world, 'kingfisher-families', 'kf-001');
  await askPage(scene.world, 'POST', `/items/request/${request}/reason`, { as, form: { reason: 'works-with-person' } });
  expect((await askPage(scene.world, 'POST', `/items/request/${request}/triage`, { as, form: { signals: 'information-only' } })).status).toBe(303);
  const { body } = await askPage(scene.world, 'GET', '/inbox', { as });
  expect([body.indexOf(referenceOf('R', request)) > 0, body.indexOf(referenceOf('R', request)) < body.indexOf(referenceOf('S', urgent))]).toEqual([true, true]);
  expect(await scene.sql('select lane, triage from waybill.request where id = $1', [request])).toEqual([{ lane: 'priority', triage: null }]);
});

test('a target that is missed goes to the responsible manager, once; what is dealt with ends it', async () => {
  const transfer = await sentTo(FRONT_DOOR, 'urgent');
  const { request, composed } = await ask(scene, scene.school, FRONT_DOOR);
  await scene.arrived(scene.council, composed.id);
  const as: Signed = await signedIn(scene.world, 'merebrook-council', 'mc-014');
  for (const [kind, id] of [['transfer', transfer], ['request', request]]) {
    await askPage(scene.world, 'POST', `/items/${kind}/${id}/reason`, { as, form: { reason: 'works-with-person' } });
    expect((await askPage(scene.world, 'POST', `/items/${kind}/${id}/triage`, { as, form: { signals: 'missing' } })).status).toBe(303);
  }
  scene.world.clock.advance(4 * HOUR + 60_000);
  await eventually(async () => (await targets(transfer))[0]?.role === 'responsible-manager');
  expect((await askPage(scene.world, 'GET', '/duties', { as: await signedIn(scene.world, 'merebrook-council', 'mc-020') })).body).toContain(`About ${referenceOf('S', transfer)}`);
  const [{ share, digest } = { share: '', digest: '' }] = await scene.sql<{ share: string; digest: string }>('select t.share, s.manifest_digest as digest from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share where t.id = $1', [transfer]);
  expect((await scene.council.state('returned', transfer, { share, manifestDigest: digest }, { reason: 'not-for-us' })).status).toBe(200);
  expect((await stateOf(scene.world, scene.council, request, 'scrutinised', { outcome: 'sent-back', reason: 'no-clear-purpose', role: 'front-door-worker' })).status).toBe(200);
  for (const [id, because] of [[transfer, 'returned'], [request, 'sent-back']]) expect((await targets(id ?? '')).map((each) => each.because)).toEqual([because]);
});

test('what was asked of another team, or of another agency, is on nobody else’s list', async () => {
  const composed = await asking(scene, scene.council, CASEWORK);
  await put(scene.council, composed);
  await scene.arrived(scene.charity, composed.id);
  const list = await askPage(scene.world, 'GET', '/inbox?kind=request', { as: await signedIn(scene.world, 'merebrook-council', 'mc-014') });
  expect(list.body).not.toContain('from Merebrook Council');
});
