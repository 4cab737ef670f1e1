import { DOMAIN_FAULTS } from './requirement';

/** What can keep one message from one recipient. `temporary`: the same again later (`retries.ts`). `permanent`: its sender is told at once. */
export const MAIL_FAULTS = {
  ...DOMAIN_FAULTS,
  'promises-tls': { outcome: 'temporary', says: 'the domain itself asks for TLS, by a policy or by keys in signed DNS: nothing goes there without, whatever an agreement would let' },
  'bad-address': { outcome: 'permanent', says: 'it is not one mail address in plain ASCII' },
  'bad-message': { outcome: 'permanent', says: 'the message is not lines of ASCII that end in CRLF, at most 998 octets each' },
  'too-large': { outcome: 'permanent', says: 'the message is larger than we send, or than the host takes' },
  'not-reached': { outcome: 'temporary', says: 'no host could be reached' },
  'inside': { outcome: 'temporary', says: 'a host has an address that is not of the public Internet' },
  'not-smtp': { outcome: 'temporary', says: 'what the host answered is not SMTP, or was not asked for' },
  'broke-off': { outcome: 'temporary', says: 'the host hung up' },
  'no-starttls': { outcome: 'temporary', says: 'the host does not offer to begin TLS' },
  'no-tls': { outcome: 'temporary', says: 'TLS 1.2 with forward secrecy could not be agreed, or the certificate does not hold for the host' },
  'dane-mismatch': { outcome: 'temporary', says: 'the certificate is none of those of which the keys in DNS speak' },
  'timed-out': { outcome: 'temporary', says: 'the host did not answer in time' },
  'refused-for-now': { outcome: 'temporary', says: 'the host refused for now' },
  'refused': { outcome: 'permanent', says: 'the host refused for good' },
} as const satisfies Record<string, { outcome: 'temporary' | 'permanent'; says: string }>;
export type MailFault = keyof typeof MAIL_FAULTS;

/** What was wrong with a certificate, where that is why TLS came to nothing: as RFC 8460, 4.3.1, calls it. */
export type CertificateFault = 'certificate-expired' | 'certificate-host-mismatch' | 'certificate-not-trusted';

/** A connection that came to nothing. Holds no word of the other side but its reply codes. */
export class MailFailed extends Error {
  /** @param reply code of the reply (RFC 5321, 4.2), and its enhanced code (RFC 3463) */
  constructor(readonly fault: MailFault, readonly reply?: { code: number; enhanced?: string }, readonly certificate?: CertificateFault) {
    super(fault);
    this.name = 'MailFailed';
  }
}
