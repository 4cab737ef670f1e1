import { checkContainer, isPdf } from '#envelope/container';
import type { MailAddress } from './address';
import { type Outside, wordsWith } from './message';

/** One container, as its sender made it. */
export interface Contained {
  /** Like `part-1`. */
  part: string;
  octets: Uint8Array;
}

/** In every such mail the same, so that they tell nothing of any: who gets an unannounced zip and no word with it throws it away (CH-05). */
const WORDS = [
  'Somebody shares with you what is attached. Each file opens with a',
  'passphrase: a zip with 7-Zip, or another program for zips with AES-256; a',
  'PDF with a reader of PDF 2.0.',
  '',
  'Ask whoever shares it for the passphrase. Ring them, on a number that you',
  'have from elsewhere, and give the reference at the end of the subject.',
  'Do not ask for it by mail, and do not answer this mail. If you do not know',
  'who shares it, ask the co-ordinator of your agreement.',
] as const;

/**
 * A mail that may go over a hop which holds no TLS: headers that are generated, words that are always the same, and containers. There is no other way to make one,
 * and each container is looked at again here: whatever else somebody takes for one gets no further.
 */
export class ContainerMail {
  readonly #octets: Buffer;

  private constructor(readonly to: MailAddress, octets: Buffer) {
    this.#octets = octets;
  }

  /** @throws TypeError for what is no container, or not called like a part */
  static of(outside: Outside, containers: readonly Contained[]): ContainerMail {
    if (containers.length === 0) throw new TypeError('a mail of containers holds one');
    const pieces = containers.map(({ part, octets }) => {
      if (!/^part-[1-9][0-9]?$/.test(part)) throw new TypeError('not called like a part');
      if (!checkContainer(octets).ok) throw new TypeError('not a container of which every octet is known');
      return isPdf(octets) ? { name: `${part}.pdf`, type: 'application/pdf' as const, octets } : { name: `${part}.zip`, type: 'application/zip' as const, octets };
    });
    return new ContainerMail(outside.to, wordsWith(outside, WORDS, pieces));
  }

  /** Its octets, a copy. @throws TypeError for what was not made by `of`, whatever its type says */
  static octetsOf(mail: ContainerMail): Buffer {
    if (!(#octets in mail)) throw new TypeError('not a mail of containers');
    return Buffer.from(mail.#octets);
  }
}
