import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAST } from '../../apps/standalone/cast';
import { writeHome } from '../../apps/standalone/home';
import { type Standalone, startStandalone } from '../../apps/standalone/standalone';
import { approved } from '../world/agreements';
import { atDesk, type Said } from '../world/desk';
import { DECIDED, DECLARED } from '../world/share-file';
import { eventually, openWorld, type World } from '../world/partnership';
import { readPool } from '../world/tls';

// Years later: the agreement in the folder is another, and what was decided by the old one is decided again. From the desk of who decided.

const CANARY = 'Wilhelmina Quillfeather';

let world: World;
let later: Standalone | undefined;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'waybill-replay-'));
  const { agreement, coordinator, system } = world;
  for (const agency of ['st-brigid-primary', 'merebrook-council']) await writeHome(join(folder, agency), world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  writeFileSync(join(folder, 'why.txt'), `${CANARY} asked us not to`);
});
afterAll(async () => {
  if (later) {
    for (const { agency } of CAST) world.partner(agency).disconnect();
    await later.stop();
    await world.db.close();
    rmSync(world.folder, { recursive: true, force: true });
  } else await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const waybill = (agency: string, ...args: string[]): Promise<Said> => atDesk(args, { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, agency) }, now: () => world.clock.now() });
const school = (...args: string[]) => waybill('st-brigid-primary', ...args);
/** A proof is there a moment after the entry. */
const replayed = (id: string, ...more: string[]): Promise<Said> => eventually(async () => {
  const said = await school('agreements', 'replay', id, ...more);
  return /ask again: it is not integrated/.test(`${said.out}${said.err}`) ? undefined : said;
});

const SHARE = `${DECLARED}
subject: { reference: WQ-2041, band: under-16, names: [${CANARY}] }
${DECIDED}parts:
  - { text: 'Name: ${CANARY}', category: names, kind: fact }
recipients:
  - to: merebrook-council/front-door
    parts: { part-1: assesses-referral }
`;
const shareFile = (name: string, change: (text: string) => string = (text) => text): string => {
  mkdirSync(join(folder, 'shares'), { recursive: true });
  writeFileSync(join(folder, 'shares', name), change(SHARE));
  return join('shares', name);
};
const WITHOUT_PURPOSE = (text: string) => text.replace('purpose: front-door-referral\n', '');

let accepted: string;
let decision: string;

test('a dry run that is refused says how to record that it is not shared, and one command does', async () => {
  const file = shareFile('refused.yaml', WITHOUT_PURPOSE);
  const tried = await school('send', file, '--dry-run');
  expect([tried.exit, tried.out]).toEqual([1, expect.stringContaining(`waybill decide --of ${file}`)]);
  const decided = await school('decide', '--of', file, '--words', 'why.txt', '--json');
  expect(decided).toMatchObject({ exit: 0, err: '' });
  decision = decided.json.decision;
  expect(decided.json.receipt).toMatchObject({ decision, unmet: [expect.objectContaining({ code: 'NO_PURPOSE', next: expect.stringMatching(/./) })] });
  expect(readFileSync(join(folder, 'st-brigid-primary', 'decided', decision, 'decision.json'), 'utf8')).toContain('"reasons":["agreement-does-not-permit"]');
});

test('it is listed, shown, and its words are opened into a file and never printed', async () => {
  const listed = await school('decisions');
  expect(listed).toMatchObject({ exit: 0, out: expect.stringContaining(`${decision}  `) });
  expect(listed.out).toMatch(/not with merebrook-council: agreement-does-not-permit/);
  const shown = await eventually(async () => {
    const said = await school('decisions', decision, '--words-into', 'words.txt');
    return said.exit === 0 && said;
  });
  expect(shown.out).toMatch(/WQ-2041, not shared with merebrook-council: decided .* by safeguarding-lead \(designated-safeguarding-lead\)/);
  expect(shown.out).toContain('NO_PURPOSE');
  expect(shown.out).not.toContain(CANARY);
  expect(readFileSync(join(folder, 'words.txt'), 'utf8')).toBe(`${CANARY} asked us not to`);
  expect(await waybill('merebrook-council', 'decisions')).toMatchObject({ exit: 0, out: '' });
  expect(await waybill('merebrook-council', 'decisions', decision)).toMatchObject({ exit: 1, err: expect.stringContaining('NOT_FOUND') });
  expect(await school('decisions', decision, '--words-into', 'words.txt')).toMatchObject({ exit: 2 });
});

