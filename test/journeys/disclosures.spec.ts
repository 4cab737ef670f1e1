import { open } from '#envelope/sealing';
import { publicKeySet } from '#envelope/signing-keys';
import { HOUR } from '#platform/clock';
import { term } from '#policy/agreement';
import { replay } from '#policy/replay';
import { sha256 } from '#protocol/digest';
import type { DecisionsTold, DisclosurePage } from '#protocol/own-answers';
import { verifyPromise } from '#register/promise';
import type { AgencyPlan } from '../../apps/standalone/partnership';
import { ago, askedOf, disclosure, type DisclosedPlan, recordDisclosure } from '../world/disclosures';
import { eventually, openWorld, type World } from '../world/partnership';
import { CANARY, expectProblem, Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  scene.world.clock.advance(HOUR);
});
afterAll(() => scene.world.close());

const CALL: DisclosedPlan = { route: { by: 'telephone', number: '+441514960101' } };
const made = (plan: Partial<DisclosedPlan> = {}) => disclosure(scene.world, scene.school, { ...CALL, ...plan });
const record = async (plan: Partial<DisclosedPlan> = {}, headers: Record<string, string> = {}) => recordDisclosure(scene.school, await made(plan), headers);
const rows = async () => (await scene.sql<{ rows: number }>('select count(*)::int as rows from waybill.disclosure'))[0]?.rows;

test('a call is recorded, proven, listed, shown, its words opened and its decision made again, by who made it', async () => {
  const call = await made({ words: `${CANARY} is afraid` });
  const answer = await recordDisclosure(scene.school, call);
  expect([answer.status, answer.json.compliant, answer.json.unmet]).toEqual([201, true, []]);
  const { register, digest, recordedAt, agreement } = answer.json;
  expect(digest).toBe(sha256(call.fields[0]?.octets ?? ''));
  const keys = (await publicKeySet([{ publicKey: scene.world.system.keys.provenance.publicKey, from: new Date(0) }])).keys;
  expect(await verifyPromise(register.promise, keys)).toMatchObject({ ok: true, promise: { leaf: register.leaf, log: register.log } });
  await eventually(async () => (await scene.school.get(`/v1/register/entries/${register.entry}/proof`)).status === 200);

  expect(((await scene.school.get('/v1/disclosures')).json as DisclosurePage).items).toContainEqual({
    disclosure: call.id, recordedAt, disclosedAt: expect.stringMatching(/Z$/), route: 'telephone', agreement, recipients: [{ agency: 'merebrook-council', contact: 'front-door' }], compliant: true,
  });
  const told = (await scene.school.get(`/v1/disclosures/${call.id}`)).json;
  expect(told).toMatchObject({ id: call.id, statement: Buffer.from(call.fields[0]?.octets ?? '').toString('base64'), words: true, receipt: answer.json });
  const words = await scene.school.get(`/v1/disclosures/${call.id}/words`);
  const opened = await open({ octets: words.body, keys: [scene.school.keys().key], author: scene.school.keys().certificate, manifest: call.id, part: 'words', at: scene.world.clock.now() });
  expect(opened).toMatchObject({ ok: true, octets: Uint8Array.from(Buffer.from(`salt\n${CANARY} is afraid`)) });

  const [entry] = await scene.entries('st-brigid-primary', { kind: 'disclosed', share: call.id });
  const decisions = (await scene.school.get(`/v1/decisions/${call.id}`)).json as DecisionsTold;
  const kept = Buffer.from(decisions.decisions[0]?.record ?? '', 'base64');
  expect(kept.toString()).not.toContain('+4415');
  expect(replay({ octets: kept, digest: entry?.['decidedOn'] as string, documents: new Map(decisions.documents.map((each) => [each.digest, Buffer.from(each.octets, 'base64')])) })).toMatchObject({ ok: true, same: true });
  expect(entry).toMatchObject({ compliant: true, route: { by: 'telephone', numberOfDirectory: true } });
  expect(JSON.stringify(await scene.entries('merebrook-council', { share: call.id }))).not.toMatch(/compliant|unmet|numberOfDirectory|decidedOn|AB-1234/);
});

