import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { EntryPage, Receipt } from '#protocol/answers';
import { DAY } from '#platform/clock';
import { operationFields } from '#exchange/operations';
import { missingOf, OPERATIONS } from '#policy/operations';
import { writeHome } from '../../apps/standalone/home';
import { atDesk } from '../world/desk';
import { Example } from '../world/example';
import { expectProblem } from '../journeys/referral';
import { answerMatter, putMatter, stateKept } from '../world/matters';
import type { Answer } from '../world/partner';
import { eventually } from '../world/partnership';

// Section 62 of the Data Protection Act 2018, both sides' records, and who read the register: under the agreement that asks for them.

const OFFICER = { agency: 'leicester-city-council', contact: 'safeguarding-adviser' };
const PROBATION = 'national-probation-service';
/** What probation shares goes to a named officer, and carries probation's own rules. */
const FROM_PROBATION = {
  '/sender': PROBATION, '/manifest/sender': { agency: PROBATION, contact: 'offender-manager', role: 'probation-officer' }, '/manifest/legalGateway': 'care-act-2014-s6', '/manifest/accuracy/by': 'probation-officer',
  '/lines/0/recipient': OFFICER, '/lines/1/recipient': OFFICER, '/lines/3/recipient': OFFICER, '/lines/4/recipient': { agency: PROBATION, contact: 'offender-manager' }, '/lines/4/decider': 'offender-manager', '/lines/4/role': 'probation-officer', '/lines/2': null,
};
const LOOKING = { role: 'safeguarding-adviser', justification: 'named-persons' };

let example: Example;
beforeAll(async () => {
  example = await Example.open('llr');
});
afterAll(() => example.close());

type Entry = Record<string, unknown> & { kind: string };
const entries = async (controller: string): Promise<Entry[]> =>
  (await example.world.db.owner.query<{ octets: Buffer }>('select octets from waybill.entry where controller = $1 order by id', [controller])).rows.map(({ octets }) => JSON.parse(octets.toString()) as Entry);
const operations = async (controller: string, share: string) => (await entries(controller)).filter((entry) => entry.kind === 'operation-logged' && entry['share'] === share);
const council = () => example.world.partner('leicester-city-council');

async function arrived(changes: Record<string, unknown>): Promise<{ share: string; transfer: string; about: { share: string; manifestDigest: string }; receipt: Receipt }> {
  const { share, receipt } = await example.send(changes);
  const transfer = receipt.transfers[0]?.transfer ?? '';
  await eventually(async () => (await council().get(`/v1/mailbox/${transfer}`)).status === 200);
  expect((await council().get(`/v1/mailbox/${transfer}/parts/part-1`)).status).toBe(200);
  return { share: share.id, transfer, about: { share: share.id, manifestDigest: receipt.manifestDigest }, receipt };
}

test('LLR S8 RC-08: disclosure, consultation, collection and erasure of what comes from probation are logged with time, person, justification and recipients, in the register of whoever did it', async () => {
  const { share, transfer, about } = await arrived(FROM_PROBATION);
  expect(await operations('ministry-of-justice', share)).toEqual([expect.objectContaining({
    operation: 'disclosure', because: 'origin', origin: PROBATION, occurredAt: expect.stringMatching(/Z$/), by: 'offender-manager', role: 'probation-officer', justification: ['protects-from-harm'], recipients: [OFFICER],
  })]);
  expect((await council().state('opened', transfer, about, LOOKING)).status).toBe(200);
  expect((await council().state('acknowledged', transfer, about, { passOnTo: [] })).status).toBe(200);
  await eventually(async () => (await operations('leicester-city-council', share)).length === 3);
  expect(await operations('leicester-city-council', share)).toEqual([
    expect.objectContaining({ operation: 'consultation', because: 'origin', origin: PROBATION, transfer, by: 'safeguarding-team', role: 'safeguarding-adviser', justification: ['named-persons'] }),
    expect.objectContaining({ operation: 'collection', origin: PROBATION, transfer, by: 'safeguarding-team' }),
    expect.objectContaining({ operation: 'erasure', software: true, origin: PROBATION, transfer }),
  ]);
  // An erasure log holds nothing of what was erased.
  const [, , erased] = await operations('leicester-city-council', share);
  expect(Object.keys(erased ?? {}).sort()).toEqual(['at', 'because', 'controller', 'id', 'kind', 'occurredAt', 'operation', 'origin', 'salt', 'share', 'software', 'transfer', 'v']);
});

