import fc from 'fast-check';
import { open } from '#envelope/sealing';
import { AT, packet, partialPacket, type Party, party, sealFor, throughGate } from './forge';

describe('somebody on the way frames the encrypted data anew', () => {
  let sender: Party;
  let police: Party;
  beforeAll(async () => {
    [sender, police] = [await party('Wirral Council'), await party('Merseyside Police')];
  });

  test('it still opens, but the sender’s digest no longer fits', async () => {
    const sealed = await sealFor([police], sender, 'x'.repeat(3000));
    const { answer, out } = await throughGate(sealed);
    if (!answer.ok) throw new Error(answer.problem.code);
    const head = answer.part.addressees[0]?.packet ?? new Uint8Array(0);
    const body = out.subarray(3);
    expect(packet(18, body).equals(out)).toBe(true);
    const framings = fc.array(fc.integer({ min: 9, max: 11 }), { minLength: 1, maxLength: 3 }).filter((powers) => powers.reduce((sum, power) => sum + 2 ** power, 0) <= body.length);
    await fc.assert(
      fc.asyncProperty(fc.oneof(framings.map((powers) => partialPacket(18, body, powers)), fc.constant(packet(18, body, 'new-5'))), async (framed) => {
        const again = await throughGate(Buffer.concat([head, framed]));
        if (!again.answer.ok) throw new Error(again.answer.problem.code);
        expect(again.answer.part.digest).not.toBe(answer.part.digest);
        expect((await open({ octets: Buffer.concat([head, framed]), keys: [police.key], manifest: 'manifest-a', part: 'part-1', at: AT })).ok).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
