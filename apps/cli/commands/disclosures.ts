import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { listDisclosures, openDisclosureWords, readDisclosure } from '#client/disclosing';
import { addressed } from '#protocol/line';
import type { DisclosureItem } from '#protocol/own-answers';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { listed, type Result } from '../ending';
import type { Home } from '../home';
import { UsageError } from '../io';

type Options = Common & { wordsInto?: string };

/** `waybill disclosures`: our own disclosures off the wire. */
export const disclosuresCommand = (setting: Setting): Command =>
  atHome('disclosures', 'List what you recorded as disclosed off the wire, or show one of it.', 'waybill disclosures\nwaybill disclosures 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 --words-into call.txt')
    .argument('[disclosure]')
    .option('--words-into <file>', 'open the words that were kept, and write them to this file')
    .action((disclosure: string | undefined, options: Options) => runningAtHome(setting, options, (home) => (disclosure === undefined ? listed(listDisclosures(home.partner), line) : showing(home, disclosure, options.wordsInto && resolve(setting.io.cwd, options.wordsInto)))));

const line = ({ disclosure, disclosedAt, route, recipients, compliant }: DisclosureItem): string =>
  `${disclosure}  ${disclosedAt}  ${route} to ${recipients.map(addressed).join(', ')}${compliant ? '' : '  NOT as the agreement asks'}`;

async function showing({ partner }: Home, id: string, into: string | undefined): Promise<Result> {
  if (into !== undefined && existsSync(into)) throw new UsageError([`${into} is there already`], 'Choose another name.');
  const { told: { receipt, words }, stated } = await readDisclosure(partner, id);
  if (into !== undefined) writeFileSync(into, words ? await openDisclosureWords(partner, id, stated) : '', { mode: 0o600, flag: 'wx' });
  return {
    ending: 'done',
    data: { disclosure: id, stated, receipt, ...(into === undefined ? {} : { words: into }) },
    text: [
      `Disclosed ${stated.route.at} by ${stated.route.by}, recorded ${receipt.recordedAt}, ${receipt.compliant ? 'as the agreement asks' : 'NOT as the agreement asks'}`,
      ...receipt.unmet.map(({ code, says }) => `  ${code}: not met: ${says}`),
      words ? `  The words are sealed${into === undefined ? ': open them with --words-into' : `, and now in ${into}`}.` : '  There are no words.',
    ].join('\n'),
  };
}