test('from a decision file, with reasons of one’s own; what is wrong is told before anything is sent', async () => {
  const file = (text: string): string => {
    writeFileSync(join(folder, 'decide.yaml'), text);
    return 'decide.yaml';
  };
  const SOUND = `format: waybill-not-shared/1
parties: [kingfisher-families]
categories: [health]
subject: { reference: WQ-2041, names: [${CANARY}] }
decision: { reasons: [not-necessary], safetyConsidered: true, words: { text: they have no part in it } }
`;
  expect(await school('decide', file(SOUND), '--json')).toMatchObject({ exit: 0, json: { receipt: { unmet: [] } } });
  expect(await school('decide', file(SOUND.replace('WQ-2041', 'QUILLFEATHER')))).toMatchObject({ exit: 6, err: expect.stringContaining('IDENTIFIER_IN_CLEAR') });
  expect(await school('decide', file(SOUND.replace('not-necessary', 'data-protection')))).toMatchObject({ exit: 1, err: expect.stringMatching(/REASON_TOO_VAGUE[^]*Next: Add the reason that can be answered/) });
  expect(await school('decide', file(SOUND.replace('parties', 'partys')))).toMatchObject({ exit: 2, err: expect.stringContaining('there is no field partys') });
  expect(await school('decide', file(SOUND.replace('kingfisher-families', 'Kingfisher')))).toMatchObject({ exit: 2, err: expect.stringContaining('DECISION_INVALID') });
  expect(await school('decide', file(SOUND.replace(/subject: .*\n/, '')))).toMatchObject({ exit: 2, err: expect.stringContaining('subject is missing') });
  expect(await school('decide')).toMatchObject({ exit: 2 });
  expect(await school('decide', 'nowhere.yaml')).toMatchObject({ exit: 2 });
});

test('of a share that was an emergency it says first whom to ring', async () => {
  const decided = await school('decide', '--of', shareFile('emergency.yaml', (text) => text.replace('urgency: urgent', 'urgency: emergency')), '--reason', 'shared-otherwise');
  expect(decided.exit).toBe(0);
  expect(decided.err).toMatch(/EMERGENCY {2}Ring 999/);
  const told = (await school('decide', '--of', shareFile('emergency.yaml', (text) => text.replace('urgency: urgent', 'urgency: emergency')), '--reason', 'shared-otherwise', '--json')).json;
  expect(told.receipt.emergency).toMatchObject({ ring: '999', frontDoors: expect.arrayContaining([expect.objectContaining({ agency: 'merebrook-council', contact: 'front-door' })]) });
});

test('what was decided is decided again, by the same engine and the same agreement', async () => {
  const sent = await school('send', shareFile('sound.yaml'), '--json');
  expect(sent).toMatchObject({ exit: 0 });
  accepted = sent.json.share;
  expect(await replayed(accepted)).toMatchObject({ exit: 0, out: expect.stringMatching(/^the same {2}.*permitted by wirral 2020-07/) });
  expect(await replayed(decision)).toMatchObject({ exit: 0, out: expect.stringMatching(/^the same {2}.*refused by wirral 2020-07/) });
  expect(await waybill('merebrook-council', 'agreements', 'replay', accepted)).toMatchObject({ exit: 1, err: expect.stringContaining('NOT_FOUND') });
});

