import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { armorOctets } from '#envelope/cutting';
import { type Composed, fieldsOf } from '../world/partner';
import { disclosure, recordDisclosure } from '../world/disclosures';
import { notShared, record } from '../world/not-shared';
import { eventually, openWorld } from '../world/partnership';
import { filesUnder, foundIn, spellings } from '../world/searching';
import { expectProblem, FRONT_DOOR, REFERRAL, REFERRAL_TO_TWO, Scene, transferTo } from '../journeys/referral';
import { packet } from './envelope/forge';

/** Everything that an operator, a thief of backups or a reader of logs could open is searched for words that were sealed. */
const MARK = 'Thistlewood';
const CANARIES = [`Ozymandias ${MARK}`, `${MARK} lives behind the old cannery`, `Young ${MARK} is afraid of the lodger`, `${MARK} in a field`, `${MARK} in clear`, `${MARK} on the envelope`] as const;
const [NAME, ADDRESS, FEAR, FIELD, CLEAR, FILE] = CANARIES;

let scene: Scene;
let known: string;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  const { share, receipt } = await scene.send({ parts: REFERRAL_TO_TWO.parts.map((part, i) => ({ ...part, text: CANARIES[i] as string })) });
  known = share.id;
  const about = { share: share.id, manifestDigest: receipt.manifestDigest };
  const transfer = await scene.transfer(scene.council, share.id);
  expect(await Promise.all(['part-1', 'part-2', 'part-3'].map((part) => scene.opened(scene.council, transfer, part)))).toEqual([NAME, ADDRESS, FEAR]);
  await scene.council.state('acknowledged', transfer.transfer, about);
  await scene.charity.state('returned', transferTo(receipt, 'kingfisher-families/casework'), about, { reason: 'not-for-us' });
  await scene.send({ parts: [{ ...REFERRAL.parts[0], category: 'names', text: NAME, to: { [FRONT_DOOR]: 'assesses-referral' } }], manifest: { urgency: 'emergency' } });
  expect((await record(scene.school, await notShared(scene.world, scene.school, { words: FEAR }))).status).toBe(201);
  expect((await recordDisclosure(scene.school, await disclosure(scene.world, scene.school, { route: { by: 'verbal', at: scene.world.clock.now().toISOString() }, words: FEAR }))).status).toBe(201);
  for (const spill of SPILLS) expect((await spill()).status).toBeGreaterThanOrEqual(400);
  await named(await scene.compose());
  await scene.sql('checkpoint');
});
afterAll(() => scene.world.close());

const withPart = async (octets: Uint8Array): Promise<Composed> => ({ ...(await scene.compose()), parts: new Map([['part-1', octets]]) });
const declaring = async (fields: Record<string, unknown>): Promise<Composed> => scene.compose({ ...REFERRAL, manifest: fields });
const literal = (text: string): Buffer => packet(11, Buffer.concat([Buffer.from('b\0\0\0\0\0'), Buffer.from(text)]));

/** Ways in which a sender, by mistake, writes in clear what should be sealed. Each is refused, and nothing of it may stay. */
const SPILLS: readonly (() => Promise<{ status: number }>)[] = [
  async () => scene.school.submit(await withPart(Buffer.from(CLEAR))),
  async () => scene.school.submit(await withPart(literal(CLEAR))),
  async () => scene.school.submit(await withPart(Buffer.concat([Buffer.from(`${CLEAR}\n`), Buffer.from(armorOctets((await scene.compose()).parts.get('part-1') as Uint8Array))]))),
  async () => scene.school.submit(await withPart(Buffer.concat([(await scene.compose()).parts.get('part-1') as Uint8Array, literal(CLEAR)]))),
  async () => scene.school.submit(await declaring({ purpose: FIELD })),
  async () => scene.school.submit(await declaring({ [FIELD]: FIELD })),
  async () => scene.school.submit(await declaring({ sender: { agency: 'st-brigid-primary', contact: FIELD } })),
  async () => scene.school.submit({ ...(await scene.compose()), manifest: Buffer.from(FIELD) }),
  async () => scene.school.submit({ ...(await scene.compose()), signature: Buffer.from(FIELD) }),
  async () => scene.school.submit({ ...(await scene.compose()), lines: [FIELD] }),
  async () => scene.school.submit(await scene.compose({ ...REFERRAL, reference: FIELD })),
  async () => scene.school.submit(await scene.compose(), { 'idempotency-key': FIELD }),
  async () => record(scene.school, await notShared(scene.world, scene.school, { wordsOctets: Buffer.from(CLEAR) })),
  async () => record(scene.school, await notShared(scene.world, scene.school, { wordsOctets: literal(CLEAR) })),
  async () => record(scene.school, await notShared(scene.world, scene.school, { proposal: Buffer.from(CLEAR) })),
  async () => record(scene.school, await notShared(scene.world, scene.school, { fields: { reference: FIELD, note: FIELD, reasons: [FIELD] } })),
  async () => record(scene.school, await notShared(scene.world, scene.school), { 'idempotency-key': FIELD }),
  async () => recordDisclosure(scene.school, await disclosure(scene.world, scene.school, { route: { by: 'telephone', number: FIELD, consignment: FIELD }, fields: { note: FIELD } })),
  async () => recordDisclosure(scene.school, await disclosure(scene.world, scene.school, { route: { by: 'verbal' }, manifest: { purpose: 'wilhelmina-quillfeather' }, fields: { notCompliant: true } })),
  () => scene.school.get(`/v1/decisions/${encodeURIComponent(FIELD)}`),
  () => scene.school.get(`/v1/mailbox/${encodeURIComponent(FIELD)}`),
  () => scene.school.get(`/v1/${encodeURIComponent(FIELD)}`),
  () => scene.school.get(`/v1/mailbox?contact=${encodeURIComponent(FIELD)}`),
  () => scene.school.post('/v1/share-plans', { manifest: FIELD, lines: [{ note: FIELD }] }),
];

