import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { DAY, HOUR, MINUTE } from '#platform/clock';
import { FRONT_DOOR, REFERRAL, type Scene, transferTo } from '../journeys/referral';
import { PEOPLE } from '../../apps/standalone/staff';
import { violations } from '../world/axe';
import { breachCase, dutiesOfCase, reportBreach, stated } from '../world/breaches';
import { Seat } from '../world/browser';
import { takenIn } from '../world/matters';
import { textOfPages } from '../world/pdf-text';
import { eventually } from '../world/partnership';
import { openReadingDesk, type ReadingDesk } from './reading-desk';

// What a data protection officer sees of data breaches: hours left, who was told and whether it was read, what comes when, figures. Codes and times; no word of what happened.

const referenceOf = (breach: string): string => `B-${breach.slice(-8).toUpperCase()}`;

let desk: ReadingDesk;
let browser: Browser;
let scene: Scene;
/** The school shared something with the front door that was for somebody else, and reports it. */
let breach: string;
beforeAll(async () => {
  desk = await openReadingDesk({ agency: 'merebrook-council', staff: PEOPLE.filter(({ agency }) => agency === 'merebrook-council').map(({ staff }) => staff) });
  ({ scene, browser } = desk);
  const { share, receipt } = await scene.send({ parts: [{ category: 'names', text: 'Wilhelmina Quillfeather', to: { [FRONT_DOOR]: 'assesses-referral' } }] });
  await scene.arrived(scene.council, share.id);
  expect(transferTo(receipt, FRONT_DOOR)).toBeDefined();
  ({ breach } = await reportBreach(scene.world, scene.school, { harm: 'yes', shares: [share.id], facts: { causes: ['wrong-recipient', 'procedure-not-followed'] } }));
});
afterAll(() => desk?.close());

const officer = async (options = {}): Promise<Seat> => {
  const seat = await Seat.at(browser, scene.world, options);
  await seat.signIn('mc-030', { factor: 'two' });
  return seat;
};
const toTheBoard = async (seat: Seat): Promise<unknown> => seat.page.getByRole('link', { name: 'Data breaches' }).click();
/** The case that the officer reported. */
let composedOf: string;
const toTheCase = async (seat: Seat): Promise<void> => {
  await seat.page.getByRole('link', { name: 'Data breaches' }).click();
  await seat.page.getByRole('link', { name: new RegExp(`^Breach ${referenceOf(breach)}`) }).click();
};

test('the case is on the board with what it is and what is due; on its page stands whom to ring, who was told when and by which rule, and not a word of what happened', async () => {
  const seat = await officer({ bypassCSP: true });
  await seat.page.getByRole('link', { name: 'Data breaches' }).click();
  expect(await seat.text()).toMatch(new RegExp(`Breach ${referenceOf(breach)}: information went to somebody who should not have it[^]*Open[^]*Somebody could come to harm[^]*Reported by st-brigid-primary under wirral[^]*What comes when`));
  await toTheCase(seat);
  const text = await seat.text();
  expect(text).toMatch(/ring 999/);
  expect(text).toMatch(/merebrook-council[^]*was told[^]*Not read yet/);
  expect(text).toMatch(/What was stated, signed[^]*st-brigid-primary, practitioner, reported it/);
  expect(text).toMatch(/What the agreement says of it[^]*§/);
  expect(text).not.toContain('Quillfeather');
  expect(await violations(seat.page)).toEqual([]);
  await seat.close();
});

/** Fills in what a step of the report asks, by the ids of its fields, and goes on. */
async function step(seat: Seat, title: string, fill: (page: Seat['page']) => Promise<unknown>): Promise<void> {
  await seat.page.getByRole('heading', { name: title }).waitFor();
  await fill(seat.page);
  expect(await violations(seat.page)).toEqual([]);
  const on = seat.page.locator('.step:not([hidden]) .go-on');
  if (await on.count()) await on.click();
}
/** What lies sealed in the browser. */
const kept = (seat: Seat): Promise<string> => seat.page.evaluate(() => new Promise<string>((resolve) => {
  const asked = (globalThis as unknown as { indexedDB: { open(name: string): { onsuccess: () => void; result: { transaction(name: string): { objectStore(name: string): { getAll(): { onsuccess: () => void; result: { sealed: Uint8Array; at: number }[] } } } } } } }).indexedDB.open('waybill-reader');
  asked.onsuccess = () => {
    const all = asked.result.transaction('drafts').objectStore('drafts').getAll();
    all.onsuccess = () => resolve(all.result.map(({ sealed }) => String.fromCharCode(...sealed)).join());
  };
}));
/** As a field for a date and a time has it, in London. */
const wall = (at: Date): string => at.toLocaleString('sv-SE', { timeZone: 'Europe/London' }).slice(0, 16).replace(' ', 'T');

