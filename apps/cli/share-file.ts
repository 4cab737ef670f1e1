import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { NeedDescribed, PartDescribed, RecipientDescribed, ShareDescription } from '#client/description';
import { LARGEST_PART } from '#client/drafting';
import type { OctetsFile } from '#client/octets-file';
import type { SubjectKnown } from '#client/subject';
import type { HomeFile } from './home';
import { UsageError } from './io';

export const SHARE_FORMAT = 'waybill-share/1';

/** What may stand where. Everything else is a slip of the pen, and one that could cost a line its reason. */
const KNOWN = {
  '': ['format', 'agreement', 'sender', 'purpose', 'lawfulBasis', 'conditions', 'legalGateway', 'classification', 'urgency', 'consent', 'informed', 'subjects', 'accuracy', 'thirdParties', 'confidentiality', 'anonymised', 'advice', 'onward', 'review', 'fostering', 'way', 'handling', 'threads', 'asks', 'answers', 'onStrikeOff', 'subject', 'decision', 'parts', 'recipients', 'alsoTold'],
  subject: ['reference', 'band', 'atRisk', 'names', 'born', 'nhsNumbers', 'postcodes'],
  decision: ['by', 'role', 'at', 'reasons', 'method', 'aid', 'safetyConsidered', 'necessary', 'risk', 'checklist', 'significantHarm', 'harmToldOtherwise', 'consulted', 'secondDecider', 'identityNeeded', 'highRisk', 'impactAssessment', 'words'],
  'decision.words': ['file', 'text', 'to'],
  part: ['file', 'text', 'sealAs', 'category', 'kind', 'asOf', 'confidence', 'doubt', 'source', 'sourceKind', 'historical', 'severalPeople', 'scannedOn'],
  recipient: ['to', 'parts', 'seesSubject', 'seesDecision', 'channel'],
} as const;

export type Node = Record<string, unknown>;

/** A share file's text as a tree. */
export const parseShare = (text: string): Node => parseFile(text, SHARE_FORMAT, 'share file');

/** A file of ours as a tree. Every scalar stays the text that it is: `2.10` is a version and not a number. */
export function parseFile(text: string, format: string, what: string): Node {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: true });
  const [error] = document.errors;
  if (error) throw new UsageError([`the ${what} is not YAML: ${error.code} in line ${error.linePos?.[0].line ?? '?'}`], 'Correct it there; docs/cli.md shows one.');
  const tree = withFlags(document.toJS({ maxAliasCount: 20 }) as unknown);
  if (!isNode(tree)) throw new UsageError([`the ${what} holds nothing`], 'docs/cli.md shows one.');
  if (tree['format'] !== format) throw new UsageError([`format must be ${format}`], 'Put it in the first line.');
  return tree;
}

/** From the tree to the SDK's description. Files are looked for from `folder`, and read when they are sealed. @throws UsageError with every fault */
export function describeShare(tree: Node, folder: string, home: HomeFile): ShareDescription {
  const reader = new Reader(folder, 'share file');
  reader.known(KNOWN[''], tree);
  const subject = reader.node(tree, 'subject');
  const decision = reader.node(tree, 'decision');
  const words = decision && reader.node(decision, 'words');
  if (subject) reader.known(KNOWN.subject, subject, 'subject');
  if (decision) reader.known(KNOWN.decision, decision, 'decision');
  if (words) reader.known(KNOWN['decision.words'], words, 'decision.words');
  if (subject) reader.requireNames(subject);
  if (tree['handling'] === undefined) reader.fault('handling.doNotTellSubject is missing: say whether telling the person could put somebody at risk');
  const { format: _format, subject: _subject, decision: _decision, parts: _parts, recipients: _recipients, ...manifest } = tree;
  const share = {
    ...manifest,
    agreement: tree['agreement'] ?? home.agreement,
    sender: { agency: home.agency, contact: home.contact, ...(home.role ? { role: home.role } : {}), ...(tree['sender'] as object | undefined) },
    urgency: tree['urgency'] ?? 'routine',
    ...(subject ? { subject: { ...(subject['reference'] === undefined ? {} : { reference: subject['reference'] }), ...(subject['band'] ? { band: subject['band'] } : {}), ...(subject['atRisk'] ? { atRisk: subject['atRisk'] } : {}), known: reader.subject(subject) } } : {}),
    ...(decision ? { decision: { ...decision, reasons: reader.list(decision, 'reasons'), ...(words ? { words: { text: reader.text(words, 'decision.words'), to: needsOf(reader, words['to']) } } : {}) } } : {}),
    parts: reader.nodes(tree, 'parts').map((part, i): PartDescribed => {
      reader.known(KNOWN.part, part, `parts ${i + 1}`);
      const { file: _file, text: _text, ...about } = part;
      if (part['sealAs'] !== undefined && (part['sealAs'] !== 'pdf' || !/\.pdf$/i.test(String(part['file'] ?? '')))) reader.fault(`parts ${i + 1}: sealAs may be pdf, for a file whose name ends in .pdf; else leave it out`);
      return { ...about, octets: reader.octets(part, `parts ${i + 1}`) } as unknown as PartDescribed;
    }),
    recipients: reader.nodes(tree, 'recipients').map((recipient, i): RecipientDescribed => {
      reader.known(KNOWN.recipient, recipient, `recipients ${i + 1}`);
      const { to, parts, ...more } = recipient;
      const [agency = '', contact = ''] = String(to ?? '').split('/');
      if (!agency || !contact) reader.fault(`recipients ${i + 1}: to must be agency/contact`);
      if (recipient['channel'] !== undefined && recipient['channel'] !== 'mail-container') reader.fault(`recipients ${i + 1}: channel may be mail-container, for who has no key; else leave it out`);
      return { ...more, agency, contact, parts: needsOf(reader, parts) };
    }),
  };
  if (!share.agreement) reader.fault('agreement is missing, here and in the home');
  reader.finish();
  return share as unknown as ShareDescription;
}

