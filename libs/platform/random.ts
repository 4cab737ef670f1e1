import { randomFillSync } from 'node:crypto';

/** Octets fetched from the system at once: a hundred salts cost what one would. */
const FETCHED = 4_096;

let pool = Buffer.alloc(0);

/** So many octets that nobody can guess, none of which is ever given twice. For salts and ids, which come in dozens. */
export function random(octets: number): Buffer {
  if (pool.length < octets) pool = randomFillSync(Buffer.allocUnsafeSlow(Math.max(FETCHED, octets)));
  const taken = Buffer.from(pool.subarray(0, octets));
  pool = pool.subarray(octets);
  return taken;
}
