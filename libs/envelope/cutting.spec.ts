import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { unarmor } from './armor/unarmor';
import { armor, armorOctets, cutHead } from './cutting';
import { matchAddressees } from './addressees';
import { open } from './sealing';
import { AT, type Party, party, pieces, sealFor, throughGate } from '../../test/attacks/envelope/forge';

const BOUND = { manifest: 'manifest-a', part: 'part-1', at: AT };

describe('a part to several recipients, cut', () => {
  let sender: Party;
  let people: Party[];
  beforeAll(async () => {
    sender = await party('Wirral Council');
    people = await Promise.all(['Police', 'Trust', 'School', 'Charity'].map((name) => party(name)));
  });

  test('each copy opens with its recipient’s key and with nobody else’s, and the sender’s digest still holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(3), { minLength: 1 }), fc.string(), async (chosen, text) => {
        const to = chosen.flatMap((at) => people[at] ?? []);
        const { answer, out } = await throughGate(await sealFor(to, sender, text), { size: 100 });
        if (!answer.ok) throw new Error(answer.problem.code);
        const matched = matchAddressees(answer.part, (id) => to.filter(({ keyId }) => keyId === id).map(() => ({ recipient: id, standing: 'current' as const }))[0], to.map(({ keyId }) => keyId));
        if (!matched.ok) throw new Error(matched.problems[0]?.code);
        for (const owner of to) {
          const copy = Buffer.concat([cutHead(matched.copies.get(owner.keyId) ?? []), out]);
          const again = await throughGate(copy);
          expect(again.answer).toMatchObject({ ok: true, part: { digest: answer.part.digest, addressees: [{ keyId: owner.keyId }] } });
          for (const reader of people) {
            const opened = await open({ octets: copy, keys: [reader.key], author: sender.certificate, ...BOUND });
            expect(opened.ok ? Buffer.from(opened.octets).toString() : opened.code).toBe(reader === owner ? text : 'CANNOT_OPEN');
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test('a recipient with two keys keeps both, in one copy', async () => {
    const [worker, team] = people;
    if (!worker || !team) throw new Error();
    const { answer, out } = await throughGate(await sealFor([worker, team], sender));
    const copy = Buffer.concat([cutHead(answer.ok ? answer.part.addressees : []), out]);
    for (const { key } of [worker, team]) expect(await open({ octets: copy, keys: [key], author: sender.certificate, ...BOUND })).toMatchObject({ ok: true, author: 'bound' });
  });
});

test('armor of any octets, in any pieces, is the same text and comes back whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 130 }), async (octets, size) => {
      let text = '';
      for await (const lines of armor(pieces(octets, size))) text += lines;
      expect(text).toBe(armorOctets(octets));
      expect(armorOctets(octets, { checksum: false })).toBe(text.replace(/^=.{4}\n/m, ''));
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(64);
      const back = unarmor(text, 'MESSAGE', { maxOctets: 1000 });
      expect('octets' in back && createHash('sha256').update(back.octets).digest('hex')).toBe(createHash('sha256').update(octets).digest('hex'));
    }),
  );
});

test('re-armored text holds nothing that stood in the original’s headers', async () => {
  const text = armorOctets(Buffer.alloc(100, 200)).replace('-----\n\n', '-----\nComment: canary Jane\n\n');
  const back = unarmor(text, 'MESSAGE', { maxOctets: 1000 });
  expect('octets' in back && armorOctets(back.octets)).not.toContain('canary');
});
