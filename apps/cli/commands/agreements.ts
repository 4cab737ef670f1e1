import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type DecisionRecorded, readDecisions } from '#client/deciding';
import { loadFolder } from '#partnership/agreements';
import { runCases, unshown } from '#policy/cases-run';
import { replay, type Replayed } from '#policy/replay';
import { atHome, command, type Common, group, running, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import type { Home } from '../home';
import { lifeCommands } from './agreement-life';
import { UsageError } from '../io';

/** `waybill agreements`: what an agreement's profile permits, shown by its own examples; what one decided, decided again; and the life of those that we are a party of. */
export function agreementsCommand(setting: Setting): Command {
  const agreements = group('agreements', 'Profiles of agreements and their examples; how an agreement stands, its reviews, approvals and report; what was decided by one, decided again.');
  agreements.addCommand(
    command('check', 'Load a profile, or every profile of a folder, and run its examples of what is permitted and what is not.', 'waybill agreements check deploy/agreements')
      .argument('<folder>', 'folder with agreement.yaml and cases.yaml, or one of such folders')
      .action((folder: string, options: Common) => running(setting, options, () => Promise.resolve(checking(resolve(setting.io.cwd, folder))))),
  );
  agreements.addCommand(
    atHome('replay', 'Decide again what was decided of a share of yours, or instead of one: by the agreement and the facts that were kept, with the engine of this command.', 'waybill agreements replay 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55')
      .argument('<decision>', 'id of the share, or of the decision not to share')
      .action((id: string, options: Common) => runningAtHome(setting, options, (home) => replaying(home, id))),
  );
  for (const each of lifeCommands(setting)) agreements.addCommand(each);
  return agreements;
}

async function replaying({ partner }: Home, id: string): Promise<Result> {
  const { recorded, documents } = await readDecisions(partner, id);
  if (recorded.length === 0) throw new UsageError([`no proposal came with ${id}: nothing was decided by an agreement`], `waybill decisions ${id} shows what was recorded.`);
  const replayed = recorded.map((each) => ({ each, came: replay({ octets: each.record, digest: each.digest, documents }) }));
  return {
    ending: replayed.some(({ came }) => !came.ok) ? 'trust' : replayed.every(({ came }) => came.ok && came.same) ? 'done' : 'differs',
    data: { decision: id, decisions: replayed.map(({ each: { entry, at, digest }, came }) => ({ entry, at, digest, ...(came.ok ? { same: came.same, differences: came.differences, kept: came.kept, sameVocabulary: came.sameVocabulary } : { fault: came.fault, document: came.digest, because: came.because }) })) },
    text: replayed.flatMap(({ each, came }) => telling(each, came)).join('\n'),
  };
}

/** Why a kept decision cannot be decided again, and what that means. */
const FAULTS: Record<Extract<Replayed, { ok: false }>['fault'], string> = {
  RECORD_ALTERED: 'what was kept is not what the register says that it was made on. Keep it as evidence and tell your data protection officer',
  RECORD_UNREADABLE: 'what was kept is of a format that this command does not know. Use a newer one',
  DOCUMENT_MISSING: 'a document that it rests on was not kept. Ask the operator for it by its digest',
  DOCUMENT_ALTERED: 'a document that it rests on was altered. Keep it as evidence and tell your data protection officer',
  DOCUMENT_UNREADABLE: 'this engine cannot read a document that it rests on. Use the version that decided',
  UNDECIDABLE: 'this engine cannot decide by that agreement. Use the version that decided',
};

function telling({ entry, at }: DecisionRecorded, came: Replayed): string[] {
  if (!came.ok) return [`NOT DECIDED AGAIN  entry ${entry}, ${at}: ${FAULTS[came.fault]}.${came.digest === undefined ? '' : ` SHA-256 ${came.digest}.`}`];
  const { agreement, engine, outcome } = came.kept;
  const by = `${String(outcome['outcome'])} by ${agreement.id} ${agreement.version} (${agreement.digest.slice(0, 12)}…), engine ${engine}`;
  return [
    `${came.same ? 'the same' : 'DIFFERS '}  ${at}: ${by}; entry ${entry}`,
    ...came.differences.map((difference) => `  ${difference.at}: was ${shown(difference.was)}, is ${shown(difference.is)}`),
    ...(came.sameVocabulary ? [] : ['  The vocabulary has changed since.']),
  ];
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

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
