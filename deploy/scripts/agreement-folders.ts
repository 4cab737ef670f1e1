import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Loading, loadAgreement } from '#policy/load';

export interface AgreementFolder {
  id: string;
  loading: Loading;
}

/** Loads every agreement under `root`: a folder each, named by its id. A folder that cannot be read as one says why. */
export function loadFolders(root: string): AgreementFolder[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((each) => each.isDirectory()).map(({ name }) => name).sort();
  return folders.map((id) => ({ id, loading: loadFolder(join(root, id), id) }));
}

export function loadFolder(folder: string, id: string): Loading {
  const file = join(folder, 'agreement.yaml');
  const shown = relative(process.cwd(), file);
  if (!existsSync(file)) return { ok: false, errors: [{ file: shown, line: 1, reason: 'there is no agreement.yaml' }] };
  const cases = join(folder, 'cases.yaml');
  const loading = loadAgreement({
    file: shown,
    text: readFileSync(file, 'utf8'),
    ...(existsSync(cases) && { cases: { file: relative(process.cwd(), cases), text: readFileSync(cases, 'utf8') } }),
  });
  if (!loading.ok || loading.agreement.id === id) return loading;
  return { ok: false, errors: [{ file: shown, line: 1, reason: `its id \`${loading.agreement.id}\` is not the name of its folder` }] };
}
