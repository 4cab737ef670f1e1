import type { Octets } from './keys/streams';

/**
 * Where octets wait that have been decrypted and not yet authenticated: written once, read as often as their signatures ask. Nobody but
 * this room may see them before it says so; a file of 0600 in a folder of 0700 will do, which the caller removes.
 */
export interface Scratch {
  write(octets: Uint8Array): void | Promise<void>;
  /** After this nothing is written. */
  close(): void | Promise<void>;
  read(): Octets;
}

export function inMemory(): Scratch {
  const pieces: Uint8Array[] = [];
  return {
    write: (octets) => void pieces.push(octets),
    close: () => undefined,
    read: async function* () {
      yield* pieces;
    },
  };
}
