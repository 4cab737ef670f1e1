import { createCipheriv, createHash } from 'node:crypto';

/** ISO 32000-2, 7.6.4.3.4: rounds of algorithm 2.B, at least. */
const LEAST_ROUNDS = 64;
/** Far more than it ever takes: past the least, one round in eight is the last, and past 287 every one. */
const MOST_ROUNDS = 4_096;

/** Algorithm 2.B: the hash of revision 6. */
function hashOf(passphrase: Buffer, salt: Buffer, user: Buffer): Buffer {
  let key = createHash('sha256').update(passphrase).update(salt).update(user).digest();
  for (let round = 0, last = 0; round < LEAST_ROUNDS || (last > round - 32 && round < MOST_ROUNDS); round += 1) {
    const block = Buffer.concat(Array.from({ length: 64 }, () => Buffer.concat([passphrase, key, user])));
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32)).setAutoPadding(false);
    const sealed = cipher.update(block);
    const rest = sealed.subarray(0, 16).reduce((sum, octet) => sum + octet, 0) % 3;
    key = createHash(['sha256', 'sha384', 'sha512'][rest] as string).update(sealed).digest();
    last = sealed.at(-1) as number;
  }
  return key.subarray(0, 32);
}

/** Whether it opens for whoever gives no passphrase, or an owner's of nothing: algorithms 11 and 12 with an empty one. `user` and `owner` are `U` and `O`, 48 octets each. */
export function opensForAnybody({ user, owner }: { user: Buffer; owner: Buffer }): boolean {
  const none = Buffer.alloc(0);
  return hashOf(none, user.subarray(32, 40), none).equals(user.subarray(0, 32)) || hashOf(none, owner.subarray(32, 40), user).equals(owner.subarray(0, 32));
}
