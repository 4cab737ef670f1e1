import { DAY } from '#platform/clock';
import type { Receipt } from '#protocol/answers';
import type { RightsReceipt } from '#protocol/rights-answers';
import type { TestPartner, Answer, Composed } from '../world/partner';
import { Example } from '../world/example';
import { answerMatter, matterAt, putMatter, recordRights, stateRights, takenIn } from '../world/matters';

// What follows a share when somebody uses a right over it, or it turns out to be wrong. Each agreement in its own words.

const AGREEMENTS = { nwadcs: 'NWADCS', wirral: 'WIR', worcestershire: 'WOR', solihull: 'SOL', llr: 'LLR' } as const;
/** A consent that would carry it. */
const CONSENTED = { '/manifest/consent': { status: 'obtained', on: '2026-02-01', expires: '2099-12-31', evidence: 'written', by: 'person', couldRefuse: true, limited: false, competent: true } };
const CONSIDERED = ['serious-harm', 'child-abuse-data', 'crime', 'third-party'];
const codesOf = (answer: Answer): string[] => (answer.json.reasons as { code: string }[] | undefined)?.map(({ code }) => code) ?? [];

/** A share that has arrived, and who has it. */
interface Arrived {
  share: Composed;
  receipt: Receipt;
  recipient: TestPartner;
  transfer: string;
}

async function arrived(example: Example, changes: Record<string, unknown> = {}): Promise<Arrived> {
  const { share, receipt } = await example.send(changes);
  const [first] = receipt.transfers;
  if (!first) throw new Error('went to nobody');
  const recipient = example.world.partner(first.recipient.agency);
  const { transfer } = await takenIn(recipient, share, receipt.manifestDigest);
  return { share, receipt, recipient, transfer };
}

const entries = (example: Example, agency: string, kind: string): Promise<Record<string, unknown>[]> => example.recordedBy(agency, kind);

