import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { TAKEN_WITHIN_MS } from '#directory/passes';
import type { TransferOpenedUp } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { PEOPLE } from '../../apps/standalone/staff';
import { CANARY, FRONT_DOOR, REFERRAL, type Scene } from '../journeys/referral';
import type { Origin } from '../reader/origins';
import { teamKey, type TeamKey } from '../reader/team-key';
import { violations } from '../world/axe';
import { Seat } from '../world/browser';
import { ask, signedIn } from '../world/console';
import { ABOUT, CHECKLIST, CHOSEN, fill, NEEDS } from '../world/sending';
import { openReadingDesk, type ReadingDesk } from './reading-desk';

// From the first choice to the receipt: codes on pages of the console, words in the reader, where they are sealed and signed. The console never sees one.

let desk: ReadingDesk;
let scene: Scene;
let browser: Browser;
let reader: Origin;
let key: TeamKey;
beforeAll(async () => {
  desk = await openReadingDesk({
    agency: 'st-brigid-primary', staff: ['sb-001'],
    people: [...PEOPLE, { agency: 'merebrook-council', staff: 'mc-050', name: 'Noa Brandt', roles: ['front-door-worker'], contacts: ['front-door'], without: 'training' }],
  });
  ({ scene, browser, reader, key } = desk);
});
afterAll(() => desk?.close());

/** A practitioner of the school who has chosen all there is to choose, and sees the plan. */
async function planned(seat: Seat, { about = {}, needs = {}, basis = NEEDS, what = 'share' }: { about?: Record<string, string | string[]>; needs?: Record<string, string | string[]>; basis?: Readonly<Record<string, string>>; what?: 'share' | 'request' } = {}): Promise<void> {
  await seat.signIn('sb-001');
  await seat.go(`/send/${what}`);
  const { agreement: _agreement, team: _team, ...fields } = ABOUT;
  await fill(seat.page, { ...fields, ...about });
  await seat.page.getByRole('button', { name: 'Go on', exact: true }).click();
  await fill(seat.page, { ...(what === 'share' ? basis : {}), checklist: CHECKLIST, ...needs });
  await seat.page.getByRole('button', { name: 'Show what would go to whom' }).click();
}
async function toReader(seat: Seat): Promise<void> {
  await seat.page.getByRole('button', { name: 'Write it, seal it and send it' }).click();
  await key.unlock(seat.page);
  await seat.page.locator('#look').waitFor();
}
async function looked(seat: Seat): Promise<void> {
  await seat.page.locator('#look').click();
  await seat.page.locator('#status', { hasText: /Nothing has been sent yet|It would be refused|Write |holds a name|Read it once more/ }).waitFor();
}
async function sent(seat: Seat): Promise<string> {
  await looked(seat);
  await seat.page.locator('#send').click();
  await seat.page.locator('#sent').waitFor();
  const [row] = await scene.sql<{ id: string }>(`select id from waybill.share where sender = 'st-brigid-primary' order by accepted_at desc limit 1`);
  return row?.id ?? '';
}

