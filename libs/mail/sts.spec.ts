import { matchesPattern, readStsPolicy, readStsRecord } from './sts';

// RFC 8461, 3.1 and 3.2: its own examples, and what it says of each field.

const POLICY = 'version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n';

test.each([
  [['v=STSv1; id=20160831085700Z;'], '20160831085700Z'], [['v=STSv1;id=1'], '1'], [['v=STSv1; id=20160831085700Z; further=x'], '20160831085700Z'], [['v=spf1 -all', 'v=STSv1; id=a;'], 'a'],
])('the record %j has the id %s', (texts, id) => expect(readStsRecord(texts)).toBe(id));

test.each([[[]], [['v=STSv1']], [['v=STSv1;']], [['v=STSv1; id=;']], [['v=STSv1; id=a-b;']], [['v=STSv1; id=a; id=b;']], [['v=STSv1; id=a;', 'v=STSv1; id=a;']], [['v=STSv2; id=a;']], [['id=a; v=STSv1;']], [[`v=STSv1; id=${'a'.repeat(33)};`]]])('the record %j announces nothing', (texts) => expect(readStsRecord(texts)).toBeUndefined());

test('the example of the RFC is read', () => {
  expect(readStsPolicy(POLICY)).toEqual({ mode: 'enforce', mx: ['mail.example.com', '*.example.net', 'backupmx.example.com'], maxAge: 604_800 });
});

test.each([
  ['lines that end in LF', POLICY.replaceAll('\r', '')], ['no end of its last line', POLICY.trimEnd()], ['a field that nobody knows', `${POLICY}further_1: x y\r\n`], ['another order', POLICY.replace('mode: enforce\r\n', '') + 'mode: enforce\r\n'], ['no blanks', POLICY.replaceAll(': ', ':')],
])('with %s it is the same', (_what, text) => expect(readStsPolicy(text)).toEqual(readStsPolicy(POLICY)));

test.each([
  ['no version', POLICY.replace('version: STSv1\r\n', '')], ['another version', POLICY.replace('STSv1', 'STSv2')], ['no mode', POLICY.replace('mode: enforce\r\n', '')], ['a mode that nobody knows', POLICY.replace('enforce', 'Enforce')],
  ['two modes', `${POLICY}mode: none\r\n`], ['no age', POLICY.replace(/max_age.*\r\n/, '')], ['an age over a year', POLICY.replace('604800', '31557601')], ['an age below nothing', POLICY.replace('604800', '-1')], ['two ages', `${POLICY}max_age: 0\r\n`],
  ['no host', POLICY.replace(/mx: .*\r\n/g, '')], ['a star within', POLICY.replace('*.example.net', 'a*.example.net')], ['a star alone', POLICY.replace('*.example.net', '*')], ['two stars', POLICY.replace('*.', '*.*.')], ['a pattern over a whole top', POLICY.replace('*.example.net', '*.net')],
  ['an address', POLICY.replace('*.example.net', '192.0.2.1')], ['a bare CR', POLICY.replace('\r\n', '\r')], ['what is not ASCII', POLICY.replace('mail.', 'mäil.')], ['a line without a field', `${POLICY}<html>\r\n`], ['a blank before the colon', POLICY.replace('mode:', 'mode :')], ['nothing', ''],
  ['more hosts than any domain has', POLICY + 'mx: a.example\r\n'.repeat(64)], ['more than is read', POLICY + 'x: y\r\n'.repeat(20_000)],
])('with %s it is no policy', (_what, text) => expect(readStsPolicy(text)).toBeUndefined());

test('a policy that takes itself back needs no host', () => expect(readStsPolicy('version: STSv1\nmode: none\nmax_age: 86400\n')).toEqual({ mode: 'none', mx: [], maxAge: 86_400 }));

test.each<[string, string, boolean]>([
  ['mail.example.com', 'mail.example.com', true], ['mail.example.com', 'mx.mail.example.com', false], ['*.example.com', 'mail.example.com', true], ['*.example.com', 'example.com', false], ['*.example.com', 'a.mail.example.com', false], ['*.example.com', '.example.com', false], ['*.example.com', 'mailexample.com', false],
])('%s matches %s: %s', (pattern, host, matches) => expect(matchesPattern(pattern, host)).toBe(matches));