test('LLR RC-08, PV-08: that a copy was corrected, and that it was disposed of, are logged as alteration and erasure, with who did it', async () => {
  const { share, transfer, about } = await arrived(FROM_PROBATION);
  expect((await council().state('acknowledged', transfer, about, { passOnTo: [] })).status).toBe(200);
  const put = await putMatter(example.world, example.world.partner(PROBATION), 'correction', transfer, { fields: { categories: ['names'], wrong: ['wrong-value'], source: 'official-document' }, words: 'born a year later', to: [council()] });
  expect((await answerMatter(example.world, council(), (put.json as { matter: string }).matter, 'applied', { fields: { role: 'social-worker' } })).status).toBe(200);
  const disposed = await stateKept(example.world, council(), transfer, 'disposed', { method: 'paper-shredded', on: example.world.clock.now().toISOString().slice(0, 10) });
  expect([disposed.status, disposed.body.toString()]).toEqual([200, disposed.body.toString()]);
  const logged = (await operations('leicester-city-council', share)).filter((entry) => entry['software'] === undefined);
  expect(logged.map((entry) => [entry['operation'], entry['by'], entry['role']])).toEqual(expect.arrayContaining([['alteration', council().contact, 'social-worker'], ['erasure', council().contact, 'data-protection-officer']]));
});

test.each<[string, Record<string, unknown>, string[]]>([
  ['in no role', { justification: 'named-persons' }, ['role']],
  ['for no reason', { role: 'safeguarding-adviser' }, ['justification']],
  ['in no role and for no reason', {}, ['role', 'justification']],
])('LLR RC-08: looking at it %s is refused, names what the log lacks, and nothing is recorded', async (_what, said, missing) => {
  const { share, transfer, about } = await arrived(FROM_PROBATION);
  const answer = await council().state('opened', transfer, about, said);
  expectProblem(answer, 422, 'LOG_INCOMPLETE');
  expect(JSON.stringify(answer.json)).toContain(JSON.stringify(missing));
  expect(await operations('leicester-city-council', share)).toEqual([]);
  expect((await entries('leicester-city-council')).filter((entry) => entry.kind === 'share-opened' && entry['share'] === share)).toEqual([]);
});

test('LLR RC-08: without the decision that its log is made of, a disclosure by probation is refused', async () => {
  const share = await example.compose({ ...FROM_PROBATION, '/lines/3': null });
  const answer = await example.world.partner(PROBATION).submit(share);
  expect([answer.status, (answer.json.reasons as { code: string }[]).map(({ code }) => code)]).toEqual([422, expect.arrayContaining(['NO_DECISION'])]);
  expect(await operations('ministry-of-justice', share.id)).toEqual([]);
});

test('LLR RC-08: each of the six operations has its log; what it must hold is a table, and the justification is a switch', () => {
  expect(Object.keys(OPERATIONS)).toEqual(['collection', 'alteration', 'consultation', 'disclosure', 'combination', 'erasure']);
  expect(missingOf('consultation', {}, { justified: true })).toEqual(['by', 'role', 'justification']);
  expect(missingOf('consultation', { by: 'a', role: 'b' }, { justified: false })).toEqual([]);
  expect(missingOf('disclosure', { by: 'a', role: 'b', justification: ['c'], recipients: [] }, { justified: true })).toEqual(['recipients']);
  const logged = { share: '01890a5d-ac96-774b-bcce-b302099a8057', origin: PROBATION, because: 'law-enforcement' as const, justified: true };
  for (const operation of ['alteration', 'combination'] as const) {
    expect(operationFields(logged, { operation, at: new Date(), by: 'officer', role: 'police-officer' })).toMatchObject({ operation, because: 'law-enforcement', by: 'officer' });
    expect(() => operationFields(logged, { operation, at: new Date(), role: 'police-officer' })).toThrow(expect.objectContaining({ reasons: [expect.objectContaining({ code: 'LOG_INCOMPLETE' })] }) as Error);
  }
});

