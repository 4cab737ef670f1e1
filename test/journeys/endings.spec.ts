import { DAY, HOUR, MINUTE } from '#platform/clock';
import type { TransferTold } from '#protocol/answers';
import { RETURN_REASONS } from '#protocol/statement';
import { eventually, openWorld } from '../world/partnership';
import { bind, newKeys } from '../../apps/standalone/partnership';
import { CASEWORK, expectProblem, FRONT_DOOR, HEALTH_VISITORS, REFERRAL, REFERRAL_TO_TWO, Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const emergency = { ...REFERRAL, manifest: { urgency: 'emergency' } };
const kinds = (transfer: TransferTold | undefined) => transfer?.events.map(({ kind, detail }) => (detail ? `${kind} ${detail}` : kind));
const only = async (share: string): Promise<TransferTold> => (await scene.told(share)).transfers[0] as TransferTold;
const becomes = (share: string, state: string): Promise<TransferTold> => eventually(async () => {
  const transfer = await only(share);
  return transfer.state === state && transfer;
});
const rows = async (share: string) => (await scene.sql<{ lines: number; keys: number; chunks: number; parts: number }>(
  `select (select count(*)::int from waybill.line l join waybill.transfer t on t.id = l.transfer where t.share = $1) as lines, (select count(*)::int from waybill.wrapped_key where share = $1) as keys,
     (select count(*)::int from waybill.chunk where share = $1) as chunks, (select count(*)::int from waybill.part where share = $1) as parts`, [share]))[0];
const GONE = { lines: 0, keys: 0, chunks: 0, parts: 0 };

describe('a recall', () => {
  test('before collection takes it back: the recipient finds nothing, its payload goes, both registers say so', async () => {
    const { share, receipt } = await scene.send();
    const item = await scene.arrived(scene.council, share.id);
    expect(await scene.school.recall(share.id, receipt.manifestDigest)).toMatchObject({ status: 200, json: { recalled: [item.transfer], tooLate: [] } });
    for (const path of ['', '/manifest', '/lines', '/parts/part-1', '/envelope']) expectProblem(await scene.council.get(item.links.self + path), 404, 'NOT_FOUND');
    expect(await only(share.id)).toMatchObject({ state: 'recalled', endReason: 'sent-in-error' });
    await eventually(async () => JSON.stringify(await rows(share.id)) === JSON.stringify(GONE));
    for (const controller of ['st-brigid-primary', 'merebrook-council']) expect(await scene.entries(controller, { kind: 'share-recalled', share: share.id })).toHaveLength(1);
  });

  test('before delivery empties the queue too', async () => {
    const release = await scene.holdQueue();
    const { share, receipt } = await scene.send();
    expect((await scene.school.recall(share.id, receipt.manifestDigest)).status).toBe(200);
    await release();
    expect(await scene.sql('select from waybill.outbox o join waybill.transfer t on t.id = o.transfer where t.share = $1', [share.id])).toEqual([]);
    expect((await scene.council.get('/v1/mailbox')).json.items.map((item: { share: string }) => item.share)).not.toContain(share.id);
  });

  test('after the first octet is refused, and changes nothing', async () => {
    const { share, receipt } = await scene.send();
    const transfer = await scene.transfer(scene.council, share.id);
    await scene.opened(scene.council, transfer, 'part-1');
    expectProblem(await scene.school.recall(share.id, receipt.manifestDigest), 409, 'ALREADY_COLLECTED');
    expect((await only(share.id)).state).toBe('collected');
    expect(await scene.opened(scene.council, transfer, 'part-2')).toContain('without a coat');
  });

  test('of a share to two, of whom one has collected, takes back the other, and says which came too late', async () => {
    const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
    const transfer = await scene.transfer(scene.council, share.id);
    const theirs = await scene.arrived(scene.charity, share.id);
    await scene.opened(scene.council, transfer, 'part-3');
    const recalled = await scene.school.recall(share.id, receipt.manifestDigest, 'wrong-recipient');
    expect(recalled.json).toEqual({ recalled: [theirs.transfer], tooLate: [transfer.transfer] });
    expect(await scene.opened(scene.council, transfer, 'part-1')).toContain('Name');
    expect(await scene.entries('merebrook-council', { kind: 'share-recalled', share: share.id })).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['for no reason', { reason: undefined }, '/reason'], ['for a reason to return', { reason: 'not-for-us' }, '/reason'], ['of another share', { share: '01890a5d-ac96-774b-bcce-b302099a8057' }, '/share'],
    ['of one transfer', { transfer: '01890a5d-ac96-774b-bcce-b302099a8057' }, '/transfer'], ['in another agency’s name', { by: { agency: 'merebrook-council', contact: 'front-door' } }, '/by/agency'],
    ['of another manifest', { manifestDigest: 'a'.repeat(64) }, '/manifestDigest'], ['that is an acknowledgement', { kind: 'acknowledged' }, '/kind'],
  ])('%s is refused with the place', async (_what, bend, pointer) => {
    const { share, receipt } = await scene.send();
    const fields = await scene.school.statement('recalled', { share: share.id, manifestDigest: receipt.manifestDigest }, { reason: 'superseded', ...bend });
    const answer = await scene.school.form('POST', `/v1/shares/${share.id}/recall`, fields);
    expectProblem(answer, 422, 'STATEMENT_INVALID');
    expect(answer.json.pointer).toBe(pointer);
    expect((await only(share.id)).state).not.toBe('recalled');
  });
});

describe('a return', () => {
  test.each(Object.keys(RETURN_REASONS))('because %s ends the transfer, and the sender reads the recipient’s own signed word', async (reason) => {
    const { share, receipt } = await scene.send();
    const item = await scene.arrived(scene.council, share.id);
    expect(await scene.council.state('returned', item.transfer, { share: share.id, manifestDigest: receipt.manifestDigest }, { reason, role: 'front-door-worker' })).toMatchObject({ status: 200, json: { state: 'returned' } });
    const told = await only(share.id);
    expect(told).toMatchObject({ state: 'returned', endReason: reason, statements: [expect.objectContaining({ kind: 'returned', agency: 'merebrook-council' })] });
    expect(JSON.parse(Buffer.from(told.statements[0]?.statement ?? '', 'base64').toString())).toMatchObject({ reason, share: share.id });
    const duties = await scene.sql<{ kind: string; owner: string }>('select kind, owner from waybill.duty where transfer = $1 and closed_at is null', [item.transfer]);
    const owed = reason === 'cannot-open' ? 'cannot-open' : reason === 'insufficient' || /gathered|consent|purpose/.test(reason) ? 'share-otherwise' : undefined;
    expect(duties).toEqual(owed === undefined ? [] : [{ kind: owed, owner: 'st-brigid-primary' }]);
    await eventually(async () => JSON.stringify(await rows(share.id)) === JSON.stringify(GONE));
  });
});

describe('a statement', () => {
  test('stands: the same again is taken, another of its kind is not, nor one by a key that is not its agency’s', async () => {
    const { share, receipt } = await scene.send();
    const transfer = await scene.transfer(scene.council, share.id);
    const about = { share: share.id, manifestDigest: receipt.manifestDigest };
    const put = (fields: Parameters<typeof scene.council.form>[2]) => scene.council.form('PUT', `/v1/mailbox/${transfer.transfer}/acknowledged`, fields);
    const made = (more: object = {}, key = scene.council.keys().key) => scene.council.statement('acknowledged', { transfer: transfer.transfer, ...about }, { ...more }, key);

    expectProblem(await put(await made()), 409, 'WRONG_STATE');
    await scene.opened(scene.council, transfer, 'part-1');
    expectProblem(await put(await made({}, scene.school.keys().key)), 422, 'SIGNATURE_WRONG_KEY');
    expectProblem(await put(await made({}, (await newKeys('Stranger')).key)), 422, 'SIGNATURE_WRONG_KEY');
    const [statement, signature] = await made();
    expectProblem(await put([{ name: 'statement', octets: Buffer.concat([statement?.octets ?? Buffer.alloc(0), Buffer.from(' ')]) }, signature as never]), 422, 'SIGNATURE_OTHER_BYTES');
    expectProblem(await put([statement as never]), 422, 'SIGNATURE_MISSING');
    expectProblem(await put([signature as never]), 422, 'STATEMENT_INVALID');
    expectProblem(await put(await made({ at: new Date(scene.world.clock.now().getTime() + HOUR).toISOString() })), 422, 'CREATED_AHEAD');
    const fields = await made();
    for (let i = 0; i < 3; i++) expect(await put(fields)).toMatchObject({ status: 200, json: { state: 'acknowledged' } });
    expectProblem(await put(await made({ at: new Date(scene.world.clock.now().getTime() - MINUTE).toISOString() })), 409, 'STATEMENT_DIFFERS');
    expectProblem(await scene.council.state('returned', transfer.transfer, about, { reason: 'not-for-us' }), 409, 'WRONG_STATE');
    expect(await scene.entries('merebrook-council', { kind: 'share-received', share: share.id })).toHaveLength(1);
  });

  test('that it was opened may follow the acknowledgement', async () => {
    const { share, receipt } = await scene.send();
    const transfer = await scene.transfer(scene.council, share.id);
    const about = { share: share.id, manifestDigest: receipt.manifestDigest };
    expectProblem(await scene.council.state('opened', transfer.transfer, about), 409, 'WRONG_STATE');
    await scene.opened(scene.council, transfer, 'part-1');
    expect((await scene.council.state('acknowledged', transfer.transfer, about)).status).toBe(200);
    expect(await scene.council.state('opened', transfer.transfer, about, { parts: [{ name: 'part-1', author: 'bound' }] })).toMatchObject({ status: 200, json: { state: 'acknowledged' } });
    expect(kinds(await only(share.id))).toEqual(expect.arrayContaining(['collected', 'acknowledged', 'opened']));
  });
});

describe('nobody collects', () => {
  test('an emergency: after a quarter of an hour the sender is shown whom to ring; once it is collected, no longer', async () => {
    const { share } = await scene.send(emergency);
    const transfer = await scene.transfer(scene.council, share.id);
    scene.world.clock.advance(14 * MINUTE);
    expect((await only(share.id)).ring).toBeUndefined();
    scene.world.clock.advance(MINUTE);
    const late = await eventually(async () => {
      const told = await only(share.id);
      return told.ring && told.events.length === 3 && told;
    });
    expect(late.ring).toEqual({ telephone: '+441514960101', because: 'not-collected-in-time' });
    expect(kinds(late)).toEqual(['accepted', 'available', 'reminder collect']);
    expect(await scene.told(share.id)).toMatchObject({ open: true, emergency: { ring: '999' } });
    expect((await scene.entries('merebrook-council', { kind: 'reminder-sent', share: share.id })).map(({ to, number }) => [to, number])).toEqual([['emergency-duty-team', 1]]);

    await scene.opened(scene.council, transfer, 'part-1');
    expect((await only(share.id)).ring).toBeUndefined();
    scene.world.clock.advance(15 * MINUTE);
    await eventually(async () => kinds(await only(share.id))?.includes('reminder acknowledge'));
    expect(kinds(await only(share.id))?.filter((kind) => kind === 'reminder collect')).toHaveLength(1);
  });

  test('a routine one: reminders on the agreement’s days, undeliverable at its maximum, the payload gone, the entries kept', async () => {
    const { share } = await scene.send();
    await scene.arrived(scene.council, share.id);
    for (const day of [3, 9, 14, 21]) {
      scene.world.clock.advance(day * DAY - (scene.world.clock.now().getTime() - Date.parse((await scene.told(share.id)).acceptedAt)) + MINUTE);
      await eventually(async () => (kinds(await only(share.id)) ?? []).filter((kind) => kind === 'reminder collect').length === [3, 9, 14, 21].indexOf(day) + 1);
    }
    expect((await only(share.id)).state).toBe('available');
    scene.world.clock.advance(7 * DAY);
    expect(await becomes(share.id, 'undeliverable')).toMatchObject({ endReason: 'not-collected' });
    await eventually(async () => JSON.stringify(await rows(share.id)) === JSON.stringify(GONE));
    expect(await scene.told(share.id)).toMatchObject({ open: false });
    for (const controller of ['st-brigid-primary', 'merebrook-council']) {
      const all = (await scene.entries(controller, { share: share.id })).map(({ kind }) => kind);
      expect(all).toEqual(expect.arrayContaining(['share-undeliverable', 'payload-removed', controller === 'st-brigid-primary' ? 'share-sent' : 'share-announced']));
    }
    expectProblem(await scene.council.get(`/v1/mailbox/${(await only(share.id)).transfer}/parts/part-1`), 410, 'PAYLOAD_REMOVED');
  });

  test('or acknowledges: it ends all the same, and the sender is told which it was', async () => {
    const { share } = await scene.send();
    await scene.opened(scene.council, await scene.transfer(scene.council, share.id), 'part-1');
    scene.world.clock.advance(28 * DAY + MINUTE);
    expect(await becomes(share.id, 'undeliverable')).toMatchObject({ endReason: 'not-acknowledged' });
  });
});

describe('a sealing key is revoked after acceptance', () => {
  const heldFrom = async (plan: Parameters<typeof scene.send>[0], contact: string) => {
    const { share, receipt } = await scene.send(plan);
    const transfer = await scene.transfer(scene.trust, share.id);
    await scene.world.system.registrar.revokeCertificate(scene.trust.keys(contact).certificate.fingerprint, 'stolen');
    return { share, receipt, transfer };
  };

  test('nothing can be collected, the sender is told and asked to seal again, and both registers say so', async () => {
    const plan = { parts: [{ category: 'names', text: 'x', to: { [HEALTH_VISITORS]: 'works-with-person' } }] };
    const { share, receipt, transfer } = await heldFrom(plan, 'health-visitors');
    for (const path of ['/parts/part-1', '/envelope', '/lines', '/manifest', '']) {
      const answer = await scene.trust.get(`/v1/mailbox/${transfer.transfer}${path}`);
      if (path.startsWith('/parts') || path === '/envelope') expectProblem(answer, 409, 'TRANSFER_HELD');
    }
    expect(kinds(await becomes(share.id, 'held'))).toEqual(['accepted', 'available', 'held key-revoked']);
    for (const path of ['/parts/part-1', '/envelope', '/lines', '/manifest', '']) expectProblem(await scene.trust.get(`/v1/mailbox/${transfer.transfer}${path}`), 409, 'TRANSFER_HELD');
    const duties = await scene.sql('select kind, owner from waybill.duty where transfer = $1 and closed_at is null', [transfer.transfer]);
    expect(duties).toEqual([{ kind: 'seal-again', owner: 'st-brigid-primary' }]);
    for (const controller of ['st-brigid-primary', 'eastgate-health']) expect(await scene.entries(controller, { kind: 'share-held', share: share.id })).toHaveLength(1);
    expect((await scene.school.recall(share.id, receipt.manifestDigest, 'superseded')).status).toBe(200);
    expect(await scene.sql('select from waybill.duty where transfer = $1 and closed_at is null', [transfer.transfer])).toEqual([]);
  });

  test('while nobody tries to collect: the sender is told all the same', async () => {
    const { system, coordinator, clock } = scene.world;
    const fresh = await newKeys('Casework, second key');
    await bind(system.registrar, coordinator, { agency: 'kingfisher-families', contact: 'casework', use: 'seal', certificate: fresh.certificate, from: clock.now(), until: new Date(clock.now().getTime() + 90 * DAY) });
    const { share } = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [CASEWORK]: 'works-with-person' }, sealTo: [fresh.certificate] }] });
    await scene.arrived(scene.charity, share.id);
    await system.registrar.revokeCertificate(fresh.certificate.fingerprint, 'lost');
    expect(kinds(await becomes(share.id, 'held'))).toContain('held key-revoked');
  });

  test('before delivery: it never reaches the mailbox', async () => {
    const { system, coordinator, clock } = scene.world;
    const fresh = await newKeys('Front door, second key');
    await bind(system.registrar, coordinator, { agency: 'merebrook-council', contact: 'front-door', use: 'seal', certificate: fresh.certificate, from: clock.now(), until: new Date(clock.now().getTime() + 90 * DAY) });
    const release = await scene.holdQueue();
    const { share } = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' }, sealTo: [fresh.certificate] }] });
    await system.registrar.revokeCertificate(fresh.certificate.fingerprint, 'lost');
    await release();
    expect(kinds(await becomes(share.id, 'held'))).toEqual(['accepted', 'held key-revoked']);
  });

  test('an expired key is no reason to hold: what was sealed to it while it was good may still be collected', async () => {
    const { system, coordinator, clock } = scene.world;
    const fresh = await newKeys('Front door, third key');
    await bind(system.registrar, coordinator, { agency: 'merebrook-council', contact: 'front-door', use: 'seal', certificate: fresh.certificate, from: clock.now(), until: new Date(clock.now().getTime() + HOUR) });
    const { share } = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' }, sealTo: [fresh.certificate] }] });
    const item = await scene.arrived(scene.council, share.id);
    clock.advance(2 * HOUR);
    expect((await scene.council.get(`${item.links.self}/parts/part-1`)).status).toBe(200);
  });
});
