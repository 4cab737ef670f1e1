import type { Command } from 'commander';
import { listMailbox } from '#client/mailbox';
import type { MailboxItem } from '#protocol/answers';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { listed } from '../ending';

/** `waybill mailbox`: what lies ready, the most pressing first. */
export const mailboxCommand = (setting: Setting): Command =>
  atHome('mailbox', 'List what lies ready, the most pressing first. Collects nothing.', 'waybill mailbox --contact front-door')
    .option('--contact <contact>', 'only what is for this contact')
    .action((options: Common & { contact?: string }) => runningAtHome(setting, options, ({ partner }) => listed(listMailbox(partner, options), line, 'Nothing lies ready.')));

const line = (item: MailboxItem): string =>
  [item.transfer, item.urgency.toUpperCase().padEnd(9), item.acceptedAt.slice(0, 16), `from ${item.sender.agency} for ${item.contact}`, item.purpose ?? '', item.state, ...(item.doNotTellSubject ? ['DO NOT TELL THE PERSON'] : [])].join('  ');
