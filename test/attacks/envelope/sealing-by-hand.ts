import { createMessage, encrypt, generateSessionKey, PacketList, SymEncryptedIntegrityProtectedDataPacket } from 'openpgp';
import { parsedKey } from '#envelope/certificates';
import { AT, packet, type Party, throughGate } from './forge';

interface DataPacket {
  version: number;
  packets: { write(): Uint8Array };
  encrypt(algorithm: number, key: Uint8Array): Promise<void>;
  write(): Uint8Array;
}

const AES_256 = 9;

/** Any octets as the inside of a message, sealed to the reader as version 1 data: what somebody writes who does not ask a program. */
export async function sealedByHand(inside: Uint8Array, reader: Party): Promise<Uint8Array> {
  const encryptionKeys = parsedKey(reader.certificate);
  const sessionKey = await generateSessionKey({ encryptionKeys });
  const usual = (await encrypt({ message: await createMessage({ binary: new Uint8Array(1) }), sessionKey, encryptionKeys, format: 'binary', date: AT })) as unknown as Uint8Array;
  const { answer } = await throughGate(usual);
  const [key] = answer.ok ? answer.part.addressees : [];
  if (!key) throw new Error('the library seals in a way that does not pass');
  const data = new SymEncryptedIntegrityProtectedDataPacket() as unknown as DataPacket;
  data.version = 1;
  data.packets = Object.assign(new PacketList(), { write: () => new Uint8Array(inside) });
  await data.encrypt(AES_256, sessionKey.data);
  return Buffer.concat([key.packet, packet(18, data.write())]);
}