for (const [agreement, tag] of Object.entries(AGREEMENTS)) {
  describe(agreement, () => {
    let example: Example;
    let it: Arrived;
    beforeAll(async () => {
      example = await Example.open(agreement);
      it = await arrived(example);
    });
    afterAll(() => example.close());

    const record = (right: string, fields: Record<string, unknown> = {}) => recordRights(example.world, it.recipient, right, [it.transfer], { fields });
    const close = (rightsRequest: string, item: Record<string, unknown>, more: Record<string, unknown> = {}) => stateRights(example.world, it.recipient, rightsRequest, 'closed', { items: [{ transfer: it.transfer, ...item }], ...more });

    test(`${tag} RR-01: somebody who uses a right is on record with whoever got the request, with the transfers concerned and the day on which the law's time is over, and in nobody else's register`, async () => {
      const answer = await record('access');
      expect([answer.status, answer.body.toString()]).toEqual([201, answer.body.toString()]);
      const receipt = answer.json as RightsReceipt;
      expect(receipt).toMatchObject({ law: expect.stringContaining('Articles 12(3) and 15'), items: [{ named: true, transfer: it.transfer, side: 'recipient', other: example.sender.agency }] });
      const days = (Date.parse(receipt.dueAt) - example.world.clock.now().getTime()) / DAY;
      expect(days).toBeGreaterThan(28);
      expect(days).toBeLessThan(38);
      const [own] = await entries(example, it.recipient.agency, 'rights-request-received');
      expect(own).toMatchObject({ right: 'access', transfers: [it.transfer], dueAt: receipt.dueAt, requester: 'person', subjectReference: 'WQ-2041' });
      expect(await entries(example, example.sender.agency, 'rights-request-received')).toEqual([]);
      expect((await example.sender.get(`/v1/rights-requests/${receipt.rightsRequest}`)).status).toBe(404);
    });

    test(`${tag} RR-03: ${agreement === 'llr' ? 'whoever provided it is consulted at once; nothing is answered before its view is there or late, and what the view weighed is on record with both' : 'nobody is consulted whom the agreement does not want consulted: its own process answers'}`, async () => {
      const { rightsRequest, items: [item] } = (await record('access')).json as RightsReceipt;
      const released = { outcome: 'released', considered: CONSIDERED };
      const marked = item?.doNotTell ? await approver() : {};
      if (agreement !== 'llr') {
        expect(item).not.toHaveProperty('matter');
        const answer = await close(rightsRequest, released, marked);
        expect([answer.status, answer.body.toString()]).toEqual([200, answer.body.toString()]);
        return;
      }
      expect(codesOf(await close(rightsRequest, { ...released, weight: 'none-given' }, marked))).toEqual(['VIEW_AWAITED']);
      const { matter } = await matterAt(example.sender, 'consultation', it.transfer);
      const view = await answerMatter(example.world, example.sender, item?.matter ?? '', 'objects', { fields: { reason: 'identifies-referrer' } });
      expect([view.status, matter === item?.matter || matter !== undefined]).toEqual([200, true]);
      expect(codesOf(await close(rightsRequest, released, marked))).toEqual(['WEIGHT_NOT_RECORDED']);
      const closed = await close(rightsRequest, { outcome: 'withheld', exemption: 'third-party', considered: CONSIDERED, weight: 'followed' });
      expect([closed.status, closed.body.toString()]).toEqual([200, closed.body.toString()]);
      expect(await entries(example, example.sender.agency, 'consultation-weighed')).toContainEqual(expect.objectContaining({ matter: item?.matter, weight: 'followed', outcome: 'withheld' }));
      expect(await entries(example, it.recipient.agency, 'rights-request-closed')).toContainEqual(expect.objectContaining({ rightsRequest, items: [expect.objectContaining({ weight: 'followed', exemption: 'third-party' })] }));
      // A view that does not come in time keeps nobody from answering the person.
      const next = (await record('objection')).json as RightsReceipt;
      example.world.clock.advance(21 * DAY);
      expect((await close(next.rightsRequest, { outcome: 'unchanged', exemption: 'statutory-functions', weight: 'none-given' })).status).toBe(200);
    });

    if (agreement !== 'nwadcs') {
      test(`${tag} PV-08: what was wrong is put right at its recipient: what, the right value in sealed words and where it is from; the recipient applies it or says why not, and both registers keep both`, async () => {
        const category = 'names';
        const put = await putMatter(example.world, example.sender, 'correction', it.transfer, { fields: { categories: [category], wrong: ['wrong-value'], source: 'official-document' }, words: 'born a year later', to: [it.recipient] });
        expect([put.status, put.body.toString()]).toEqual([201, put.body.toString()]);
        const { matter } = put.json as { matter: string };
        expect(await duties(it.recipient.agency)).toContain('apply-correction');
        expect(codesOf(await answerMatter(example.world, it.recipient, matter, 'not-applied'))).toEqual(['ANSWER_WITHOUT_REASON']);
        expect((await answerMatter(example.world, it.recipient, matter, 'not-applied', { fields: { reason: 'own-record-differs' } })).status).toBe(200);
        for (const agency of [example.sender.agency, it.recipient.agency]) {
          expect(await entries(example, agency, 'matter-put')).toContainEqual(expect.objectContaining({ matter, about: 'correction', wrong: ['wrong-value'], source: 'official-document' }));
          expect(await entries(example, agency, 'matter-answered')).toContainEqual(expect.objectContaining({ matter, answer: 'not-applied', reason: 'own-record-differs' }));
        }
      });
    }

    if (agreement === 'wirral' || agreement === 'solihull') {
      test(`${tag} RR-02: a partner asks another for help in answering somebody who uses a right, by a day, and has its answer`, async () => {
        const { rightsRequest } = (await record('access')).json as RightsReceipt;
        const put = await putMatter(example.world, it.recipient, 'assistance', it.transfer, { fields: { right: 'access', rightsRequest }, words: 'which record is this from?', to: [example.sender] });
        const { matter, dueAt } = put.json as { matter: string; dueAt: string };
        expect([put.status, Date.parse(dueAt) > example.world.clock.now().getTime()]).toEqual([201, true]);
        expect(await duties(example.sender.agency)).toContain('assist-with-right');
        expect((await answerMatter(example.world, example.sender, matter, 'given', { words: 'ours', to: [it.recipient] })).status).toBe(200);
        expect(await duties(example.sender.agency)).not.toContain('assist-with-right');
        for (const agency of [example.sender.agency, it.recipient.agency]) expect(await entries(example, agency, 'matter-answered')).toContainEqual(expect.objectContaining({ matter, about: 'assistance', answer: 'given' }));
      });
    }

    if (agreement !== 'nwadcs') {
      test(`${tag} RR-04: a request of the public is a public authority's, due in twenty working days; ${agreement === 'llr' ? 'whoever provided what it is about is asked, and the authority answers as it sees fit without waiting' : 'whoever provided what it is about is not asked by the gateway'}`, async () => {
        const foi = await record('foi', { requester: 'anybody', identity: undefined });
        expect([foi.status, foi.body.toString()]).toEqual([201, foi.body.toString()]);
        const { rightsRequest, items: [item], dueAt } = foi.json as RightsReceipt;
        expect((Date.parse(dueAt) - example.world.clock.now().getTime()) / DAY).toBeGreaterThanOrEqual(26);
        const withheld = { outcome: 'withheld', exemption: 'foi-personal-data' };
        if (agreement !== 'llr') {
          expect(item).not.toHaveProperty('matter');
          expect((await close(rightsRequest, withheld)).status).toBe(200);
          return;
        }
        expect(item).toHaveProperty('matter');
        expect(codesOf(await close(rightsRequest, withheld))).toEqual(['WEIGHT_NOT_RECORDED']);
        expect((await close(rightsRequest, { ...withheld, weight: 'none-given' })).status).toBe(200);
        const charity = example.world.partner('living-without-abuse');
        expect(codesOf(await recordRights(example.world, charity, 'foi', []))).toEqual(['NOT_A_PUBLIC_AUTHORITY']);
        expect((await recordRights(example.world, charity, 'access', [])).status).toBe(201);
      });
    }

    if (agreement === 'wirral' || agreement === 'solihull' || agreement === 'llr') {
      test(`${tag} LB-10${agreement === 'llr' ? ', RT-13' : ''}: a consent that is withdrawn is told to every recipient, who answers for its copy${agreement === 'llr' ? '; where it was all that the copy stood on, noting it is not enough: it is deleted, and that confirmed to both registers' : ''}`, async () => {
        const consented = await arrived(example, agreement === 'llr' ? { ...CONSENTED, '/manifest/lawfulBasis': '6(1)(a)', '/lines/4/reasons': ['basis-explained'], '/lines/4/wordsDigest': 'a'.repeat(64) } : CONSENTED);
        expect(codesOf(await putMatter(example.world, example.sender, 'consent-withdrawn', it.transfer))).toEqual(['NO_CONSENT_TO_WITHDRAW']);
        const put = await putMatter(example.world, example.sender, 'consent-withdrawn', consented.transfer);
        const { matter } = put.json as { matter: string };
        expect([put.status, put.body.toString()]).toEqual([201, put.body.toString()]);
        expect(await duties(consented.recipient.agency)).toContain('delete-or-keep');
        const noted = await answerMatter(example.world, consented.recipient, matter, 'noted');
        if (agreement !== 'llr') {
          expect(noted.status).toBe(200);
          return;
        }
        expect(codesOf(noted)).toEqual(['DELETION_DEMANDED']);
        expect((await consented.recipient.get(`/v1/matters/${matter}`)).json).toMatchObject({ demandsDeletion: true, answers: [{ answer: 'deleted' }, { answer: 'kept' }] });
        expect((await answerMatter(example.world, consented.recipient, matter, 'deleted')).status).toBe(200);
        expect(await duties(consented.recipient.agency)).not.toContain('delete-or-keep');
        for (const agency of [example.sender.agency, consented.recipient.agency]) {
          expect(await entries(example, agency, 'matter-put')).toContainEqual(expect.objectContaining({ matter, demandsDeletion: true }));
          expect(await entries(example, agency, 'matter-answered')).toContainEqual(expect.objectContaining({ matter, about: 'consent-withdrawn', answer: 'deleted' }));
        }
      });
    }

    const duties = async (agency: string): Promise<string[]> =>
      (await example.world.db.owner.query<{ kind: string }>('select kind from waybill.duty where owner = $1 and closed_at is null', [agency])).rows.map(({ kind }) => kind);

    /** Whoever may approve that what is marked do-not-tell is released, entered for the example's recipient. */
    async function approver(): Promise<Record<string, unknown>> {
      const { rows: [row] } = await example.world.db.owner.query<{ id: string }>(`select id from waybill.contact where agency = $1 and posts && '{data-protection-officer,responsible-manager}' limit 1`, [it.recipient.agency]);
      if (row) return { approver: row.id };
      await example.world.db.owner.query(`update waybill.contact set posts = posts || '{data-protection-officer}' where agency = $1 and id = $2`, [it.recipient.agency, it.recipient.contact]);
      return { approver: it.recipient.contact };
    }
  });
}

