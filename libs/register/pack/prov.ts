import type { ReadEntry } from '../entry';

type Facts = Record<string, object>;

/** What the entries of a pack say, as PROV-JSON (W3C PROV): what was shared or went wrong, what was done with it, and on whose behalf. Of people it has roles. */
export function provOf(entries: readonly ReadEntry[]): object {
  const [entity, activity, agent, wasGeneratedBy, used, wasAssociatedWith]: [Facts, Facts, Facts, Facts, Facts, Facts] = [{}, {}, {}, {}, {}, {}];
  for (const entry of entries) {
    const name = `waybill:entry/${entry.id}`;
    const associated = (as: string, organisation: string, role: string | undefined): void => {
      agent[`waybill:agency/${organisation}`] = { 'prov:type': { $: 'prov:Organization', type: 'prov:QUALIFIED_NAME' } };
      wasAssociatedWith[`_:${as}`] = { 'prov:activity': name, 'prov:agent': `waybill:agency/${organisation}`, ...(role !== undefined && { 'prov:role': role }) };
    };
    activity[name] = { 'prov:startTime': entry.at, 'prov:endTime': entry.at, 'waybill:kind': entry.kind, ...(typeof entry['purpose'] === 'string' && { 'waybill:purpose': entry['purpose'] }) };
    const stater = staterOf(entry);
    associated(`a${entry.id}`, entry.controller, stater === undefined ? roleOf(entry) : undefined);
    if (stater !== undefined) associated(`s${entry.id}`, stater, roleOf(entry));
    if (NOTICES.has(entry.kind)) associated(`t${entry.id}`, String(entry['agency']), 'told');
    for (const subject of ['share', 'breach'] as const) {
      const id = entry[subject];
      if (typeof id !== 'string') continue;
      const thing = `waybill:${subject}/${id}`;
      entity[thing] = { 'prov:type': `waybill:${subject}`, ...(entity[thing] ?? {}), ...(subject === 'share' && typeof entry['manifestDigest'] === 'string' && { 'waybill:manifestDigest': entry['manifestDigest'] }) };
      const made = `${subject === 'share' ? '' : 'b'}${entry.id}`;
      if (MADE[subject].has(entry.kind)) wasGeneratedBy[`_:g${made}`] = { 'prov:entity': thing, 'prov:activity': name, 'prov:time': entry.at };
      else used[`_:u${made}`] = { 'prov:activity': name, 'prov:entity': thing, 'prov:time': entry.at };
    }
    if (typeof entry['previous'] === 'string') used[`_:p${entry.id}`] = { 'prov:activity': name, 'prov:entity': `waybill:share/${entry['previous']}` };
    if (typeof entry['share'] !== 'string') continue;
    if (typeof entry['from'] === 'string' && !entry['from'].includes('T')) associated(`f${entry.id}`, entry['from'], 'sender');
    for (const { agency } of (Array.isArray(entry['recipients']) ? entry['recipients'] : []) as { agency: string }[]) associated(`r${entry.id}-${agency}`, agency, 'recipient');
  }
  return { prefix: { waybill: 'urn:waybill:', prov: 'http://www.w3.org/ns/prov#' }, entity, activity, agent, wasGeneratedBy, used, wasAssociatedWith };
}

/** The entries with which a thing began. */
const MADE: Readonly<Record<'share' | 'breach', ReadonlySet<string>>> = { share: new Set(['share-sent', 'disclosed']), breach: new Set(['breach-reported']) };
const NOTICES: ReadonlySet<string> = new Set(['breach-notified']);

/** Who said what is recorded, where another than the controller may have: an organisation with its contact. Elsewhere `by` is a person of the controller's own. */
const staterOf = (entry: ReadEntry): string | undefined => (typeof entry['by'] === 'string' && typeof entry['contact'] === 'string' ? entry['by'] : undefined);

const roleOf = (entry: ReadEntry): string | undefined => (typeof entry['role'] === 'string' ? entry['role'] : (entry['decision'] as { by?: string } | undefined)?.by);