test('S1: a practitioner chooses on the console, writes in the reader, sees who will be able to read what, and sends: the front door opens what was written, and no server had a word of it', async () => {
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  await planned(seat);
  expect(await seat.text()).toMatch(/What would go to whom[^]*Merebrook Council, Integrated Front Door[^]*Will be able to read: names and aliases[^]*No server can open it/);
  expect(await violations(seat.page)).toEqual([]);
  await toReader(seat);
  expect(await seat.page.evaluate('location.href')).toBe(`${reader.origin}/`);
  expect(await seat.page.locator('#share').innerText()).toMatch(/the person must not be told[^]*merebrook-council\/front-door[^]*names \(assesses referral\)/);
  await looked(seat);
  expect(await seat.page.locator('#status').innerText()).toBe('Write names, or choose a file.');
  await seat.page.locator('#text-1').fill(`Name: ${CANARY}`);
  await seat.page.locator('#words').fill(`${CANARY} was not collected today`);
  expect(await violations(seat.page)).toEqual([]);
  await seat.page.setViewportSize({ width: 320, height: 640 });
  expect(await seat.page.evaluate('document.documentElement.scrollWidth <= 320')).toBe(true);
  await looked(seat);
  expect(await seat.page.locator('#planned').innerText()).toMatch(/merebrook-council\/front-door will be able to read: names[^]*Nobody else/);
  const before = await scene.sql('select from waybill.share');
  expect(before).toEqual([]);
  await seat.page.locator('#send').focus();
  await seat.page.keyboard.press('Enter');
  await seat.page.locator('#sent').waitFor();
  expect(await violations(seat.page)).toEqual([]);
  const [{ id = '' } = {}] = await scene.sql<{ id: string }>('select id from waybill.share');
  expect(await seat.page.locator('#sent').innerText()).toContain(`S-${id.slice(-8).toUpperCase()}`);
  const transfer: TransferOpenedUp = await scene.transfer(scene.council, id);
  expect(await scene.opened(scene.council, transfer, 'part-1', 'front-door')).toBe(`Name: ${CANARY}`);
  // Who was handed the reader, in which role and with which; and that it was sent.
  expect(await scene.entries('st-brigid-primary', { kind: 'sending-begun' })).toEqual([expect.objectContaining({ share: id, by: 'sb-001', role: 'practitioner', secondFactor: false, reader: sha256(readFileSync('dist/reader/reader.json')) })]);
  expect(await scene.entries('st-brigid-primary', { kind: 'share-sent', share: id })).toHaveLength(1);
  expect(readFileSync(scene.world.system.logFile, 'utf8')).not.toMatch(new RegExp(`${CANARY}|not collected today|WQ-2041`));
  await seat.close();
});

test('S2: the plan strikes off who has no key or no need, with every reason, before a word is written; nothing typed is lost on the way back', async () => {
  const seat = await Seat.at(browser, scene.world);
  await planned(seat, { about: { to: [FRONT_DOOR, 'merebrook-council/emergency-duty-team'], categories: ['names', 'health'], conditions: ['9(2)(g)', 'sch1-18'] }, needs: { 'need.names.merebrook-council/emergency-duty-team': 'protects-from-harm', [`need.health.${FRONT_DOOR}`]: 'assesses-referral' } });
  expect(await seat.text()).toMatch(/Integrated Front Door[^]*Will be able to read: names and aliases\.[^]*Struck off: health[^]*FACT_OPINION_UNMARKED, Principles/);
  expect(await seat.text()).toMatch(/Emergency duty team[^]*Would get nothing[^]*KEY_NOT_VERIFIED/);
  await seat.page.getByRole('button', { name: 'Change it' }).click();
  expect([await seat.page.locator('#f-reference').inputValue(), await seat.page.locator('#f-to-2').inputValue(), await seat.page.locator('input[name=categories]:checked').count()]).toEqual(['WQ-2041', 'merebrook-council/emergency-duty-team', 2]);
  await seat.page.locator('#f-reference').fill('01022015');
  await seat.page.getByRole('button', { name: 'Go on', exact: true }).click();
  expect([await seat.text(), await seat.page.locator('#f-reference').inputValue(), await seat.page.locator('#f-to-2').inputValue()]).toEqual([expect.stringMatching(/Nothing is lost[^]*Write the reference as initials or a case number/), '01022015', 'merebrook-council/emergency-duty-team']);
  await seat.page.locator('#f-reference').fill('WQ-2042');
  await seat.page.getByRole('button', { name: 'Go on', exact: true }).click();
  expect(await seat.page.locator('[name="need.health.merebrook-council/front-door"]').inputValue()).toBe('assesses-referral');
  await seat.close();
});

test('what is refused as a whole is not written at all: the page has every reason and no way on', async () => {
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  await planned(seat, { about: { lawfulBasis: '', conditions: [] }, needs: { consent: '', risk: '' } });
  expect(await seat.text()).toMatch(/Nothing of it would go[^]*Why it may not go like this[^]*BASIS_NOT_ALLOWED[^]*CONSENT_NOT_ADDRESSED/);
  expect(await seat.page.getByRole('button', { name: 'Write it, seal it and send it' }).count()).toBe(0);
  expect(await violations(seat.page)).toEqual([]);
  await seat.close();
});

