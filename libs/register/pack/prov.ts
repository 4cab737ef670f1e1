import type { ReadEntry } from '../entry';

/** What the entries of a pack say, as PROV-JSON (W3C PROV): what was shared, what was done with it, and on whose behalf. Of people it has roles. */
export function provOf(entries: readonly ReadEntry[]): object {
  const entity: Record<string, object> = {};
  const activity: Record<string, object> = {};
  const agent: Record<string, object> = {};
  const wasGeneratedBy: Record<string, object> = {};
  const used: Record<string, object> = {};
  const wasAssociatedWith: Record<string, object> = {};
  const organisation = (id: string): string => {
    agent[`waybill:agency/${id}`] = { 'prov:type': { $: 'prov:Organization', type: 'prov:QUALIFIED_NAME' } };
    return `waybill:agency/${id}`;
  };
  for (const entry of entries) {
    const name = `waybill:entry/${entry.id}`;
    activity[name] = { 'prov:startTime': entry.at, 'prov:endTime': entry.at, 'waybill:kind': entry.kind, ...(typeof entry['purpose'] === 'string' && { 'waybill:purpose': entry['purpose'] }) };
    wasAssociatedWith[`_:a${entry.id}`] = { 'prov:activity': name, 'prov:agent': organisation(entry.controller), ...(roleOf(entry) && { 'prov:role': roleOf(entry) }) };
    if (typeof entry['share'] !== 'string') continue;
    const share = `waybill:share/${entry['share']}`;
    entity[share] = { 'prov:type': 'waybill:share', ...(entity[share] ?? {}), ...(typeof entry['manifestDigest'] === 'string' && { 'waybill:manifestDigest': entry['manifestDigest'] }) };
    if (MADE.has(entry.kind)) wasGeneratedBy[`_:g${entry.id}`] = { 'prov:entity': share, 'prov:activity': name, 'prov:time': entry.at };
    else used[`_:u${entry.id}`] = { 'prov:activity': name, 'prov:entity': share, 'prov:time': entry.at };
    if (typeof entry['previous'] === 'string') used[`_:p${entry.id}`] = { 'prov:activity': name, 'prov:entity': `waybill:share/${entry['previous']}` };
    if (typeof entry['from'] === 'string' && !entry['from'].includes('T')) wasAssociatedWith[`_:f${entry.id}`] = { 'prov:activity': name, 'prov:agent': organisation(entry['from']), 'prov:role': 'sender' };
    for (const { agency } of (Array.isArray(entry['recipients']) ? entry['recipients'] : []) as { agency: string }[]) wasAssociatedWith[`_:r${entry.id}-${agency}`] = { 'prov:activity': name, 'prov:agent': organisation(agency), 'prov:role': 'recipient' };
  }
  return { prefix: { waybill: 'urn:waybill:', prov: 'http://www.w3.org/ns/prov#' }, entity, activity, agent, wasGeneratedBy, used, wasAssociatedWith };
}

const MADE: ReadonlySet<string> = new Set(['share-sent', 'disclosed']);

const roleOf = (entry: ReadEntry): string | undefined => (typeof entry['role'] === 'string' ? entry['role'] : (entry['decision'] as { by?: string } | undefined)?.by);
