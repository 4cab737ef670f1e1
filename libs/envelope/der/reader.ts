import { Fault } from './fault';
import { CONSTRUCTED, TYPE } from './tags';

/** One element as it stands: its identifier octet, all its octets, and those of its contents. */
export interface Element {
  tag: number;
  octets: Uint8Array;
  body: Uint8Array;
}

export interface Header {
  tag: number;
  /** Of the header itself. */
  octets: number;
  /** Of the contents. */
  length: number;
}

const NOT_DER = (detail: string): Fault => new Fault('NOT_DER', detail);

/** Four octets of length are 4 GB: more than we take of anything. */
const MOST_LENGTH_OCTETS = 4;
/** RFC 5652 and RFC 5280 nest ten deep, and names and extensions a few more. */
const DEEPEST = 24;
const HIGH_TAG = 0x1f;
const UNIVERSAL_ONLY = 0xc0;
const ALWAYS_CONSTRUCTED = new Set<number>([TYPE.sequence, TYPE.set]);

/** How many octets a header has, as far as its first two tell. */
export const headerOctets = (first: number, second: number): number => (second > 0x80 && (first & HIGH_TAG) !== HIGH_TAG ? 2 + (second & 0x7f) : 2);

/**
 * One header (X.690, 8.1 and 10.1): a short tag and a definite length in as few octets as it takes. There is one way to write each
 * thing, so that two programs cannot read two things. @throws Fault NOT_DER
 */
export function readHeader(octets: Uint8Array): Header {
  const [tag, first] = octets;
  if (tag === undefined || first === undefined) throw NOT_DER('an element is cut short');
  if ((tag & HIGH_TAG) === HIGH_TAG) throw NOT_DER('a tag in the long form');
  wrongConstruction(tag);
  if (first < 0x80) return { tag, octets: 2, length: first };
  if (first === 0x80) throw NOT_DER('an indefinite length');
  const count = first & 0x7f;
  if (count > MOST_LENGTH_OCTETS) throw NOT_DER('a length of more than four octets');
  if (octets.length < 2 + count) throw NOT_DER('an element is cut short');
  const length = octets.subarray(2, 2 + count).reduce((sum, octet) => sum * 256 + octet, 0);
  if (length < 0x80 || length < 256 ** (count - 1)) throw NOT_DER('a length in more octets than it takes');
  return { tag, octets: 2 + count, length };
}

/** Universal types have one form each: a string in pieces is BER, and hides its pieces' headers in its contents. */
function wrongConstruction(tag: number): void {
  if ((tag & UNIVERSAL_ONLY) !== 0) return;
  if (tag === 0) throw NOT_DER('an end-of-contents mark');
  if (ALWAYS_CONSTRUCTED.has(tag | CONSTRUCTED) !== ((tag & CONSTRUCTED) !== 0)) throw NOT_DER('a type in a form that it does not have');
}

/** Exactly one element, read all the way down. @throws Fault NOT_DER */
export function readDer(octets: Uint8Array): Element {
  const [element, ...more] = elementsOf(octets);
  if (!element || more.length > 0) throw NOT_DER('more or less than one element');
  return element;
}

/** The elements that stand one after another, each read all the way down. @throws Fault NOT_DER */
export function elementsOf(octets: Uint8Array, depth = 0): Element[] {
  if (depth > DEEPEST) throw NOT_DER('nested deeper than we follow');
  const found: Element[] = [];
  for (let at = 0; at < octets.length; ) {
    const header = readHeader(octets.subarray(at));
    const end = at + header.octets + header.length;
    if (end > octets.length) throw NOT_DER('an element is cut short');
    const element = { tag: header.tag, octets: octets.subarray(at, end), body: octets.subarray(at + header.octets, end) };
    if (header.tag & CONSTRUCTED) elementsOf(element.body, depth + 1);
    else wrongValue(element);
    found.push(element);
    at = end;
  }
  return found;
}

/** X.690, 8.2, 8.3, 8.19 and 11.1: values that could be written in two ways are written in one. */
function wrongValue({ tag, body }: Element): void {
  const [first, second = 0] = body;
  if (tag === TYPE.integer) {
    if (first === undefined) throw NOT_DER('an empty integer');
    if (body.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) throw NOT_DER('an integer in more octets than it takes');
  }
  if (tag === TYPE.boolean && !(body.length === 1 && (first === 0 || first === 0xff))) throw NOT_DER('a truth value that is neither');
  if (tag === TYPE.null && body.length > 0) throw NOT_DER('a null with contents');
  if (tag === TYPE.oid && (first === undefined || ((body.at(-1) ?? 0) & 0x80) !== 0 || body.some((octet, at) => octet === 0x80 && ((body[at - 1] ?? 0) & 0x80) === 0))) throw NOT_DER('a malformed object identifier');
  if (tag === TYPE.bitString) {
    if (first === undefined || first > 7 || (first > 0 && body.length === 1)) throw NOT_DER('a malformed bit string');
    if (((body.at(-1) ?? 0) & (2 ** first - 1)) !== 0 && body.length > 1) throw NOT_DER('a bit string with bits beyond its end');
  }
}

/** Takes elements off a list in order, each by its tag. */
export class Members {
  private at = 0;

  constructor(private readonly list: readonly Element[], private readonly wrong: () => Fault) {}

  /** The members of an element of this tag. */
  static of(element: Element, wrong: () => Fault, tag: number = TYPE.sequence): Members {
    if (element.tag !== tag) throw wrong();
    return new Members(elementsOf(element.body), wrong);
  }

  take(tag: number): Element {
    const found = this.maybe(tag);
    if (!found) throw this.wrong();
    return found;
  }

  maybe(tag: number): Element | undefined {
    const next = this.list[this.at];
    if (next?.tag !== tag) return undefined;
    this.at += 1;
    return next;
  }

  within(tag: number): Members {
    return Members.of(this.take(tag), this.wrong, tag);
  }

  get next(): number | undefined {
    return this.list[this.at]?.tag;
  }

  rest(): readonly Element[] {
    return this.list.slice(this.at);
  }

  /** Nothing may be left over: room after what is known would be room to hide in. */
  end(): void {
    if (this.at < this.list.length) throw this.wrong();
  }
}

/** `1.2.840…` */
export function oidOf({ body }: Pick<Element, 'body'>): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of body) {
    arc = arc * 128n + BigInt(octet & 0x7f);
    if (octet & 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first = 0n, ...rest] = arcs;
  const top = first < 80n ? first / 40n : 2n;
  return [top, first - top * 40n, ...rest].join('.');
}

/** A small number that is not negative; larger ones are NaN. */
export const numberOf = ({ body }: Pick<Element, 'body'>): number => (body.length > 4 || (body[0] ?? 0) & 0x80 ? Number.NaN : body.reduce((sum, octet) => sum * 256 + octet, 0));
