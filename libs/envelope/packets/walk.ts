import type { GateProblem } from '../codes';
import { refusedAfter, refusedBefore } from './allowed';
import { isIndeterminate, LengthReader, type LengthState, type PacketLength, tagOf } from './header';
import { OPENING_OCTETS, readOpening, tooShort } from './sealed-data';
import { type Addressee, readAddressee } from './session-key';
import { TAG } from './tags';

/** RFC 9580, 4.2.1.4. */
const FIRST_PARTIAL_AT_LEAST = 512;
/** RSA with 16,384 bits needs 2,061; nothing we admit needs more. */
const LARGEST_WRAPPED_KEY = 8192;
const MARKER = [0x50, 0x47, 0x50];

const MALFORMED = (detail: string): GateProblem => ({ code: 'NOT_OPENPGP', detail });

/** All of a walk that has come to the encrypted data. JSON; wrapped keys in Base64. */
export interface WalkState {
  addressees: (Omit<Addressee, 'packet'> & { packet: string })[];
  seipdVersion: 1 | 2;
  place: 'sealed' | 'after';
  reading: 'tag' | 'length' | 'body';
  tag: number;
  length: LengthState;
  remaining: number;
  partial: boolean;
  bodyOctets: number;
  consumed: number;
}

/** What one push gives: the octets of the encrypted data packet in it, or why the walk is over. */
export type Step = { sealed?: Uint8Array; problem?: undefined } | { problem: GateProblem };

/**
 * Walks over the packets of one message as they arrive, in any pieces, against the allow-list: wrapped keys, then one packet of
 * encrypted data, then padding. Holds at most one wrapped key more than it has accepted, whatever arrives. A problem is final.
 */
export class PacketWalk {
  readonly addressees: Addressee[] = [];
  seipdVersion: 1 | 2 | undefined;
  private place: 'before' | 'sealed' | 'after' = 'before';
  private reading: 'tag' | 'length' | 'body' = 'tag';
  private tag = 0;
  private length = new LengthReader();
  private header: number[] = [];
  private remaining = 0;
  private partial = false;
  private held = new Uint8Array(0);
  private holding = 0;
  private opening: number[] = [];
  private bodyOctets = 0;
  private consumed = 0;

  constructor(private readonly limits: { maxOctets: number; maxAddressees: number }) {}

  /** A walk that goes on where another stood. */
  static resumed(limits: { maxOctets: number; maxAddressees: number }, { addressees, length, ...state }: WalkState): PacketWalk {
    const walk = new PacketWalk(limits);
    walk.addressees.push(...addressees.map((addressee) => ({ ...addressee, packet: Buffer.from(addressee.packet, 'base64') })));
    walk.length = LengthReader.resumed(length);
    return Object.assign(walk, state);
  }

  /** Undefined before the encrypted data has begun: until then a wrapped key may be held in part. */
  state(): WalkState | undefined {
    const { seipdVersion, place, reading, tag, remaining, partial, bodyOctets, consumed } = this;
    if (place === 'before' || seipdVersion === undefined) return undefined;
    const addressees = this.addressees.map((addressee) => ({ ...addressee, packet: Buffer.from(addressee.packet).toString('base64') }));
    return { addressees, seipdVersion, place, reading, tag, length: this.length.state(), remaining, partial, bodyOctets, consumed };
  }

  push(chunk: Uint8Array): Step {
    const room = this.limits.maxOctets - this.consumed;
    const octets = chunk.length > room ? chunk.subarray(0, room) : chunk;
    let from = this.place === 'sealed' ? 0 : octets.length;
    let to = octets.length;
    for (let at = 0; at < octets.length; ) {
      const taken = this.reading === 'body' ? Math.min(this.remaining, octets.length - at) : 1;
      const before = this.place;
      this.consumed += taken;
      const problem = this.reading === 'body' ? this.takeBody(octets.subarray(at, at + taken)) : this.takeHeader(octets[at] ?? 0);
      if (problem) return { problem };
      if (before === 'before' && this.place === 'sealed') from = at;
      at += taken;
      if (before === 'sealed' && this.place === 'after') to = at;
    }
    if (octets.length < chunk.length) return { problem: { code: 'TOO_LARGE' } };
    return from < to ? { sealed: octets.subarray(from, to) } : {};
  }

  /** Why the input may not end here; undefined where it may. */
  end(): GateProblem | undefined {
    if (this.place === 'after') return this.reading === 'tag' ? undefined : { code: 'TRAILING_DATA' };
    return MALFORMED(this.consumed === 0 ? 'the part is empty' : 'the message is not complete');
  }

