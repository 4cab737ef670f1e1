import { deflateRawSync, deflateSync } from 'node:zlib';
import { open } from '#envelope/sealing';
import { AT, packet, type Party, party, throughGate } from './forge';
import { sealedByHand } from './sealing-by-hand';

// sq hides a length by octets behind the end of what it compressed. They are read over, and the part opens; but they are read: an attacker who
// changes them has changed the part.

let reader: Party;
beforeAll(async () => {
  reader = await party('Merseyside Police');
});

const literal = (octets: number): Buffer => packet(11, Buffer.concat([Buffer.from('b\0\0\0\0\0'), Buffer.alloc(octets, 'what the child said ')]));
const FORMS: [string, (octets: Buffer, padding: number) => Buffer][] = [
  ['ZIP', (octets, padding) => packet(8, Buffer.concat([Buffer.from([1]), deflateRawSync(octets), Buffer.alloc(padding)]))],
  ['ZLIB', (octets, padding) => packet(8, Buffer.concat([Buffer.from([2]), deflateSync(octets), Buffer.alloc(padding, 0xaa)]))],
];

const outcome = async (octets: Uint8Array, maxOctets = 10_000_000): Promise<string> => {
  const opened = await open({ octets, keys: [reader.key], manifest: 'm', part: 'part-1', at: AT, maxOctets });
  return opened.ok ? `${opened.octets.length} octets` : opened.code;
};

describe.each(FORMS)('%s', (_form, compressed) => {
  test.each([[10, 0], [10, 1], [10, 500], [10, 300_000], [2_000_000, 1], [2_000_000, 1_000_000]])('%d octets with %d behind them open', async (octets, padding) => {
    expect(await outcome(await sealedByHand(compressed(literal(octets), padding), reader))).toBe(`${octets} octets`);
  });

  test.each([[10, 500], [10, 300_000], [200_000, 200_000]])('C3: of %d octets with %d behind them, one changed anywhere, in the padding too, opens nothing', async (octets, padding) => {
    const { answer, out } = await throughGate(await sealedByHand(compressed(literal(octets), padding), reader));
    const head = answer.ok ? (answer.part.addressees[0]?.packet ?? out) : out;
    for (const fromEnd of [1, 20, 21, 22, 30, Math.floor(padding / 2), padding, padding + 20, out.length - 40]) {
      const changed = Buffer.from(out);
      changed[out.length - fromEnd] = (changed[out.length - fromEnd] ?? 0) ^ 1;
      expect([fromEnd, await outcome(Buffer.concat([head, changed]))]).toEqual([fromEnd, 'CANNOT_OPEN']);
    }
  });

  test('C10: one that is a bomb is stopped all the same', async () => {
    expect(await outcome(await sealedByHand(compressed(literal(20_000_000), 1_000), reader), 1_000_000)).toBe('TOO_LARGE');
  });

  test('what is broken off in its middle opens nothing', async () => {
    const [, body] = /^\xc8(?:[\0-\xbf]|[\xc0-\xdf][^]|\xff[^]{4})([^]*)$/.exec(compressed(literal(50_000), 0).toString('latin1')) ?? [];
    expect(await outcome(await sealedByHand(packet(8, Buffer.from(body ?? '', 'latin1').subarray(0, -20)), reader))).toBe('CANNOT_OPEN');
  });
});
