import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ClientRefusal, GatewayProblem } from '#client/codes';
import type { ShareDescription } from '#client/description';
import { type SealedShare, sealShare } from '#client/sealing-share';
import { plan, requireSendable } from '#client/sharing';
import { submit } from '#client/submitting';
import { dropUpload } from '#client/uploading';
import type { Receipt } from '#protocol/answers';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { Drafts, type KeptDraft } from '../drafts';
import { emergency, sayEmergency } from '../emergency';
import { type Result, StoppedInEmergency } from '../ending';
import { keepPrivate, readText } from '../files';
import type { Home } from '../home';
import { type Io, UsageError } from '../io';
import { progressBar } from '../progress';
import { type ShareArguments, treeOf } from '../share-arguments';
import { describeShare, parseShare } from '../share-file';
import { type Outlook, outlookOf, passphrasesTold, tellPlan, tellReceipt } from '../telling';
import { KNOWN_CODES } from '../vocabulary';

export type Options = Common & ShareArguments & { dryRun?: boolean; allProposed?: boolean; resume?: string | true };

const EXAMPLE = `waybill send share.yaml --dry-run
waybill send --resume
waybill send --part referral.pdf:contacts-with-service:fact --to merebrook-council/front-door=part-1 --need merebrook-council/front-door:part-1=assesses-referral --purpose front-door-referral --basis '6(1)(e)' --reference JB-2041 --subject-name "$NAME" --do-not-tell`;

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `waybill send`: plans, seals, signs and sends one share. */
export const sendCommand = (setting: Setting): Command =>
  atHome('send', 'Send a share. With --dry-run: show what would be decided of each line, seal nothing, send nothing.', EXAMPLE)
    .argument('[share]', 'share file (YAML); docs/cli.md describes it')
    .option('--dry-run', 'only show every line with its decision, its reasons and what to do next')
    .addOption(new Option('--resume [share]', 'go on with a share that was sealed and has no receipt yet: the same octets, and so never a second share').conflicts(['dryRun', 'allProposed', 'part', 'to']))
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
    .action((file: string | undefined, options: Options) =>
      runningAtHome(setting, options, (home) => (options.resume === undefined ? sending(setting.io, home, file, options) : resuming(setting.io, home, file, options))));

async function sending(io: Io, home: Home, file: string | undefined, options: Options): Promise<Result> {
  const share = described(io, home, file, options);
  if (share.asks) throw new UsageError(['the share file asks for something: it is an information request'], `waybill ask ${file ?? ''}`);
  return sendingShare(io, home, share, file, options);
}

/** Plans, seals, signs and submits what is described, a share or an information request. */
export async function sendingShare(io: Io, home: Home, share: ShareDescription, file: string | undefined, options: Options): Promise<Result> {
  const urgent = share.urgency === 'emergency';
  const known = emergency(home.partner.pins.frontDoors);
  if (urgent && !options.json) sayEmergency(io, known);
  const choice = { knownCodes: KNOWN_CODES, seal: options.allProposed ? 'proposed' : 'permitted' } as const;
  try {
    if (options.dryRun) return await trying(home, share, choice, file);
    const drafts = new Drafts(home.folder);
    drafts.sweep(io.now());
    const planned = await plan(home.partner, share, choice);
    requireSendable(planned);
    const outlook = outlookOf(planned);
    const sealed = await sealShare(home.partner, planned.draft, planned.lines, planned.keys.keys, drafts.of(planned.draft.manifest.id), (passphrases) => io.err(passphrasesTold(passphrases))).catch((error: unknown) => {
      drafts.drop(planned.draft.manifest.id);
      throw error;
    });
    drafts.keep(sealed, outlook);
    keepSealed(home, sealed);
    return await submitting(io, home, { sealed, uploads: {}, outlook }, options);
  } catch (error) {
    throw urgent ? new StoppedInEmergency(error, known) : error;
  }
}