  private takeHeader(octet: number): GateProblem | undefined {
    this.header.push(octet);
    if (this.reading === 'tag') return this.startPacket(octet);
    const length = this.length.take(octet);
    return length && this.startBody(length);
  }

  private startPacket(octet: number): GateProblem | undefined {
    const tag = tagOf(octet);
    const refused = this.place === 'after' ? refusedAfter(tag) : refusedBefore(tag, this.addressees.length > 0);
    if (refused) return refused;
    if (isIndeterminate(octet)) return MALFORMED('a packet without a length');
    this.tag = tag ?? 0;
    this.header = [octet];
    this.length = new LengthReader(octet);
    this.reading = 'length';
    this.bodyOctets = 0;
    if (this.tag === TAG.seipd) this.place = 'sealed';
    const full = this.addressees.length >= this.limits.maxAddressees;
    return this.tag === TAG.pkesk && full ? { code: 'TOO_LARGE', detail: 'more wrapped keys than we take' } : undefined;
  }

  private startBody(length: PacketLength): GateProblem | undefined {
    if (length.kind === 'indeterminate') return MALFORMED('a packet without a length');
    const continued = this.partial;
    this.partial = length.kind === 'partial';
    if (this.partial && this.tag !== TAG.seipd) return MALFORMED('only encrypted data may come in partial lengths');
    if (this.partial && !continued && length.octets < FIRST_PARTIAL_AT_LEAST) return MALFORMED('the first partial length is under 512 octets');
    if (length.octets > this.limits.maxOctets - this.consumed) return { code: 'TOO_LARGE' };
    if (this.tag === TAG.pkesk) {
      if (length.octets > LARGEST_WRAPPED_KEY) return MALFORMED('a wrapped session key is larger than any can be');
      this.hold(length.octets);
    }
    if (this.tag === TAG.marker && length.octets !== MARKER.length) return MALFORMED('a marker packet is malformed');
    this.remaining = length.octets;
    this.reading = 'body';
    return this.remaining === 0 ? this.endBody() : undefined;
  }

  private hold(octets: number): void {
    this.held = new Uint8Array(this.header.length + octets);
    this.held.set(this.header);
    this.holding = this.header.length;
  }

  private takeBody(octets: Uint8Array): GateProblem | undefined {
    const refused = this.inspect(octets);
    if (refused) return refused;
    this.remaining -= octets.length;
    this.bodyOctets += octets.length;
    return this.remaining === 0 ? this.endBody() : undefined;
  }

  private inspect(octets: Uint8Array): GateProblem | undefined {
    if (this.tag === TAG.pkesk) {
      this.held.set(octets, this.holding);
      this.holding += octets.length;
    }
    if (this.tag === TAG.marker && !octets.every((octet, at) => octet === MARKER[this.bodyOctets + at])) return MALFORMED('a marker packet is malformed');
    if (this.tag !== TAG.seipd || this.seipdVersion !== undefined) return undefined;
    this.opening.push(...octets.subarray(0, OPENING_OCTETS - this.opening.length));
    return this.opening.length < OPENING_OCTETS ? undefined : this.startSealed();
  }

  private startSealed(): GateProblem | undefined {
    const version = readOpening(this.opening);
    if (typeof version === 'object') return version;
    this.seipdVersion = version;
    // RFC 9580, 10.3.2.1: version 3 keys stand before version 1 data, version 6 keys before version 2 data; others must be ignored, so could open nothing.
    const fitting = version === 1 ? 3 : 6;
    if (this.addressees.every((addressee) => addressee.version === fitting)) return undefined;
    return MALFORMED('wrapped keys and data are of versions that do not go together');
  }

  private endBody(): GateProblem | undefined {
    if (this.partial) {
      this.length = new LengthReader();
      this.header = [];
      this.reading = 'length';
      return undefined;
    }
    this.reading = 'tag';
    if (this.tag === TAG.pkesk) return this.endWrappedKey();
    if (this.tag !== TAG.seipd) return undefined;
    this.place = 'after';
    const short = this.seipdVersion === undefined || tooShort(this.seipdVersion, this.bodyOctets);
    return short ? MALFORMED('the encrypted data is too short to be any') : undefined;
  }

  private endWrappedKey(): GateProblem | undefined {
    const addressee = readAddressee(this.held.subarray(this.header.length), this.held);
    if ('code' in addressee) return addressee;
    this.addressees.push(addressee);
    return undefined;
  }
}
