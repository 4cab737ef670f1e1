import { connect } from 'node:tls';
import { DAY, MINUTE, SECOND } from '#platform/clock';
import { fieldsOf } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { expectProblem, REFERRAL, Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());
beforeEach(() => scene.world.clock.advance(MINUTE));

const key = (name: string) => ({ 'idempotency-key': name });
const refusals = async () => (await scene.counted('share-refused'))['st-brigid-primary'] ?? 0;
const unsealed = { ...REFERRAL, manifest: { consent: undefined } };

describe('a share sent again', () => {
  test('gets the receipt that it got, octet for octet, days later too', async () => {
    const share = await scene.compose();
    const accepted = await scene.school.submit(share);
    expect(accepted.status).toBe(202);
    const kept = await scene.kept();
    expect((await scene.school.submit(share)).body.equals(accepted.body)).toBe(true);
    scene.world.clock.advance(3 * DAY);
    expect((await scene.school.submit(share)).body.equals(accepted.body)).toBe(true);
    expect(await scene.kept()).toEqual(kept);
    expect(await scene.entries('st-brigid-primary', { kind: 'share-sent', share: share.id })).toHaveLength(1);
  });

  test('by its manifest alone gets the receipt: the parts need not come twice', async () => {
    const { share, receipt } = await scene.send();
    const { status, json } = await scene.school.form('POST', '/v1/shares', fieldsOf(share).slice(0, 3));
    expect([status, json]).toEqual([202, receipt]);
  });

  test('under the same id with another manifest is refused', async () => {
    const { share } = await scene.send();
    const other = await scene.compose({ ...REFERRAL, id: share.id });
    expectProblem(await scene.school.submit(other), 422, 'MANIFEST_ID_REUSED');
  });

  test('by another agency under the same id is a share of its own', async () => {
    const { share } = await scene.send();
    const other = await scene.charity.compose({ ...REFERRAL, id: share.id, manifest: { sender: { agency: 'kingfisher-families', contact: 'casework', role: 'designated-safeguarding-lead' } } }, scene.certificates);
    expect((await scene.charity.submit(other)).status).toBe(202);
  });

  test('after a refusal may be accepted: a refusal uses no id up', async () => {
    const share = await scene.compose();
    expectProblem(await scene.school.submit({ ...share, parts: new Map() }), 422, 'PART_MISSING');
    expect((await scene.school.submit(share)).status).toBe(202);
  });

  test('twenty times at once is one share with twenty equal answers', async () => {
    const share = await scene.compose();
    const before = await refusals();
    const answers = await Promise.all(Array.from({ length: 20 }, () => scene.school.submit(share)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 202));
    expect(new Set(answers.map(({ body }) => body.toString())).size).toBe(1);
    const [rows] = await scene.sql('select (select count(*)::int from waybill.share where id = $1) as shares, (select count(*)::int from waybill.transfer where share = $1) as transfers', [share.id]);
    expect(rows).toEqual({ shares: 1, transfers: 1 });
    expect(await scene.entries('merebrook-council', { kind: 'share-announced', share: share.id })).toHaveLength(1);
    expect(await refusals()).toBe(before);
  });

  test('twenty different ones at once are twenty shares', async () => {
    const shares = await Promise.all(Array.from({ length: 20 }, () => scene.compose()));
    const answers = await Promise.all(shares.map((share) => scene.school.submit(share)));
    expect(answers.map(({ json }) => json.share)).toEqual(shares.map(({ id }) => id));
  });
});

