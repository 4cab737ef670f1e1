import { type Command, Option } from 'commander';
import { ClientRefusal } from '#client/codes';
import { inspect } from '#client/mailbox';
import { nowOf } from '#client/partner';
import { acknowledge, giveBack, recall, release, type About } from '#client/statements';
import type { ShareTold, TransferOpenedUp } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { RECALL_REASONS, type RecallReason, type Release, RELEASE_ROUTES, RETURN_REASONS, type ReturnReason } from '#protocol/statement';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { type Home, ownDigest } from '../home';

const reasonOption = (reasons: Readonly<Record<string, string>>): Option =>
  new Option('--reason <code>', Object.entries(reasons).map(([code, says]) => `${code}: ${says}`).join('; ')).choices(Object.keys(reasons)).makeOptionMandatory();

interface Returning {
  reason: ReturnReason;
  role?: string;
  approvedBy?: string;
  copiesRemoved?: boolean;
  missing?: string[];
}

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `waybill ack`: from then on the recipient answers for its copy. */
export const acknowledgeCommand = (setting: Setting): Command =>
  atHome('ack', 'Acknowledge a transfer, signed. From then on your organisation answers for its copy.', 'waybill ack 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --pass-on-to none')
    .argument('<transfer>')
    .option('--pass-on-to <agency...>', 'organisations to which you mean to pass it on; `none` if to nobody. An agreement may want its sender to know')
    .action((transfer: string, options: Common & { passOnTo?: string[] }) => runningAtHome(setting, options, async ({ partner, keep }) => {
      const copy = await inspect(partner, transfer).catch((error: unknown) => acknowledgedBefore(partner, transfer, error));
      const { state } = await acknowledge(partner, copy as Parameters<typeof acknowledge>[1], options.passOnTo?.filter((agency) => agency !== 'none'));
      keep();
      return { ending: 'done', data: { transfer, state }, text: `${transfer} is ${state}.` };
    }));

/** `waybill return`: a copy that can't be verified can be returned, too. */
export const returnCommand = (setting: Setting): Command =>
  atHome('return', 'Give a transfer back, signed, with the reason.', 'waybill return 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --reason cannot-open')
    .argument('<transfer>')
    .addOption(reasonOption(RETURN_REASONS))
    .option('--role <code>', 'role of whoever looked at it')
    .option('--approved-by <contact>', 'the manager who approved it, where it presses')
    .option('--copies-removed', 'no copy is left with you')
    .option('--missing <category>', 'what is missing, where it is insufficient; may stand several times', several)
    .action((transfer: string, options: Common & Returning) => runningAtHome(setting, options, async ({ partner }) => {
      const { reason, role, approvedBy, copiesRemoved, missing } = options;
      const said = { ...(role !== undefined && { role }), ...(approvedBy !== undefined && { approvedBy }), ...(copiesRemoved && { copiesRemoved }), ...(missing && { missing }) };
      const { state } = await giveBack(partner, await aboutAnyway(partner, transfer), reason, said);
      return { ending: 'done', data: { transfer, state, reason: options.reason }, text: `${transfer} is ${state}: ${RETURN_REASONS[options.reason]}.` };
    }));

/** `waybill recall`: takes back what nobody has collected. */
export const recallCommand = (setting: Setting): Command =>
  atHome('recall', 'Take back a share from whoever has not collected it, signed, with the reason.', 'waybill recall 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 --reason wrong-recipient')
    .argument('<share>')
    .addOption(reasonOption(RECALL_REASONS))
    .action((share: string, options: Common & { reason: RecallReason }) => runningAtHome(setting, options, async (home) => {
      const { recalled, tooLate } = await recall(home.partner, { share, manifestDigest: await digestOf(home, share) }, options.reason);
      return {
        ending: tooLate.length === 0 ? 'done' : 'partly',
        data: { share, recalled, tooLate },
        text: [...recalled.map((id) => `recalled  ${id}`), ...tooLate.map((id) => `too late  ${id}: collected or ended. Ask its recipient to delete it, and report a breach if it should not have been sent.`)].join('\n'),
      };
    }));

type ReleaseOptions = Common & { transfer: string; askedBy: string; role: string; identity: string; verifiedAt?: string; route: Release['route']; called?: string; toldAt?: string };

/** `waybill release`: that the passphrase of a container was told, to whom and how. The command neither knows nor sends it. */
export const releaseCommand = (setting: Setting): Command =>
  atHome('release', 'Record that you told a recipient the passphrase of its container: who asked, how you made sure, and by which way. Not the passphrase.', 'waybill release 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55 --transfer 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --asked-by manager --role line-manager --identity called-back --route telephone --called manager')
    .argument('<share>')
    .requiredOption('--transfer <id>')
    .requiredOption('--asked-by <contact>', 'contact of the recipient that asked for it')
    .requiredOption('--role <code>', 'role of the person who asked')
    .requiredOption('--identity <code>', 'how you made sure who it was: called-back, known-personally, …')
    .option('--verified-at <instant>', 'when; as you told it, if not given')
    .addOption(new Option('--route <route>', 'how you told it; by mail is refused: the container goes by mail').choices(RELEASE_ROUTES).makeOptionMandatory())
    .option('--called <contact>', 'whose number of the directory you called')
    .option('--told-at <instant>', 'when; now, if not given')
    .action((share: string, options: ReleaseOptions) => runningAtHome(setting, options, async (home) => {
      const at = options.toldAt ?? nowOf(home.partner).toISOString();
      const told: Release = { askedBy: { contact: options.askedBy, role: options.role }, identity: { how: options.identity, at: options.verifiedAt ?? at }, route: options.route, ...(options.called ? { called: options.called } : {}), at };
      const { state } = await release(home.partner, { share, transfer: options.transfer, manifestDigest: await digestOf(home, share) }, told);
      return { ending: 'done', data: { share, transfer: options.transfer, state }, text: `On record with both of you: the passphrase of ${options.transfer} was told by ${options.route}.` };
    }));

/** A second acknowledgement repeats the first, whose transfer has lost its lines by then. */
async function acknowledgedBefore(partner: Home['partner'], transfer: string, error: unknown): Promise<About> {
  if (error instanceof ClientRefusal) throw error;
  const about = await aboutAnyway(partner, transfer);
  if (!about.told.statements?.some(({ kind, agency }) => kind === 'acknowledged' && agency === partner.agency)) throw error;
  return about;
}

async function aboutAnyway({ connection }: Home['partner'], transfer: string): Promise<About> {
  const path = `/v1/mailbox/${encodeURIComponent(transfer)}`;
  const [told, manifest] = await Promise.all([connection.json<TransferOpenedUp>({ path }), connection.octets({ path: `${path}/manifest` })]);
  return { told, manifestDigest: sha256(manifest) };
}

/** The gateway's word for the digest counts only where we kept no copy. */
const digestOf = async (home: Home, share: string): Promise<string> =>
  ownDigest(home, share) ?? (await home.partner.connection.json<ShareTold>({ path: `/v1/shares/${encodeURIComponent(share)}` })).manifestDigest;
