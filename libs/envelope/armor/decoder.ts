import type { GateProblem } from '../codes';
import { Base64Blocks } from './base64';
import { Crc24 } from './crc24';
import { type ArmorLabel, HeadReader, readTail, TEXT_LOOKED_AT, whatFollows } from './lines';

/** What came out of the armor, and why it is no armor: the octets before the fault come with it. */
export interface Unarmored {
  octets?: Uint8Array;
  problem?: GateProblem;
}

/** Longest tail that can be right: padding, checksum, END line, and some blank lines. */
const TAIL_OCTETS = 256;

/**
 * Takes one armored block apart as it arrives, in any pieces. Armor headers are read over and dropped; anything else outside the block
 * is refused, because a reader would show it. The checksum is held to, where it is there: RFC 9580, 6.1 tells a reader to ignore it, but
 * we pass on what we can't open, and a block that was damaged on the way should go back now and not be found by its recipient.
 */
export class ArmorDecoder {
  private state: 'head' | 'body' | 'tail' | 'after' = 'head';
  private held: Buffer = Buffer.alloc(0);
  private readonly head: HeadReader;
  private readonly base64 = new Base64Blocks();
  private readonly crc = new Crc24();
  private octetsOfText = 0;

  constructor(
    private readonly label: ArmorLabel,
    private readonly limits: { maxText: number },
  ) {
    this.head = new HeadReader(label);
  }

  push(chunk: Uint8Array): Unarmored {
    const room = this.limits.maxText - this.octetsOfText;
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, room));
    this.octetsOfText += text.length;
    const out = this.take(text);
    return out.problem || text.length === chunk.length ? out : { ...out, problem: { code: 'TOO_LARGE' } };
  }

  /** To be called once, when the input has ended. */
  end(): Unarmored {
    if (this.state === 'head') return this.takeHead(Buffer.alloc(0), true);
    if (this.state === 'body') return { problem: { code: 'NOT_OPENPGP', detail: 'the armor is not complete' } };
    const tail = this.state === 'tail' ? this.takeTail(Buffer.alloc(0), true) : {};
    return tail.problem || this.held.length === 0 ? tail : { ...tail, problem: whatFollows(this.held.toString('latin1')) };
  }

  private take(text: Buffer): Unarmored {
    if (this.state === 'head') return this.takeHead(text, false);
    if (this.state === 'body') return this.takeBody(text);
    if (this.state === 'tail') return this.takeTail(text, false);
    return this.takeAfter(text);
  }

  private takeHead(text: Buffer, last: boolean): Unarmored {
    const looked = this.held.length;
    this.held = Buffer.concat([this.held, text.subarray(0, TEXT_LOOKED_AT - looked)]);
    const head = this.head.read(this.held.toString('latin1'), last || this.held.length === TEXT_LOOKED_AT);
    if (head === 'more') return {};
    if (typeof head === 'object') return { problem: head };
    const rest = Buffer.concat([this.held.subarray(head), text.subarray(this.held.length - looked)]);
    this.held = Buffer.alloc(0);
    this.state = 'body';
    return this.takeBody(rest);
  }

  private takeBody(text: Buffer): Unarmored {
    const { octets, stop } = this.base64.take(text);
    this.crc.add(octets);
    if (stop === undefined) return { octets };
    this.state = 'tail';
    const tail = this.takeTail(text.subarray(stop), false);
    return { ...tail, octets: tail.octets ? Buffer.concat([octets, tail.octets]) : octets };
  }

  private takeTail(text: Buffer, last: boolean): Unarmored {
    const looked = this.held.length;
    this.held = Buffer.concat([this.held, text.subarray(0, TAIL_OCTETS - looked)]);
    const tail = readTail(this.held.toString('latin1'), this.label, { atLineStart: this.base64.atLineStart, last: last || this.held.length === TAIL_OCTETS });
    if (tail === 'more') return {};
    if ('code' in tail) return { problem: tail };
    const octets = this.base64.finish(tail.padding);
    if (!octets) return { problem: { code: 'NOT_OPENPGP', detail: 'the armor is not base64' } };
    this.crc.add(octets);
    if (tail.checksum !== undefined && tail.checksum !== this.crc.base64) {
      return { octets, problem: { code: 'NOT_OPENPGP', detail: 'the checksum of the armor does not fit' } };
    }
    const rest = Buffer.concat([this.held.subarray(tail.length), text.subarray(this.held.length - looked)]);
    this.held = Buffer.alloc(0);
    this.state = 'after';
    return { ...this.takeAfter(rest), octets };
  }

  /** Blank lines may follow, nothing else; what else it is we say after looking at a little of it. */
  private takeAfter(text: Buffer): Unarmored {
    const from = this.held.length > 0 ? 0 : text.toString('latin1').search(/\S/);
    if (from < 0) return {};
    this.held = Buffer.concat([this.held, text.subarray(from, from + TEXT_LOOKED_AT - this.held.length)]);
    return this.held.length < TEXT_LOOKED_AT ? {} : { problem: whatFollows(this.held.toString('latin1')) };
  }
}
