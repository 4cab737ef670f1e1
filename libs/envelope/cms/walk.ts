import type { PartProblem } from '../cms-codes';
import { Fault } from '../der/fault';
import { TYPE } from '../der/tags';
import type { Addressee } from '../packets/session-key';
import { type ContentCipher, TAG_OCTETS } from './content';
import { type Head, readHead, type Reading, type WalkLimits } from './head';
import type { Recipient } from './recipient';
import type { CmsKind } from './version';

export type CmsStep = { sealed?: Uint8Array; problem?: undefined } | { problem: PartProblem };

/** All of a walk that has come to the content. JSON; recipients' entries in Base64. */
export interface CmsWalkState {
  form: 'cms';
  kind: CmsKind;
  addressees: (Omit<Addressee, 'packet'> & { packet: string })[];
  size: number;
  left: number;
  tagHeader: number[];
  consumed: number;
}

/**
 * Walks over one CMS message (RFC 5652, RFC 5083) as it arrives, in any pieces, against the allow-list: AuthEnvelopedData or EnvelopedData,
 * recipients by certificate, one encrypted content, a tag, the end. Before the content it holds at most what `maxAddressees` recipients
 * take, then nothing. A problem is final.
 */
export class CmsWalk {
  private readonly reading: Reading<Head>;
  /** How many octets the reading of the head waits for. */
  private wanted: number;
  private readonly held: number[] = [];
  private readonly passed: Uint8Array[] = [];
  private consumed = 0;
  private left = 0;
  private tagHeader: number[] = [];
  private head: Head | undefined;
  kind: CmsKind | undefined;
  addressees: Addressee[] = [];
  /** How many octets there are from EncryptedContentInfo to the end. */
  size = 0;

  constructor(limits: WalkLimits) {
    this.reading = readHead(limits);
    const first = this.reading.next();
    this.wanted = first.done ? 0 : first.value;
  }

  /** A walk that goes on where another stood. */
  static resumed(limits: WalkLimits, { form: _form, addressees, ...state }: CmsWalkState): CmsWalk {
    return Object.assign(new CmsWalk(limits), state, { addressees: addressees.map((addressee) => ({ ...addressee, packet: Buffer.from(addressee.packet, 'base64') })) });
  }

  /** Undefined before the content has begun. */
  state(): CmsWalkState | undefined {
    const { kind, size, left, tagHeader, consumed } = this;
    if (!kind) return undefined;
    const addressees = this.addressees.map((addressee) => ({ ...addressee, packet: Buffer.from(addressee.packet).toString('base64') }));
    return { form: 'cms', kind, addressees, size, left, tagHeader, consumed };
  }

  /** What a reader needs to open it; nothing of it where the walk was resumed. */
  get recipients(): readonly Recipient[] {
    return this.head?.recipients ?? [];
  }

  get cipher(): ContentCipher | undefined {
    return this.head?.cipher;
  }

  push(chunk: Uint8Array): CmsStep {
    try {
      const at = this.kind ? 0 : this.pushHead(chunk);
      const { kind, head } = this;
      if (!kind) return {};
      const rest = chunk.subarray(at);
      this.takeSealed(rest, kind);
      const first = this.passed.length > 0 ? Buffer.concat(this.passed.splice(0)).subarray(head?.sealedFrom) : undefined;
      const sealed = first ? Buffer.concat([first, rest]) : rest;
      return sealed.length > 0 ? { sealed } : {};
    } catch (error) {
      if (error instanceof Fault) return { problem: error.problem };
      throw error;
    }
  }

  /** Why the input may not end here; undefined where it may. */
  end(): PartProblem | undefined {
    if (this.kind && this.left === 0) return undefined;
    return { code: 'NOT_CMS', detail: this.consumed === 0 ? 'the part is empty' : 'the message is not complete' };
  }

  /** How many octets of the chunk belong to the head. */
  private pushHead(chunk: Uint8Array): number {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(this.wanted - this.held.length, chunk.length - at);
      for (const octet of chunk.subarray(at, at + taken)) this.held.push(octet);
      at += taken;
      this.consumed += taken;
      while (!this.head && this.held.length === this.wanted) {
        const octets = Uint8Array.from(this.held.splice(0));
        this.passed.push(octets);
        const step = this.reading.next(octets);
        if (step.done) this.begin(step.value);
        else this.wanted = step.value;
      }
      if (this.head) return at;
    }
    return chunk.length;
  }

  private begin(head: Head): void {
    this.head = head;
    this.kind = head.kind;
    this.addressees = head.recipients.map(({ name, version, octets }) => ({ keyId: name, version, packet: octets }));
    this.left = head.contentOctets + (head.kind === 'auth-enveloped' ? 2 + TAG_OCTETS : 0);
    this.size = this.consumed - head.sealedFrom + this.left;
  }

  /** Counts what follows the head: the content, the tag's own header, the tag, and nothing more. */
  private takeSealed(octets: Uint8Array, kind: CmsKind): void {
    if (kind === 'auth-enveloped') {
      const from = this.left - (2 + TAG_OCTETS);
      for (let at = Math.max(0, from); at < octets.length && at < from + 2; at += 1) this.tagHeader.push(octets[at] ?? 0);
      const [tag = TYPE.octetString, length = TAG_OCTETS] = this.tagHeader;
      if (tag !== TYPE.octetString || length !== TAG_OCTETS) throw new Fault('NOT_CMS', 'the authentication tag is malformed');
    }
    this.consumed += octets.length;
    if (octets.length > this.left) throw new Fault('TRAILING_DATA');
    this.left -= octets.length;
  }
}