/** File names and part headers come from a desk, and say what is on it. They are accepted, and kept nowhere. */
async function named(share: Composed): Promise<void> {
  const body = Buffer.concat([
    Buffer.from(`${FILE}\r\n`),
    ...fieldsOf(share).flatMap(({ name, octets }) => [Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"; filename="${FILE}.docx"\r\nX-Note: ${FILE}\r\nContent-Type: text/${FILE.replaceAll(' ', '-')}\r\n\r\n`), octets, Buffer.from('\r\n')]),
    Buffer.from(`--b--\r\n${FILE}`),
  ]);
  const answer = await scene.school.ask('POST', '/v1/shares', body, { 'content-type': 'multipart/form-data; boundary=b', 'user-agent': FILE });
  expect([answer.status, answer.json.share]).toEqual([202, share.id]);
}

const NEEDLES = spellings(MARK);
/** In which spellings the mark stands there. */
const searched = (haystack: Buffer): string[] => NEEDLES.filter((octets) => haystack.includes(octets)).map((octets) => octets.toString('latin1'));

test('the search finds what is there', () => {
  for (const octets of spellings(MARK)) expect(searched(Buffer.concat([Buffer.from('before '), octets, Buffer.from(' after')]))).toContain(octets.toString('latin1'));
  for (const word of CANARIES) {
    for (const text of [word, ` ${word}`, `  ${word}`]) for (const form of ['hex', 'base64', 'base64url'] as const) expect(searched(Buffer.from(Buffer.from(text).toString(form)))).not.toEqual([]);
  }
});

test('no row of any table holds a word that was sealed', async () => {
  const tables = await scene.sql<{ schema: string; name: string }>(`select schemaname as schema, tablename as name from pg_tables where schemaname in ('waybill', 'public')`);
  expect(tables.length).toBeGreaterThan(28);
  let rows = 0;
  for (const { schema, name } of tables) {
    for (const { row } of await scene.sql<{ row: string }>(`select t::text as row from ${schema}.${name} t`)) {
      rows++;
      expect([name, searched(Buffer.from(row))]).toEqual([name, []]);
    }
  }
  expect(rows).toBeGreaterThan(100);
});

test('no log, no spool, no file of the installation does', () => {
  const files = filesUnder(scene.world.folder);
  expect(files).toContain(scene.world.system.logFile);
  expect(statSync(scene.world.system.logFile).size).toBeGreaterThan(1_000);
  expect(files.filter((file) => foundIn(file, NEEDLES))).toEqual([]);
  expect(readdirSync(join(scene.world.folder, 'spool'))).toEqual([]);
  for (const line of readFileSync(scene.world.system.logFile, 'utf8').trim().split('\n')) expect(JSON.parse(line)).not.toHaveProperty('err');
});

test('no file of the database does: tables, indexes, log of writes', async () => {
  const [{ data, oid }] = await scene.sql<{ data: string; oid: number }>(`select current_setting('data_directory') as data, oid from pg_database where datname = current_database()`) as [{ data: string; oid: number }];
  const files = [join(data, 'base', String(oid)), join(data, 'pg_wal')].flatMap(filesUnder);
  // Where the search looks is where things are: the share's id, as the manifest spells it, stands there.
  await eventually(() => Promise.resolve(files.some((file) => foundIn(file, [Buffer.from(known)]))));
  expect(files.filter((file) => foundIn(file, NEEDLES))).toEqual([]);
});

test('no answer repeats one', async () => {
  for (const who of [scene.school, scene.council, scene.charity]) {
    for (const path of ['/v1/mailbox', '/v1/register/entries', '/v1/register/export', '/v1/directory/agencies']) expect([path, searched((await who.get(path)).body)]).toEqual([path, []]);
  }
  const answer = await scene.school.submit(await declaring({ purpose: FIELD }));
  expectProblem(answer, 422, 'MANIFEST_INVALID');
  expect(searched(answer.body)).toEqual([]);
});
