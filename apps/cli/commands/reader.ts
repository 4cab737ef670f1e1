import { type Command, Option } from 'commander';
import { GIVEN_BECAUSE, type GivenBecause, TAKEN_BECAUSE, type TakenBecause } from '#policy/custody';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import { UsageError } from '../io';
import { give, type Holder, recover, showCustody, take } from '../reader-keys';

const reasons = (table: Readonly<Record<string, { says: string }>>): string => Object.entries(table).map(([code, { says }]) => `${code}: ${says}`).join('. ');

/** One of a member of staff and the recovery key. @throws UsageError */
function oneOf(holder: Holder, needed: 'needed' | 'may be neither'): Holder {
  const both = holder.for !== undefined && holder.recovery === true;
  if (both || (needed === 'needed' && holder.for === undefined && !holder.recovery)) throw new UsageError(['whose key it is is not said'], 'Name a member of staff (--for mc-014), or the recovery key (--recovery).');
  return holder;
}

const held = (command: Command): Command => command.option('--for <staff>', 'id of the member of staff who holds it').option('--recovery', 'the recovery key, which the agency keeps offline');

/** `waybill reader`: what a team's workers need to open shares in their browsers, and who has it. */
export function readerCommand(setting: Setting): Command {
  const { io } = setting;
  const reader = group('reader', 'Keys with which a team opens what was shared in its browsers, and who holds them.');
  reader.addCommand(
    held(atHome('key', 'Write your keys, and whom you trust, into one locked file for the browser of one of your team. Its passphrase is shown once.', 'waybill reader key mc-014.key --for mc-014\nwaybill reader key recovery.key --recovery'))
      .argument('<file>')
      .addOption(new Option('--because <code>', reasons({ made: GIVEN_BECAUSE.made, forgotten: GIVEN_BECAUSE.forgotten, 'lost-locked': GIVEN_BECAUSE['lost-locked'] })).choices(['made', 'forgotten', 'lost-locked']).default('made'))
      .action((file: string, { because, ...options }: Common & Holder & { because: GivenBecause }) => runningAtHome(setting, options, (home) => give(io, home, file, oneOf(options, 'may be neither'), because))),
  );
  reader.addCommand(
    atHome('custody', 'Show who can open your teams’ mailboxes, and what one lacks.', 'waybill reader custody').action((options: Common) => runningAtHome(setting, options, showCustody)),
  );
  reader.addCommand(
    held(atHome('take', 'State that somebody holds the key no more: whoever leaves, or lost it unlocked. Where the team needs a new key, it is made beside the old one.', 'waybill reader take --for mc-014 --because left'))
      .addOption(new Option('--because <code>', reasons(TAKEN_BECAUSE)).choices(Object.keys(TAKEN_BECAUSE)).makeOptionMandatory())
      .action(({ because, ...options }: Common & Holder & { because: TakenBecause }) => runningAtHome(setting, options, (home) => take(io, home, oneOf(options, 'needed'), because))),
  );
  reader.addCommand(
    held(atHome('recover', 'Make a file for one of your team from the recovery key, where nobody can open the mailbox any more.', 'waybill reader recover recovery.key mc-020.key --for mc-020 --passphrase-file words.txt'))
      .argument('<recovery>', 'the recovery key').argument('<file>', 'the file to make')
      .requiredOption('--passphrase-file <file>', 'file that holds the six words of the recovery key')
      .action((from: string, file: string, { passphraseFile, ...options }: Common & Holder & { passphraseFile: string }) => runningAtHome(setting, options, (home) => recover(io, home, file, { ...oneOf(options, 'needed'), from, passphraseFile }))),
  );
  return reader;
}
