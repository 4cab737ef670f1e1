import { type Certificate, readCertificate } from '#envelope/certificates';
import { type GateOptions, readSealed } from '#envelope/gate';
import { contentClaims, type ProvenanceClaims } from '#envelope/provenance';
import { generateKeyPair, type KeyAlgorithm, type PrivateKey, readPrivateKey, seal } from '#envelope/sealing';

/** How often a property is tried; more in a nightly run. */
export const FUZZ_RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
export const LIMITS = { maxOctets: 1_000_000, maxAddressees: 20 };
export const AT = new Date('2026-03-02T09:30:00Z');

/** One packet, in the new format unless told otherwise, with the shortest length octets unless told otherwise. */
export function packet(tag: number, body: Uint8Array, form: 'new' | 'new-5' | 'old' = 'new'): Buffer {
  const { length } = body;
  if (form === 'old') return Buffer.concat([Buffer.from([0x80 | (tag << 2) | 1, length >> 8, length & 0xff]), body]);
  const five = Buffer.from([255, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff]);
  const two = Buffer.from([((length - 192) >> 8) + 192, (length - 192) & 0xff]);
  const octets = form === 'new-5' || length >= 8384 ? five : length < 192 ? Buffer.from([length]) : two;
  return Buffer.concat([Buffer.from([0xc0 | tag]), octets, body]);
}

/** One packet in partial lengths of the given powers of two; what is left comes last, with a definite length. */
export function partialPacket(tag: number, body: Uint8Array, powers: readonly number[]): Buffer {
  const pieces: Uint8Array[] = [Buffer.from([0xc0 | tag])];
  let at = 0;
  for (const power of powers) {
    pieces.push(Buffer.from([224 + power]), body.subarray(at, at + 2 ** power));
    at += 2 ** power;
  }
  const rest = body.subarray(at);
  pieces.push(packet(0, rest).subarray(1));
  return Buffer.concat(pieces);
}

/** A wrapped session key of version 3 that wraps nothing: right in form, as far as anybody can see who can't open it. */
export function wrappedKey(keyId: string, form: 'new' | 'new-5' | 'old' = 'new'): Buffer {
  return packet(1, wrappedKeyBody(keyId), form);
}

export function wrappedKeyBody(keyId: string, algorithm = 25): Buffer {
  return Buffer.concat([Buffer.from([3]), Buffer.from(keyId, 'hex'), Buffer.from([algorithm]), Buffer.alloc(32, 7), Buffer.from([33, 9]), Buffer.alloc(32, 8)]);
}

/** The same of version 6, which names a key by its fingerprint. */
export function wrappedKey6(fingerprint: string): Buffer {
  const named = Buffer.from(fingerprint, 'hex');
  return packet(1, Buffer.concat([Buffer.from([6, named.length + 1, named.length === 20 ? 4 : 6]), named, Buffer.from([25]), Buffer.alloc(32, 7), Buffer.from([32]), Buffer.alloc(32, 8)]));
}

/** Bodies of an encrypted-data packet: version 1, and version 2 with AES-256 and OCB unless told otherwise. */
export const DATA_1 = Buffer.concat([Buffer.from([1]), Buffer.alloc(99, 0xa5)]);
export function data2(cipher = 9, mode = 2, chunk = 6): Buffer {
  return Buffer.concat([Buffer.from([2, cipher, mode, chunk]), Buffer.alloc(96, 0x5a)]);
}

export const KEY_A = 'AAAAAAAAAAAAAAAA';
export const KEY_B = 'BBBBBBBBBBBBBBBB';
/** The smallest message that passes. */
export const MESSAGE = Buffer.concat([wrappedKey(KEY_A), packet(18, DATA_1)]);

/** Pieces of `size` octets, as a socket might give them. */
export async function* pieces(octets: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

/** Puts octets through the gate; the answer, and what came out. */
export async function throughGate(octets: Uint8Array | string, options: { size?: number } & Partial<Omit<GateOptions, 'sink'>> = {}) {
  const input = typeof octets === 'string' ? Buffer.from(octets, 'utf8') : octets;
  const out: Uint8Array[] = [];
  const { size = 65_536, ...limits } = options;
  const answer = await readSealed(pieces(input, size), { ...LIMITS, ...limits, sink: (chunk) => void out.push(chunk) });
  return { answer, out: Buffer.concat(out) };
}

/** The code of a refusal, or 'passes'. */
export async function verdict(octets: Uint8Array | string, options: { size?: number } & Partial<Omit<GateOptions, 'sink'>> = {}): Promise<string> {
  const { answer } = await throughGate(octets, options);
  return answer.ok ? 'passes' : answer.problem.code;
}

export interface Party {
  certificate: Certificate;
  key: PrivateKey;
  secret: Uint8Array;
  /** ID of the key that others seal to. */
  keyId: string;
}

/** A party with real keys, dated a year before `AT`. */
export async function party(name: string, options: { algorithm?: KeyAlgorithm; expiresAfter?: number } = {}): Promise<Party> {
  const pair = await generateKeyPair({ name, algorithm: 'curve25519-legacy', at: new Date('2025-03-02T09:30:00Z'), ...options });
  const key = await readPrivateKey(pair.privateKey);
  const certificate = await certificateFrom(pair.certificate);
  return { certificate, key, secret: pair.privateKey, keyId: certificate.seal[0]?.keyId ?? '' };
}

export async function certificateFrom(input: Uint8Array | string): Promise<Certificate> {
  const read = await readCertificate(input);
  if (!read.ok) throw new Error(read.problem.code);
  return read.certificate;
}

export function sealFor(to: readonly Party[], from: Party, text = 'canary: the child is at 14 Elm Road', bound: { manifest?: string; part?: string } = {}): Promise<Uint8Array> {
  return seal({ octets: Buffer.from(text), to: to.map((each) => each.certificate), signer: from.key, manifest: bound.manifest ?? 'manifest-a', part: bound.part ?? 'part-1', at: AT });
}

export const DIGEST = 'ab'.repeat(32);

/** What a gateway might say of one transfer. */
export const CLAIMS: ProvenanceClaims = {
  share: '0195f3a0-0000-7000-8000-000000000001',
  transfer: '0195f3a0-0000-7000-8000-000000000002',
  agreement: { id: 'wirral-front-door', version: '3', digest: DIGEST },
  clause: 'WIR 7.2',
  purpose: 'safeguard-child',
  basis: 'public-task',
  legalGateway: 'children-act-2004-s11',
  originator: { agency: 'wirral-council', controller: 'wirral-council', role: 'owner' },
  created: '2026-03-02T09:30:00Z',
  classification: 'official-sensitive',
  handling: { doNotTell: true },
  recipient: { agency: 'merseyside-police', contact: 'mash', controller: 'merseyside-police' },
  manifestDigest: DIGEST,
  ...contentClaims({ parts: [{ name: 'part-1', digest: DIGEST }], lines: [DIGEST] }),
  entry: { log: 'gateway.example/register/merseyside-police', leaf: DIGEST },
};
