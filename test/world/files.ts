import { openSync } from 'node:fs';

/** What is gone by now, such as a log of writes that was recycled, holds nothing. */
export function opened(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
