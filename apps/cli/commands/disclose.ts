import { dirname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { type DisclosureDescription, planDisclosure, recordDisclosure } from '#client/disclosing';
import { addressed } from '#protocol/line';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { DISCLOSE_FORMAT, describeDisclosure } from '../disclose-file';
import { emergency, sayEmergency } from '../emergency';
import { type Result, StoppedInEmergency } from '../ending';
import { keepPrivate, readText } from '../files';
import type { Home } from '../home';
import type { Io } from '../io';
import { parseFile } from '../share-file';
import { reasonLines } from '../telling';
import { KNOWN_CODES } from '../vocabulary';

type Options = Common & { dryRun?: boolean; notCompliant?: boolean };

const EXAMPLE = `waybill disclose call.yaml --dry-run
waybill disclose call.yaml
waybill disclose call.yaml --not-compliant`;

/** `waybill disclose`: records, signed, what was disclosed by telephone, post, courier, fax, on a medium or face to face. */
export const discloseCommand = (setting: Setting): Command =>
  atHome('disclose', 'Record what you disclosed off the wire (telephone, post, courier, fax, medium, face to face). Ask with --dry-run before you do.', EXAMPLE)
    .argument('<disclosure>', 'disclosure file (YAML); docs/cli.md describes it')
    .option('--dry-run', 'only show whether the agreement permits it, and what it asks')
    .option('--not-compliant', 'it was made against what the agreement asks: record it as that')
    .action((file: string, options: Options) => runningAtHome(setting, options, (home) => disclosing(setting.io, home, described(setting.io, home, file, options), options)));

function described(io: Io, home: Home, file: string, { notCompliant }: Options): DisclosureDescription {
  const path = resolve(io.cwd, file);
  const given = describeDisclosure(parseFile(readText(path, 'Name a disclosure file.'), DISCLOSE_FORMAT, 'disclosure file'), dirname(path), home.file);
  return notCompliant ? { ...given, notCompliant } : given;
}

async function disclosing(io: Io, home: Home, given: DisclosureDescription, { dryRun, json }: Options): Promise<Result> {
  const urgent = given.share.urgency === 'emergency';
  const known = emergency(home.partner.pins.frontDoors);
  if (urgent && !json) sayEmergency(io, known);
  try {
    return dryRun ? await trying(home, given) : await recording(io, home, given);
  } catch (error) {
    throw urgent ? new StoppedInEmergency(error, known) : error;
  }
}

async function trying({ partner }: Home, given: DisclosureDescription): Promise<Result> {
  const { answer, lines } = await planDisclosure(partner, given, { knownCodes: KNOWN_CODES });
  const against = answer.lines.filter(({ permitted }) => !permitted);
  const complete = answer.outcome === 'permitted' && against.length === 0;
  return {
    ending: answer.outcome === 'refused' ? 'refused' : complete ? 'done' : 'partly',
    data: { dryRun: true, outcome: answer.outcome, lines: answer.lines, reasons: answer.reasons, warnings: answer.warnings, ...(answer.emergency ? { emergency: answer.emergency } : {}) },
    text: [
      answer.outcome === 'permitted' ? 'Would be permitted. Nothing was recorded.' : 'Would be refused: do not disclose it like this. Nothing was recorded.',
      ...answer.reasons.flatMap(reasonLines),
      ...against.flatMap(({ line, recipient, reasons }) => (reasons.length > 0 ? [`not to ${addressed(recipient)}  ${lines[line]?.part ?? lines[line]?.about ?? ''}`, ...reasons.flatMap(reasonLines)] : [])),
      ...answer.warnings.map(({ says, next }) => `Warning: ${says} ${next}`),
    ].join('\n'),
  };
}

async function recording(io: Io, home: Home, given: DisclosureDescription): Promise<Result> {
  const { receipt, statement, signature } = await recordDisclosure(home.partner, given, { knownCodes: KNOWN_CODES });
  const folder = home.disclosed(receipt.disclosure);
  keepPrivate(folder, { 'disclosure.json': statement, 'disclosure.sig': signature, 'receipt.json': JSON.stringify(receipt, undefined, 2) });
  home.partner.pins.rememberFrontDoors(receipt.emergency);
  home.keep();
  return {
    ending: 'done',
    data: { disclosure: receipt.disclosure, receipt },
    text: [
      `Recorded ${receipt.recordedAt}: disclosed ${given.route.by}, ${receipt.compliant ? 'as the agreement asks' : 'NOT as the agreement asks'}. Disclosure ${receipt.disclosure}`,
      ...receipt.unmet.flatMap(reasonLines),
      ...receipt.warnings.map(({ says, next }) => `Warning: ${says} ${next}`),
      `Kept in ${relative(io.cwd, folder) || folder}. It stands in your own register, and in that of whoever it was disclosed to.`,
      `Decide it again at any time: waybill agreements replay ${receipt.disclosure}`,
    ].join('\n'),
  };
}