test('a data protection officer reports a wrong recipient: asked first is whether anyone could come to harm, and police and front door have it before any other field; then step by step in the order of the regulator’s form, kept sealed as it goes; what is signed is codes, and each who must be told is', async () => {
  const own = await scene.council.compose({ parts: [{ category: 'names', text: 'Wilhelmina Quillfeather', to: { 'st-brigid-primary/safeguarding-lead': 'works-with-person' } }] }, scene.certificates);
  expect((await scene.council.submit(own)).status).toBe(202);
  await scene.arrived(scene.school, own.id);
  const seat = await officer({ bypassCSP: true });
  await seat.page.getByRole('link', { name: 'Data breaches' }).click();
  await seat.page.getByRole('button', { name: 'Report a data breach' }).click();
  expect(await seat.text()).toMatch(/ring 999 now[^]*\+44/);
  await seat.page.getByRole('button', { name: 'Go on' }).click();
  expect(await seat.text()).toContain('Say whether anyone could come to harm');
  expect(await violations(seat.page)).toEqual([]);
  await seat.page.getByLabel('Yes, somebody could').check();
  await seat.page.getByRole('button', { name: 'Go on' }).click();
  await desk.key.unlock(seat.page);
  await seat.page.locator('#ring').waitFor();
  const [{ id = '' } = {}] = await scene.sql<{ id: string }>(`select id from waybill.breach where type = 'not-yet-known'`);
  const first = await breachCase(scene.council, id);
  expect(first.notices.map(({ wave }) => wave)).toEqual(expect.arrayContaining(['safety']));
  expect((await dutiesOfCase(scene.world, id, 'protect-person')).every(({ lane, open }) => lane === 'emergency' && open)).toBe(true);
  expect(await seat.page.locator('#ring').innerText()).toMatch(/ring 999[^]*\+44/);

  await step(seat, 'What happened', async (page) => {
    await page.locator('#report-type').selectOption('wrongly-disclosed');
    await page.locator('#report-facts-causes-wrong-recipient').check();
  });
  await step(seat, 'How it was found', (page) => page.locator('#report-foundBy').selectOption('own-staff'));
  await step(seat, 'When', async (page) => {
    for (const field of ['foundAt', 'awareAt']) await page.locator(`#report-${field}`).fill(wall(new Date(scene.world.clock.now().getTime() - 5 * MINUTE)));
  });
  await step(seat, 'Which data', async (page) => {
    await page.locator('#report-facts-data-location').check();
    await page.locator('#report-facts-people').fill('two');
    await page.locator('#report-facts-subjects-children').check();
  });
  await step(seat, 'What may come of it', (page) => page.locator('#report-facts-highRisk').selectOption('yes'));
  await step(seat, 'What was done', (page) => page.locator('#report-facts-taken-recalled').check());
  await step(seat, 'Whose information', async (page) => {
    await page.locator(`#report-shares-${own.id}`).check();
    await page.locator('#report-recipients-kingfisher-families').check();
  });
  await step(seat, 'In words', () => Promise.resolve());
  await seat.page.locator('#send-report').click();
  await seat.page.locator('#status', { hasText: 'write it like 120' }).waitFor();
  const before = await kept(seat);
  await seat.page.locator('#account').fill('Wilhelmina’s address went to a neighbour.');
  await eventually(async () => (await kept(seat)) !== before);
  expect((await breachCase(scene.council, id)).statements.map(({ kind }) => kind)).toEqual(['report']);

  // Somebody else is rung meanwhile: what was filled in is there again.
  await seat.go(`/breaches/${id}`);
  await seat.page.getByRole('button', { name: 'State something of it' }).click();
  await desk.key.unlock(seat.page);
  await seat.page.locator('#reporting').waitFor();
  expect([await seat.page.locator('#report-type').inputValue(), await seat.page.locator(`#report-shares-${own.id}`).isChecked(), await seat.page.locator('#account').inputValue()]).toEqual(['wrongly-disclosed', true, 'Wilhelmina’s address went to a neighbour.']);
  for (let i = 1; i <= 7; i++) {
    if (i === 4) await seat.page.locator('#report-facts-people').fill('2');
    await seat.page.locator('.step:not([hidden]) .go-on').click();
  }
  await seat.page.locator('#send-report').click();
  await seat.page.locator('#reported').waitFor();
  const told = await breachCase(scene.council, id);
  expect([told.type, told.shares, told.parties.map(({ agency, parts }) => [agency, parts.filter((part) => ['reporter', 'owner', 'recipient', 'occurred'].includes(part)).sort()])]).toEqual(['wrongly-disclosed', [own.id], expect.arrayContaining([['merebrook-council', ['occurred', 'owner', 'reporter']], ['st-brigid-primary', ['recipient']], ['kingfisher-families', ['recipient']]])]);
  const phase = JSON.parse(Buffer.from(told.statements.at(-1)?.statement ?? '', 'base64').toString()) as Record<string, unknown>;
  expect(phase).toMatchObject({ kind: 'phase', role: 'data-protection-officer', facts: { causes: ['wrong-recipient'], data: ['location'], people: 2, subjects: ['children'], highRisk: 'yes', taken: ['recalled'] } });
  const { rows: [found] } = await scene.world.db.owner.query<{ found: boolean }>(`select exists (select from waybill.breach_statement where position('neighbour' in encode(octets, 'escape')) > 0) or exists (select from waybill.entry where position('neighbour' in encode(octets, 'escape')) > 0) as found`);
  expect(found?.found).toBe(false);

  composedOf = id;
  await seat.page.getByRole('link', { name: 'Back to the console' }).click();
  await toTheBoard(seat);
  expect(await seat.text()).toMatch(new RegExp(`Breach ${referenceOf(id)}: information went to somebody who should not have it[^]*Somebody could come to harm[^]*Reported by merebrook-council`));
  // The words were on no server: in this browser they are there again for the report to the regulator.
  await seat.go(`/breaches/${id}`);
  await seat.page.getByRole('button', { name: 'State something of it' }).click();
  await desk.key.unlock(seat.page);
  expect(await seat.page.locator('#regulator-account').inputValue()).toContain('went to a neighbour');
  await seat.close();
});

