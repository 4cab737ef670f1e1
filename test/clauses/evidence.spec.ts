import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { DAY } from '#platform/clock';
import type { Receipt } from '#protocol/answers';
import { writeHome } from '../../apps/standalone/home';
import { atDesk, operatorsEnv } from '../world/desk';
import { reportBreach } from '../world/breaches';
import { Example, SECRET } from '../world/example';
import { recordRights } from '../world/matters';
import type { Composed } from '../world/partner';
import { eventually } from '../world/partnership';

// What registers say, under each agreement: the permitted share of its own examples, sent with real keys to a real gateway and acknowledged by whoever got it.

type Entry = Record<string, unknown> & { kind: string; share?: string; transfer?: string; at: string };

/** Contacts that get mail collect here: what travels is not at issue. */
const COLLECTS = { mailDomain: undefined } as const;

const AGREEMENTS = { nwadcs: 'NWADCS', wirral: 'WIR', worcestershire: 'WOR', solihull: 'SOL', llr: 'LLR' };

/** The council that holds the records of the first agreement. */
const HOST = 'stockport-council';

const APPLIES = JSON.parse(readFileSync('docs/clauses-applicability.json', 'utf8')) as { id: string; agreements: string[] }[];
/** The tag with the row where the row is of that agreement; elsewhere the same holds, and proves nothing of a clause. */
const named = (tag: string, row: string): string => (APPLIES.find(({ id }) => id === row)?.agreements.some((agreement) => AGREEMENTS[agreement as keyof typeof AGREEMENTS] === tag) ? `${tag} ${row}` : tag);

