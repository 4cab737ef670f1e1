import { createMessage, encrypt } from 'openpgp';
import { parsedKey } from '#envelope/certificates';
import { open } from '#envelope/sealing';
import { AT, packet, type Party, party, sealFor, throughGate } from './forge';

// EFAIL (CVE-2017-17688): who can change a message on its way, and knows some of its words, writes others in. What the gate cannot see its reader must.

const WORDS = `Content-Type: text/plain\n\n${'The child is at 14 Elm Road. '.repeat(20)}`;
/** The prefix of version 1 data: one block and two octets of it again; then the literal packet's own head. */
const BLOCK = 16;

let sender: Party;
let reader: Party;
/** What they look like on the way: the wrapped key, then the data packet. */
let versions: { name: string; key: Uint8Array; data: Uint8Array }[];
beforeAll(async () => {
  [sender, reader] = [await party('Wirral Council'), await party('Merseyside Police')];
  const unsigned = (config: object) => createMessage({ binary: Buffer.from(WORDS), date: AT }).then((message) => encrypt({ message, encryptionKeys: parsedKey(reader.certificate), format: 'binary', date: AT, config }));
  const made: [string, Uint8Array][] = [['signed', await sealFor([reader], sender, WORDS)], ['not signed', await unsigned({ aeadProtect: false })]];
  versions = await Promise.all(made.map(async ([name, sealed]) => {
    const { answer, out } = await throughGate(sealed);
    if (!answer.ok) throw new Error(answer.problem.code);
    return { name, key: answer.part.addressees[0]?.packet ?? sealed, data: out };
  }));
});

const read = async (octets: Uint8Array): Promise<string> => {
  const opened = await open({ octets, keys: [reader.key], author: sender.certificate, manifest: 'manifest-a', part: 'part-1', at: AT, stallMs: 2_000 });
  return opened.ok ? Buffer.from(opened.octets).toString() : opened.code;
};
const bodyOf = (data: Uint8Array): Buffer => Buffer.from(data.subarray((data[1] ?? 0) < 192 ? 2 : (data[1] ?? 0) < 224 ? 3 : 6));

test('C3: as they were sealed they open', async () => {
  for (const { key, data } of versions) expect(await read(Buffer.concat([key, data]))).toBe(WORDS);
});

test('C3: one bit anywhere in the data, and nothing of it is read', async () => {
  for (const { key, data } of versions) {
    const body = bodyOf(data);
    for (let at = 1; at < body.length; at += 61) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      expect(await read(Buffer.concat([key, packet(18, changed)]))).toBe('CANNOT_OPEN');
    }
  }
});

test('C3: the gadget: a block whose words are known turned into words of the attacker’s', async () => {
  const [known, wanted] = [Buffer.from('Content-Type: te'), Buffer.from('<img src="//a.x/')];
  for (const { key, data } of versions) {
    const body = bodyOf(data);
    // In cipher feedback what is changed in one block of ciphertext changes the same place of its words, and spoils the next block. Its words start after the prefix and a short head.
    for (const at of [19, 25, 26, 27, 33, 42, 58, 100]) {
      const changed = Buffer.from(body);
      for (let i = 0; i < BLOCK; i += 1) changed[at + i] = (changed[at + i] ?? 0) ^ (known[i] ?? 0) ^ (wanted[i] ?? 0);
      expect(await read(Buffer.concat([key, packet(18, changed)]))).toBe('CANNOT_OPEN');
    }
  }
});

test('C3: blocks repeated, taken out or put elsewhere', async () => {
  for (const { key, data } of versions) {
    const body = bodyOf(data);
    const block = (i: number): Buffer => body.subarray(1 + i * BLOCK, 1 + (i + 1) * BLOCK);
    const rest = body.subarray(1 + 6 * BLOCK);
    for (const order of [[0, 1, 2, 3, 4, 5, 4, 5], [0, 1, 2, 4, 5], [0, 1, 3, 2, 4, 5], [0, 1, 2, 3, 2, 3, 4, 5]]) {
      expect(await read(Buffer.concat([key, packet(18, Buffer.concat([body.subarray(0, 1), ...order.map(block), rest]))]))).toBe('CANNOT_OPEN');
    }
  }
});

test('C3: its modification detection code cut off, by one octet or whole, or with more behind it', async () => {
  for (const { key, data } of versions) {
    const body = bodyOf(data);
    for (const less of [1, 2, 20, 21, 22, 23, 40, 200]) expect(await read(Buffer.concat([key, packet(18, body.subarray(0, -less))]))).toMatch(/^(CANNOT_OPEN|NOT_SEALED)$/);
    for (const more of [1, 16, 22]) expect(await read(Buffer.concat([key, packet(18, Buffer.concat([body, Buffer.alloc(more, 0xd3)]))]))).toBe('CANNOT_OPEN');
  }
});

test('C3: taken for data without protection, its reader does not even try', async () => {
  for (const { key, data } of versions) {
    const body = bodyOf(data);
    for (const downgraded of [packet(9, body), packet(9, body.subarray(1)), packet(9, body.subarray(1, -22)), packet(9, body.subarray(1), 'old'), packet(20, Buffer.concat([Buffer.from([1, 9, 2, 6]), body]))]) {
      expect(await read(Buffer.concat([key, downgraded]))).toBe('NOT_SEALED');
    }
  }
});

test('C3: version 1 data under a head of version 2, of which each octet was thought up', async () => {
  const [{ key, data }] = versions as [(typeof versions)[number]];
  for (const mode of [2, 3]) expect(await read(Buffer.concat([key, packet(18, Buffer.concat([Buffer.from([2, 9, mode, 6]), bodyOf(data).subarray(1)]))]))).toMatch(/^(CANNOT_OPEN|NOT_SEALED)$/);
});
