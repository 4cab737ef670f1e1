import { type Command } from 'commander';
import { listKept, readKept, type RetentionDescription, stateKept } from '#client/retention';
import { RETENTION_KINDS, type RetentionKind } from '#protocol/retention';
import type { RetentionItem } from '#protocol/retention-answers';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import { listed } from '../ending';
import { UsageError } from '../io';

type Options = Common & { role: string; what?: string; months?: string; event?: string; indefinite?: boolean; reviewMonths?: string; reason?: string; on?: string; method?: string };

/** `waybill retention`: how long you keep what you acknowledged, and that it is gone. */
export function retentionCommand(setting: Setting): Command {
  const command = group('retention', 'How long you keep each copy that you acknowledged, by whose rule, until when; what holds it; that it is gone.');
  command.addCommand(
    atHome('list', 'The copies that you keep: first those whose time has not begun, then by the day on which it is over.', 'waybill retention list').action((options: Common) => runningAtHome(setting, options, ({ partner }) => listed(listKept(partner), line, 'You keep none.'))),
  );
  command.addCommand(
    atHome('show', 'Show one, and all that you stated of it.', 'waybill retention show 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11').argument('<transfer>')
      .action((transfer: string, options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const told = await readKept(partner, transfer);
        return { ending: 'done', data: told, text: [line(told), ...told.statements.map(({ kind, at }) => `  ${kind} ${at}`)].join('\n') };
      })),
  );
  command.addCommand(
    atHome('state', 'State something of a copy, signed.', `waybill retention state ruled 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --role data-protection-officer --months 72 --event case-closed
waybill retention state disposed 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --role data-protection-officer --method electronic-shredding --on 2026-11-29`)
      .argument('<kind>', RETENTION_KINDS.join(', ')).argument('<transfer>').requiredOption('--role <code>', 'role of whoever says so')
      .option('--months <count>', 'how long, from its event').option('--event <code>', 'what starts its time, or started it').option('--what <code>', 'which of the agreement’s kinds it is').option('--indefinite', 'it has no end').option('--review-months <count>', 'how often keeping it is looked at')
      .option('--reason <code>', 'why it has no end, is still kept, or is held').option('--on <day>', 'the day of the event or disposal').option('--method <code>', 'how it was destroyed')
      .action((kind: string, transfer: string, options: Options) => runningAtHome(setting, options, async ({ partner }) => {
        const { home: _home, json: _json, months, reviewMonths, ...stated } = options;
        if (!RETENTION_KINDS.includes(kind as RetentionKind)) throw new UsageError([`the kind must be one of ${RETENTION_KINDS.join(', ')}`], 'See `waybill retention state --help`.');
        const described = { kind: kind as RetentionKind, ...stated, ...(months === undefined ? {} : { months: Number(months) }), ...(reviewMonths === undefined ? {} : { reviewMonths: Number(reviewMonths) }) } as RetentionDescription;
        const item = await stateKept(partner, transfer, described);
        return { ending: 'done', data: item, text: line(item) };
      })),
  );
  return command;
}

const until = ({ disposedAt, heldAt, indefinite, dueOn, from }: RetentionItem): string =>
  disposedAt ? `gone since ${disposedAt}` : heldAt ? `HELD since ${heldAt}` : indefinite ? 'without an end' : dueOn ? `until ${dueOn}` : `its time begins with ${from ?? 'an event'}`;
const line = (item: RetentionItem): string => `${item.transfer}  ${item.what} from ${item.sender}, ${until(item)}${item.disposedAt ? '' : `, looked at on ${item.reviewOn}`}`;
