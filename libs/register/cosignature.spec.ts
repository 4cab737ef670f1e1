import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { signCheckpoint, verifyCheckpoint } from './checkpoint';
import { cosign, cosignedAt, witnessVkey } from './cosignature';
import { emptyRoot } from './merkle';
import { vkeyOf } from './vkey';

const log = generateKeyPairSync('ed25519');
const witness = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const ORIGIN = 'gateway.example/register/merebrook-council';
const NAME = 'witness.example';
const note = signCheckpoint({ origin: ORIGIN, size: 0, root: emptyRoot() }, log);
const at = new Date('2026-03-02T09:15:00.000Z');
const cosigned = cosign(note, { name: NAME, ...witness, at });
const vkey = witnessVkey(NAME, witness.publicKey);

test('a witness’s line says when, and leaves the log’s own signature as it was', () => {
  expect(cosignedAt(cosigned, vkey)).toEqual(at);
  expect(verifyCheckpoint(cosigned, vkeyOf(ORIGIN, log.publicKey))).toMatchObject({ ok: true });
  expect(cosigned.startsWith(note)).toBe(true);
});

test.each<[string, string, string]>([
  ['nobody cosigned it', note, vkey],
  ['another witness did, of the same name', cosign(note, { name: NAME, ...other, at }), vkey],
  ['another key is pinned', cosigned, witnessVkey(NAME, other.publicKey)],
  ['another name is pinned', cosigned, witnessVkey('another.example', witness.publicKey)],
  ['the checkpoint is not the one that was cosigned', cosigned.replace('\n0\n', '\n1\n'), vkey],
  ['the time was changed', cosigned.replace(/(— witness\.example )(.{12})/, (_, name: string, digits: string) => `${name}${digits.slice(0, 8)}AAAB`), vkey],
  ['its line stands twice', `${cosigned}${cosigned.split('\n').at(-2) ?? ''}\n`, vkey],
  ['what is pinned is a log’s key', cosigned, vkeyOf(NAME, witness.publicKey)],
  ['what is pinned is no key', cosigned, 'x'],
])('where %s nothing is cosigned', (_what, text, pinned) => {
  expect(cosignedAt(text, pinned)).toBeUndefined();
});

test('a witness has a name that a line can hold', () => {
  expect(() => witnessVkey('two words', createPublicKey(witness.privateKey))).toThrow(RangeError);
  expect(() => cosign('no checkpoint', { name: NAME, ...witness, at })).toThrow(RangeError);
});
