import type { Io } from './io';

/** Less than this is gone before anybody looks. */
const WORTH_SHOWING = 1024 * 1024;
const WIDTH = 30;

/** A bar on stderr for what takes a while, when somebody watches. */
export function progressBar(io: Io, says: string): (done: number, of: number) => void {
  let shown = -1;
  return (done, of) => {
    if (!io.watched || of < WORTH_SHOWING) return;
    const percent = Math.floor((done / of) * 100);
    if (percent === shown) return;
    shown = percent;
    const filled = Math.round((percent / 100) * WIDTH);
    io.err(`\r${says} [${'#'.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${percent} %${percent === 100 ? '\n' : ''}`);
  };
}
