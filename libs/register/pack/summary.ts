import type { ReadEntry } from '../entry';

/** An entry of a pack, with its place in the log. */
export interface Packed {
  index: number;
  leaf: string;
  octets: Buffer;
  entry: ReadEntry;
}

export interface PackAbout {
  subjects: readonly string[];
  controller: string;
  origin: string;
  size: number;
  root: string;
  packedBy: string;
  reason: string;
  at: string;
}

/** What a reader sees first: each entry in the order of the log, of the other parties organisation and role and no more. */
export function summaryLines({ subjects, controller, origin, size, root, packedBy, reason, at }: PackAbout, entries: readonly Packed[]): string[] {
  return [
    'Evidence from a register of Waybill', '', `About           ${subjects.join(' ')}`, `Register of     ${controller}`, `Log             ${origin}`, `Checkpoint      ${size} entries, root ${root}`, `Packed          ${at} by ${packedBy}, because ${reason}`, '',
    ...entries.flatMap(({ index, leaf, entry }) => [`Entry ${index}  ${entry.at}  ${entry.kind}`, ...facts(entry).map(([name, value]) => `    ${name.padEnd(16)}${value}`), `    leaf            ${leaf}`, '']),
    'Each entry stands word for word in entries/, with its proof in proofs/. It can be checked without Waybill: node verify.mjs',
  ];
}

/** What stands in an entry as one code, id or instant, in the order in which a reader asks for it. */
const SAID = [
  'agreement', 'purpose', 'basis', 'legalGateway', 'urgency', 'operation', 'reason', 'copyController', 'controllership', 'transfer', 'breach', 'type', 'harm', 'foundAt', 'awareAt', 'wave', 'agency', 'what', 'outcome', 'grade', 'risk', 'dueAt', 'reportedAt', 'because', 'endsAt',
] as const;

function facts(entry: ReadEntry): [string, string][] {
  const { agreement, decision, recipients, reasons } = entry as { agreement?: { id: string; version: string } | string; decision?: { by: string; at: string; reasons: string[] }; recipients?: { agency: string }[]; reasons?: (string | { code: string })[] };
  const said = (name: string): [string, string][] => (typeof entry[name] === 'string' ? [[name, entry[name]]] : []);
  return [
    ...(typeof agreement === 'object' ? [['agreement', `${agreement.id} ${agreement.version}`] as [string, string]] : []),
    ...SAID.flatMap(said),
    ...(Array.isArray(reasons) ? [['reasons', reasons.map((reason) => (typeof reason === 'string' ? reason : reason.code)).join(' ')] as [string, string]] : []),
    ...(decision ? [['decided', `by ${decision.by}, ${decision.at}: ${decision.reasons.join(' ')}`] as [string, string]] : []),
    ...(typeof entry['from'] === 'string' ? [['sender', entry['from']] as [string, string]] : []),
    ...(Array.isArray(recipients) ? [['recipients', [...new Set(recipients.map(({ agency }) => agency))].join(' ')] as [string, string]] : []),
    // Who stated it, where another than the register's own controller may have: as an organisation and a role.
    ...(typeof entry['by'] === 'string' && typeof entry['contact'] === 'string' ? [['stated', `by ${entry['by']}${typeof entry['role'] === 'string' ? `, ${entry['role']}` : ''}`] as [string, string]] : []),
  ];
}

/** The same as a page that runs nothing and fetches nothing. */
export const summaryHtml = (lines: readonly string[]): string =>
  `<!doctype html>\n<html lang="en-GB">\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n<title>${html(lines[0] ?? '')}</title>\n<style>pre { font: 14px/1.4 monospace; white-space: pre-wrap; }</style>\n<main><h1>${html(lines[0] ?? '')}</h1>\n<pre>${lines.slice(1).map(html).join('\n')}</pre></main>\n</html>\n`;

const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