test('one that nearly happened, and harms nobody, is reported in one go; a report that was begun is gone on with, or thrown away; without JavaScript each page says what to do instead', async () => {
  const seat = await officer({ bypassCSP: true });
  const begin = async (): Promise<void> => {
    await seat.go('/breach-report?share=01890a5d-ac96-774b-bcce-b302099a8057');
    await seat.page.getByLabel('No, nobody could').check();
    await seat.page.getByLabel('It nearly happened').check();
    await seat.page.getByRole('button', { name: 'Go on' }).click();
    await desk.key.unlock(seat.page);
  };
  await begin();
  await seat.page.locator('#report-type').selectOption('lost');
  await seat.page.locator('#kept-draft', { hasText: 'Kept in this browser, sealed' }).waitFor();
  await begin();
  await seat.page.getByRole('button', { name: /^Go on: report of a data breach, last written/ }).waitFor();
  expect(await violations(seat.page)).toEqual([]);
  await seat.page.getByRole('button', { name: /^Go on: report of a data breach/ }).click();
  expect(await seat.page.locator('#report-type').inputValue()).toBe('lost');
  // The share from whose page somebody came is named already.
  expect(await seat.page.locator('#report-otherShares').inputValue()).toBe('01890a5d-ac96-774b-bcce-b302099a8057');
  await seat.page.locator('#report-otherShares').evaluate((input) => void ((input as unknown as { value: string }).value = ''));
  const on = () => seat.page.locator('.step:not([hidden]) .go-on').click();
  await on();
  await seat.page.locator('#report-facts-cyber').selectOption('yes');
  await seat.page.locator('#report-foundBy').selectOption('audit');
  await on();
  for (const field of ['foundAt', 'awareAt']) await seat.page.locator(`#report-${field}`).fill(wall(scene.world.clock.now()));
  for (let i = 0; i < 3; i++) await on();
  // Of a cyber incident alone more is asked.
  await seat.page.locator('#report-facts-impact').selectOption('low');
  for (let i = 0; i < 2; i++) await on();
  await seat.page.locator('#send-report').click();
  await seat.page.locator('#reported').waitFor();
  const [{ id = '' } = {}] = await scene.sql<{ id: string }>('select id from waybill.breach where near_miss');
  const told = await breachCase(scene.council, id);
  const report = JSON.parse(Buffer.from(told.statements[0]?.statement ?? '', 'base64').toString()) as Record<string, unknown>;
  expect([told.type, told.nearMiss, told.harm, report]).toEqual(['lost', true, 'no', expect.objectContaining({ format: 'waybill-breach-report/1', foundBy: 'audit', facts: { cyber: 'yes', impact: 'low' }, shares: [], role: 'data-protection-officer' })]);
  await begin();
  await seat.page.locator('#report-type').waitFor();
  expect(await seat.page.getByRole('button', { name: /^Go on: report/ }).count()).toBe(0);
  await seat.close();

  const plain = await officer({ javaScriptEnabled: false });
  await plain.go('/breach-report');
  expect(await plain.text()).toMatch(/It needs JavaScript[^]*waybill breach report/);
  await plain.page.getByLabel('No, nobody could').check();
  await plain.page.getByRole('button', { name: 'Go on' }).click();
  expect(await plain.text()).toMatch(/need JavaScript[^]*waybill breach[^]*ring 999 first/);
  await plain.close();
});

