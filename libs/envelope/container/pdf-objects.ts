import type { ContainerCode } from '../container-codes';
import { isResource, KEYS, NAMES } from './pdf-words';

export class PdfRefused extends Error {
  constructor(readonly code: ContainerCode) {
    super(code);
  }
}

export type Value = number | boolean | null | { name: string } | { hex: Buffer } | { to: number } | Value[] | Dictionary;
export type Dictionary = Map<string, Value>;

/** Dictionaries within dictionaries: a picture's colours have four. */
const DEEPEST = 8;
/** Values of one object in clear: a picture with a table of colours has some hundreds. */
const MOST_VALUES = 2_000;
/** An initialisation vector and a block (ISO 32000-2, 7.6.3.1). */
const LEAST_SEALED = 32;
const BLOCK = 16;

const TOKEN = /(?:(<<)|(>>)|(\[)|(\])|<([0-9a-f]*)>|\/([A-Za-z0-9.+-]{1,64})|((?:0|-?[1-9][0-9]{0,9}|-?0(?=\.))(?:\.[0-9]{1,10})?(?=[ \]]))|(true|false|null))/y;

/** Reads what stands in clear, as qpdf writes it: numbers in one spelling, one blank or none between tokens, no comment, no text in brackets. Whatever else stands there is refused. */
export class PdfReader {
  private values = 0;

  /** @param text all of it, an octet a character */
  constructor(readonly text: string, public at = 0) {}

  /** Takes this very text. */
  take(expected: string, code: ContainerCode = 'NOT_A_CONTAINER'): void {
    if (!this.text.startsWith(expected, this.at)) throw new PdfRefused(code);
    this.at += expected.length;
  }

  number(): number {
    const pattern = /(0|[1-9][0-9]{0,9})/y;
    pattern.lastIndex = this.at;
    const [, found] = pattern.exec(this.text) ?? [];
    if (found === undefined) throw new PdfRefused('NOT_A_CONTAINER');
    this.at += found.length;
    return Number(found);
  }

  /** @param words whether keys and names are held to those that tell nothing */
  dictionary(words = true): Dictionary {
    this.values = 0;
    const value = this.value(0, words);
    if (!(value instanceof Map)) throw new PdfRefused('NOT_A_CONTAINER');
    return value;
  }

  private value(depth: number, words: boolean): Value {
    if (depth > DEEPEST || (this.values += 1) > MOST_VALUES) throw new PdfRefused('NOT_A_CONTAINER');
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (!found) throw new PdfRefused(this.text[this.at] === '(' ? 'CONTAINER_WORDS_IN_CLEAR' : 'NOT_A_CONTAINER');
    const [all, opens, closes, begins, ends, hex, name, number, word] = found;
    if (closes !== undefined || ends !== undefined) throw new PdfRefused('NOT_A_CONTAINER');
    this.at += all.length;
    if (opens !== undefined) return this.members(depth, words);
    if (begins !== undefined) return this.items(depth, words);
    if (hex !== undefined) return { hex: this.hex(hex, words) };
    if (name !== undefined) return { name: this.name(name, words) };
    if (number !== undefined) return this.numberOrReference(number);
    return word === 'null' ? null : word === 'true';
  }

  private members(depth: number, words: boolean): Dictionary {
    const found: Dictionary = new Map();
    for (;;) {
      this.take(' ');
      if (this.text.startsWith('>>', this.at)) {
        this.at += 2;
        return found;
      }
      const [, key] = /^\/([A-Za-z0-9.+-]{1,64}) /.exec(this.text.slice(this.at, this.at + 67)) ?? [];
      if (key === undefined || found.has(key)) throw new PdfRefused('NOT_A_CONTAINER');
      if (words && !KEYS.has(key) && !isResource(key)) throw new PdfRefused('CONTAINER_NAME_IN_CLEAR');
      this.at += key.length + 2;
      found.set(key, this.value(depth + 1, words));
    }
  }

  private items(depth: number, words: boolean): Value[] {
    const found: Value[] = [];
    // The two halves of an id stand close together, everything else apart.
    const apart = this.text[this.at] !== '<' || this.text[this.at + 1] === '<';
    for (;;) {
      if (apart) this.take(' ');
      if (this.text[this.at] === ']') {
        this.at += 1;
        return found;
      }
      found.push(this.value(depth + 1, words));
    }
  }

  private name(name: string, words: boolean): string {
    if (words && !NAMES.has(name) && !isResource(name)) throw new PdfRefused('CONTAINER_NAME_IN_CLEAR');
    return name;
  }

  /** A string that is encrypted is a vector and blocks. What is shorter, or none, is not. */
  private hex(text: string, words: boolean): Buffer {
    const octets = Buffer.from(text, 'hex');
    if (octets.length * 2 !== text.length || (words && (octets.length < LEAST_SEALED || octets.length % BLOCK !== 0))) throw new PdfRefused('CONTAINER_WORDS_IN_CLEAR');
    return octets;
  }

  private numberOrReference(number: string): Value {
    if (/^[1-9][0-9]*$/.test(number) && this.text.startsWith(' 0 R', this.at)) {
      this.at += ' 0 R'.length;
      return { to: Number(number) };
    }
    return Number(number);
  }
}
