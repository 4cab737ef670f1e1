import { DAY } from '#platform/clock';
import type { BreachTold } from '#protocol/breach-answers';
import type { PlanAnswer, ShareTold } from '#protocol/answers';
import { breachCase, codesOf, dutiesOfCase, entriesOfCase, reportBreach, stateBreach, stated } from '../world/breaches';
import { Example } from '../world/example';
import type { Composed } from '../world/partner';
import { eventually } from '../world/partnership';

// S6, its second half: a breach leads to the suspension of the agreement, and that ends. Whoever suspends has put it in writing, with evidence.

const [POLICE, COUNCIL, CHARITY, HOSPITALS] = ['leicestershire-police', 'leicester-city-council', 'living-without-abuse', 'university-hospitals-of-leicester'] as const;

let example: Example;
let breach: BreachTold;
let lost: string;
beforeAll(async () => {
  example = await Example.open('llr');
  lost = (await example.send()).share.id;
  breach = await reportBreach(example.world, at(COUNCIL), { shares: [lost], recipients: [CHARITY] });
});
afterAll(() => example.close());

const at = (agency: string) => example.world.partner(agency);
const inCase = (of = breach) => ({ '/manifest/threads': { breach: of.breach }, '/lines/0/category': 'breach-account', '/lines/1/category': 'breach-account', '/lines/2/category': 'breach-account' });
const told = async (share: string): Promise<ShareTold> => (await at(POLICE).get(`/v1/shares/${share}`)).json as ShareTold;
const stateOf = async (share: string): Promise<string[]> => [...new Set((await told(share)).transfers.map(({ state }) => state))];
const until = (share: string, state: string) => eventually(async () => (await stateOf(share)).join() === state);
const planned = async ({ manifest, lines }: Composed): Promise<PlanAnswer> => {
  const { lines: _digests, ...proposed } = JSON.parse(manifest.toString()) as Record<string, unknown>;
  return (await at(POLICE).post('/v1/share-plans', { manifest: proposed, lines: lines.map((line) => JSON.parse(line) as unknown) })).json as PlanAnswer;
};
const suspension = async () => (await breachCase(at(POLICE), breach.breach)).suspensions.at(-1);
const others = async () => (await example.world.db.owner.query<{ agency: string }>(`select agency from waybill.membership where agreement = 'llr' and status = 'active' and agency <> $1 order by agency`, [POLICE])).rows.map(({ agency }) => agency);

/** Suspends upon a case of its own, as sharing goes on under the last. */
async function suspend(): Promise<void> {
  breach = await reportBreach(example.world, at(COUNCIL), { shares: [lost], recipients: [CHARITY] });
  const [inWriting, evidence] = [(await example.send(inCase())).share.id, (await example.send(inCase())).share.id];
  await stated(example.world, at(POLICE), breach.breach, 'suspended', { inWriting, evidence, reasons: ['security-not-mended'] });
}

test('LLR BR-20: what happened in words is a sealed part that travels in the breach lane, ahead of all else, to those who have a part in the case and to nobody else', async () => {
  const { receipt } = await example.send(inCase());
  expect(receipt.transfers.map(({ lane }) => lane)).toEqual(['breach', 'breach']);
  const outside = await example.compose({ ...inCase(), '/lines/2/recipient': { agency: HOSPITALS, contact: 'safeguarding-nurses' } });
  const answer = await at(POLICE).submit(outside);
  expect([answer.status, (answer.json as { struckOff: { recipient: { agency: string }; reasons: { code: string }[] }[] }).struckOff.map(({ recipient, reasons }) => [recipient.agency, reasons.map(({ code }) => code)])]).toEqual([202, [[HOSPITALS, ['NOT_IN_CASE']]]]);
  const strange = await at(POLICE).submit(await example.compose(inCase({ ...breach, breach: '01890a5d-ac96-774b-bcce-b302099a8057' })));
  expect(codesOf(strange)).toContain('BREACH_UNKNOWN');
});

test('LLR SU-02: without a written statement and evidence of its own in the case nobody suspends anything, and nobody is told of it', async () => {
  const { share } = await example.send(inCase());
  for (const [named, code] of [[{ inWriting: lost, evidence: share.id }, 'SUSPENDED_WITHOUT_WRITING'], [{ inWriting: share.id, evidence: lost }, 'SUSPENDED_WITHOUT_EVIDENCE']] as const) {
    expect(codesOf(await stateBreach(example.world, at(POLICE), breach.breach, 'suspended', { ...named, reasons: ['security-not-mended'] }))).toEqual([code]);
  }
  expect(codesOf(await stateBreach(example.world, at(POLICE), breach.breach, 'suspended', { inWriting: share.id, reasons: ['security-not-mended'] }))).toContain('STATEMENT_INCOMPLETE');
  const nearly = await reportBreach(example.world, at(COUNCIL), { shares: [lost], nearMiss: true });
  const [writing, proof] = [(await example.send(inCase(nearly))).share.id, (await example.send({ ...inCase(nearly), '/lines/2': null })).share.id];
  expect(codesOf(await stateBreach(example.world, at(POLICE), nearly.breach, 'suspended', { inWriting: writing, evidence: proof, reasons: ['security-not-mended'] }))).toEqual(['NOTHING_BREACHED']);
  expect((await breachCase(at(POLICE), breach.breach)).suspensions).toEqual([]);
  expect((await at(HOSPITALS).get(`/v1/breaches/${breach.breach}`)).status).toBe(404);
});

