import { randomBytes } from 'node:crypto';
import type { Body } from './connection';

export interface FormField {
  name: string;
  octets: Uint8Array;
}

/** Octets are handed over in pieces of this size, so that progress can be shown. */
const PIECE = 256 * 1024;

/** `multipart/form-data` (RFC 7578) in the order given. No file name is sent: what a file is called may name the person. */
export function form(fields: readonly FormField[], progress: (sent: number, of: number) => void = () => undefined): Body {
  const boundary = randomBytes(16).toString('hex');
  const pieces = [...fields.flatMap(({ name, octets }) => [headOf(boundary, name), octets, Buffer.from('\r\n')]), Buffer.from(`--${boundary}--\r\n`)];
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    size,
    octets: function* () {
      let sent = 0;
      for (const piece of pieces) {
        for (let at = 0; at < piece.length; at += PIECE) {
          const part = piece.subarray(at, at + PIECE);
          yield part;
          sent += part.length;
          progress(sent, size);
        }
      }
    },
  };
}

// RFC 7578, 4.2 asks for a file name only where there is one to tell.
const headOf = (boundary: string, name: string): Buffer =>
  Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`);
