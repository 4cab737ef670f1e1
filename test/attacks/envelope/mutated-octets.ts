import fc from 'fast-check';

/** Octets with some of them changed, cut out, put in, doubled, or their bits flipped. */
export function mutatedOctets(seeds: readonly Buffer[], most = 4): fc.Arbitrary<Buffer> {
  const change = fc.record({ kind: fc.constantFrom('set', 'flip', 'cut', 'insert', 'double'), at: fc.nat(5_000), octet: fc.nat(255), length: fc.integer({ min: 1, max: 40 }) });
  return fc.record({ seed: fc.constantFrom(...seeds), changes: fc.array(change, { minLength: 1, maxLength: most }) }).map(({ seed, changes }) =>
    changes.reduce((octets, { kind, at, octet, length }) => {
      const place = at % (octets.length + 1);
      const [head, tail] = [octets.subarray(0, place), octets.subarray(place)];
      if (kind === 'set') return Buffer.concat([head, Buffer.from([octet]), tail.subarray(1)]);
      if (kind === 'flip') return Buffer.concat([head, Buffer.from(tail.subarray(0, 1).map((each) => each ^ (1 << (octet % 8)))), tail.subarray(1)]);
      if (kind === 'cut') return Buffer.concat([head, tail.subarray(length)]);
      if (kind === 'insert') return Buffer.concat([head, Buffer.alloc(length, octet), tail]);
      return Buffer.concat([head, tail.subarray(0, length), tail]);
    }, seed),
  );
}
