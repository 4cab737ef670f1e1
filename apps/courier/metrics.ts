import type { MetricTable } from '#platform/metrics';
import { PROCESS_METRICS } from '#platform/process';
import { BROKER_METRICS, PARTNER_QUEUE_METRICS } from '#queue/metrics';

export const COURIER_METRICS = {
  ...PROCESS_METRICS,
  ...BROKER_METRICS,
  ...PARTNER_QUEUE_METRICS,
  waybill_pool_connections: { type: 'gauge', says: 'Connections to the database', labels: { state: ['busy', 'idle', 'most', 'waiting'] } },
} as const satisfies MetricTable;
