import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { listNotShared, openWords, readDecisions } from '#client/deciding';
import type { NotShared } from '#protocol/not-shared';
import type { NotSharedItem } from '#protocol/own-answers';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { listed, type Result } from '../ending';
import type { Home } from '../home';
import { UsageError } from '../io';

type Options = Common & { wordsInto?: string };

/** `waybill decisions`: our own decisions not to share. */
export const decisionsCommand = (setting: Setting): Command =>
  atHome('decisions', 'List your own decisions not to share, or show one of them.', 'waybill decisions\nwaybill decisions 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 --words-into why.txt')
    .argument('[decision]')
    .option('--words-into <file>', 'open the reasons in words, and write them to this file')
    .action((decision: string | undefined, options: Options) => runningAtHome(setting, options, (home) => (decision === undefined ? listed(listNotShared(home.partner), line) : showing(home, decision, options.wordsInto && resolve(setting.io.cwd, options.wordsInto)))));

const line = ({ decision, recordedAt, parties, reasons }: NotSharedItem): string => `${decision}  ${recordedAt}  not with ${parties.join(', ')}: ${reasons.join(', ')}`;

async function showing({ partner }: Home, id: string, into: string | undefined): Promise<Result> {
  if (into !== undefined && existsSync(into)) throw new UsageError([`${into} is there already`], 'Choose another name.');
  const { told } = await readDecisions(partner, id);
  if (!told.notShared) throw new UsageError([`${id} is a share, and no decision not to share`], `waybill status ${id} shows what became of it.`);
  const stated = JSON.parse(Buffer.from(told.notShared.statement, 'base64').toString()) as NotShared;
  if (into !== undefined) writeFileSync(into, told.notShared.words ? await openWords(partner, told) : '', { mode: 0o600, flag: 'wx' });
  return {
    ending: 'done',
    data: { decision: id, stated, receipt: told.notShared.receipt, ...(into === undefined ? {} : { words: into }) },
    text: [
      `${stated.reference}, not shared with ${stated.parties.join(', ')}: decided ${stated.decidedAt} by ${stated.decider} (${stated.role}), recorded ${told.notShared.receipt.recordedAt}`,
      `  ${stated.reasons.join(', ')}${stated.safetyConsidered ? '; safety and well-being considered' : ''}`,
      ...told.notShared.receipt.unmet.map(({ code, says }) => `  ${code}: not met: ${says}`),
      told.notShared.words ? `  The reasons in words are sealed${into === undefined ? ': open them with --words-into' : `, and now in ${into}`}.` : '  There are no words.',
    ].join('\n'),
  };
}
