import { readFileSync } from 'node:fs';
import { settleAgreements } from '#partnership/in-force';
import { DAY, day } from '#platform/clock';
import { loadAgreement } from '#policy/load';
import type { Agreement } from '#policy/agreement';
import { withNeeds } from '#policy/speaking';
import { Register } from '#register/register';
import { reviewStanding } from '#policy/reviewing';
import { agreementTold, dutiesOfAgreement, lookedAfter, reportOf, stateOfAgreement } from '../world/agreements';
import { Example } from '../world/example';
import { expectProblem } from '../journeys/referral';
import { reportBreach } from '../world/breaches';
import { takenIn } from '../world/matters';
import type { TestPartner } from '../world/partner';

// The life of an agreement: reviewed by whom and when, changed with whose approval, and what it comes to in numbers.

/** The profile with another version, as somebody proposes it. */
function proposed(id: string, change: (text: string) => string = (text) => text): Agreement {
  const text = change(readFileSync(`deploy/agreements/${id}/agreement.yaml`, 'utf8').replace(/^version: .*$/m, "version: 'next'"));
  const loading = loadAgreement({ file: 'agreement.yaml', text });
  if (!loading.ok) throw new Error(JSON.stringify(loading.errors));
  return loading.agreement;
}

describe.each([
  ['wirral', 'WIR RV-01', { state: 'overdue', dueOn: '2021-07-01' }],
  ['solihull', 'SOL RV-02', { state: 'not-dated' }],
  ['llr', 'LLR RV-03', { state: 'overdue', dueOn: '2024-04-01', because: expect.stringContaining('can also be read') }],
  ['worcestershire', 'WOR RV-04', { state: 'upon-event' }],
  ['nwadcs', 'NWADCS RV-05', { state: 'not-asked' }],
] as const)('%s', (id, _rows, stands) => {
  let example: Example;
  let parties: TestPartner[];
  let reviewers: string[];
  let entryOf: ReadonlyMap<string, string>;
  const settle = (agreement: Agreement) => settleAgreements({ database: example.world.system.database('gateway'), register: new Register(), clock: example.world.clock }, new Map([[id, agreement]]));
  const state = (who: TestPartner, kind: string, more: Record<string, unknown> = {}) => stateOfAgreement(example.world, who, id, kind, more);
  const today = () => day(example.world.clock.now());

  beforeAll(async () => {
    example = await Example.open(id);
    const rows = (await example.world.db.owner.query<{ agency: string; entry: string }>(`select agency, entry from waybill.membership where agreement = $1 and status = 'active' order by 1`, [id])).rows;
    entryOf = new Map(rows.map(({ agency, entry }) => [agency, entry]));
    parties = rows.map(({ agency }) => example.world.partner(agency));
    ({ review: { reviewers } } = await agreementTold(parties[0] as TestPartner, id));
  });
  afterAll(() => example?.close());
  const reviewer = (): TestPartner => example.world.partner(reviewers[0] as string);

  const NAMES: Record<string, string> = {
    wirral: 'WIR RV-01: loaded as it is, its review is overdue since July 2021 and shown so; the statutory partners have the duty, and sharing goes on',
    solihull: 'SOL RV-02: its text bears no date, which the parties are asked for; from it the first review is counted in six months, the next in twelve',
    llr: 'LLR RV-03: a year after it began, and then every two; that the text can be read otherwise is shown; overdue, and sharing goes on',
    worcestershire: 'WOR RV-04: it stays in place without a day of review until a change in the law is found, and no duty is open before',
    nwadcs: 'NWADCS RV-05: its text asks for no review, and nobody owes one',
  };
  test(NAMES[id] as string, async () => {
    expect((await agreementTold(parties[0] as TestPartner, id)).review).toMatchObject(stands);
    await lookedAfter(example.world);
    await lookedAfter(example.world);
    const kind = { overdue: 'review-agreement', 'not-dated': 'date-agreement' }[stands.state as string];
    expect((await dutiesOfAgreement(example.world, id)).filter((duty) => !duty.endsWith('confirm-needs'))).toEqual(kind ? reviewers.map((agency) => `${agency} ${kind}`) : []);
    if (id === 'wirral') expect(reviewers).toEqual(parties.map(({ agency }) => agency).filter((agency) => ['council', 'police', 'health-commissioner'].includes(entryOf.get(agency) ?? '')));
    if (kind === 'review-agreement') expect((await example.world.db.owner.query('select due_at, opened_at from waybill.duty where agreement = $1 and kind = $2 limit 1', [id, kind])).rows.map(({ due_at: due, opened_at: opened }) => due.getTime() - opened.getTime())).toEqual([30 * DAY]);
    expect((await example.send()).receipt.transfers.length).toBeGreaterThan(0);
    if (kind !== 'date-agreement') return;
    expect((await state(reviewer(), 'dated', { on: today() })).status).toBe(200);
    const sixMonths = reviewStanding(example.world.agreement, { dated: today() }, example.world.clock.now());
    expect((await agreementTold(reviewer(), id)).review).toMatchObject(sixMonths);
    expect(Math.round((Date.parse(sixMonths.dueOn ?? '') - Date.parse(today())) / DAY / 30.5)).toBe(6);
    expect(await dutiesOfAgreement(example.world, id)).toEqual([]);
  });

  const tag = { wirral: 'WIR', solihull: 'SOL', llr: 'LLR', worcestershire: 'WOR', nwadcs: 'NWADCS' }[id];
  const REVIEWED: Record<string, string> = { wirral: 'RV-01 RV-04', solihull: 'RV-02 RV-04', llr: 'RV-03 RV-04', worcestershire: 'RV-04', nwadcs: 'RV-04' };
  test(`${tag} ${REVIEWED[id]}: whoever reviews it states the day and what it came to, which closes what is due; the next is counted from there, and a change in the law raises one at once`, async () => {
    const bent: [string, Record<string, unknown>, string][] = [
      ['reviewed', { on: today() }, 'AGREEMENT_STATEMENT_INCOMPLETE'], ['reviewed', { on: today(), outcome: 'fine' }, 'AGREEMENT_CODE_UNKNOWN'],
      ['reviewed', { on: day(new Date(example.world.clock.now().getTime() + 3 * DAY)), outcome: 'in-order' }, 'NOT_YET'], ['law-changed', {}, 'AGREEMENT_STATEMENT_INCOMPLETE'],
    ];
    for (const [kind, more, code] of bent) expectProblem(await state(reviewer(), kind, more), 422, code);
    for (const who of parties.filter(({ agency }) => !reviewers.includes(agency)).slice(0, 1)) expectProblem(await state(who, 'reviewed', { on: today(), outcome: 'in-order' }), 422, 'NOT_YOURS_TO_STATE');
    expect((await state(reviewer(), 'reviewed', { on: today(), outcome: 'amend' })).status).toBe(200);
    expect((await dutiesOfAgreement(example.world, id)).filter((duty) => duty.endsWith('amend-agreement')).length).toBeGreaterThan(0);
    expect(await dutiesOfAgreement(example.world, id)).not.toContainEqual(expect.stringMatching(/review-agreement/));
    const after = (await agreementTold(reviewer(), id)).review;
    expect(after).toMatchObject({ ...reviewStanding(example.world.agreement, { reviewed: today() }, example.world.clock.now()), lastOn: today() });
    expect(after.state).toBe({ worcestershire: 'upon-event', nwadcs: 'not-asked' }[id as string] ?? 'scheduled');
    expect(Math.round((Date.parse(after.dueOn ?? today()) - Date.parse(today())) / DAY / 365)).toBe({ wirral: 1, solihull: 1, llr: 2 }[id as string] ?? 0);
    // Any party may find it.
    example.world.clock.advance(DAY);
    expect((await state(parties.at(-1) as TestPartner, 'law-changed', { on: today() })).status).toBe(200);
    expect((await agreementTold(reviewer(), id)).review).toMatchObject({ state: 'law-changed', dueOn: today() });
    expect((await dutiesOfAgreement(example.world, id)).filter((duty) => duty.endsWith('review-agreement'))).toEqual(reviewers.map((agency) => `${agency} review-agreement`));
    example.world.clock.advance(DAY);
    expect((await state(reviewer(), 'reviewed', { on: today(), outcome: 'in-order' })).status).toBe(200);
    const own = (await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where kind = 'agreement-stated' order by id`)).rows.map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>);
    expect(own.map(({ stated, outcome }) => [stated, outcome])).toEqual(expect.arrayContaining([['reviewed', 'amend'], ['law-changed', undefined], ['reviewed', 'in-order']]));
  });

  if (id === 'llr') {
    test('LLR RV-08: a party with needs of its own is asked at each review whether they are the same, and says so once; nobody else can', async () => {
      const [own] = withNeeds(example.world.agreement, parties.map(({ agency }) => ({ agency, entry: entryOf.get(agency) ?? '', posts: [] })));
      expect(own).toBeDefined();
      const asked = async () => (await dutiesOfAgreement(example.world, id)).filter((duty) => duty.endsWith('confirm-needs'));
      expect(await asked()).toEqual([`${own} confirm-needs`]);
      const other = parties.find(({ agency }) => agency !== own) as TestPartner;
      expectProblem(await state(other, 'needs-confirmed', { outcome: 'unchanged' }), 422, 'NOT_YOURS_TO_STATE');
      expect((await state(example.world.partner(own as string), 'needs-confirmed', { outcome: 'unchanged' })).status).toBe(200);
      await lookedAfter(example.world);
      expect(await asked()).toEqual([]);
      // Asked again when the next review comes.
      for (const [kind, more] of [['reviewed', { outcome: 'in-order' }], ['law-changed', {}]] as const) {
        example.world.clock.advance(DAY);
        expect((await state(reviewer(), kind, { on: today(), ...more })).status).toBe(200);
      }
      await lookedAfter(example.world);
      expect(await asked()).toEqual([`${own} confirm-needs`]);
    });
  }

  const APPROVED: Partial<Record<typeof id, string>> = {
    wirral: 'WIR RV-05: another version comes into force once each statutory partner has approved it by its digest; until then the one before goes on, and no other party’s word counts',
    solihull: 'SOL RV-05: another version comes into force once each party has approved it in writing; who is only consulted has no say',
    nwadcs: 'NWADCS RV-05: another version comes into force once the co-ordinator has dealt with it',
  };
  const approval = APPROVED[id];
  if (approval) {
    test(approval, async () => {
      const next = proposed(id);
      expect((await settle(next)).served.get(id)?.version).toBe(example.world.agreement.version);
      const waits = (await agreementTold(parties[0] as TestPartner, id)).versions.find(({ digest }) => digest === next.digest);
      const approvers = waits?.awaits ?? [];
      expect([waits?.version, approvers.length > 0]).toEqual(['next', true]);
      const kinds = new Map(example.world.agreement.terms['agreement.partyList'].value.map(({ entry, kind }) => [entry, kind]));
      const kindOf = (agency: string) => kinds.get(entryOf.get(agency) ?? '');
      if (id === 'wirral') expect(approvers).toEqual(parties.map(({ agency }) => agency).filter((agency) => kindOf(agency) === 'statutory-partner'));
      if (id === 'solihull') expect(approvers).toEqual(parties.map(({ agency }) => agency).filter((agency) => kindOf(agency) !== 'consulted'));
      await lookedAfter(example.world);
      expect((await dutiesOfAgreement(example.world, id)).filter((duty) => duty.endsWith('approve-amendment'))).toEqual(approvers.map((agency) => `${agency} approve-amendment`));
      const approve = (agency: string, more: Record<string, unknown> = {}) => state(example.world.partner(agency), 'approved', { version: 'next', digest: next.digest, ...more });
      expectProblem(await approve(approvers[0] as string, { digest: 'ab'.repeat(32) }), 422, 'VERSION_NOT_WAITING');
      for (const other of parties.map(({ agency }) => agency).filter((agency) => !approvers.includes(agency)).slice(0, 1)) expectProblem(await approve(other), 422, 'NOT_YOURS_TO_STATE');
      for (const agency of approvers) {
        expect((await settle(next)).served.get(id)?.version).toBe(example.world.agreement.version);
        expect((await approve(agency)).status).toBe(200);
      }
      expect((await dutiesOfAgreement(example.world, id)).filter((duty) => duty.endsWith('approve-amendment'))).toEqual([]);
      example.world.clock.advance(DAY);
      const settled = await settle(next);
      expect([settled.served.get(id)?.version, settled.waiting]).toEqual(['next', []]);
      const controllers = (await example.world.db.owner.query<{ controller: string }>(`select distinct controller from waybill.entry where kind = 'agreement-amended' order by 1`)).rows.map(({ controller }) => controller);
      const all = (await example.world.db.owner.query<{ controller: string }>(`select distinct a.controller from waybill.membership m join waybill.agency a on a.id = m.agency where m.agreement = $1 and m.status = 'active' order by 1`, [id])).rows.map(({ controller }) => controller);
      expect(controllers).toEqual(all);
      // Whoever is given the old one again goes on with what was approved.
      expect((await settle(example.world.agreement)).served.get(id)?.version).toBe('next');
      // A version that asks for nobody's approval does not let itself in.
      const lawless = proposed(id, (text) => text.replace("version: 'next'", 'version: lawless').replace(/^  amendRule: .*$/m, ''));
      expect((await settle(lawless)).served.get(id)?.version).toBe('next');
    });
  } else {
    test(`where ${id} says nothing of changes, another version is in force at once, and stands in every party’s register`, async () => {
      example.world.clock.advance(DAY);
      expect((await settle(proposed(id))).served.get(id)?.version).toBe('next');
    });
  }

  if (id !== 'nwadcs' && id !== 'worcestershire') {
    test(`${tag} RV-07${id === 'llr' ? '' : ' RV-09'}: the report of the agreement counts shares, timeliness, refusals, requests, breaches and what is overdue over all parties, for its monitoring body; of nobody anything, and no small number`, async () => {
      for (let n = 0; n < 5; n += 1) {
        const { share, receipt } = await example.send();
        const recipient = receipt.transfers[0]?.recipient.agency ?? '';
        await takenIn(example.world.partner(recipient), share, receipt.manifestDigest);
        expectProblem(await example.sender.submit(await example.compose({ '/manifest/purpose': null })), 422, 'NO_PURPOSE');
        await reportBreach(example.world, example.sender, { shares: [share.id] });
      }
      // What came for the next review is a lesson; what is due is late a month on.
      example.world.clock.advance(40 * DAY);
      await lookedAfter(example.world);
      const report = await reportOf(parties.at(-1) as TestPartner, id);
      expect(report).toMatchObject({ agreement: id, monitoringBody: example.world.agreement.terms['agreement.monitoringBody']?.value, review: { reviewers } });
      const of = (measure: string) => report.figures.filter((figure) => figure.measure === measure);
      expect(of('shares')).toEqual([expect.objectContaining({ count: expect.any(Number) })]);
      expect(of('shares')[0]?.count).toBeGreaterThanOrEqual(5);
      expect(of('timeliness')).toEqual([expect.objectContaining({ code: 'within-hour', count: 5 })]);
      expect(of('refused-shares')).toContainEqual(expect.objectContaining({ code: 'NO_PURPOSE', count: 5 }));
      expect(of('breaches')).toEqual([expect.objectContaining({ count: 5 })]);
      expect(of('overdue').length).toBeGreaterThan(0);
      for (const figure of report.figures) expect([figure.code, (figure.count ?? 5) >= 5, figure.count === undefined ? figure.withheld : undefined]).toEqual([figure.code, true, figure.count === undefined ? 'small-number' : undefined]);
      for (const { agency } of parties.filter(({ agency }) => !reviewers.includes(agency))) expect(JSON.stringify(report)).not.toContain(agency);
      // Counted again, nothing is counted twice.
      await lookedAfter(example.world);
      expect((await reportOf(parties[0] as TestPartner, id)).figures).toEqual(report.figures);
      const outside = await (parties[0] as TestPartner).get('/v1/agreements/none-such/report');
      expectProblem(outside, 404, 'NOT_FOUND');
    });
  }
});