test('WIR DS-06: an emergency goes at once, with the number to ring on every page; undone within a minute it is taken back where nobody has collected it, and what was written is kept', async () => {
  const seat = await Seat.at(browser, scene.world);
  await planned(seat, { about: { urgency: 'emergency', reference: 'WQ-3001' } });
  expect(await seat.text()).toMatch(/ring 999[^]*Integrated Front Door: \+441514960101/);
  // Who reads nothing at night is said before anything is sent to it, on both pages that come before.
  expect(await seat.text()).not.toContain('NO_EMERGENCY_COVER');
  await scene.sql(`update waybill.contact set posts = '{}' where agency = 'merebrook-council' and id = 'emergency-duty-team'`);
  await seat.page.reload();
  expect(await seat.text()).toMatch(/To bear in mind[^]*Merebrook Council, Integrated Front Door: Whoever is sent an emergency has an emergency duty contact[^]*Ring the front door[^]*NO_EMERGENCY_COVER/);
  await toReader(seat);
  await seat.page.locator('#text-1').fill('x');
  await looked(seat);
  expect(await seat.page.locator('#planned').innerText()).toMatch(/merebrook-council: whoever is sent an emergency has an emergency duty contact[^]*Ring the front door/);
  await scene.sql(`update waybill.contact set posts = '{emergency-duty}' where agency = 'merebrook-council' and id = 'emergency-duty-team'`);
  expect(await seat.page.locator('#share').innerText()).toContain('ring 999 first');
  await seat.page.locator('#text-1').fill(`Name: ${CANARY}`);
  const share = await sent(seat);
  expect(await seat.page.locator('#sent').innerText()).toMatch(/999[^]*\+441514960101/);
  // Nothing waited: it lies in the front door's mailbox while the way back is still shown.
  expect((await scene.arrived(scene.council, share)).share).toBe(share);
  await seat.page.getByRole('button', { name: /^Undo: take it back/ }).click();
  await seat.page.locator('#status', { hasText: 'Taken back from merebrook-council/front-door' }).waitFor();
  expect((await scene.told(share)).transfers[0]).toMatchObject({ state: 'recalled', endReason: 'sent-in-error' });
  expect(await scene.entries('st-brigid-primary', { kind: 'share-recalled', share })).toHaveLength(1);
  await seat.page.getByRole('link', { name: 'Back to the console' }).click();
  await seat.page.getByRole('button', { name: 'Go on with a draft' }).click();
  await key.unlock(seat.page);
  await seat.page.getByRole('button', { name: /^Go on: Share about WQ-3001/ }).click();
  expect(await seat.page.locator('#text-1').inputValue()).toBe(`Name: ${CANARY}`);
  const again = await sent(seat);
  expect(again).not.toBe(share);
  // What was collected cannot be taken back, and the page says whom to ring.
  await scene.opened(scene.council, await scene.transfer(scene.council, again), 'part-1', 'front-door');
  await seat.page.getByRole('button', { name: /^Undo: take it back/ }).click();
  await seat.page.locator('#status', { hasText: /Too late for merebrook-council\/front-door: it was collected\. Ring them/ }).waitFor();
  await seat.close();
});

test('WIR DS-08: whose advice was taken is asked on the page of the decision, seen once more before it is sealed, and stands with the decision in the sender’s register alone', async () => {
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  const on = scene.world.clock.now().toISOString().slice(0, 10);
  await planned(seat, { about: { reference: 'WQ-3004' }, needs: { method: 'governance-lead-consulted', advised: 'share-less', secondDecider: 'head-teacher' } });
  expect(await seat.text()).toMatch(/Nothing is lost[^]*Say with whom you talked it over/);
  await fill(seat.page, { consultedRole: 'governance-lead', consultedContact: 'head-teacher' });
  await seat.page.getByRole('button', { name: 'Show what would go to whom' }).click();
  expect([await seat.text(), await seat.page.locator('#f-advised').inputValue()]).toEqual([expect.stringContaining('Give the day on which you talked it over'), 'share-less']);
  expect(await violations(seat.page)).toEqual([]);
  await fill(seat.page, { consultedOn: on });
  await seat.page.getByRole('button', { name: 'Show what would go to whom' }).click();
  await toReader(seat);
  expect(await seat.page.locator('#share').innerText()).toContain(`governance lead (head-teacher), ${on}; advised: share less`);
  expect(await seat.page.locator('#share').innerText()).toMatch(/Decided with\s+head-teacher/);
  await seat.page.locator('#text-1').fill(`Name: ${CANARY}`);
  const share = await sent(seat);
  const consulted = { role: 'governance-lead', on, contact: 'head-teacher', advised: 'share-less' };
  expect((await scene.entries('st-brigid-primary', { kind: 'share-sent', share }))[0]?.['decision']).toMatchObject({ method: 'governance-lead-consulted', second: 'head-teacher', consulted });
  expect(JSON.stringify(await scene.entries('merebrook-council', { share }))).not.toContain('share-less');
  await seat.close();
});

