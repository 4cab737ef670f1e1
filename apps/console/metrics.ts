import type { MetricTable } from '#platform/metrics';
import { PROCESS_METRICS } from '#platform/process';
import { ROUTE_NAMES, routeOf } from './routes';

const STATUSES = ['2xx', '3xx', '4xx', '5xx'];

/** No agency, team or member of staff is ever a label. */
export const CONSOLE_METRICS = {
  ...PROCESS_METRICS,
  waybill_pages_seconds: {
    type: 'histogram', says: 'Pages, from the first header of the request to the last octet of the answer', buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2.5],
    labels: { route: [...new Set(ROUTE_NAMES.map((name) => routeOf(name).path))], status: STATUSES },
    alarm: { when: 'sum(rate(waybill_pages_seconds_count{status="5xx"}[5m])) > 0.1', section: 'pages-fail' },
  },
  waybill_pool_connections: { type: 'gauge', says: 'Connections to the database', labels: { state: ['busy', 'idle', 'most', 'waiting'] } },
} as const satisfies MetricTable;

export const statusClass = (status: number): string => STATUSES[Math.floor(status / 100) - 2] ?? 'other';
