import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { listRights, openRightsWords, readRights, recordRights, stateRights } from '#client/rights';
import type { RightsListed } from '#protocol/rights-answers';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import { listed } from '../ending';
import { readText, writeNew } from '../files';
import { describeRights, describeRightsStatement, RIGHTS_FORMAT, STATED_FORMAT } from '../rights-file';
import { parseFile } from '../share-file';

/** `waybill rights`: somebody uses a right over what you hold; what came of it. */
export function rightsCommand(setting: Setting): Command {
  const command = group('rights', 'Access, rectification, erasure, objection, freedom of information, complaints: who asked, by when the law wants an answer, what came of it.');
  command.addCommand(
    atHome('record', 'Record that somebody uses a right. Whoever provided what it concerns is consulted as the agreement asks; nothing is released by itself.', 'waybill rights record access.yaml')
      .argument('<file>', 'rights file (YAML); docs/cli.md describes it')
      .action((file: string, options: Common) => runningAtHome(setting, options, async (home) => {
        const path = resolve(setting.io.cwd, file);
        const receipt = await recordRights(home.partner, describeRights(parseFile(readText(path, 'Name a rights file.'), RIGHTS_FORMAT, 'rights file'), dirname(path)));
        const items = receipt.items.map(({ transfer, side, other, doNotTell, thirdParties, matter }) =>
          `${doNotTell ? 'DO NOT TELL  ' : ''}${thirdParties ? 'other people in it  ' : ''}${transfer}  ${side === 'sender' ? 'sent to' : 'received from'} ${other}${matter ? `, asked: matter ${matter}` : ''}`);
        return { ending: 'done', data: receipt, text: [`${receipt.rightsRequest}  to be answered by ${receipt.dueAt} (${receipt.law})`, ...items].join('\n') };
      })),
  );
  command.addCommand(
    atHome('list', 'Your rights requests, the oldest first.', 'waybill rights list --open').option('--open', 'only those that are not closed')
      .action((options: Common & { open?: boolean }) => runningAtHome(setting, options, ({ partner }) => listed(listRights(partner, { open: options.open ?? false }), line, 'There is none.'))),
  );
  command.addCommand(
    atHome('show', 'Show one. Its words are opened with your key, into a file.', 'waybill rights show 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55').argument('<request>').option('--words-into <file>', 'open its words, and write them to this file')
      .action((id: string, { wordsInto, ...options }: Common & { wordsInto?: string }) => runningAtHome(setting, options, async ({ partner }) => {
        const read = await readRights(partner, id);
        if (wordsInto !== undefined) writeNew(resolve(setting.io.cwd, wordsInto), await openRightsWords(partner, read), { secret: true });
        return { ending: 'done', data: read, text: [line(read), ...(read.words && wordsInto === undefined ? ['  Its words are sealed: open them with --words-into.'] : []), ...read.statements.map(({ kind, at }) => `  ${kind} ${at}`)].join('\n') };
      })),
  );
  command.addCommand(
    atHome('extend', 'State that it takes longer, as the law allows once, with the reason.', 'waybill rights extend 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 --role data-protection-officer --reason complex')
      .argument('<request>').requiredOption('--role <code>', 'role of whoever says so').requiredOption('--reason <code>', 'complex, several-requests or public-interest-test')
      .action((id: string, { role, reason, ...options }: Common & { role: string; reason: string }) => runningAtHome(setting, options, async ({ partner }) => {
        const stands = await stateRights(partner, id, { kind: 'extended', role, reason });
        return { ending: 'done', data: stands, text: `To be answered by ${stands.dueAt}. Tell the person, and why.` };
      })),
  );
  command.addCommand(
    atHome('close', 'State what came of each transfer that it concerns.', 'waybill rights close 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 outcome.yaml').argument('<request>').argument('<file>', 'outcome file (YAML); docs/cli.md describes it')
      .action((id: string, file: string, options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const path = resolve(setting.io.cwd, file);
        const stands = await stateRights(partner, id, describeRightsStatement(parseFile(readText(path, 'Name an outcome file.'), STATED_FORMAT, 'outcome file'), dirname(path)));
        return { ending: 'done', data: stands, text: [`Closed ${stands.closedAt ?? ''}.`, ...(stands.reaches ?? []).map((transfer) => `has a copy: transfer ${transfer}; tell its recipient with \`waybill matter put\``)].join('\n') };
      })),
  );
  return command;
}

const line = ({ rightsRequest, right, receivedOn, dueAt, overdue, closedAt }: RightsListed): string => `${rightsRequest}  ${right}  received ${receivedOn}  ${closedAt ? `closed ${closedAt}` : `${overdue ? 'OVERDUE since' : 'due'} ${dueAt}`}`;
