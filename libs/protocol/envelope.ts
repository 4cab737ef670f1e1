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
    yield Buffer.from(`--${boundary}\r\nContent-Type: ${piece.type}\r\nContent-Disposition: attachment; name="${piece.name}"\r\nContent-Length: ${piece.size}\r\n\r\n`);
    for await (const octets of piece.octets) yield Buffer.from(octets);
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

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
