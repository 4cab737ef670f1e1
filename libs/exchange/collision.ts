import { QueryFailedError } from 'typeorm';
import { Refusal } from '#platform/refusal';

/** Two of the same at the same instant: the second finds the first when it is tried again. More often is something else. */
const ATTEMPTS = 3;

/** SQLSTATE of a unique violation, a serialization failure and a deadlock. */
const UNIQUE = '23505';
const MET_ANOTHER = new Set([UNIQUE, '40001', '40P01']);

/**
 * Does `work`, which is one transaction, again when it met another that wrote the same rows. What it meets each time and never finds is somebody
 * else's, whom row security hides: an id that is taken. @param taken the code for that @throws Refusal
 */
export async function afterCollision<T>(work: () => Promise<T>, taken?: string): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!metAnother(error)) throw error;
      if (attempt === ATTEMPTS) throw taken !== undefined && sqlState(error) === UNIQUE ? new Refusal({ code: taken, pointer: '/id' }) : error;
    }
  }
}

const sqlState = (error: unknown): string => (error instanceof QueryFailedError ? ((error.driverError as { code?: string }).code ?? '') : '');
export const metAnother = (error: unknown): boolean => MET_ANOTHER.has(sqlState(error));
