import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isWorking } from '#duties/calendar';
import { HOUR, MINUTE } from '#platform/clock';
import { Incident } from '#breach/incident';
import { Register } from '#register/register';
import type { BreachTold } from '#protocol/breach-answers';
import { breachCase, codesOf, dutiesOfCase, entriesOfCase, reportBreach, sendReport, stateBreach, stated } from '../world/breaches';
import { writeHome } from '../../apps/standalone/home';
import { atDesk } from '../world/desk';
import { Example } from '../world/example';
import { stateKept } from '../world/matters';
import { eventually } from '../world/partnership';

// The person before the data: who could come to harm, who is told of that and when it is read, what happens to what went wrong.

const wave = (breach: BreachTold, name: string) => breach.notices.filter((notice) => notice.wave === name).map(({ agency, contact }) => `${agency}/${contact ?? ''}`).sort();

describe('Wirral', () => {
  let example: Example;
  let share: string;
  beforeAll(async () => {
    example = await Example.open('wirral');
    while (!isWorking(example.world.clock.now()) || !isWorking(new Date(example.world.clock.now().getTime() + HOUR))) example.world.clock.advance(HOUR);
    share = (await example.send()).share.id;
  });
  afterAll(() => example.close());
  const at = (agency: string) => example.world.partner(agency);
  const [SCHOOL, COUNCIL, POLICE, NURSE] = ['oak-lane-primary', 'wirral-council', 'merseyside-police', 'community-health-and-care'] as const;

  test('where anyone could come to harm the police, the front door and whoever holds the case are told at once in the emergency lane, with numbers to ring, before anything else', async () => {
    const breach = await reportBreach(example.world, at(COUNCIL), { shares: [share], harm: 'yes', caseHolder: COUNCIL });
    expect(wave(breach, 'safety').map((to) => to.split('/')[0])).toEqual([NURSE, POLICE, COUNCIL].sort());
    expect(breach.ring).toMatch(/999/);
    expect(breach.notices.filter((notice) => notice.wave === 'safety').every(({ telephone }) => telephone?.startsWith('+44'))).toBe(true);
    expect((await dutiesOfCase(example.world, breach.breach, 'protect-person')).map(({ owner, lane, open }) => [owner, lane, open])).toEqual([[NURSE, 'emergency', true], [POLICE, 'emergency', true], [COUNCIL, 'emergency', true]]);
  });

  test('what is not known counts as yes, and an exercise or a report without danger takes nobody from anything', async () => {
    expect(wave(await reportBreach(example.world, at(COUNCIL), { shares: [share], harm: 'unknown' }), 'safety')).not.toEqual([]);
    expect(wave(await reportBreach(example.world, at(COUNCIL), { shares: [share] }), 'safety')).toEqual([]);
    const drill = await reportBreach(example.world, at(COUNCIL), { shares: [share], harm: 'yes', exercise: true });
    expect([wave(drill, 'safety'), wave(drill, 'first')]).toEqual([[], [`${SCHOOL}/safeguarding-lead`]]);
    expect((await dutiesOfCase(example.world, drill.breach)).map(({ kind, lane }) => [kind, lane])).toEqual([['read-notice', 'routine']]);
  });

  test('WIR BR-02: a report may be made of its first question alone, and takes nobody’s time; what it left open is said in a phase, and whoever has a part by that is told then as if it had stood in the report', async () => {
    const NOT_YET = { type: 'not-yet-known', foundBy: 'not-yet-known' };
    const first = await reportBreach(example.world, at(COUNCIL), { ...NOT_YET, harm: 'yes' });
    expect([wave(first, 'safety').map((to) => to.split('/')[0]), wave(first, 'first')]).toEqual([[NURSE, POLICE, COUNCIL].sort(), []]);
    const known = first.parties.find(({ agency }) => agency === COUNCIL)?.dueAt;
    example.world.clock.advance(20 * MINUTE);
    const now = example.world.clock.now().getTime();
    const before = new Date(now - 2 * HOUR).toISOString();
    const scope = { type: 'wrongly-disclosed', foundBy: 'own-staff', happenedAt: before, foundAt: before, shares: [share] };
    // It is for whoever reported it, is held to the lists, and lies in the past.
    expect(codesOf(await stateBreach(example.world, at(POLICE), first.breach, 'phase', { scope }))).toEqual(['NOT_YOURS_TO_STATE']);
    expect(codesOf(await stateBreach(example.world, at(COUNCIL), first.breach, 'read', { scope }))).toEqual(['NOT_YOURS_TO_STATE']);
    expect(codesOf(await stateBreach(example.world, at(COUNCIL), first.breach, 'phase', { scope: { ...scope, type: 'mislaid' } }))).toEqual(['CODE_UNKNOWN']);
    expect(codesOf(await stateBreach(example.world, at(COUNCIL), first.breach, 'phase', {}))).toEqual(['STATEMENT_INCOMPLETE']);
    expect((await stateBreach(example.world, at(COUNCIL), first.breach, 'phase', { scope: { foundAt: new Date(now + HOUR).toISOString() } })).status).toBe(422);
    expect((await breachCase(at(COUNCIL), first.breach)).statements.map(({ kind }) => kind)).toEqual(['report']);

    await stated(example.world, at(COUNCIL), first.breach, 'phase', { scope, awareAt: before, facts: { causes: ['wrong-recipient'] } });
    const told = await breachCase(at(SCHOOL), first.breach);
    expect([told.type, told.happenedAt, told.foundAt]).toEqual(['wrongly-disclosed', before, before]);
    expect([wave(told, 'safety').length, wave(told, 'first')]).toEqual([3, [`${SCHOOL}/safeguarding-lead`]]);
    const whole = await reportBreach(example.world, at(COUNCIL), { harm: 'yes', ...scope, awareAt: before });
    const partsIn = ({ parties }: BreachTold) => parties.map(({ agency, parts }) => [agency, [...parts].sort()]);
    expect(partsIn(told)).toEqual(partsIn(whole));
    // Its own clock began when it knew: never later than it said before.
    const due = told.parties.find(({ agency }) => agency === COUNCIL)?.dueAt;
    expect([due, (due ?? '') < (known ?? '')]).toEqual([new Date(Date.parse(before) + 72 * HOUR).toISOString(), true]);
    const clocks = (await dutiesOfCase(example.world, first.breach)).filter(({ kind }) => kind === 'tell-regulator' || kind === 'own-regulator-duty');
    expect(Object.fromEntries(clocks.map(({ open, due_at: at_ }) => [at_.toISOString(), open]))).toEqual({ [known ?? '']: false, [due ?? '']: true });
    expect((await entriesOfCase(example.world, SCHOOL, first.breach)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['breach-reported', 'breach-notified']));
    // Said again it tells nobody twice.
    await stated(example.world, at(COUNCIL), first.breach, 'phase', { scope: { shares: [share] } });
    expect(wave(await breachCase(at(SCHOOL), first.breach), 'first')).toHaveLength(1);
  });

  test('that a person is safe is not said by a data protection officer alone; until it is said no case ends', async () => {
    const { breach } = await reportBreach(example.world, at(COUNCIL), { shares: [share], harm: 'yes' });
    const done = { done: ['person-warned', 'police-marker'], doneBy: 'police-officer', doneAt: example.world.clock.now().toISOString() };
    expect(codesOf(await stateBreach(example.world, at(SCHOOL), breach, 'outcome', { outcome: 'unfounded', reasons: ['not-what-it-seemed'] }))).toEqual(['SAFETY_OPEN']);
    expect(codesOf(await stateBreach(example.world, at(COUNCIL), breach, 'protected', { ...done, role: 'data-protection-officer' }))).toEqual(['PROTECTED_BY_PROCESS']);
    expect(codesOf(await stateBreach(example.world, at(POLICE), breach, 'protected', { ...done, doneBy: 'data-protection-officer' }))).toEqual(['PROTECTED_BY_PROCESS']);
    expect(codesOf(await stateBreach(example.world, at(SCHOOL), breach, 'protected', done))).toEqual(['NOT_YOURS_TO_STATE']);
    await stated(example.world, at(POLICE), breach, 'protected', { ...done, role: 'police-officer' });
    expect((await dutiesOfCase(example.world, breach, 'protect-person')).filter(({ open }) => !open).map(({ owner }) => owner)).toEqual([POLICE]);
    expect(await entriesOfCase(example.world, COUNCIL, breach)).toContainEqual(expect.objectContaining({ what: 'protected', by: POLICE, done: done.done, doneBy: 'police-officer' }));
    expect(await stated(example.world, at(SCHOOL), breach, 'outcome', { outcome: 'unfounded', reasons: ['not-what-it-seemed'] })).toBe('unfounded');
  });

  test('WIR PD-09, BR-04: within working hours the point of contact is told first; after half an hour unread it goes to the manager, and after another to the co-ordinator. What is read goes no further', async () => {
    const breach = await reportBreach(example.world, at(COUNCIL), { shares: [share], recipients: [POLICE] });
    expect([wave(breach, 'first'), wave(breach, 'second')]).toEqual([[`${SCHOOL}/safeguarding-lead`], [`${POLICE}/public-protection`]]);
    const posts = async () => (await dutiesOfCase(example.world, breach.breach, 'read-notice')).map(({ owner, role, open }) => [owner, role, open]);
    expect(await posts()).toEqual([[POLICE, 'spoc', true], [SCHOOL, 'spoc', true]]);
    await stated(example.world, at(POLICE), breach.breach, 'read');
    for (const role of ['responsible-manager', 'coordinator']) {
      example.world.clock.advance(31 * MINUTE);
      await eventually(async () => (await posts()).some(([owner, now]) => owner === SCHOOL && now === role));
    }
    expect(await posts()).toEqual([[POLICE, 'spoc', false], [SCHOOL, 'coordinator', true]]);
    expect((await entriesOfCase(example.world, SCHOOL, breach.breach)).filter(({ kind, escalatedTo }) => kind === 'reminder-sent' && escalatedTo !== undefined).map(({ escalatedTo }) => escalatedTo)).toEqual(['responsible-manager', 'coordinator']);
    expect((await breachCase(at(COUNCIL), breach.breach)).notices.find(({ agency }) => agency === SCHOOL)).toMatchObject({ telephone: expect.stringMatching(/^\+44/) });
  });

  test('WIR BR-02: what was passed on belongs to whoever shared it first; to whom a recipient passed it on follows from the registers, and is told', async () => {
    const breach = await reportBreach(example.world, at(SCHOOL), { shares: [share] });
    expect(breach.parties.filter(({ parts }) => parts.includes('recipient')).map(({ agency }) => agency)).toEqual([POLICE, COUNCIL]);
    const onward = (await example.send({ '/lines/1': null })).share.id;
    await example.world.db.owner.query('update waybill.share set previous = $1 where id = $2', [share, onward]);
    const passed = await reportBreach(example.world, at(COUNCIL), { shares: [onward] });
    expect(passed.parties.find(({ agency }) => agency === SCHOOL)?.parts).toContain('owner');
  });

  test('a near miss is recorded and told, and starts no clock', async () => {
    const breach = await reportBreach(example.world, at(COUNCIL), { shares: [share], nearMiss: true });
    await stated(example.world, at(SCHOOL), breach.breach, 'read');
    expect((await dutiesOfCase(example.world, breach.breach)).filter(({ kind }) => kind === 'tell-regulator' || kind === 'own-regulator-duty')).toEqual([]);
    expect(await entriesOfCase(example.world, COUNCIL, breach.breach)).toContainEqual(expect.objectContaining({ kind: 'breach-reported', nearMiss: true }));
  });

  test('the very same report is taken once; another with its id, a share of others, a date to come and a code of no list are refused, and nothing of them is told', async () => {
    const id = '01993b1e-7a00-7000-8000-0000000000aa';
    const at_ = example.world.clock.now().toISOString();
    const more = { id, at: at_, foundAt: at_, awareAt: at_, shares: [share] };
    expect([(await sendReport(example.world, at(COUNCIL), more)).status, (await sendReport(example.world, at(COUNCIL), more)).status]).toEqual([201, 201]);
    expect(await dutiesOfCase(example.world, id, 'read-notice')).toHaveLength(1);
    const later = new Date(Date.parse(at_) + HOUR).toISOString();
    const wrong: [Record<string, unknown>, string][] = [
      [{ ...more, type: 'lost' }, 'BREACH_ID_REUSED'], [{ shares: ['01993b1e-7a00-7000-8000-0000000000bb'] }, 'BREACH_SHARE_UNKNOWN'], [{ awareAt: later }, 'BREACH_INVALID'], [{ type: 'mislaid' }, 'BREACH_INVALID'],
      [{ facts: { causes: ['a-name'] } }, 'BREACH_INVALID'], [{ owners: ['nobody-at-all'] }, 'BREACH_PARTY_UNKNOWN'], [{ agreement: { id: 'llr', version: '2.03' } }, 'NO_COMMON_AGREEMENT'],
    ];
    for (const [change, code] of wrong) expect(codesOf(await sendReport(example.world, at(COUNCIL), change))).toEqual([code]);
    expect(codesOf(await sendReport(example.world, at(NURSE), { shares: [share] }))).toEqual(['BREACH_SHARE_UNKNOWN']);
  });

  test('when the gateway itself is breached every controller under every agreement is told in a case of its own, with what the law asks, and again with each phase', async () => {
    const incident = new Incident({ database: example.world.system.database('registrar'), register: new Register(), clock: example.world.clock, agreements: example.world.system.agreements });
    const facts = { causes: ['key-compromised'], data: ['basic-identifiers'], subjects: ['children'], records: 40, people: 40, consequences: ['not-yet-known'], taken: ['keys-revoked'] };
    const raised = await incident.raise({ type: 'security-breached', foundAt: example.world.clock.now().toISOString(), facts, asks: `${COUNCIL}/information-governance` });
    expect([raised.late, raised.cases.map(({ agency }) => agency).sort()]).toEqual(['in-time', (await example.world.db.owner.query<{ agency: string }>(`select agency from waybill.membership where status = 'active' order by agency`)).rows.map(({ agency }) => agency)]);
    const own = raised.cases.find(({ agency }) => agency === SCHOOL)?.breach ?? '';
    expect(await breachCase(at(SCHOOL), own)).toMatchObject({ parties: [{ agency: SCHOOL }], phases: [{ facts, asks: `${COUNCIL}/information-governance` }] });
    expect((await at(COUNCIL).get(`/v1/breaches/${own}`)).status).toBe(404);
    await stated(example.world, at(SCHOOL), own, 'read');
    expect((await dutiesOfCase(example.world, own)).map(({ kind, open }) => [kind, open])).toContainEqual(['tell-regulator', true]);
    expect(await incident.phase(raised.incident, { facts: { ...facts, people: 12 }, asks: `${COUNCIL}/information-governance` })).toBe(raised.cases.length);
    expect((await breachCase(at(SCHOOL), own)).phases.map((phase) => phase.facts.people)).toEqual([40, 12]);
    const late = await incident.raise({ type: 'security-breached', foundAt: new Date(example.world.clock.now().getTime() - 25 * HOUR).toISOString(), facts, asks: `${COUNCIL}/information-governance`, agencies: [SCHOOL] });
    expect([late.late, late.cases.length]).toEqual(['past-alarm', 1]);
  });
});