test('LLR RC-08: what is processed for law enforcement is logged whoever it comes from; anything else is not', async () => {
  const plain = await arrived({});
  expect(await operations('leicestershire-chief-constable', plain.share)).toEqual([]);
  const law = await arrived({ '/manifest/purpose': 'mappa', '/manifest/legalGateway': 'criminal-justice-act-2003-s325', '/lines/2': null });
  expect(await operations('leicestershire-chief-constable', law.share)).toEqual([expect.objectContaining({ operation: 'disclosure', because: 'law-enforcement', by: 'public-protection' })]);
  expectProblem(await council().state('opened', law.transfer, law.about), 422, 'LOG_INCOMPLETE');
});

test('LLR RC-09: every opening stands in both registers with person, role, time and reason', async () => {
  const { share, transfer, about } = await arrived({});
  await council().state('opened', transfer, about, { role: 'social-worker', justification: 'need-to-know' });
  for (const controller of ['leicester-city-council', 'leicestershire-chief-constable']) {
    expect((await entries(controller)).filter((entry) => entry.kind === 'share-opened' && entry['share'] === share)).toEqual([
      expect.objectContaining({ transfer, by: 'leicester-city-council', contact: 'safeguarding-team', role: 'social-worker', reason: 'need-to-know', at: expect.stringMatching(/Z$/) })]);
  }
});

test('LLR RC-02: what the recipient has not recorded is reported the day after in the sender’s register, once a day, and no longer once it has', async () => {
  const { share, transfer, about } = await arrived({});
  const reports = async () => (await entries('leicestershire-chief-constable')).filter(({ kind }) => kind === 'one-sided-reported');
  const { reportOneSided } = await import('#exchange/one-sided');
  const { Register } = await import('#register/register');
  const rooms = { database: example.world.system.database('relay'), register: new Register(), clock: example.world.clock };
  expect(await reportOneSided(rooms)).toBe(0);
  example.world.clock.advance(DAY + 60_000);
  expect(await reportOneSided(rooms)).toBeGreaterThan(0);
  expect(await reportOneSided(rooms)).toBe(0);
  const [first] = await reports();
  expect(first?.['transfers']).toContain(transfer);
  expect((await entries('leicester-city-council')).some((entry) => entry.kind === 'share-received' && entry['share'] === share)).toBe(false);
  await council().state('acknowledged', transfer, about, { passOnTo: [] });
  example.world.clock.advance(DAY);
  await reportOneSided(rooms);
  const [, second] = await reports();
  expect((second?.['transfers'] ?? []) as string[]).not.toContain(transfer);
});

test('LLR RC-12: each party reads its own controller’s register and nothing of another’s; that it read, and why, stands in it', async () => {
  const page = (await council().get('/v1/register/entries?limit=100&reason=monitors-quality&by=governance&role=data-protection-officer')).json as EntryPage;
  expect(page.items.length).toBeGreaterThan(0);
  for (const { octets } of page.items) expect(JSON.parse(Buffer.from(octets ?? '', 'base64').toString())).toMatchObject({ controller: 'leicester-city-council' });
  expect((await entries('leicester-city-council')).findLast(({ kind }) => kind === 'register-read')).toMatchObject({ what: 'reading', reason: 'monitors-quality', by: 'governance', role: 'data-protection-officer', entries: page.items.length });
  expect((await entries('leicestershire-chief-constable')).filter(({ kind }) => kind === 'register-read')).toEqual([]);
  // Nor would a query of the process that forgot to ask for one controller show it more.
  const gateway = await example.world.db.as('gateway');
  expect(await gateway.as({ agency: 'leicester-city-council', controller: 'leicester-city-council' }, (tx) => tx.query('select distinct controller from waybill.entry'))).toEqual([{ controller: 'leicester-city-council' }]);
});

