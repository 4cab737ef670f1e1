import type { Database } from './database';

/** What a pool looks like to an operator. */
export const poolFigures = ({ pool: { open, idle, most, waiting } }: Database): Record<'busy' | 'idle' | 'most' | 'waiting', number> => ({ busy: open - idle, idle, most, waiting });
