import * as fc from 'fast-check';
import { DIRECTORY_ROWS } from '#directory/rows';
import { publicKeySet } from '#envelope/signing-keys';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { SECOND } from '#platform/clock';
import { Database } from '#platform/database';
import { silent } from '#platform/log';
import { startGateway } from '../../apps/gateway/gateway';
import { PublishedKeys } from '../../apps/gateway/tokens';
import { expectProblem, REFERRAL, Scene } from '../journeys/referral';
import { Stage, TRANSPORTS } from '../queue/stage';
import { ask, fieldsOf } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { figure } from './figures';
import { PATIENCE_MS, sizeOf } from './sizes';

// R15, a hundred posts of one share at once, stands in test/journeys/group-commit.spec.ts.

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld({ perSecond: { shares: 1_000, others: 1_000 } }));
});
afterAll(() => scene.world.close());

test('R16: another body under a key that was used is refused 422, whatever is different, and changes nothing', async () => {
  const share = await scene.compose();
  const key = { 'idempotency-key': 'one-key-for-one-share' };
  const accepted = await scene.school.submit(share, key);
  expect(accepted.status).toBe(202);
  const kept = await scene.kept();
  const { runs } = sizeOf('otherBody');
  let tried = 0;
  await fc.assert(fc.asyncProperty(fc.nat(share.manifest.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
    const manifest = Buffer.from(share.manifest);
    manifest[at] = (manifest[at] as number) ^ by;
    tried++;
    expectProblem(await scene.school.submit({ ...share, manifest }, key), 422, 'IDEMPOTENCY_KEY_REUSED');
  }), { numRuns: runs });
  expectProblem(await scene.school.submit(await scene.compose(), key), 422, 'IDEMPOTENCY_KEY_REUSED');
  expect((await scene.school.submit(share, key)).body.equals(accepted.body)).toBe(true);
  expect(await scene.kept()).toEqual(kept);
  figure('R16', `${tried + 1} other bodies under one key: ${tried + 1} refused, nothing changed`);
}, PATIENCE_MS);

test('R17: a signed share that is sent again at once, after 301 s, and after a restart has no further effect; from anybody else it is refused', async () => {
  const { share, receipt } = await scene.send();
  const late = await scene.compose();
  const kept = await scene.kept();
  const entries = (await scene.entries('st-brigid-primary', { kind: 'share-sent' })).length;
  const { system, clock, db, folder } = scene.world;
  const body = Buffer.concat([
    ...fieldsOf(share).flatMap(({ name, octets }) => [Buffer.from(`--again\r\nContent-Disposition: form-data; name="${name}"; filename="x"\r\n\r\n`), Buffer.from(octets), Buffer.from('\r\n')]),
    Buffer.from('--again--\r\n'),
  ]);
  const again = (agent = scene.school.agent, port = system.port) => ask(agent, port, 'POST', '/v1/shares', body, { 'content-type': 'multipart/form-data; boundary=again' });
  expect((await again()).json).toEqual(receipt);
  expectProblem(await again(scene.charity.agent), 422, 'WRONG_SENDER');
  clock.advance(301 * SECOND);
  expect((await again()).json).toEqual(receipt);
  // What a process keeps in memory is gone with it; what was accepted is not kept there.
  const database = await Database.open('gateway', db.address, [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]);
  const restarted = await startGateway({
    database, agreements: system.agreements as never, clock, log: silent, origin: system.origin, listen: { host: '127.0.0.1', port: 0 }, tls: system.keys.server, key: system.keys.provenance,
    published: new PublishedKeys((await publicKeySet([{ publicKey: system.keys.provenance.publicKey, from: new Date(0) }])).keys), logKeys: [system.keys.checkpoint.publicKey], spool: `${folder}/spool-again`,
  });
  expect((await again(scene.school.agent, restarted.port)).json).toEqual(receipt);
  expectProblem(await again(scene.charity.agent, restarted.port), 422, 'WRONG_SENDER');
  await restarted.stop();
  await database.close();
  // A day later it is too old to be new, and what came once is still what it was.
  clock.advance(25 * 3_600 * SECOND);
  expect((await again()).json).toEqual(receipt);
  expectProblem(await scene.school.submit(late), 422, 'CREATED_TOO_OLD');
  expect(await scene.kept()).toEqual(kept);
  expect((await scene.entries('st-brigid-primary', { kind: 'share-sent' })).length).toBe(entries);
  figure('R17', 'sent again after 0 s, 301 s, a restart and a day: 4 equal receipts, 0 further effects; from another agency: refused each time');
}, PATIENCE_MS);

test.each(TRANSPORTS)('R18: messages that come several times and in any order have one effect each, over %s', async (transport) => {
  const { transfers } = sizeOf('duplicates');
  const stage = await Stage.open(transport);
  try {
    const { scene: own } = stage;
    const release = await own.holdQueue();
    const { receipt } = await own.send(REFERRAL);
    const first = receipt.transfers[0]?.transfer as string;
    const made = [first, ...(await stage.copies(first, transfers - 1, 'routine'))];
    await own.sql(`with old as (delete from waybill.outbox returning kind, transfer, lane, precedence)
      insert into waybill.outbox (id, kind, transfer, lane, precedence, due_at) select gen_random_uuid(), kind, transfer, lane, precedence, clock_timestamp() + interval '1 day' from old, generate_series(1, 3) order by random()`);
    await release();
    await stage.courier();
    await stage.courier();
    await stage.arrived(made, 60_000);
    await eventually(async () => (await own.sql('select from waybill.outbox')).length === 0);
    expect([...(await stage.order(made))].sort()).toEqual([...made].sort());
    figure('R18', `over ${transport}: ${made.length * 3} messages in random order to two couriers, ${made.length} moves, one a transfer`);
  } finally {
    await stage.close();
  }
}, PATIENCE_MS);
