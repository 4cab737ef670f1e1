import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agreement } from '#policy/agreement';
import { loadAgreement, type ProfileError } from '#policy/load';

/** A profile that cannot be read stops the start: a gateway that decides by half an agreement decides wrongly. */
export class AgreementsUnreadable extends Error {
  constructor(readonly errors: readonly ProfileError[]) {
    super(`The agreements cannot be loaded:\n${errors.map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`).join('\n')}`);
    this.name = 'AgreementsUnreadable';
  }
}

/**
 * Reads every agreement of a folder of folders, each named by its agreement's id.
 * @throws AgreementsUnreadable with every error, each with file, line and reason
 */
export function readAgreements(root: string): Map<string, Agreement> {
  const agreements = new Map<string, Agreement>();
  const errors: ProfileError[] = [];
  for (const { name } of readdirSync(root, { withFileTypes: true }).filter((each) => each.isDirectory()).sort((a, b) => a.name.localeCompare(b.name))) {
    const file = join(root, name, 'agreement.yaml');
    const loading = existsSync(file) ? loadAgreement({ file, text: readFileSync(file, 'utf8') }) : { ok: false as const, errors: [{ file, line: 1, reason: 'there is no such file' }] };
    if (!loading.ok) errors.push(...loading.errors);
    else if (loading.agreement.id !== name) errors.push({ file, line: 1, reason: `its id is not the name of its folder, ${name}` });
    else agreements.set(name, loading.agreement);
  }
  if (errors.length > 0) throw new AgreementsUnreadable(errors);
  return agreements;
}
