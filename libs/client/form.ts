import { randomBytes } from 'node:crypto';
import type { Body } from './connection';
import { octetsOf, type OctetsFile, sizeOf } from './octets-file';

export interface FormField {
  name: string;
  octets: Uint8Array | OctetsFile;
  /** Content-Type; if not given, it is told that these are octets. */
  type?: string;
}

/** `multipart/form-data` (RFC 7578) in the order given. No file name is sent: what a file is called may name the person. `progress` is told as the octets of each field leave. */
export function form(fields: readonly FormField[], progress: (field: string, sent: number) => void = () => undefined): Body {
  const boundary = randomBytes(16).toString('hex');
  const parts = fields.map((field) => ({ ...field, head: headOf(boundary, field) }));
  const end = Buffer.from(`--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    size: parts.reduce((sum, { head, octets }) => sum + head.length + sizeOf(octets) + CRLF.length, end.length),
    octets: async function* () {
      for (const { name, head, octets } of parts) {
        let sent = 0;
        yield head;
        for await (const piece of octetsOf(octets)) {
          yield piece;
          sent += piece.length;
          progress(name, sent);
        }
        yield CRLF;
      }
      yield end;
    },
  };
}

const CRLF = Buffer.from('\r\n');

// RFC 7578, 4.2 asks for a file name only where there is one to tell.
const headOf = (boundary: string, { name, type = 'application/octet-stream' }: FormField): Buffer =>
  Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n`);

/** A value as the body of a call. */
export function json(value: unknown): Body {
  const octets = Buffer.from(JSON.stringify(value), 'utf8');
  return { type: 'application/json', size: octets.length, octets: () => [octets] };
}
