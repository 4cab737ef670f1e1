import type { Readiness } from '#platform/health';
import type { Metrics, MetricTable } from '#platform/metrics';
import type { BrokerStatus } from './broker';
import type { PartnerQueueOutcomes } from './partner-queues';

/** What a process tells of its connection to RabbitMQ; nought throughout where PostgreSQL carries the queue. */
export const BROKER_METRICS = {
  waybill_broker: { type: 'gauge', says: 'Whether the broker is configured, connected, and blocked for want of memory or disk: 1 or 0', labels: { state: ['configured', 'connected', 'blocked'] },
    alarm: { when: 'waybill_broker{state="configured"} == 1 and ignoring(state) waybill_broker{state="connected"} == 0 or waybill_broker{state="blocked"} == 1', section: 'broker' } },
  waybill_broker_messages_total: { type: 'counter', says: 'Messages that the broker confirmed, and that it gave back because no queue takes them', labels: { outcome: ['published', 'unroutable'] },
    alarm: { when: 'increase(waybill_broker_messages_total{outcome="unroutable"}[10m]) > 0', section: 'broker-topology' } },
} as const satisfies MetricTable;

/** What a courier tells of queues that partners have of their own; nought throughout where none has. */
export const PARTNER_QUEUE_METRICS = {
  waybill_partner_queue_total: { type: 'counter', says: 'Messages for partners’ own queues, by what came of each: it stands there, or why not', labels: { outcome: ['confirmed', 'unroutable', 'refused', 'not-reached', 'not-admitted', 'full'] },
    alarm: { when: 'sum(increase(waybill_partner_queue_total{outcome!="confirmed"}[15m])) > 0', section: 'partner-queue' } },
} as const satisfies MetricTable;

/** Shows them to the operator; which of them, the log says. */
export function showPartnerQueues(outcomes: PartnerQueueOutcomes | undefined, metrics: Pick<Metrics<typeof PARTNER_QUEUE_METRICS>, 'onScrape' | 'count'>): void {
  if (!outcomes) return;
  const told: Partial<PartnerQueueOutcomes> = {};
  metrics.onScrape(() => {
    for (const outcome of OUTCOMES) {
      metrics.count('waybill_partner_queue_total', outcomes[outcome] - (told[outcome] ?? 0), { outcome });
      told[outcome] = outcomes[outcome];
    }
  });
}

const OUTCOMES = PARTNER_QUEUE_METRICS.waybill_partner_queue_total.labels.outcome;

/** Shows the broker to the operator. Without one there is nothing to be ready for. */
export function showBroker(status: BrokerStatus | undefined, { readiness, metrics }: { readiness: Readiness; metrics: Pick<Metrics<typeof BROKER_METRICS>, 'onScrape' | 'setAll' | 'count'> }): void {
  if (!status) return;
  readiness.require({ name: 'broker', met: () => status.connected });
  const told = { published: 0, unroutable: 0 };
  metrics.onScrape(() => {
    metrics.setAll('waybill_broker', 'state', { configured: 1, connected: Number(status.connected), blocked: Number(status.blocked) });
    for (const outcome of ['published', 'unroutable'] as const) {
      metrics.count('waybill_broker_messages_total', status[outcome] - told[outcome], { outcome });
      told[outcome] = status[outcome];
    }
  });
}