describe.each(Object.entries(AGREEMENTS))('%s', (agreement, tag) => {
  let example: Example;
  let sent: { share: Composed; receipt: Receipt };
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    example = await Example.open(agreement, {}, () => COLLECTS);
    sent = await example.send();
    for (const { transfer, recipient } of sent.receipt.transfers) {
      const partner = example.world.partner(recipient.agency);
      await eventually(async () => (await partner.get(`/v1/mailbox/${transfer}`)).status === 200);
      const about = { share: sent.share.id, manifestDigest: sent.receipt.manifestDigest };
      expect((await partner.get(`/v1/mailbox/${transfer}/parts/part-1`)).status).toBe(200);
      expect((await partner.state('opened', transfer, about, { role: 'duty-social-worker', justification: 'need-to-know' })).body.toString()).toContain('collected');
      expect((await partner.state('acknowledged', transfer, about, { passOnTo: [] })).json).toMatchObject({ state: 'acknowledged' });
    }
  });
  afterAll(async () => {
    await example.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the command as an agency's data protection officer does. */
  const waybill = async (agency: string, ...args: string[]) => {
    const home = join(folder, agency);
    if (!readdirSync(folder).includes(agency)) {
      const { agreement: terms, coordinator, system } = example.world;
      await writeHome(home, example.world.partner(agency).own, { origin: system.origin, agreement: terms, keys: system.keys, coordinator });
    }
    return atDesk([...args, '--json'], { cwd: folder, env: { WAYBILL_HOME_DIR: home }, now: () => example.world.clock.now() });
  };
  const recipient = () => sent.receipt.transfers[0]?.recipient.agency ?? '';
  const recipientController = () => sent.receipt.transfers[0]?.controller.id ?? '';
  const integrated = () => eventually(async () => (await example.world.db.owner.query('select from waybill.pending_leaf')).rowCount === 0);
  /** Unpacks it where nothing of Waybill is. */
  const unpacked = (name: string): string => {
    const into = mkdtempSync(join(folder, 'pack-'));
    for (const [file, octets] of Object.entries(unzipSync(readFileSync(join(folder, name))))) {
      mkdirSync(join(into, file, '..'), { recursive: true });
      writeFileSync(join(into, file), octets);
    }
    return into;
  };
  const checked = (pack: string, ...args: string[]) => spawnSync(process.execPath, ['verify.mjs', ...args], { cwd: pack, env: {}, encoding: 'utf8' });

  const entries = async (controller: string): Promise<Entry[]> =>
    (await example.world.db.owner.query<{ octets: Buffer }>('select octets from waybill.entry where controller = $1 order by id', [controller])).rows.map(({ octets }) => JSON.parse(octets.toString()) as Entry);
  const ofShare = async (controller: string) => (await entries(controller)).filter(({ share }) => share === sent.share.id);
  const sender = () => sent.receipt.register.log.split('/').at(-1) as string;

  test(`${named(tag, 'RC-01')}: the sender’s register says what was shared, with whom, why and when, and each recipient’s what came to it, from whom and why`, async () => {
    const own = (await ofShare(sender())).find(({ kind }) => kind === 'share-sent');
    expect(own).toMatchObject({ purpose: expect.any(String), basis: expect.any(String), decision: { by: expect.any(String), at: expect.stringMatching(/Z$/), reasons: expect.any(Array) }, manifestDigest: sent.receipt.manifestDigest, at: sent.receipt.acceptedAt });
    expect((own?.['recipients'] as { agency: string; categories: string[]; route: string; protection: string }[]).map(({ agency, route, protection }) => ({ agency, route, protection }))).toEqual(
      sent.receipt.transfers.map(({ recipient, route, protection }) => ({ agency: recipient.agency, route, protection })));
    for (const { controller, transfer } of sent.receipt.transfers) {
      const theirs = (await ofShare(controller.id)).filter((each) => each.transfer === transfer);
      expect(theirs.map(({ kind }) => kind).filter((kind) => kind !== 'payload-removed')).toEqual(['share-announced', 'share-collected', 'share-opened', 'share-received']);
      expect(theirs[0]).toMatchObject({ from: example.sender.agency, purpose: own?.['purpose'], basis: own?.['basis'], categories: expect.any(Array) });
    }
  });

  test(`${named(tag, 'RC-03')}: the controller of each copy is set when its recipient acknowledges it, and is the sender’s until then; both registers tag whose it is (X-06)`, async () => {
    for (const { controller, transfer } of sent.receipt.transfers) {
      const theirs = (await ofShare(controller.id)).filter((each) => each.transfer === transfer);
      expect(theirs.find(({ kind }) => kind === 'share-announced')).toMatchObject({ originator: sender() });
      expect(theirs.find(({ kind }) => kind === 'share-announced')).not.toHaveProperty('controllership');
      expect(theirs.find(({ kind }) => kind === 'share-received')).toMatchObject({ copyController: controller.id, controllership: 'own' });
      expect((await ofShare(sender())).find((each) => each.kind === 'share-acknowledged' && each.transfer === transfer)).toMatchObject({ copyController: controller.id, controllership: 'own' });
    }
  });

  if (agreement === 'worcestershire') {
    /** Sends it, has its first recipient acknowledge it, and gives what the registers then say of that copy. */
    const copyOf = async (changes: Record<string, unknown>) => {
      const { share, receipt } = await example.send(changes);
      const transfers = await Promise.all(receipt.transfers.map(async ({ transfer, recipient, controller }) => {
        const partner = example.world.partner(recipient.agency);
        await eventually(async () => (await partner.get(`/v1/mailbox/${transfer}`)).status === 200);
        await partner.get(`/v1/mailbox/${transfer}/parts/part-1`);
        expect((await partner.state('acknowledged', transfer, { share: share.id, manifestDigest: receipt.manifestDigest }, { passOnTo: [] })).status).toBe(200);
        const received = (await entries(controller.id)).find((each) => each.kind === 'share-received' && each.transfer === transfer);
        expect((await entries(sender())).find((each) => each.kind === 'share-acknowledged' && each.transfer === transfer)).toMatchObject({ controllership: received?.['controllership'] });
        return [`${recipient.agency}/${recipient.contact}`, { copyController: received?.['copyController'], controllership: received?.['controllership'] }] as const;
      }));
      return Object.fromEntries(transfers);
    };
    const REVIEW = { commissionedBy: 'safeguarding-partnership', reference: 'REV-12' };

    test('WOR RC-05: what is shared to co-ordinate and to watch how well that works is tagged joint; what a partner gets otherwise is its own (X-06)', async () => {
      const watched = await copyOf({ '/manifest/purpose': 'coordination', '/manifest/review': REVIEW, '/lines/0/needToKnow': 'monitors-quality', '/lines/1/needToKnow': 'monitors-quality', '/lines/2/needToKnow': 'monitors-quality' });
      expect(Object.values(watched).map((copy) => copy.controllership)).toEqual(['joint', 'joint']);
      expect(Object.values(await copyOf({})).map((copy) => copy.controllership)).toEqual(['own', 'own']);
    });

    test('WOR RC-05: what the partnership’s own desk gets is the partnership’s, and its controller is the county council (X-06)', async () => {
      const copies = await copyOf({ '/manifest/purpose': 'dispute-resolution', '/manifest/review': REVIEW, '/lines/2/recipient': { agency: 'worcestershire-partnership', contact: 'partnership-team' }, '/lines/2/needToKnow': 'reviews-case' });
      expect(copies['worcestershire-partnership/partnership-team']).toEqual({ copyController: 'worcestershire-county-council', controllership: 'partnership' });
      expect(copies['worcestershire-children-first/family-front-door']).toEqual({ copyController: 'worcestershire-children-first', controllership: 'own' });
    });
  }

  test(`${named(tag, 'RC-10')}: the evidence of one share is a signed zip that is read and checked without Waybill, and holds nothing of another’s register`, async () => {
    await integrated();
    for (const [agency, controller] of [[example.sender.agency, sender()], [recipient(), recipientController()]] as const) {
      const packed = await waybill(agency, 'evidence', 'share', sent.share.id, '--into', `${agency}.zip`, '--reason', 'regulator-demand');
      expect([agency, packed.exit, packed.err]).toEqual([agency, 0, '']);
      const pack = unpacked(`${agency}.zip`);
      expect(checked(pack)).toMatchObject({ status: 0, stdout: expect.stringContaining(`in the register of ${controller}`) });
      const vkey = readFileSync(join(pack, 'keys/log.vkey'), 'utf8').trim();
      expect(checked(pack, '--vkey', vkey)).toMatchObject({ status: 0 });
      const own = (await entries(controller)).map(({ id }) => id);
      for (const file of readdirSync(join(pack, 'entries'))) {
        const entry = JSON.parse(readFileSync(join(pack, 'entries', file), 'utf8')) as Entry;
        expect([entry['controller'], own.includes(entry['id'] as string), entry.share]).toEqual([controller, true, sent.share.id]);
      }
      for (const file of ['summary.html', 'summary.pdf', 'prov.json', 'manifest.json', 'README.txt']) expect(readFileSync(join(pack, file), 'latin1')).not.toContain(SECRET);
      expect(JSON.parse(readFileSync(join(pack, 'prov.json'), 'utf8'))).toMatchObject({ activity: expect.any(Object), agent: { [`waybill:agency/${controller}`]: expect.any(Object) } });
    }
    expect((await entries(sender())).filter(({ kind }) => kind === 'register-read').at(-1)).toMatchObject({ what: 'search', reason: 'regulator-demand', about: sent.share.id });
  });

  test(`${named(tag, 'RC-10')}: whoever packs it signs it, gpg says so, and qpdf and a browser’s eye find nothing that runs`, async () => {
    const pack = unpacked(`${example.sender.agency}.zip`);
    const gnupg = mkdtempSync(join(tmpdir(), 'gpg-'));
    chmodSync(gnupg, 0o700);
    execFileSync('gpg', ['--homedir', gnupg, '--batch', '--quiet', '--import', 'keys/packer.asc'], { cwd: pack, stdio: 'ignore' });
    expect(spawnSync('gpg', ['--homedir', gnupg, '--batch', '--verify', 'manifest.json.asc', 'manifest.json'], { cwd: pack }).status).toBe(0);
    rmSync(gnupg, { recursive: true, force: true });
    expect(spawnSync('qpdf', ['--check', 'summary.pdf'], { cwd: pack, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: expect.stringContaining('No syntax or stream encoding errors found') });
    expect(readFileSync(join(pack, 'summary.pdf'), 'latin1')).not.toMatch(/\/(JavaScript|JS|URI|Launch|EmbeddedFile)/);
    expect(readFileSync(join(pack, 'summary.html'), 'utf8')).not.toMatch(/<script|<img|<link|href=|src=|\son[a-z]+=/i);
  });

  test.each<[string, (pack: string) => void]>([
    ['an entry is changed', (pack) => change(pack, 'entries', (text) => text.replace('"urgency":"', '"urgency":"x'))],
    ['an entry and the list of files are changed', (pack) => {
      change(pack, 'entries', (text) => text.replace('"urgency":"', '"urgency":"x'));
      listAgain(pack);
    }],
    ['a proof is of another place', (pack) => {
      change(pack, 'proofs', (text) => text.replace(/"index":(\d+)/, (_, index: string) => `"index":${Number(index) + 1}`));
      listAgain(pack);
    }],
    ['a file is put in', (pack) => writeFileSync(join(pack, 'entries', '999-more.json'), '{}')],
    ['a file is taken out', (pack) => rmSync(join(pack, 'prov.json'))],
  ])(`${named(tag, 'RC-10')}: a pack in which %s does not hold`, (_what, bend) => {
    const pack = unpacked(`${example.sender.agency}.zip`);
    bend(pack);
    expect(checked(pack)).toMatchObject({ status: 1, stdout: expect.stringContaining('does NOT hold') });
  });

  test(`${tag}: a pack about what is in another’s register alone is none`, async () => {
    const refused = await example.compose({ '/manifest/purpose': 'no-such-purpose' });
    expect((await example.sender.submit(refused)).status).toBe(422);
    await integrated();
    expect(await waybill(recipient(), 'evidence', 'share', refused.id, '--into', 'none.zip', '--reason', 'curious')).toMatchObject({ exit: expect.any(Number), out: expect.stringContaining('NOTHING_RECORDED') });
    expect(await waybill(example.sender.agency, 'evidence', 'share', refused.id, '--into', 'refused.zip', '--reason', 'own-records')).toMatchObject({ exit: 0 });
  });

  test(`${tag}: the register is a spreadsheet, a record of processing, a processor’s record and figures, each of its own controller’s entries alone, and each reading is on record`, async () => {
    for (const kind of ['entries', 'activities', 'processor', 'audit-sample', 'operations', 'accesses', 'statistics', 'controls', 'disposals']) {
      for (const as of ['csv', 'json']) {
        const file = `${kind}.${as}`;
        rmSync(join(folder, file), { force: true });
        const made = await waybill(example.sender.agency, 'register', 'report', kind, file, '--as', as, '--reason', 'monitors-quality');
        expect([kind, made.exit, made.err]).toEqual([kind, 0, '']);
        expect(readFileSync(join(folder, file), 'utf8')).not.toContain(SECRET);
      }
    }
    const json = (kind: string) => readFileSync(join(folder, `${kind}.json`), 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(json('entries').every(({ entry }) => (JSON.parse(String(entry)) as Entry)['controller'] === sender())).toBe(true);
    expect(json('activities')).toContainEqual(expect.objectContaining({ role: 'shares', agreement, purpose: expect.any(String), recipients: expect.stringContaining(recipient()) }));
    expect(json('processor')).toEqual([expect.objectContaining({ controller: sender(), instruction: agreement, version: expect.any(String), digest: expect.stringMatching(/^[0-9a-f]{64}$/) })]);
    expect(json('audit-sample').map((each) => each['ended'])).toContain('acknowledged');
    expect((await entries(sender())).filter(({ kind, reason }) => kind === 'register-read' && reason === 'monitors-quality').length).toBeGreaterThan(0);
  });

  if (['wirral', 'solihull', 'llr'].includes(agreement)) {
    test(`${tag} AU-08: figures count what was shared without a subject, and no small number stands in them`, () => {
      const rows = readFileSync(join(folder, 'statistics.json'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { by: string; count: number | string });
      expect(new Set(rows.map(({ by }) => by))).toEqual(new Set(['month', 'urgency', 'purpose', 'recipient', 'category']));
      for (const { count } of rows) expect(typeof count === 'number' ? count >= 5 : ['fewer than 5', 'not shown'].includes(count)).toBe(true);
      expect(readFileSync(join(folder, 'statistics.json'), 'utf8')).not.toMatch(/[A-Z]{2}-[0-9]{3}|[0-9a-f]{8}-[0-9a-f]{4}-/);
    });
  }

  if (agreement === 'llr') {
    test('LLR AU-02: an audit sample says of each share who decided, how long it took to be delivered, and what became of it', () => {
      const rows = readFileSync(join(folder, 'audit-sample.json'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(rows.filter(({ share }) => share === sent.share.id)).toEqual(sent.receipt.transfers.map(({ recipient: to }) => expect.objectContaining({
        recipient: `${to.agency}/${to.contact}`, decidedBy: 'police-officer', decidedAt: expect.any(String), reasons: 'protects-from-harm', hoursToDelivery: expect.any(Number), acknowledgedAt: expect.any(String), ended: 'acknowledged' }) as unknown));
    });

    test('LLR AU-07: the record of a share states the safeguards that were applied to it', async () => {
      const own = (await ofShare(sender())).find(({ kind }) => kind === 'share-sent');
      expect(own).toMatchObject({ recipients: expect.arrayContaining([expect.objectContaining({ protection: 'openpgp', route: 'mailbox', keys: expect.any(Array), categories: expect.any(Array), lines: expect.any(Array) })]), doNotTell: true });
    });

    test('LLR AS-09 AS-10 AU-05: a control that was tested stands in the register with day, outcome and person, and is told as overdue once its day is past', async () => {
      const tested = (body: object) => example.sender.ask('POST', '/v1/register/control-tests', Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' });
      const today = example.world.clock.now().toISOString().slice(0, 10);
      for (const control of ['backup-restore', 'sharing-activity-approval']) expect((await tested({ control, on: today, outcome: 'passed', by: 'governance', role: 'responsible-person', dueAgain: today })).status).toBe(201);
      expect((await tested({ control: 'backup-restore', on: today, outcome: 'well', by: 'governance', dueAgain: today })).status).toBe(422);
      await integrated();
      const told = async (file: string) => {
        expect((await waybill(example.sender.agency, 'register', 'report', 'controls', file, '--as', 'json', '--reason', 'monitors-quality')).exit).toBe(0);
        return readFileSync(join(folder, file), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);
      };
      expect(await told('controls-today.json')).toEqual(['backup-restore', 'sharing-activity-approval'].map((control) => ({ control, on: today, outcome: 'passed', by: 'governance', role: 'responsible-person', dueAgain: today, overdue: false })));
      example.world.clock.advance(2 * DAY);
      expect(await told('controls-later.json')).toEqual([expect.objectContaining({ overdue: true }), expect.objectContaining({ overdue: true })]);
    });
  }

  if (['wirral', 'nwadcs', 'worcestershire', 'llr'].includes(agreement)) {
    test(`${[...(agreement === 'nwadcs' ? [] : [`${tag} PD-17`]), ...(agreement === 'wirral' ? [] : [`${tag} RC-11`])].join(' ')}: the operator’s contract with a controller and its instructions, the agreements by version and digest, stand in that controller’s register; what the operator may touch holds no record`, async () => {
      const operated = (...args: string[]) => atDesk([...args, '--json'], { cwd: folder, env: operatorsEnv(example.world), now: () => example.world.clock.now() });
      expect(await operated('directory', 'instruct', example.sender.agency, '--contract', 'Jane Smith', '--on', '2026-04-01')).toMatchObject({ exit: 2 });
      expect(await operated('directory', 'instruct', example.sender.agency, '--contract', 'DPA-2026-014', '--on', '2026-04-01', '--until', '2029-03-31')).toMatchObject({ exit: 0, err: '' });
      expect((await entries(sender())).at(-1)).toMatchObject({ kind: 'processor-instructed', contract: 'DPA-2026-014', on: '2026-04-01', until: '2029-03-31', instructions: [{ id: agreement, version: example.world.agreement.version, digest: example.world.agreement.digest }] });
      expect((await entries(recipientController())).filter(({ kind }) => kind === 'processor-instructed')).toEqual([]);
      const operator = await example.world.db.as('operator');
      for (const table of ['entry', 'leaf', 'share', 'transfer', 'part', 'chunk', 'line', 'statement', 'processor_contract']) await expect(operator.transaction((tx) => tx.query(`select from waybill.${table}`))).rejects.toThrow('permission denied');
    });
  }

  if (agreement === 'nwadcs') {
    test('NWADCS RC-06: a notification stands in its issuer’s register and in each recipient’s, each as a controller of its own', async () => {
      const copies = await Promise.all(sent.receipt.transfers.map(async ({ controller, transfer }) => (await ofShare(controller.id)).find((each) => each.kind === 'share-received' && each.transfer === transfer)));
      expect(copies.map((copy) => [copy?.['copyController'], copy?.['controllership']])).toEqual(sent.receipt.transfers.map(({ controller }) => [controller.id, 'own']));
      expect((await ofShare(sender())).some(({ kind }) => kind === 'share-sent')).toBe(true);
      expect(new Set([sender(), ...sent.receipt.transfers.map(({ controller }) => controller.id)]).size).toBe(1 + sent.receipt.transfers.length);
    });

    test('NWADCS: what the store of notifications holds is the host council’s, whoever sends it there', async () => {
      const store = { agency: HOST, contact: 'provider-store' };
      const { share, receipt } = await example.send({ '/lines/0/recipient': store, '/lines/1/recipient': store });
      const kept = receipt.transfers.find(({ recipient: to }) => to.contact === 'provider-store');
      expect(kept?.controller.id).toBe(HOST);
      expect((await entries(HOST)).find((each) => each.kind === 'share-announced' && each.share === share.id)).toMatchObject({ copyController: HOST });
    });
  }

  test(`${tag}: a person is found by the controller’s own blind index, with a reason that is on record; the gateway learns no reference, and another controller’s index of the same is another`, async () => {
    const reference = 'WQ-2041';
    for (const agency of [example.sender.agency, recipient()]) expect(await waybill(agency, 'register', 'index', sent.share.id, '--reference', reference)).toMatchObject({ exit: 0 });
    const found = await waybill(example.sender.agency, 'register', 'find', '--reference', 'wq 2041', '--reason', 'subject-access');
    expect([found.exit, found.json.shares]).toEqual([0, [sent.share.id]]);
    expect((await waybill(example.sender.agency, 'register', 'find', '--reference', 'WQ-2042', '--reason', 'subject-access')).json.entries).toEqual([]);
    const { rows } = await example.world.db.owner.query<{ controller: string; index: Buffer }>('select controller, index from waybill.subject_index');
    expect(new Set(rows.map(({ index }) => index.toString('hex'))).size).toBe(2);
    expect(new Set(rows.map(({ controller }) => controller))).toEqual(new Set([sender(), recipientController()]));
    const searched = (await entries(sender())).findLast((entry) => entry.kind === 'register-read' && entry['index'] !== undefined);
    expect(searched).toMatchObject({ what: 'search', reason: 'subject-access' });
    expect(rows.map(({ index }) => index.toString('hex'))).not.toContain(searched?.['index']);
    expect((await example.sender.get(`/v1/register/entries?about=${sent.share.id}`)).status).toBe(400);
  });

  test(`${named(tag, 'RC-07')}: each controller has a view of its own: what it sent, was refused and was told, its breaches, its rights requests and what it keeps; and of others nothing`, async () => {
    const { world } = example;
    const at = example.sender;
    const to = world.partner(recipient());
    const transfer = sent.receipt.transfers[0]?.transfer ?? '';
    const refused = await example.compose({ '/manifest/purpose': null });
    expect((await at.submit(refused)).status).toBe(422);
    const { breach } = await reportBreach(world, to, { shares: [sent.share.id] });
    expect((await recordRights(world, to, 'access', [transfer], { fields: { reference: 'WQ-2041' }, words: 'asked', to: [to] })).status).toBe(201);
    await integrated();

    const registerOf = async (agency: string): Promise<Entry[]> => ((await world.partner(agency).get('/v1/register/entries?limit=500')).json.items as { octets?: string }[]).map(({ octets }) => JSON.parse(Buffer.from(octets ?? '', 'base64').toString()) as Entry);
    const listed = async (agency: string, path: string): Promise<string[]> => ((await world.partner(agency).get(path)).json.items as Record<string, string>[]).map((item) => item['breach'] ?? item['rightsRequest'] ?? item['transfer'] ?? '');
    const [mine, theirs] = [await registerOf(at.agency), await registerOf(to.agency)];
    for (const [controller, own] of [[sender(), mine], [recipientController(), theirs]] as const) expect(new Set(own.map((entry) => entry['controller']))).toEqual(new Set([controller]));
    expect(mine.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['share-sent', 'share-refused']));
    expect(theirs.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['share-announced', 'breach-reported', 'rights-request-received']));
    expect([theirs.some(({ share }) => share === refused.id), mine.some(({ kind }) => kind === 'rights-request-received')]).toEqual([false, false]);
    // Of the rest each sees what it has a part in: a case both, a rights request and a copy whoever has it.
    expect(await listed(to.agency, '/v1/breaches')).toEqual([breach]);
    expect(await listed(to.agency, '/v1/retention')).toContain(transfer);
    expect([await listed(at.agency, '/v1/retention'), await listed(at.agency, '/v1/rights-requests')]).toEqual([[], []]);
    expect(await listed(to.agency, '/v1/rights-requests')).toHaveLength(1);
  });
});

const firstOf = (pack: string, folder: string): string => join(pack, folder, readdirSync(join(pack, folder)).find((file) => file.includes('share-sent')) ?? '');
function change(pack: string, folder: string, by: (text: string) => string): void {
  const file = firstOf(pack, folder);
  const [before, after] = [readFileSync(file, 'utf8'), by(readFileSync(file, 'utf8'))];
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}
/** As somebody does who makes the list of files fit again. */
function listAgain(pack: string): void {
  const manifest = JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8')) as { files: Record<string, string> };
  for (const name of Object.keys(manifest.files)) manifest.files[name] = createHash('sha256').update(readFileSync(join(pack, name))).digest('hex');
  writeFileSync(join(pack, 'manifest.json'), JSON.stringify(manifest));
}
