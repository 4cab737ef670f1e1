import { PART_CODES } from '#envelope/cms-codes';
import { DUTY_CODES } from '#duties/codes';
import { EXCHANGE_CODES } from '#exchange/codes';
import { CONDITIONS } from '#policy/conditions';
import { OUTCOMES } from '#policy/conditions/outcomes';
import type { MetricTable } from '#platform/metrics';
import { PROCESS_METRICS } from '#platform/process';
import { ROUTES } from '#protocol/routes';
import { LANES } from '#queue/lanes';
import { EDGE_CODES } from './problems';

const GATE = Object.keys(PART_CODES);
const CODES = [...new Set([...GATE, ...Object.keys(EXCHANGE_CODES), ...Object.keys(DUTY_CODES), ...Object.keys(EDGE_CODES), ...CONDITIONS.map(({ code }) => code), ...Object.keys(OUTCOMES)])];

/** Who asks whom how often is nobody's business but theirs: no agency, share or transfer is ever a label, here or in any process. */
export const GATEWAY_METRICS = {
  ...PROCESS_METRICS,
  waybill_requests_seconds: {
    type: 'histogram', says: 'Requests of partners, from the first header to the last octet of the answer', buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600],
    labels: { route: [...new Set(ROUTES.map(({ path }) => path))], status: ['2xx', '3xx', '4xx', '5xx'] },
    alarm: { when: 'sum(rate(waybill_requests_seconds_count{status="5xx"}[5m])) > 0.1', section: 'requests-fail' },
  },
  waybill_refusals_total: { type: 'counter', says: 'Requests that were refused, by the first reason', labels: { code: CODES } },
  waybill_gate_refusals_total: { type: 'counter', says: 'What the gate found wrong with sealed parts and signatures, by code', labels: { code: GATE }, alarm: { when: 'sum(increase(waybill_gate_refusals_total[10m])) > 20', section: 'gate-refuses' } },
  waybill_shares_accepted_total: { type: 'counter', says: 'Shares that were accepted, by the lane in which they go', labels: { lane: LANES } },
  waybill_commit_seconds: { type: 'histogram', says: 'One commit of shares that came together', buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] },
  waybill_commit_shares: { type: 'histogram', says: 'Shares in one commit', buckets: [1, 2, 4, 8, 16, 32, 64, 128] },
  waybill_pool_connections: { type: 'gauge', says: 'Connections to the database', labels: { state: ['busy', 'idle', 'most', 'waiting'] }, alarm: { when: 'min_over_time(waybill_pool_connections{state="waiting"}[2m]) > 0', section: 'pool-exhausted' } },
} as const satisfies MetricTable;
