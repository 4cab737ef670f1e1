import { QueryFailedError } from 'typeorm';

/** Two of the same at the same instant: the second finds the first when it is tried again. More often is something else. */
const ATTEMPTS = 3;

/** SQLSTATE of a unique violation, a serialization failure and a deadlock. */
const MET_ANOTHER = new Set(['23505', '40001', '40P01']);

/** Does `work`, which is one transaction, again when it met another that wrote the same rows. */
export async function afterCollision<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!metAnother(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

export const metAnother = (error: unknown): boolean => error instanceof QueryFailedError && MET_ANOTHER.has((error.driverError as { code?: string }).code ?? '');
