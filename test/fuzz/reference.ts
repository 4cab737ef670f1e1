import { createHash } from 'node:crypto';

// A second opinion on what a sealed message is, from RFC 9580 and wire.md alone: whole messages in memory, no state, nothing of libs/envelope.
// The gate is held to it. Where the two differ, one of them is wrong.

export interface Framed {
  tag: number;
  /** Where its tag octet stands, and the first octet after it. */
  from: number;
  to: number;
  body: Buffer;
  indeterminate: boolean;
  /** Lengths of its partial pieces, in order; empty where it has one definite length. */
  partial: readonly number[];
}

export interface Judged {
  /** Key IDs or fingerprints, upper hex, in order. */
  addressees: string[];
  digest: string;
  version: number;
}

/** Cuts octets into packets, or says nothing where they can't be cut without a rest. */
export function packetsIn(octets: Buffer): Framed[] | undefined {
  const found: Framed[] = [];
  let at = 0;
  while (at < octets.length) {
    const packet = packetAt(octets, at);
    if (!packet) return undefined;
    found.push(packet);
    at = packet.to;
  }
  return found;
}

function packetAt(octets: Buffer, from: number): Framed | undefined {
  const first = octets.readUInt8(from);
  if (first < 0x80) return undefined;
  if (first < 0xc0) return oldPacketAt(octets, from, first);
  const partial: number[] = [];
  const bodies: Buffer[] = [];
  let at = from + 1;
  for (;;) {
    const length = newLengthAt(octets, at);
    if (!length || length.end + length.octets > octets.length) return undefined;
    at = length.end + length.octets;
    bodies.push(octets.subarray(length.end, at));
    if (!length.partial) return { tag: first - 0xc0, from, to: at, body: Buffer.concat(bodies), indeterminate: false, partial };
    partial.push(length.octets);
  }
}

function oldPacketAt(octets: Buffer, from: number, first: number): Framed | undefined {
  const tag = Math.floor((first - 0x80) / 4);
  const size = [1, 2, 4][first % 4];
  if (size === undefined) return { tag, from, to: octets.length, body: octets.subarray(from + 1), indeterminate: true, partial: [] };
  if (from + 1 + size > octets.length) return undefined;
  const start = from + 1 + size;
  const to = start + octets.readUIntBE(from + 1, size);
  return to > octets.length ? undefined : { tag, from, to, body: octets.subarray(start, to), indeterminate: false, partial: [] };
}

function newLengthAt(octets: Buffer, at: number): { octets: number; end: number; partial: boolean } | undefined {
  if (at >= octets.length) return undefined;
  const first = octets.readUInt8(at);
  if (first <= 191) return { octets: first, end: at + 1, partial: false };
  if (first === 255) return at + 5 > octets.length ? undefined : { octets: octets.readUInt32BE(at + 1), end: at + 5, partial: false };
  if (first >= 224) return { octets: 1 << (first - 224), end: at + 1, partial: true };
  return at + 2 > octets.length ? undefined : { octets: ((first - 192) << 8) + octets.readUInt8(at + 1) + 192, end: at + 2, partial: false };
}

/** The message that armored text holds, read with one expression for the whole of it. */
export function unarmored(text: string): Buffer | undefined {
  const parts = /^\s*-----BEGIN PGP MESSAGE-----[ \t\r]*\n((?:[A-Za-z][A-Za-z0-9-]*:(?: [^\n]*)?[ \t\r]*\n)*)[ \t\r]*\n([A-Za-z0-9+/\s]*)(={0,2})[ \t]*\r?\n?\s*(?:=([A-Za-z0-9+/]{4})[ \t]*\r?\n\s*)?-----END PGP MESSAGE-----\s*$/.exec(text);
  if (!parts) return undefined;
  const [, , body = '', padding = ''] = parts;
  const characters = body.replace(/\s/g, '');
  return (characters.length + padding.length) % 4 === 0 ? Buffer.from(characters + padding, 'base64') : undefined;
}

