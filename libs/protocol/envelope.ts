// How all of a consignment travels as one body: on queues, in webhooks, and from `GET …/envelope`.

export interface EnvelopePiece {
  name: string;
  type: string;
  size: number;
  octets: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** All of a consignment as one `multipart/mixed` body: the form in which queue and mail carry it. Each piece tells its length. */
export async function* writeEnvelope(boundary: string, pieces: Iterable<EnvelopePiece> | AsyncIterable<EnvelopePiece>): AsyncIterable<Buffer> {
  for await (const piece of pieces) {
    yield headOf(boundary, piece);
    for await (const octets of piece.octets) yield Buffer.from(octets);
    yield Buffer.from('\r\n');
  }
  yield endOf(boundary);
}

/** The same of pieces that are all in memory: one for every message, and nothing in it to wait for. */
export function envelopeOf(boundary: string, pieces: readonly (Omit<EnvelopePiece, 'octets'> & { octets: readonly Uint8Array[] })[]): Buffer {
  return Buffer.concat([...pieces.flatMap((piece) => [headOf(boundary, piece), ...piece.octets, Buffer.from('\r\n')]), endOf(boundary)]);
}

const headOf = (boundary: string, { type, name, size }: Omit<EnvelopePiece, 'octets'>): Buffer =>
  Buffer.from(`--${boundary}\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; name="${name}"\r\nContent-Length: ${size}\r\n\r\n`);
const endOf = (boundary: string): Buffer => Buffer.from(`--${boundary}--\r\n`);

/** The pieces of an envelope that `writeEnvelope` made; undefined when it is not one. */
export function readEnvelope(boundary: string, body: Buffer): Map<string, Buffer> | undefined {
  const pieces = new Map<string, Buffer>();
  const end = Buffer.from(`--${boundary}--\r\n`);
  for (let at = 0; !body.subarray(at).equals(end); ) {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const head = headEnd < 0 ? undefined : /^--(\S+)\r\nContent-Type: \S+\r\nContent-Disposition: attachment; name="([a-z0-9-]+)"\r\nContent-Length: ([0-9]{1,15})$/.exec(body.toString('latin1', at, headEnd));
    const start = headEnd + 4;
    const size = Number(head?.[3]);
    if (!head || head[1] !== boundary || body.toString('latin1', start + size, start + size + 2) !== '\r\n') return undefined;
    pieces.set(head[2] as string, body.subarray(start, start + size));
    at = start + size + 2;
  }
  return pieces;
}
