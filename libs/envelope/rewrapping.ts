import { decryptSessionKeys, encryptSessionKey, readMessage } from 'openpgp';
import type { Certificate } from './certificates';
import { LIBRARY } from './keys/library';
import { isIndeterminate, LengthReader, tagOf } from './packets/header';
import { TAG } from './packets/tags';
import { type PrivateKey, unwrapKey } from './private-keys';
import { encryptionTo } from './sealing';

/** What of a sealed file is needed to wrap it anew: its wrapped keys, of more recipients than anybody seals a backup to. */
export const REWRAP_HEAD_OCTETS = 256 * 1024;

export type RewrapFault = 'NOT_SEALED' | 'PASSWORD_OPENS_IT' | 'NOT_FOR_THIS_KEY';

export interface Rewrapped {
  /** The wrapped keys that take the place of those before. */
  keys: Uint8Array;
  /** Where in the file its encrypted data begins, which follows as it is. */
  dataAt: number;
}

/**
 * Wraps the key under which a message is encrypted for other certificates, and no others. The contents are never opened: of a backup of a terabyte a few hundred
 * octets change. `head` are its first octets, binary. @throws NotSealed where a certificate has no key that may be sealed to
 */
export async function rewrapped(head: Uint8Array, { opener, to, at = new Date() }: { opener: PrivateKey; to: readonly Certificate[]; at?: Date }): Promise<Rewrapped | RewrapFault> {
  const found = wrappedKeysOf(head);
  if (typeof found === 'string') return found;
  const settings = encryptionTo(to, at);
  // The library asks for encrypted data beside the keys, and looks no further into it than its version.
  const stub = Buffer.from([0xc0 | TAG.seipd, 41, 1, ...Buffer.alloc(40)]);
  try {
    const message = await readMessage({ binaryMessage: new Uint8Array(Buffer.concat([head.subarray(0, found), stub])), config: LIBRARY });
    const [session] = await decryptSessionKeys({ message, decryptionKeys: unwrapKey(opener), config: LIBRARY });
    if (!session?.algorithm) return 'NOT_FOR_THIS_KEY';
    const keys = (await encryptSessionKey({ data: session.data, algorithm: session.algorithm, ...settings, date: at, format: 'binary' })) as unknown as Uint8Array;
    return { keys, dataAt: found };
  } catch {
    return 'NOT_FOR_THIS_KEY';
  }
}

const DATA: ReadonlySet<number> = new Set([TAG.seipd, TAG.librePgpAead]);

/** Where the wrapped keys end and the encrypted data begins. */
function wrappedKeysOf(head: Uint8Array): number | RewrapFault {
  for (let at = 0; at < head.length;) {
    const first = head[at] ?? 0;
    const tag = tagOf(first);
    if (tag === TAG.skesk) return 'PASSWORD_OPENS_IT';
    if (tag !== undefined && DATA.has(tag)) return at > 0 ? at : 'NOT_SEALED';
    if ((tag !== TAG.pkesk && tag !== TAG.marker) || isIndeterminate(first)) return 'NOT_SEALED';
    const reader = new LengthReader(first);
    let length: ReturnType<LengthReader['take']>;
    do {
      at += 1;
      length = reader.take(head[at] ?? 0);
    } while (!length && at < head.length);
    if (length?.kind !== 'fixed') return 'NOT_SEALED';
    at += 1 + length.octets;
  }
  return 'NOT_SEALED';
}
