import { instants, smallints, texts, uuids } from '#platform/arrays';
import { uuid7 } from '#platform/ids';
import type { Rows } from '#platform/rows';
import type { SecurityEventName } from '#protocol/event-stream';
import { type Lane, LANES } from '#queue/lanes';

/** What one agency is told by a token. */
export interface SecurityEvent {
  agency: string;
  event: SecurityEventName;
  /** Ids and codes: never a person, never free text. */
  facts: Readonly<Record<string, string | boolean>>;
  lane: Lane;
}

/** Written in the transaction in which it happened: what is committed is told. */
export const eventRows = (events: readonly SecurityEvent[], at: Date, ids: readonly string[] = events.map(() => uuid7(at.getTime()))): Rows => ({
  into: 'waybill.security_event',
  columns: {
    id: uuids(ids), agency: texts(events.map(({ agency }) => agency)), event: texts(events.map(({ event }) => event)), facts: texts(events.map(({ facts }) => JSON.stringify(facts))),
    precedence: smallints(events.map(({ lane }) => LANES.indexOf(lane))), at: instants(events.map(() => at)), due_at: instants(events.map(() => at)),
  },
});
