import type { GateProblem } from '../codes';

export type ArmorLabel = 'MESSAGE' | 'SIGNATURE' | 'PUBLIC KEY BLOCK';

/** How much of a stray text we look at, to say what it is. */
export const TEXT_LOOKED_AT = 16_384;

/** Said wherever one turns up: whoever sent it has let it out. */
export const SECRET_KEY = 'this is a secret key: it must not leave its owner; make a new one and send only its public certificate';

const HEADER_LINE = /^[A-Za-z][A-Za-z0-9-]{0,63}:(?: .*)?$/;
const BASE64_LINE = /^[A-Za-z0-9+/=]+$/;

/** Reads line by line up to the blank one after the headers. Each line is looked at once, in however small pieces the text comes. */
export class HeadReader {
  private start = 0;
  private begun = false;

  constructor(private readonly label: ArmorLabel) {}

  /** Where the block's base64 starts in `text`, or why there is no block; 'more' unless `last`. `text` may grow from call to call. */
  read(text: string, last: boolean): number | GateProblem | 'more' {
    for (;;) {
      const end = text.indexOf('\n', this.start);
      if (end < 0) return last ? unfinished(text, this.begun) : 'more';
      const line = text.slice(this.start, end).trimEnd();
      if (!this.begun && line !== '' && !line.startsWith('-----BEGIN PGP ')) return last ? unfinished(text, false) : 'more';
      this.start = end + 1;
      if (this.begun && line === '') return this.start;
      if (this.begun && !HEADER_LINE.test(line)) return insideHead(line);
      if (this.begun || line === '') continue;
      if (line !== `-----BEGIN PGP ${this.label}-----`) return otherBlock(line);
      this.begun = true;
    }
  }
}

function unfinished(text: string, begun: boolean): GateProblem {
  if (begun) return { code: 'NOT_OPENPGP', detail: 'the armor is not complete' };
  if (text.includes('-----BEGIN PGP ')) return { code: 'TEXT_AROUND_ARMOR' };
  return { code: 'NOT_OPENPGP' };
}

function insideHead(line: string): GateProblem {
  return BASE64_LINE.test(line) ? { code: 'NOT_OPENPGP', detail: 'the armor has no blank line after its headers' } : { code: 'TEXT_AROUND_ARMOR' };
}

const OTHER_BLOCKS: Record<string, string> = {
  '-----BEGIN PGP MESSAGE-----': 'this is a message',
  '-----BEGIN PGP SIGNATURE-----': 'this is a signature on its own',
  '-----BEGIN PGP PUBLIC KEY BLOCK-----': 'this is a certificate',
  '-----BEGIN PGP PRIVATE KEY BLOCK-----': SECRET_KEY,
};

function otherBlock(line: string): GateProblem {
  if (line === '-----BEGIN PGP SIGNED MESSAGE-----') return { code: 'SIGNED_OUTSIDE' };
  return { code: 'NOT_OPENPGP', detail: OTHER_BLOCKS[line] ?? 'this is an OpenPGP block of another kind' };
}

/** Padding, checksum and END line, from the octet at which base64 stopped. `length` is how far they reach. */
export function readTail(
  text: string,
  label: ArmorLabel,
  options: { atLineStart: boolean; last: boolean },
): { padding: number; checksum?: string; length: number } | GateProblem | 'more' {
  const end = text.indexOf('-----END');
  if ((end < 0 || !text.includes('\n', end)) && !options.last) return 'more';
  const pattern = options.atLineStart ? AT_LINE_START : AFTER_BASE64;
  const found = pattern.exec(text);
  if (found?.groups?.['label'] !== label) return { code: 'NOT_OPENPGP', detail: 'the armor is damaged' };
  const { padding = '', checksum } = found.groups;
  return { padding: padding.length, checksum, length: found[0].length };
}

const END = '(?:=(?<checksum>[A-Za-z0-9+/]{4})[ \\t]*\\r?\\n\\s*)?-----END PGP (?<label>[A-Z ]{1,32})-----[ \\t]*(?:\\r?\\n)?';
const AT_LINE_START = new RegExp(`^${END}`);
const AFTER_BASE64 = new RegExp(`^(?<padding>={1,2})[ \\t]*\\r?\\n\\s*${END}`);

/** Something stands after the END line. */
export function whatFollows(text: string): GateProblem {
  return { code: text.includes('-----BEGIN PGP ') ? 'SEVERAL_MESSAGES' : 'TEXT_AROUND_ARMOR' };
}
