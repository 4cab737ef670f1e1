import type { Browser } from 'playwright-core';
import { CANARY, FRONT_DOOR, type Scene, transferTo } from '../journeys/referral';
import type { TeamKey } from '../reader/team-key';
import { violations } from '../world/axe';
import { Seat } from '../world/browser';
import { ask, thread } from '../world/requests';
import { openReadingDesk, type ReadingDesk } from './reading-desk';

// A request from the list to its answer, on one page: what is signed and sealed is signed and sealed in the browser, and the console passes it on.

let desk: ReadingDesk;
let scene: Scene;
let browser: Browser;
let key: TeamKey;
beforeAll(async () => {
  desk = await openReadingDesk({ agency: 'merebrook-council', staff: ['mc-014'] });
  ({ scene, browser, key } = desk);
});
afterAll(() => desk?.close());

/** A duty worker who has opened something in the reader, from the list. */
async function opened(kind: 'transfer' | 'request', id: string): Promise<Seat> {
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  await seat.signIn('mc-014');
  await seat.go(`/items/${kind}/${id}`);
  await seat.page.getByLabel('I work with this person').check();
  await seat.page.getByRole('button', { name: 'Go on' }).click();
  await seat.page.getByRole('button', { name: 'Open it' }).click();
  await key.unlock(seat.page);
  await seat.page.getByText('Not opened yet').waitFor();
  return seat;
}
async function asked(categories = [{ category: 'health', needToKnow: 'assesses-referral' }], manifest: Record<string, unknown> = {}): Promise<string> {
  const { request, composed } = await ask(scene, scene.school, FRONT_DOOR, { categories, manifest });
  await scene.arrived(scene.council, composed.id);
  return request;
}
async function declare(seat: Seat): Promise<void> {
  for (const id of ['lawful', 'safety', 'accurate', 'necessary']) await seat.page.locator(`#${id}`).check();
  for (const box of await seat.page.locator('#thought-of input').all()) await box.check();
  await seat.page.locator('#risk').selectOption('medium');
}
const statusOf = (seat: Seat): Promise<string> => seat.page.locator('#status').innerText();
const looked = async (seat: Seat): Promise<void> => {
  await seat.page.locator('#look').click();
  await seat.page.locator('#status', { hasText: /Nothing has been sent yet|It would be refused|Answer every|Write what|Say with whom/ }).waitFor();
};

test('WIR RQ-07: a duty worker reads what is asked, takes it up, answers category by category, sees who will be able to read what, and sends: it is sealed and signed in the browser', async () => {
  const request = await asked([{ category: 'health', needToKnow: 'assesses-referral' }, { category: 'family', needToKnow: 'assesses-referral' }]);
  const seat = await opened('request', request);
  await seat.page.locator('#go').click();
  await seat.page.getByText('Opened and verified').waitFor();
  expect(await seat.page.locator('pre').first().innerText()).toContain(`What do you know of ${CANARY}?`);
  await seat.page.locator('#accept').click();
  await seat.page.getByText('Taken up, signed').waitFor();

  await seat.page.locator('#answer-health').selectOption('given');
  await looked(seat);
  expect(await statusOf(seat)).toBe('Answer every category: family.');
  await seat.page.locator('#answer-family').selectOption('not-held');
  await seat.page.locator('#text-health').fill(`${CANARY} has asthma`);
  await declare(seat);
  await looked(seat);
  expect([await statusOf(seat), await seat.page.locator('#planned').innerText()]).toEqual([expect.stringContaining('Nothing has been sent yet'), expect.stringMatching(/st-brigid-primary\/safeguarding-lead will be able to read: health[^]*Nobody else/)]);
  expect(await thread(scene.school, request)).toMatchObject({ state: 'asked' });
  expect(await violations(seat.page)).toEqual([]);
  await seat.page.emulateMedia({ colorScheme: 'dark' });
  await seat.page.setViewportSize({ width: 320, height: 640 });
  expect([await violations(seat.page), await seat.page.evaluate('document.documentElement.scrollWidth <= 320')]).toEqual([[], true]);
  await seat.page.locator('#send').focus();
  await seat.page.keyboard.press('Enter');
  await seat.page.getByText('Answered, signed').waitFor();
  const told = await thread(scene.school, request);
  expect(told).toMatchObject({ state: 'answered', categories: [{ category: 'health', answer: 'given' }, { category: 'family', answer: 'not-held' }] });
  expect(told.statements.map(({ kind }) => kind)).toEqual(['scrutinised']);
  const share = told.categories[0]?.by ?? '';
  expect(await scene.opened(scene.school, await scene.transfer(scene.school, share), 'part-1', 'safeguarding-lead', scene.council)).toBe(`${CANARY} has asthma`);
  // The copy of the request is acknowledged on the same page.
  await seat.page.locator('#acknowledge').click();
  await seat.page.getByText('Acknowledged, signed').waitFor();
  await seat.close();
});

