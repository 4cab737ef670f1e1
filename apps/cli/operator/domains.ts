import { saysOf } from '#directory/domains';
import { domainOf } from '#directory/facts';
import { MailDomainRow } from '#directory/rows';
import { heard, heardOf } from '#directory/tls-heard';
import { diagnosis } from '../doctor/check';
import { reportLines, reportsIn } from '../domain/reports';
import type { Result } from '../ending';
import type { Io } from '../io';
import { hostPatterns, mailDomain } from '../mail-tools';
import { withDirectory } from './opened';

// What the co-ordinator makes sure of about mail domains, and how the courier found them.

export interface DomainTold {
  agency: string;
  domain: string;
  hosts: string[];
  government: boolean;
  /** What each of its hosts takes; absent: it was never found to be secure. */
  tls?: string;
  foundAt?: string;
  lapsedAt?: string;
  /** It is no secure domain: nothing is sent there. */
  secure: boolean;
  because?: string;
}

export function domainTold(row: MailDomainRow, at: Date): DomainTold {
  const { lapsed = false } = domainOf(row, at);
  return {
    agency: row.agency, domain: row.domain, hosts: row.hosts, government: row.government, ...(row.tls ? { tls: row.tls } : {}), ...(row.found_at ? { foundAt: row.found_at.toISOString() } : {}),
    ...(row.lapsed_at ? { lapsedAt: row.lapsed_at.toISOString() } : {}), secure: !lapsed, ...(row.fault ? { because: saysOf(row.fault) } : {}),
  };
}

export const domainLine = ({ domain, tls, secure, foundAt, lapsedAt, because, hosts }: DomainTold): string =>
  `${domain}  ${secure ? `secure, TLS ${tls ?? ''}, found ${foundAt?.slice(0, 10) ?? ''}` : `NOT SECURE${lapsedAt ? ` since ${lapsedAt.slice(0, 10)}` : ''}: ${because ?? 'it has not been looked at lately; is a courier running that sends mail?'}`}${hosts.length > 0 ? `; recorded ${hosts.join(' ')}` : ''}`;

/** Records which hosts are a domain's. Without any, the domain has to prove them itself (MTA-STS or DANE). */
export async function record(io: Io, { agency: id, domain: text, host = [], government = false }: { agency: string; domain: string; host?: string[]; government?: boolean }): Promise<Result> {
  const [domain, hosts] = [mailDomain(text), hostPatterns(host.map((pattern) => pattern.toLowerCase()))];
  await withDirectory(io, async ({ registrar, agency }) => {
    await agency(id);
    await registrar.recordDomain(id, { domain, hosts, government });
  });
  return { ending: 'done', data: { agency: id, domain, hosts, government }, text: `${domain} is recorded for ${id}. The courier looks at it now: waybill domain list.` };
}

/** Every recorded mail domain, those first that are not secure. */
export async function list(io: Io, { agency: id }: { agency?: string }): Promise<Result> {
  return withDirectory(io, async ({ database, agency }) => {
    if (id !== undefined) await agency(id);
    const rows = await database.source.manager.find(MailDomainRow, { ...(id === undefined ? {} : { where: { agency: id } }), order: { agency: 'ASC', domain: 'ASC' } });
    const domains = rows.map((row) => domainTold(row, io.now())).sort((a, b) => Number(a.secure) - Number(b.secure));
    const text = domains.length === 0 ? 'No mail domain is recorded.' : domains.map((each) => `${each.agency}  ${domainLine(each)}`).join('\n');
    return { ending: 'done', data: { domains }, text };
  });
}

/** What others said lately of how TLS went with our domains and those of the directory, as it came by mail or was kept. */
export const heardReports = (io: Io): Promise<Result> => withDirectory(io, async ({ database }) => {
  const lines = reportLines(await database.transaction((tx) => heardOf(tx, io.now())));
  return lines.length > 0 ? diagnosis(lines) : { ending: 'done', data: { lines }, text: 'Nobody has reported on TLS lately: publish _smtp._tls with rua= (RFC 8460), and have its mail brought to waybill mail take.' };
});

/** Keeps reports that somebody fetched elsewhere. What failed has the courier look at the domain, where the directory has it. */
export const keepReports = (io: Io, files: readonly string[]): Promise<Result> => withDirectory(io, async ({ database }) => {
  const reports = reportsIn(io, files);
  for (const report of reports) await database.transaction((tx) => heard(tx, report, { own: report.policies.map(({ domain }) => domain), at: io.now() }));
  return diagnosis(reportLines(reports.flatMap(({ policies }) => policies)));
});
