import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { originOf, parseCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint';
import { emptyRoot, leafHash } from './merkle';
import { readNote } from './note';
import { parseVkey, vkeyOf } from './vkey';

const keys = generateKeyPairSync('ed25519');
const others = generateKeyPairSync('ed25519');
const origin = originOf('gateway.example', 'wirral-council');
const vkey = vkeyOf(origin, keys.publicKey);
const checkpoint = { origin, size: 42, root: leafHash(Buffer.from('x')) };
const note = signCheckpoint(checkpoint, keys);
const signatureLineOf = (text: string): string => `${text.split('\n').at(-2)}\n`;

test('a checkpoint is three lines and a signature, and verifies with the pinned key', () => {
  expect(note.split('\n').slice(0, 4)).toEqual(['gateway.example/register/wirral-council', '42', checkpoint.root.toString('base64'), '']);
  expect(verifyCheckpoint(note, vkey)).toEqual({ ok: true, checkpoint });
});

test('an empty log has a checkpoint too, and only with its own root', () => {
  const empty = { origin, size: 0, root: emptyRoot() };
  expect(verifyCheckpoint(signCheckpoint(empty, keys), vkey)).toEqual({ ok: true, checkpoint: empty });
  expect(verifyCheckpoint(signCheckpoint({ ...empty, root: checkpoint.root }, keys), vkey)).toMatchObject({ fault: 'NOT_A_CHECKPOINT' });
});

test('signatures of witnesses and of later keys may stand beside it, in any number up to the limit', () => {
  const cosigned = note + `— witness.example/w1 ${Buffer.concat([Buffer.from([1, 2, 3, 4]), Buffer.alloc(72)]).toString('base64')}\n`.repeat(20);
  expect(verifyCheckpoint(cosigned, vkey).ok).toBe(true);
  const later = vkeyOf(origin, others.publicKey);
  const both = note + signatureLineOf(signCheckpoint(checkpoint, others));
  expect(verifyCheckpoint(both, vkey).ok).toBe(true);
  expect(verifyCheckpoint(both, [later, vkey]).ok).toBe(true);
  expect(verifyCheckpoint(note, [later, vkey]).ok).toBe(true);
  expect(verifyCheckpoint(note, later)).toEqual({ ok: false, fault: 'NOT_SIGNED_BY_PINNED_KEY' });
});

test.each<[string, string, string | string[]]>([
  ['BAD_VKEY', note, 'gateway.example+00000000+AAAA'],
  ['BAD_VKEY', note, []],
  ['NOT_A_CHECKPOINT', '', vkey],
  ['NOT_A_CHECKPOINT', note.replace('\n42\n', '\n042\n'), vkey],
  ['NOT_A_CHECKPOINT', note.replace('\n42\n', '\n42\r\n'), vkey],
  ['NOT_A_CHECKPOINT', note.replace('\n42\n', '\n42\nan extension\n'), vkey],
  ['NOT_A_CHECKPOINT', note.slice(0, -1), vkey],
  ['NOT_A_CHECKPOINT', `${note}\n`, vkey],
  ['WRONG_LOG', signCheckpoint({ ...checkpoint, origin: originOf('gateway.example', 'other-council') }, keys), vkey],
  ['WRONG_LOG', note, vkeyOf(originOf('gateway.example', 'other-council'), keys.publicKey)],
  ['NOT_SIGNED_BY_PINNED_KEY', signCheckpoint(checkpoint, others), vkey],
  ['SIGNATURE_WRONG', note.replace('\n42\n', '\n41\n'), vkey],
  ['SIGNATURE_WRONG', note + signatureLineOf(signCheckpoint({ ...checkpoint, size: 43 }, keys)), vkey],
])('refuses a checkpoint: %s', (fault, text, pinned) => {
  expect(verifyCheckpoint(text, pinned)).toEqual({ ok: false, fault });
});

test('no single character of a checkpoint can be changed', () =>
  fc.assert(
    fc.property(fc.nat({ max: note.length - 1 }), fc.constantFrom('A', 'b', '0', '9', '+', '=', ' ', '\n', '\u0000', '—'), (at, character) => {
      fc.pre(note[at] !== character);
      expect(verifyCheckpoint(note.slice(0, at) + character + note.slice(at + 1), vkey).ok).toBe(false);
    }),
  ));

test('whatever is handed in as a note or a key, the answer is no and not an exception', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, key) => {
      expect(verifyCheckpoint(text, vkey).ok).toBe(false);
      expect(verifyCheckpoint(note, key).ok).toBe(false);
      expect(parseCheckpoint(text)).toBeUndefined();
    }),
  ));

describe('the example of the signed-note package of Go', () => {
  const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const text = 'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n';
  const signed = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

  test('its key and its note are read as they are there', () => {
    const key = parseVkey(PETER);
    const read = readNote(signed);
    expect(read?.text).toBe(text);
    expect(read?.signatures[0]).toMatchObject({ name: 'PeterNeumann', hash: key?.hash });
    expect(vkeyOf('PeterNeumann', key?.publicKey as KeyObject)).toBe(PETER);
  });
});

test('a key that is not Ed25519 makes no vkey', () => {
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  expect(() => vkeyOf(origin, p256.publicKey)).toThrow(RangeError);
  expect(() => vkeyOf('two words', keys.publicKey)).toThrow(RangeError);
  expect(createPublicKey(createPrivateKey(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }))).equals(keys.publicKey)).toBe(true);
});
