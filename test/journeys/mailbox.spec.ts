import { readEnvelope } from '#exchange/consignment';
import type { MailboxItem, MailboxPage, PlanAnswer } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { isPartLine } from '#protocol/line';
import { readLine } from '#protocol/read';
import { eventually, openWorld } from '../world/partnership';
import { THOUGHT_OF } from '../world/share-file';
import { CASEWORK, FRONT_DOOR, HEALTH_VISITORS, NURSE, REFERRAL, REFERRAL_TO_TWO, Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const to = (recipient: string, text = 'x') => ({ parts: [{ category: 'names', text, to: { [recipient]: 'assesses-referral' } }] });
const page = async (query: string): Promise<MailboxPage> => (await scene.council.get(`/v1/mailbox${query}`)).json as MailboxPage;

test('an emergency overtakes ten routine referrals, and an urgent one those; then the older goes first', async () => {
  const sent: string[] = [];
  for (const urgency of [...Array.from({ length: 10 }, () => 'routine'), 'urgent', 'emergency']) {
    const { share } = await scene.send({ ...REFERRAL, manifest: { urgency } });
    sent.push(share.id);
    await scene.arrived(scene.council, share.id);
  }
  const { items } = await page('');
  expect(items.map(({ lane }) => lane)).toEqual(['emergency', 'urgent', ...Array.from({ length: 10 }, () => 'routine')]);
  expect(items.map(({ share }) => share)).toEqual([sent[11], sent[10], ...sent.slice(0, 10)]);
});

describe('the pages of a mailbox', () => {
  test('give everything once, in order, however small they are', async () => {
    const whole = (await page('')).items;
    for (const limit of [1, 5, 11, 12, 100]) {
      const seen: MailboxItem[] = [];
      let query = `?limit=${limit}`;
      for (;;) {
        const { items, next } = await page(query);
        seen.push(...items);
        if (!next) break;
        expect(items).toHaveLength(limit);
        query = `?limit=${limit}&after=${next}`;
      }
      expect(seen.map(({ transfer }) => transfer)).toEqual(whole.map(({ transfer }) => transfer));
    }
  });

  test('are of one contact where one is named', async () => {
    const [nurse, visitors] = [await scene.send(to(NURSE)), await scene.send(to(HEALTH_VISITORS))];
    await Promise.all([nurse, visitors].map(({ share }) => scene.arrived(scene.trust, share.id)));
    const of = async (contact: string) => ((await scene.trust.get(`/v1/mailbox?contact=${contact}`)).json as MailboxPage).items.map(({ share }) => share);
    expect([await of('front-door-nurse'), await of('health-visitors'), await of('nobody')]).toEqual([[nurse.share.id], [visitors.share.id], []]);
  });

  test('keep their place when something more pressing comes in between', async () => {
    const first = await page('?limit=3');
    const { share } = await scene.send({ ...REFERRAL, manifest: { urgency: 'emergency' } });
    await scene.arrived(scene.council, share.id);
    const second = await page(`?limit=100&after=${first.next}`);
    expect(second.items.map((item) => item.share)).not.toContain(share.id);
    expect((await page('?limit=2')).items.map((item) => item.share)).toContain(share.id);
  });
});

test('the envelope is the manifest, the signature, the lines and the parts, as they are served one by one', async () => {
  const { share } = await scene.send(REFERRAL_TO_TWO);
  const transfer = await scene.transfer(scene.charity, share.id);
  const path = `/v1/mailbox/${transfer.transfer}`;
  const answer = await scene.charity.get(`${path}/envelope`);
  const boundary = /^multipart\/mixed; boundary=([0-9a-f]{32})$/.exec(String(answer.headers['content-type']))?.[1] ?? '';
  const pieces = readEnvelope(boundary, answer.body);
  expect([...(pieces?.keys() ?? [])]).toEqual(['manifest', 'signature', 'lines', 'part-1', 'part-2']);
  for (const [name, octets] of pieces ?? []) {
    const single = await scene.charity.get(`${path}/${name.startsWith('part-') ? `parts/${name}` : name}`);
    expect([name, single.body.equals(octets)]).toEqual([name, true]);
  }
  expect(pieces?.get('manifest')?.equals(share.manifest)).toBe(true);
  expect(pieces?.get('signature')?.equals(Buffer.from(share.signature))).toBe(true);
  expect((await scene.charity.get(path)).json.state).toBe('collected');
});

test('what a front door’s nurse of another agency receives is the council’s: recorded there, collected by her agency', async () => {
  const { share, receipt } = await scene.send(to(NURSE));
  expect(receipt.transfers).toEqual([expect.objectContaining({ recipient: { agency: 'eastgate-health', contact: 'front-door-nurse' }, controller: { id: 'merebrook-council', name: 'Merebrook Council' } })]);
  const transfer = await scene.transfer(scene.trust, share.id);
  expect(await scene.opened(scene.trust, transfer, 'part-1', 'front-door-nurse')).toBe('x');
  await scene.trust.state('acknowledged', transfer.transfer, { share: share.id, manifestDigest: receipt.manifestDigest });
  const kinds = async (controller: string) => (await scene.entries(controller, { share: share.id })).map(({ kind }) => kind);
  expect(await kinds('merebrook-council')).toEqual(expect.arrayContaining(['share-announced', 'share-collected', 'share-received']));
  expect(await kinds('eastgate-health')).toEqual([]);
  expect((await scene.council.get(`/v1/mailbox/${transfer.transfer}`)).status).toBe(404);
});

describe('a plan', () => {
  const manifest = () => scene.school.manifestOf();
  const partLine = (recipient: string, name: string, more: object = {}) => {
    const [agency, contact] = recipient.split('/');
    return { recipient: { agency, contact }, part: name, category: 'names', kind: 'fact', needToKnow: 'assesses-referral', ...more };
  };
  const decision = () => JSON.parse(scene.school.line('st-brigid-primary/safeguarding-lead', { about: 'decision', decider: 'safeguarding-lead', role: 'designated-safeguarding-lead', at: scene.world.clock.now().toISOString(), reasons: ['protects-from-harm'], ...THOUGHT_OF })) as object;
  const asked = async (lines: object[], fields: object = {}): Promise<PlanAnswer> => {
    const { status, json } = await scene.school.post('/v1/share-plans', { manifest: { ...manifest(), ...fields }, lines });
    expect(status).toBe(200);
    return json as PlanAnswer;
  };

  test('tells the decision on every line, brings the certificates to seal to, and leaves no trace', async () => {
    // What earlier tests ended is removed by the relay, in its own time.
    await eventually(async () => (await scene.sql('select from waybill.transfer where ended_at is not null and payload_removed_at is null')).length === 0 && (await scene.sql('select from waybill.pending_leaf')).length === 0);
    const [kept, entries] = [await scene.kept(), await scene.sql('select count(*) from waybill.entry')];
    const lines = [partLine(FRONT_DOOR, 'part-1'), partLine(CASEWORK, 'part-1'), partLine(CASEWORK, 'part-2', { needToKnow: undefined }), partLine(FRONT_DOOR, 'part-2', { kind: undefined }), decision()];
    const plan = await asked(lines);
    expect(plan.outcome).toBe('permitted');
    expect(plan.lines.map(({ line, permitted, reasons }) => [line, permitted, reasons.map(({ code }) => code)])).toEqual([
      [0, true, []], [1, true, []], [2, false, ['NEED_TO_KNOW_MISSING']], [3, false, ['FACT_OPINION_UNMARKED']], [4, true, []],
    ]);
    expect(plan.certificates.map(({ agency, contact, use }) => `${agency}/${contact} ${use}`)).toEqual(expect.arrayContaining([`${CASEWORK} seal`, `${FRONT_DOOR} seal`]));
    expect([await scene.kept(), await scene.sql('select count(*) from waybill.entry')]).toEqual([kept, entries]);
  });

  test('is decided as the share will be', async () => {
    const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
    const lines = share.lines.map((text) => JSON.parse(text) as object);
    const plan = await asked(lines);
    const goes = new Set(receipt.transfers.flatMap((transfer) => transfer.lines));
    const told = plan.lines.filter(({ about }) => about !== 'decision').map(({ line, permitted }) => [line, permitted]);
    expect(told).toEqual(share.lines.flatMap((text, i) => {
      const read = readLine(text);
      if (!read.ok || (!isPartLine(read.value) && read.value.about === 'decision')) return [];
      return [[i, goes.has(sha256(text))]];
    }));
  });

  test('of an emergency says to ring, and whom', async () => {
    const { emergency } = await asked([partLine(FRONT_DOOR, 'part-1')], { urgency: 'emergency' });
    expect(emergency).toMatchObject({ ring: '999', frontDoors: expect.arrayContaining([{ agency: 'merebrook-council', contact: 'front-door', telephone: '+441514960101' }]) });
  });
});