/** Goes on with a share after a crash. What was sealed is not sealed again, and what had come to the gateway is not sent again. */
async function resuming(io: Io, home: Home, file: string | undefined, options: Options): Promise<Result> {
  if (file !== undefined) throw new UsageError(['--resume goes on with what was sealed; a share file is not read again'], 'Leave the file out.');
  const draft = new Drafts(home.folder).take(options.resume === true ? undefined : options.resume);
  const known = emergency(home.partner.pins.frontDoors);
  if (draft.outlook.urgent && !options.json) sayEmergency(io, known);
  try {
    return await submitting(io, home, draft, options);
  } catch (error) {
    throw draft.outlook.urgent ? new StoppedInEmergency(error, known) : error;
  }
}

/** From a draft to its receipt. What is refused for good leaves no draft; what may still be accepted, or already is, leaves one. */
async function submitting(io: Io, home: Home, { sealed, uploads, outlook }: KeptDraft, options: Options): Promise<Result> {
  const drafts = new Drafts(home.folder);
  let began = uploads;
  const uploading = (all: Readonly<Record<string, string>>): void => drafts.uploading(sealed.id, (began = all));
  try {
    const receipt = await submit(home.partner, sealed, { uploads, uploading, progress: progressBar(io, 'Sending') });
    const told = tell(io, home, { share: sealed.id, receipt, outlook }, options);
    drafts.drop(sealed.id);
    return told;
  } catch (error) {
    if (!(error instanceof GatewayProblem) || error.status >= 500 || error.status === 429 || UNFINISHED.has(error.code)) throw error;
    for (const upload of Object.values(began)) await dropUpload(home.partner.connection, upload);
    drafts.drop(sealed.id);
    throw error;
  }
}

/** Refusals after which the same octets may yet be accepted. */
const UNFINISHED = new Set(['MULTIPART_INVALID', 'UPLOAD_INCOMPLETE', 'UPLOAD_NOT_FOUND', 'UPLOAD_OFFSET', 'UPLOAD_BROKEN_OFF', 'UPLOADS_FULL', 'CERTIFICATE_UNKNOWN', 'CERTIFICATE_REQUIRED']);

function described(io: Io, home: Home, file: string | undefined, options: Options): ShareDescription {
  if (!file) return describeShare(treeOf(options), io.cwd, home.file);
  const path = resolve(io.cwd, file);
  const tree = parseShare(readText(path, 'Name a share file, or give --part and --to.'));
  return describeShare(options.allOrNothing ? { ...tree, onStrikeOff: 'refuse' } : tree, dirname(path), home.file);
}

async function trying(home: Home, share: ShareDescription, choice: Parameters<typeof plan>[2], file: string | undefined): Promise<Result> {
  const planned = await plan(home.partner, share, choice);
  const { data, text, complete } = tellPlan(planned);
  const refusal = refusalOf(() => requireSendable(planned));
  return { ending: refusal ? (refusal.kind === 'trust' ? 'trust' : 'refused') : complete ? 'done' : 'partly', data: { ...data, ...(refusal ? { problem: { code: refusal.code, facts: refusal.facts } } : {}) }, text: refusal && file !== undefined ? `${text}\nIf you decide not to share it: waybill decide --of ${file}` : text };
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
  keepPrivate(home.sent(id), { 'manifest.json': manifest, 'manifest.sig': signature, 'lines.json': JSON.stringify(lines) });
}

function tell(io: Io, home: Home, { share, receipt, outlook }: { share: string; receipt: Receipt; outlook: Outlook }, options: Options): Result {
  keepPrivate(home.sent(share), { 'receipt.json': JSON.stringify(receipt, undefined, 2) });
  home.keep();
  if (!options.json) {
    for (const warning of outlook.warnings) io.err(`Warning: ${warning.says}\n`);
    if (receipt.emergency) sayEmergency(io, receipt.emergency);
  }
  return { ending: receipt.struckOff.length === 0 && outlook.complete ? 'done' : 'partly', ...tellReceipt(share, receipt, outlook) };
}
