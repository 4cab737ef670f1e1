import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { DIRECTORY_ROWS } from '#directory/rows';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { publicKeySet } from '#envelope/signing-keys';
import { Database } from '#platform/database';
import { silent } from '#platform/log';
import { Client } from 'pg';
import { type RunningGateway, startGateway } from '../../apps/gateway/gateway';
import { PublishedKeys } from '../../apps/gateway/tokens';
import type { Answer, Composed } from '../world/partner';
import { ask, fieldsOf } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { FRONT_DOOR, Scene } from './referral';

/** Many submissions share a commit, on two gateways at once; each must be as it would have been alone. */
let scene: Scene;
let second: RunningGateway;
let secondDatabase: Database;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  const { system, clock, folder, db } = scene.world;
  secondDatabase = await Database.open('gateway', db.address, [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]);
  second = await startGateway({
    database: secondDatabase, agreements: system.agreements as never, clock, log: silent, origin: system.origin, listen: { host: '127.0.0.1', port: 0 }, tls: system.keys.server, key: system.keys.provenance,
    published: new PublishedKeys((await publicKeySet([{ publicKey: system.keys.provenance.publicKey, from: new Date(0) }])).keys), logKeys: [system.keys.checkpoint.publicKey], spool: mkdtempSync(join(folder, 'spool-')),
  });
});
afterAll(async () => {
  await second.stop();
  await secondDatabase.close();
  await scene.world.close();
});

