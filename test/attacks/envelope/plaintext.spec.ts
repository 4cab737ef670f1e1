import { deflateRawSync, deflateSync } from 'node:zlib';
import { createCleartextMessage, createMessage, sign } from 'openpgp';
import { unwrapKey } from '#envelope/private-keys';
import { Programs } from '../../witness/programs';
import { AT, packet, type Party, party, throughGate } from './forge';

// What people send who believe that they have encrypted: by the library, by gpg and by sq.

const WORDS = 'canary: the child is at 14 Elm Road';
const programs = new Programs();
let sender: Party;
let sq: ReturnType<Programs['sqKey']>;
beforeAll(async () => {
  sender = await party('Wirral Council');
  programs.gpgKey('sender');
  sq = programs.sqKey('sender');
});
afterAll(() => programs.end());

const message = () => createMessage({ text: WORDS, date: AT });
/** RFC 9580, 5.6: 1 is ZIP, 2 ZLIB. */
const compressed = async (algorithm: 1 | 2): Promise<Uint8Array> => {
  const literal = (await message()).write() as Uint8Array;
  return packet(8, Buffer.concat([Buffer.from([algorithm]), algorithm === 1 ? deflateRawSync(literal) : deflateSync(literal)]));
};
const binary = { format: 'binary' as const, signingKeys: () => unwrapKey(sender.key) };
const gpg = (...args: string[]) => async (): Promise<Uint8Array> => programs.gpg([...args, '-o', '-', programs.file(WORDS)]);

const PLAIN: readonly [code: string, what: string, make: () => Promise<Uint8Array | string>][] = [
  ['NOT_OPENPGP', 'the words alone', () => Promise.resolve(WORDS)],
  ['PLAINTEXT', 'openpgp.js: a literal packet', async () => (await message()).write() as Uint8Array],
  ['PLAINTEXT', 'openpgp.js: a literal packet in armor', async () => (await message()).armor()],
  ['COMPRESSED_OUTSIDE', 'the same compressed, as ZIP', () => compressed(1)],
  ['COMPRESSED_OUTSIDE', 'the same compressed, as ZLIB', () => compressed(2)],
  ['SIGNED_OUTSIDE', 'openpgp.js: signed', async () => (await sign({ message: await message(), signingKeys: binary.signingKeys(), format: 'binary', date: AT }))],
  ['SIGNED_OUTSIDE', 'openpgp.js: signed, in armor', async () => sign({ message: await message(), signingKeys: binary.signingKeys(), date: AT })],
  ['SIGNED_OUTSIDE', 'openpgp.js: clear-signed', async () => sign({ message: await createCleartextMessage({ text: WORDS }), signingKeys: binary.signingKeys(), date: AT })],
  ['SIGNED_OUTSIDE', 'openpgp.js: a detached signature', async () => (await sign({ message: await message(), signingKeys: binary.signingKeys(), detached: true, format: 'binary', date: AT }))],
  ['PLAINTEXT', 'gpg --store', gpg('-z', '0', '--store')],
  ['COMPRESSED_OUTSIDE', 'gpg --store, compressed', gpg('-z', '6', '--store')],
  ['PLAINTEXT', 'gpg --armor --store', gpg('-z', '0', '--armor', '--store')],
  ['COMPRESSED_OUTSIDE', 'gpg --sign', gpg('--sign')],
  ['SIGNED_OUTSIDE', 'gpg --sign, not compressed', gpg('-z', '0', '--sign')],
  ['SIGNED_OUTSIDE', 'gpg --clear-sign', gpg('--clear-sign')],
  ['SIGNED_OUTSIDE', 'gpg --detach-sign', gpg('--detach-sign')],
  ['NOT_OPENPGP', 'gpg --enarmor, which takes anything', gpg('--enarmor')],
  ['SIGNED_OUTSIDE', 'sq sign', async () => programs.sq(['sign', '--binary', '--signer-key', sq.key, programs.file(WORDS)])],
  ['SIGNED_OUTSIDE', 'sq sign, in armor', async () => programs.sq(['sign', '--signer-key', sq.key, programs.file(WORDS)])],
  ['SIGNED_OUTSIDE', 'sq sign --cleartext-signature', async () => programs.sq(['sign', '--cleartext-signature', '--signer-key', sq.key, programs.file(WORDS)])],
];

test.each(PLAIN)('C1: %s: %s; no octet of it comes out', async (code, _what, make) => {
  const octets = await make();
  for (const size of [1, 13, 65_536]) {
    const { answer, out } = await throughGate(octets, { size });
    expect(answer.ok ? 'passes' : answer.problem.code).toBe(code);
    expect(out.length).toBe(0);
    expect(JSON.stringify(answer)).not.toContain('Elm');
  }
});

test('C1: a literal packet in every framing and form that there is', async () => {
  const body = Buffer.concat([Buffer.from('u\0\0\0\0\0'), Buffer.from(WORDS)]);
  for (const head of [[0xcb, body.length], [0xcb, 255, 0, 0, 0, body.length], [0xac, body.length], [0xad, 0, body.length], [0xae, 0, 0, 0, body.length], [0xaf]]) {
    const { answer, out } = await throughGate(Buffer.concat([Buffer.from(head), body]));
    expect([answer.ok ? 'passes' : answer.problem.code, out.length]).toEqual(['PLAINTEXT', 0]);
  }
});