test('WIR DS-08: advice is asked for without saying whose case it is: the reference stays with whoever asks, a name in the text is found before it is sealed, and its writer confirms that nobody would be recognised', async () => {
  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  const health = { categories: 'health', conditions: ['9(2)(g)', 'sch1-18'], reference: 'WQ-3005' };
  const needs = { [`need.health.${FRONT_DOOR}`]: 'assesses-referral', 'kind.health': 'fact', 'source.health': 'own-record' };
  const { [`need.names.${FRONT_DOOR}`]: _names, 'kind.names': _kind, 'source.names': _source, ...decided } = NEEDS;
  await planned(seat, { about: health, needs: { ...needs, ...decided, advice: 'pseudonymous' }, basis: {} });
  expect(await seat.text()).toMatch(/Will be able to read: health/);
  await toReader(seat);
  expect(await seat.page.locator('#share').innerText()).toMatch(/Asks for advice\s+yes, and it says of nobody who it is/);
  await seat.page.locator('#known').fill(CANARY);
  await seat.page.locator('#text-1').fill(`What would you do for ${CANARY}?`);
  await looked(seat);
  expect(await seat.page.locator('#status').innerText()).toBe('Read it once more for whatever somebody would be recognised by, and tick that nobody would be.');
  await seat.page.locator('#unrecognised').check();
  await looked(seat);
  expect(await seat.page.locator('#status').innerText()).toContain('Write the case so that nobody would be recognised');
  await seat.page.locator('#text-1').fill('A child of primary age came without a coat. What would you do?');
  expect(await violations(seat.page)).toEqual([]);
  const share = await sent(seat);
  const transfer = await scene.transfer(scene.council, share);
  expect([await scene.opened(scene.council, transfer, 'part-1', 'front-door'), JSON.stringify(transfer).includes('WQ-3005')]).toEqual(['A child of primary age came without a coat. What would you do?', false]);
  expect((await scene.entries('st-brigid-primary', { kind: 'share-sent', share }))[0]).toMatchObject({ subjectReference: 'WQ-3005' });
  expect(JSON.stringify(await scene.entries('merebrook-council', { share }))).not.toContain('WQ-3005');
  await seat.close();
});

test('WIR MN-06: after a minute it is taken back with a reason; a name in clear, and another team’s key, are found before anything leaves the page', async () => {
  const seat = await Seat.at(browser, scene.world);
  await seat.page.clock.install();
  await planned(seat, { about: { reference: 'WQ-3002' } });
  await seat.page.getByRole('button', { name: 'Write it, seal it and send it' }).click();
  const others = await teamKey(scene.world, scene.council);
  await others.unlock(seat.page);
  await seat.page.locator('#status', { hasText: 'This is the key of merebrook-council/front-door' }).waitFor();
  others.remove();
  await key.unlock(seat.page);
  await seat.page.locator('#look').waitFor();
  await seat.page.locator('#text-1').fill(`Name: ${CANARY}`);
  await seat.page.locator('#known').fill('Referral Quillfeather, Welfare Brigid');
  await seat.page.locator('#look').click();
  await seat.page.locator('#status', { hasText: 'A field that is not sealed holds a name' }).waitFor();
  await seat.page.locator('#known').fill(CANARY);
  const share = await sent(seat);
  await seat.page.clock.fastForward('01:01');
  await seat.page.locator('#recall-reason').selectOption('wrong-recipient');
  await seat.page.getByRole('button', { name: 'Take it back', exact: true }).click();
  await seat.page.locator('#status', { hasText: 'Taken back' }).waitFor();
  expect((await scene.told(share)).transfers[0]).toMatchObject({ state: 'recalled', endReason: 'wrong-recipient' });
  await seat.close();
});

