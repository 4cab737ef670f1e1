import { X509Certificate } from 'node:crypto';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect, type DetailedPeerCertificate, rootCertificates, type SecureVersion, type TLSSocket } from 'node:tls';
import { evidenceOf, type TlsEvidence } from '#platform/egress';
import { type CertificateFault, MailFailed } from '../faults';
import type { HostRule } from '../requirement';
import { daneMatches } from '../tlsa';
import { Replies, type Reply } from './replies';

/** From the first packet to the greeting, and again from the first octet of TLS to its last. */
export const CONNECT_MS = 30_000;
/** RFC 5321, 4.5.3.2 grants five minutes to most commands; a host that needs two is tried again later. */
export const REPLY_MS = 120_000;
/** What was settled is settled: nobody waits for a goodbye. */
const GOODBYE_MS = 1_000;

/**
 * TLS 1.2 with forward secrecy and authenticated encryption, and TLS 1.3. No finite-field Diffie-Hellman: who agrees on it cannot tell whether its group is sound.
 * (NCSC, Using TLS to protect data: recommended profiles)
 */
export const CIPHERS = [
  'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** Level 0: OpenSSL would not even ask for the old ones. */
const ANY_CIPHERS = 'DEFAULT:@SECLEVEL=0';

const OTHER_NAME = 'OTHER_NAME';

/** What OpenSSL, or we ourselves, say of a certificate that does not hold. */
const CERTIFICATE_FAULTS: Readonly<Record<string, CertificateFault>> = {
  [OTHER_NAME]: 'certificate-host-mismatch', ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-host-mismatch', CERT_HAS_EXPIRED: 'certificate-expired', DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-not-trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-not-trusted', UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-not-trusted', UNABLE_TO_GET_ISSUER_CERT: 'certificate-not-trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-not-trusted', CERT_REVOKED: 'certificate-not-trusted',
};

export interface Peer {
  address: string;
  port: number;
}

/** Public authorities have three; a private one may have twice as many. */
const LONGEST_CHAIN = 10;

/**
 * One conversation with one host: a command, its reply, the next. No pipelining, so that whatever lies there unasked was put there by somebody else and ends it.
 * Every failure is a `MailFailed`, and closes the connection.
 */
export class SmtpConnection {
  private readonly replies = new Replies();
  private waiting: { resolve: (reply: Reply) => void; reject: (error: MailFailed) => void } | undefined;
  private failed: MailFailed | undefined;
  private socket!: Socket;

  private constructor() {}

  /** @throws MailFailed not-reached, not-smtp, timed-out, refused, refused-for-now */
  static async to({ address, port }: Peer): Promise<SmtpConnection> {
    const connection = new SmtpConnection();
    connection.listen(connectPlain({ host: address, port }), 'not-reached');
    try {
      await connection.reply(220, CONNECT_MS);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Sends one line and reads its reply. @throws MailFailed */
  async command(line: string, expected: number, within = REPLY_MS): Promise<Reply> {
    // M8: whoever made the line, it is one line.
    if (!/^[\x20-\x7e]{1,510}$/.test(line)) return this.end(new MailFailed('bad-address'));
    this.socket.write(`${line}\r\n`);
    return this.reply(expected, within);
  }

  async octets(octets: Buffer, expected: number, within: number): Promise<Reply> {
    this.socket.write(octets);
    return this.reply(expected, within);
  }

  /** Begins TLS. What it comes to is judged before another octet goes out. @throws MailFailed no-tls, dane-mismatch, timed-out, not-smtp, broke-off */
  async secure(rule: HostRule, { authorities, now }: { authorities?: string; now: Date }): Promise<TlsEvidence> {
    if (this.failed) throw this.failed;
    // M4: what came in clear is never read as though it had come under TLS.
    if (!this.replies.empty) return this.end(new MailFailed('not-smtp'));
    const plain = this.socket;
    plain.removeAllListeners();
    const socket = connect({
      socket: plain, servername: rule.host, minVersion: 'TLSv1.2', ciphers: CIPHERS, ecdhCurve: 'X25519:P-256:P-384', rejectUnauthorized: rule.certified, ...(authorities ? { ca: [...rootCertificates, authorities] } : {}),
      // The name must stand among the alternative names: what a subject says has not counted for years (RFC 8461, 4.2).
      checkServerIdentity: (host, { raw }) => (new X509Certificate(raw).checkHost(host, { subject: 'never' }) === undefined ? Object.assign(new Error('other name'), { code: OTHER_NAME }) : undefined),
    });
    this.socket = socket;
    await this.handshake(socket);
    this.listen(socket, 'broke-off');
    const chain = chainOf(socket);
    if (rule.tlsa.length > 0 && !daneMatches(rule.tlsa, chain, { host: rule.host, now })) return this.end(new MailFailed('dane-mismatch'));
    return evidenceOf(socket);
  }

  /** Begins whatever TLS the host holds, for a hop that need hold none: nothing is proved by it, and what it came to is told. @throws MailFailed no-tls, timed-out, not-smtp */
  async unproven(host: string): Promise<TlsEvidence> {
    if (this.failed) throw this.failed;
    if (!this.replies.empty) return this.end(new MailFailed('not-smtp'));
    const plain = this.socket;
    plain.removeAllListeners();
    const socket = connect({ socket: plain, servername: host, minVersion: 'TLSv1', ciphers: ANY_CIPHERS, rejectUnauthorized: false });
    this.socket = socket;
    await this.handshake(socket);
    this.listen(socket, 'broke-off');
    return evidenceOf(socket);
  }

  /** Whether the host would begin TLS in this very version, whatever its certificate. Ends the conversation: nothing can go over what was only tried. */
  async takes(version: SecureVersion): Promise<boolean> {
    if (this.failed || !this.replies.empty) return false;
    const plain = this.socket;
    plain.removeAllListeners();
    const socket = connect({ socket: plain, minVersion: version, maxVersion: version, ciphers: ANY_CIPHERS, rejectUnauthorized: false });
    this.socket = socket;
    const taken = await this.handshake(socket).then(() => true, () => false);
    this.failed = new MailFailed('no-tls');
    socket.on('error', () => undefined).destroy();
    return taken;
  }

  private handshake(socket: TLSSocket): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (fault: 'no-tls' | 'timed-out') => (error?: unknown): void => {
        clearTimeout(timer);
        this.failed = new MailFailed(fault, undefined, CERTIFICATE_FAULTS[(error as NodeJS.ErrnoException | undefined)?.code ?? '']);
        socket.destroy();
        reject(this.failed);
      };
      const timer = setTimeout(fail('timed-out'), CONNECT_MS);
      socket.on('error', fail('no-tls')).once('close', fail('no-tls')).once('secureConnect', () => {
        clearTimeout(timer);
        socket.removeAllListeners('error').removeAllListeners('close');
        resolve();
      });
    });
  }

  private listen(socket: Socket, lost: 'not-reached' | 'broke-off'): void {
    this.socket = socket;
    socket.on('data', (octets: Buffer) => this.arrived(octets));
    socket.on('error', () => this.drop(new MailFailed(lost)));
    socket.on('close', () => this.drop(new MailFailed(lost)));
  }

  private arrived(octets: Buffer): void {
    try {
      const reply = this.replies.take(octets);
      // Half a reply that nobody asked for is no better than a whole one.
      if (!this.waiting) throw new MailFailed('not-smtp');
      if (!reply) return;
      const { resolve } = this.waiting;
      this.waiting = undefined;
      resolve(reply);
    } catch (error) {
      this.drop(error as MailFailed);
    }
  }

  private drop(error: MailFailed): void {
    this.failed ??= error;
    this.socket.destroy();
    this.waiting?.reject(this.failed);
    this.waiting = undefined;
  }

  private end(error: MailFailed): never {
    this.drop(error);
    throw this.failed as MailFailed;
  }

  private async reply(expected: number, within: number): Promise<Reply> {
    if (this.failed) throw this.failed;
    const timer = setTimeout(() => this.drop(new MailFailed('timed-out')), within);
    const reply = await new Promise<Reply>((resolve, reject) => (this.waiting = { resolve, reject })).finally(() => clearTimeout(timer));
    if (reply.code === expected) return reply;
    const { code, enhanced } = reply;
    const fault = code >= 500 ? 'refused' : code >= 400 ? 'refused-for-now' : 'not-smtp';
    throw new MailFailed(fault, { code, ...(enhanced ? { enhanced } : {}) });
  }

  /** Says goodbye without waiting for an answer. */
  close(): void {
    if (this.failed) return;
    this.socket.removeAllListeners('close');
    this.socket.end('QUIT\r\n');
    const gone = setTimeout(() => this.socket.destroy(), GOODBYE_MS);
    this.socket.once('close', () => clearTimeout(gone));
  }
}

/** As the server sent it, its own certificate first. */
function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let at: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (at?.raw && chain.length < LONGEST_CHAIN) {
    const { raw } = at;
    chain.push(new X509Certificate(raw));
    at = at.issuerCertificate as DetailedPeerCertificate | undefined;
    if (at?.raw.equals(raw)) break;
  }
  return chain;
}
