import 'reflect-metadata';
import { addressed, isPartLine, type Line } from '#protocol/line';
import { type Manifest, MANIFEST_FORMAT } from '#protocol/manifest';
import { readRoute } from '#protocol/disclosure';
import { readLine, readManifest } from '#protocol/read';
import { activate } from './activate';
import type { Agreement } from './agreement';
import type { Case, Cases, Expected, World } from './cases';
import { ADMISSION, CONDITIONS } from './conditions';
import type { AnyCondition } from './conditions/condition';
import { OUTCOMES } from './conditions/outcomes';
import { decide } from './decide';
import { contextIn, type Decision, type PlannedTransfer, type Proposal, type StruckOff } from './decision';
import { applied } from './grounds';
import { type Parties, type Party } from './parties';
import { within } from './vocabulary/entry';

export interface Ran {
  case: Case;
  got: Expected;
  ok: boolean;
  /** Why the case itself is none: its share could not stand on the wire. */
  impossible?: string;
}

/** Runs every example of a profile against the engine. */
export const runCases = (agreement: Agreement, { world, cases }: Cases): Ran[] => cases.map((each) => run(agreement, world, each));

function run(agreement: Agreement, world: World, each: Case): Ran {
  const changed = change(world, each.change ?? {});
  const { parties, proposal } = proposed(agreement, changed);
  const impossible = misformed(proposal);
  const got = each.activate === undefined ? gotOf(proposal, decide(agreement, parties, proposal)) : admission(agreement, parties.party(each.activate), changed.at);
  return { case: each, got, ok: impossible === undefined && matches(each.expect, got), ...(impossible !== undefined && { impossible }) };
}

/** The permitted share of a profile's examples: a valid value to start from in tests. */
export function proposed(agreement: Agreement, world: World): { parties: Parties; proposal: Proposal & { manifest: Manifest } } {
  const { at, sender, parties } = world;
  const manifest = {
    format: MANIFEST_FORMAT, id: '01890a5d-ac96-774b-bcce-b302099a8057', gateway: 'https://gateway.example', created: at, sender: { agency: sender },
    agreement: { id: agreement.id, version: agreement.version }, lines: ['0'.repeat(64)], handling: { doNotTellSubject: false }, ...world.manifest,
  } as Manifest;
  const lines = world.lines.map((line) => ({ salt: '0'.repeat(32), ...('about' in line ? {} : { digest: 'a'.repeat(64) }), ...line }) as Line);
  const known = (agency: string): Party | undefined => (Object.hasOwn(parties, agency) ? parties[agency] : undefined);
  const holder = (entry: string) =>
    Object.values(parties).find(({ memberships }) => memberships.some((each) => each.agreement === agreement.id && each.entry === entry && each.status === 'active' && within(each, at)));
  return { parties: { party: known, member: holder }, proposal: { manifest, lines, at, sender, ...contextIn(world) } };
}

/** The world with values put in, taken out or appended at JSON pointers. The world given stays as it is. */
export function change(world: World, changes: Readonly<Record<string, unknown>>): World {
  const changed = structuredClone(world);
  for (const [pointer, value] of Object.entries(changes)) {
    const path = pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = path.pop() as string;
    const at = path.reduce<unknown>((inside, step) => (inside as Record<string, unknown> | undefined)?.[step], changed) as Record<string, unknown> | undefined;
    if (at === undefined) throw new Error(`${pointer} leads nowhere in the world of the cases`);
    if (Array.isArray(at) && last === '-') at.push(structuredClone(value));
    else if (value !== null) at[last] = structuredClone(value);
    else if (Array.isArray(at)) at.splice(Number(last), 1);
    else delete at[last];
  }
  return changed;
}

function misformed({ manifest, lines, route }: Proposal): string | undefined {
  const { called: _called, ...stated } = route ?? {};
  const readings = [...(route ? [readRoute(stated)] : []), readManifest(Buffer.from(JSON.stringify(manifest))), ...lines.map((line) => readLine(JSON.stringify(line)))];
  const fault = readings.flatMap((reading) => (reading.ok ? [] : reading.faults))[0];
  return fault && `${fault.pointer}: ${fault.says}`;
}

function admission(agreement: Agreement, party: Party | undefined, at: string): Expected {
  if (!party) throw new Error('a case activates an agency that its world does not have');
  const reasons = activate(agreement, party, at).map(({ code }) => code);
  return { outcome: reasons.length === 0 ? 'activated' : 'not-activated', ...some('reasons', reasons) };
}