/** `part-1: code`, or `part-1: { needToKnow, justification }`. */
function needsOf(reader: Reader, value: unknown): Record<string, NeedDescribed> {
  if (value === undefined) return {};
  if (!isNode(value)) reader.fault('what a recipient gets is written as `part-1: <need to know>`');
  return Object.fromEntries(Object.entries(isNode(value) ? value : {}).map(([part, need]) => [part, isNode(need) ? (need as NeedDescribed) : need === '' ? {} : { needToKnow: String(need) }]));
}

/** Reads a file of ours and gathers every fault of it. */
export class Reader {
  private readonly faults: string[] = [];

  /** @param folder from which files are looked for */
  constructor(private readonly folder: string, private readonly what: string) {}

  fault(says: string): void {
    this.faults.push(says);
  }

  finish(): void {
    if (this.faults.length > 0) throw new UsageError(this.faults, `Correct the ${this.what}; docs/cli.md describes it.`);
  }

  known(fields: readonly string[], node: Node, where = ''): void {
    for (const name of Object.keys(node)) if (!fields.includes(name)) this.fault(`${where ? `${where}: ` : ''}there is no field ${/^[A-Za-z]{1,24}$/.test(name) ? name : 'of that name'}; there are ${fields.join(', ')}`);
  }

  requireNames(subject: Node): void {
    if (subject['names'] === undefined) this.fault('subject.names is missing: it is compared with what goes in clear, and never sent. Write `names: []` if nobody knows the name');
  }

  /** What is compared with and never sent. */
  subject(subject: Node): SubjectKnown {
    return { names: this.list(subject, 'names'), born: this.list(subject, 'born'), nhsNumbers: this.list(subject, 'nhsNumbers'), postcodes: this.list(subject, 'postcodes') };
  }

  node(of: Node, name: string): Node | undefined {
    const value = of[name];
    if (value === undefined || isNode(value)) return value;
    this.fault(`${name} must have fields of its own`);
    return undefined;
  }

  nodes(of: Node, name: string): Node[] {
    const value = of[name];
    if (Array.isArray(value) && value.length > 0 && value.every(isNode)) return value;
    this.fault(`${name} must be a list`);
    return [];
  }

  list(of: Node, name: string): string[] {
    const value = of[name];
    if (value === undefined || value === null || value === '') return [];
    return Array.isArray(value) ? value.map(String) : [String(value)];
  }

  /** What is to be sealed: a file is not read before, so that a large one is never held. */
  octets(node: Node, where: string): Uint8Array | OctetsFile {
    const { file, text } = node;
    if (typeof text === 'string' && file === undefined) return Buffer.from(text, 'utf8');
    if (typeof file !== 'string' || text !== undefined) return this.none(`${where}: give either file or text`);
    const path = resolve(this.folder, file);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    // The name of a file may be the name of the person: which of them it is, is said by its place.
    if (size === undefined) return this.none(`${where}: its file is not there`);
    if (size > LARGEST_PART) return this.none(`${where}: its file is larger than ${LARGEST_PART} octets; split it`);
    return { path, size };
  }

  text(node: Node, where: string): string {
    const octets = this.octets(node, where);
    return (octets instanceof Uint8Array ? Buffer.from(octets) : readFileSync(octets.path)).toString('utf8');
  }

  private none(fault: string): Uint8Array {
    this.fault(fault);
    return new Uint8Array();
  }
}

function withFlags(value: unknown): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  if (Array.isArray(value)) return value.map(withFlags);
  return isNode(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withFlags(each)])) : value;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
