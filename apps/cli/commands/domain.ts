import type { Command } from 'commander';
import { postureOf } from '#mail/probing';
import { command, type Common, group, running, type Setting } from '../command';
import { diagnosis, examine } from '../doctor/check';
import { DOMAIN_CHECKS } from '../domain/checks';
import { reportLines, reportsIn } from '../domain/reports';
import type { Result } from '../ending';
import type * as Operator from '../operator/domains';
import type { Io } from '../io';
import { hostPatterns, mailDomain, mailTools, type MailTools } from '../mail-tools';

interface Options extends Common, MailTools {
  host?: string[];
}

// The database's library takes a second to load: whoever only looks at a domain does not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const operator = (): typeof Operator => require('../operator/domains') as typeof Operator;

/** `waybill domain check`: whether sealed mail could go to a domain now, and what mends it where not. `record` and `list` are the operator's, on the co-ordinator's word; `reports` tells what others say of it. */
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
  ).addCommand(
    command('reports', 'Read what others report on TLS with a mail domain (RFC 8460): files of theirs, or, without any, what came by mail. What failed is told with what mends it.', 'waybill domain reports\nwaybill domain reports report.json.gz --keep')
      .argument('[file...]', 'application/tlsrpt+json or +gzip')
      .option('--keep', 'keep them with those that came by mail, and have the courier look at what failed')
      .action((files: string[], options: Common & { keep?: boolean }) => running(setting, options, () => reporting(setting.io, files, options))),
  );

async function reporting(io: Io, files: readonly string[], { keep = false }: { keep?: boolean }): Promise<Result> {
  if (files.length === 0) return operator().heardReports(io);
  return keep ? operator().keepReports(io, files) : diagnosis(reportLines(reportsIn(io, files).flatMap(({ policies }) => policies)));
}

async function checking(io: Io, text: string, { host, ...tools }: Options): Promise<Result> {
  const posture = await postureOf(mailDomain(text), {
    ...mailTools(io, tools), policies: { get: () => Promise.resolve(undefined), put: () => Promise.resolve() }, ...(host ? { recorded: hostPatterns(host) } : {}),
  });
  return diagnosis(await examine(DOMAIN_CHECKS, posture));
}