describe('an Idempotency-Key', () => {
  test('gives the same answer to the same request', async () => {
    const share = await scene.compose();
    const [first, second] = [await scene.school.submit(share, key('referral-1')), await scene.school.submit(share, key('referral-1'))];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body.equals(first.body)).toBe(true);
  });

  test('gives the same refusal again, though the cause has gone, and records it once', async () => {
    const share = await scene.compose(unsealed);
    const before = await refusals();
    const [first, second] = [await scene.school.submit(share, key('refused-1')), await scene.school.submit(share, key('refused-1'))];
    expectProblem(first, 422, 'CONSENT_NOT_ADDRESSED');
    expectProblem(second, 422, 'CONSENT_NOT_ADDRESSED');
    expect(second.json.reasons).toEqual(first.json.reasons);
    expect(await refusals()).toBe(before + 1);
  });

  test('is one answer when a refused share comes ten times at once', async () => {
    const share = await scene.compose(unsealed);
    const before = await refusals();
    const answers = await Promise.all(Array.from({ length: 10 }, () => scene.school.submit(share, key('refused-at-once'))));
    for (const answer of answers) expectProblem(answer, 422, 'CONSENT_NOT_ADDRESSED');
    expect(await refusals()).toBe(before + 1);
  });

  test('is one answer when an accepted share comes ten times at once', async () => {
    const share = await scene.compose();
    const answers = await Promise.all(Array.from({ length: 10 }, () => scene.school.submit(share, key('accepted-at-once'))));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.toString()}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
  });

  test('is used up by one manifest, and is each agency’s own', async () => {
    const share = await scene.compose();
    expect((await scene.school.submit(share, key('one-share-only'))).status).toBe(202);
    expectProblem(await scene.school.submit(await scene.compose(), key('one-share-only')), 422, 'IDEMPOTENCY_KEY_REUSED');
    const theirs = await scene.charity.compose({ ...REFERRAL }, scene.certificates);
    expect((await scene.charity.submit(theirs, key('one-share-only'))).status).toBe(202);
  });

  test('given to a share that was accepted without one is used up too', async () => {
    const { share } = await scene.send();
    expect((await scene.school.submit(share, key('second-thought'))).status).toBe(202);
    expectProblem(await scene.school.submit(await scene.compose(), key('second-thought')), 422, 'IDEMPOTENCY_KEY_REUSED');
  });

  test.each(['short', 'with space', 'a'.repeat(129), 'ümlaut-12', '<script>1'])('%s is none', async (name) => {
    const octets = Buffer.from(name, 'latin1').toString('latin1');
    expectProblem(await scene.school.submit(await scene.compose(), key(octets)), 400, 'IDEMPOTENCY_KEY_INVALID');
  });

  test('does not turn a connection that broke off into a lasting refusal', async () => {
    const share = await scene.compose();
    const before = await refusals();
    const { own } = scene.school;
    const { port, keys } = scene.world.system;
    const body = Buffer.concat(fieldsOf(share).flatMap(({ name, octets }) => [Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`), octets, Buffer.from('\r\n')]));
    const socket = connect({ host: 'localhost', port, cert: own.client.certificate, key: own.client.key, ca: keys.authority.certificate, servername: 'localhost' });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    socket.write(`POST /v1/shares HTTP/1.1\r\nhost: x\r\nidempotency-key: broke-off\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${body.length + 5}\r\nexpect: 100-continue\r\n\r\n`);
    // From here on the gateway has the request, however slow it is.
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write(body.subarray(0, body.length - 100));
    // Long enough for the gateway to have begun with the parts; if it has not, what it records is the same.
    await new Promise((resolve) => setTimeout(resolve, 300));
    socket.destroy();
    await eventually(async () => (await refusals()) === before + 1);
    expect((await scene.school.submit(share, key('broke-off'))).status).toBe(202);
  });
});

describe('a statement sent again', () => {
  test('ten times at once is one statement', async () => {
    const { share, receipt } = await scene.send();
    const transfer = await scene.transfer(scene.council, share.id);
    await scene.opened(scene.council, transfer, 'part-1');
    const fields = await scene.council.statement('acknowledged', { transfer: transfer.transfer, share: share.id, manifestDigest: receipt.manifestDigest });
    const answers = await Promise.all(Array.from({ length: 10 }, () => scene.council.form('PUT', `/v1/mailbox/${transfer.transfer}/acknowledged`, fields)));
    expect(answers.map(({ status, json }) => [status, json.state])).toEqual(answers.map(() => [200, 'acknowledged']));
    expect(await scene.entries('st-brigid-primary', { kind: 'share-acknowledged', share: share.id })).toHaveLength(1);
    expect(await scene.entries('merebrook-council', { kind: 'share-received', share: share.id })).toHaveLength(1);
  });

  test('ten different ones at once are one statement, and the others are told so', async () => {
    const { share, receipt } = await scene.send();
    const transfer = await scene.transfer(scene.council, share.id);
    const about = { share: share.id, manifestDigest: receipt.manifestDigest };
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => scene.council.state('returned', transfer.transfer, about, { reason: 'not-for-us', at: new Date(scene.world.clock.now().getTime() - i * SECOND).toISOString() })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    for (const answer of answers.filter(({ status }) => status === 409)) expectProblem(answer, 409, 'STATEMENT_DIFFERS');
    expect(await scene.entries('st-brigid-primary', { kind: 'share-returned', share: share.id })).toHaveLength(1);
  });

  test('recall and collection at once: one of them wins, and both sides are told which', async () => {
    for (let i = 0; i < 8; i++) {
      const { share, receipt } = await scene.send();
      const item = await scene.arrived(scene.council, share.id);
      const [recall, copy] = await Promise.all([scene.school.recall(share.id, receipt.manifestDigest), scene.council.get(`${item.links.self}/parts/part-1`)]);
      expect([[200, 404], [409, 200]]).toContainEqual([recall.status, copy.status]);
      expect((await scene.told(share.id)).transfers[0]?.state).toBe(recall.status === 200 ? 'recalled' : 'collected');
    }
  });
});
