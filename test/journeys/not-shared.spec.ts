import { open } from '#envelope/sealing';
import { verifyPromise } from '#register/promise';
import { publicKeySet } from '#envelope/signing-keys';
import { sha256 } from '#protocol/digest';
import type { NotSharedPage } from '#protocol/own-answers';
import { eventually, openWorld } from '../world/partnership';
import { notShared, proposalOf, record } from '../world/not-shared';
import { CANARY, expectProblem, NURSE, REFERRAL, Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const decide = async (plan: Parameters<typeof notShared>[2] = {}, headers: Record<string, string> = {}) => record(scene.school, await notShared(scene.world, scene.school, plan), headers);
const rows = async () => (await scene.sql<{ rows: number }>('select count(*)::int as rows from waybill.not_shared'))[0]?.rows;

test('a decision not to share is recorded, proven, listed, shown and its words opened, by who decided', async () => {
  const made = await notShared(scene.world, scene.school, { words: `${CANARY} is known to us` });
  const answer = await record(scene.school, made);
  expect(answer.status).toBe(201);
  const { register, digest } = answer.json;
  expect(digest).toBe(sha256(made.fields[0]?.octets ?? ''));
  const keys = (await publicKeySet([{ publicKey: scene.world.system.keys.provenance.publicKey, from: new Date(0) }])).keys;
  expect(await verifyPromise(register.promise, keys)).toMatchObject({ ok: true, promise: { leaf: register.leaf, log: register.log } });
  await eventually(async () => (await scene.school.get(`/v1/register/entries/${register.entry}/proof`)).status === 200);

  const { items } = (await scene.school.get('/v1/decisions')).json as NotSharedPage;
  expect(items).toContainEqual({ decision: made.id, recordedAt: answer.json.recordedAt, agreement: answer.json.agreement, parties: ['kingfisher-families'], reasons: ['not-necessary'] });
  const told = (await scene.school.get(`/v1/decisions/${made.id}`)).json;
  expect(Buffer.from(told.notShared.statement, 'base64').equals(Buffer.from(made.fields[0]?.octets ?? ''))).toBe(true);
  expect(told).toMatchObject({ id: made.id, decisions: [], documents: [], notShared: { words: true, receipt: answer.json } });
  const words = await scene.school.get(`/v1/decisions/${made.id}/words`);
  const opened = await open({ octets: words.body, keys: [scene.school.keys().key], author: scene.school.keys().certificate, manifest: made.id, part: 'words', at: scene.world.clock.now() });
  expect(opened).toMatchObject({ ok: true, author: 'bound', octets: Uint8Array.from(Buffer.from(`salt\n${CANARY} is known to us`)) });
});

test('the list goes on where the page before ended', async () => {
  for (const _ of [1, 2]) await decide();
  const all = ((await scene.school.get('/v1/decisions')).json as NotSharedPage).items.map(({ decision }) => decision);
  const first = (await scene.school.get('/v1/decisions?limit=2')).json as NotSharedPage;
  expect(first).toMatchObject({ items: [{ decision: all[0] }, { decision: all[1] }], next: all[1] });
  const rest = (await scene.school.get(`/v1/decisions?after=${first.next}`)).json as NotSharedPage;
  expect(rest.items.map(({ decision }) => decision)).toEqual(all.slice(2));
  expect(rest.next).toBeUndefined();
  expectProblem(await scene.school.get('/v1/decisions?after=nothing'), 400, 'QUERY_INVALID');
});

test.each(['kingfisher-families', 'merebrook-council', 'eastgate-health'])('%s cannot see that there is one, though it is the one that it was not shared with', async (agency) => {
  const made = await notShared(scene.world, scene.school, { words: 'no', fields: { parties: [agency] } });
  await record(scene.school, made);
  const other = scene.world.partner(agency);
  for (const path of [`/v1/decisions/${made.id}`, `/v1/decisions/${made.id}/words`]) expectProblem(await other.get(path), 404, 'NOT_FOUND');
  expect((await other.get('/v1/decisions')).json).toEqual({ items: [] });
  expect((await scene.entries(agency)).map(({ kind }) => kind)).not.toContain('not-shared');
  // And whoever has the gateway's own password, asking for another agency.
  await scene.world.system.database('gateway').as({ agency, controller: agency }, async (tx) => {
    for (const table of ['not_shared', 'decision']) expect(await tx.query(`select from waybill.${table}`)).toEqual([]);
    await expect(tx.query(`insert into waybill.decision (agency, id, entry, digest, octets) values ('st-brigid-primary', $1, $1, $2, '')`, [made.id, 'a'.repeat(64)])).rejects.toMatchObject({ driverError: { code: '42501' } });
  });
});

describe('the same again', () => {
  test('is the same decision: one receipt, one entry, with a key or without', async () => {
    const made = await notShared(scene.world, scene.school);
    const before = await rows();
    const answers = await Promise.all([undefined, 'once-only-1', 'once-only-1', undefined, 'once-only-1', undefined, undefined, 'once-only-1', undefined, undefined].map((key) => record(scene.school, made, key ? { 'idempotency-key': key } : {})));
    answers.push(await record(scene.school, made, { 'idempotency-key': 'once-only-2' }));
    expect(answers.map(({ status, body }) => [status, body.toString()])).toEqual(answers.map(() => [201, answers[0]?.body.toString()]));
    expect(await rows()).toBe((before ?? 0) + 1);
    expect((await scene.entries('st-brigid-primary', { kind: 'not-shared' })).filter((entry) => entry['decisionId'] === made.id)).toHaveLength(1);
    expectProblem(await decide({}, { 'idempotency-key': 'once-only-1' }), 422, 'IDEMPOTENCY_KEY_REUSED');
    expectProblem(await decide({ fields: { id: made.id } }), 422, 'DECISION_ID_REUSED');
  });

  test('a refusal is repeated under its key, though it would be recorded by now', async () => {
    const made = await notShared(scene.world, scene.school, { fields: { reasons: ['data-protection'] } });
    for (const _ of [1, 2]) expectProblem(await record(scene.school, made, { 'idempotency-key': 'refused-once' }), 422, 'REASON_TOO_VAGUE');
    expectProblem(await decide({}, { 'idempotency-key': 'refused-once' }), 422, 'IDEMPOTENCY_KEY_REUSED');
  });
});

describe('a proposal that comes with it', () => {
  test('bears out that the agreement does not permit it, and only where it does not', async () => {
    const refused = proposalOf(scene.school, { agency: 'eastgate-health', contact: NURSE.split('/')[1] as string }, { purpose: undefined });
    const permitted = (await scene.school.post('/v1/share-plans', JSON.parse(refused.toString()))).json;
    expect(permitted.outcome).toBe('refused');
    const answer = await decide({ proposal: refused, fields: { reasons: ['agreement-does-not-permit'] } });
    expect([answer.status, answer.json.unmet.map(({ code }: { code: string }) => code)]).toEqual([201, expect.arrayContaining(['NO_PURPOSE'])]);
    expectProblem(await decide({ fields: { reasons: ['agreement-does-not-permit'] } }), 422, 'REASON_NOT_BORNE_OUT');
  });

  test('is the one that was signed, and of the same agreement', async () => {
    const proposal = proposalOf(scene.school, { agency: 'eastgate-health', contact: 'health-visitors' });
    expectProblem(await decide({ proposal, fields: { proposal: 'a'.repeat(64) } }), 422, 'DECISION_INVALID');
    expectProblem(await decide({ proposal, fields: { proposal: undefined } }), 422, 'PART_UNEXPECTED');
    expectProblem(await decide({ fields: { proposal: 'a'.repeat(64) } }), 422, 'PART_MISSING');
    expectProblem(await decide({ proposal, fields: { agreement: { id: 'solihull', version: scene.world.system.agreements.get('solihull')?.version } } }), 422, 'DECISION_INVALID');
    expectProblem(await decide({ proposal: Buffer.from('no') }), 422, 'PLAN_INVALID');
    expectProblem(await decide({ proposal: proposalOf(scene.council, { agency: 'eastgate-health', contact: 'health-visitors' }) }), 422, 'WRONG_SENDER');
  });
});

test.each<[string, number, string, () => Promise<Parameters<typeof notShared>[2]>]>([
  ['words in clear', 422, 'NOT_OPENPGP', () => Promise.resolve({ wordsOctets: Buffer.from(`${CANARY} in clear`) })],
  ['words sealed to somebody else', 422, 'WORDS_NOT_OWN', () => Promise.resolve({ words: 'no', wordsTo: scene.council })],
  ['other words than were signed', 422, 'DIGEST_MISMATCH', () => Promise.resolve({ words: 'no', fields: { words: { wordsDigest: 'a'.repeat(64), sealed: 'a'.repeat(64) } } })],
  ['words that nobody signed', 422, 'PART_UNEXPECTED', () => Promise.resolve({ words: 'no', fields: { words: undefined } })],
  ['another agency’s name', 422, 'WRONG_SENDER', () => Promise.resolve({ fields: { by: { agency: 'merebrook-council', contact: 'front-door' } } })],
  ['another gateway', 422, 'WRONG_GATEWAY', () => Promise.resolve({ fields: { gateway: 'https://other.example' } })],
  ['an agreement that is not there', 422, 'NO_COMMON_AGREEMENT', () => Promise.resolve({ fields: { agreement: { id: 'nowhere', version: '1' } } })],
  ['a version that never was', 422, 'AGREEMENT_VERSION_UNKNOWN', () => Promise.resolve({ fields: { agreement: { id: scene.world.agreement.id, version: '1899' } } })],
  ['a day old', 422, 'CREATED_TOO_OLD', () => Promise.resolve({ fields: { at: new Date(scene.world.clock.now().getTime() - 25 * 3_600_000).toISOString() } })],
  ['a decision of tomorrow', 422, 'DECIDED_LATER', () => Promise.resolve({ fields: { decidedAt: new Date(scene.world.clock.now().getTime() + 24 * 3_600_000).toISOString() } })],
  ['a field that nobody knows', 422, 'DECISION_INVALID', () => Promise.resolve({ fields: { note: CANARY } })],
  ['a name for a reference', 422, 'DECISION_INVALID', () => Promise.resolve({ fields: { reference: CANARY } })],
])('%s: refused, and nothing of it stays', async (_what, status, code, plan) => {
  const before = await rows();
  const answer = await decide(await plan());
  expectProblem(answer, status, code);
  expect(answer.body.toString()).not.toContain(CANARY);
  expect(await rows()).toBe(before);
});

test('a signature that is missing, or another’s', async () => {
  const { fields } = await notShared(scene.world, scene.school);
  expectProblem(await scene.school.form('POST', '/v1/decisions', fields.slice(0, 1)), 422, 'SIGNATURE_MISSING');
  expectProblem(await scene.school.form('POST', '/v1/decisions', fields.slice(1)), 422, 'DECISION_INVALID');
  const other = await notShared(scene.world, scene.council);
  expectProblem(await scene.school.form('POST', '/v1/decisions', [fields[0] as never, other.fields[1] as never]), 422, 'SIGNATURE_WRONG_KEY');
  expectProblem(await scene.school.form('POST', '/v1/decisions', [...fields, { name: 'more', octets: Buffer.from('x') }]), 422, 'OUT_OF_ORDER');
  expectProblem(await scene.school.form('POST', '/v1/decisions', fields, { 'idempotency-key': 'no' }), 400, 'IDEMPOTENCY_KEY_INVALID');
});

describe('a share', () => {
  const decisionsOf = async (id: string) => (await scene.school.get(`/v1/decisions/${id}`)).json;

  test('that was accepted has its decision, to be read by its sender and by no recipient', async () => {
    const { share, receipt } = await scene.send();
    const told = await decisionsOf(share.id);
    expect(told).toMatchObject({ id: share.id, decisions: [{ entry: receipt.register.entry }] });
    expect(told.notShared).toBeUndefined();
    expectProblem(await scene.council.get(`/v1/decisions/${share.id}`), 404, 'NOT_FOUND');
    const [entry] = await scene.entries('st-brigid-primary', { kind: 'share-sent', share: share.id });
    expect(entry).toMatchObject({ decidedOn: told.decisions[0].digest });
    // What the recipient's register says of it tells nothing of how it was decided.
    expect((await scene.entries('merebrook-council', { share: share.id })).map((each) => each['decidedOn'])).toEqual([undefined]);
  });

  test('that was refused and came again has both, and neither holds what could name somebody', async () => {
    const refused = await scene.compose({ ...REFERRAL, reference: 'QZ-4857773456', manifest: { purpose: 'wilhelmina-quillfeather', lawfulBasis: 'wilhelmina', legalGateway: 'wilhelmina' } });
    const answer = await scene.school.submit(refused);
    expect(answer.status).toBe(422);
    const again = await scene.compose({ ...REFERRAL, id: refused.id });
    expect((await scene.school.submit(again)).status).toBe(202);
    const told = await decisionsOf(refused.id);
    const records = (told.decisions as { record: string; digest: string }[]).map(({ record }) => Buffer.from(record, 'base64').toString());
    expect(records.map((record) => (JSON.parse(record) as { outcome: { outcome: string } }).outcome.outcome)).toEqual(['refused', 'permitted']);
    const all = JSON.stringify([records, (told.documents as { octets: string }[]).map(({ octets }) => Buffer.from(octets, 'base64').toString())]);
    for (const canary of ['wilhelmina', 'quillfeather', '4857773456', 'QZ-', 'AB-1234', '+44151496', '@st-brigid']) expect(all).not.toContain(canary);
    const [entry] = await scene.entries('st-brigid-primary', { kind: 'share-refused', share: refused.id });
    expect(entry).toMatchObject({ decidedOn: told.decisions[0].digest });
  });

  test('that the gate refused, or that was no share, has none: nothing was decided against it', async () => {
    const share = await scene.compose();
    expect((await scene.school.submit({ ...share, parts: new Map([...share.parts].map(([name]) => [name, Buffer.from('no')])) })).status).toBe(422);
    expectProblem(await scene.school.get(`/v1/decisions/${share.id}`), 404, 'NOT_FOUND');
  });
});