test('WIR RQ-08: in the browser too nothing is refused without its reasons, the person’s safety and words; with them the record goes to whoever asked', async () => {
  const request = await asked();
  const seat = await opened('request', request);
  await seat.page.locator('#go').click();
  await seat.page.getByText('Opened and verified').waitFor();
  await seat.page.locator('#answer-health').selectOption('refused');
  await declare(seat);
  await seat.page.locator('#words').fill('her safety was considered: nothing here bears on it');
  await looked(seat);
  expect([await statusOf(seat), await seat.page.locator('#planned').innerText()]).toEqual([expect.stringContaining('It would be refused'), expect.stringContaining('REFUSED_WITHOUT_RECORD')]);
  await seat.page.locator('#refused-because-data-protection').check();
  await looked(seat);
  expect(await seat.page.locator('#planned').innerText()).toContain('REASON_TOO_VAGUE');
  await seat.page.locator('#refused-because-not-necessary').check();
  // Whose advice was taken stands with the decision, and is not said of nobody.
  await seat.page.locator('#advice-came-to').selectOption('do-not-share');
  await looked(seat);
  expect([await statusOf(seat), await seat.page.locator('#send').count()]).toEqual(['Say with whom you talked it over.', 0]);
  const on = scene.world.clock.now().toISOString().slice(0, 10);
  await seat.page.locator('#advice-role').selectOption('governance-lead');
  await seat.page.locator('#advice-on').fill(on);
  await seat.page.locator('#advice-contact').selectOption('information-governance');
  await looked(seat);
  // What is changed after it was looked over does not go as it was.
  await seat.page.locator('#words').fill('her safety was considered: nothing here bears on it, and nothing is held back');
  expect(await seat.page.locator('#send').count()).toBe(0);
  await looked(seat);
  await seat.page.locator('#send').click();
  await seat.page.getByText('Answered, signed').waitFor();
  const told = await thread(scene.school, request);
  expect(told).toMatchObject({ state: 'declined', categories: [{ answer: 'refused' }] });
  expect((await scene.entries('merebrook-council', { kind: 'share-sent', share: told.categories[0]?.by }))[0]?.['decision']).toMatchObject({ consulted: { role: 'governance-lead', on, contact: 'information-governance', advised: 'do-not-share' } });
  const record = await scene.transfer(scene.school, told.categories[0]?.by ?? '');
  expect(await scene.opened(scene.school, record, 'part-1', 'safeguarding-lead', scene.council)).toContain('her safety was considered');
  await seat.close();
});