test('of a case somebody states in the browser what its part lets it, from one form; what is refused says why; the report to the regulator is composed there, of its own record and its own words, and printed with a marking on each page and nothing of another controller’s', async () => {
  const id = composedOf;
  await stated(scene.world, scene.school, id, 'finding', { facts: { causes: ['misconfiguration'] } });
  const seat = await officer({ bypassCSP: true });
  await seat.go(`/breaches/${id}`);
  await seat.page.getByRole('button', { name: 'State something of it' }).click();
  await desk.key.unlock(seat.page);
  await seat.page.locator('#stating').waitFor();
  const kinds = await seat.page.locator('#kind option').evaluateAll((all) => all.map((each) => (each as unknown as { value: string }).value));
  expect(kinds).toEqual(expect.arrayContaining(['assessed', 'threshold', 'subjects', 'finding', 'outcome']));
  for (const never of ['acknowledged', 'protected']) expect(kinds).not.toContain(never);
  // Axe has nothing against any kind of field.
  for (const kind of ['phase', 'subjects', 'reported']) await seat.page.locator('#kind').selectOption(kind).then(async () => expect([kind, await violations(seat.page)]).toEqual([kind, []]));

  const state = async (kind: string, fill: (page: Seat['page']) => Promise<unknown>): Promise<void> => {
    await seat.page.locator('#kind').selectOption(kind);
    await fill(seat.page);
    await seat.page.locator('#state').click();
  };
  await state('threshold', async (page) => {
    await page.locator('#state-outcome').selectOption('notify');
    await page.locator('#state-risk').selectOption('high-risk');
    await page.locator('#state-agreementMet').selectOption('yes');
  });
  await seat.page.locator('#status', { hasText: 'Say this first: Reasons' }).waitFor();
  await seat.page.locator('#state-reasons-child-could-be-found').check();
  await seat.page.locator('#state').click();
  await seat.page.locator('#status', { hasText: 'On record, signed' }).waitFor();
  await state('assessed', async (page) => {
    await page.locator('#state-severity').selectOption('4');
    await page.locator('#state-likelihood').selectOption('4');
    await page.locator('#state-reasons-child-could-be-found').check();
  });
  await seat.page.locator('#statements', { hasText: 'assessed' }).waitFor();
  await state('outcome', async (page) => {
    await page.locator('#state-outcome').selectOption('closed');
    await page.locator('#state-reasons-all-done').check();
  });
  await seat.page.locator('#status', { hasText: 'no case ends before it is stated what was done' }).waitFor();
  const saidNow = (await breachCase(scene.council, id)).statements.filter(({ agency }) => agency === 'merebrook-council').map(({ kind, statement }) => [kind, JSON.parse(Buffer.from(statement, 'base64').toString()) as object] as const);
  expect(saidNow.slice(2)).toEqual([['threshold', expect.objectContaining({ outcome: 'notify', risk: 'high-risk', agreementMet: true, reasons: ['child-could-be-found'], role: 'data-protection-officer' })], ['assessed', expect.objectContaining({ severity: 4, likelihood: 4 })]]);

  await seat.page.locator('#regulator-account').fill(`An address went to a neighbour.${' It was told at once.'.repeat(400)}`);
  await seat.page.locator('#regulator-contact').fill('Data protection officer, 01632 960907');
  await seat.page.locator('#compose').click();
  await seat.page.locator('#report table').waitFor();
  expect(await violations(seat.page)).toEqual([]);
  const pages = textOfPages(await seat.page.pdf({ format: 'A4' }));
  expect(pages.length).toBeGreaterThan(1);
  for (const page of pages) expect(page).toMatch(new RegExp(`OFFICIAL-SENSITIVE.*${referenceOf(id)}.*SiânŴynne`));
  const text = pages.join('');
  expect(text).toMatch(/Reportofapersonaldatabreach.*Reasonforreportmeetsthethreshold:theriskishigh;achildcouldbefoundbyit.*Anaddresswenttoaneighbour.*Peoplewhocouldbeaffected,atmost2.*01632960907/);
  // What the school found is the school's; what the page has besides is on no paper.
  expect(text).not.toMatch(/setupwrongly|Statesomethingofit|Stateit,signed/);
  await seat.close();
});

