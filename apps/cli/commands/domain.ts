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
import type * as Operator from '../operator/domains';
import { namedText } from '../files';
import { type Io, UsageError } from '../io';

interface Options extends Common {
  resolver: string;
  name?: string;
  host?: string[];
  permit?: string;
  ca?: string;
}

// The database's library takes a second to load: whoever only looks at a domain does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const operator = (): typeof Operator => require('../operator/domains') as typeof Operator;

/** `waybill domain check`: whether sealed mail could go to a domain now, and what mends it where not. `record` and `list` are the operator's, on the co-ordinator's word. */
export const domainCommand = (setting: Setting): Command =>
  group('domain', 'Look at mail domains, and record which hosts are theirs.').addCommand(
    command('check', 'Look whether a mail domain is secure: its hosts, the versions of TLS that each takes, MTA-STS, DANE, DMARC, TLS-RPT. Sends nothing.', 'waybill domain check merebrook.example')
      .argument('<domain>', 'what stands behind the @')
      .option('--resolver <address>', 'a resolver that validates DNSSEC; its word counts only when it runs on this machine', '127.0.0.1')
      .option('--name <host>', 'the name that mail hosts are told (absent: this machine’s)')
      .option('--host <pattern...>', 'hosts that the co-ordinator recorded for the domain, such as *.mail.example')
      .option('--permit <networks>', 'private networks (CIDR, with commas between them) that may be reached')
      .option('--ca <file>', 'authorities (PEM) that are trusted beside the machine’s own')
      .action((domain: string, options: Options) => running(setting, options, () => checking(setting.io, domain, options))),
  ).addCommand(
    command('record', 'Record which hosts are an organisation’s mail domain’s, as the co-ordinator made sure of. Without --host the domain has to prove them itself.', 'waybill domain record brook-lane-surgery brook-lane.example --host *.mail.example')
      .argument('<agency>').argument('<domain>', 'what stands behind the @')
      .option('--host <pattern...>', 'host names, or *. and one').option('--government', 'it is one of government secure email')
      .action((agency: string, domain: string, options: Common & { host?: string[]; government?: boolean }) => running(setting, options, () => operator().record(setting.io, { ...options, agency, domain }))),
  ).addCommand(
    command('list', 'List the mail domains of the directory, with how each was last found; those first that are not secure.', 'waybill domain list')
      .option('--agency <id>', 'of this organisation alone')
      .action((options: Common & { agency?: string }) => running(setting, options, () => operator().list(setting.io, options))),
  );

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
