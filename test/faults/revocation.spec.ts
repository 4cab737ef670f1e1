import type { MailboxItem } from '#protocol/answers';
import { FRONT_DOOR, REFERRAL, Scene } from '../journeys/referral';
import { eventually, openWorld } from '../world/partnership';
import { figure, pause } from './figures';
import { PATIENCE_MS, sizeOf } from './sizes';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld({ perSecond: { shares: 1_000, others: 10_000 } }));
});
afterAll(() => scene.world.close());

test('R21: a key is revoked while shares to it are sent, queued and collected: from then on not one is accepted or handed out', async () => {
  const { shares: count } = sizeOf('revocation');
  const shares = await Promise.all(Array.from({ length: count }, () => scene.compose(REFERRAL)));
  let revokedAt = Number.POSITIVE_INFINITY;
  const answers: { began: number; status: number; code?: string }[] = [];
  const collected: { began: number; status: number; transfer: string }[] = [];
  let over = false;
  const sending = (async () => {
    for (const share of shares) {
      const began = performance.now();
      const { status, json } = await scene.school.submit(share);
      answers.push({ began, status, code: json?.code });
    }
  })();
  const collecting = (async () => {
    const seen = new Set<string>();
    while (!over) {
      const items = ((await scene.council.get('/v1/mailbox')).json?.items ?? []) as MailboxItem[];
      const fresh = items.filter(({ transfer }) => !seen.has(transfer));
      for (const { transfer } of fresh.slice(0, 3)) {
        seen.add(transfer);
        const began = performance.now();
        const { status } = await scene.council.get(`/v1/mailbox/${transfer}/parts/part-1`);
        collected.push({ began, status, transfer });
      }
      await pause(5);
    }
  })();
  while (answers.length < count / 2) await pause(5);
  const { fingerprint } = scene.certificates(FRONT_DOOR);
  await scene.world.system.registrar.revokeCertificate(fingerprint, 'compromised');
  revokedAt = performance.now();
  await sending;
  // Nobody collects but by asking for what was listed before: everything that was accepted is tried once more.
  over = true;
  await collecting;
  const [served, later] = [(list: typeof collected) => list.filter(({ status }) => status === 200), collected.filter(({ began }) => began > revokedAt)];
  const before = new Set(served(collected).map(({ transfer }) => transfer));
  const all = await scene.sql<{ id: string }>('select id from waybill.transfer');
  const tried = await Promise.all(all.filter(({ id }) => !before.has(id)).map(async ({ id }) => (await scene.council.get(`/v1/mailbox/${id}/parts/part-1`)).status));
  await eventually(async () => (await scene.sql(`select from waybill.transfer where state in ('queued', 'available')`)).length === 0);
  expect(served(later)).toEqual([]);
  expect(tried.filter((status) => status === 200)).toEqual([]);
  expect(answers.filter(({ began, status }) => began > revokedAt && status === 202)).toEqual([]);
  const held = await scene.sql<{ duties: number }>(`select (select count(*)::int from waybill.duty d where d.transfer = t.id and d.kind = 'seal-again' and d.closed_at is null) as duties from waybill.transfer t where state = 'held'`);
  expect(held.every(({ duties }) => duties === 1)).toBe(true);
  figure('R21', `${count} shares, their recipient's key revoked halfway: ${answers.filter(({ status }) => status === 202).length} accepted before, 0 after; ${before.size} collected before, 0 of ${later.length + tried.length} tries after; ${held.length} held, each with one duty to seal it again`);
}, PATIENCE_MS);