test('from when the council states that it read it its own 72 hours stand on the page, and go down; who read it when stands there too; the duty that follows leads there; what is late is said', async () => {
  await stated(scene.world, scene.council, breach, 'read');
  const seat = await officer({ javaScriptEnabled: false });
  await toTheCase(seat);
  expect(await seat.text()).toMatch(/Your own time\s+In time 71 whole hours left to tell the regulator[^]*merebrook-council[^]*was told[^]*Read /);
  await seat.page.getByRole('link', { name: 'Your duties' }).click();
  await seat.page.locator(`a[href="/breaches/${breach}"]`).first().click();
  expect(await seat.page.title()).toContain(referenceOf(breach));
  await seat.close();
  scene.world.clock.advance(50 * HOUR);
  const later = await officer();
  await toTheCase(later);
  expect(await later.text()).toMatch(/Your own time\s+Due soon 2[01] whole hours left/);
  await later.close();
  scene.world.clock.advance(DAY);
  const late = await officer();
  await late.page.getByRole('link', { name: 'Data breaches' }).click();
  expect(await late.text()).toMatch(/Late[^]*The time to tell the regulator is over: give the reasons with the report/);
  await late.close();
});

test('figures stand as charts, each with its table, and each as a file for a spreadsheet; an exercise is none of them', async () => {
  await reportBreach(scene.world, scene.council, { exercise: true });
  await stated(scene.world, scene.council, breach, 'reported', { reportedAt: scene.world.clock.now().toISOString(), delay: ['facts-unclear'] });
  const seat = await officer();
  await seat.page.getByRole('link', { name: 'Breaches in figures' }).click();
  const rowsOf = (title: string): Promise<string[]> => seat.page.getByRole('region', { name: `${title}, table` }).getByRole('row').allInnerTexts();
  const told = async (title: string): Promise<Record<string, string>> => Object.fromEntries((await rowsOf(title)).slice(1).map((row) => row.trim().split(/\t/)).map(([says = '', ...figures]) => [says, figures.map((each) => each.trim()).filter(Boolean).join(' ')]));
  expect(await told('Breaches by kind')).toEqual({ 'Information was lost': '1 1', 'Information went to somebody who should not have it': '2 2' });
  expect(await told('Breaches by cause')).toEqual({ 'It was addressed to the wrong recipient': '2', 'A procedure was not followed': '1', 'A system was set up wrongly': '1' });
  expect(await told('From the report to the first notice')).toMatchObject({ 'Up to a minute': '2' });
  expect(await told('From awareness to the regulator')).toEqual({ 'Up to a day': '0', 'Up to two days': '0', 'Up to 72 hours': '0', Longer: '1', 'Not told': '1' });
  expect(Object.keys(await told('What is still due')).length).toBeGreaterThan(0);
  const [file] = await Promise.all([seat.page.waitForEvent('download'), seat.page.getByRole('link', { name: 'Breaches by kind, as a table for a spreadsheet' }).click()]);
  expect(file.suggestedFilename()).toBe('breaches-kinds.csv');
  const stream = await file.createReadStream();
  const octets: Buffer[] = [];
  for await (const chunk of stream) octets.push(chunk as Buffer);
  expect(Buffer.concat(octets).toString().split('\r\n')).toEqual(['Kind,Cases,Still open', 'information went to somebody who should not have it,2,2', 'information was lost,1,1', '']);
  await seat.close();
});

