import type { Command } from 'commander';
import { atHome, command, type Common, group, running, runningAtHome, type Setting } from '../command';
import { mailing, type MailingOptions, recordMailed } from '../mailing';
import type * as Incoming from '../operator/incoming';

// The database's library takes a second to load: whoever only asks for help does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const incoming = (): typeof Incoming => require('../operator/incoming') as typeof Incoming;

/** `waybill mail`: out from a sender's own premises; in from what comes to the gateway's addresses. */
export const mailCommand = (setting: Setting): Command =>
  group('mail', 'Mail from your own premises between secure domains, on record; and, for the operator’s relay, take in what comes by mail.').addCommand(
    atHome('send', 'Mail a share to one recipient that has no key, from this machine, where its agreement lets a domain that holds TLS suffice. The gateway decides and records; it carries nothing.', 'waybill mail send share.yaml --dry-run\nwaybill mail send share.yaml --relay smtp.agency.example')
      .argument('<share>', 'share file (YAML); docs/cli.md describes it')
      .option('--dry-run', 'only ask whether it may go like this')
      .option('--relay <host>', 'your own mail relay, which is to hold the same rules; absent: straight to the recipient’s host')
      .option('--resolver <address>', 'a resolver that validates DNSSEC; its word counts only when it runs on this machine', '127.0.0.1')
      .option('--name <host>', 'the name that mail hosts are told (absent: this machine’s)')
      .option('--permit <networks>', 'private networks (CIDR, with commas between them) that may be reached')
      .option('--ca <file>', 'authorities (PEM) that are trusted beside the machine’s own')
      .action((file: string, options: Common & MailingOptions) => runningAtHome(setting, options, (home) => mailing(setting.io, home, file, options))),
  ).addCommand(
    atHome('record', 'Record what was mailed when the gateway could not be reached to record it.', 'waybill mail record 019cadee-0640-7000-8000-000000000001')
      .argument('<reference>', 'as it was told')
      .action((reference: string, options: Common) => runningAtHome(setting, options, (home) => recordMailed(setting.io, home, reference))),
  ).addCommand(
    command('take', 'For the operator’s relay, with the courier’s WAYBILL_DATABASE_*, WAYBILL_MAIL_FROM and WAYBILL_MAIL_KEY_FILE: take one message from stdin, a report that mail could not be delivered, a recipient’s signed statement, or a report on TLS (RFC 8460). Ends with 75 where the relay should bring it again.', 'waybill mail take --recipient no-reply@gateway.example < message.eml')
      .requiredOption('--recipient <address>', 'to which it came, as the envelope has it')
      .action((options: Common & { recipient: string }) => running(setting, options, () => incoming().takeMail(setting.io, options.recipient))));
