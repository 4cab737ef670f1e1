import { type Command, Option } from 'commander';
import { command, type Common, group, running, type Setting } from '../command';
import type * as Operator from '../operator/disposal';

// The database's library takes a second to load: whoever only sends a share does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const operator = (): typeof Operator => require('../operator/disposal') as typeof Operator;

const CLASSES = ['disclosure', 'movement', 'party', 'housekeeping'] as const;

/** `waybill disposal`: register entries at the end of their time. Kinds of entries and their classes: docs/register-events.md. */
export function disposalCommand(setting: Setting): Command {
  const disposal = group('disposal', 'Dispose of register entries at the end of their time, month by month. For the operator, with WAYBILL_DATABASE_* and WAYBILL_AGREEMENTS.');
  disposal.addCommand(
    command('run', 'Record in every register which entries go, and say what still needs the rest. Removes nothing itself: the next npm run migrate does, as the owner.', 'waybill disposal run')
      .action((options: Common) => running(setting, options, () => operator().runDisposal(setting.io))),
  );
  disposal.addCommand(
    command('keep', 'Enter for how long a controller has entries of a class kept, as it instructed you. It stands in its register.', 'waybill disposal keep merebrook-council --class movement --months 84 --instruction DPA-2026-014')
      .argument('<controller>').addOption(new Option('--class <class>').choices(CLASSES).makeOptionMandatory()).requiredOption('--months <count>', 'months after the one in which they were recorded').option('--instruction <reference>', 'reference of the instruction, such as a contract’s')
      .action((controller: string, options: Common & { class: (typeof CLASSES)[number]; months: string; instruction?: string }) => running(setting, options, () => operator().keepFor(setting.io, controller, options))),
  );
  return disposal;
}
