import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { CASEWORK, FRONT_DOOR, Scene } from '../journeys/referral';
import { hostReader, type Origin } from '../reader/origins';
import { teamKey, type TeamKey } from '../reader/team-key';
import { PEOPLE, type Person } from '../../apps/standalone/staff';
import { violations } from '../world/axe';
import { openBrowser, Seat } from '../world/browser';
import { readTheStatement } from '../world/console';
import { Example } from '../world/example';
import { openWorld, type World } from '../world/partnership';
import { answerWith, ask, stateOf, thread } from '../world/requests';

// What follows a refusal, for those who are at no desk: who looks at it, who decides, and the two who are to find a solution. What they say is signed in the browser.

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

const referenceOf = (id: string): string => `R-${id.slice(-8).toUpperCase()}`;

/** Somebody at the page of a request, who has said why it looks. */
async function at(world: World, staff: string, request: string, why: string, options: { bypassCSP?: boolean } = { bypassCSP: true }): Promise<Seat> {
  const seat = await Seat.at(browser, world, options);
  await seat.signIn(staff);
  await seat.page.getByRole('link', { name: 'Refusals and escalations' }).click();
  await seat.page.getByRole('link', { name: new RegExp(`^Request ${referenceOf(request)}`) }).click();
  if (await seat.page.getByText('Why do you look at this?').count()) {
    await seat.page.getByLabel(why).check();
    await seat.page.getByRole('button', { name: 'Go on' }).click();
  }
  return seat;
}
/** In the reader, with what was said so far verified. */
async function inReader(seat: Seat, key: TeamKey): Promise<void> {
  await seat.page.getByRole('button', { name: 'Say it, signed' }).click();
  await key.unlock(seat.page);
  await seat.page.locator('#status', { hasText: 'Nothing has been said by you yet' }).waitFor();
}
const said = async (seat: Seat): Promise<string> => {
  await seat.page.locator('#status', { hasText: 'On record, signed' }).waitFor();
  return seat.page.locator('#status').innerText();
};