describe('Leicester, Leicestershire and Rutland', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open('llr');
  });
  afterAll(() => example.close());
  const [POLICE, CITY, CHARITY] = ['leicestershire-police', 'leicester-city-council', 'living-without-abuse'] as const;
  const at = (agency: string) => example.world.partner(agency);
  const TO_CHARITY = { agency: CHARITY, contact: 'outreach' };
  /** The city council passes on what the police shared, to the charity. */
  const passedOn = (previous: string, more: Record<string, unknown> = {}) => example.compose({
    '/sender': CITY, '/manifest/sender': { agency: CITY, contact: 'safeguarding-team', role: 'social-worker' }, '/manifest/legalGateway': 'care-act-2014-s6', '/manifest/threads': { previous }, '/manifest/consent': { status: 'not-sought', reason: 'not-reasonably-expected', limited: false },
    '/lines/0/recipient': TO_CHARITY, '/lines/3/recipient': TO_CHARITY, '/lines/4/recipient': { agency: CITY, contact: 'safeguarding-team' }, '/lines/4/decider': 'safeguarding-team', '/lines/4/role': 'social-worker', '/lines/2': null, '/lines/1': null, ...more,
  }).then((share) => at(CITY).submit(share));

  test('LLR RR-05: a rectification or erasure at whoever shared it reaches every copy: telling each recipient is a duty until it is done, and each answers', async () => {
    const { share, receipt } = await example.send();
    const transfers = [];
    for (const { recipient } of receipt.transfers) transfers.push((await takenIn(at(recipient.agency), share, receipt.manifestDigest)).transfer);
    const recorded = (await recordRights(example.world, at(POLICE), 'erasure', transfers.slice(0, 1))).json as RightsReceipt;
    const closed = await stateRights(example.world, at(POLICE), recorded.rightsRequest, 'closed', { items: [{ transfer: transfers[0], outcome: 'erased' }] });
    expect(closed).toMatchObject({ status: 200, json: { reaches: [...transfers].sort() } });
    for (const transfer of transfers) {
      const put = await putMatter(example.world, at(POLICE), 'deletion', transfer, { fields: { reason: 'right-to-erasure', rightsRequest: recorded.rightsRequest } });
      expect(put.status).toBe(201);
    }
    const { rows } = await example.world.db.owner.query(`select from waybill.duty where kind = 'reach-recipient' and transfer = any($1) and closed_at is null`, [transfers]);
    expect(rows).toEqual([]);
    const { matter } = await matterAt(at(CITY), 'deletion', transfers[0] ?? '');
    expect((await answerMatter(example.world, at(CITY), matter, 'kept', { fields: { reason: 'statutory-duty' } })).status).toBe(200);
    expect(await entries(example, POLICE, 'matter-answered')).toContainEqual(expect.objectContaining({ matter, answer: 'kept', reason: 'statutory-duty' }));
  });

  test('LLR S11: two copies are concerned when somebody asks for rectification: both providers are consulted, their views weighed, and what is wrong is put right at every recipient and onward recipient, each of which acknowledges', async () => {
    const HOSPITALS = 'university-hospitals-of-leicester';
    const first = await arrived(example);
    const charity = await takenIn(at(CHARITY), first.share, first.receipt.manifestDigest);
    const nurse = { agency: HOSPITALS, contact: 'safeguarding-nurses', role: 'nurse' };
    const fromHospitals = await example.compose({
      '/sender': HOSPITALS, '/manifest/sender': nurse, '/manifest/legalGateway': 'care-act-2014-s6', '/lines/4/recipient': { agency: HOSPITALS, contact: 'safeguarding-nurses' }, '/lines/4/decider': 'safeguarding-nurses', '/lines/4/role': 'nurse', '/lines/2': null,
    });
    const sent = await at(HOSPITALS).submit(fromHospitals);
    expect([sent.status, sent.body.toString()]).toEqual([202, sent.body.toString()]);
    const second = await takenIn(at(CITY), fromHospitals, sent.json.manifestDigest as string);
    const onward = await passedOn(first.share.id);
    expect([onward.status, onward.body.toString()]).toEqual([202, onward.body.toString()]);
    const { share: onwardShare, manifestDigest } = onward.json as Receipt;
    const passed = await takenIn(at(CHARITY), { id: onwardShare } as Composed, manifestDigest);

    // Both consultations are open before anybody has done anything, and nothing is answered before the views are there.
    const recorded = await recordRights(example.world, at(CITY), 'rectification', [first.transfer, second.transfer]);
    const { rightsRequest, items } = recorded.json as RightsReceipt;
    expect(items.map(({ other, matter }) => [other, typeof matter])).toEqual([[POLICE, 'string'], [HOSPITALS, 'string']]);
    const corrected = (weight: string) => stateRights(example.world, at(CITY), rightsRequest, 'closed', { items: items.map(({ transfer }) => ({ transfer, outcome: 'corrected', weight })) });
    expect(codesOf(await corrected('followed')).filter((code) => code === 'VIEW_AWAITED')).toHaveLength(2);
    for (const [agency, item] of [[POLICE, items[0]], [HOSPITALS, items[1]]] as const) {
      expect((await matterAt(at(agency), 'consultation', item?.transfer ?? '')).matter).toBe(item?.matter);
      expect((await answerMatter(example.world, at(agency), item?.matter ?? '', 'no-objection')).status).toBe(200);
    }
    expect(await corrected('followed')).toMatchObject({ status: 200, json: { closedAt: expect.any(String) } });
    for (const agency of [POLICE, HOSPITALS]) expect(await entries(example, agency, 'consultation-weighed')).toContainEqual(expect.objectContaining({ weight: 'followed', outcome: 'corrected' }));

    // Whoever shared it corrects it: what was wrong, the right value in sealed words, where it is from. It hears of every recipient of its own that is left, and of nobody's.
    const put = async (by: string, transfer: string, to: string): Promise<{ matter: string; alsoTo?: string[] }> => {
      const answer = await putMatter(example.world, at(by), 'correction', transfer, { fields: { categories: ['names'], wrong: ['wrong-value'], source: 'subject' }, words: 'spelt otherwise', to: [at(to)] });
      expect([answer.status, answer.body.toString()]).toEqual([201, answer.body.toString()]);
      return answer.json as { matter: string; alsoTo?: string[] };
    };
    const own = await put(POLICE, first.transfer, CITY);
    expect(own.alsoTo).toEqual([charity.transfer]);
    const applied = await answerMatter(example.world, at(CITY), own.matter, 'applied');
    expect(applied).toMatchObject({ status: 200, json: { alsoTo: [passed.transfer] } });
    for (const [by, transfer, to] of [[POLICE, charity.transfer, CHARITY], [CITY, passed.transfer, CHARITY]] as const) {
      expect((await answerMatter(example.world, at(to), (await put(by, transfer, to)).matter, 'applied')).status).toBe(200);
    }
    const transfers = [first.transfer, charity.transfer, passed.transfer];
    for (const [agency, concerned] of [[POLICE, transfers.slice(0, 2)], [CITY, [first.transfer, passed.transfer]], [CHARITY, transfers.slice(1)]] as const) {
      for (const transfer of concerned) {
        expect(await entries(example, agency, 'matter-put')).toContainEqual(expect.objectContaining({ transfer, about: 'correction', wrong: ['wrong-value'], source: 'subject' }));
        expect(await entries(example, agency, 'matter-answered')).toContainEqual(expect.objectContaining({ transfer, about: 'correction', answer: 'applied' }));
      }
    }
    expect((await example.world.db.owner.query('select from waybill.duty d where d.closed_at is null and (d.rights = $1 or (d.kind in ($2, $3) and d.transfer = any($4)))', [rightsRequest, 'reach-recipient', 'apply-correction', transfers])).rows).toEqual([]);

    // A request under freedom of information consults, and closes without a view.
    const foi = (await recordRights(example.world, at(CITY), 'foi', [first.transfer], { fields: { requester: 'anybody', identity: undefined } })).json as RightsReceipt;
    expect(foi.items[0]).toMatchObject({ other: POLICE, matter: expect.any(String) });
    const unseen = await stateRights(example.world, at(CITY), foi.rightsRequest, 'closed', { items: [{ transfer: first.transfer, outcome: 'withheld', exemption: 'foi-personal-data', weight: 'none-given' }] });
    expect([unseen.status, unseen.body.toString()]).toEqual([200, unseen.body.toString()]);

    // Another purpose is held until the provider agrees; to prevent a crime nobody waits, and the provider is told afterwards.
    expect(codesOf(await passedOn(first.share.id, { '/manifest/purpose': 'domestic-abuse' }))).toContain('PURPOSE_CHANGE_NOT_AGREED');
    const urgent = await passedOn(first.share.id, { '/manifest/purpose': 'domestic-abuse', '/manifest/onward': { ground: 'crime', approver: 'governance' } });
    expect([urgent.status, urgent.body.toString()]).toEqual([202, urgent.body.toString()]);
    expect((await matterAt(at(POLICE), 'passed-on', first.transfer)).matter).toEqual(expect.any(String));
    const asked = (await putMatter(example.world, at(CITY), 'approval', first.transfer, { fields: { purpose: 'domestic-abuse', recipients: [CHARITY] } })).json as { matter: string };
    expect((await answerMatter(example.world, at(POLICE), asked.matter, 'agreed', { fields: { approver: 'governance', until: '2099-01-01' } })).status).toBe(200);
    expect((await passedOn(first.share.id, { '/manifest/purpose': 'domestic-abuse' })).status).toBe(202);
  });

  test('LLR PU-02: another use waits for the written agreement of whoever provided it, names who agreed, opens to that purpose and those recipients only, and stands in both registers', async () => {
    const { share, transfer } = await arrived(example);
    const other = { '/manifest/purpose': 'domestic-abuse' };
    const before = await passedOn(share.id, other);
    expect(codesOf(before)).toContain('PURPOSE_CHANGE_NOT_AGREED');
    const put = await putMatter(example.world, at(CITY), 'approval', transfer, { fields: { purpose: 'domestic-abuse', recipients: [CHARITY] } });
    const { matter } = put.json as { matter: string };
    expect([put.status, put.body.toString()]).toEqual([201, put.body.toString()]);
    expect(codesOf(await passedOn(share.id, other))).toContain('PURPOSE_CHANGE_NOT_AGREED');
    expect(codesOf(await answerMatter(example.world, at(POLICE), matter, 'agreed', { fields: { approver: 'nobody-there' } }))).toEqual(['APPROVER_UNKNOWN']);
    expect((await answerMatter(example.world, at(POLICE), matter, 'agreed', { fields: { approver: 'governance', until: '2099-01-01' } })).status).toBe(200);
    const after = await passedOn(share.id, other);
    expect([after.status, after.body.toString()]).toEqual([202, after.body.toString()]);
    for (const agency of [POLICE, CITY]) expect(await entries(example, agency, 'matter-answered')).toContainEqual(expect.objectContaining({ matter, about: 'approval', answer: 'agreed', approver: 'governance', until: '2099-01-01' }));
    const refused = await putMatter(example.world, at(CITY), 'approval', transfer, { fields: { purpose: 'modern-slavery' } });
    expect((await answerMatter(example.world, at(POLICE), (refused.json as { matter: string }).matter, 'not-agreed', { fields: { reason: 'purpose-incompatible' } })).status).toBe(200);
    expect(codesOf(await passedOn(share.id, { '/manifest/purpose': 'modern-slavery' }))).toContain('PURPOSE_CHANGE_NOT_AGREED');
  });

  test('LLR PU-03: on a ground of the agreement nobody waits, and whoever provided it is told in the same instant: to whom, for what, on which ground', async () => {
    const { share, transfer } = await arrived(example);
    const answer = await passedOn(share.id, { '/manifest/purpose': 'domestic-abuse', '/manifest/onward': { ground: 'person-at-risk', approver: 'governance' } });
    expect([answer.status, answer.body.toString()]).toEqual([202, answer.body.toString()]);
    const { matter } = await matterAt(at(POLICE), 'passed-on', transfer);
    for (const agency of [POLICE, CITY]) expect(await entries(example, agency, 'matter-put')).toContainEqual(expect.objectContaining({ matter, about: 'passed-on', by: CITY, purpose: 'domestic-abuse', recipients: [CHARITY], ground: 'person-at-risk' }));
    expect((await answerMatter(example.world, at(POLICE), matter, 'disagrees', { fields: { reason: 'not-necessary' } })).status).toBe(200);
  });
});

