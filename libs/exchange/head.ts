import type { RefusalReason } from '#platform/refusal';
import { sha256 } from '#protocol/digest';
import { readJson } from '#protocol/json';
import { addressed, isPartLine, type Line, type PartLine } from '#protocol/line';
import { LIMITS } from '#protocol/limits';
import type { Manifest } from '#protocol/manifest';
import { type Fault, readLine, readManifest } from '#protocol/read';
import { fromAndFor, madeLately, type SignedPlaces } from './signed-for-us';

/** A line as it was sent: its exact octets count, its meaning is read from them. */
export interface LineSent {
  text: string;
  digest: string;
  line: Line;
}

/** What stands before the parts of a share: everything that a decision needs. */
export interface Head {
  manifest: Manifest;
  manifestOctets: Buffer;
  manifestDigest: string;
  lines: LineSent[];
  /** Part name → what its lines say of it. */
  parts: Map<string, { digest: string; category: string }>;
}

/** More faults than this tell a reader nothing new. */
const FAULTS_TOLD = 20;

/**
 * Reads manifest and lines and holds them to each other. Pure: all that can be said without directory, agreement or signature.
 * @param expected the agency of the client certificate, our own origin, and now
 */
export function readHead(sent: { manifest: Buffer; lines: Buffer }, expected: { sender: string; gateway: string; now: Date; asks?: boolean }): { ok: true; head: Head } | { ok: false; reasons: RefusalReason[] } {
  const manifest = readManifest(sent.manifest);
  if (!manifest.ok) return { ok: false, reasons: told('MANIFEST_INVALID', manifest.faults) };
  const reasons = [...misdirected(manifest.value, expected), ...wrongDoor(manifest.value, expected.asks ?? false)];
  const lines = readLines(sent.lines);
  if (!lines.ok) return { ok: false, reasons: [...reasons, ...lines.reasons] };
  const parts = new Map<string, { digest: string; category: string }>();
  reasons.push(...inconsistent(manifest.value, lines.lines, parts));
  if (reasons.length > 0) return { ok: false, reasons };
  return { ok: true, head: { manifest: manifest.value, manifestOctets: sent.manifest, manifestDigest: sha256(sent.manifest), lines: lines.lines, parts } };
}

const told = (code: 'MANIFEST_INVALID' | 'LINES_INVALID', faults: Fault[]): RefusalReason[] =>
  faults.slice(0, FAULTS_TOLD).map(({ pointer, says }) => ({ code, pointer, says }));

const PLACES: SignedPlaces = { agency: '/sender/agency', gateway: '/gateway', created: '/created' };

function misdirected(manifest: Manifest, expected: { sender: string; gateway: string; now: Date }): RefusalReason[] {
  const signed = { agency: manifest.sender.agency, gateway: manifest.gateway, created: manifest.created };
  const reasons: RefusalReason[] = [
    ...fromAndFor(signed, PLACES, { agency: expected.sender, gateway: expected.gateway }),
    ...(Number.isNaN(Date.parse(manifest.created)) ? [{ code: 'MANIFEST_INVALID', pointer: PLACES.created, says: 'created is not an instant of the calendar' }] : madeLately(signed, PLACES, expected.now)),
  ];
  if (manifest.lines.some((digest, i) => i > 0 && digest <= (manifest.lines[i - 1] as string))) {
    reasons.push({ code: 'MANIFEST_INVALID', pointer: '/lines', says: 'lines must be sorted, so that their order tells nothing' });
  }
  return reasons;
}

/** A request and a share have a door each, so that neither is sent for the other by mistake. */
const wrongDoor = ({ asks }: Manifest, asking: boolean): RefusalReason[] => ((asks !== undefined) === asking ? [] : [{ code: asking ? 'NO_REQUEST' : 'IS_REQUEST', pointer: '/asks' }]);

function readLines(octets: Buffer): { ok: true; lines: LineSent[] } | { ok: false; reasons: RefusalReason[] } {
  const json = readJson(octets);
  if (!json.ok) return { ok: false, reasons: [{ code: 'LINES_INVALID', pointer: json.pointer, says: `lines is not JSON as the wire allows it: ${json.problem}` }] };
  const texts = json.value;
  if (!Array.isArray(texts) || texts.length === 0 || !texts.every((text) => typeof text === 'string')) {
    return { ok: false, reasons: [{ code: 'LINES_INVALID', pointer: '', says: 'lines must be an array of strings' }] };
  }
  if (texts.length > LIMITS.lineCount.value) return { ok: false, reasons: [{ code: 'LINES_INVALID', pointer: '', says: `lines may be at most ${LIMITS.lineCount.value}` }] };
  const lines: LineSent[] = [];
  const reasons: RefusalReason[] = [];
  texts.forEach((text: string, i) => {
    const reading = readLine(text);
    if (reading.ok) lines.push({ text, digest: sha256(text), line: reading.value });
    else reasons.push(...told('LINES_INVALID', reading.faults).map((reason) => ({ ...reason, pointer: `/${i}${reason.pointer ?? ''}` })));
  });
  return reasons.length > 0 ? { ok: false, reasons: reasons.slice(0, FAULTS_TOLD) } : { ok: true, lines };
}

function inconsistent(manifest: Manifest, lines: LineSent[], parts: Map<string, { digest: string; category: string }>): RefusalReason[] {
  const reasons: RefusalReason[] = [];
  const listed = new Set(manifest.lines);
  const given = new Set<string>();
  lines.forEach(({ digest, line }, i) => {
    if (!listed.has(digest)) reasons.push({ code: 'LINE_NOT_IN_MANIFEST', pointer: `/lines/${i}` });
    const place = `${addressed(line.recipient)} ${isPartLine(line) ? line.part : line.about}`;
    if (given.has(place)) reasons.push({ code: 'LINE_REPEATED', pointer: `/lines/${i}` });
    given.add(place);
    if (!isPartLine(line)) return;
    const known = parts.get(line.part);
    if (known && (known.digest !== line.digest || known.category !== line.category)) reasons.push({ code: 'PART_INCONSISTENT', pointer: `/lines/${i}`, facts: { part: line.part } });
    parts.set(line.part, { digest: line.digest, category: line.category });
  });
  const digests = [...parts.values()].map((part) => part.digest);
  if (new Set(digests).size < digests.length) reasons.push({ code: 'PART_INCONSISTENT', says: 'Two parts have the same digest.' });
  if (parts.size === 0) reasons.push({ code: 'LINES_INVALID', pointer: '', says: 'no line gives a part to anybody' });
  const recipients = new Set(lines.map(({ line }) => addressed(line.recipient)));
  if (recipients.size > LIMITS.recipients.value) reasons.push({ code: 'TOO_MANY_RECIPIENTS' });
  return reasons.slice(0, FAULTS_TOLD);
}

/** Recipients that the lines propose for one part, as `agency/contact`. */
export const proposedFor = (part: string, lines: readonly LineSent[]): string[] =>
  lines.map(({ line }) => line).filter((line): line is PartLine => isPartLine(line) && line.part === part).map((line) => addressed(line.recipient));

/** What its lines say. */
export const linesOf = (head: Head): Line[] => head.lines.map(({ line }) => line);
