import type { Command } from 'commander';
import { command, type Common, group, running, type Setting } from '../command';
import type * as Incoming from '../operator/incoming';

// The database's library takes a second to load: whoever only asks for help does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const incoming = (): typeof Incoming => require('../operator/incoming') as typeof Incoming;

/** `waybill mail`: what a mail relay hands over that comes to our addresses. With the courier's settings. */
export const mailCommand = (setting: Setting): Command =>
  group('mail', 'Take in what comes by mail. For the operator’s mail relay, with the courier’s WAYBILL_DATABASE_*, WAYBILL_MAIL_FROM and WAYBILL_MAIL_KEY_FILE.').addCommand(
    command('take', 'Take one message from stdin: a report that mail could not be delivered, or a recipient’s signed statement. Ends with 75 where the relay should bring it again.', 'waybill mail take --recipient no-reply@gateway.example < message.eml')
      .requiredOption('--recipient <address>', 'to which it came, as the envelope has it')
      .action((options: Common & { recipient: string }) => running(setting, options, () => incoming().takeMail(setting.io, options.recipient))));
