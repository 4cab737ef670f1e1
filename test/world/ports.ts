import { freePort } from '../../apps/standalone/standalone';

/** Below what the kernel gives to whoever asks for any port, or connects to somewhere. */
const LOWEST = 10_000;
const EACH = 1_000;
const WORKERS = 10;

const first = LOWEST + (Number(process.env['JEST_WORKER_ID'] ?? 0) % WORKERS) * EACH;
let next = Math.floor(Math.random() * EACH);

/**
 * A port for somebody who listens a moment later, or for nobody: no other worker takes it meanwhile, nor does a connection that happens to leave by it.
 * Each is given once.
 */
export async function ownPort(): Promise<number> {
  for (let tried = 0; tried < EACH; tried++) {
    const port = first + (next++ % EACH);
    if ((await freePort(port)) === port) return port;
  }
  throw new Error('every port of this worker is taken');
}
