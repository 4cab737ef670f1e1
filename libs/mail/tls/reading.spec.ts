import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { LARGEST_REPORT, readReport } from './reading';
import { readReportRecord } from './record';
import { type Counted, reportFile, reportFileName, reportOf } from './report';
import { TLS_RESULTS } from './results';
import { failedAt, failedBefore, foundAt, heldAt } from './sessions';

// RFC 8460: its own example, and what it says of each field.

const EXAMPLE = {
  'organization-name': 'Company-X', 'date-range': { 'start-datetime': '2016-04-01T00:00:00Z', 'end-datetime': '2016-04-01T23:59:59Z' }, 'contact-info': 'sts-reporting@company-x.example', 'report-id': '5065427c-23d3-47ca-b6e0-946ea0e8c4be',
  policies: [{
    policy: { 'policy-type': 'sts', 'policy-string': ['version: STSv1', 'mode: testing', 'mx: *.mail.company-y.example', 'max_age: 86400'], 'policy-domain': 'company-y.example', 'mx-host': ['*.mail.company-y.example'] },
    summary: { 'total-successful-session-count': 5326, 'total-failure-session-count': 303 },
    'failure-details': [
      { 'result-type': 'certificate-expired', 'sending-mta-ip': '2001:db8:abcd:0012::1', 'receiving-mx-hostname': 'mx1.mail.company-y.example', 'failed-session-count': 100 },
      { 'result-type': 'starttls-not-supported', 'sending-mta-ip': '2001:db8:abcd:0013::1', 'receiving-mx-hostname': 'mx2.mail.company-y.example', 'receiving-ip': '203.0.113.56', 'failed-session-count': 200, 'additional-information': 'https://reports.company-x.example/report_info?id=5065427c-23d3#StarttlsNotSupported' },
      { 'result-type': 'validation-failure', 'sending-mta-ip': '198.51.100.62', 'receiving-ip': '203.0.113.58', 'receiving-mx-hostname': 'mx-backup.mail.company-y.example', 'failed-session-count': 3, 'failure-reason-code': 'X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED' },
    ],
  }],
};
type Example = typeof EXAMPLE;
const octets = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const bent = (change: (report: Example) => unknown): Buffer => {
  const report = structuredClone(EXAMPLE);
  change(report);
  return octets(report);
};
const [POLICY] = EXAMPLE.policies as [Example['policies'][0]];

test('the example of the RFC is read, packed or not, and of what it says nothing is kept but counts and codes', () => {
  const read = readReport(octets(EXAMPLE));
  expect(read).toMatchObject({ ok: true, report: { from: new Date('2016-04-01T00:00:00Z'), policies: [{ domain: 'company-y.example', policy: 'sts', succeeded: 5326, failed: 303, failures: [{ result: 'certificate-expired', sessions: 100 }, { result: 'starttls-not-supported', sessions: 200 }, { result: 'validation-failure', sessions: 3 }] }] } });
  expect(readReport(gzipSync(octets(EXAMPLE)))).toEqual(read);
  expect(JSON.stringify(read)).not.toMatch(/Company-X|sts-reporting|203\.0\.113|X509/);
});

test.each([
  ['a field that nobody knows', bent((report) => Object.assign(report, { more: { deep: [1] } }))], ['an offset of time', bent((report) => (report['date-range']['end-datetime'] = '2016-04-02T00:59:59+01:00'))],
  ['no failures', bent((report) => delete (report.policies[0] as Partial<typeof POLICY>)['failure-details'])],
])('with %s it is a report', (_what, given) => expect(readReport(given).ok).toBe(true));

test('a kind of failure that nobody knows is a failure all the same', () => {
  expect(readReport(bent((report) => (POLICY['failure-details'], (report.policies[0] as typeof POLICY)['failure-details'].forEach((each) => (each['result-type'] = 'made-up-by-x')))))).toMatchObject({ report: { policies: [{ failures: [{ result: 'validation-failure', sessions: 303 }] }] } });
});

