import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadFolder } from '#partnership/agreements';
import { runCases, unshown } from '#policy/cases-run';
import { command, type Common, group, running, type Setting } from '../command';
import type { Result } from '../ending';
import { UsageError } from '../io';

/** `waybill agreements`: what an agreement's profile permits, shown by its own examples. */
export function agreementsCommand(setting: Setting): Command {
  const agreements = group('agreements', 'Check profiles of agreements.');
  agreements.addCommand(
    command('check', 'Load a profile, or every profile of a folder, and run its examples of what is permitted and what is not.', 'waybill agreements check deploy/agreements')
      .argument('<folder>', 'folder with agreement.yaml and cases.yaml, or one of such folders')
      .action((folder: string, options: Common) => running(setting, options, () => Promise.resolve(checking(resolve(setting.io.cwd, folder))))),
  );
  return agreements;
}

interface Checked {
  id: string;
  version?: string;
  digest?: string;
  cases: number;
  faults: string[];
}

function checking(folder: string): Result {
  if (!existsSync(folder)) throw new UsageError([`${folder} is not there`], 'Name the folder of a profile.');
  const folders = existsSync(join(folder, 'agreement.yaml')) ? [folder] : readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory()).map(({ name }) => join(folder, name)).sort();
  if (folders.length === 0) throw new UsageError([`${folder} holds no agreement`], 'Name the folder of a profile.');
  const checked = folders.map(check);
  return {
    ending: checked.every(({ faults }) => faults.length === 0) ? 'done' : 'usage',
    data: { agreements: checked },
    text: checked.flatMap(({ id, version, cases, faults }) => [`${faults.length === 0 ? 'good' : 'BAD '}  ${id} ${version ?? ''}  ${cases} examples`, ...faults.map((fault) => `  ${fault}`)]).join('\n'),
  };
}

function check(folder: string): Checked {
  const id = basename(folder);
  const loading = loadFolder(folder);
  if (!loading.ok) return { id, cases: 0, faults: loading.errors.map(({ file, line, reason }) => `${basename(file)}:${line}: ${reason}`) };
  const { agreement, cases } = loading;
  const { version, digest } = agreement;
  if (!cases) return { id: agreement.id, version, digest, cases: 0, faults: ['there are no cases'] };
  const ran = runCases(agreement, cases);
  const faults = ran.filter(({ ok }) => !ok).map((each) => `cases.yaml:${each.case.line}: "${each.case.name}" ${each.impossible === undefined ? `came out otherwise: ${JSON.stringify(each.got)}` : `could not stand on the wire: ${each.impossible}`}`);
  return { id: agreement.id, version, digest, cases: ran.length, faults: [...faults, ...unshown(agreement, cases)] };
}
