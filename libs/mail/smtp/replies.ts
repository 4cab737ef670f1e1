import { MailFailed } from '../faults';

/** RFC 5321, 4.5.3.1.5 has 512; extensions made lines longer. */
const LONGEST_LINE = 2_048;
/** Lines of one reply: a server with every extension there is has half of them. */
const MOST_LINES = 64;
/** RFC 5321, 4.2: a reply may have no text, and then no blank. */
const LINE = /^([2-5][0-9][0-9])(?:([ -])([\t\x20-\x7e\x80-\xff]*))?$/;

export interface Reply {
  code: number;
  /** RFC 3463, such as `5.1.1`. */
  enhanced?: string;
  lines: readonly string[];
}

/** Reads replies one at a time, and takes nothing that was not asked for: what lies behind a reply was put there by somebody else (M4). */
export class Replies {
  private held = '';
  private lines: string[] = [];
  private code: string | undefined;

  /** Nothing is held of which nobody asked. */
  get empty(): boolean {
    return this.held === '' && this.lines.length === 0;
  }

  /** @returns the reply, when these octets end it @throws MailFailed `not-smtp` */
  take(octets: Buffer): Reply | undefined {
    this.held += octets.toString('latin1');
    for (let at = this.held.indexOf('\n'); at >= 0; at = this.held.indexOf('\n')) {
      const line = this.held.slice(0, at);
      this.held = this.held.slice(at + 1);
      const reply = this.line(line);
      if (reply && this.held !== '') throw new MailFailed('not-smtp');
      if (reply) return reply;
    }
    if (this.held.length > LONGEST_LINE) throw new MailFailed('not-smtp');
    return undefined;
  }

  private line(text: string): Reply | undefined {
    const read = text.length <= LONGEST_LINE && text.endsWith('\r') ? LINE.exec(text.slice(0, -1)) : null;
    const [, code, mark = ' ', says = ''] = read ?? [];
    if (!code || (this.code !== undefined && this.code !== code) || this.lines.length >= MOST_LINES) throw new MailFailed('not-smtp');
    this.code = code;
    this.lines.push(says);
    if (mark === '-') return undefined;
    const enhanced = /^([245]\.[0-9]{1,3}\.[0-9]{1,3})( |$)/.exec(says)?.[1];
    const reply = { code: Number(code), lines: this.lines, ...(enhanced ? { enhanced } : {}) };
    [this.lines, this.code] = [[], undefined];
    return reply;
  }
}