test('LLR SU-01, SU-02: any party suspends the agreement upon a case; every signatory is told in the same step, in writing and with the evidence, and whether it was read is tracked', async () => {
  const [inWriting, evidence] = [(await example.send(inCase())).share.id, (await example.send(inCase())).share.id];
  expect(await stated(example.world, at(POLICE), breach.breach, 'suspended', { inWriting, evidence, reasons: ['security-not-mended'] })).toBe('open');
  const now = await breachCase(at(HOSPITALS), breach.breach);
  expect(now.notices.filter(({ wave }) => wave === 'suspension').map(({ agency }) => agency).sort()).toEqual(await others());
  expect(now.suspensions).toEqual([expect.objectContaining({ by: POLICE, scope: 'whole-agreement', inWriting, evidence, withoutWriting: (await others()).filter((agency) => agency !== COUNCIL && agency !== CHARITY) })]);
  const { beganAt = '', endsAt = '', meetBy = '' } = now.suspensions[0] ?? {};
  expect([(Date.parse(endsAt) - Date.parse(beganAt)) / DAY, (Date.parse(meetBy) - Date.parse(beganAt)) / DAY]).toEqual([30, 14]);
  for (const controller of [HOSPITALS, 'ministry-of-justice', 'leicestershire-chief-constable']) expect(await entriesOfCase(example.world, controller, breach.breach)).toContainEqual(expect.objectContaining({ kind: 'agreement-suspended', by: POLICE, inWriting, evidence, endsAt }));
  await stated(example.world, at(HOSPITALS), breach.breach, 'read');
  expect((await breachCase(at(POLICE), breach.breach)).notices.find(({ agency, wave }) => agency === HOSPITALS && wave === 'suspension')?.readAt).toMatch(/Z$/);
  expect(codesOf(await stateBreach(example.world, at(COUNCIL), breach.breach, 'suspended', { inWriting, evidence, reasons: ['security-not-mended'] }))).toContain('SUSPENDED_ALREADY');
});