describe('Worcestershire', () => {
  test('WOR BR-06, PD-11, PD-09: the partnership is told, with the data protection officer of the county council in the same step, and the nominated post holder of the organisation that it is about', async () => {
    const example = await Example.open('worcestershire');
    try {
      while (!isWorking(example.world.clock.now())) example.world.clock.advance(HOUR);
      const base = { kind: 'person' as const, keys: true, telephone: '+441905960900' };
      await example.world.join({
        agency: 'worcestershire-county-council', name: 'Worcestershire County Council', controller: { id: 'worcestershire-county-council', name: 'Worcestershire County Council' }, type: 'local-authority', entry: 'county-council',
        contacts: [{ ...base, contact: 'information-governance', label: 'DPO', posts: ['data-protection-officer', 'accuracy-post', 'day-to-day-post', 'signatory'] }],
      });
      const reporter = example.world.partner('health-and-care-trust');
      const share = (await example.send()).share.id;
      const breach = await reportBreach(example.world, reporter, { shares: [share], where: 'worcestershire-children-first' });
      expect(wave(breach, 'first')).toEqual(['worcestershire-children-first/review-team', 'worcestershire-county-council/information-governance', 'worcestershire-partnership/partnership-team']);
      expect(breach.notices.filter((notice) => notice.wave === 'first').map(({ toldAt }) => toldAt)).toEqual(Array(3).fill(breach.openedAt));
    } finally {
      await example.close();
    }
  });
});

