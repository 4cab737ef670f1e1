import { createMessage, encrypt, enums } from 'openpgp';
import { type Certificate, type KeyInfo, parsedKey, standing } from './certificates';
import type { GateProblem, KeyCause } from './codes';
import { LIBRARY, PART_NOTATION, partBinding } from './keys/library';
import { type PrivateKey, unwrapKey } from './private-keys';

export { PART_NOTATION, partBinding } from './keys/library';
export { type Opened, type OpenCode, open } from './opening';
export { generateKeyPair, type KeyAlgorithm, type PrivateKey, readPrivateKey } from './private-keys';

/** Thrown by `seal`: a certificate has no key that may be sealed to. */
export class NotSealed extends Error {
  constructor(readonly problems: readonly GateProblem[]) {
    super('a certificate has no current key to seal to');
  }
}

/**
 * Signs `octets` inside and encrypts them to one current key of each certificate: version 1 data with AES-256, which gpg 2.2 opens,
 * unless every certificate asks for version 2. Binary. Not compressed, so that its length tells no more than it must.
 */
export async function seal(options: {
  octets: Uint8Array;
  to: readonly Certificate[];
  signer: PrivateKey;
  manifest: string;
  part: string;
  at?: Date;
}): Promise<Uint8Array> {
  const at = options.at ?? new Date();
  const chosen = options.to.map((certificate) => ({ certificate, key: keyToSealTo(certificate, at) }));
  const problems = chosen.flatMap(({ certificate, key }): GateProblem[] =>
    typeof key === 'string' ? [{ code: 'KEY_NOT_VERIFIED', cause: key, keyId: certificate.fingerprint }] : [],
  );
  if (problems.length > 0 || chosen.length === 0) throw new NotSealed(problems);
  const value = Buffer.from(partBinding(options.manifest, options.part), 'utf8');
  const sealed = await encrypt({
    message: await createMessage({ binary: options.octets, date: at }),
    encryptionKeys: chosen.map(({ certificate }) => parsedKey(certificate)),
    encryptionKeyIDs: chosen.flatMap(({ certificate, key }) => libraryKeyIds(certificate, key)),
    signingKeys: unwrapKey(options.signer),
    signatureNotations: [{ name: PART_NOTATION, value: new Uint8Array(value), humanReadable: true, critical: false }],
    date: at,
    format: 'binary',
    config: { ...LIBRARY, aeadProtect: false, preferredSymmetricAlgorithm: enums.symmetric.aes256, preferredCompressionAlgorithm: enums.compression.uncompressed },
  });
  return sealed as unknown as Uint8Array;
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
