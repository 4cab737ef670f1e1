import { Metrics } from '#platform/metrics';
import { Refusal } from '#platform/refusal';
import { Figures } from './figures';
import { GATEWAY_METRICS } from './metrics';

test('requests are counted by the template of their route, never by what was asked for', async () => {
  const metrics = new Metrics(GATEWAY_METRICS);
  const figures = new Figures(metrics);
  figures.answered('/v1/shares/:id', 200, 12);
  figures.answered(undefined, 404, 1);
  figures.answered('/v1/shares/jane-doe', 404, 1);
  const text = await metrics.text();
  expect(text).toContain('waybill_requests_seconds_count{route="/v1/shares/{id}",status="2xx"} 1');
  expect(text).toContain('waybill_requests_seconds_count{route="other",status="4xx"} 2');
  expect(text).not.toContain('jane-doe');
});

test('a refusal is counted by its first code, and each finding of the gate by its own', async () => {
  const metrics = new Metrics(GATEWAY_METRICS);
  const figures = new Figures(metrics);
  figures.refused(new Refusal([{ code: 'HIDDEN_RECIPIENT' }, { code: 'PLAINTEXT' }]));
  figures.refused(new Refusal({ code: 'a code that nobody wrote' }));
  figures.committed({ lanes: ['emergency', 'routine', 'routine'], milliseconds: 20 });
  const text = await metrics.text();
  for (const line of [
    'waybill_refusals_total{code="HIDDEN_RECIPIENT"} 1', 'waybill_refusals_total{code="PLAINTEXT"} 0', 'waybill_refusals_total{code="other"} 1', 'waybill_gate_refusals_total{code="PLAINTEXT"} 1',
    'waybill_shares_accepted_total{lane="emergency"} 1', 'waybill_commit_seconds_count 1', 'waybill_commit_shares_sum 3',
  ]) expect(text).toContain(`${line}\n`);
});

test('no metric has a label for who somebody is', () => {
  const labels = Object.values(GATEWAY_METRICS).flatMap((metric) => ('labels' in metric ? Object.keys(metric.labels) : []));
  expect(labels.filter((label) => !['route', 'status', 'code', 'lane', 'state'].includes(label))).toEqual([]);
});
