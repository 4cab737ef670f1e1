import { Directory } from '#directory/directory';
import { DIRECTORY_ROWS } from '#directory/rows';
import { IncomingMail, type Taken, TAKEN } from '#exchange/incoming';
import { mailSenderOf, MAILER_SETTINGS } from '#exchange/mail-settings';
import { EXCHANGE_ROWS } from '#exchange/rows';
import type { MailSender } from '#exchange/mailings';
import { readAgreements } from '#partnership/agreements';
import { ConfigIncomplete, DATABASE_SETTINGS, databaseInClear, databaseOf, readConfig, type Settings } from '#platform/config';
import { Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import { Register } from '#register/register';
import type { Result } from '../ending';
import type { Io } from '../io';

const INCOMING_SETTINGS = {
  ...DATABASE_SETTINGS, WAYBILL_MAIL_FROM: MAILER_SETTINGS.WAYBILL_MAIL_FROM, WAYBILL_MAIL_KEY_FILE: MAILER_SETTINGS.WAYBILL_MAIL_KEY_FILE,
  WAYBILL_AGREEMENTS: { says: 'folder of agreement profiles, as the gateway has it: what a recipient states is held to its agreement', example: '/etc/waybill/agreements', kind: 'folder' },
} as const satisfies Settings;

/**
 * Takes one message from a mail relay. Whatever it is, it is taken: to send it back would tell a stranger that there is such an address. Only when it
 * cannot be judged now does the relay keep it and bring it again.
 */
export async function takeMail(io: Io, recipient: string): Promise<Result> {
  const settings = settingsOf(io);
  if (typeof settings === 'string') return again(settings);
  const { config, bouncing, agreements } = settings;
  const octets = (await io.input?.()) ?? Buffer.alloc(0);
  const database = await Database.open('courier', databaseOf(config), [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]).catch(() => undefined);
  if (!database) return again('the database does not answer');
  try {
    const incoming = new IncomingMail({ database, directory: new Directory(database), register: new Register(), clock: { now: io.now }, agreements, bouncing });
    return told(await incoming.take(recipient, octets));
  } catch (error) {
    if (!(error instanceof Refusal)) return again('it could not be recorded');
    // Its mail is out, and the courier has not said so yet.
    const early = error.reasons.some(({ code, facts }) => code === 'WRONG_STATE' && facts?.['state'] === 'sending');
    return early ? again('the transfer is still on its way') : { ending: 'done', data: { taken: 'refused', codes: error.reasons.map(({ code }) => code) }, text: `refused: ${error.reasons.map(({ code }) => code).join(', ')}` };
  } finally {
    await database.close();
  }
}

/** A setting that is wrong is no reason to send anything back either: what is wrong with it, for the relay's log. */
function settingsOf({ env }: Io): { config: Parameters<typeof databaseOf>[0]; bouncing: MailSender; agreements: ReadonlyMap<string, Agreement> } | string {
  try {
    const config = readConfig('courier', INCOMING_SETTINGS, env, { together: [databaseInClear] });
    const bouncing = mailSenderOf(config);
    return bouncing ? { config, bouncing, agreements: readAgreements(config.WAYBILL_AGREEMENTS) } : 'WAYBILL_MAIL_FROM and WAYBILL_MAIL_KEY_FILE are not set: set them as the courier has them';
  } catch (error) {
    if (!(error instanceof ConfigIncomplete)) throw error;
    return error.message;
  }
}

const told = (taken: Taken): Result => ({ ending: 'done', data: { taken }, text: `${taken}: ${TAKEN[taken]}` });
const again = (because: string): Result => ({ ending: 'again', data: { because }, text: `not now: ${because}` });
