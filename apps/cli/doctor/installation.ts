import type { Result } from '../ending';
import type { Io } from '../io';
import { diagnosis, examine } from './check';
import { INSTALLATION_CHECKS } from './installation-checks';
import { gatherInstallation } from './installation-facts';

/** Looks at an installation's database as each process would, and at what the operator is to keep an eye on. @throws ConfigIncomplete */
export async function examineInstallation(io: Io): Promise<Result> {
  const facts = await gatherInstallation(io);
  try {
    return diagnosis(await examine(INSTALLATION_CHECKS, facts));
  } finally {
    for (const { client } of facts.roles.values()) await client?.end().catch(() => undefined);
  }
}
