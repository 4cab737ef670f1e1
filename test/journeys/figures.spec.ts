import { Metrics } from '#platform/metrics';
import { Figures } from '../../apps/gateway/figures';
import { GATEWAY_METRICS } from '../../apps/gateway/metrics';
import { eventually, openWorld, type World } from '../world/partnership';
import { CANARY, REFERRAL, Scene } from './referral';

const metrics = new Metrics(GATEWAY_METRICS);
let world: World;
let scene: Scene;
beforeAll(async () => {
  world = await openWorld({ figures: new Figures(metrics) });
  scene = new Scene(world);
});
afterAll(() => world.close());

/** A figure without its labels' order in mind: the whole left side of a line. */
const figure = async (line: string): Promise<number> => Number((await metrics.text()).split('\n').find((each) => each.startsWith(`${line} `))?.slice(line.length + 1) ?? Number.NaN);

test('what partners do is counted: shares by lane, commits, requests by route, refusals by code', async () => {
  const { share } = await scene.send({ ...REFERRAL, manifest: { urgency: 'emergency' } });
  await scene.send();
  expect(await figure('waybill_shares_accepted_total{lane="emergency"}')).toBe(1);
  expect(await figure('waybill_shares_accepted_total{lane="routine"}')).toBe(1);
  expect(await figure('waybill_commit_shares_sum')).toBe(2);
  expect(await figure('waybill_commit_seconds_count')).toBe(2);
  await scene.school.get(`/v1/shares/${share.id}`);
  await scene.council.get(`/v1/shares/${share.id}`);
  // A request is counted when its answer has gone out, which may be a moment after it came in here.
  for (const status of ['2xx', '4xx']) {
    await eventually(async () => (await figure(`waybill_requests_seconds_count{route="/v1/shares/{id}",status="${status}"}`)) >= 1);
    expect(await figure(`waybill_requests_seconds_count{route="/v1/shares/{id}",status="${status}"}`)).toBe(1);
  }
  expect(await figure('waybill_refusals_total{code="NOT_FOUND"}')).toBe(1);
});

test('a share that comes again is answered, and not counted again', async () => {
  const { share } = await scene.send();
  const before = await figure('waybill_shares_accepted_total{lane="routine"}');
  expect((await scene.school.submit(share)).status).toBe(202);
  expect(await figure('waybill_shares_accepted_total{lane="routine"}')).toBe(before);
});

test('nothing in the figures tells who anybody is, or what was sent', async () => {
  const text = await metrics.text();
  for (const agency of ['st-brigid-primary', 'merebrook-council', 'kingfisher-families', 'eastgate-health', CANARY]) expect(text).not.toContain(agency);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
});
