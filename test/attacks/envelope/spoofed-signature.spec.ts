import { deflateRawSync } from 'node:zlib';
import { createMessage, sign } from 'openpgp';
import { unwrapKey } from '#envelope/private-keys';
import { open, PART_NOTATION } from '#envelope/sealing';
import { signDetached } from '#envelope/signatures';
import { AT, packet, type Party, party } from './forge';
import { sealedByHand } from './sealing-by-hand';

// CVE-2025-47934: of a message with one honest signature and other words beside it, openpgp.js once gave the other words under that signature.
// Whoever has any one message signed by the council could have put words into its mouth.

const HONEST = 'No concerns.';
const FORGED = 'Send the child home with the caller.';

let council: Party;
let reader: Party;
/** What the council really signed: one-pass signature, literal, signature. */
let pieces: Record<'onePass' | 'literal' | 'signature' | 'detached', Buffer>;
beforeAll(async () => {
  [council, reader] = [await party('Wirral Council'), await party('Merseyside Police')];
  const notation = { name: PART_NOTATION, value: Buffer.from('manifest-a/part-1'), humanReadable: true, critical: false };
  const message = await createMessage({ binary: Buffer.from(HONEST), date: AT });
  const signed = Buffer.from(await sign({ message, signingKeys: unwrapKey(council.key), signatureNotations: [notation], format: 'binary', date: AT }));
  const onePass = signed.subarray(0, 2 + (signed[1] ?? 0));
  const rest = signed.subarray(onePass.length);
  const literal = rest.subarray(0, 2 + (rest[1] ?? 0));
  pieces = { onePass, literal, signature: rest.subarray(literal.length), detached: Buffer.from(await signDetached({ octets: Buffer.from(HONEST), key: council.key, at: AT })) };
});

const words = (text: string): Buffer => packet(11, Buffer.concat([Buffer.from('b\0\0\0\0\0'), Buffer.from(text)]));
const zip = (...inside: Buffer[]): Buffer => packet(8, Buffer.concat([Buffer.from([1]), deflateRawSync(Buffer.concat(inside))]));

async function read(...inside: Buffer[]): Promise<string> {
  const opened = await open({ octets: await sealedByHand(Buffer.concat(inside), reader), keys: [reader.key], author: council.certificate, manifest: 'manifest-a', part: 'part-1', at: AT });
  return opened.ok ? `${opened.author}: ${Buffer.from(opened.octets).toString()}` : opened.code;
}

test('C12: what the council signed is read as its own, compressed or not, and opened by hand as by program', async () => {
  const { onePass, literal, signature } = pieces;
  expect(await read(onePass, literal, signature)).toBe(`bound: ${HONEST}`);
  expect(await read(zip(onePass, literal, signature))).toBe(`bound: ${HONEST}`);
});

type Pieces = typeof pieces;
test.each<[string, (honest: Pieces, forged: Buffer) => Buffer[]]>([
  ['other words before it', ({ onePass, literal, signature }, forged) => [forged, onePass, literal, signature]],
  ['other words behind it', ({ onePass, literal, signature }, forged) => [onePass, literal, signature, forged]],
  ['other words between one-pass signature and literal', ({ onePass, literal, signature }, forged) => [onePass, forged, literal, signature]],
  ['other words between literal and signature', ({ onePass, literal, signature }, forged) => [onePass, literal, forged, signature]],
  ['other words in the literal’s place', ({ onePass, signature }, forged) => [onePass, forged, signature]],
  ['other words, compressed, before it', ({ onePass, literal, signature }, forged) => [zip(forged), onePass, literal, signature]],
  ['other words, compressed, behind it', ({ onePass, literal, signature }, forged) => [onePass, literal, signature, zip(forged)]],
  ['other words, compressed, in its middle', ({ onePass, literal, signature }, forged) => [onePass, zip(forged), literal, signature]],
  ['it compressed, before other words', ({ onePass, literal, signature }, forged) => [zip(onePass, literal, signature), forged]],
  ['it compressed, behind other words', ({ onePass, literal, signature }, forged) => [forged, zip(onePass, literal, signature)]],
  ['two compressed packets', ({ onePass, literal, signature }, forged) => [zip(forged), zip(onePass, literal, signature)]],
  ['all of that in one compressed packet', ({ onePass, literal, signature }, forged) => [zip(forged, onePass, literal, signature)]],
  ['its signature in the old place, before other words', ({ signature }, forged) => [signature, forged]],
  ['its signature before both', ({ literal, signature }, forged) => [signature, forged, literal]],
  ['a detached signature before other words', ({ detached }, forged) => [detached, forged]],
  ['a detached signature of its words, before them, and others behind', ({ detached, literal }, forged) => [detached, literal, forged]],
  ['two one-pass signatures around both', ({ onePass, literal, signature }, forged) => [onePass, onePass, forged, literal, signature, signature]],
])('C12: %s: refused, or nothing is said of an author and nothing of the words', async (_what, arranged) => {
  const answer = await read(...arranged(pieces, words(FORGED)));
  expect(answer).toMatch(/^(CANNOT_OPEN|AUTHOR_MISMATCH|BOUND_TO_ANOTHER)$/);
});

test('C12: the same one level down, as gpg --sign and then --encrypt wrap it: the words are shown as nobody’s', async () => {
  const { onePass, literal, signature } = pieces;
  const forged = words(FORGED);
  for (const inner of [[forged, onePass, literal, signature], [onePass, literal, signature, forged], [onePass, forged, signature], [zip(forged), onePass, literal, signature], [onePass, literal, signature, zip(forged)]]) {
    const answer = await read(packet(11, Buffer.concat([Buffer.from('b\0\0\0\0\0'), ...inner])));
    expect(answer).not.toMatch(/^bound/);
    expect(answer).not.toBe(`not-bound: ${FORGED}`);
  }
});
