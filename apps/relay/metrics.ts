import { DUTIES } from '#duties/kinds';
import type { MetricTable } from '#platform/metrics';
import { PROCESS_METRICS } from '#platform/process';
import { BROKER_METRICS } from '#queue/metrics';
import { LANES } from '#queue/lanes';

/** What stands in the database, as the relay last looked. Two relays tell the same: take the maximum. */
export const RELAY_METRICS = {
  ...PROCESS_METRICS,
  ...BROKER_METRICS,
  waybill_outbox_waiting: { type: 'gauge', says: 'Messages that wait to be handed over', labels: { lane: LANES } },
  waybill_outbox_oldest_seconds: { type: 'gauge', says: 'For how long the oldest of them has been due', labels: { lane: LANES }, alarm: { when: 'max by (lane) (waybill_outbox_oldest_seconds{lane=~"breach|emergency"}) > 30 or max(waybill_outbox_oldest_seconds) > 300', section: 'queue-behind' } },
  waybill_outbox_parked: { type: 'gauge', says: 'Messages that were set aside and wait for a person', labels: { lane: LANES }, alarm: { when: 'max by (lane) (waybill_outbox_parked) > 0', section: 'parked' } },
  waybill_register_waiting: { type: 'gauge', says: 'Register entries without a place in their log' },
  waybill_register_oldest_seconds: { type: 'gauge', says: 'For how long the oldest of them has waited: a second is usual, a day is promised to partners', alarm: { when: 'max(waybill_register_oldest_seconds) > 60', section: 'register-behind' } },
  waybill_register_unopened: { type: 'gauge', says: 'Controllers with entries whose log nobody has opened', alarm: { when: 'max(waybill_register_unopened) > 0', section: 'register-unopened' } },
  waybill_duties_overdue: { type: 'gauge', says: 'Duties past their last step that nobody has closed', labels: { kind: Object.keys(DUTIES) }, alarm: { when: 'max by (kind) (waybill_duties_overdue) > 0', section: 'duties-overdue' } },
  waybill_transfers_held: { type: 'gauge', says: 'Transfers held because a key was revoked', labels: { lane: LANES }, alarm: { when: 'max by (lane) (waybill_transfers_held{lane=~"breach|emergency"}) > 0', section: 'held' } },
  waybill_measured_seconds: { type: 'gauge', says: 'When the relay last looked, in seconds since 1970', alarm: { when: 'time() - max(waybill_measured_seconds) > 60', section: 'relay-blind' } },
  waybill_pool_connections: { type: 'gauge', says: 'Connections to the database', labels: { state: ['busy', 'idle', 'most', 'waiting'] } },
} as const satisfies MetricTable;
