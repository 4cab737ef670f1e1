import type { Command } from 'commander';
import { command, type Common, group, running, type Setting } from '../command';
import type * as Operator from '../operator/staff';

// The database's library takes a second to load: whoever only sends a share does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const operator = (): typeof Operator => require('../operator/staff') as typeof Operator;

/** `waybill staff`: who signs in to the console, entered by an operator from what each agency reviewed (WAYBILL_DATABASE_*, WAYBILL_ORIGIN). */
export const staffCommand = (setting: Setting): Command =>
  group('staff', 'Enter who works in an agency and signs in to the console, as an operator.').addCommand(
    command('enter', 'Enter an agency’s staff and its duty rota from a reviewed file. Somebody leaves by an `until`: the next request of a session is refused.', 'waybill staff enter staff.yaml')
      .argument('<file>', 'YAML; docs/console.md describes it')
      .action((file: string, options: Common) => running(setting, options, () => operator().enterStaff(setting.io, file))),
  ).addCommand(
    command('show', 'Show an agency’s staff by id and role, with what runs out when. Shows no name.', 'waybill staff show merebrook-council')
      .argument('<agency>')
      .action((agency: string, options: Common) => running(setting, options, () => operator().showStaff(setting.io, agency))),
  );