test('a plan says what would be, and leaves no trace', async () => {
  const before = [await rows(), await scene.entries('st-brigid-primary')];
  const permitted = await scene.school.post('/v1/disclosure-plans', askedOf(scene.world, scene.school, { route: { by: 'verbal', at: new Date(scene.world.clock.now().getTime() + HOUR).toISOString() } }));
  expect([permitted.status, permitted.json.outcome, permitted.json.certificates]).toEqual([200, 'permitted', []]);
  const refused = await scene.school.post('/v1/disclosure-plans', askedOf(scene.world, scene.school, { ...CALL, manifest: { purpose: undefined } }));
  expect([refused.json.outcome, refused.json.reasons[0].code]).toEqual(['refused', 'NO_PURPOSE']);
  expectProblem(await scene.council.post('/v1/disclosure-plans', askedOf(scene.world, scene.school, CALL)), 422, 'WRONG_SENDER');
  expect([await rows(), await scene.entries('st-brigid-primary')]).toEqual(before);
});

test('what the agreement is against is refused, and on record as that; owned up to, it is on record as a disclosure', async () => {
  const plan = { manifest: { purpose: undefined } };
  const refused = await made(plan);
  const answer = await recordDisclosure(scene.school, refused, { 'idempotency-key': 'not-like-this' });
  expectProblem(answer, 422, 'NO_PURPOSE');
  expect(answer.json.reasons.at(-1)).toMatchObject({ code: 'DISCLOSURE_NOT_COMPLIANT', next: expect.stringContaining('notCompliant') });
  expectProblem(await recordDisclosure(scene.school, refused, { 'idempotency-key': 'not-like-this' }), 422, 'NO_PURPOSE');
  expect(await scene.entries('st-brigid-primary', { share: refused.id })).toEqual([expect.objectContaining({ kind: 'share-refused', decidedOn: expect.stringMatching(/./) })]);
  expect(await scene.entries('merebrook-council', { share: refused.id })).toEqual([]);
  const owned = await made({ ...plan, fields: { notCompliant: true } });
  const recorded = await recordDisclosure(scene.school, owned);
  expect([recorded.status, recorded.json.compliant, recorded.json.unmet.map(({ code }: { code: string }) => code)]).toEqual([201, false, expect.arrayContaining(['NO_PURPOSE'])]);
  expect(await scene.entries('merebrook-council', { share: owned.id })).toEqual([expect.objectContaining({ kind: 'disclosure-announced', purpose: 'not-stated' })]);
  // Owning up to what is as it should be makes it no worse.
  expect((await record({ fields: { notCompliant: true } })).json.compliant).toBe(true);
});

test.each(['merebrook-council', 'kingfisher-families', 'eastgate-health'])('%s sees nothing of it but what stands in its own register', async (agency) => {
  const call = await made({ words: 'no' });
  await recordDisclosure(scene.school, call);
  const other = scene.world.partner(agency);
  for (const path of [`/v1/disclosures/${call.id}`, `/v1/disclosures/${call.id}/words`, `/v1/decisions/${call.id}`]) expectProblem(await other.get(path), 404, 'NOT_FOUND');
  expect((await other.get('/v1/disclosures')).json).toEqual({ items: [] });
  expect((await scene.entries(agency, { share: call.id })).map(({ kind }) => kind)).toEqual(agency === 'merebrook-council' ? ['disclosure-announced'] : []);
  // And whoever has the gateway's own password, asking for another agency.
  await scene.world.system.database('gateway').as({ agency, controller: agency }, async (tx) => {
    expect(await tx.query('select from waybill.disclosure')).toEqual([]);
    await expect(tx.query(`insert into waybill.disclosure (agency, id, controller, digest, octets, signature, signer, signer_certificate, at, receipt) values ('st-brigid-primary', $1, 'st-brigid-primary', $2, '', '', '', '', now(), '')`, [call.id, 'a'.repeat(64)])).rejects.toMatchObject({ driverError: { code: '42501' } });
  });
});

