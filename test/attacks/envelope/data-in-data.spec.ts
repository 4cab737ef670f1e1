import { encrypt, readMessage } from 'openpgp';
import { parsedKey } from '#envelope/certificates';
import { openInto } from '#envelope/opening';
import { inMemory } from '#envelope/scratch';
import { open } from '#envelope/sealing';
import { AT, packet, type Party, party, sealFor, throughGate } from './forge';

// Data sealed inside of data: the library may not hold it there, does not read past it, and waits for ever. Its reader must not.

let sender: Party;
let reader: Party;
beforeAll(async () => {
  [sender, reader] = [await party('Wirral Council'), await party('Merseyside Police')];
});

const read = (octets: Uint8Array, stallMs?: number) =>
  open({ octets, keys: [reader.key], author: sender.certificate, manifest: 'manifest-a', part: 'part-1', at: AT, ...(stallMs === undefined ? {} : { stallMs }) });

/** A data packet under a version 1 head, with nothing wrapped beside it. */
async function nested(data: Buffer): Promise<Uint8Array> {
  const message = await readMessage({ binaryMessage: new Uint8Array(data) });
  return (await encrypt({ message, encryptionKeys: parsedKey(reader.certificate), format: 'binary', date: AT, config: { aeadProtect: false } })) as unknown as Uint8Array;
}

test.each([[18, Buffer.concat([Buffer.from([1]), Buffer.alloc(400, 0xa5)])], [18, Buffer.concat([Buffer.from([2, 9, 2, 6]), Buffer.alloc(400, 0x5a)])], [9, Buffer.alloc(400, 0xa5)]])('a packet of type %i inside of sealed data: it cannot be opened, and is given up', async (tag, body) => {
  const sealed = await nested(packet(tag, body));
  // The gate sees one message with one addressee: what is wrong with it nobody can see from outside.
  expect((await throughGate(sealed)).answer.ok).toBe(true);
  expect(await read(sealed, 1_000)).toMatchObject({ ok: false, code: 'CANNOT_OPEN' });
});

test('octets that are long in coming are waited for, longer than work that stands still is', async () => {
  const sealed = await sealFor([reader], sender, 'The child is at 14 Elm Road.');
  const { answer, out } = await throughGate(sealed);
  if (!answer.ok) throw new Error(answer.problem.code);
  const stallMs = 1_500;
  async function* late() {
    yield out.subarray(0, 40);
    await new Promise((resolve) => setTimeout(resolve, 2 * stallMs));
    yield out.subarray(40);
  }
  const opened = await openInto({ addressees: answer.part.addressees, data: late(), scratch: () => Promise.resolve(inMemory()), keys: [reader.key], author: sender.certificate, manifest: 'manifest-a', part: 'part-1', at: AT, stallMs });
  expect(opened).toMatchObject({ ok: true });
});