/** Sends to the first gateway or to the second. */
const submit = (share: Composed, at: 'first' | 'second' = 'first', headers: Record<string, string> = {}): Promise<Answer> => {
  const boundary = 'waybill-group';
  const body = Buffer.concat([
    ...fieldsOf(share).flatMap(({ name, octets }) => [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="x"\r\n\r\n`), Buffer.from(octets), Buffer.from('\r\n')]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  return ask(scene.school.agent, at === 'first' ? scene.world.system.port : second.port, 'POST', '/v1/shares', body, { 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers });
};
const alternately = (shares: readonly Composed[]): Promise<Answer[]> => Promise.all(shares.map((share, i) => submit(share, i % 2 === 0 ? 'first' : 'second')));
const several = async (count: number, compose = () => scene.compose()): Promise<Composed[]> => Promise.all(Array.from({ length: count }, compose));
const rows = async (ids: readonly string[]): Promise<number> => (await scene.sql('select from waybill.share where id = any($1)', [ids])).length;
const codes = (answers: readonly Answer[]): string[] => answers.map(({ status, json }) => (status === 202 ? 'accepted' : `${status} ${json?.code}`));

test.each([['with an Idempotency-Key', { 'idempotency-key': 'one-hundred-times' }], ['by its manifest alone', {}]])('one share posted a hundred times at once, to two gateways, %s: one row, a hundred equal answers', async (_how, headers) => {
  const share = await scene.compose();
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => submit(share, i % 2 === 0 ? 'first' : 'second', headers)));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.toString()}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(202);
  expect(await rows([share.id])).toBe(1);
  expect(await scene.entries('st-brigid-primary', { share: share.id })).toHaveLength(1);
  expect(await scene.entries('merebrook-council', { kind: 'share-announced', share: share.id })).toHaveLength(1);
});

test('one hundred manifests under one id, at once: one is accepted, and each other refused', async () => {
  const first = await scene.compose();
  const shares = [first, ...(await several(19, () => scene.school.compose({ id: first.id, parts: [{ category: 'names', text: 'another', to: { [FRONT_DOOR]: 'assesses-referral' } }] }, scene.certificates)))];
  const answers = codes(await alternately(shares));
  expect(answers.filter((each) => each === 'accepted')).toHaveLength(1);
  expect(answers.filter((each) => each === '422 MANIFEST_ID_REUSED')).toHaveLength(19);
  expect(await rows([first.id])).toBe(1);
});

test('one Idempotency-Key for two shares at once: one is accepted, the other told so', async () => {
  const shares = await several(2);
  const answers = codes(await Promise.all(shares.map((share) => submit(share, 'first', { 'idempotency-key': 'for-two-shares' }))));
  expect(answers.sort()).toEqual(['422 IDEMPOTENCY_KEY_REUSED', 'accepted']);
  expect(await rows(shares.map(({ id }) => id))).toBe(1);
});

test('a share that cannot be stored fails by itself: its neighbours in the commit are accepted', async () => {
  const shares = await several(16);
  const unlucky = shares[7] as Composed;
  // What no gateway can foresee: the database refuses a row of just this share.
  const mend = await scene.trouble(`before insert on waybill.share for each row when (new.id = '${unlucky.id}')`, 'raise check_violation');
  const answers = codes(await Promise.all(shares.map((share) => submit(share))));
  await mend();
  expect(answers.map((each, i) => (i === 7 ? each.slice(0, 3) : each))).toEqual(shares.map((_, i) => (i === 7 ? '500' : 'accepted')));
  expect(await rows(shares.map(({ id }) => id))).toBe(15);
  expect(codes([await submit(unlucky)])).toEqual(['accepted']);
});

/** Changes the directory in a transaction of its own and lets it stand only once submissions wait for it at both gateways. */
async function inTheGap(change: (owner: Client) => Promise<unknown>, shares: readonly Composed[]): Promise<Answer[]> {
  const { host, port, database } = scene.world.db.address;
  const owner = new Client({ host, port, database, user: 'waybill_owner' });
  await owner.connect();
  try {
    await owner.query('begin');
    await change(owner);
    const answers = alternately(shares);
    await eventually(async () => (await scene.sql(`select from pg_locks where locktype = 'advisory' and not granted and classid = 7219402 and database = (select oid from pg_database where datname = current_database())`)).length >= 2);
    await owner.query('commit');
    return await answers;
  } finally {
    await owner.end();
  }
}

describe('what changes between decision and commit', () => {
  // Both gateways have decided a share like these before, and know all that they need to decide the next.
  beforeEach(async () => expect(codes(await alternately(await several(4)))).toEqual(['accepted', 'accepted', 'accepted', 'accepted']));

  test('a key that is revoked in the gap seals no share that is accepted, at either gateway', async () => {
    const shares = await several(20);
    const { fingerprint } = scene.certificates(FRONT_DOOR);
    const answers = await inTheGap((owner) => owner.query('update waybill.certificate set revoked_at = clock_timestamp() where fingerprint = $1', [fingerprint]), shares);
    expect(new Set(codes(answers))).toEqual(new Set(['422 NOBODY_LEFT']));
    expect(await rows(shares.map(({ id }) => id))).toBe(0);
    expect(await scene.sql('select from waybill.transfer where share = any($1)', [shares.map(({ id }) => id)])).toEqual([]);
    await scene.sql('update waybill.certificate set revoked_at = null where fingerprint = $1', [fingerprint]);
  });

  test('a party that withdraws in the gap gets and sends nothing more, at either gateway', async () => {
    for (const agency of ['merebrook-council', 'st-brigid-primary']) {
      const shares = await several(20);
      const answers = await inTheGap((owner) => owner.query(`update waybill.membership set status = 'withdrawn' where agency = $1`, [agency]), shares);
      expect(new Set(codes(answers))).toEqual(new Set(['422 NO_COMMON_AGREEMENT']));
      expect(await rows(shares.map(({ id }) => id))).toBe(0);
      await scene.sql(`update waybill.membership set status = 'active' where agency = $1`, [agency]);
    }
  });

  test('a change that alters nothing of the decision refuses nobody: it is decided again, and accepted', async () => {
    const shares = await several(20);
    const answers = await inTheGap((owner) => owner.query(`update waybill.contact set label = label || ' (moved)' where agency = 'merebrook-council'`), shares);
    expect(new Set(codes(answers))).toEqual(new Set(['accepted']));
    expect(await rows(shares.map(({ id }) => id))).toBe(20);
  });

  test('facts that change each time end in 503 with Retry-After, and nothing is recorded as decided', async () => {
    const share = await scene.compose();
    const before = await scene.entries('st-brigid-primary');
    // Whoever takes the lock under which versions are compared has changed one just before.
    await scene.sql(`create or replace function waybill.facts_lock(about text) returns integer language plpgsql volatile security definer as $$ begin
      if pg_trigger_depth() = 0 then update waybill.agency set version = version where id = 'merebrook-council'; end if; return hashtext(about); end $$`);
    const answer = await submit(share);
    await scene.sql('create or replace function waybill.facts_lock(about text) returns integer language sql immutable strict parallel safe return hashtext(about)');
    expect([answer.status, answer.json.code, answer.headers['retry-after']]).toEqual([503, 'UNDECIDED', expect.stringMatching(/^[0-9]+$/)]);
    expect(await rows([share.id])).toBe(0);
    expect(await scene.entries('st-brigid-primary')).toEqual(before);
    expect(codes([await submit(share)])).toEqual(['accepted']);
  });
});