test('what somebody was writing as an answer is there again when the request is opened again in that browser, and is no draft once it is sent', async () => {
  const request = await asked();
  const seat = await opened('request', request);
  await seat.page.locator('#go').click();
  await seat.page.getByText('Opened and verified').waitFor();
  await seat.page.locator('#answer-health').selectOption('given');
  await seat.page.locator('#text-health').fill(`${CANARY} has asthma`);
  await seat.page.locator('#kept-draft', { hasText: 'Kept in this browser, sealed' }).waitFor();
  const again = async (): Promise<void> => {
    await seat.go(`/items/request/${request}`);
    await seat.page.getByRole('button', { name: 'Open it' }).click();
    await key.unlock(seat.page);
    await seat.page.locator('#go').click();
    await seat.page.getByText('Opened and verified').waitFor();
  };
  await again();
  await seat.page.locator('#text-health').waitFor();
  expect([await seat.page.locator('#text-health').inputValue(), await seat.page.locator('#answer-health').inputValue()]).toEqual([`${CANARY} has asthma`, 'given']);
  await declare(seat);
  await looked(seat);
  await seat.page.locator('#send').click();
  await seat.page.getByText('Answered, signed').waitFor();
  expect(await thread(scene.school, request)).toMatchObject({ state: 'answered' });
  await seat.close();
});

test('WIR RQ-04: a request that may not be put like this is sent back from the reader, with who looked at it and why', async () => {
  const request = await asked();
  const seat = await opened('request', request);
  await seat.page.locator('#go').click();
  await seat.page.getByText('Opened and verified').waitFor();
  await seat.page.locator('#sent-back').selectOption('no-clear-purpose');
  await seat.page.locator('#send-back').click();
  await seat.page.getByText('Sent back, signed').waitFor();
  expect(await thread(scene.school, request)).toMatchObject({ state: 'sent-back' });
  expect((await scene.entries('merebrook-council', { kind: 'request-scrutinised' })).filter((entry) => entry['request'] === request)).toEqual([expect.objectContaining({ outcome: 'sent-back', reason: 'no-clear-purpose', role: 'front-door-worker' })]);
  await seat.close();
});

test('WIR RQ-03: what presses is refused on a ground of the agreement only with a manager’s name; unopened it stays sealed, and opened no copy may be left', async () => {
  const send = async () => {
    const { share, receipt } = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' } }], manifest: { urgency: 'urgent' } });
    await scene.arrived(scene.council, share.id);
    return { share: share.id, transfer: transferTo(receipt, FRONT_DOOR) };
  };
  const first = await send();
  const unopened = await opened('transfer', first.transfer);
  await unopened.page.locator('#reason').selectOption('no-appropriate-consent');
  expect(await unopened.page.locator('#approved option').allInnerTexts()).toEqual(['information-governance']);
  await unopened.page.getByRole('button', { name: 'Refuse', exact: true }).click();
  await unopened.page.getByText('Refused, signed').waitFor();
  expect((await scene.told(first.share)).transfers[0]).toMatchObject({ state: 'returned', endReason: 'no-appropriate-consent' });
  const [entry] = await scene.entries('st-brigid-primary', { kind: 'share-returned', share: first.share });
  expect([entry?.['role'], entry?.['approvedBy'], entry?.['opened']]).toEqual(['front-door-worker', 'information-governance', undefined]);
  await unopened.close();

  const second = await send();
  const seat = await opened('transfer', second.transfer);
  await seat.page.locator('#go').click();
  await seat.page.getByText('Opened and verified').waitFor();
  await seat.page.locator('#reason').selectOption('illegally-gathered');
  await seat.page.getByRole('button', { name: 'Refuse', exact: true }).click();
  await seat.page.locator('#status', { hasText: /no copy is left/ }).waitFor();
  await seat.page.locator('#removed').check();
  await seat.page.getByRole('button', { name: 'Refuse', exact: true }).click();
  await seat.page.getByText('Refused, signed').waitFor();
  expect((await scene.entries('st-brigid-primary', { kind: 'share-returned', share: second.share }))[0]).toMatchObject({ copiesRemoved: true, opened: { by: 'front-door' } });
  await seat.close();
});
