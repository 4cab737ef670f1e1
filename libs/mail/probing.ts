import type { SecureVersion } from 'node:tls';
import { askForTls, type MailerOptions, SMTP_PORT } from './delivery';
import { recordsOf } from './domain';
import { MailFailed, type MailFault } from './faults';
import { addressesOf } from './reaching';
import { type DomainRecords, type DomainRules, type Found, type HostRule, requirement } from './requirement';
import { SmtpConnection } from './smtp/connection';

export const VERSIONS = { '1.0': 'TLSv1', '1.1': 'TLSv1.1', '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' } as const satisfies Record<string, SecureVersion>;
export type TlsTried = keyof typeof VERSIONS;

/** What a mail host was found to do. */
export interface ProbedHost {
  host: string;
  /** What would keep a message from going to it now. */
  fault?: MailFault;
  /** Versions of TLS that it takes, oldest first. */
  versions: readonly TlsTried[];
}

/** All that is found out of a mail domain. Nothing is sent. */
export interface Posture {
  domain: string;
  records: DomainRecords;
  rules: DomainRules;
  hosts: readonly ProbedHost[];
  dmarc: Found<string>;
  tlsRpt: Found<string>;
}

/** Looks a domain up and rings each of its hosts, as a message would, as far as TLS. */
export async function postureOf(domain: string, options: MailerOptions & { recorded?: readonly string[] }): Promise<Posture> {
  const [found, dmarc, tlsRpt] = await Promise.all([recordsOf(domain, options), options.resolver.ask(`_dmarc.${domain}`, 'TXT'), options.resolver.ask(`_smtp._tls.${domain}`, 'TXT')]);
  const records = { ...found, ...(options.recorded ? { recorded: options.recorded } : {}) };
  const rules = requirement(records);
  return { domain, records, rules, hosts: await Promise.all((rules.ok ? rules.hosts : []).map((rule) => probed(rule, options))), dmarc, tlsRpt };
}

async function probed(rule: HostRule, { resolver, egress, name, now, authorities, port = SMTP_PORT }: MailerOptions): Promise<ProbedHost> {
  const at = await addressesOf(rule.host, { resolver, egress });
  if ('fault' in at) return { host: rule.host, fault: at.fault, versions: [] };
  const [address] = at.addresses as [string, ...string[]];
  const ring = async <T>(work: (connection: SmtpConnection) => Promise<T>): Promise<T | MailFault> => {
    let connection: SmtpConnection | undefined;
    try {
      connection = await SmtpConnection.to({ address, port });
      await askForTls(connection, name);
      return await work(connection);
    } catch (error) {
      if (error instanceof MailFailed) return error.fault;
      throw error;
    } finally {
      connection?.close();
    }
  };
  const went = await ring((connection) => connection.secure(rule, { now: now(), ...(authorities ? { authorities } : {}) }));
  const versions: TlsTried[] = [];
  // One after the other: hosts take it ill when somebody rings on many lines.
  for (const tried of Object.keys(VERSIONS) as TlsTried[]) if (await ring((connection) => connection.takes(VERSIONS[tried])) === true) versions.push(tried);
  return { host: rule.host, ...(typeof went === 'string' ? { fault: went } : {}), versions };
}
