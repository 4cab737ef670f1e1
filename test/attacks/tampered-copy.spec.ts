import { open } from '#envelope/sealing';
import { acceptCopy } from '#envelope/recipient-checks';
import { sha256 } from '#protocol/digest';
import { FRONT_DOOR, REFERRAL, Scene } from '../journeys/referral';
import { sealedDigest } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';

/** Who runs the database changes one octet of what was accepted: before it is delivered, or after. */
let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const flip = (column: string) => `set_byte(${column}, octet_length(${column}) / 2, get_byte(${column}, octet_length(${column}) / 2) # 1)`;
const OF_SHARE = 'where share = $1';
const TAMPERINGS: [string, string][] = [
  ['the encrypted data', `update waybill.chunk set octets = ${flip('octets')} ${OF_SHARE} and part = 'part-1'`],
  ['the encrypted data of the last part', `update waybill.chunk set octets = ${flip('octets')} ${OF_SHARE} and part = 'part-2'`],
  ['a wrapped key', `update waybill.wrapped_key set octets = ${flip('octets')} ${OF_SHARE} and part = 'part-1'`],
  ['the manifest', `update waybill.share set manifest = ${flip('manifest')} where id = $1`],
  ['the signature', `update waybill.share set signature = ${flip('signature')} where id = $1`],
  ['a line', `update waybill.line set octets = replace(octets, 'names', 'other') where transfer in (select id from waybill.transfer ${OF_SHARE})`],
  ['which lines there are', `delete from waybill.line where seq = 0 and transfer in (select id from waybill.transfer ${OF_SHARE})`],
  ['which parts there are', `delete from waybill.wrapped_key ${OF_SHARE} and part = 'part-2'`],
  ['whose part is whose', `update waybill.chunk c set octets = o.octets from waybill.chunk o where o.share = c.share and o.seq = c.seq and o.part <> c.part and c.share = $1`],
];

test.each(TAMPERINGS)('%s changed before delivery: it is set aside, nothing moves, and the sender sees it', async (_what, sql) => {
  const release = await scene.holdQueue();
  const { share, receipt } = await scene.send();
  await scene.sql(sql, [share.id]).finally(release);
  const transfer = receipt.transfers[0]?.transfer;
  await eventually(async () => (await scene.sql(`select from waybill.outbox where transfer = $1 and parked_reason = 'digest-mismatch'`, [transfer])).length === 1);
  const told = (await scene.told(share.id)).transfers[0];
  expect([told?.state, told?.events.map(({ kind, detail }) => [kind, detail])]).toEqual(['queued', [['accepted', undefined], ['set-aside', 'digest-mismatch']]]);
  expect((await scene.council.get(`/v1/mailbox/${transfer}`)).status).toBe(404);
  expect(await scene.entries('merebrook-council', { share: share.id, kind: 'share-collected' })).toEqual([]);
});

test.each(TAMPERINGS.filter(([what]) => !/there are/.test(what)))('%s changed after delivery: the recipient’s own checks refuse it', async (_what, sql) => {
  const { share } = await scene.send();
  const transfer = await scene.transfer(scene.council, share.id);
  await scene.sql(sql, [share.id]);
  const path = `/v1/mailbox/${transfer.transfer}`;
  const [manifest, signature, lines] = [await scene.council.get(`${path}/manifest`), await scene.council.get(`${path}/signature`), await scene.council.get(`${path}/lines`)];
  const accepted = await acceptCopy({
    manifestOctets: manifest.body, signature: signature.body, senderCertificate: scene.school.keys().certificate, lines: lines.json as string[], own: 'merebrook-council', at: scene.world.clock.now(),
  });
  const faults: string[] = accepted.ok ? [] : accepted.problems.map(({ code }) => code);
  for (const line of share.lines.map((text) => JSON.parse(text) as { part?: string; digest?: string; recipient: { contact: string } })) {
    if (!line.part || line.recipient.contact !== 'front-door') continue;
    // Where there is not as much as was announced, the connection ends: nobody waits for the rest.
    const copy = await scene.council.get(`${path}/parts/${line.part}`).then(({ body }) => body, () => Buffer.alloc(0));
    if ((await sealedDigest(copy).catch(() => '')) !== line.digest) faults.push('DIGEST_MISMATCH');
    const opened = await open({ octets: copy, keys: [scene.council.keys('front-door').key], author: scene.school.keys().certificate, manifest: share.id, part: line.part, at: new Date() });
    if (!opened.ok) faults.push(opened.code);
  }
  expect(faults).not.toEqual([]);
  // What the provenance names, the gateway cannot make up afterwards either.
  if (sha256(manifest.body) !== sha256(share.manifest)) expect(transfer.manifestDigest).toBe(sha256(share.manifest));
});

test('untouched, the same checks find nothing', async () => {
  const { share } = await scene.send({ parts: REFERRAL.parts.map((part) => ({ ...part, to: { [FRONT_DOOR]: 'assesses-referral' } })) });
  const transfer = await scene.transfer(scene.council, share.id);
  for (const part of ['part-1', 'part-2']) expect(await scene.opened(scene.council, transfer, part)).toMatch(/Wilhelmina/);
});