test('no process may alter a disclosure, nor remove it', async () => {
  for (const role of ['gateway', 'courier', 'relay', 'registrar'] as const) {
    for (const sql of [`update waybill.disclosure set octets = ''`, 'delete from waybill.disclosure']) await expect(scene.world.system.database(role).source.query(sql)).rejects.toMatchObject({ driverError: { code: '42501' } });
  }
});

test('the same again is the same disclosure: one receipt, one entry on each side, with a key or without', async () => {
  const call = await made();
  const before = (await rows()) ?? 0;
  const answers = await Promise.all([undefined, 'called-once', 'called-once', undefined, undefined].map((key) => recordDisclosure(scene.school, call, key ? { 'idempotency-key': key } : {})));
  expect(answers.map(({ status, body }) => [status, body.toString()])).toEqual(answers.map(() => [201, answers[0]?.body.toString()]));
  expect(await rows()).toBe(before + 1);
  for (const controller of ['st-brigid-primary', 'merebrook-council']) expect(await scene.entries(controller, { share: call.id })).toHaveLength(1);
  expectProblem(await record({}, { 'idempotency-key': 'called-once' }), 422, 'IDEMPOTENCY_KEY_REUSED');
  expectProblem(await record({ manifest: { id: call.id } }), 422, 'DISCLOSURE_ID_REUSED');
});

test('the list goes on where the page before ended', async () => {
  for (const _ of [1, 2]) await record();
  const all = ((await scene.school.get('/v1/disclosures')).json as DisclosurePage).items.map((item) => item.disclosure);
  const first = (await scene.school.get('/v1/disclosures?limit=2')).json as DisclosurePage;
  expect(first).toMatchObject({ items: [{ disclosure: all[0] }, { disclosure: all[1] }], next: all[1] });
  expect(((await scene.school.get(`/v1/disclosures?after=${first.next}`)).json as DisclosurePage).items.map((item) => item.disclosure)).toEqual(all.slice(2));
  expectProblem(await scene.school.get('/v1/disclosures?after=nothing'), 400, 'QUERY_INVALID');
});

test('each recipient’s register has its own entry, and says nothing of the other', async () => {
  const meeting = await made({ route: { by: 'verbal' }, to: ['merebrook-council/front-door', 'eastgate-health/health-visitors'] });
  expect((await recordDisclosure(scene.school, meeting)).status).toBe(201);
  for (const [own, other] of [['merebrook-council', 'eastgate-health'], ['eastgate-health', 'merebrook-council']] as const) {
    const entries = await scene.entries(own, { share: meeting.id });
    expect(entries).toEqual([expect.objectContaining({ kind: 'disclosure-announced', agency: own })]);
    expect(JSON.stringify(entries)).not.toContain(other);
  }
});

