export interface WireMessage {
  /** One letter; empty for what a client says first. */
  type: string;
  body: Buffer;
  octets: Buffer;
}

/** Cuts a stream of PostgreSQL's protocol into messages: a letter, a length that counts itself, a body. The first of a client has no letter. */
export class Messages {
  private rest: Buffer = Buffer.alloc(0);
  private first: boolean;

  constructor({ startup = false }: { startup?: boolean } = {}) {
    this.first = startup;
  }

  read(octets: Buffer): WireMessage[] {
    this.rest = this.rest.length === 0 ? octets : Buffer.concat([this.rest, octets]);
    const out: WireMessage[] = [];
    for (;;) {
      const lettered = this.first ? 0 : 1;
      if (this.rest.length < lettered + 4) return out;
      const length = lettered + this.rest.readInt32BE(lettered);
      if (this.rest.length < length) return out;
      const whole = this.rest.subarray(0, length);
      out.push({ type: lettered ? String.fromCharCode(whole[0] as number) : '', body: whole.subarray(lettered + 4), octets: whole });
      this.rest = this.rest.subarray(length);
      this.first = false;
    }
  }
}