test('LLR S8 AU-03: for an on-site audit by probation the council exports the log of what came from probation, and of nothing else; that it was audited stands in its register', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'on-site-'));
  const { agreement, coordinator, system } = example.world;
  await writeHome(join(folder, 'home'), council().own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  await eventually(async () => (await example.world.db.owner.query('select from waybill.pending_leaf')).rowCount === 0);
  const made = await atDesk(['register', 'report', 'operations', 'log.json', '--as', 'json', '--origin', PROBATION, '--reason', 'on-site-audit', '--json'], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'home') }, now: () => example.world.clock.now() });
  expect([made.exit, made.err]).toEqual([0, '']);
  const rows = readFileSync(join(folder, 'log.json'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  rmSync(folder, { recursive: true });
  expect(new Set(rows.map(({ origin }) => origin))).toEqual(new Set([PROBATION]));
  expect(new Set(rows.map(({ operation }) => operation))).toEqual(new Set(['consultation', 'collection', 'erasure', 'alteration']));
  const leaves = (await example.world.db.owner.query<{ hash: Buffer }>(`select hash from waybill.leaf where controller = 'leicester-city-council'`)).rows.map(({ hash }) => hash.toString('hex'));
  for (const { leaf } of rows) expect(leaves).toContain(leaf);
  // Operations on what came from elsewhere, for law enforcement, are in the register and not in the pack.
  expect((await operationsOf('leicester-city-council')).length).toBeGreaterThanOrEqual(rows.length);
  const report = { control: 'on-site-audit', on: example.world.clock.now().toISOString().slice(0, 10), outcome: 'in-part', by: 'safeguarding-adviser', dueAgain: '2027-01-31', evidence: 'ab'.repeat(32) };
  expect((await council().ask('POST', '/v1/register/control-tests', Buffer.from(JSON.stringify(report)), { 'content-type': 'application/json' })).status).toBe(201);
  expect((await entries('leicester-city-council')).at(-1)).toMatchObject({ kind: 'control-tested', ...report });
});