describe('Wirral: the statutory partners look at every refusal, and two points of contact settle what they disagree on', () => {
  const KF: Person = { agency: 'kingfisher-families', staff: 'kf-002', name: 'Ada Quist', roles: ['single-point-of-contact'], contacts: ['manager'] };
  const STATUTORY = 'I need to know it for a statutory function';
  let scene: Scene;
  let council: TeamKey;
  let charity: TeamKey;
  beforeAll(async () => {
    scene = new Scene(await openWorld({ console: { people: [...PEOPLE, KF], reader: reader.origin } }));
    [council, charity] = [await teamKey(scene.world, scene.council), await teamKey(scene.world, scene.charity)];
    await readTheStatement(scene.world, [...PEOPLE, KF]);
  });
  afterAll(async () => {
    await scene?.world.close();
    for (const key of [council, charity]) key?.remove();
  });

  const declined = async (): Promise<string> => {
    const { request } = await ask(scene, scene.council, CASEWORK);
    const reasons = { category: 'reasons', text: 'her safety was considered', to: { [FRONT_DOOR]: 'assesses-referral' } };
    const { answer } = await answerWith(scene, scene.charity, request, { parts: [reasons], manifest: { answers: { categories: [{ category: 'health', answer: 'refused' }], reasons: ['not-necessary'], safetyConsidered: true } } });
    expect(answer.status).toBe(202);
    return request;
  };

  test('WIR RQ-09: a refusal stands on the statutory partners’ list; one opens it, says why, and states in the browser whether it was right; the duty ends, and it is on record who looked', async () => {
    const request = await declined();
    const seat = await at(scene.world, 'mc-040', request, STATUTORY);
    await seat.page.getByRole('link', { name: 'Your duties' }).click();
    await seat.page.locator(`a[href="/refusals/${request}"]`).click();
    expect(await seat.text()).toMatch(/Refused[^]*To look at[^]*Kingfisher Family Support[^]*Health: refused[^]*whether the refusal was right/);
    expect(await seat.text()).not.toContain('her safety was considered');
    expect(await violations(seat.page)).toEqual([]);
    await inReader(seat, council);
    expect(await violations(seat.page)).toEqual([]);
    await seat.page.locator('#say-reviewed').click();
    await seat.page.locator('#status', { hasText: 'Choose what you say first' }).waitFor();
    await seat.page.locator('#outcome-reviewed').selectOption('not-upheld');
    await seat.page.locator('#say-reviewed').click();
    expect(await said(seat)).toContain('The request is refused.');
    expect((await thread(scene.council, request)).statements.map(({ kind }) => kind)).toEqual(['reviewed']);
    await seat.page.getByText('Back to the console').click();
    expect(await seat.text()).toMatch(/merebrook-council, statutory safeguarding partner, looked at the refusal[^]*the refusal was not right/);
    expect(await scene.sql(`select closed_because from waybill.duty where kind = 'review-refusal' and request = $1`, [request])).toEqual([{ closed_because: 'reviewed' }]);
    expect((await scene.entries('merebrook-council', { kind: 'item-viewed' })).filter((entry) => entry['request'] === request)).toContainEqual(expect.objectContaining({ by: 'mc-040', role: 'statutory-partner', reason: 'statutory-function' }));
    await seat.close();
  });

  test('WIR RQ-12: a point of contact opens a dispute in the browser; the other’s has it on its list, and ends it with a solution', async () => {
    const request = await declined();
    const ours = await at(scene.world, 'mc-031', request, STATUTORY);
    await inReader(ours, council);
    await ours.page.locator('#say-disputed').click();
    await said(ours);
    await ours.close();
    const theirs = await at(scene.world, 'kf-002', request, STATUTORY);
    expect(await theirs.text()).toMatch(/Disputed[^]*merebrook-council, single point of contact, disagrees/);
    await inReader(theirs, charity);
    await theirs.page.locator('#outcome-settled').selectOption('agreed');
    await theirs.page.locator('#say-settled').click();
    await said(theirs);
    expect((await thread(scene.council, request)).statements.map(({ kind, agency }) => [kind, agency])).toEqual([['disputed', 'merebrook-council'], ['settled', 'kingfisher-families']]);
    await theirs.close();
  });

  test('WIR DS-03: a point of contact of whoever refused says in the browser on which day the reasons were talked over, and not without one; the duty ends, and whoever asked sees it', async () => {
    const request = await declined();
    const theirs = await at(scene.world, 'kf-002', request, STATUTORY);
    expect(await theirs.text()).toMatch(/To talk over[^]*that the reasons were talked over with whoever asked/);
    await inReader(theirs, charity);
    await theirs.page.locator('#say-discussed').click();
    await theirs.page.locator('#status', { hasText: 'Give the day on which it was talked over' }).waitFor();
    expect(await violations(theirs.page)).toEqual([]);
    await theirs.page.locator('#on').fill(scene.world.clock.now().toISOString().slice(0, 10));
    await theirs.page.locator('#say-discussed').click();
    await said(theirs);
    await theirs.close();
    expect(await scene.sql(`select closed_because from waybill.duty where kind = 'discuss-refusal' and request = $1`, [request])).toEqual([{ closed_because: 'discussed' }]);
    const ours = await at(scene.world, 'mc-031', request, STATUTORY);
    expect(await ours.text()).toMatch(/kingfisher-families, single point of contact, talked the reasons over with whoever asked/);
    await ours.close();
  });

  test('WIR RQ-02: how long what the front door asked has been open stands on a page and in a table, for each whom it asked: counts, and nothing of anybody', async () => {
    const { request } = await ask(scene, scene.council, CASEWORK);
    scene.world.clock.advance(26 * 3_600_000);
    const seat = await Seat.at(browser, scene.world, { javaScriptEnabled: false });
    await seat.signIn('mc-041');
    await seat.page.getByRole('link', { name: 'What we asked' }).click();
    expect(await seat.page.getByRole('row').nth(1).innerText()).toMatch(/Kingfisher Family Support\s+Front door asks\s+1\s+\d\s+0\s+1\s+0\s+0\s+1 day/);
    expect(await seat.text()).not.toMatch(/WQ-2041|R-[0-9A-F]{8}/);
    expect((await scene.council.get('/v1/requests/ageing')).json).toMatchObject({ items: [{ holder: 'kingfisher-families', lane: 'priority', open: 1, withinThreeDays: 1, oldestHours: 26 }] });
    expect((await scene.charity.get('/v1/requests/ageing')).json).toMatchObject({ items: [] });
    expect((await thread(scene.council, request)).state).toBe('asked');
    const [download] = await Promise.all([seat.page.waitForEvent('download'), seat.page.getByRole('link', { name: 'As a table for a spreadsheet' }).click()]);
    expect(download.suggestedFilename()).toBe('ageing.csv');
    const table = readFileSync(await download.path(), 'utf8');
    expect(table).toMatch(/^Asked,Name,Lane,Open,[^\r]*"Oldest, in hours"\r\nkingfisher-families,Kingfisher Family Support,priority,1,\d,0,1,0,0,26\r\n$/);
    expect(table).not.toMatch(/WQ-2041|[0-9a-f]{8}-[0-9a-f]{4}/);
    await seat.close();
  });

  test('WIR RQ-12: a co-ordinator sees which points of contact disagree, since when and whom of each to ring, and nothing of what about; once one of them states that it has ended it is off the list', async () => {
    await scene.sql(`update waybill.contact set posts = posts || '{business-manager}' where agency = 'merebrook-council' and id = 'information-governance'`);
    const request = await declined();
    expect((await stateOf(scene.world, scene.council, request, 'disputed')).status).toBe(200);
    scene.world.clock.advance(26 * 3_600_000);
    const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
    await seat.signIn('mc-042');
    await seat.page.getByRole('link', { name: 'Your duties' }).click();
    await seat.page.locator('main a[href="/disputes"]').first().click();
    expect(await seat.heading()).toBe('Disputes');
    expect(await seat.page.locator('.wb-item', { hasText: referenceOf(request) }).innerText()).toMatch(/Merebrook Council and Kingfisher Family Support[^]*days left[^]*Open for 1 day, since[^]*Merebrook Council: [^]*Information governance on \+441514960102[^]*Kingfisher Family Support: [^]*Manager on \+441514960302/);
    expect(await seat.text()).not.toMatch(/WQ-2041|health|needed|enquiry/i);
    expect(await violations(seat.page)).toEqual([]);
    expect(await seat.go(`/refusals/${request}`)).toBe(403);
    expect((await stateOf(scene.world, scene.charity, request, 'settled', { outcome: 'agreed' })).status).toBe(200);
    await seat.go('/disputes');
    expect(await seat.text()).not.toContain(referenceOf(request));
    expect(await scene.sql(`select owner, closed_because from waybill.duty where kind = 'watch-dispute' and request = $1`, [request])).toEqual([{ owner: 'merebrook-council', closed_because: 'settled' }]);
    await seat.close();
  });
});