describe('Worcestershire', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open('worcestershire');
  });
  afterAll(() => example.close());
  const [TRUST, CHILDREN_FIRST, POLICE] = ['health-and-care-trust', 'worcestershire-children-first', 'west-mercia-police'] as const;
  const at = (agency: string) => example.world.partner(agency);
  const TO_POLICE = { agency: POLICE, contact: 'public-protection' };
  /** The children's service passes on to the police what the trust shared. */
  const passedOn = (previous: string, more: Record<string, unknown> = {}) => example.compose({
    '/sender': CHILDREN_FIRST, '/manifest/sender': { agency: CHILDREN_FIRST, contact: 'family-front-door', role: 'social-worker' }, '/manifest/threads': { previous },
    '/lines/0/recipient': TO_POLICE, '/lines/3/recipient': TO_POLICE, '/lines/4/recipient': { agency: CHILDREN_FIRST, contact: 'family-front-door' }, '/lines/4/decider': 'family-front-door', '/lines/4/role': 'social-worker', '/lines/2': null, '/lines/1': null, ...more,
  }).then((share) => at(CHILDREN_FIRST).submit(share));

  test('WOR PU-05: what was received goes on to nobody until the controller that shared it consents in writing, to this recipient and purpose; both registers hold the consent', async () => {
    const { share, transfer } = await arrived(example);
    expect(codesOf(await passedOn(share.id))).toContain('ONWARD_CONSENT_REQUIRED');
    const { matter } = (await putMatter(example.world, at(CHILDREN_FIRST), 'approval', transfer, { fields: { purpose: 'welfare-and-safeguarding', recipients: [POLICE] } })).json as { matter: string };
    expect((await answerMatter(example.world, at(TRUST), matter, 'agreed', { fields: { approver: 'governance' } })).status).toBe(200);
    const after = await passedOn(share.id);
    expect([after.status, after.body.toString()]).toEqual([202, after.body.toString()]);
    for (const agency of [TRUST, CHILDREN_FIRST]) {
      expect(await entries(example, agency, 'matter-put')).toContainEqual(expect.objectContaining({ matter, about: 'approval', recipients: [POLICE], purpose: 'welfare-and-safeguarding' }));
      expect(await entries(example, agency, 'matter-answered')).toContainEqual(expect.objectContaining({ matter, answer: 'agreed', approver: 'governance' }));
    }
  });

  test('WOR PU-05, PU-03: where a child is at risk nobody waits, and the controller that shared it is told at once', async () => {
    const { share, transfer } = await arrived(example);
    const answer = await passedOn(share.id, { '/manifest/onward': { ground: 'person-at-risk', approver: 'review-team' } });
    expect([answer.status, answer.body.toString()]).toEqual([202, answer.body.toString()]);
    const { matter } = await matterAt(at(TRUST), 'passed-on', transfer);
    expect(await entries(example, TRUST, 'matter-put')).toContainEqual(expect.objectContaining({ matter, about: 'passed-on', by: CHILDREN_FIRST, recipients: [POLICE], ground: 'person-at-risk' }));
    const { rows } = await example.world.db.owner.query<{ kind: string }>('select kind from waybill.duty where matter = $1 and owner = $2', [matter, TRUST]);
    expect(rows).toEqual([{ kind: 'hear-of-passing-on' }]);
  });

  test('WOR RR-06: a complaint of a disclosure goes to the controller whose disclosure it was, who takes it up; one of how it was handled stays', async () => {
    const { transfer } = await arrived(example);
    const recorded = (await recordRights(example.world, at(CHILDREN_FIRST), 'complaint', [transfer], { fields: { about: 'disclosure' } })).json as RightsReceipt;
    expect(recorded.items[0]).toMatchObject({ matter: expect.any(String), other: TRUST });
    const { matter } = await matterAt(at(TRUST), 'complaint', transfer);
    expect((await answerMatter(example.world, at(TRUST), matter, 'taken-up')).status).toBe(200);
    expect(await entries(example, TRUST, 'matter-put')).toContainEqual(expect.objectContaining({ matter, about: 'complaint', right: 'complaint' }));
    const own = (await recordRights(example.world, at(CHILDREN_FIRST), 'complaint', [transfer], { fields: { about: 'handling' } })).json as RightsReceipt;
    expect(own.items[0]).not.toHaveProperty('matter');
    expect(codesOf(await recordRights(example.world, at(CHILDREN_FIRST), 'complaint', [transfer]))).toEqual(['COMPLAINT_ABOUT_WHAT']);
  });

  test('WOR RR-07: whoever answers sees to whom the person can turn next', async () => {
    const { transfer } = await arrived(example);
    expect((await recordRights(example.world, at(CHILDREN_FIRST), 'access', [transfer])).json).toMatchObject({ complaintsTo: ['agency-controller', 'data-protection-officer', 'ico'] });
  });
});