const first = (report: Example): typeof POLICY => report.policies[0] as typeof POLICY;
test.each<[string, Buffer, string, string?]>([
  ['nothing', Buffer.alloc(0), 'not-json'], ['a mail', Buffer.from('From: x\r\n\r\n{}'), 'not-json'], ['a list', octets([]), 'not-a-report', ''], ['half a gzip', gzipSync(octets(EXAMPLE)).subarray(0, 60), 'not-unpacked'],
  ['more than is read', Buffer.alloc(LARGEST_REPORT + 1, ' '), 'too-large'], ['a bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')), 'not-unpacked'], ['what is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not-json'],
  ['no range', bent((report) => delete (report as Partial<Example>)['date-range']), 'not-a-report', 'date-range'], ['a range backwards', bent((report) => (report['date-range']['end-datetime'] = '2016-03-01T00:00:00Z')), 'not-a-report', 'date-range'],
  ['a range of a year', bent((report) => (report['date-range']['end-datetime'] = '2017-04-01T00:00:00Z')), 'not-a-report', 'date-range'], ['a day for an instant', bent((report) => (report['date-range']['start-datetime'] = '2016-04-01')), 'not-a-report', 'date-range/start-datetime'],
  ['no id', bent((report) => (report['report-id'] = '')), 'not-a-report', 'report-id'], ['a policy that nobody knows', bent((report) => (first(report).policy['policy-type'] = 'spf')), 'not-a-report', 'policies/0/policy/policy-type'],
  ['a domain that is none', bent((report) => (first(report).policy['policy-domain'] = '../x')), 'not-a-report', 'policies/0/policy/policy-domain'], ['a count below nothing', bent((report) => (first(report).summary['total-failure-session-count'] = -1)), 'not-a-report', 'policies/0/summary/total-failure-session-count'],
  ['a count in words', bent((report) => Object.assign(first(report).summary, { 'total-failure-session-count': '3' })), 'not-a-report', 'policies/0/summary/total-failure-session-count'], ['half a count', bent((report) => (first(report)['failure-details'][0] = { ...(first(report)['failure-details'][0] as object), 'failed-session-count': 0.5 } as never)), 'not-a-report', 'policies/0/failure-details/0/failed-session-count'],
  ['more policies than any sender has', bent((report) => (report.policies = Array.from({ length: 101 }, () => POLICY))), 'not-a-report', 'policies'], ['a sum that no number holds', bent((report) => first(report)['failure-details'].forEach((each) => Object.assign(each, { 'result-type': 'certificate-expired', 'failed-session-count': Number.MAX_SAFE_INTEGER }))), 'not-a-report', 'policies/0/failure-details/1'],
])('%s is no report', (_what, given, fault, at: string | undefined = undefined) => expect(readReport(given)).toEqual({ ok: false, fault, ...(at === undefined ? {} : { at }) }));

test('whatever comes, it is read or it is not: nothing is thrown', () => {
  const anything = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.jsonValue().map((value) => octets(value)), fc.jsonValue().map((value) => octets({ ...EXAMPLE, policies: value })), fc.nat(octets(EXAMPLE).length).map((at) => octets(EXAMPLE).subarray(0, at)));
  fc.assert(fc.property(anything, (given) => typeof readReport(given).ok === 'boolean'));
});

test.each([
  [['v=TLSRPTv1; rua=mailto:reports@example.com'], ['reports@example.com']], [['v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt'], ['https://reporting.example.com/v1/tlsrpt']], [['v=spf1 -all', 'v=TLSRPTv1;rua=mailto:a@b.example'], ['a@b.example']],
  [['v=TLSRPTv1; rua=mailto:a@b.example, https://b.example/'], ['a@b.example', 'https://b.example/']], [['v=TLSRPTv1; ext=x; rua=mailto:a%2Bb@b.example;'], ['a+b@b.example']], [['v=TLSRPTv1; rua=http://b.example/,ftp://c.example/,mailto:"a b"@c.example,mailto:a@c.example?subject=x,mailto:a@d.example'], ['a@d.example']],
  [['v=TLSRPTv1; rua=mailto:a@b.example', 'v=TLSRPTv1; rua=mailto:a@b.example'], []], [['v=TLSRPTv1; rua=mailto:a@b.example; rua=mailto:c@b.example'], []], [['v=TLSRPTv1'], []], [['v=TLSRPTv2; rua=mailto:a@b.example'], []], [['v=TLSRPTv1; rua=mailto:%zz@b.example'], []], [[], []],
  [[`v=TLSRPTv1; rua=${['a', 'b', 'c', 'd'].map((name) => `mailto:${name}@b.example`).join(',')}`], ['a@b.example', 'b@b.example', 'c@b.example']],
])('the record %j names %j', (texts, places) => expect(readReportRecord(texts).map((place) => (place.by === 'https' ? place.url : `${place.address.local}@${place.address.domain}`))).toEqual(places));

const STS = { state: 'held' as const, id: '1', policy: { mode: 'enforce' as const, mx: ['*.b.example'], maxAge: 86_400 } };
const TLSA = { usage: 3, selector: 1, matchingType: 1, data: Buffer.alloc(32, 7) };
const both = { host: 'mx.b.example', proofs: ['dane', 'mta-sts'] as const, certified: true, tlsa: [TLSA] };
const recorded = { host: 'mx.b.example', proofs: ['recorded'] as const, certified: true, tlsa: [] };
const mx = { state: 'found' as const, records: [{ preference: 1, host: 'mx.c.example' }], secure: false };

