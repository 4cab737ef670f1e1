import { spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Egress } from '#platform/egress';
import { Mailer, type MailerOptions } from '#mail/delivery';
import type { PolicyStore } from '#mail/domain';
import type { Resolver } from '#mail/resolver';
import { FROM, Policies } from '../world/mail-domain';

// Programs that send mail as others do, and what of ours is set against them.

export interface Sending {
  resolver: Resolver;
  /** PEM. */
  authority: string;
  policies?: PolicyStore;
  ask?: Egress['ask'];
}

/** Hosts on this machine may be rung, and nothing else. */
export function optionsOf({ resolver, authority, policies = new Policies(), ask }: Sending): MailerOptions {
  const egress = new Egress({ permit: ['127.0.0.0/8'], authorities: authority, resolve: () => Promise.resolve([]) });
  return { resolver, policies, egress: { ask: ask ?? egress.ask.bind(egress), reaches: egress.reaches.bind(egress) }, now: () => new Date(), name: 'courier.waybill.example', authorities: authority };
}

export const ours = (sending: Sending): Mailer => new Mailer(optionsOf(sending));

export const letter = (mark: string, body = 'hQEMA sealed octets'): Buffer => Buffer.from(`From: <${FROM}>\r\nDate: Sat, 28 Nov 2026 09:05:07 +0000\r\nMessage-ID: <${mark}@waybill.example>\r\nSubject: sealed ${mark}\r\n\r\n${body}\r\n`);

/** What `posttls-finger` finds at a domain's host when it asks DNS as `resolvConf` says: whether the connection is verified, and what it says of it. */
export function finger(resolvConf: string, args: readonly string[]): { verified: boolean; says: string } {
  const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec posttls-finger -t 20 "$@"', resolvConf, ...args], { encoding: 'utf8', timeout: 60_000 });
  const says = `${stdout}${stderr}`;
  if (!says.includes('posttls-finger:')) throw new Error(`posttls-finger did not run: ${says}`);
  return { verified: says.includes('Verified TLS connection established'), says };
}

/** Sends octets as they are with `swaks`, over TLS that it verifies; says under which version and cipher. */
export function swaks(folder: string, { to, address, host, authority, octets }: { to: string; address: string; host: string; authority: string; octets: Buffer }): { version: string; cipher: string } {
  const [data, ca] = [join(folder, 'swaks.eml'), join(folder, 'swaks-ca.pem')];
  writeFileSync(data, octets.toString('latin1').replaceAll('\r\n', '\n'));
  writeFileSync(ca, authority);
  const { status, stdout, stderr } = spawnSync('swaks', ['--server', address, '--from', FROM, '--to', to, '--tls', '--tls-verify', '--tls-ca-path', ca, '--tls-sni', host, '--data', `@${data}`], { encoding: 'utf8', timeout: 60_000 });
  const [, version = '', cipher = ''] = /TLS started with cipher (TLSv[0-9.]+):([A-Z0-9_-]+):/.exec(stdout) ?? [];
  if (status !== 0 || version === '') throw new Error(`swaks did not send: ${stdout}${stderr}`);
  return { version, cipher };
}

/** `3 1 1` of a certificate's key, `2 0 1` of an authority's certificate, as in a zone file. */
export const keyRecord = (certificate: string): string => `TLSA 3 1 1 ${createHash('sha256').update(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })).digest('hex')}`;
export const authorityRecord = (certificate: string): string => `TLSA 2 0 1 ${createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex')}`;

/** A mail without what its recipient's server wrote on top of it. */
export const asSent = (mail: string): string => mail.slice(mail.indexOf('From: <'));