function gotOf({ lines }: Proposal, decision: Decision): Expected {
  const names = ({ on, recipient, lines: [first] }: StruckOff): string => {
    const line = first === undefined || on === 'recipient' ? undefined : lines[first];
    return line ? `${addressed(recipient)} ${isPartLine(line) ? line.part : line.about}` : addressed(recipient);
  };
  const struckOff = decision.struckOff.map((each) => [names(each), unique(each.reasons.map(({ code }) => code))] as const);
  return {
    outcome: decision.outcome,
    ...(decision.outcome === 'refused' && some('reasons', decision.reasons.map(({ code }) => code))),
    ...some('warnings', decision.warnings.map(({ code }) => code)),
    ...(struckOff.length > 0 && { struckOff: Object.fromEntries(struckOff) }),
    ...(decision.outcome === 'permitted' && { transfers: Object.fromEntries(decision.transfers.map((transfer) => [addressed(transfer.recipient), shown(transfer)])) }),
    ...(decision.outcome === 'permitted' && decision.tells.length > 0 && { tells: Object.fromEntries(decision.tells.map(({ controller, ground }) => [controller, ground])) }),
  };
}

const shown = ({ controller, lane, hub, route, protection, weakHop, clause, lines, handling, outside, alsoToldByDefault }: PlannedTransfer): Record<string, unknown> => ({
  controller: controller.id, lane, hub, route, protection, weakHop: weakHop ?? false, clause, lines, alsoToldByDefault, outside, ...handling, tellOfBreach: handling.tellOfBreach.id,
});

const unique = (codes: readonly string[]): string[] => [...new Set(codes)].sort();
const some = (name: 'reasons' | 'warnings', codes: readonly string[]): Partial<Expected> => (codes.length > 0 ? { [name]: unique(codes) } : {});

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function matches(expected: Expected, got: Expected): boolean {
  const same = (a: readonly string[] = [], b: readonly string[] = []) => equal(unique(a), unique(b));
  const sameKeys = (a: object = {}, b: object = {}) => same(Object.keys(a), Object.keys(b));
  const struck = Object.entries(expected.struckOff ?? {}).every(([to, codes]) => same(codes, got.struckOff?.[to]));
  const tellsSame = sameKeys(expected.tells, got.tells) && Object.entries(expected.tells ?? {}).every(([to, ground]) => got.tells?.[to] === ground);
  const sent = Object.entries(expected.transfers ?? {}).every(([to, part]) => Object.entries(part).every(([name, value]) => equal(got.transfers?.[to]?.[name], value)));
  return (
    expected.outcome === got.outcome && same(expected.reasons, got.reasons) && same(expected.warnings, got.warnings) &&
    sameKeys(expected.struckOff, got.struckOff) && struck && tellsSame && (expected.outcome !== 'permitted' || (sameKeys(expected.transfers, got.transfers) && sent))
  );
}

/**
 * Rules of the agreement that no example shows being met, or none shows unmet. An example shows a rule by its name and by the codes it
 * expects. Its rules are those that stand on a clause of it: what a law or safety asks is the same everywhere, and shown once for all.
 */
export function unshown(agreement: Agreement, { cases }: Cases): string[] {
  const conditions: readonly AnyCondition[] = [...CONDITIONS, ...ADMISSION].filter((condition) => ownRule(condition, agreement));
  const rules = [...conditions.map(({ code, on }) => ({ code, party: on === 'party' })), ...Object.keys(OUTCOMES).map((code) => ({ code, party: false }))];
  const seen = new Set<string>();
  return rules.flatMap(({ code, party }) => {
    const rule = party ? `${code} (activation)` : code;
    if (seen.has(rule)) return [];
    seen.add(rule);
    const about = cases.filter((each) => each.rule === code && (each.activate !== undefined) === party);
    const unmet = about.some(({ expect }) => told(expect).includes(code));
    const met = about.some(({ expect }) => ['permitted', 'activated'].includes(expect.outcome) && !told(expect).includes(code));
    return [...(unmet ? [] : [`${rule}: no case in which it is unmet`]), ...(met ? [] : [`${rule}: no case in which it is met`])];
  });
}

/** Whether the agreement itself says it. */
export const ownRule = (condition: AnyCondition, agreement: Agreement): boolean => applied(condition, agreement)?.standing.on === 'clause';

const told = ({ reasons = [], warnings = [], struckOff = {} }: Expected): string[] => [...reasons, ...warnings, ...Object.values(struckOff).flat()];
