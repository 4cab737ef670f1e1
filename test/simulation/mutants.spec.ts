import { type Mutant, MUTANTS } from './mutants';
import { simulate } from './simulation';

/** Seeds within which each fault has to be found. CI runs many times as many on what has none. */
const WITHIN = 600;

// A simulation that cannot fail proves nothing: each of these mistakes, put into the model, breaks an invariant.
test.each(Object.entries(MUTANTS) as [Mutant, string][])('%s is found: %s', async (bug) => {
  for (let seed = 1; seed <= WITHIN; seed++) if ((await simulate(seed, { bug })).broken) return;
  throw new Error(`not found in ${WITHIN} seeds`);
});
