import { lock, unlock } from '#envelope/locked';
import { readPrivateKey } from '#envelope/sealing';
import { readJson } from '#protocol/json';
import { ClientRefusal } from './codes';
import type { Partner } from './partner';
import { Pins, type PinsFile } from './pins';

export const READER_KEY_FORMAT = 'waybill-reader-key/1';

/** A secret key as its file has it, with the passphrase that it may be locked with. */
export interface KeyKept {
  /** Base64. */
  octets: string;
  passphrase?: string;
}

/**
 * All that a worker's browser needs to open what is for a team, and to believe it: its secret keys, and whom it trusts. One file under one passphrase: trust that came
 * from the server would be the server's to change.
 */
export interface ReaderKey {
  format: typeof READER_KEY_FORMAT;
  agency: string;
  contact: string;
  pins: PinsFile;
  signing: KeyKept;
  opening: readonly KeyKept[];
}

/** Locks it: what stands in a file or in a browser's storage. */
export const lockReaderKey = (key: ReaderKey, passphrase: string): Promise<Uint8Array> => lock(Buffer.from(JSON.stringify(key)), passphrase);

/** As whom a browser reads. Secret keys stay in this page's memory. */
export type Reader = Pick<Partner, 'agency' | 'contact' | 'pins' | 'signingKey' | 'openingKeys'>;

/** What is in the file, as it was put there: to lock it anew for somebody else. @throws ClientRefusal READER_KEY_INVALID with what to do */
export async function unlockedKey(locked: Uint8Array, passphrase: string): Promise<ReaderKey> {
  const octets = await unlock(locked, passphrase);
  if (!octets) throw new ClientRefusal('READER_KEY_INVALID', { because: 'LOCKED' });
  const reading = readJson(Buffer.from(octets));
  const key = (reading.ok ? reading.value : {}) as Partial<ReaderKey>;
  const { agency, contact, pins, signing, opening } = key;
  if (key.format !== READER_KEY_FORMAT || typeof agency !== 'string' || typeof contact !== 'string' || !pins || !signing || !Array.isArray(opening)) throw new ClientRefusal('READER_KEY_INVALID', { because: 'OTHER_FORMAT' });
  return { format: READER_KEY_FORMAT, agency, contact, pins, signing, opening };
}

/** @throws ClientRefusal READER_KEY_INVALID with what to do */
export async function unlockReaderKey(locked: Uint8Array, passphrase: string): Promise<Reader> {
  const { agency, contact, pins, signing, opening } = await unlockedKey(locked, passphrase);
  const secret = ({ octets: base64, passphrase: own }: KeyKept) => readPrivateKey(new Uint8Array(Buffer.from(base64, 'base64')), own);
  return { agency, contact, pins: await Pins.of(pins), signingKey: await secret(signing), openingKeys: await Promise.all(opening.map(secret)) };
}