test('after a refusal a practitioner sends another in its place: from what was sent, with another choice, sealed anew; what the refusal asked of it is done, and each names the other', async () => {
  const refused = await scene.send(REFERRAL);
  const { transfer } = await scene.arrived(scene.council, refused.share.id);
  expect(await scene.council.state('returned', transfer, { share: refused.share.id, manifestDigest: refused.receipt.manifestDigest }, { reason: 'no-clear-purpose', role: 'front-door-worker' })).toMatchObject({ status: 200 });
  const owed = () => scene.sql<{ kind: string; closed_because: string | null; shown_by: string | null }>(`select kind, closed_because, shown_by from waybill.duty where transfer = $1 and owner = 'st-brigid-primary'`, [transfer]);
  expect((await owed()).map(({ closed_because }) => closed_because)).toEqual([null]);

  const seat = await Seat.at(browser, scene.world, { bypassCSP: true });
  await seat.signIn('sb-001');
  await seat.page.getByRole('link', { name: 'Sent', exact: true }).click();
  await seat.page.locator(`a[href="/sent/${refused.share.id}"]`).click();
  expect(await seat.text()).toMatch(/Returned[^]*It was given back, signed by merebrook-council[^]*no-clear-purpose/);
  await seat.page.getByRole('link', { name: 'Send another in its place' }).click();
  const { agreement: _agreement, team: _team, ...fields } = ABOUT;
  await fill(seat.page, fields);
  await seat.page.getByRole('button', { name: 'Go on', exact: true }).click();
  await fill(seat.page, { ...NEEDS, checklist: CHECKLIST });
  await seat.page.getByRole('button', { name: 'Show what would go to whom' }).click();
  expect(await violations(seat.page)).toEqual([]);
  await toReader(seat);
  expect(await seat.page.locator('#share').innerText()).toMatch(new RegExp(`Replaces\\s+${refused.share.id}`));
  await seat.page.locator('#text-1').fill(`Name: ${CANARY}`);
  const again = await sent(seat);
  expect(again).not.toBe(refused.share.id);
  expect(await owed()).toEqual([expect.objectContaining({ closed_because: 'shared-anew', shown_by: again })]);
  expect((await scene.entries('st-brigid-primary', { kind: 'share-sent' })).find((entry) => entry['share'] === again)).toMatchObject({ supersedes: refused.share.id });
  await seat.close();
});

test('a file is sealed as it is, its name goes nowhere, and unticked it is shown as not scanned', async () => {
  const seat = await Seat.at(browser, scene.world);
  await planned(seat, { about: { reference: 'WQ-3003' } });
  await toReader(seat);
  await seat.page.locator('#file-1').setInputFiles({ name: `${CANARY}.txt`, mimeType: 'text/plain', buffer: Buffer.from(`Name: ${CANARY}`) });
  const share = await sent(seat);
  const transfer = await scene.transfer(scene.council, share);
  expect([await scene.opened(scene.council, transfer, 'part-1', 'front-door'), JSON.stringify(transfer).includes('scannedOn')]).toEqual([`Name: ${CANARY}`, false]);
  await seat.close();
});

