import { createMessage, decrypt, encrypt, enums, readMessage } from 'openpgp';
import { LIBRARY } from './keys/library';

/**
 * RFC 9106, second recommended option: three passes over 64 MiB. A browser on an office computer does it in about a second; whoever has the
 * file and guesses needs as much for each of his guesses.
 */
const ARGON2 = { passes: 3, parallelism: 4, memoryExponent: 16 } as const;

const LOCKING = { ...LIBRARY, aeadProtect: true, preferredAEADAlgorithm: enums.aead.ocb, s2kType: enums.s2k.argon2, s2kArgon2Params: ARGON2 } as const;

/** Locks octets under a passphrase: one OpenPGP message (RFC 9580) with Argon2id, authenticated. For what stays with its owner; no share is sealed like this. */
export async function lock(octets: Uint8Array, passphrase: string): Promise<Uint8Array> {
  return encrypt({ message: await createMessage({ binary: new Uint8Array(octets) }), passwords: [passphrase], format: 'binary', config: LOCKING });
}

/** Opens what `lock` made; undefined where the passphrase is another, or somebody changed an octet. Takes no more memory than locking did. */
export async function unlock(locked: Uint8Array, passphrase: string): Promise<Uint8Array | undefined> {
  try {
    const message = await readMessage({ binaryMessage: new Uint8Array(locked), config: LOCKING });
    const { data } = await decrypt({ message, passwords: [passphrase], format: 'binary', config: { ...LOCKING, maxArgon2MemoryExponent: ARGON2.memoryExponent } as never });
    return data as Uint8Array;
  } catch {
    return undefined;
  }
}
