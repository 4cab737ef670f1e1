import type { Result } from '../ending';
import type { Io } from '../io';
import { diagnosis, examine } from './check';
import { HOME_CHECKS } from './home-checks';
import { gatherHome } from './home-facts';

/** Looks at a partner's home and at the gateway as it is seen from here. @throws UsageError when there is no home */
export const examineHome = async (io: Io, home: string): Promise<Result> => diagnosis(await examine(HOME_CHECKS, await gatherHome(io, home)));
