import { sha256 } from '#protocol/digest';
import { addressed, type Address, type Line } from '#protocol/line';
import { LIMITS } from '#protocol/limits';
import { MANIFEST_FORMAT, ManifestBase } from '#protocol/manifest';
import { readLine, shaped } from '#protocol/read';
import { asksWithoutIdentity } from './advising';
import { clearFieldsHiding } from './clear-fields';
import { ClientRefusal } from './codes';
import type { DecisionDescribed, NeedDescribed, PartDescribed, ShareDescription } from './description';
import { salt, uuid7 } from './ids';
import { sizeOf } from './octets-file';

/** A line as it will be written, but for the digest of its part: nothing is sealed yet. */
export type DraftLine = Omit<Line, 'digest'> & { recipient: Address; part?: string; about?: string };

/** A share before anything is sealed. */
export interface Draft {
  manifest: ManifestBase;
  lines: DraftLine[];
  parts: ReadonlyMap<string, PartDescribed>;
}

/** Sealed octets beyond the plain ones: wrapped keys, signature, lengths. */
const SEALING_OVERHEAD = 1024 * 1024;
/** S/MIME says each length before what it is the length of: all of a sealed part is held in memory, several times over. */
export const LARGEST_SMIME = 128 * 1024 * 1024;
/** What the gateway takes, less what sealing adds to it. */
export const LARGEST_PART = LIMITS.part.value - SEALING_OVERHEAD;
export const LARGEST_SMIME_PART = LARGEST_SMIME - SEALING_OVERHEAD;

/** Writes a description out as manifest and lines. Pure but for salts and id. @throws ClientRefusal SHARE_INVALID with every place, PART_TOO_LARGE */
export function drafted(share: ShareDescription, gateway: string, at: Date): Draft {
  const words = share.decision?.words && sealedWords(share.decision);
  const parts = new Map([...share.parts, ...(words ? [words] : [])].map((part, i) => [`part-${i + 1}`, part]));
  const draft = { manifest: manifestOf(share, gateway, at), lines: [...linesOf(share, parts), ...decisionLines(share, at, words && { ...words, name: `part-${parts.size}` })], parts };
  requireSound(draft);
  return draft;
}

/**
 * Compares every field in clear with what the sender knows of the person (MN-06). Before the plan is asked for: what the gateway has read
 * can't be taken back. @throws ClientRefusal IDENTIFIER_IN_CLEAR with the fields
 */
export function requireNobodyNamed(share: Pick<ShareDescription, 'subject'>, draft: { manifest: object; lines: readonly DraftLine[] }, known?: ReadonlySet<string>): void {
  const found = clearFieldsHiding(share.subject?.known ?? {}, draft.manifest, draft.lines as Partial<Line>[], known);
  if (found.length > 0) throw new ClientRefusal('IDENTIFIER_IN_CLEAR', { fields: [...new Set(found.map(({ field }) => field.replace(/^\/lines\/[0-9]+/, '/lines')))], holds: [...new Set(found.map(({ holds }) => holds))] });
}

function manifestOf(share: ShareDescription, gateway: string, at: Date): ManifestBase {
  const { id = uuid7(at), agreement, sender, urgency, handling, subject: _subject, decision: _decision, parts: _parts, recipients: _recipients, alsoTold: _alsoTold, ...optional } = share;
  return {
    format: MANIFEST_FORMAT, id, sender, gateway, created: at.toISOString(), agreement, urgency, handling,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  } as ManifestBase;
}

function linesOf(share: ShareDescription, parts: ReadonlyMap<string, PartDescribed>): DraftLine[] {
  const agencies = [...new Set(share.recipients.map(({ agency }) => agency))];
  const { sender, subject } = share;
  const withheld = asksWithoutIdentity(share);
  const aboutSubject = (recipient: Address): DraftLine[] => (subject?.reference === undefined ? [] : [line({ recipient, about: 'subject', reference: subject.reference, band: subject.band, atRisk: subject.atRisk })]);
  // Whoever is asked for advice does not learn whose case it is; the sender's own record does.
  return [...share.recipients.flatMap((to): DraftLine[] => {
    const recipient = { agency: to.agency, contact: to.contact };
    const others = agencies.filter((agency) => agency !== to.agency);
    return [
      ...Object.entries(to.parts).map(([part, need]) => partLine(recipient, part, need, parts.get(part))),
      ...(to.seesSubject ?? !withheld ? aboutSubject(recipient) : []),
      ...(share.alsoTold && others.length > 0 ? [alsoToldLine(recipient, others)] : []),
    ];
  }), ...(withheld ? aboutSubject({ agency: sender.agency, contact: sender.contact }) : [])];
}

