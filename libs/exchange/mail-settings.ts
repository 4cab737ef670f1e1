import { isIP } from 'node:net';
import { readAddress } from '#mail/address';
import { isHost } from '#mail/sts';
import type { Read, Settings } from '#platform/config';
import type { MailSender } from './mailings';
import { keyFaults, keyIn } from './secret-key';

/** For gateway and courier alike: what no courier sends, no gateway may decide to be sent. */
export const MAIL_SETTINGS = {
  WAYBILL_MAIL_FROM: {
    says: 'mail address that sealed mail comes from; answers that it could not be delivered come to other addresses of its domain, which begin with b-. The same for gateway and courier. Absent: no share goes by mail', example: 'no-reply@gateway.example', kind: 'text', optional: true,
    faultsOf: (text) => (readAddress(text).ok ? [] : [{ says: 'it is not one mail address in plain ASCII', fix: 'Write it without a name or brackets, for example no-reply@gateway.example' }]),
  },
} as const satisfies Settings;

/** And what the courier needs besides. */
export const MAILER_SETTINGS = {
  ...MAIL_SETTINGS,
  WAYBILL_MAIL_NAME: {
    says: 'host name of this machine, as mail hosts are told it; its address must lead back to it', example: 'mail.gateway.example', kind: 'text', optional: true,
    faultsOf: (text) => (isHost(text) ? [] : [{ says: 'it is no host name', fix: 'Give it in lower case and whole, for example mail.gateway.example' }]),
  },
  WAYBILL_MAIL_KEY_FILE: {
    says: 'key by which an answer that mail could not be delivered is known to be about mail of ours: 32 octets, as 64 hexadecimal digits', example: '/run/secrets/mail.key', kind: 'file', holds: 'password', optional: true,
    faultsOf: keyFaults,
  },
  WAYBILL_RESOLVER: {
    says: 'address of a resolver that validates DNSSEC. Its word that an answer is validated counts only when it runs on this machine', example: '127.0.0.1', kind: 'text', otherwise: '127.0.0.1',
    faultsOf: (text) => (isIP(text) === 0 ? [{ says: 'it is no address', fix: 'Give an address, for example 127.0.0.1: a name would have to be resolved first' }] : []),
  },
} as const satisfies Settings;

type Given = Partial<Read<typeof MAILER_SETTINGS>>;

/** Mail is sent by whoever has all of it. */
export const mailFault = ({ WAYBILL_MAIL_FROM: from, WAYBILL_MAIL_NAME: name, WAYBILL_MAIL_KEY_FILE: key }: Given): { setting: string; says: string; fix: string } | undefined => {
  const given = [from, name, key].filter((value) => value !== undefined).length;
  const missing = from === undefined ? 'WAYBILL_MAIL_FROM' : name === undefined ? 'WAYBILL_MAIL_NAME' : 'WAYBILL_MAIL_KEY_FILE';
  return given === 0 || given === 3 ? undefined : { setting: missing, says: 'a courier that sends mail needs the address, the name and the key', fix: 'Set all three, or none' };
};

/** Who we are to a mail system; undefined where no mail is sent. */
export function mailSenderOf({ WAYBILL_MAIL_FROM: from, WAYBILL_MAIL_KEY_FILE: key }: Given): MailSender | undefined {
  const read = from === undefined ? undefined : readAddress(from);
  return read?.ok && key !== undefined ? { from: read.address, gateway: read.address.domain, bounceKey: keyIn(key) } : undefined;
}
