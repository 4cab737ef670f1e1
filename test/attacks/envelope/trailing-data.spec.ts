import fc from 'fast-check';
import { armorOctets } from '#envelope/cutting';
import { FUZZ_RUNS, MESSAGE, packet, throughGate, verdict } from './forge';

test('C2: whatever stands behind a message is refused, unless it is padding, which goes nowhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.boolean(), async (behind, armored) => {
      // Padding is what these may happen to be.
      fc.pre(!packet(21, behind.subarray(2)).equals(behind));
      const octets = Buffer.concat([MESSAGE, behind]);
      const { answer, out } = await throughGate(armored ? armorOctets(octets) : octets);
      expect(answer.ok).toBe(false);
      expect(out.length).toBeLessThan(MESSAGE.length);
    }),
    { numRuns: FUZZ_RUNS },
  );
  const padded = await throughGate(Buffer.concat([MESSAGE, packet(21, Buffer.from('canary'))]));
  expect(padded.answer.ok && !padded.out.includes('canary')).toBe(true);
});

test('C2: words in clear behind the ciphertext are refused as trailing data', async () => {
  expect(await verdict(Buffer.concat([MESSAGE, Buffer.from('P.S. the child is at 14 Elm Road')]))).toBe('TRAILING_DATA');
  expect(await verdict(Buffer.concat([MESSAGE, packet(11, Buffer.from('b\0\0\0\0\0canary'))]))).toBe('TRAILING_DATA');
});
