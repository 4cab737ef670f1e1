import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { answerMatter, listMatters, type MatterDescription, openMatterWords, putMatter, readMatter, type WordsFor } from '#client/matters';
import { addressed } from '#protocol/line';
import { sha256 } from '#protocol/digest';
import { type AuditReported, MATTER_KINDS, type MatterKind, RIGHTS, type Right } from '#protocol/matter';
import type { MatterItem, MatterStands, MatterTold } from '#protocol/matter-answers';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import { listed, type Result } from '../ending';
import { named, readText, writeNew } from '../files';
import type { Home } from '../home';
import { UsageError } from '../io';

type Words = { words?: string; to?: string[] };
type Into = { wordsInto?: string; answerWordsInto?: string };
type Put = Common & Words & { role: string; categories?: string[]; wrong?: string[]; source?: string; reason?: string; purpose?: string; recipients?: string[]; way?: string; share?: string; manner?: string; right?: Right; rightsRequest?: string; answerBy?: string };
type Answered = Common & Words & { role: string; reason?: string; approver?: string; until?: string; report?: string; on?: string; actions?: string[]; shownBy?: string };

const EXAMPLE = `waybill matter put correction 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --role data-protection-officer --categories addresses --wrong wrong-value --source own-record --words right.txt --to merebrook-council/front-door
waybill matter put approval 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --role social-worker --purpose learning --recipients kingfisher-families`;

/** `waybill matter`: what one side of a transfer puts to the other once it has arrived, and what that answers. */
export function matterCommand(setting: Setting): Command {
  const command = group('matter', 'Corrections, withdrawn consents, deletions, consultations, written approvals, audits and moves to another area, about what was shared.');
  command.addCommand(
    withWords(atHome('put', 'Put something to the other side of a transfer. Words are sealed to it before they leave.', EXAMPLE))
      .argument('<kind>', MATTER_KINDS.join(', ')).argument('<transfer>').requiredOption('--role <code>', 'role of whoever says so')
      .option('--categories <codes...>', 'which categories it is about').option('--wrong <codes...>', 'of a correction: what is wrong').option('--source <code>', 'of a correction: where the right value is from')
      .option('--reason <code>', 'of a deletion: why').option('--purpose <code>', 'of an approval: for which purpose').option('--recipients <agencies...>', 'of an approval: to whom it would be passed on; of a move: the authority of the area')
      .option('--way <channel>', 'of an approval: by which way, where none stands that the agreement admits').option('--share <id>', 'the one share that would go that way').option('--manner <code>', 'of an audit: on-site or independent-report')
      .addOption(new Option('--right <right>', 'which right somebody uses').choices(RIGHTS)).option('--rights-request <id>', 'your own rights request that it is for').option('--answer-by <instant>', 'by when you need the answer')
      .action((kind: string, transfer: string, options: Put) => runningAtHome(setting, options, async (home) => {
        const { home: _home, json: _json, words, to, way, share, ...described } = options;
        if ((way === undefined) !== (share === undefined)) throw new UsageError(['--way and --share go together'], 'Say by which way, and which one share would go by it: its id is the one in its description.');
        if (!MATTER_KINDS.includes(kind as MatterKind)) throw new UsageError([`the kind must be one of ${MATTER_KINDS.join(', ')}`], 'See `waybill matter put --help`.');
        const stands = await putMatter(home.partner, { kind: kind as MatterKind, transfer, ...described, ...(way !== undefined && { way: { channel: way, share } }), ...wordsOf(setting, { words, to }) } as MatterDescription);
        return told(stands, `Put. It is to be answered by ${stands.dueAt}; see \`waybill matter show ${stands.matter}\`.`);
      })),
  );
  command.addCommand(
    withWords(atHome('answer', 'Answer a matter that was put to you.', 'waybill matter answer 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 applied --role social-worker'))
      .argument('<matter>').argument('<answer>', 'one of those that `waybill matter show` lists').requiredOption('--role <code>', 'role of whoever says so')
      .option('--reason <code>', 'why not').option('--approver <contact>', 'of an approval: who of your agency agreed').option('--until <day>', 'of an approval: last day on which it holds').option('--shown-by <id>', 'your own share, decision or disclosure that shows it, where `waybill matter show` asks for one')
      .option('--report <file>', 'of an audit: the report, of which only the digest leaves').option('--on <day>', 'of an audit: its day').option('--actions <code:day...>', 'of an audit: what comes of it, and by when')
      .action((matter: string, answer: string, options: Answered) => runningAtHome(setting, options, async (home) => {
        const { home: _home, json: _json, words, to, report, on, actions, ...described } = options;
        return told(await answerMatter(home.partner, matter, { answer, ...described, ...reportOf(setting, { report, on, actions }), ...wordsOf(setting, { words, to }) }), `Answered: ${answer}. It stands in both registers.`);
      })),
  );
  command.addCommand(
    atHome('list', 'What was put to you; with --mine what you put to others.', 'waybill matter list --open').option('--mine', 'what you put to others').option('--open', 'only what is not answered')
      .action((options: Common & { mine?: boolean; open?: boolean }) => runningAtHome(setting, options, ({ partner }) => listed(listMatters(partner, { as: options.mine ? 'author' : 'answerer', open: options.open ?? false }), line, 'There is none.'))),
  );
  command.addCommand(
    atHome('show', 'Show a matter and what can be answered. Its words are opened with your key, into a file.', 'waybill matter show 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 --words-into right.txt').argument('<matter>')
      .option('--words-into <file>', 'open its words, and write them to this file').option('--answer-words-into <file>', 'the same for the words of its answer')
      .action((matter: string, options: Common & Into) => runningAtHome(setting, options, (home) => showing(setting, home, matter, options))),
  );
  return command;
}

