import { merged } from '#directory/tls-heard';
import { type PolicyReported, readReport, REPORT_FAULTS, type TlsReport } from '#mail/tls/reading';
import { TLS_RESULTS, type TlsPolicy } from '#mail/tls/results';
import { type Finding, green, type Line, red } from '../doctor/check';
import { named } from '../files';
import { type Io, UsageError } from '../io';

const UNDER: Record<TlsPolicy, string> = { sts: 'MTA-STS', tlsa: 'DANE', 'no-policy-found': 'no policy' };

/** Reports in files that somebody named, each once. @throws UsageError naming the file and what in it is wrong, with no word of what stands there */
export function reportsIn(io: Io, files: readonly string[]): TlsReport[] {
  const reports = files.map((file) => {
    const read = readReport(named(io, file, 'the file of a report, such as report.json.gz'));
    if (read.ok) return read.report;
    const { says, fix } = REPORT_FAULTS[read.fault];
    throw new UsageError([`${file}: ${says}${read.at === undefined ? '' : ` (at ${read.at === '' ? 'its top' : read.at})`}`], fix);
  });
  return [...new Map(reports.map((report) => [report.digest, report])).values()];
}

/** What reports say of a domain, by policy and kind of failure, with what to do. Red wherever TLS failed: mail to it waits there, at somebody’s. */
export const reportLines = (reported: readonly PolicyReported[]): Line[] => merged(reported).flatMap((each) => findings(each).map((finding) => ({ about: each.domain, ...finding })));

function findings({ policy, succeeded, failed, failures }: PolicyReported): Finding[] {
  const under = UNDER[policy];
  if (failed === 0) return [green(`${under}: TLS held ${succeeded} times, and never failed`)];
  const told = failures.map(({ result, sessions }) => red(`${under}: ${sessions} times ${TLS_RESULTS[result].says} (${result})`, TLS_RESULTS[result].fix));
  return told.length > 0 ? told : [red(`${under}: it failed ${failed} times, and the report does not say how`, TLS_RESULTS['validation-failure'].fix)];
}
