import type { Browser } from 'playwright-core';
import type { Person } from '../../apps/standalone/staff';
import { hostReader, type Origin } from '../reader/origins';
import { teamKey, type TeamKey } from '../reader/team-key';
import { violations } from '../world/axe';
import { openBrowser, Seat } from '../world/browser';
import { readTheStatement } from '../world/console';
import { Example } from '../world/example';
import { thread } from '../world/requests';

// What is not given is answered in the browser as each agreement has it: where the law compels an answer nobody is offered to refuse, and where a text names nobody who decides nobody is offered to.

let browser: Browser;
let reader: Origin;
beforeAll(async () => {
  reader = await hostReader();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await reader?.close();
});

/** A world with a worker of whoever is asked, and a point of contact of whoever asks. */
interface Two {
  example: Example;
  keys: [worker: TeamKey, spoc: TeamKey];
  close(): Promise<void>;
}

async function between(agreement: string, [worker, spoc]: readonly [Person, Person]): Promise<Two> {
  const example = await Example.open(agreement, { console: { people: [worker, spoc], reader: reader.origin } });
  const keys: Two['keys'] = [await teamKey(example.world, example.world.partner(worker.agency)), await teamKey(example.world, example.world.partner(spoc.agency))];
  await readTheStatement(example.world, [worker, spoc]);
  return {
    example, keys,
    close: async () => {
      for (const key of keys) key.remove();
      await example.close();
    },
  };
}

async function because(seat: Seat): Promise<void> {
  await seat.page.getByRole('radio').first().check();
  await seat.page.getByRole('button', { name: 'Go on' }).click();
}

/** A worker who has opened the request in the reader, where it is answered. */
async function answering({ example, keys: [key] }: Two, staff: string, request: string): Promise<Seat> {
  const seat = await Seat.at(browser, example.world, { bypassCSP: true });
  await seat.signIn(staff);
  await seat.go(`/items/request/${request}`);
  await because(seat);
  await seat.page.getByRole('button', { name: 'Open it' }).click();
  await key.unlock(seat.page);
  await seat.page.getByText('Not opened yet').waitFor();
  await seat.page.locator('#go').click();
  await seat.page.locator('#answer-health').waitFor();
  return seat;
}

async function said(seat: Seat, because: string, method = ''): Promise<void> {
  await seat.page.locator('#answer-health').selectOption('refused');
  await seat.page.locator(`#refused-because-${because}`).check();
  await seat.page.locator('#words').fill('her safety was considered');
  for (const id of ['lawful', 'safety', 'accurate', 'necessary']) await seat.page.locator(`#${id}`).check();
  for (const box of await seat.page.locator('#thought-of input').all()) await box.check();
  await seat.page.locator('#method').selectOption(method);
  await seat.page.locator('#look').click();
  await seat.page.locator('#status', { hasText: /Nothing has been sent yet|It would be refused/ }).waitFor();
  expect(await seat.page.locator('#planned').innerText()).toContain('Nobody else');
  await seat.page.locator('#send').click();
  await seat.page.getByText('Answered, signed').waitFor();
}

/** A point of contact at the page of what was not given. */
async function looking({ example }: Two, staff: string, request: string): Promise<Seat> {
  const seat = await Seat.at(browser, example.world, { bypassCSP: true });
  await seat.signIn(staff);
  await seat.go(`/refusals/${request}`);
  await because(seat);
  return seat;
}

