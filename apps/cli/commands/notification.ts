import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { draftNotification, listNotifications, lookUpProvider, type NotificationSaid, readNotification, stateNotification } from '#client/notifications';
import { sealedFileTo } from '#client/own-words';
import { nowOf } from '#client/partner';
import { deposit } from '#client/store';
import { NOTIFICATION_KINDS, type NotificationKind } from '#protocol/notification';
import type { NotificationItem, NotificationTold } from '#protocol/notification-answers';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import { listed, type Result } from '../ending';
import { named, namedText, readText, requirePrivate } from '../files';
import { UsageError } from '../io';
import { describeNotification, NOTIFICATION_FILE_FORMAT } from '../notification-file';
import { parseFile } from '../share-file';

type Stated = Common & { role: string; share?: string; reason?: string; reviewOn?: string; schedule?: string; months?: string; method?: string; on?: string; informationOnly?: boolean; action?: string };
type Deposited = Common & { role: string; file: string; store: string; folder: string; to: string[]; credentials?: string; ca?: string };

const STATED = NOTIFICATION_KINDS.filter((kind) => !['drafted', 'deposited'].includes(kind));
const ID = '0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11';

/** `waybill notification`: notifications about providers, from their draft to their disposal. */
export function notificationCommand(setting: Setting): Command {
  const command = group('notification', 'Notifications about providers: issued by one authority, circulated by one, for information only. The text travels sealed: waybill send, with threads.notification.');
  command.addCommand(
    atHome('draft', 'Put a draft on record; with --of, a new one of a notification that was returned.', 'waybill notification draft notice.yaml').argument('<file>', 'notification file (YAML); docs/cli.md describes it').option('--of <notification>', 'draft it anew')
      .action((file: string, { of, ...options }: Common & { of?: string }) => runningAtHome(setting, options, async ({ partner }) => {
        const path = resolve(setting.io.cwd, file);
        const said = describeNotification(parseFile(readText(path, 'Name a notification file.'), NOTIFICATION_FILE_FORMAT, 'notification file'), dirname(path));
        const told = await (of === undefined ? draftNotification(partner, said) : stateNotification(partner, of, 'drafted', said));
        return shown(told, `Drafted. Share its text with ${told.circulator}, with \`threads: { notification: ${told.notification} }\`, then: waybill notification state submitted ${told.notification} --share …`);
      })),
  );
  command.addCommand(
    atHome('state', 'State something of one, signed; docs/states.md says who states what, and when.', `waybill notification state submitted ${ID} --role lead-officer --share ${ID}\nwaybill notification state read ${ID} --role social-worker --information-only\nwaybill notification state rescinded ${ID} --role lead-officer --reason not-founded`)
      .argument('<kind>', STATED.join(', ')).argument('<notification>').requiredOption('--role <code>', 'role of whoever says so')
      .option('--share <id>', 'the share in which its text went').option('--reason <code>', 'why it is returned, rescinded or closed; what came of a review').option('--review-on <day>', 'when it is reviewed next')
      .option('--schedule <reference>', 'of the host authority').option('--months <count>', 'for how long that keeps it').option('--method <code>', 'how it was disposed of').option('--on <day>', 'when')
      .option('--information-only', 'you take note that it is for information only').addOption(new Option('--action <code>', 'what you do about it'))
      .action((kind: string, notification: string, options: Stated) => runningAtHome(setting, options, async ({ partner }) => {
        const { home: _home, json: _json, months, ...said } = options;
        if (!STATED.includes(kind as NotificationKind)) throw new UsageError([`the kind must be one of ${STATED.join(', ')}`], 'See `waybill notification state --help`.');
        return shown(await stateNotification(partner, notification, kind as NotificationKind, { ...said, ...(months === undefined ? {} : { months: Number(months) }) } as NotificationSaid));
      })),
  );
  command.addCommand(
    atHome('list', 'Those in which you have a part, the oldest first. None says which provider it is about.', 'waybill notification list').action((options: Common) => runningAtHome(setting, options, ({ partner }) => listed(listNotifications(partner), line, 'There is none.'))),
  );
  command.addCommand(
    atHome('show', 'Show one, with each statement held to whoever signed it.', `waybill notification show ${ID}`).argument('<notification>').action((id: string, options: Common) => runningAtHome(setting, options, async ({ partner }) => shown(await readNotification(partner, id)))),
  );
  command.addCommand(
    atHome('placement', 'What you know of one provider before a placement: information, and no bar. That you looked stands in your register.', 'waybill notification placement ofsted-social-care SC123456').argument('<register>', 'public register').argument('<number>', 'its number there')
      .action((register: string, number: string, options: Common) => runningAtHome(setting, options, async ({ partner }) => {
        const told = await lookUpProvider(partner, { register, number });
        return { ending: 'done', data: told, text: [told.line, ...(told.items.length === 0 ? ['Nothing was notified to you.'] : told.items.map(line))].join('\n') };
      })),
  );
  command.addCommand(
    atHome('deposit', 'Seal a copy to the host authority, lay it into the provider’s folder of its store over WebDAV, read it back, and confirm folder and hash to the gateway.', `waybill notification deposit ${ID} --role coordinator --file notice.pdf --store https://store.example/providers/ --folder SC-123456 --to host-council/provider-store --credentials store.txt`)
      .argument('<notification>').requiredOption('--role <code>', 'role of whoever says so').requiredOption('--file <file>', 'what is deposited; it leaves sealed').requiredOption('--store <url>', 'https address of the folder that holds those of all providers')
      .requiredOption('--folder <reference>', 'the provider’s folder').requiredOption('--to <agency/contact...>', 'contacts of the host authority that can open it').option('--credentials <file>', 'file with user:password, that you alone can read').option('--ca <file>', 'certificate of who vouches for the store')
      .action((id: string, options: Deposited) => runningAtHome(setting, options, async ({ partner }) => {
        const { io } = setting;
        if (options.credentials !== undefined) requirePrivate([resolve(io.cwd, options.credentials)]);
        const octets = await sealedFileTo(partner, { record: id, part: 'deposit' }, named(io, options.file, 'the file that is deposited'), nowOf(partner), options.to);
        const credentials = options.credentials === undefined ? undefined : namedText(io, options.credentials, 'the file with user:password').trim();
        const lies = await deposit({ url: options.store, credentials, ca: options.ca === undefined ? undefined : namedText(io, options.ca, 'the certificate') }, { folder: options.folder, name: id, octets });
        return shown(await stateNotification(partner, id, 'deposited', { role: options.role, folder: options.folder, digest: lies.digest }), `Deposited: ${lies.url}`);
      })),
  );
  return command;
}

function shown(told: NotificationTold, says?: string): Result {
  const { provider, recipients, deposit: lies, statements } = told;
  return {
    ending: 'done', data: told,
    text: [
      ...(says === undefined ? [] : [says]), told.line, line(told), `  ${provider.kind} ${provider.register} ${provider.number}, for ${told.purpose}: ${told.necessity}; the provider was ${told.providerTold ? '' : 'not '}told`,
      ...(lies ? [`  deposited in ${lies.folder}, SHA-256 ${lies.digest}`] : []), ...recipients.map(({ agency, readAt }) => `  ${agency}: ${readAt ? `read ${readAt}` : 'not read yet'}`), ...statements.map(({ kind, agency, at }) => `  ${kind} by ${agency} at ${at}`),
    ].join('\n'),
  };
}

const line = ({ notification, state, issuer, circulatedAt, reviewOn, endedAt, because }: NotificationItem): string =>
  `${notification}  ${state}  from ${issuer}${circulatedAt ? `, circulated ${circulatedAt}` : ''}${endedAt ? `, over since ${endedAt}: ${because ?? ''}` : reviewOn ? `, reviewed on ${reviewOn}` : ''}`;
