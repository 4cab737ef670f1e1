import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ClientRefusal } from '#client/codes';
import type { ShareDescription } from '#client/description';
import type { SealedShare } from '#client/sealing-share';
import { plan, requireSendable, send, type Sent } from '#client/sharing';
import { addressed } from '#protocol/line';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { emergency, sayEmergency } from '../emergency';
import { type Result, StoppedInEmergency } from '../ending';
import type { Home } from '../home';
import { type Io, UsageError } from '../io';
import { progressBar } from '../progress';
import { type ShareArguments, treeOf } from '../share-arguments';
import { describeShare, parseShare } from '../share-file';
import { tellPlan, tellReceipt, warningsOf } from '../telling';
import { KNOWN_CODES } from '../vocabulary';

type Options = Common & ShareArguments & { dryRun?: boolean; allProposed?: boolean };

const EXAMPLE = `waybill send share.yaml --dry-run
waybill send --part referral.pdf:contacts-with-service:fact --to merebrook-council/front-door=part-1 --need merebrook-council/front-door:part-1=assesses-referral --purpose front-door-referral --basis '6(1)(e)' --reference JB-2041 --subject-name "$NAME" --do-not-tell`;

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `waybill send`: plans, seals, signs and sends one share. */
export const sendCommand = (setting: Setting): Command =>
  atHome('send', 'Send a share. With --dry-run: show what would be decided of each line, seal nothing, send nothing.', EXAMPLE)
    .argument('[share]', 'share file (YAML); docs/cli.md describes it')
    .option('--dry-run', 'only show every line with its decision, its reasons and what to do next')
    .option('--all-proposed', 'seal and send refused lines too, so that what was struck off is on record')
    .option('--all-or-nothing', 'send nothing if anything is struck off')
    .option('--part <file:category[:kind]>', 'a part; the first is part-1', several)
    .option('--to <agency/contact=parts>', 'a recipient and its parts: part-1,part-2', several)
    .option('--need <agency/contact:part=code>', 'why this recipient needs this part', several)
    .option('--agreement <id@version>', 'agreement; the one of the home, if not given')
    .option('--purpose <code>').option('--basis <code>', 'lawful basis').option('--condition <code>', 'condition', several).option('--legal-gateway <code>')
    .option('--classification <marking>').option('--urgency <urgency>', 'emergency, urgent or routine')
    .option('--consent <status[:reason]>').option('--informed <status[:reason]>')
    .option('--reference <AB-1234>', 'initials or a case number').option('--band <age band>')
    .option('--subject-name <name>', 'compared with what goes in clear, never sent', several)
    .option('--subject-born <day>', 'the same: YYYY-MM-DD', several)
    .option('--decided-by <contact>').option('--decision-role <role>').option('--decision-reason <code>', 'why it was decided', several)
    .option('--do-not-tell', 'telling the person could put somebody at risk').option('--may-tell', 'it could not')
    .action((file: string | undefined, options: Options) => runningAtHome(setting, options, (home) => sending(setting.io, home, file, options)));

async function sending(io: Io, home: Home, file: string | undefined, options: Options): Promise<Result> {
  const share = described(io, home, file, options);
  const urgent = share.urgency === 'emergency';
  const known = emergency(home.partner.pins.frontDoors);
  if (urgent && !options.json) sayEmergency(io, known);
  const choice = { knownCodes: KNOWN_CODES, seal: options.allProposed ? 'proposed' : 'permitted' } as const;
  try {
    if (options.dryRun) return await trying(home, share, choice);
    const progress = progressBar(io, 'Sending');
    const sent = await send(home.partner, share, { ...choice, progress, sealed: (sealed) => keepSealed(home, sealed) });
    return told(io, home, sent, options);
  } catch (error) {
    throw urgent ? new StoppedInEmergency(error, known) : error;
  }
}

function described(io: Io, home: Home, file: string | undefined, options: Options): ShareDescription {
  if (!file) return describeShare(treeOf(options), io.cwd, home.file);
  const path = resolve(io.cwd, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError([`${path} is not there`], 'Name a share file, or give --part and --to.');
  }
  const tree = parseShare(text);
  return describeShare(options.allOrNothing ? { ...tree, onStrikeOff: 'refuse' } : tree, dirname(path), home.file);
}

async function trying(home: Home, share: ShareDescription, choice: Parameters<typeof plan>[2]): Promise<Result> {
  const planned = await plan(home.partner, share, choice);
  const { data, text, complete } = tellPlan(planned);
  const refusal = refusalOf(() => requireSendable(planned));
  return { ending: refusal ? (refusal.kind === 'trust' ? 'trust' : 'refused') : complete ? 'done' : 'partly', data: { ...data, ...(refusal ? { problem: { code: refusal.code, facts: refusal.facts } } : {}) }, text };
}

function refusalOf(check: () => void): ClientRefusal | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ClientRefusal) return error;
    throw error;
  }
}

/** Our own evidence of what we signed, before it leaves: an answer may get lost, what was said must not. Ciphertext stays where it is. */
function keepSealed(home: Home, { id, manifest, signature, lines }: SealedShare): void {
  const folder = home.sent(id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, octets] of [['manifest.json', manifest], ['manifest.sig', signature], ['lines.json', JSON.stringify(lines)]] as const) writeFileSync(join(folder, name), octets, { mode: 0o600 });
}

function told(io: Io, home: Home, sent: Sent, options: Options): Result {
  writeFileSync(join(home.sent(sent.share), 'receipt.json'), JSON.stringify(sent.receipt, undefined, 2), { mode: 0o600 });
  home.keep();
  const warnings = warningsOf(sent.planned);
  if (!options.json) {
    for (const warning of warnings) io.err(`Warning: ${warning.says}\n`);
    if (sent.receipt.emergency) sayEmergency(io, sent.receipt.emergency);
  }
  const proposed = new Set(sent.planned.draft.lines.filter((line) => line.part !== undefined).map((line) => `${addressed(line.recipient)} ${line.part}`));
  const going = new Set(sent.planned.lines.filter((line) => line.part !== undefined).map((line) => `${addressed(line.recipient)} ${line.part}`));
  const complete = sent.receipt.struckOff.length === 0 && proposed.size === going.size;
  return { ending: complete ? 'done' : 'partly', ...tellReceipt(sent, warnings) };
}
