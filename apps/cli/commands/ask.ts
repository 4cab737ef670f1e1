import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { atHome, runningAtHome, type Setting } from '../command';
import { readText } from '../files';
import { UsageError } from '../io';
import { describeShare, parseShare } from '../share-file';
import { type Options, sendingShare } from './send';

/** `waybill ask`: an information request travels as a share does, and its file is a share file that says what it asks. */
export const askCommand = (setting: Setting): Command =>
  atHome('ask', 'Ask others for information. With --dry-run: show what would be decided, seal nothing, ask nobody.', 'waybill ask request.yaml --dry-run\nwaybill ask request.yaml')
    .argument('<request>', 'share file (YAML) with `asks` and a part of category `question`; docs/cli.md describes it')
    .option('--dry-run', 'only show every line with its decision, its reasons and what to do next')
    .option('--all-proposed', 'seal and send refused lines too, so that what was struck off is on record')
    .action((file: string, options: Options) => runningAtHome(setting, options, (home) => {
      const path = resolve(setting.io.cwd, file);
      const share = describeShare(parseShare(readText(path, 'Name a share file that says what it asks.')), dirname(path), home.file);
      if (!share.asks) throw new UsageError(['asks is missing: the file asks for nothing'], 'Say what is asked: `asks: { type: enquiry, categories: [{ category: health, needToKnow: assesses-referral }] }`; or send it with waybill send.');
      return sendingShare(setting.io, home, share, file, options);
    }));
