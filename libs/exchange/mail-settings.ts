import { isIP } from 'node:net';
import { readAddress } from '#mail/address';
import { isHost } from '#mail/sts';
import { type DkimKey, dkimKeyIn } from '#mail/tls/dkim';
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
  WAYBILL_MAIL_DKIM_SELECTOR: {
    says: 'name under which the public half of the key stands in DNS by which reports on TLS are signed that go by mail (RFC 8460, 3). Absent, with the key: such reports go by HTTPS alone', example: 'tlsrpt1', kind: 'text', optional: true,
    faultsOf: (text) => (SELECTOR.test(text) ? [] : [{ says: 'it is no selector', fix: 'Give one label in lower case, for example tlsrpt1, and publish the key at tlsrpt1._domainkey. of the domain' }]),
  },
  WAYBILL_MAIL_DKIM_KEY_FILE: {
    says: 'private RSA key of 2048 bits or more, PEM, whose public half stands there', example: '/run/secrets/dkim.key', kind: 'file', holds: 'private-key', optional: true,
    faultsOf: (text) => (isDkimKey(text) ? [] : [{ says: 'it holds no private RSA key of 2048 bits or more', fix: 'Make one: openssl genrsa 2048' }]),
  },
} as const satisfies Settings;

/** One label of a name (RFC 1035). */
const SELECTOR = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function isDkimKey(text: string): boolean {
  try {
    return dkimKeyIn(text) !== undefined;
  } catch {
    return false;
  }
}

type Given = Partial<Read<typeof MAILER_SETTINGS>>;

/** Mail is sent by whoever has all of it. */
export const mailFault = ({ WAYBILL_MAIL_FROM: from, WAYBILL_MAIL_NAME: name, WAYBILL_MAIL_KEY_FILE: key }: Given): { setting: string; says: string; fix: string } | undefined => {
  const given = [from, name, key].filter((value) => value !== undefined).length;
  const missing = from === undefined ? 'WAYBILL_MAIL_FROM' : name === undefined ? 'WAYBILL_MAIL_NAME' : 'WAYBILL_MAIL_KEY_FILE';
  return given === 0 || given === 3 ? undefined : { setting: missing, says: 'a courier that sends mail needs the address, the name and the key', fix: 'Set all three, or none' };
};

/** A key is of no use without its name in DNS, nor the name without the key. */
export const dkimFault = ({ WAYBILL_MAIL_DKIM_SELECTOR: selector, WAYBILL_MAIL_DKIM_KEY_FILE: key }: Given): { setting: string; says: string; fix: string } | undefined =>
  (selector === undefined) === (key === undefined) ? undefined : { setting: selector === undefined ? 'WAYBILL_MAIL_DKIM_SELECTOR' : 'WAYBILL_MAIL_DKIM_KEY_FILE', says: 'a report on TLS is signed by a key that stands in DNS under a name', fix: 'Set both, or neither' };

/** By what reports on TLS that go by mail are signed. */
export const dkimKeyOf = ({ WAYBILL_MAIL_DKIM_SELECTOR: selector, WAYBILL_MAIL_DKIM_KEY_FILE: key }: Given): DkimKey | undefined => (selector !== undefined && key !== undefined ? { selector, key: dkimKeyIn(key) } : undefined);

/** Who we are to a mail system; undefined where no mail is sent. */
export function mailSenderOf({ WAYBILL_MAIL_FROM: from, WAYBILL_MAIL_KEY_FILE: key }: Given): MailSender | undefined {
  const read = from === undefined ? undefined : readAddress(from);
  return read?.ok && key !== undefined ? { from: read.address, gateway: read.address.domain, bounceKey: keyIn(key) } : undefined;
}
