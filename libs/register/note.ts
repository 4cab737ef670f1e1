/** C2SP signed-note: text, an empty line, signature lines. */
export interface Note {
  /** With its last newline: the octets that were signed. */
  text: string;
  signatures: NoteSignature[];
}

export interface NoteSignature {
  name: string;
  /** First four octets: which of the keys of this name. */
  hash: Buffer;
  signature: Buffer;
}

/** The standard asks for at least 16; a post-quantum signature takes 5 KB. */
const MOST_SIGNATURES = 32;
const LONGEST = 256 * 1024;

const SIGNATURE_LINE = /^— (?<name>[^\s+]+) (?<base64>[A-Za-z0-9+/]+={0,2})$/u;
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f]|\ufffd/u;

/** Reads a signed note strictly; undefined for anything else. Says nothing about its signatures. */
export function readNote(note: string): Note | undefined {
  if (note.length > LONGEST || FORBIDDEN.test(note) || !note.isWellFormed()) return undefined;
  const cut = note.lastIndexOf('\n\n');
  if (cut < 0 || !note.endsWith('\n')) return undefined;
  const lines = note.slice(cut + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) return undefined;
  const signatures = lines.map(readSignature);
  return signatures.every((signature) => signature !== undefined) ? { text: note.slice(0, cut + 1), signatures } : undefined;
}

function readSignature(line: string): NoteSignature | undefined {
  const { name, base64 } = SIGNATURE_LINE.exec(line)?.groups ?? {};
  const octets = base64 === undefined ? undefined : decodeBase64(base64);
  if (!name || !octets || octets.length < 5) return undefined;
  return { name, hash: octets.subarray(0, 4), signature: octets.subarray(4) };
}

/** Standard Base64 in its one canonical spelling: Node's decoder alone passes over what it does not know. */
export function decodeBase64(text: string): Buffer | undefined {
  const octets = Buffer.from(text, 'base64');
  return octets.toString('base64') === text ? octets : undefined;
}