test('LLR S8 AU-03: probation puts an audit to a recipient of its shares, who has a duty, packs the log of that alone with a proof of each entry, and reports with day, document and actions: in both registers', async () => {
  const { agreement, coordinator, system } = example.world;
  const folder = mkdtempSync(join(tmpdir(), 'audit-pack-'));
  await writeHome(join(folder, 'council'), council().own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  await writeHome(join(folder, 'probation'), example.world.partner(PROBATION).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  const waybill = (home: string, ...args: string[]) => atDesk([...args, '--json'], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, home) }, now: () => example.world.clock.now() });
  const from = await arrived(FROM_PROBATION);
  const elsewhere = await arrived({});
  for (const { transfer, about } of [from, elsewhere]) expect((await council().state('acknowledged', transfer, about, { passOnTo: [] })).status).toBe(200);

  const put = await waybill('probation', 'matter', 'put', 'audit', from.transfer, '--role', 'data-protection-officer', '--manner', 'on-site');
  expect([put.exit, put.err]).toEqual([0, '']);
  const { matter } = put.json as { matter: string };
  expect((await council().get('/v1/duties?limit=200')).json.items).toContainEqual(expect.objectContaining({ kind: 'have-audit-done', matter }));

  await eventually(async () => (await example.world.db.owner.query('select from waybill.pending_leaf')).rowCount === 0);
  const made = await waybill('council', 'evidence', 'audit', matter, '--into', 'pack.zip', '--reason', 'on-site-audit');
  expect([made.exit, made.err]).toEqual([0, '']);
  const files = unzipSync(new Uint8Array(readFileSync(join(folder, 'pack.zip'))));
  const packed = Object.entries(files).filter(([name]) => name.startsWith('entries/')).map(([, octets]) => JSON.parse(Buffer.from(octets).toString()) as Entry);
  const ofProbation = new Set((await entries('leicester-city-council')).filter((entry) => entry.kind === 'share-announced' && entry['from'] === PROBATION).map((entry) => entry['share']));
  expect(new Set(packed.map(({ share }) => share))).toEqual(ofProbation);
  expect(ofProbation).not.toContain(elsewhere.share);
  expect(new Set(packed.map(({ controller }) => controller))).toEqual(new Set(['leicester-city-council']));
  expect(packed.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['share-announced', 'share-received', 'share-opened', 'operation-logged', 'payload-removed', 'retention-stated', 'matter-put']));
  expect(Object.keys(files).filter((name) => name.startsWith('proofs/'))).toHaveLength(packed.length);
  expect(await waybill('probation', 'evidence', 'audit', matter, '--into', 'not-mine.zip', '--reason', 'on-site-audit')).toMatchObject({ exit: 2 });

  writeFileSync(join(folder, 'report.txt'), 'what the auditor saw');
  const day = example.world.clock.now().toISOString().slice(0, 10);
  const answered = await waybill('council', 'matter', 'answer', matter, 'reported', '--role', 'data-protection-officer', '--report', 'report.txt', '--on', day, '--actions', 'devices-secured:2027-03-01');
  expect([answered.exit, answered.err]).toEqual([0, '']);
  rmSync(folder, { recursive: true });
  const report = { on: day, digest: createHash('sha256').update('what the auditor saw').digest('hex'), actions: [{ action: 'devices-secured', by: '2027-03-01' }] };
  for (const controller of ['leicester-city-council', 'ministry-of-justice']) {
    expect((await entries(controller)).filter((entry) => entry['matter'] === matter)).toEqual([expect.objectContaining({ kind: 'matter-put', about: 'audit', manner: 'on-site' }), expect.objectContaining({ kind: 'matter-answered', answer: 'reported', report })]);
  }
  expect((await council().get('/v1/duties?limit=200')).json.items).not.toContainEqual(expect.objectContaining({ matter }));
});

test.each<[string, () => Promise<Answer>, number, string]>([
  ['somebody else who shared', async () => putMatter(example.world, example.sender, 'audit', (await acknowledged({})).transfer, { fields: { manner: 'on-site' } }), 422, 'AUDIT_NOT_GRANTED'],
  ['the recipient', async () => putMatter(example.world, council(), 'audit', (await acknowledged(FROM_PROBATION)).transfer, { fields: { manner: 'on-site' } }), 422, 'NOT_YOURS_TO_PUT'],
  ['probation in no manner', async () => putMatter(example.world, example.world.partner(PROBATION), 'audit', (await acknowledged(FROM_PROBATION)).transfer), 422, 'MATTER_INCOMPLETE'],
  ['probation in another manner', async () => putMatter(example.world, example.world.partner(PROBATION), 'audit', (await acknowledged(FROM_PROBATION)).transfer, { fields: { manner: 'by-guess' } }), 422, 'MATTER_CODE_UNKNOWN'],
])('LLR AU-03: an audit by %s is refused', async (_who, put, status, code) => expectProblem(await put(), status, code));

async function acknowledged(changes: Record<string, unknown>) {
  const came = await arrived(changes);
  expect((await council().state('acknowledged', came.transfer, came.about, { passOnTo: [] })).status).toBe(200);
  return came;
}
const operationsOf = async (controller: string) => (await entries(controller)).filter(({ kind }) => kind === 'operation-logged');
