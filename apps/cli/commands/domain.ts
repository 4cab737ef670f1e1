import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { readAddress } from '#mail/address';
import { postureOf } from '#mail/probing';
import { Resolver } from '#mail/resolver';
import { isHost } from '#mail/sts';
import { EGRESS_SETTINGS, egressOf } from '#platform/egress-settings';
import { command, type Common, group, running, type Setting } from '../command';
import { diagnosis, examine } from '../doctor/check';
import { DOMAIN_CHECKS } from '../domain/checks';
import type { Result } from '../ending';
import { namedText } from '../files';
import { type Io, UsageError } from '../io';

interface Options extends Common {
  resolver: string;
  name?: string;
  host?: string[];
  permit?: string;
  ca?: string;
}

/** `waybill domain check`: whether sealed mail could go to a domain now, and what mends it where not. */
export const domainCommand = (setting: Setting): Command =>
  group('domain', 'Look at mail domains.').addCommand(
    command('check', 'Look whether a mail domain is secure: its hosts, the versions of TLS that each takes, MTA-STS, DANE, DMARC, TLS-RPT. Sends nothing.', 'waybill domain check merebrook.example')
      .argument('<domain>', 'what stands behind the @')
      .option('--resolver <address>', 'a resolver that validates DNSSEC; its word counts only when it runs on this machine', '127.0.0.1')
      .option('--name <host>', 'the name that mail hosts are told (absent: this machine’s)')
      .option('--host <pattern...>', 'hosts that the co-ordinator recorded for the domain, such as *.mail.example')
      .option('--permit <networks>', 'private networks (CIDR, with commas between them) that may be reached')
      .option('--ca <file>', 'authorities (PEM) that are trusted beside the machine’s own')
      .action((domain: string, options: Options) => running(setting, options, () => checking(setting.io, domain, options))));

async function checking(io: Io, text: string, { resolver, name = hostname(), host, permit, ca }: Options): Promise<Result> {
  const read = readAddress(`postmaster@${text}`);
  if (!read.ok) throw new UsageError([`${JSON.stringify(text)} is no mail domain`], 'Give what stands behind the @, in plain ASCII, like merebrook.example.');
  if (isIP(resolver) === 0) throw new UsageError(['--resolver is no address'], 'Give an address, like 127.0.0.1.');
  if (!isHost(name)) throw new UsageError([`this machine’s name, ${JSON.stringify(name)}, is not one that a mail host takes`], 'Give one with --name, like mail.gateway.example.');
  if (host && !host.every((pattern) => isHost(pattern.replace(/^\*\./, '')))) throw new UsageError(['--host is no host name'], 'Give a host name, or *. and one: *.mail.example.');
  const [network] = permit === undefined ? [] : EGRESS_SETTINGS.WAYBILL_EGRESS_PERMIT.faultsOf(permit);
  if (network) throw new UsageError([`--permit: ${network.says}`], `${network.fix}.`);
  const authorities = ca === undefined ? undefined : namedText(io, ca, 'the file that holds the authorities');
  const egress = egressOf({ WAYBILL_EGRESS_PERMIT: permit, WAYBILL_EGRESS_CA_FILE: authorities });
  const posture = await postureOf(read.address.domain, {
    resolver: new Resolver({ host: resolver }), egress, now: io.now, name, policies: { get: () => Promise.resolve(undefined), put: () => Promise.resolve() },
    ...(host ? { recorded: host } : {}), ...(authorities ? { authorities } : {}),
  });
  return diagnosis(await examine(DOMAIN_CHECKS, posture));
}
