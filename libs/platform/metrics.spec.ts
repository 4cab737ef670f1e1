import { Metrics, type MetricTable } from './metrics';

const TABLE = {
  refusals_total: { type: 'counter', says: 'Refusals', labels: { code: ['NO_PURPOSE', 'NOT_FOUND'] } },
  waiting: { type: 'gauge', says: 'Waiting', labels: { lane: ['urgent', 'routine'] } },
  seconds: { type: 'histogram', says: 'Seconds', buckets: [1] },
} as const satisfies MetricTable;

test('a label has the values of its list and no other: an agency, an id or a path never gets out', async () => {
  const metrics = new Metrics(TABLE);
  metrics.count('refusals_total', 1, { code: 'NO_PURPOSE' });
  metrics.count('refusals_total', 2, { code: 'merebrook-council' });
  metrics.count('refusals_total', 3, { code: '__proto__' });
  const text = await metrics.text();
  expect(text).toContain('refusals_total{code="NO_PURPOSE"} 1');
  expect(text).toContain('refusals_total{code="NOT_FOUND"} 0');
  expect(text).toContain('refusals_total{code="other"} 5');
  expect(text).not.toMatch(/merebrook|__proto__/);
});

test('a gauge that is set anew says nought where there is nothing any more', async () => {
  const metrics = new Metrics(TABLE);
  metrics.setAll('waiting', 'lane', { urgent: 4 });
  metrics.setAll('waiting', 'lane', { routine: 1, merebrook: 9 });
  const text = await metrics.text();
  expect(text).toContain('waiting{lane="urgent"} 0');
  expect(text).toContain('waiting{lane="routine"} 1');
  expect(text).not.toContain('merebrook');
});

test('what is asked at a scrape is asked at each', async () => {
  const metrics = new Metrics(TABLE);
  let times = 0;
  metrics.onScrape(() => metrics.observe('seconds', (times += 1)));
  await metrics.text();
  expect(await metrics.text()).toContain('seconds_count 2');
});
