import { dirname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { decideNotToShare } from '#client/deciding';
import { NOT_SHARING_REASONS } from '#policy/vocabulary/not-sharing';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { DECIDE_FORMAT, describeNotShared, type NotSharing } from '../decide-file';
import { emergency, sayEmergency } from '../emergency';
import { type Result, StoppedInEmergency } from '../ending';
import { keepPrivate, readText } from '../files';
import type { Home } from '../home';
import { type Io, UsageError } from '../io';
import { parseFile } from '../share-file';
import { reasonLines } from '../telling';
import { KNOWN_CODES } from '../vocabulary';

type Options = Common & { of?: string; reason?: string[]; words?: string; safetyConsidered?: boolean };

const EXAMPLE = `waybill decide not-shared.yaml
waybill decide --of share.yaml
waybill decide --of share.yaml --reason not-necessary --safety-considered --words why.txt`;

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `waybill decide`: records, signed, that something is not shared, and why. */
export const decideCommand = (setting: Setting): Command =>
  atHome('decide', 'Record a decision not to share, signed, in your own register. Nobody is sent anything.', EXAMPLE)
    .argument('[decision]', 'decision file (YAML); docs/cli.md describes it')
    .option('--of <share>', 'share file of what would have been shared: who it is about, with whom, who decided. The agreement decides it, and that stands on record')
    .option('--reason <code>', `why, with --of; that the agreement does not permit it, if not said: ${Object.keys(NOT_SHARING_REASONS).join(', ')}`, several)
    .option('--safety-considered', 'with --of: the safety and well-being of the person and of others were considered')
    .option('--words <file>', 'with --of: the reasons in words, sealed to yourself')
    .action((file: string | undefined, options: Options) => runningAtHome(setting, options, (home) => deciding(setting.io, home, described(setting.io, home, file, options), options)));

function described(io: Io, home: Home, file: string | undefined, { of, reason, words, safetyConsidered }: Options): NotSharing {
  if ((file === undefined) === (of === undefined)) throw new UsageError(['give either a decision file or --of with a share file'], 'waybill decide --help shows an example.');
  if (of !== undefined) {
    const decision = { ...(reason ? { reasons: reason } : {}), ...(safetyConsidered ? { safetyConsidered } : {}), ...(words === undefined ? {} : { words: { file: words } }) };
    return describeNotShared({ proposal: of, decision }, io.cwd, home.file);
  }
  if (reason ?? words ?? safetyConsidered) throw new UsageError(['--reason, --words and --safety-considered go with --of'], 'Write them into the decision file.');
  const path = resolve(io.cwd, file ?? '');
  return describeNotShared(parseFile(readText(path, 'Name a decision file, or give --of with a share file.'), DECIDE_FORMAT, 'decision file'), dirname(path), home.file);
}

async function deciding(io: Io, home: Home, { described, urgent }: NotSharing, { json }: Options): Promise<Result> {
  const known = emergency(home.partner.pins.frontDoors);
  if (urgent && !json) sayEmergency(io, known);
  try {
    const { receipt, statement, signature } = await decideNotToShare(home.partner, described, { knownCodes: KNOWN_CODES });
    const folder = home.decided(receipt.decision);
    keepPrivate(folder, { 'decision.json': statement, 'decision.sig': signature, 'receipt.json': JSON.stringify(receipt, undefined, 2) });
    home.partner.pins.rememberFrontDoors(receipt.emergency);
    home.keep();
    return {
      ending: 'done',
      data: { decision: receipt.decision, receipt, ...(urgent ? { emergency: receipt.emergency ?? known } : {}) },
      text: [
        `Recorded ${receipt.recordedAt}: not shared. Decision ${receipt.decision}`,
        ...receipt.unmet.flatMap(reasonLines),
        `Kept in ${relative(io.cwd, folder) || folder}. It stands in your own register and in no other.`,
        ...(described.proposal ? [`Decide the proposal again at any time: waybill agreements replay ${receipt.decision}`] : []),
      ].join('\n'),
    };
  } catch (error) {
    throw urgent ? new StoppedInEmergency(error, known) : error;
  }
}