test('without JavaScript every choice is made and the plan is seen; by the keyboard alone a worker gets from the list to the plan', async () => {
  const seat = await Seat.at(browser, scene.world, { javaScriptEnabled: false });
  await planned(seat);
  expect(await seat.text()).toMatch(/Will be able to read: names and aliases[^]*Writing and sealing need JavaScript/);
  await seat.close();
  const keys = await Seat.at(browser, scene.world);
  await keys.signIn('sb-001');
  const tabTo = async (look: string): Promise<void> => {
    for (let stops = 0; stops < 120; stops++) {
      if (await keys.page.evaluate(`document.activeElement.matches(${JSON.stringify(look)})`)) return;
      await keys.page.keyboard.press('Tab');
    }
    throw new Error(`the keyboard never gets to ${look}`);
  };
  await tabTo('a[href="/send/share"]');
  await keys.page.keyboard.press('Enter');
  await keys.page.locator('#f-urgency').waitFor();
  await tabTo('#f-urgency');
  for (const press of ['ArrowDown', 'ArrowDown']) await keys.page.keyboard.press(press);
  await tabTo('#f-purpose');
  await keys.page.keyboard.type('referral');
  await tabTo('#f-to-1');
  await keys.page.keyboard.type('Integrated');
  await tabTo('#f-categories');
  await keys.page.keyboard.press('Space');
  await tabTo('#f-lawfulBasis');
  await keys.page.keyboard.type('Task');
  await tabTo('main button.govuk-button');
  await keys.page.keyboard.press('Enter');
  await keys.page.locator('#f-reasons').waitFor();
  await tabTo('[name="need.names.merebrook-council/front-door"]');
  await keys.page.keyboard.type('Assesses');
  await tabTo('#f-reasons');
  await keys.page.keyboard.press('Space');
  await tabTo('main button.govuk-button');
  await keys.page.keyboard.press('Enter');
  await keys.page.locator('h1', { hasText: 'What would go to whom' }).waitFor();
  await keys.close();
});

test('WIR AS-15, AS-02: whoever lacks the guidance sends nothing but an emergency; whoever lacks the check, or has not confirmed its responsibilities, sends nothing', async () => {
  await scene.sql(`insert into waybill.staff_statement (agency, staff, at) values ('merebrook-council', 'mc-050', $1), ('merebrook-council', 'mc-016', $1)`, [scene.world.clock.now()]);
  const write = async (staff: string, urgency: string): Promise<number> => {
    const { [`need.names.${FRONT_DOOR}`]: need = '', ...rest } = CHOSEN;
    const page = await ask(scene.world, 'POST', '/send/share/write', { as: await signedIn(scene.world, 'merebrook-council', staff), form: { ...rest, team: 'front-door', to: 'st-brigid-primary/safeguarding-lead', 'need.names.st-brigid-primary/safeguarding-lead': need, urgency } });
    return page.status;
  };
  for (const [staff, expected] of [['mc-050', [403, 403, 303]], ['mc-016', [403, 403, 403]], ['mc-015', [403, 403, 403]]] as const) {
    expect([staff, await write(staff, 'routine'), await write(staff, 'urgent'), await write(staff, 'emergency')]).toEqual([staff, ...expected]);
  }
});

test.each<[string, Record<string, string>]>([['a team of somebody else’s', { team: 'front-door' }], ['an agreement that is not in force', { agreement: 'nowhere' }], ['an urgency that there is not', { urgency: 'leisurely' }], ['a field that no page has', { 'Need!': 'x' }]])('%s comes from no page of ours, and nothing is handed over', async (_what, form) => {
  const page = await ask(scene.world, 'POST', '/send/share/plan', { as: await signedIn(scene.world, 'st-brigid-primary', 'sb-001'), form: { ...CHOSEN, ...form } });
  expect([page.status, page.body]).toEqual([400, expect.stringContaining('FORM_INVALID')]);
});

test('a pass to send asks after its own share and no other, reads nothing of the mailbox, and is worth nothing to who comes late', async () => {
  const handed = async (): Promise<URLSearchParams> => {
    const page = await ask(scene.world, 'POST', '/send/share/write', { as: await signedIn(scene.world, 'st-brigid-primary', 'sb-001'), form: CHOSEN });
    return new URLSearchParams(String(page.headers['location']).split('#')[1]);
  };
  const first = await handed();
  const asking = async (from: URLSearchParams, path: string) => (await ask(scene.world, 'GET', `${new URL(from.get('from') ?? '').pathname}${path}`, { headers: { origin: reader.origin, 'waybill-page': 'p'.repeat(43) } })).status;
  const [{ id = '' } = {}] = await scene.sql<{ id: string }>('select id from waybill.share limit 1');
  expect([await asking(first, `/v1/shares/${first.get('writes') ?? ''}`), await asking(first, `/v1/shares/${id}`), await asking(first, '/v1/mailbox'), await asking(first, `/v1/directory/agencies`)]).toEqual([404, 403, 403, 403]);
  const late = await handed();
  scene.world.clock.advance(TAKEN_WITHIN_MS + 1_000);
  expect(await asking(late, `/v1/shares/${late.get('writes') ?? ''}`)).toBe(403);
});
