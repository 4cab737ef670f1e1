import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { lockReaderKey, READER_KEY_FORMAT, type KeyKept } from '#client/reader-key';
import { newPassphrase } from '#envelope/passphrase';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import { passphraseOf } from '../home';
import { UsageError } from '../io';

/** `waybill reader`: what a team's workers need to open shares in their browsers. */
export function readerCommand(setting: Setting): Command {
  const reader = group('reader', 'Keys with which a team opens what was shared in its browsers.');
  reader.addCommand(
    atHome('key', 'Write your keys, and whom you trust, into one locked file for the browsers of your team. Its passphrase is shown once.', 'waybill reader key front-door.key')
      .argument('<file>')
      .action((file: string, options: Common) => runningAtHome(setting, options, async ({ folder, file: home, partner }) => {
        const own = passphraseOf(folder, home);
        const kept = (name: string): KeyKept => ({ octets: readFileSync(join(folder, name)).toString('base64'), ...(own === undefined ? {} : { passphrase: own }) });
        const passphrase = newPassphrase();
        const locked = await lockReaderKey({ format: READER_KEY_FORMAT, agency: partner.agency, contact: partner.contact, pins: partner.pins.toFile(), signing: kept(home.signingKey), opening: home.openingKeys.map(kept) }, passphrase);
        const path = resolve(setting.io.cwd, file);
        try {
          writeFileSync(path, locked, { mode: 0o600, flag: 'wx' });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new UsageError([`${path} is there already`], 'Choose another name.');
          throw error;
        }
        return {
          ending: 'done', data: { file: path, agency: partner.agency, contact: partner.contact, passphrase },
          text: `${path} holds the keys of ${partner.agency}/${partner.contact}, locked.\nIts passphrase, shown this once: ${passphrase}\nGive file and passphrase to whoever may open shares, each by another way. At least two people of a team should have them.`,
        };
      })),
  );
  return reader;
}
