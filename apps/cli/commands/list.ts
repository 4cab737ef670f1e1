import { type Command, Option } from 'commander';
import { LIST_KINDS } from '#policy/lists';
import { command, type Common, group, running, type Setting } from '../command';
import type * as Operator from '../operator/lists';

// The database's library takes a second to load: whoever only sends a share does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const operator = (): typeof Operator => require('../operator/lists') as typeof Operator;

type Of = Common & { agreement: string };

/** `waybill list`: what a co-ordinator keeps, under the registrar's database role (WAYBILL_DATABASE_*, WAYBILL_ORIGIN, WAYBILL_AGREEMENTS). */
export function listCommand(setting: Setting): Command {
  const { io } = setting;
  const list = group('list', 'Lists to which the co-ordinator circulates: who is on one, from which day, and who sees whom, as the agreement has it.');
  const of = (made: Command): Command => made.requiredOption('--agreement <id>', 'whose list it is');
  list.addCommand(
    of(command('make', 'Make a list.', 'waybill list make leads --agreement example-partnership --kind leads --keeper example-partnership')).argument('<name>').addOption(new Option('--kind <kind>').choices(Object.keys(LIST_KINDS)).makeOptionMandatory()).requiredOption('--keeper <agency>', 'the co-ordinator')
      .action((name: string, options: Of & { kind: string; keeper: string }) => running(setting, options, () => operator().make(io, name, options))),
  );
  list.addCommand(
    of(command('enter', 'Put a contact on a list.', 'waybill list enter leads st-brigid-primary/safeguarding-lead --agreement example-partnership --from 2026-04-01')).argument('<name>').argument('<agency/contact>').option('--from <day>', 'today where none is named').option('--assistant-of <contact>', 'for whom it is written to as well, because that member asked')
      .action((name: string, who: string, options: Of & { from?: string; assistantOf?: string }) => running(setting, options, () => operator().enter(io, name, who, options))),
  );
  list.addCommand(
    of(command('move', 'Change a mailbox on every list, from a day on.', 'waybill list move fell-side-council/placements --to placements-hub --on 2026-04-01 --agreement example-partnership')).argument('<agency/contact>').requiredOption('--to <contact>', 'the agency’s new one').requiredOption('--on <day>', 'from which day')
      .action((who: string, options: Of & { to: string; on: string }) => running(setting, options, () => operator().move(io, who, options))),
  );
  list.addCommand(
    of(command('opt-out', 'Somebody asks not to be shown. At once.', 'waybill list opt-out leads st-brigid-primary/safeguarding-lead --agreement example-partnership')).argument('<name>').argument('<agency/contact>')
      .action((name: string, who: string, options: Of) => running(setting, options, () => operator().optOut(io, name, who, options))),
  );
  list.addCommand(
    command('leave', 'Somebody leaves the post: off every list, and out of the directory’s view.', 'waybill list leave st-brigid-primary/safeguarding-lead').argument('<agency/contact>').action((who: string, options: Common) => running(setting, options, () => operator().leave(io, who))),
  );
  list.addCommand(
    of(command('reviewed', 'Say that a list was looked through.', 'waybill list reviewed leads --agreement example-partnership')).argument('<name>').action((name: string, options: Of) => running(setting, options, () => operator().reviewed(io, name, options))),
  );
  return list;
}