describe('Leicester, Leicestershire and Rutland: what the law compels', () => {
  const [COUNCIL, POLICE] = ['leicester-city-council', 'leicestershire-police'] as const;
  const STAFF = [
    { agency: COUNCIL, staff: 'lc-014', name: 'Łucja Ŵyn-Jones', roles: ['practitioner'], contacts: ['safeguarding-team'] },
    { agency: POLICE, staff: 'lp-031', name: 'Ewa Łuczak', roles: ['single-point-of-contact'], contacts: [] },
  ] as const satisfies readonly [unknown, unknown];
  let two: Two;
  beforeAll(async () => {
    two = await between('llr', STAFF as unknown as [Person, Person]);
  });
  afterAll(() => two?.close());

  test('LLR RQ-13, S12: of a child death review nobody is offered to refuse: only that it cannot be complied with, because; that goes to whoever reviews it as not complied with, and stands on its list', async () => {
    const { request } = await two.example.ask({
      '/manifest/purpose': 'child-death-review', '/manifest/review': { commissionedBy: 'child-death-review-partners', reference: 'REV-12' }, '/manifest/legalGateway': 'working-together', '/manifest/urgency': 'routine', '/lines/3/band': 'under-16', '/lines/0/needToKnow': 'reviews-case',
      '/lines/1/needToKnow': 'reviews-case', '/manifest/asks': { type: 'child-death-review', categories: [{ category: 'health', needToKnow: 'reviews-case' }] }, '/lines/1/category': 'question', '/lines/2': null,
    }, COUNCIL);
    const seat = await answering(two, 'lc-014', request);
    expect(await seat.page.locator('#answer-health option').allInnerTexts()).toEqual(['Choose', 'We give it', 'We do not hold it', 'We cannot comply']);
    expect(await seat.page.locator('#refused-because input').evaluateAll((boxes) => (boxes as unknown as { value: string }[]).map(({ value }) => value))).toEqual(['privileged', 'no-safe-way', 'not-held', 'shared-otherwise']);
    expect(await violations(seat.page)).toEqual([]);
    await said(seat, 'privileged', 'professional-judgement');
    await seat.close();
    expect((await two.example.entriesOf('leicester-city-council', request)).filter(({ kind }) => kind === 'request-escalated')).toEqual([expect.objectContaining({ reason: 'not-complied-with' })]);
    const spoc = await looking(two, 'lp-031', request);
    expect(await spoc.text()).toMatch(/To look at[^]*Not complied with\./);
    expect(await violations(spoc.page)).toEqual([]);
    await spoc.close();
  });
});

describe('North West: a text that names nobody who decides', () => {
  const [COUNCIL, BODY] = ['fell-side-council', 'nwadcs'] as const;
  const STAFF = [
    { agency: COUNCIL, staff: 'fs-014', name: 'Noa Brandt', roles: ['practitioner'], contacts: ['placements'] },
    { agency: BODY, staff: 'nw-031', name: 'Siân Ŵynne', roles: ['single-point-of-contact'], contacts: [] },
  ] as const satisfies readonly [unknown, unknown];
  let two: Two;
  beforeAll(async () => {
    two = await between('nwadcs', STAFF as unknown as [Person, Person]);
  });
  afterAll(() => two?.close());

  test('NWADCS DS-02: a refusal is answered with its reasons in the browser; whoever asked is told that nobody decides about it, and settles it point of contact to point of contact', async () => {
    const { request } = await two.example.ask({ '/manifest/urgency': 'routine', '/manifest/asks': { type: 'enquiry', categories: [{ category: 'health', needToKnow: 'protects-from-harm' }] }, '/lines/1/category': 'question', '/lines/2': null }, COUNCIL);
    const seat = await answering(two, 'fs-014', request);
    expect(await seat.page.locator('#answer-health option').allInnerTexts()).toContain('We refuse it');
    await said(seat, 'not-necessary');
    await seat.close();
    expect(await thread(two.example.world.partner(BODY), request)).toMatchObject({ state: 'declined' });

    const spoc = await looking(two, 'nw-031', request);
    await spoc.page.getByRole('button', { name: 'Say it, signed' }).click();
    await two.keys[1].unlock(spoc.page);
    await spoc.page.locator('#say-escalated').waitFor();
    await spoc.page.locator('#reason-escalated').selectOption('reasons-do-not-hold');
    await spoc.page.locator('#say-escalated').click();
    await spoc.page.locator('#status', { hasText: /nobody/i }).waitFor();
    expect((await thread(two.example.world.partner(BODY), request)).statements).toEqual([]);
    await spoc.page.locator('#say-disputed').click();
    await spoc.page.locator('#status', { hasText: 'On record, signed' }).waitFor();
    expect((await thread(two.example.world.partner(BODY), request)).statements.map(({ kind }) => kind)).toEqual(['disputed']);
    await spoc.close();
  });
});
