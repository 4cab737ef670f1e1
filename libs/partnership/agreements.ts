import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Agreement } from '#policy/agreement';
import { type Loading, loadAgreement, type ProfileError } from '#policy/load';

export interface AgreementFolder {
  id: string;
  loading: Loading;
}

/** A profile that cannot be read stops the start: a gateway that decides by half an agreement decides wrongly. */
export class AgreementsUnreadable extends Error {
  override readonly name = 'AgreementsUnreadable';

  constructor(readonly errors: readonly ProfileError[]) {
    super(`The agreements cannot be loaded:\n${errors.map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`).join('\n')}`);
  }
}

/**
 * The agreements in force at a gateway, by id.
 * @throws AgreementsUnreadable with every error, each with file, line and reason
 */
export function readAgreements(root: string): Map<string, Agreement> {
  const folders = loadFolders(root);
  const errors = folders.flatMap(({ loading }) => (loading.ok ? [] : loading.errors));
  if (errors.length > 0) throw new AgreementsUnreadable(errors);
  return new Map(folders.flatMap(({ id, loading }) => (loading.ok ? [[id, loading.agreement] as const] : [])));
}

/** Loads every agreement under `root`: a folder each, named by its id. A folder that cannot be read as one says why. */
export function loadFolders(root: string): AgreementFolder[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((each) => each.isDirectory()).map(({ name }) => name).sort();
  return folders.map((id) => ({ id, loading: loadFolder(join(root, id)) }));
}

/** Loads one agreement with its cases, if it has some. */
export function loadFolder(folder: string): Loading {
  const id = basename(folder);
  const [file, cases] = [join(folder, 'agreement.yaml'), join(folder, 'cases.yaml')];
  const shown = relative(process.cwd(), file);
  if (!existsSync(file)) return { ok: false, errors: [{ file: shown, line: 1, reason: 'there is no agreement.yaml' }] };
  const loading = loadAgreement({
    file: shown,
    text: readFileSync(file, 'utf8'),
    ...(existsSync(cases) && { cases: { file: relative(process.cwd(), cases), text: readFileSync(cases, 'utf8') } }),
  });
  if (!loading.ok) return loading;
  const faults = [
    ...(loading.agreement.id === id ? [] : [`its id \`${loading.agreement.id}\` is not the name of its folder`]),
    ...(loading.cases ? [] : ['there is no cases.yaml beside it, which shows what it permits and what it refuses']),
  ];
  return faults.length === 0 ? loading : { ok: false, errors: faults.map((reason) => ({ file: shown, line: 1, reason })) };
}
