const BASE64 = 1;
const BLANK = 2;
const KINDS = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') KINDS[character.charCodeAt(0)] = BASE64;
for (const character of ' \t\r\n') KINDS[character.charCodeAt(0)] = BLANK;

const NEWLINE = 0x0a;

/**
 * Decodes base64 lines in large blocks. Node's own decoder passes over what it doesn't know and takes the URL alphabet too, so each
 * character is looked at first; the first one that is neither base64 nor blank stops it.
 */
export class Base64Blocks {
  private left = '';
  private scratch: Buffer = Buffer.alloc(0);
  private previous = NEWLINE;

  /** Whether the octet at which `take` stopped began a line. */
  get atLineStart(): boolean {
    return this.previous === NEWLINE;
  }

  take(text: Buffer): { octets: Buffer; stop?: number } {
    if (this.scratch.length < text.length) this.scratch = Buffer.allocUnsafe(text.length);
    const { scratch } = this;
    let length = 0;
    let at = 0;
    for (; at < text.length; at += 1) {
      const octet = text[at] as number;
      const kind = KINDS[octet];
      if (kind === BASE64) scratch[length++] = octet;
      else if (kind !== BLANK) break;
    }
    if (at > 0) this.previous = text[at - 1] as number;
    const characters = this.left + scratch.toString('latin1', 0, length);
    const whole = characters.length - (characters.length % 4);
    this.left = characters.slice(whole);
    const octets = Buffer.from(whole === characters.length ? characters : characters.slice(0, whole), 'base64');
    return at < text.length ? { octets, stop: at } : { octets };
  }

  /** The last octets, given the padding that was found; undefined where the two don't go together. */
  finish(padding: number): Buffer | undefined {
    const fits = this.left.length === 0 ? padding === 0 : this.left.length + padding === 4 && padding < 3;
    return fits ? Buffer.from(this.left, 'base64') : undefined;
  }
}
