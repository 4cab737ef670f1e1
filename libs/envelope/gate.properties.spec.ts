import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { readMessage } from 'openpgp';
import { armorOctets, cutHead } from './cutting';
import { data2, DATA_1, FUZZ_RUNS, KEY_A, KEY_B, MESSAGE, packet, partialPacket, throughGate, wrappedKey, wrappedKeyBody } from '../../test/attacks/envelope/forge';

const LARGE_DATA = Buffer.concat([Buffer.from([1]), Buffer.alloc(3000, 0x33)]);
const VALID = [
  MESSAGE,
  Buffer.concat([wrappedKey(KEY_A), wrappedKey(KEY_B), partialPacket(18, LARGE_DATA, [9, 10])]),
  Buffer.concat([packet(10, Buffer.from('PGP')), wrappedKey(KEY_A, 'old'), packet(18, DATA_1, 'new-5'), packet(21, Buffer.alloc(20))]),
];
const ARMORED = VALID.map((octets) => Buffer.from(armorOctets(octets)));

/** Octets with some of them changed, cut out, doubled or put elsewhere. */
function mutated(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const change = fc.record({ kind: fc.constantFrom('set', 'cut', 'insert', 'double'), at: fc.nat(5000), octet: fc.nat(255), length: fc.integer({ min: 1, max: 40 }) });
  return fc.record({ seed: fc.constantFrom(...seeds), changes: fc.array(change, { minLength: 1, maxLength: 4 }) }).map(({ seed, changes }) =>
    changes.reduce((octets, { kind, at, octet, length }) => {
      const place = at % (octets.length + 1);
      const [head, tail] = [octets.subarray(0, place), octets.subarray(place)];
      if (kind === 'set') return Buffer.concat([head, Buffer.from([octet]), tail.subarray(1)]);
      if (kind === 'cut') return Buffer.concat([head, tail.subarray(length)]);
      if (kind === 'insert') return Buffer.concat([head, Buffer.alloc(length, octet), tail]);
      return Buffer.concat([head, tail.subarray(0, length), tail]);
    }, seed),
  );
}

/** What another implementation sees in octets that we let pass: a message that has nothing but wrapped keys and sealed data. */
async function seenByAnother(octets: Uint8Array): Promise<string[]> {
  const { packets } = await readMessage({ binaryMessage: new Uint8Array(octets) });
  return packets.map((each) => String((each.constructor as unknown as { tag: number }).tag));
}

test('whatever arrives, there is an answer and no exception; what passes is only ever wrapped keys and sealed data', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated(VALID), mutated(ARMORED), fc.uint8Array({ maxLength: 400 }).map((octets) => Buffer.from(octets))), async (octets) => {
      const { answer, out } = await throughGate(octets, { size: 97 });
      if (!answer.ok) return;
      expect(answer.part.digest).toBe(createHash('sha256').update(out).digest('hex'));
      const copy = Buffer.concat([cutHead(answer.part.addressees), out]);
      const seen = await seenByAnother(copy);
      expect(seen).toEqual([...answer.part.addressees.map(() => '1'), '18']);
      expect((await throughGate(copy)).answer).toEqual(answer);
    }),
    { numRuns: FUZZ_RUNS * 5 },
  );
});

test('any chunking of the same octets gives the same answer', async () => {
  const inputs = fc.oneof(mutated(VALID), mutated(ARMORED), fc.constantFrom(...VALID, ...ARMORED));
  await fc.assert(
    fc.asyncProperty(inputs, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 3 }), async (octets, some, few) => {
      const whole = await throughGate(octets, { size: 1_000_000 });
      for (const size of [some, few]) {
        const cut = await throughGate(octets, { size });
        expect(cut.answer).toEqual(whole.answer);
        if (whole.answer.ok) expect(cut.out.equals(whole.out)).toBe(true);
      }
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test('a sequence of packets passes if and only if it is wrapped keys, one data packet, and padding', async () => {
  const kinds = { key: wrappedKey(KEY_A), data: packet(18, DATA_1), padding: packet(21, Buffer.alloc(5)), marker: packet(10, Buffer.from('PGP')), literal: packet(11, Buffer.alloc(9)), signature: packet(2, Buffer.alloc(9)), password: packet(3, Buffer.alloc(9)), old: packet(9, Buffer.alloc(60)), unknown: packet(60, Buffer.alloc(3)), data2: packet(18, data2()) } as const;
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const sequences = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom('key' as const, 'data' as const, 'padding' as const) }, { weight: 1, arbitrary: fc.constantFrom(...names) }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const { answer } = await throughGate(Buffer.concat(sequence.map((name) => kinds[name])), { size: 33 });
      const grammar = /^(?:padding |marker )*key (?:key |padding |marker )*data (?:padding )*$/;
      expect(answer.ok).toBe(grammar.test(sequence.map((name) => `${name} `).join('')));
    }),
    { numRuns: FUZZ_RUNS * 3 },
  );
});

test('a wrapped key with any octet missing or added is refused', async () => {
  const body = wrappedKeyBody(KEY_A);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: body.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 9 }), async (length, more) => {
      for (const changed of [body.subarray(0, length), Buffer.concat([body, more])]) {
        expect((await throughGate(Buffer.concat([packet(1, changed), packet(18, DATA_1)]))).answer.ok).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});
