/** A mail as large as the large mail systems take: the largest container, wrapped twice. */
export const LARGEST_MAIL = 35 * 1024 * 1024;

/** RFC 5321, 4.5.3.1.6, without its CRLF. */
const LONGEST_LINE = 998;
const CR = 13;
const LF = 10;

/**
 * Whether a message is lines of ASCII that end in CRLF, and nothing beside. A bare CR or LF is not mended: between two servers that mend it in different
 * ways a second message hides (M9).
 */
export function isMessage(octets: Uint8Array): boolean {
  let line = 0;
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    if (octet === CR && octets[i + 1] === LF) {
      [line, i] = [0, i + 1];
      continue;
    }
    if (octet === 0 || octet === CR || octet === LF || octet > 0x7e || ++line > LONGEST_LINE) return false;
  }
  return octets.length > 0 && line === 0;
}

/** As it goes over the wire: a dot before every line that begins with one, and the dot that ends it (RFC 5321, 4.5.2). */
export const stuffed = (message: Uint8Array): Buffer => Buffer.from(`${Buffer.from(message).toString('latin1').replace(/^\./, '..').replaceAll('\r\n.', '\r\n..')}.\r\n`, 'latin1');
