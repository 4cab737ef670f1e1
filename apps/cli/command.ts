import { Command } from 'commander';
import { fail, finish, type Result } from './ending';
import { type Home, openHome } from './home';
import type { Io } from './io';

export interface Common {
  home?: string;
  json?: boolean;
}

/** What a command is given besides its arguments; it says how it ended. */
export interface Setting {
  io: Io;
  ended(exit: number): void;
}

/** A command with what every command has: `--json`, an example, and one way to end. */
export function command(name: string, says: string, example: string): Command {
  return new Command(name).description(says).option('--json', 'one JSON object on stdout').addHelpText('after', `\nExample:\n  $ ${example.replaceAll('\n', '\n  $ ')}\n`);
}

/** A word that only others follow. It takes no option: commander would keep from them what stands behind their name. */
export const group = (name: string, says: string): Command => new Command(name).description(says);

/** One that needs our keys. */
export const atHome = (name: string, says: string, example: string): Command =>
  command(name, says, example).option('--home <dir>', 'folder of your enrolment (or WAYBILL_HOME_DIR)');

/** Runs `work` and tells its result or what went wrong. */
export async function running<O extends Common>({ io, ended }: Setting, options: O, work: () => Promise<Result>): Promise<void> {
  try {
    ended(finish(io, await work(), options));
  } catch (error) {
    ended(fail(io, error, options));
  }
}

/** The same with the home open, whose connection is closed whatever happens. */
export const runningAtHome = <O extends Common>(setting: Setting, options: O, work: (home: Home) => Promise<Result>): Promise<void> =>
  running(setting, options, async () => {
    const home = await openHome(setting.io, options.home);
    try {
      return await work(home);
    } finally {
      home.partner.connection.close();
    }
  });