test('what held counts under each policy that it was held to', () => {
  expect(heldAt(both, STS).map(({ policy, policyId, lines, patterns, result }) => [policy, policyId, lines, patterns, result])).toEqual([
    ['tlsa', expect.stringMatching(/^[0-9a-f]{16}$/), [`3 1 1 ${'07'.repeat(32)}`], [], undefined], ['sts', '1', ['version: STSv1', 'mode: enforce', 'mx: *.b.example', 'max_age: 86400'], ['*.b.example'], undefined],
  ]);
  expect(heldAt(recorded, STS)).toEqual([{ policy: 'no-policy-found', policyId: '', lines: [], patterns: [], host: 'mx.b.example' }]);
});

test.each<[string, ReturnType<typeof failedAt>, string[]]>([
  ['no STARTTLS', failedAt(both, STS, { fault: 'no-starttls' }), ['tlsa starttls-not-supported', 'sts starttls-not-supported']], ['another’s key', failedAt(both, STS, { fault: 'dane-mismatch' }), ['tlsa tlsa-invalid']],
  ['a certificate that ran out', failedAt(both, STS, { fault: 'no-tls', certificate: 'certificate-expired' }), ['sts certificate-expired']], ['no version in common', failedAt(both, STS, { fault: 'no-tls' }), ['tlsa validation-failure', 'sts validation-failure']],
  ['a host of no policy', failedAt(recorded, { state: 'none' }, { fault: 'no-tls', certificate: 'certificate-not-trusted' }), ['no-policy-found certificate-not-trusted']], ['a host that is not reached', failedAt(both, STS, { fault: 'not-reached' }), []], ['a host that takes no mail', failedAt(both, STS, { fault: 'refused' }), []],
  ['a host that no policy knows', failedBefore('not-its-hosts', { mx, sts: STS, tlsa: {} }), ['sts validation-failure']], ['a policy that is not to be had', failedBefore('policy-not-had', { mx, sts: { state: 'failed', why: 'sts-policy-invalid' }, tlsa: {} }), ['sts sts-policy-invalid']],
  ['nobody knows whether there is a policy', failedBefore('policy-not-had', { mx, sts: { state: 'failed' }, tlsa: {} }), []], ['keys that do not validate', failedBefore('dns-failed', { mx, sts: { state: 'none' }, tlsa: {} }), ['tlsa dnssec-invalid']],
  ['nothing that proves it', failedBefore('not-secure', { mx, sts: { state: 'none' }, tlsa: {} }), ['no-policy-found validation-failure']], ['no host', failedBefore('no-mx', { mx, sts: STS, tlsa: {} }), []],
  ['a hop in clear', foundAt({ host: 'mx.b.example' }), ['no-policy-found starttls-not-supported']],
])('%s counts as what the RFC calls it', (_what, sessions, expected) => expect(sessions.map(({ policy, result }) => `${policy} ${result}`)).toEqual(expected));

const ABOUT = { domain: 'b.example', day: '2026-11-29', submitter: 'gateway.example', contact: 'no-reply@gateway.example' };
const COUNTED: Counted[] = [...heldAt(both, STS).map((session) => ({ ...session, sessions: 7 })), ...failedAt(both, STS, { fault: 'no-tls', certificate: 'certificate-expired' }).map((session) => ({ ...session, sessions: 2 }))];

test('what is written of a day is what the RFC has, and reads as what was counted', () => {
  expect(reportFileName(ABOUT)).toBe('gateway.example!b.example!1795910400!1795996799.json.gz');
  expect(reportOf(ABOUT, COUNTED).policies[1]).toEqual({
    policy: { 'policy-type': 'sts', 'policy-string': ['version: STSv1', 'mode: enforce', 'mx: *.b.example', 'max_age: 86400'], 'policy-domain': 'b.example', 'mx-host': ['*.b.example'] },
    summary: { 'total-successful-session-count': 7, 'total-failure-session-count': 2 }, 'failure-details': [{ 'result-type': 'certificate-expired', 'receiving-mx-hostname': 'mx.b.example', 'failed-session-count': 2 }],
  });
  expect(readReport(reportFile(ABOUT, COUNTED))).toMatchObject({ ok: true, report: { from: new Date('2026-11-29T00:00:00Z'), until: new Date('2026-11-29T23:59:59Z'), policies: [{ policy: 'tlsa', succeeded: 7, failed: 0, failures: [] }, { policy: 'sts', succeeded: 7, failed: 2, failures: [{ result: 'certificate-expired', sessions: 2 }] }] } });
});

test('every kind of failure says what mends it', () => {
  for (const { says, fix } of Object.values(TLS_RESULTS)) expect([says.length > 0, fix.endsWith('.')]).toEqual([true, true]);
});
