import fc from 'fast-check';
import { type KnownKey, matchAddressees } from './addressees';
import type { KeyCause } from './codes';
import type { SealedPart } from './gate';

const SOCIAL_CARE = 'wirral-council/social-care';
const POLICE = 'merseyside-police/mash';
const DIRECTORY: Record<string, KnownKey> = {
  C1: { recipient: SOCIAL_CARE, standing: 'current' },
  C2: { recipient: SOCIAL_CARE, standing: 'current' },
  P1: { recipient: POLICE, standing: 'current' },
  OLD: { recipient: POLICE, standing: 'expired' },
};

function part(...ids: string[]): SealedPart {
  return { digest: '', size: 0, seipdVersion: 1, addressees: ids.map((keyId) => ({ keyId, version: 3, packet: Buffer.from(keyId) })) };
}

function codes(sealed: SealedPart, proposed: string[], directory = DIRECTORY): string[] {
  const answer = matchAddressees(sealed, (id) => directory[id], proposed);
  return answer.ok ? [] : answer.problems.map(({ code, cause, keyId, recipient }) => [code, cause, keyId, recipient].filter(Boolean).join(' '));
}

test('each recipient gets its own wrapped keys, several of them where it has several keys', () => {
  const answer = matchAddressees(part('C1', 'P1', 'C2'), (id) => DIRECTORY[id], [SOCIAL_CARE, POLICE]);
  const copies = answer.ok ? [...answer.copies].map(([recipient, addressees]) => [recipient, addressees.map(({ keyId }) => keyId)]) : [];
  expect(copies).toEqual([[SOCIAL_CARE, ['C1', 'C2']], [POLICE, ['P1']]]);
});

test.each<[string, SealedPart, string[], string[]]>([
  ['somebody unknown', part('C1', 'ZZ'), [SOCIAL_CARE], ['UNKNOWN_ADDRESSEE ZZ']],
  ['somebody who is not a recipient', part('C1', 'P1'), [SOCIAL_CARE], [`ADDRESSEE_NOT_PROPOSED P1 ${POLICE}`]],
  ['a recipient who can’t open it', part('C1'), [SOCIAL_CARE, POLICE], [`RECIPIENT_NOT_ADDRESSED ${POLICE}`]],
  ['an expired key', part('C1', 'OLD'), [SOCIAL_CARE, POLICE], [`KEY_NOT_VERIFIED expired OLD ${POLICE}`]],
  ['an expired key beside a current one', part('P1', 'OLD'), [POLICE], [`KEY_NOT_VERIFIED expired OLD ${POLICE}`]],
  ['the same key twice', part('C1', 'C1'), [SOCIAL_CARE], ['SEVERAL_MESSAGES C1']],
  ['everything at once', part('ZZ', 'OLD', 'P1'), [SOCIAL_CARE], ['UNKNOWN_ADDRESSEE ZZ', `KEY_NOT_VERIFIED expired OLD ${POLICE}`, `ADDRESSEE_NOT_PROPOSED OLD ${POLICE}`, `ADDRESSEE_NOT_PROPOSED P1 ${POLICE}`, `RECIPIENT_NOT_ADDRESSED ${SOCIAL_CARE}`]],
  ['nobody proposed', part('C1'), [], [`ADDRESSEE_NOT_PROPOSED C1 ${SOCIAL_CARE}`]],
])('refuses %s, and says all of it', (_, sealed, proposed, expected) => {
  expect(codes(sealed, proposed)).toEqual(expected);
});

test('a part passes only when its addressees are exactly the current keys of exactly the proposed', () => {
  const standings = fc.constantFrom<'current' | KeyCause>('current', 'current', 'current', 'expired', 'revoked');
  const directories = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.record({ recipient: fc.constantFrom('x', 'y', 'z'), standing: standings }));
  fc.assert(
    fc.property(directories, fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')), fc.uniqueArray(fc.constantFrom('x', 'y', 'z')), (directory, ids, proposed) => {
      const keys = ids.map((id) => directory[id]);
      const right = keys.every((key) => key?.standing === 'current') && new Set(keys.map((key) => key?.recipient)).size === proposed.length && keys.every((key) => key && proposed.includes(key.recipient));
      expect(codes(part(...ids), proposed, directory).length === 0).toBe(right);
    }),
  );
});