describe('while it is suspended', () => {
  let waiting: string[];

  test('LLR SU-01: no share and no request under it leaves the queue, and each sender is told at once that it is NOT delivered, with the number to ring', async () => {
    const first_ = await example.send();
    // Its sender knows before and when it sends, and so does whoever only plans.
    expect(first_.receipt.warnings).toContainEqual(expect.objectContaining({ code: 'AGREEMENT_SUSPENDED', clauses: ['SU-01', 'SU-04'], cause: 'whole-agreement', standsOn: 'clause', next: expect.stringContaining('NOT delivered') }));
    expect((await planned(first_.share)).warnings).toContainEqual(expect.objectContaining({ code: 'AGREEMENT_SUSPENDED' }));
    waiting = [first_.share.id, (await example.send()).share.id];
    const { share } = await example.ask({ '/manifest/asks': { type: 'enquiry', categories: [{ category: 'health', needToKnow: 'protects-from-harm' }] }, '/lines/1/category': 'question', '/lines/0/category': 'question', '/lines/2': null });
    waiting.push(share.id);
    for (const id of waiting) await until(id, 'held');
    const { transfers: [first] } = await told(waiting[0] as string);
    expect(first).toMatchObject({ state: 'held', ring: { telephone: expect.stringMatching(/^\+44/), because: 'agreement-suspended' }, events: expect.arrayContaining([expect.objectContaining({ kind: 'held', detail: 'agreement-suspended' })]) });
    const { items } = (await at(POLICE).get('/v1/duties?limit=100')).json as { items: { kind: string; says: string; transfer: string; closings: { because: string }[] }[] };
    const duty = items.find(({ kind, transfer }) => kind === 'not-delivered' && transfer === first?.transfer);
    expect(duty?.says).toMatch(/^NOT delivered/);
    expect(duty?.closings.map(({ because }) => because)).toEqual(['shared-anew', 'told-otherwise', 'not-shared', 'can-wait']);
    expect(await example.world.db.owner.query(`select from waybill.outbox o join waybill.transfer t on t.id = o.transfer where t.state = 'held'`)).toMatchObject({ rowCount: 0 });
    expect(((await at(COUNCIL).get('/v1/mailbox?limit=100')).json as { items: { share: string }[] }).items.filter((item) => waiting.includes(item.share))).toEqual([]);
    expect((await at(COUNCIL).get(`/v1/mailbox/${first?.transfer ?? ''}`)).json).toMatchObject({ code: 'TRANSFER_HELD' });
  });

  test('LLR SU-04: a share on which a life hangs goes on, with a power and a second person; one without waits. What is about the breach, and looking into the register, never stops', async () => {
    const emergency = { '/manifest/urgency': 'emergency' };
    const goesOn = await example.send({ ...emergency, '/lines/4/secondDecider': 'governance' });
    await until(goesOn.share.id, 'available');
    const alone = await example.send(emergency);
    await until(alone.share.id, 'held');
    expect([goesOn, alone].map(({ receipt: { warnings = [] } }) => warnings.some(({ code }) => code === 'AGREEMENT_SUSPENDED'))).toEqual([false, true]);
    await until((await example.send(inCase())).share.id, 'available');
    expect((await at(COUNCIL).get('/v1/register/entries?limit=1')).status).toBe(200);
    await stated(example.world, at(COUNCIL), breach.breach, 'phase', { facts: { causes: ['device-lost'] } });
    await reportBreach(example.world, at(COUNCIL));
  });

  test('LLR SU-03 MT-11: a representative of each organisation meets within fourteen days; who has not met is overdue then, and a meeting that resolves so lifts it early: the queue goes on in its order', async () => {
    const meeting = await dutiesOfCase(example.world, breach.breach, 'meet-about-suspension');
    expect(meeting.map(({ owner }) => owner)).toEqual([...(await others()), POLICE].sort());
    expect(meeting.every(({ due_at: due, opened_at: opened }) => due.getTime() - opened.getTime() === 14 * DAY)).toBe(true);
    await stated(example.world, at(HOSPITALS), breach.breach, 'met', { outcome: 'continue', attended: [HOSPITALS, COUNCIL] });
    expect((await dutiesOfCase(example.world, breach.breach, 'meet-about-suspension')).filter(({ open }) => !open).map(({ owner }) => owner)).toEqual([COUNCIL, HOSPITALS]);
    expect(await suspension()).not.toHaveProperty('endedAt');
    await stated(example.world, at(COUNCIL), breach.breach, 'met', { outcome: 'resume', attended: [COUNCIL, POLICE, CHARITY] });
    expect(await suspension()).toMatchObject({ endedBecause: 'meeting' });
    for (const id of waiting) await until(id, 'available');
    const { rows } = await example.world.db.owner.query<{ share: string }>(`select distinct on (o.at, t.share) t.share from waybill.event o join waybill.transfer t on t.id = o.transfer where o.kind = 'resumed' and t.share = any($1)`, [waiting]);
    expect(new Set(rows.map(({ share }) => share))).toEqual(new Set(waiting));
    const order = (await example.world.db.owner.query<{ share: string }>(`select t.share from waybill.event o join waybill.transfer t on t.id = o.transfer where o.kind = 'available' and t.share = any($1) order by o.seq`, [waiting])).rows.map(({ share }) => share);
    expect([...new Set(order)]).toEqual(waiting);
    expect((await told(waiting[0] as string)).transfers[0]).not.toHaveProperty('ring');
    expect(await entriesOfCase(example.world, HOSPITALS, breach.breach)).toContainEqual(expect.objectContaining({ kind: 'agreement-resumed', because: 'meeting' }));
  });

  test('LLR SU-04: upon the same case it is not suspended again', async () => {
    const [inWriting, evidence] = [(await example.send(inCase())).share.id, (await example.send(inCase())).share.id];
    expect(codesOf(await stateBreach(example.world, at(POLICE), breach.breach, 'suspended', { inWriting, evidence, reasons: ['security-not-mended'] }))).toEqual(['SUSPENSION_NOT_RENEWED']);
  });
});

test('LLR SU-01, SU-03, SU-04: whoever has not met within fourteen days is overdue; on the thirty-first day it has ended by itself, and what waited for thirty days still goes', async () => {
  await suspend();
  const as = (scope: string, by: string) => example.world.db.owner.query('update waybill.suspension set scope = $2, by = $3 where breach = $1', [breach.breach, scope, by]);
  // The other reading of the text, one switch away: only what goes from and to whoever suspended it waits.
  await as('own-participation', HOSPITALS);
  await until((await example.send()).share.id, 'available');
  await as('own-participation', POLICE);
  const own = (await example.send()).share;
  await until(own.id, 'held');
  await as('whole-agreement', POLICE);
  const id = (await example.send()).share.id;
  await until(id, 'held');
  example.world.clock.advance(29 * DAY);
  await eventually(async () => (await dutiesOfCase(example.world, breach.breach, 'meet-about-suspension')).every(({ step }) => step >= 4));
  expect(await stateOf(id)).toEqual(['held']);
  expect((await at(POLICE).get('/v1/duties?limit=100')).json).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ kind: 'meet-about-suspension', overdue: true })]) });
  example.world.clock.advance(DAY);
  await until(id, 'available');
  expect(await suspension()).toMatchObject({ endedBecause: 'time' });
  for (const controller of [HOSPITALS, 'leicestershire-chief-constable']) expect(await entriesOfCase(example.world, controller, breach.breach)).toContainEqual(expect.objectContaining({ kind: 'agreement-resumed', because: 'time' }));
});