const withWords = (command: Command): Command => command.option('--words <file>', 'what there is to say in words').option('--to <agency/contact...>', 'contacts of the other side that read them');

function wordsOf({ io }: Setting, { words, to }: Words): { words?: WordsFor } {
  if (words === undefined) return {};
  if (!to || to.length === 0) throw new UsageError(['--to is missing: who of the other side reads the words'], 'Name a contact with a key: `waybill directory` shows them.');
  return { words: { text: readText(resolve(io.cwd, words), 'Name a text file.'), readers: to } };
}

/** The document stays here. */
function reportOf({ io }: Setting, { report, on, actions = [] }: Pick<Answered, 'report' | 'on' | 'actions'>): { report?: AuditReported } {
  if (report === undefined && on === undefined && actions.length === 0) return {};
  if (report === undefined || on === undefined) throw new UsageError(['--report and --on go together'], 'Name the file of the report, and the day of the audit.');
  return { report: { on, digest: sha256(named(io, report, 'the file of the report')), actions: actions.map((each) => ({ action: each.split(':')[0] ?? '', by: each.split(':')[1] ?? '' })) } };
}

/** Who else holds the same is the next thing to do. */
const told = (stands: MatterStands, text: string): Result => ({
  ending: 'done', data: stands, text: [text, ...(stands.alsoTo ?? []).map((transfer) => `also has it: transfer ${transfer}; tell its recipient too`)].join('\n'),
});

async function showing({ io }: Setting, { partner }: Home, matter: string, { wordsInto, answerWordsInto }: Into): Promise<Result> {
  const read: MatterTold = await readMatter(partner, matter);
  if (wordsInto !== undefined) writeNew(resolve(io.cwd, wordsInto), await openMatterWords(partner, read, 'matter'), { secret: true });
  if (answerWordsInto !== undefined) writeNew(resolve(io.cwd, answerWordsInto), await openMatterWords(partner, read, 'answer'), { secret: true });
  const sealed = [...(read.words && wordsInto === undefined ? ['  Its words are sealed: open them with --words-into.'] : []), ...(read.answerWords && answerWordsInto === undefined ? ['  The words of its answer are sealed: open them with --answer-words-into.'] : [])];
  const answers = read.answer === undefined ? read.answers.map(({ answer, says, reasons, shows }) => `  answer ${answer}: ${says}${reasons ? ` (--reason ${reasons.join(', ')})` : ''}${shows ? ` (--shown-by the ${shows})` : ''}`) : [];
  return { ending: 'done', data: read, text: [line(read), ...sealed, ...answers].join('\n') };
}

const line = ({ matter, kind, from, to, transfer, dueAt, answer, answeredAt }: MatterItem): string =>
  `${matter}  ${kind}  ${addressed(from)} to ${to}, about transfer ${transfer}  ${answer === undefined ? `due ${dueAt}` : `${answer} on ${answeredAt ?? ''}`}`;