describe('Worcestershire: by stages, each between two of the same standing', () => {
  const [TRUST, CHILDREN, PARTNERSHIP] = ['health-and-care-trust', 'worcestershire-children-first', 'worcestershire-partnership'] as const;
  const STAFF: Person[] = [{ agency: TRUST, staff: 'tr-031', name: 'Ewa Łuczak', roles: ['single-point-of-contact'], contacts: [] }];
  const WORK = 'I need to know it for my work';
  let example: Example;
  let key: TeamKey;
  beforeAll(async () => {
    example = await Example.open('worcestershire', { console: { people: STAFF, reader: reader.origin } });
    key = await teamKey(example.world, example.world.partner(TRUST));
    await readTheStatement(example.world, STAFF);
  });
  afterAll(async () => {
    await example?.close();
    key?.remove();
  });

  test('WOR RQ-11: a point of contact takes a refusal through the stages in the browser; none is skipped, each page says between whom it is, and at the fourth the partnership decides', async () => {
    const { request } = await example.ask({ '/manifest/asks': { type: 'enquiry', categories: [{ category: 'health', needToKnow: 'protects-from-harm' }] }, '/lines/1/category': 'question', '/lines/2': null }, CHILDREN);
    const TO_TRUST = { agency: TRUST, contact: 'safeguarding-nurses' };
    await example.send({
      '/sender': CHILDREN, '/manifest/sender': { agency: CHILDREN, contact: 'family-front-door', role: 'social-worker' }, '/manifest/threads': { request }, '/manifest/answers': { categories: [{ category: 'health', answer: 'refused' }], reasons: ['not-necessary'], safetyConsidered: true },
      '/lines/0/recipient': TO_TRUST, '/lines/1/recipient': TO_TRUST, '/lines/1/category': 'reasons', '/lines/3/recipient': TO_TRUST, '/lines/4/recipient': { agency: CHILDREN, contact: 'family-front-door' }, '/lines/4/decider': 'family-front-door', '/lines/4/role': 'social-worker', '/lines/2': null,
    });
    const escalate = async (seat: Seat, stage: number): Promise<void> => {
      await seat.page.locator('#reason-escalated').selectOption('reasons-do-not-hold');
      await seat.page.locator('#stage').selectOption(String(stage));
      await seat.page.locator('#say-escalated').click();
    };
    const first = await at(example.world, 'tr-031', request, WORK);
    await inReader(first, key);
    await escalate(first, 2);
    await first.page.locator('#status', { hasText: /stage/i }).waitFor();
    expect((await thread(example.world.partner(TRUST), request)).statements).toEqual([]);
    await first.close();

    for (const [stage, between] of [[1, 'practitioner'], [2, 'line manager'], [3, 'designated safeguarding lead']] as const) {
      const seat = await at(example.world, 'tr-031', request, WORK);
      await inReader(seat, key);
      await escalate(seat, stage);
      await said(seat);
      await seat.page.getByText('Back to the console').click();
      expect(await seat.text()).toMatch(new RegExp(`Escalated[^]*Stage ${stage}\\.[^]*At this stage it is between the two sides: ${between}`));
      expect(await violations(seat.page)).toEqual([]);
      expect((await thread(example.world.partner(TRUST), request)).deciders).toEqual([]);
      await seat.close();
    }
    const last = await at(example.world, 'tr-031', request, WORK);
    await inReader(last, key);
    await escalate(last, 4);
    await said(last);
    await last.page.getByText('Back to the console').click();
    expect(await last.text()).toMatch(/Who decides[^]*Stage 4\.[^]*One of those who decide is enough for it to be shared/);
    expect((await thread(example.world.partner(PARTNERSHIP), request)).deciders).toEqual([PARTNERSHIP]);
    await last.close();
  });
});

