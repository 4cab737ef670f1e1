import { hash } from 'node:crypto';

/** SHA-256 as every digest of the wire is written: 64 lower-case hexadecimal digits; of text, that of its UTF-8 octets. */
export const sha256 = (octets: Uint8Array | string): string => hash('sha256', octets);
