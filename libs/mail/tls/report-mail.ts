import type { MailAddress } from '../address';
import { writtenAddress } from '../address';
import { base64, lines, multipart } from '../message';
import { type DkimKey, signed } from './dkim';
import { type About, reportFileName, reportId } from './report';

const BOUNDARY = '=_waybill_tlsrpt';

/**
 * A report as a mail (RFC 8460, 5.3), signed as that section wants it: else whoever gets it may take it for anybody's.
 *
 * @param report as `reportFile` made it
 */
export function reportMail(about: About, report: Uint8Array, { from, to, at, key }: { from: MailAddress; to: MailAddress; at: Date; key: DkimKey }): Buffer {
  const { domain, submitter } = about;
  const name = reportFileName(about);
  const headers = [
    `From: <${writtenAddress(from)}>`, `To: <${writtenAddress(to)}>`, `Date: ${at.toUTCString().replace('GMT', '+0000')}`, `Message-ID: <${reportId(about)}>`,
    `Subject: Report Domain: ${domain}`, ` Submitter: ${submitter}`, ` Report-ID: <${reportId(about)}>`,
    `TLS-Report-Domain: ${domain}`, `TLS-Report-Submitter: ${submitter}`, 'MIME-Version: 1.0', 'Auto-Submitted: auto-generated', `Content-Type: multipart/report; report-type="tlsrpt"; boundary="${BOUNDARY}"`,
  ];
  const body = multipart(BOUNDARY, [
    ['Content-Type: text/plain; charset=us-ascii', '', `An aggregate report on TLS with ${domain}, for ${about.day}.`, ''],
    ['Content-Type: application/tlsrpt+gzip', `Content-Disposition: attachment; filename="${name}"`, 'Content-Transfer-Encoding: base64', '', ...base64(report)],
  ]);
  return lines([...signed(headers, body, { domain: from.domain, key }), '', ...body]);
}