describe('Solihull: at pace, before the three who decide', () => {
  const [COUNCIL, POLICE, ICB] = ['solihull-council', 'west-midlands-police', 'birmingham-and-solihull-icb'] as const;
  const STAFF: Person[] = [
    { agency: COUNCIL, staff: 'so-040', name: 'Ruth Alderney', roles: ['statutory-partner'], contacts: [] },
    { agency: ICB, staff: 'ic-040', name: 'Siân Ŵynne', roles: ['statutory-partner'], contacts: [] },
    { agency: POLICE, staff: 'wm-040', name: 'Daniel Okafor', roles: ['statutory-partner'], contacts: [] },
  ];
  const WORK = 'I need to know it for my work';
  let example: Example;
  const keys = new Map<string, TeamKey>();
  beforeAll(async () => {
    example = await Example.open('solihull', { console: { people: STAFF, reader: reader.origin } });
    for (const agency of [COUNCIL, ICB]) keys.set(agency, await teamKey(example.world, example.world.partner(agency)));
    await readTheStatement(example.world, STAFF);
  });
  afterAll(async () => {
    await example?.close();
    for (const key of keys.values()) key.remove();
  });

  test('SOL RQ-10: the page of those who decide shows clock, rule, whose interest it is and whom to ring now; a view by telephone is entered when it was read back; a majority to share releases the request', async () => {
    const TO_COUNCIL = { agency: COUNCIL, contact: 'childrens-team' };
    const { request } = await example.ask({ '/manifest/asks': { type: 'enquiry', categories: [{ category: 'health', needToKnow: 'protects-from-harm' }] }, '/lines/1/category': 'question', '/lines/2': null }, POLICE);
    await example.send({
      '/sender': POLICE, '/manifest/sender': { agency: POLICE, contact: 'public-protection', role: 'police-officer' }, '/manifest/legalGateway': 'common-law-policing', '/manifest/threads': { request }, '/lines/0/recipient': TO_COUNCIL, '/lines/1/recipient': TO_COUNCIL, '/lines/3/recipient': TO_COUNCIL,
      '/lines/4/recipient': { agency: POLICE, contact: 'public-protection' }, '/lines/4/decider': 'public-protection', '/lines/4/role': 'police-officer', '/lines/2': null, '/lines/1/category': 'reasons', '/manifest/answers': { categories: [{ category: 'health', answer: 'refused' }], reasons: ['prejudices-investigation'], safetyConsidered: true },
    });
    expect((await stateOf(example.world, example.world.partner(COUNCIL), request, 'escalated', { reason: 'child-not-safe', necessaryForSafety: true })).status).toBe(200);

    const seat = await at(example.world, 'ic-040', request, WORK);
    expect(await seat.text()).toMatch(/To decide[^]*without it a child may not be safe[^]*necessary for somebody’s safety[^]*It is shared when 2 of 3 say so\.[^]*1 hour left/);
    expect(await seat.page.locator('.wb-item', { hasText: 'West Midlands' }).innerText()).toMatch(/Not said yet[^]*It is the one that refused[^]*Can be reached now/);
    expect(await violations(seat.page)).toEqual([]);
    await inReader(seat, keys.get(ICB) as TeamKey);
    const [council] = await seat.page.locator('#whose option').allInnerTexts().then((all) => all.filter((each) => each.includes(COUNCIL)));
    expect(council).toContain('told to us by telephone');
    await seat.page.locator('#outcome-viewed').selectOption('share');
    await seat.page.locator('#whose').selectOption({ label: council as string });
    await seat.page.locator('#say-viewed').click();
    await seat.page.locator('#status', { hasText: 'Read it back' }).waitFor();
    expect((await thread(example.world.partner(COUNCIL), request)).statements.map(({ kind }) => kind)).toEqual(['escalated']);
    await seat.page.locator('#read-back').check();
    await seat.page.locator('#say-viewed').click();
    expect(await said(seat)).toContain('The request is refused.');
    await seat.close();

    const again = await at(example.world, 'ic-040', request, WORK);
    expect(await again.text()).toMatch(/Share[^]*by telephone, entered by birmingham-and-solihull-icb and read back/);
    await inReader(again, keys.get(ICB) as TeamKey);
    await again.page.locator('#outcome-viewed').selectOption('share');
    await again.page.locator('#say-viewed').click();
    expect(await said(again)).toContain('The request is to be answered.');
    expect(await thread(example.world.partner(COUNCIL), request)).toMatchObject({ state: 'asked' });
    const views = (await example.entriesOf('birmingham-and-solihull-icb', request)).filter(({ kind }) => kind === 'request-viewed');
    expect(views.map(({ by, of, telephone }) => [by, of, telephone])).toEqual([[ICB, COUNCIL, true], [ICB, ICB, undefined]]);
    await again.close();
  });
});