describe('Leicester, Leicestershire and Rutland', () => {
  let example: Example;
  let sent: Awaited<ReturnType<Example['send']>>;
  beforeAll(async () => {
    example = await Example.open('llr');
    sent = await example.send();
  });
  afterAll(() => example.close());
  const at = (agency: string) => example.world.partner(agency);
  const [POLICE, COUNCIL, CHARITY] = ['leicestershire-police', 'leicester-city-council', 'living-without-abuse'] as const;
  const transferTo = (agency: string) => sent.receipt.transfers.find(({ recipient }) => recipient.agency === agency)?.transfer ?? '';
  const octetsLeft = async () => (await example.world.db.owner.query('select from waybill.wrapped_key where transfer = $1', [transferTo(CHARITY)])).rowCount;

  test('LLR BR-15, RT-15: a possible offence tells the police, and what it is about is kept: an ended transfer keeps its octets until the hold is lifted', async () => {
    await eventually(async () => (await at(CHARITY).get(`/v1/mailbox/${transferTo(CHARITY)}`)).status === 200);
    const { breach } = await reportBreach(example.world, at(COUNCIL), { shares: [sent.share.id], type: 'wrongly-accessed' });
    await stated(example.world, at(COUNCIL), breach, 'offence');
    const held = await breachCase(at(POLICE), breach);
    expect([held.heldSince, wave(held, 'police').map((to) => to.split('/')[0])]).toEqual([expect.stringMatching(/Z$/), [POLICE]]);
    await at(CHARITY).get(`/v1/mailbox/${transferTo(CHARITY)}/parts/part-1`);
    await at(CHARITY).state('acknowledged', transferTo(CHARITY), { share: sent.share.id, manifestDigest: sent.receipt.manifestDigest }, { passOnTo: [] });
    const gone = { method: 'media-destroyed', on: example.world.clock.now().toISOString().slice(0, 10) };
    // The charity has no part in the case and does not see it; its copy is held all the same.
    await eventually(async () => (await at(CHARITY).get(`/v1/retention/${transferTo(CHARITY)}`)).json.heldAt !== undefined);
    expect((await stateKept(example.world, at(CHARITY), transferTo(CHARITY), 'disposed', gone)).json.code).toBe('DISPOSAL_HELD');
    // Another's transfer that ended later is removed; so the relay has looked, and let this be.
    const other = await example.send();
    await at(POLICE).recall(other.share.id, other.receipt.manifestDigest);
    await eventually(async () => (await example.world.db.owner.query('select from waybill.wrapped_key where share = $1', [other.share.id])).rowCount === 0);
    expect(await octetsLeft()).toBeGreaterThan(0);
    await stated(example.world, at(POLICE), breach, 'hold-lifted', { role: 'police-officer' });
    await eventually(async () => (await octetsLeft()) === 0);
    await eventually(async () => (await at(CHARITY).get(`/v1/retention/${transferTo(CHARITY)}`)).json.heldAt === undefined);
    expect((await stateKept(example.world, at(CHARITY), transferTo(CHARITY), 'disposed', gone)).status).toBe(200);
    expect(await entriesOfCase(example.world, 'leicester-city-council', breach)).toContainEqual(expect.objectContaining({ what: 'offence', by: COUNCIL }));
  });

  test('LLR BR-21: what comes back opened by whom it was not for the gateway raises itself; whose information it was is told, and says what was done before the case ends', async () => {
    sent = await example.send();
    const transfer = transferTo(COUNCIL);
    await eventually(async () => (await at(COUNCIL).get(`/v1/mailbox/${transfer}`)).status === 200);
    const about = { share: sent.share.id, manifestDigest: sent.receipt.manifestDigest };
    await at(COUNCIL).get(`/v1/mailbox/${transfer}/parts/part-1`);
    await at(COUNCIL).state('opened', transfer, about);
    expect((await at(COUNCIL).state('returned', transfer, about, { reason: 'not-for-us', role: 'social-worker', copiesRemoved: true })).status).toBe(200);
    const { items } = (await at(POLICE).get('/v1/breaches?limit=1')).json as { items: BreachTold[] };
    expect(items[0]).toMatchObject({ type: 'wrongly-disclosed', harm: 'unknown', state: 'open' });
    expect(items[0]).not.toHaveProperty('reporter');
    const breach = items[0]?.breach ?? '';
    expect((await breachCase(at(COUNCIL), breach)).parties.map(({ agency, parts }) => [agency, parts])).toEqual([[COUNCIL, expect.arrayContaining(['recipient'])], [POLICE, expect.arrayContaining(['owner', 'occurred', 'safety', 'notifier'])]]);
    expect(await entriesOfCase(example.world, 'leicestershire-chief-constable', breach)).toContainEqual(expect.objectContaining({ kind: 'breach-reported', foundBy: 'gateway' }));
  });

  test('a share that went wrong is recalled while it lies uncollected; after that its deletion is asked for, and confirmed, or the case stays open', async () => {
    sent = await example.send();
    const transfer = transferTo(CHARITY);
    const { breach } = await reportBreach(example.world, at(POLICE), { shares: [sent.share.id] });
    expect(codesOf(await stateBreach(example.world, at(POLICE), breach, 'deletion-asked', { transfer, of: CHARITY }))).toEqual(['STATEMENT_INVALID']);
    await eventually(async () => (await at(CHARITY).get(`/v1/mailbox/${transfer}`)).status === 200);
    await at(CHARITY).get(`/v1/mailbox/${transfer}/parts/part-1`);
    await stated(example.world, at(POLICE), breach, 'deletion-asked', { transfer, of: CHARITY });
    expect((await dutiesOfCase(example.world, breach, 'confirm-deletion')).map(({ owner, open }) => [owner, open])).toEqual([[CHARITY, true]]);
    expect(codesOf(await stateBreach(example.world, at(POLICE), breach, 'outcome', { outcome: 'closed', reasons: ['all-done'] }))).toContain('HELP_OUTSTANDING');
    expect(codesOf(await stateBreach(example.world, at(CHARITY), breach, 'deletion-confirmed', { transfer: transferTo(COUNCIL), outcome: 'deleted' }))).toEqual(['NOTHING_ASKED']);
    await stated(example.world, at(CHARITY), breach, 'deletion-confirmed', { transfer, outcome: 'deleted-after-opening' });
    expect(codesOf(await stateBreach(example.world, at(POLICE), breach, 'outcome', { outcome: 'closed', reasons: ['all-done'] }))).not.toContain('HELP_OUTSTANDING');
    const { recalled, tooLate } = (await at(POLICE).recall(sent.share.id, sent.receipt.manifestDigest, 'wrong-recipient')).json as { recalled: string[]; tooLate: string[] };
    expect([recalled, tooLate]).toEqual([[transferTo(COUNCIL)], [transfer]]);
  });

  test('LLR RC-10: evidence of a case is what one’s own register says of it, entry by entry with its proof: checked without the gateway by a program that shares no code with it, and without a line of anybody else’s', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-evidence-'));
    const { system, agreement, coordinator, clock } = example.world;
    await writeHome(join(folder, 'home'), at(COUNCIL).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
    const { breach } = await reportBreach(example.world, at(COUNCIL), { shares: [sent.share.id] });
    await stated(example.world, at(POLICE), breach, 'assessed', { severity: 2, likelihood: 2, reasons: ['recipient-trusted'] });
    await eventually(async () => (await example.world.db.owner.query('select from waybill.pending_leaf')).rowCount === 0);
    const waybill = (...args: string[]) => atDesk(args, { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'home') }, now: () => clock.now() });
    expect(await waybill('evidence', 'breach', breach, '--into', 'evidence.zip', '--reason', 'regulator-demand')).toMatchObject({ exit: 0, err: '' });
    // Read by programs that are not ours, and checked by two that share no code with the gateway: nothing but the pack and the log's key.
    execFileSync('python3', ['-m', 'zipfile', '-e', 'evidence.zip', 'evidence'], { cwd: folder });
    const pack = join(folder, 'evidence');
    const { logKeys: [vkey = ''] } = JSON.parse(readFileSync(join(folder, 'home', 'pins.json'), 'utf8')) as { logKeys: string[] };
    expect(spawnSync(process.execPath, ['verify.mjs', '--vkey', vkey], { cwd: pack, env: {}, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: expect.stringContaining('in the register of leicester-city-council') });
    const files = readdirSync(join(pack, 'entries'));
    expect(files.map((name) => name.replace(/^\d+-|\.json$/g, ''))).toEqual(expect.arrayContaining(['share-announced', 'breach-reported', 'breach-notified', 'breach-stated']));
    for (const name of files) {
      expect(execFileSync('python3', ['-I', 'deploy/verifier/waybill-verify.py', 'inclusion', join(pack, 'proofs', name), '--vkey', vkey]).toString()).toMatch(/stands at/);
      const said = JSON.parse(readFileSync(join(pack, 'entries', name), 'utf8')) as { controller: string; breach?: string; share?: string };
      expect([said.controller, said.breach === breach || said.share === sent.share.id]).toEqual(['leicester-city-council', true]);
    }
    const prov = JSON.parse(readFileSync(join(pack, 'prov.json'), 'utf8')) as Record<'entity' | 'wasGeneratedBy' | 'wasAssociatedWith', Record<string, Record<string, string>>>;
    expect(prov.entity[`waybill:breach/${breach}`]).toEqual({ 'prov:type': 'waybill:breach' });
    expect(Object.values(prov.wasGeneratedBy)).toContainEqual(expect.objectContaining({ 'prov:entity': `waybill:breach/${breach}` }));
    // What the other party stated is its own, in its role; nobody's name stands for it.
    expect(Object.values(prov.wasAssociatedWith)).toContainEqual(expect.objectContaining({ 'prov:agent': `waybill:agency/${POLICE}`, 'prov:role': 'practitioner' }));
    expect(readFileSync(join(pack, 'summary.html'), 'utf8')).toMatch(/breach-stated\n[^]*what +assessed/);
    expect(readFileSync(join(pack, 'summary.html'), 'utf8')).toContain(`stated          by ${POLICE}, practitioner`);
    writeFileSync(join(pack, 'entries', files[0] ?? ''), '{}');
    expect(spawnSync(process.execPath, ['verify.mjs', '--vkey', vkey], { cwd: pack, env: {}, encoding: 'utf8' })).toMatchObject({ status: 1, stdout: expect.stringContaining('does NOT hold') });
    rmSync(folder, { recursive: true, force: true });
  });

  test('LLR BR-11: past its hours unreported the case stays flagged, and telling the regulator then takes the reasons for the delay; reminders came before', async () => {
    const aware = example.world.clock.now();
    const { breach } = await reportBreach(example.world, at(COUNCIL), { shares: [sent.share.id], awareAt: aware.toISOString(), foundAt: aware.toISOString() });
    for (const hours of [24, 48, 60, 70, 72]) {
      example.world.clock.advance(aware.getTime() + hours * HOUR + MINUTE - example.world.clock.now().getTime());
      await eventually(async () => ((await dutiesOfCase(example.world, breach, 'tell-regulator'))[0]?.step ?? 0) >= [24, 48, 60, 70, 72].indexOf(hours) + 1);
    }
    expect(await breachCase(at(COUNCIL), breach)).toMatchObject({ hoursLeft: 0 });
    expect((await at(COUNCIL).get('/v1/duties?limit=100')).json).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ kind: 'tell-regulator', breach, overdue: true, reminders: 5 })]) });
    const reportedAt = example.world.clock.now().toISOString();
    expect(codesOf(await stateBreach(example.world, at(COUNCIL), breach, 'reported', { reportedAt }))).toEqual(['LATE_WITHOUT_REASON']);
    await stated(example.world, at(COUNCIL), breach, 'reported', { reportedAt, delay: ['facts-unclear'] });
  });
});
