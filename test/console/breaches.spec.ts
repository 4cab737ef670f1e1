import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { DAY, HOUR } from '#platform/clock';
import { FRONT_DOOR, REFERRAL, Scene, transferTo } from '../journeys/referral';
import { PEOPLE } from '../../apps/standalone/staff';
import { violations } from '../world/axe';
import { reportBreach, stateBreach, stated } from '../world/breaches';
import { openBrowser, Seat } from '../world/browser';
import { takenIn } from '../world/matters';
import { eventually, openWorld } from '../world/partnership';

// What a data protection officer sees of data breaches: hours left, who was told and whether it was read, what comes when, figures. Codes and times; no word of what happened.

const referenceOf = (breach: string): string => `B-${breach.slice(-8).toUpperCase()}`;

let browser: Browser;
let scene: Scene;
/** The school shared something with the front door that was for somebody else, and reports it. */
let breach: string;
beforeAll(async () => {
  browser = await openBrowser();
  scene = new Scene(await openWorld({ console: { people: PEOPLE, reader: 'https://reader.example' } }));
  for (const { agency, staff } of PEOPLE) await scene.sql('insert into waybill.staff_statement (agency, staff, at) values ($1, $2, $3)', [agency, staff, scene.world.clock.now()]);
  const { share, receipt } = await scene.send({ parts: [{ category: 'names', text: 'Wilhelmina Quillfeather', to: { [FRONT_DOOR]: 'assesses-referral' } }] });
  await scene.arrived(scene.council, share.id);
  expect(transferTo(receipt, FRONT_DOOR)).toBeDefined();
  ({ breach } = await reportBreach(scene.world, scene.school, { harm: 'yes', shares: [share.id], facts: { causes: ['wrong-recipient', 'procedure-not-followed'] } }));
});
afterAll(async () => {
  await browser?.close();
  await scene?.world.close();
});

const officer = async (options = {}): Promise<Seat> => {
  const seat = await Seat.at(browser, scene.world, options);
  await seat.signIn('mc-030', { factor: 'two' });
  return seat;
};
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
  const nearly = await reportBreach(scene.world, scene.council, { type: 'lost', nearMiss: true });
  expect((await stateBreach(scene.world, scene.council, nearly.breach, 'read')).status).toBe(200);
  await stated(scene.world, scene.council, breach, 'reported', { reportedAt: scene.world.clock.now().toISOString(), delay: ['facts-unclear'] });
  const seat = await officer();
  await seat.page.getByRole('link', { name: 'Breaches in figures' }).click();
  const rowsOf = (title: string): Promise<string[]> => seat.page.getByRole('region', { name: `${title}, table` }).getByRole('row').allInnerTexts();
  const told = async (title: string): Promise<Record<string, string>> => Object.fromEntries((await rowsOf(title)).slice(1).map((row) => row.trim().split(/\t/)).map(([says = '', ...figures]) => [says, figures.map((each) => each.trim()).filter(Boolean).join(' ')]));
  expect(await told('Breaches by kind')).toEqual({ 'Information was lost': '1 1', 'Information went to somebody who should not have it': '1 1' });
  expect(await told('Breaches by cause')).toEqual({ 'It was addressed to the wrong recipient': '1', 'A procedure was not followed': '1' });
  expect(await told('From the report to the first notice')).toMatchObject({ 'Up to a minute': '1' });
  expect(await told('From awareness to the regulator')).toEqual({ 'Up to a day': '0', 'Up to two days': '0', 'Up to 72 hours': '0', Longer: '1', 'Not told': '0' });
  expect(Object.keys(await told('What is still due')).length).toBeGreaterThan(0);
  const [file] = await Promise.all([seat.page.waitForEvent('download'), seat.page.getByRole('link', { name: 'Breaches by kind, as a table for a spreadsheet' }).click()]);
  expect(file.suggestedFilename()).toBe('breaches-kinds.csv');
  const stream = await file.createReadStream();
  const octets: Buffer[] = [];
  for await (const chunk of stream) octets.push(chunk as Buffer);
  expect(Buffer.concat(octets).toString().split('\r\n')).toEqual(['Kind,Cases,Still open', 'information was lost,1,1', 'information went to somebody who should not have it,1,1', '']);
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