test('its officer looks the case up in the register, with a reason that is on record; the browser works out of each entry that it stands there, and finds one that was changed', async () => {
  await eventually(async () => (await scene.sql('select from waybill.pending_leaf')).length === 0);
  const seat = await officer();
  await seat.page.getByRole('link', { name: 'Register', exact: true }).click();
  await seat.page.getByLabel('Share, information request or data breach').fill(breach);
  await seat.page.getByLabel('Why you look').selectOption('data-breach');
  await seat.page.getByRole('button', { name: 'Look' }).click();
  expect(await seat.text()).toMatch(/What is about it[^]*breach-reported[^]*breach-notified/);
  expect(await scene.entries('merebrook-council', {}).then((all) => all.filter(({ kind }) => kind === 'register-read').at(-1))).toMatchObject({ what: 'search', reason: 'data-breach', about: breach, by: 'mc-030', role: 'data-protection-officer' });
  await seat.page.getByRole('link', { name: /breach-reported$/ }).click();
  await seat.page.getByText('Your browser has worked it out: it holds.').waitFor();
  expect(await seat.text()).toMatch(/What happened[^]*wrongly-disclosed/i);
  const file = await (await Promise.all([seat.page.waitForEvent('download'), seat.page.getByRole('link', { name: 'The entry with its proof, as a file' }).click()]))[0].path();
  const inclusion = JSON.parse(readFileSync(file, 'utf8')) as { octets: string };
  expect(JSON.parse(Buffer.from(inclusion.octets, 'base64').toString())).toMatchObject({ kind: 'breach-reported', breach, controller: 'merebrook-council' });

  // Whoever serves another entry, or puts it elsewhere, is found by the browser.
  for (const [what, change] of [['octets', (text: string) => Buffer.from(Buffer.from(text, 'base64').toString().replace('wrongly-disclosed', 'lost')).toString('base64')], ['index', (text: string) => String(Number(text) + 1)]] as const) {
    await seat.page.route('**/register/*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(new RegExp(`(data-${what}=")([^"]*)`), (_, before: string, text: string) => `${before}${change(text)}`) });
    });
    await seat.page.reload();
    await seat.page.getByText('It does NOT hold').waitFor();
    await seat.page.unroute('**/register/*');
  }
  await seat.close();
});

test('without scripts the page of an entry says how it is checked; what is kept stands in its order', async () => {
  const { share, receipt } = await scene.send(REFERRAL);
  await takenIn(scene.council, share, receipt.manifestDigest);
  const seat = await officer({ javaScriptEnabled: false });
  await seat.page.getByRole('link', { name: 'Register', exact: true }).click();
  await seat.page.getByLabel('Why you look').selectOption('audit');
  await seat.page.getByRole('button', { name: 'Look' }).click();
  await seat.page.locator('tbody a').first().click();
  expect(await seat.text()).toMatch(/How it is proven[^]*stands as number[^]*check the file below with waybill verify/);
  await seat.page.getByRole('link', { name: 'What is kept, and until when' }).click();
  expect(await seat.text()).toMatch(/from st-brigid-primary under wirral/);
  await seat.close();
});