test.each<[string, string, () => Partial<DisclosedPlan>]>([
  ['an agreement that is not there', 'NO_COMMON_AGREEMENT', () => ({ manifest: { agreement: { id: 'nowhere', version: '1' } } })],
  ['another agency’s name', 'WRONG_SENDER', () => ({ manifest: { sender: { agency: 'merebrook-council', contact: 'front-door' } } })],
  ['another gateway', 'WRONG_GATEWAY', () => ({ manifest: { gateway: 'https://other.example' } })],
  ['written a day ago', 'CREATED_TOO_OLD', () => ({ manifest: { created: ago(scene.world, 25 * 60) } })],
  ['a call of tomorrow', 'DISCLOSED_LATER', () => ({ route: { by: 'telephone', at: ago(scene.world, -60) } })],
  ['a route that there is not', 'DISCLOSURE_INVALID', () => ({ route: { by: 'pigeon' } })],
  ['a field of another route', 'DISCLOSURE_INVALID', () => ({ route: { by: 'telephone', consignment: 'WX-1' } })],
  ['a number that is none', 'DISCLOSURE_INVALID', () => ({ route: { by: 'telephone', number: CANARY } })],
  ['a field that nobody knows', 'DISCLOSURE_INVALID', () => ({ fields: { note: CANARY } })],
  ['a line that is none', 'DISCLOSURE_INVALID', () => ({ says: { note: CANARY } })],
  ['nothing that was disclosed', 'DISCLOSURE_INVALID', () => ({ to: [] })],
  ['a consignment that is an NHS number', 'IDENTIFIER_IN_CLEAR', () => ({ route: { by: 'courier', consignment: 'WX-4857773456' } })],
  ['a reference that is an NHS number', 'IDENTIFIER_IN_CLEAR', () => ({ reference: 'WX-4857773456' })],
  ['a name for a need to know', 'CODE_UNKNOWN', () => ({ says: { needToKnow: 'wilhelmina' } })],
  ['a name for a purpose', 'CODE_UNKNOWN', () => ({ manifest: { purpose: 'wilhelmina' } })],
  ['a name for a contact', 'CODE_UNKNOWN', () => ({ to: ['merebrook-council/wilhelmina'] })],
  ['a name for how it was verified', 'CODE_UNKNOWN', () => ({ route: { by: 'telephone', identity: { how: 'wilhelmina', by: 'social-worker', at: ago(scene.world, 2) } } })],
  ['a name for who decided', 'CODE_UNKNOWN', () => ({ decision: { decider: 'wilhelmina' } })],
  ['words that nobody signed', 'PART_UNEXPECTED', () => ({ words: 'no', fields: { words: undefined } })],
  ['words sealed to somebody else', 'WORDS_NOT_OWN', () => ({ words: 'no', wordsTo: scene.council })],
])('%s: refused whatever is owned up to, and nothing of it stays', async (_what, code, plan) => {
  const before = await rows();
  const asked = plan();
  const answer = await record({ ...asked, fields: { notCompliant: true, ...asked.fields } });
  expectProblem(answer, 422, code);
  expect(answer.body.toString()).not.toMatch(/Wilhelmina|wilhelmina|4857773456/);
  expect(await rows()).toBe(before);
});

test('a signature that is missing, or another’s', async () => {
  const { fields } = await made();
  expectProblem(await scene.school.form('POST', '/v1/disclosures', fields.slice(0, 1)), 422, 'SIGNATURE_MISSING');
  expectProblem(await scene.school.form('POST', '/v1/disclosures', fields.slice(1)), 422, 'DISCLOSURE_INVALID');
  const other = await disclosure(scene.world, scene.council, CALL);
  expectProblem(await scene.school.form('POST', '/v1/disclosures', [fields[0] as never, other.fields[1] as never]), 422, 'SIGNATURE_WRONG_KEY');
});

test('an emergency: the receipt says to ring', async () => {
  const { json } = await record({ manifest: { urgency: 'emergency' } });
  expect(json.emergency).toMatchObject({ ring: '999', frontDoors: [expect.objectContaining({ telephone: '+441514960101' }), expect.anything()] });
});