function decisionLines(share: ShareDescription, at: Date, words: (PartDescribed & { name: string; digest: string }) | undefined): DraftLine[] {
  const { decision, sender } = share;
  if (!decision) return [];
  const own = { agency: sender.agency, contact: sender.contact };
  const { by, words: _words, ...declared } = decision;
  const fields = { about: 'decision', decider: by, ...declared, at: decision.at ?? at.toISOString(), wordsDigest: words?.digest };
  const readers = share.recipients.filter((to) => to.seesDecision).map(({ agency, contact }) => ({ agency, contact }));
  const needs = Object.entries({ [addressed(own)]: { needToKnow: 'keeps-record' }, ...decision.words?.to });
  return [
    ...[own, ...readers].map((recipient) => line({ recipient, ...fields })),
    ...(words ? needs.map(([to, need]) => partLine(addressOf(to), words.name, need, words)) : []),
  ];
}

function sealedWords({ words }: DecisionDescribed): PartDescribed & { digest: string } {
  return { ...salted(words?.text ?? ''), category: 'reasons', kind: 'opinion' };
}

/** The digest of the words stands in clear: without the salt in front, whoever guesses the words could check the guess. */
export function salted(words: string): { octets: Buffer; digest: string } {
  const octets = Buffer.from(`${salt()}\n${words}`, 'utf8');
  return { octets, digest: sha256(octets) };
}

export function addressOf(text: string): Address {
  const [agency = '', contact = ''] = text.split('/');
  return { agency, contact };
}

const partLine = (recipient: Address, part: string, need: NeedDescribed, described: PartDescribed | undefined): DraftLine => {
  const { category, kind, asOf, confidence, doubt, source, sourceKind, historical, severalPeople, scannedOn } = described ?? {};
  return line({ recipient, part, category, ...need, kind, asOf, confidence, doubt, source, sourceKind, historical, severalPeople, scannedOn });
};

const line = (fields: Record<string, unknown>): DraftLine => ({ salt: salt(), ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) }) as unknown as DraftLine;

/** Tells one recipient which other organisations are told. */
export const alsoToldLine = (recipient: Address, organisations: readonly string[]): DraftLine => line({ recipient, about: 'alsoTold', organisations });

/** What the gateway would refuse for its shape is refused here, with every place, before it is sent. */
function requireSound({ manifest, lines, parts }: Draft): void {
  const faults: string[] = [];
  const reading = shaped(ManifestBase, { ok: true, value: manifest });
  if (!reading.ok) faults.push(...reading.faults.map(({ pointer, says }) => `${pointer}: ${says}`));
  if (parts.size === 0 || parts.size > LIMITS.parts.value) faults.push(`/parts: a share has 1 to ${LIMITS.parts.value} parts`);
  if (!lines.some((each) => each.part !== undefined)) faults.push('/recipients: nobody gets a part');
  for (const name of parts.keys()) if (!lines.some((each) => each.part === name)) faults.push(`/parts: nobody gets ${name}`);
  for (const each of lines) {
    const where = `/recipients ${addressed(each.recipient)} ${each.part ?? each.about ?? ''}`;
    if (each.part !== undefined && !parts.has(each.part)) faults.push(`${where}: there is no such part`);
    const read = readLine(JSON.stringify({ ...each, ...(each.part === undefined ? {} : { category: 'names', digest: '0'.repeat(64), ...each }) }));
    if (!read.ok) faults.push(...read.faults.map(({ pointer, says }) => `${where}: ${pointer.slice(1)} ${says}`));
  }
  const places = lines.map((each) => `${addressed(each.recipient)} ${each.part ?? each.about ?? ''}`);
  for (const place of new Set(places.filter((each, i) => places.indexOf(each) !== i))) faults.push(`/recipients ${place}: stands twice`);
  if (faults.length > 0) throw new ClientRefusal('SHARE_INVALID', { places: [...new Set(faults)].slice(0, 20) });
  for (const [name, { octets }] of parts) if (sizeOf(octets) > LARGEST_PART) throw new ClientRefusal('PART_TOO_LARGE', { part: name, most: LARGEST_PART });
}
