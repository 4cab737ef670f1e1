import { nearest, readLines, told } from './settings-file';

const faultOf = (text: string): string => readLines('gateway.env', text).faults.map(told).join('\n');

test('lines are NAME=value; comments and empty lines are passed over, and each keeps its place', () => {
  const { lines, faults } = readLines('gateway.env', '# of the gateway\n\nWAYBILL_PORT=8443\r\nWAYBILL_ORIGIN=https://gateway.example\n');
  expect(faults).toEqual([]);
  expect(lines).toEqual([
    { name: 'WAYBILL_PORT', value: '8443', at: { file: 'gateway.env', line: 3 } },
    { name: 'WAYBILL_ORIGIN', value: 'https://gateway.example', at: { file: 'gateway.env', line: 4 } },
  ]);
});

test.each([
  ['a shell script', 'export WAYBILL_PORT=1', /^gateway\.env:1: this is not NAME=value/],
  ['a space before the equals sign', 'WAYBILL_PORT =1', /^gateway\.env:1: this is not NAME=value/],
  ['YAML', '#\nport: hunter2', /^gateway\.env:2: this is not NAME=value/],
  ['nothing behind the equals sign', 'WAYBILL_PORT=', /WAYBILL_PORT is empty/],
  ['a space at the end, which one reader keeps', 'WAYBILL_PORT=1 ', /space before or after/],
  ['quotes, which one reader takes away and another keeps', 'WAYBILL_PORT="hunter2"', /a quote, a dollar sign or a backslash/],
  ['what compose would replace', 'WAYBILL_PORT=$hunter2', /a quote, a dollar sign or a backslash/],
  ['a comment that would become part of the value', 'WAYBILL_PORT=hunter2 # a port', /a comment behind its value/],
  ['letters that are not ASCII', 'WAYBILL_PORT=hunter2é', /plain characters/],
  ['the same name again', 'A=1\nB=2\nA=hunter2', /^gateway\.env:3: A is set twice, in line 1 as well\. Take one of the two lines out$/],
])('what systemd, compose and a shell read differently is refused: %s', (_, text, expected) => {
  expect(faultOf(text)).toMatch(expected);
  expect(faultOf(text)).not.toContain('hunter2');
});

test('a name that is none is told with the nearest that is one', () => {
  expect(nearest('WAYBILL_SPOL', ['WAYBILL_SPOOL', 'WAYBILL_PORT', 'WAYBILL_HOST'])).toBe('WAYBILL_SPOOL');
  expect(nearest('X', [])).toBeUndefined();
});