describe('S12: a request of child death review partners is answered off the wire', () => {
  let world: World;
  const joined = (agency: string, type: string, entry: string, contact: string, telephone: string): AgencyPlan => ({
    agency, name: agency, controller: { id: agency, name: agency }, type, entry,
    onFile: { signed: { role: 'signatory', on: '2023-03-20', delegated: true } },
    contacts: [{ contact, kind: 'team', label: contact, posts: ['breach-post', 'responsible-person', 'signatory'], telephone, keys: true }],
  });
  beforeAll(async () => {
    world = await openWorld({ agreement: 'llr', cast: [joined('university-hospitals', 'health-provider', 'university-hospitals', 'records-desk', '+441164960401'), joined('leicester-city-council', 'local-authority', 'leicester-city-council', 'child-death-overview', '+441164960201')] });
    world.clock.advance(HOUR);
  });
  afterAll(() => world.close());

  const REQUEST = '01890a5d-ac96-774b-bcce-b302099a8059';
  const answered = (route: DisclosedPlan['route'], manifest: Record<string, unknown> = {}): DisclosedPlan => ({
    route, to: ['leicester-city-council/child-death-overview'], says: { needToKnow: 'reviews-case', justification: 'identifies-person', source: 'own-record' },
    manifest: {
      sender: { agency: 'university-hospitals', contact: 'records-desk', role: 'nurse' }, purpose: 'child-death-review', legalGateway: 'working-together', review: { commissionedBy: 'child-death-review-partners', reference: 'CDR-12' },
      consent: undefined, informed: { status: 'not-informed', reason: 'puts-other-at-risk' }, accuracy: { on: '2025-11-03', by: 'nurse' }, threads: { request: REQUEST }, ...manifest,
    },
    decision: { role: 'nurse', checklist: [...(term(world.agreement, 'decision.checklist') ?? [])], reasons: ['statutory-duty'], method: 'professional-judgement', risk: 'high' },
  });
  const routes = (): DisclosedPlan['route'][] => [
    { by: 'telephone', number: '+441164960201', identity: { how: 'called-back', by: 'nurse', at: ago(world, 3) } },
    { by: 'fax', noAlternative: 'electronic-way-down', safeHaven: true, onHand: true, coverSheetConfirmedAt: ago(world, 2) },
    { by: 'courier', sealed: true, envelopeMarking: 'not-shown', consignment: 'WX-20417' },
  ];

  test('LLR OC-04 OC-06 OC-03 OC-10 SP-01: in part by telephone, in part by fax, in part by courier, all in the same registers, and nobody asks for consent', async () => {
    const hospital = world.partner('university-hospitals');
    const entries = async (controller: string, share: string) => (await world.db.owner.query<{ octets: Buffer }>('select octets from waybill.entry where controller = $1 order by id', [controller])).rows
      .map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>).filter((entry) => entry['share'] === share);
    for (const route of routes()) {
      const sent = await disclosure(world, hospital, answered(route));
      const answer = await recordDisclosure(hospital, sent);
      expect([route.by, answer.status, answer.json.reasons ?? answer.json.unmet]).toEqual([route.by, 201, []]);
      const common = { share: sent.id, request: REQUEST, purpose: 'child-death-review', route: expect.objectContaining({ by: route.by }) };
      expect(await entries('university-hospitals', sent.id)).toEqual([expect.objectContaining({ kind: 'disclosed', compliant: true, ...common })]);
      const [told] = await entries('leicester-city-council', sent.id);
      expect(told).toMatchObject({ kind: 'disclosure-announced', from: 'university-hospitals', ...common });
      expect(told?.['consent']).toBeUndefined();
    }
  });

  test('the same under another agreement, by text message: the plan refuses it', async () => {
    const hospital = world.partner('university-hospitals');
    const { version } = world.system.agreements.get('worcestershire') ?? { version: '' };
    const plan = await hospital.post('/v1/disclosure-plans', askedOf(world, hospital, answered({ by: 'text-message', digital: true }, { agreement: { id: 'worcestershire', version } })));
    expect([plan.json.outcome, plan.json.reasons.map(({ code }: { code: string }) => code)]).toEqual(['refused', expect.arrayContaining(['CHANNEL_PROHIBITED'])]);
    const here = await hospital.post('/v1/disclosure-plans', askedOf(world, hospital, answered({ by: 'text-message', digital: true })));
    expect([here.json.outcome, here.json.reasons]).toEqual(['permitted', []]);
  });
});
