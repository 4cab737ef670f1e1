import { createMessage, encrypt, enums } from 'openpgp';
import { type Certificate, type KeyInfo, parsedKey, standing } from './certificates';
import type { GateProblem, KeyCause } from './codes';
import { LIBRARY, PART_NOTATION, partBinding } from './keys/library';
import { type Octets, webStream } from './keys/streams';
import { type PrivateKey, unwrapKey } from './private-keys';

export { PART_NOTATION, partBinding } from './keys/library';
export { type Opened, type OpenCode, open } from './opening';
export { generateKeyPair, type KeyAlgorithm, type PrivateKey, readPrivateKey } from './private-keys';

/** Thrown by `seal` and `sealing`: a certificate has no key that may be sealed to. */
export class NotSealed extends Error {
  constructor(readonly problems: readonly GateProblem[]) {
    super('a certificate has no current key to seal to');
  }
}

export interface Seal {
  to: readonly Certificate[];
  signer: PrivateKey;
  manifest: string;
  part: string;
  at?: Date;
}

/**
 * Signs `octets` inside and encrypts them to one current key of each certificate: version 1 data with AES-256, which gpg 2.2 opens,
 * unless every certificate asks for version 2. Binary. Not compressed, so that its length tells no more than it must.
 */
export async function seal({ octets, ...options }: Seal & { octets: Uint8Array }): Promise<Uint8Array> {
  const { date, ...settings } = settingsOf(options);
  return (await encrypt({ message: await createMessage({ binary: octets, date }), date, ...settings })) as unknown as Uint8Array;
}

/**
 * The same for octets as they come, at fixed memory whatever their number: the data packet in partial lengths, as gpg writes what it
 * cannot measure. Nothing is read from `source` before the first piece is asked for. @throws NotSealed
 */
export async function sealing({ source, ...options }: Seal & { source: Octets }): Promise<Octets> {
  const { date, ...settings } = settingsOf(options);
  const message = await createMessage({ binary: webStream(source) as never, date });
  return (await encrypt({ message, date, ...settings })) as unknown as Octets;
}

/**
 * Encrypts what is wrapped around sealed parts for its way by mail, to one current key of each certificate. Armored, and signed by nobody: what is
 * in it bears signatures of its own. @throws NotSealed
 */
export async function wrapped({ octets, to, at: date = new Date() }: { octets: Uint8Array; to: readonly Certificate[]; at?: Date }): Promise<string> {
  return (await encrypt({ message: await createMessage({ binary: octets, date }), date, ...encryptionTo(to, date), format: 'armored' as const })) as unknown as string;
}

function settingsOf({ to, signer, manifest, part, at = new Date() }: Seal) {
  const value = new Uint8Array(Buffer.from(partBinding(manifest, part), 'utf8'));
  return {
    ...encryptionTo(to, at),
    signingKeys: unwrapKey(signer),
    signatureNotations: [{ name: PART_NOTATION, value, humanReadable: true, critical: false }],
    date: at,
    format: 'binary' as const,
  };
}

/** For this room: how is encrypted to one current key of each. @throws NotSealed */
export function encryptionTo(to: readonly Certificate[], at: Date) {
  const chosen = to.map((certificate) => ({ certificate, key: keyToSealTo(certificate, at) }));
  const problems = chosen.flatMap(({ certificate, key }): GateProblem[] =>
    typeof key === 'string' ? [{ code: 'KEY_NOT_VERIFIED', cause: key, keyId: certificate.fingerprint }] : [],
  );
  if (problems.length > 0 || chosen.length === 0) throw new NotSealed(problems);
  return {
    encryptionKeys: chosen.map(({ certificate }) => parsedKey(certificate)),
    encryptionKeyIDs: chosen.flatMap(({ certificate, key }) => libraryKeyIds(certificate, key)),
    config: { ...LIBRARY, aeadProtect: false, preferredSymmetricAlgorithm: enums.symmetric.aes256, preferredCompressionAlgorithm: enums.compression.uncompressed },
  };
}

/** The newest current key, or why there is none. */
function keyToSealTo(certificate: Certificate, at: Date): KeyInfo | KeyCause {
  const byAge = [...certificate.seal].sort((one, other) => Date.parse(other.created) - Date.parse(one.created));
  const current = byAge.find((key) => standing(certificate, key, at) === 'current');
  if (current) return current;
  const [newest] = byAge;
  const stands = newest ? standing(certificate, newest, at) : 'unverified';
  return stands === 'current' ? 'unverified' : stands;
}

function libraryKeyIds(certificate: Certificate, key: KeyInfo | string) {
  if (typeof key === 'string') return [];
  const full = parsedKey(certificate);
  return [full, ...full.subkeys].filter((each) => each.getFingerprint().toUpperCase() === key.fingerprint).map((each) => each.getKeyID());
}
