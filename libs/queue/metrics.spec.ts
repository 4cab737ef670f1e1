import { Metrics } from '#platform/metrics';
import { PARTNER_QUEUE_METRICS, showPartnerQueues } from './metrics';
import { PartnerQueues } from './partner-queues';

const HOLDER = { agency: 'merebrook-council', contact: 'front-door' };
const never = () => Promise.reject(new Error('made for nobody'));

test('what came of messages for partners’ own queues is counted by what it was, and never twice', async () => {
  // Nobody listens on port 1.
  const queues = new PartnerQueues({ url: 'amqp://127.0.0.1:1' });
  const metrics = new Metrics(PARTNER_QUEUE_METRICS);
  showPartnerQueues(queues.outcomes, metrics);
  for (let attempt = 1; attempt <= 2; attempt++) {
    await expect(queues.lay(HOLDER, never)).rejects.toMatchObject({ code: 'NOT_REACHED' });
    expect(queues.outcomes).toEqual({ confirmed: 0, unroutable: 0, refused: 0, 'not-reached': attempt, 'not-admitted': 0, full: 0 });
    for (const _scrape of [1, 2]) expect(await metrics.text()).toContain(`waybill_partner_queue_total{outcome="not-reached"} ${attempt}\n`);
  }
  const text = await metrics.text();
  expect(text).toContain('waybill_partner_queue_total{outcome="confirmed"} 0');
  expect(text).not.toMatch(/merebrook|front-door/);
});

test('where no agency has a queue of its own nothing is counted, and the figures are there', async () => {
  const metrics = new Metrics(PARTNER_QUEUE_METRICS);
  showPartnerQueues(undefined, metrics);
  expect(await metrics.text()).toContain('waybill_partner_queue_total{outcome="full"} 0');
});
