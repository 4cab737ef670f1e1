import { type Command, Option } from 'commander';
import { enterWebhook, listWebhooks, removeWebhook, replaceWebhookSecret, replayWebhook } from '#client/webhooks';
import { WEBHOOK_SENDS, type WebhookSends, type WebhookTold } from '#protocol/webhooks';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import { UsageError } from '../io';

const ONCE = 'It is told this once: enter it where the endpoint verifies (Standard Webhooks).';

/** `waybill webhook`: have an endpoint or a queue of your own told what lies ready. */
export function webhookCommand(setting: Setting): Command {
  const webhook = group('webhook', 'Have an endpoint of your own told what lies ready, or a queue of your own filled with it, in place of asking again and again.');
  webhook.addCommand(
    atHome('list', 'Show your endpoints and queues: what waits for each, and why it rests.', 'waybill webhook list')
      .action((options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const { items } = await listWebhooks(partner);
        return { ending: 'done', data: { items }, text: items.length === 0 ? 'You have no endpoint, and no queue.' : items.map(line).join('\n') };
      })),
  );
  webhook.addCommand(
    atHome('set', 'Enter or change where what lies ready for a contact is sent. A new endpoint is answered with its secret.', 'waybill webhook set front-door https://cases.merebrook.example/waybill --sends envelope')
      .argument('<contact>').argument('<url>')
      .addOption(new Option('--sends <what>', 'a reference (ids and codes, after which you collect) or the sealed envelope itself').choices(WEBHOOK_SENDS).default('reference'))
      .action((contact: string, url: string, options: Common & { sends: WebhookSends }) => runningAtHome(setting, options, async ({ partner }) => {
        const entered = await enterWebhook(partner, contact, { url, sends: options.sends });
        return { ending: 'done', data: { contact, ...entered }, text: entered.secret ? `${contact} is told at ${url}. Its secret: ${entered.secret}\n${ONCE}` : `${contact} is told at ${url}, under the secret that you have.` };
      })),
  );
  webhook.addCommand(
    atHome('queue', 'Have what lies ready for a contact laid on a queue of its own at the operator’s broker (AMQP 0-9-1), which you read with a certificate of yours.', 'waybill webhook queue front-door')
      .argument('<contact>')
      .addOption(new Option('--sends <what>', 'the sealed envelope itself, or a reference (ids and codes, after which you collect)').choices(WEBHOOK_SENDS).default('envelope'))
      .action((contact: string, options: Common & { sends: WebhookSends }) => runningAtHome(setting, options, async ({ partner }) => {
        const { queue } = await enterWebhook(partner, contact, { way: 'amqp', sends: options.sends });
        return { ending: 'done', data: { contact, queue }, text: `What lies ready for ${contact} is laid on ${queue?.name ?? ''}, at ${queue?.broker ?? ''}.\nThe operator admits the certificate with which you read it: waybill broker admit.` };
      })),
  );
  webhook.addCommand(
    atHome('secret', 'Take a new secret; for a day what is sent is signed under both.', 'waybill webhook secret front-door')
      .argument('<contact>')
      .action((contact: string, options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const { secret, previousUntil } = await replaceWebhookSecret(partner, contact);
        return { ending: 'done', data: { contact, secret, previousUntil }, text: `The new secret of ${contact}: ${secret}\n${ONCE} Until ${previousUntil ?? 'now'} what is sent is signed under the one before as well.` };
      })),
  );
  webhook.addCommand(
    atHome('replay', 'Have told again what became available since an instant and is not done with.', 'waybill webhook replay front-door --since 2026-03-01T09:00:00Z')
      .argument('<contact>').requiredOption('--since <instant>', 'from this instant on')
      .action((contact: string, options: Common & { since: string }) => runningAtHome(setting, options, async ({ partner }) => {
        const since = new Date(options.since);
        if (Number.isNaN(since.getTime())) throw new UsageError(['--since is no instant'], 'Write it like 2026-03-01T09:00:00Z.');
        const { pushes } = await replayWebhook(partner, contact, since);
        return { ending: 'done', data: { contact, pushes }, text: `${pushes} will be sent again to where ${contact} is told.` };
      })),
  );
  webhook.addCommand(
    atHome('remove', 'Have it told no more; what lies ready is collected from the mailbox as before.', 'waybill webhook remove front-door')
      .argument('<contact>')
      .action((contact: string, options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        await removeWebhook(partner, contact);
        return { ending: 'done', data: { contact }, text: `${contact} is told nowhere any more.` };
      })),
  );
  return webhook;
}

const line = ({ contact, url, queue, sends, waiting, waitingSince, rests }: WebhookTold): string =>
  [contact, sends, url ?? queue?.name ?? '', waiting === 0 ? 'nothing waits' : `${waiting} wait since ${waitingSince ?? ''}`, ...(rests ? [`RESTS until ${rests.until}: ${rests.because}`] : [])].join('  ');