/** What stands in a sealed message that wire.md admits; undefined for anything else. */
export function judge(input: Buffer, limits: { maxOctets: number; maxAddressees: number }): Judged | undefined {
  const octets = input.length > 0 && input.readUInt8(0) < 0x80 ? unarmored(input.toString('latin1')) : input;
  const packets = octets && octets.length <= limits.maxOctets ? packetsIn(octets) : undefined;
  if (!octets || !packets || packets.some(({ indeterminate }) => indeterminate)) return undefined;
  const data = packets.findIndex(({ tag }) => tag === 18);
  const sealed = packets[data];
  if (!sealed || packets.slice(data + 1).some(({ tag }) => tag !== 21)) return undefined;
  const before = packets.slice(0, data);
  if (before.some(({ tag, partial }) => ![1, 10, 21].includes(tag) || partial.length > 0) || packets.slice(data + 1).some(({ partial }) => partial.length > 0)) return undefined;
  if (before.some(({ tag, body }) => tag === 10 && body.toString('latin1') !== 'PGP')) return undefined;
  if (sealed.partial.length > 0 && (sealed.partial[0] ?? 0) < 512) return undefined;
  const version = sealedVersion(sealed.body);
  const keys = before.filter(({ tag }) => tag === 1).map(({ body }) => addressee(body));
  if (!version || keys.length === 0 || keys.length > limits.maxAddressees || keys.some((key) => key?.version !== (version === 1 ? 3 : 6))) return undefined;
  return { addressees: keys.map((key) => key?.id ?? ''), version, digest: createHash('sha256').update(octets.subarray(sealed.from, sealed.to)).digest('hex') };
}

function sealedVersion(body: Buffer): 1 | 2 | undefined {
  if (body[0] === 1) return body.length >= 41 ? 1 : undefined;
  const [version, cipher = 0, mode = 0, chunk = 0] = body;
  return version === 2 && body.length >= 52 && cipher >= 7 && cipher <= 9 && (mode === 2 || mode === 3) && chunk <= 16 ? 2 : undefined;
}

/** Whom a wrapped key names, if it names somebody and has the form of its algorithm to the last octet. */
function addressee(body: Buffer): { id: string; version: number } | undefined {
  const version = body[0];
  const named = version === 3 ? body.subarray(1, 9) : version === 6 ? body.subarray(3, 2 + (body[1] ?? 0)) : undefined;
  const material = version === 3 ? body.subarray(9) : body.subarray(2 + (body[1] ?? 0));
  if (!named || body.length > 8192) return undefined;
  if (version === 3 && (named.length !== 8 || named.every((octet) => octet === 0))) return undefined;
  if (version === 6 && !((body[2] === 4 && body[1] === 21 && named.length === 20) || (body[2] === 6 && body[1] === 33 && named.length === 32))) return undefined;
  return wellFormed(material, version === 3) ? { id: named.toString('hex').toUpperCase(), version: version ?? 0 } : undefined;
}

function wellFormed(material: Buffer, cipherInClear: boolean): boolean {
  const [algorithm] = material;
  const mpi = (from: number): number => (material.length < from + 2 ? -1 : Math.ceil(material.readUInt16BE(from) / 8));
  if (algorithm === 1) return mpi(1) > 0 && material.length === 3 + mpi(1);
  if (algorithm === 18) {
    const counted = 3 + mpi(1);
    const wrapped = material[counted] ?? 0;
    return mpi(1) > 0 && wrapped >= 24 && wrapped % 8 === 0 && material.length === counted + 1 + wrapped;
  }
  const ephemeral = algorithm === 25 ? 32 : algorithm === 26 ? 56 : undefined;
  if (ephemeral === undefined) return false;
  const [count = 0, cipher = 0] = material.subarray(1 + ephemeral);
  const wrapped = cipherInClear ? count - 1 : count;
  return [24, 32, 40].includes(wrapped) && material.length === 1 + ephemeral + 1 + count && (!cipherInClear || (cipher >= 7 && cipher <= 9));
}
