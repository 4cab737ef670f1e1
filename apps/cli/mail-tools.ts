import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { readAddress } from '#mail/address';
import type { MailerOptions } from '#mail/delivery';
import { Resolver } from '#mail/resolver';
import { isHost } from '#mail/sts';
import { EGRESS_SETTINGS, egressOf } from '#platform/egress-settings';
import { namedText } from './files';
import { type Io, UsageError } from './io';

/** What somebody gives who looks at mail hosts, or mails, from here. */
export interface MailTools {
  resolver: string;
  name?: string;
  permit?: string;
  ca?: string;
}

/** With what mail hosts are rung from this machine. @throws UsageError */
export function mailTools(io: Io, { resolver, name = hostname(), permit, ca }: MailTools): Omit<MailerOptions, 'policies'> {
  if (isIP(resolver) === 0) throw new UsageError(['--resolver is no address'], 'Give an address, like 127.0.0.1.');
  if (!isHost(name)) throw new UsageError([`this machine’s name, ${JSON.stringify(name)}, is not one that a mail host takes`], 'Give one with --name, like mail.gateway.example.');
  const [network] = permit === undefined ? [] : EGRESS_SETTINGS.WAYBILL_EGRESS_PERMIT.faultsOf(permit);
  if (network) throw new UsageError([`--permit: ${network.says}`], `${network.fix}.`);
  const authorities = ca === undefined ? undefined : namedText(io, ca, 'the file that holds the authorities');
  return { resolver: new Resolver({ host: resolver }), egress: egressOf({ WAYBILL_EGRESS_PERMIT: permit, WAYBILL_EGRESS_CA_FILE: authorities }), now: io.now, name, ...(authorities ? { authorities } : {}) };
}

/** What stands behind the @. @throws UsageError */
export function mailDomain(text: string): string {
  const read = readAddress(`postmaster@${text}`);
  if (!read.ok) throw new UsageError([`${JSON.stringify(text)} is no mail domain`], 'Give what stands behind the @, in plain ASCII, like merebrook.example.');
  return read.address.domain;
}

/** Patterns of hosts, as a policy has them. @throws UsageError */
export function hostPatterns(patterns: readonly string[]): readonly string[] {
  if (!patterns.every((pattern) => isHost(pattern.replace(/^\*\./, '')))) throw new UsageError(['--host is no host name'], 'Give a host name, or *. and one: *.mail.example.');
  return patterns;
}
