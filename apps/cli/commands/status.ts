import type { Command } from 'commander';
import { status } from '#client/statements';
import type { ShareTold, StatementTold, TransferTold } from '#protocol/answers';
import { addressed } from '#protocol/line';
import type { Statement } from '#protocol/statement';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import { ownDigest } from '../home';

/** States that somebody has to do something about. */
const WAITS = new Set(['held', 'undeliverable']);

/** `waybill status`: what became of a share, each acknowledgement verified. */
export const statusCommand = (setting: Setting): Command =>
  atHome('status', 'Show what became of a share. Acknowledgements and returns are verified: they are the recipient’s own word.', 'waybill status 0198f7d0-11aa-7c21-8f0e-6f2f7f0e9b55')
    .argument('<share>')
    .action((share: string, options: Common) => runningAtHome(setting, options, async (home) => {
      const manifestDigest = ownDigest(home, share);
      const told = await status(home.partner, share, manifestDigest === undefined ? {} : { manifestDigest });
      return { ending: told.transfers.some(waits) ? 'waits' : 'done', data: { ...told }, text: textOf(told) };
    }));

const waits = (transfer: TransferTold): boolean => WAITS.has(transfer.state) || transfer.ring !== undefined;

const textOf = (told: ShareTold): string =>
  [
    ...(told.emergency ? [`Ring ${told.emergency.ring}. ${told.emergency.says}`, ...told.emergency.frontDoors.map((door) => `  ${door.telephone}  ${door.agency}/${door.contact}`)] : []),
    `Share ${told.share}, ${told.urgency}, accepted ${told.acceptedAt}: ${told.open ? 'open' : 'every transfer has ended'}`,
    ...told.transfers.flatMap((transfer) => [
      `  ${transfer.state.padEnd(13)} ${addressed(transfer.recipient)}  ${transfer.endedAt ?? transfer.collectedAt ?? transfer.availableAt ?? ''}${transfer.endReason && transfer.endReason !== transfer.state ? `  ${transfer.endReason}` : ''}`,
      ...(transfer.ring ? [`    Not collected in time. RING ${transfer.ring.telephone}; do not wait.`] : []),
      ...transfer.statements.map((statement) => `    ${statement.kind} ${statement.at}, signed by ${statement.agency}, verified${passedOn(statement)}`),
    ]),
  ].join('\n');

/** What an acknowledgement says of passing it on; `status` has read and verified it. */
function passedOn({ statement }: StatementTold): string {
  const { passOnTo } = JSON.parse(Buffer.from(statement, 'base64').toString()) as Statement;
  return passOnTo === undefined ? '' : passOnTo.length === 0 ? '; will pass it on to nobody' : `; means to pass it on to ${passOnTo.join(', ')}`;
}