describe('once a new version of the agreement is in force', () => {
  beforeAll(async () => {
    const agreements = join(folder, 'agreements');
    cpSync('deploy/agreements', agreements, { recursive: true });
    const profile = join(agreements, 'wirral', 'agreement.yaml');
    const text = readFileSync(profile, 'utf8');
    // Stricter: what the school relies on is no lawful basis under it any more.
    const changed = text.replace(/^version: .*$/m, "version: '2031-01'\nsupersedes: ['2020-07']").replace(/ {2}art6: .*\n/, '  art6: { value: { list: closed, codes: [6(1)(a)] }, clause: GR4 }\n');
    expect(changed).not.toBe(text);
    writeFileSync(profile, changed);
    await approved(world, agreements, 'wirral');
    await world.system.stop();
    later = await startStandalone({ folder: world.folder, database: world.db.address, agreements, port: world.system.port, tls: readPool(), clock: world.clock });
  });

  test('the same share would be refused by it', async () => {
    expect(later?.agreements.get('wirral')?.version).toBe('2031-01');
    const tried = await school('send', shareFile('again.yaml', (text) => text.replace('format: waybill-share/1', "format: waybill-share/1\nagreement: { id: wirral, version: '2031-01' }")), '--dry-run', '--json');
    expect(tried).toMatchObject({ exit: 1, json: { outcome: 'refused', reasons: [expect.objectContaining({ code: 'BASIS_NOT_ALLOWED' })] } });
  });

  test('what was decided comes out as it did', async () => {
    for (const [id, outcome] of [[accepted, 'permitted'], [decision, 'refused']] as const) {
      const said = await replayed(id, '--json');
      expect(said).toMatchObject({ exit: 0, json: { decisions: [{ same: true, differences: [], sameVocabulary: true, kept: { outcome: { outcome }, agreement: { id: 'wirral', version: '2020-07' } } }] } });
    }
  });
});

describe('what somebody with every right to the database altered', () => {
  const asOwner = async (table: string, sql: string, values: unknown[] = []): Promise<void> => {
    for (const text of [`alter table waybill.${table} disable trigger user`, `alter table waybill.${table} no force row level security`]) await world.db.owner.query(text);
    expect((await world.db.owner.query(sql, values)).rowCount).toBe(1);
  };

  test('is noticed in what it was made on, though its digest was altered with it', async () => {
    const { rows: [row] } = await world.db.owner.query<{ octets: Buffer }>('select octets from waybill.decision where id = $1', [accepted]);
    const altered = Buffer.from((row as { octets: Buffer }).octets.toString().replace('assesses-referral', 'monitors-quality'));
    await asOwner('decision', `update waybill.decision set octets = $2, digest = encode(sha256($2), 'hex') where id = $1`, [accepted, altered]);
    expect(await replayed(accepted)).toMatchObject({ exit: 3, out: expect.stringMatching(/^NOT DECIDED AGAIN .*not what the register says/) });
    await asOwner('decision', `update waybill.decision set octets = 'no' where id = $1`, [accepted]);
    expect(await replayed(accepted)).toMatchObject({ exit: 3, out: expect.stringContaining('not what the register says') });
    await asOwner('decision', `update waybill.decision set octets = $2, digest = encode(sha256($2), 'hex') where id = $1`, [accepted, (row as { octets: Buffer }).octets]);
    expect(await replayed(accepted)).toMatchObject({ exit: 0 });
  });

  test.each([['agreement_document', `agreement = 'wirral' and version = '2020-07'`], ['party_document', `convert_from(octets, 'UTF8') like '%"agency":"merebrook-council"%'`]])('is noticed in a %s, and so is its absence', async (table, which) => {
    const { rows: [row] } = await world.db.owner.query<{ digest: string }>(`select digest from waybill.${table} where ${which}`);
    const digest = row?.digest;
    await asOwner(table, `update waybill.${table} set octets = octets || ' '::bytea where digest = $1`, [digest]);
    expect(await replayed(accepted)).toMatchObject({ exit: 3, out: expect.stringMatching(new RegExp(`was altered.* SHA-256 ${digest}`)) });
    await asOwner(table, `update waybill.${table} set digest = repeat('0', 64) where digest = $1`, [digest]);
    expect(await replayed(accepted)).toMatchObject({ exit: 3, out: expect.stringMatching(new RegExp(`was not kept.* SHA-256 ${digest}`)) });
    await asOwner(table, `update waybill.${table} set digest = $1, octets = substring(octets for length(octets) - 1) where digest = repeat('0', 64)`, [digest]);
    expect(await replayed(accepted)).toMatchObject({ exit: 0 });
  });
});

test('no process may alter what was kept, nor remove it', async () => {
  for (const role of ['gateway', 'courier', 'relay', 'registrar'] as const) {
    for (const table of ['decision', 'not_shared', 'agreement_document', 'party_document']) {
      for (const sql of [`update waybill.${table} set octets = ''`, `delete from waybill.${table}`]) {
        await expect((later as Standalone).database(role).source.query(sql)).rejects.toMatchObject({ driverError: { code: '42501' } });
      }
    }
  }
});
