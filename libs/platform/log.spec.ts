import { admitted, openLog } from './log';

test('a log line holds only fields of the list, each in its shape', () => {
  expect(admitted({ agency: 'st-brigid-primary', status: 202, name: 'Jane Doe', code: 'NO_PURPOSE' })).toEqual({ agency: 'st-brigid-primary', status: 202, code: 'NO_PURPOSE', withheld: 1 });
  expect(admitted({ code: 'Jane Doe, 4 Mill Lane\n{"level":"error"}', __proto__: 1, route: '/v1/shares/{id}' })).toEqual({ route: '/v1/shares/{id}', withheld: 1 });
});

test('control characters and forged lines cannot get in', () => {
  const lines: string[] = [];
  const log = openLog('gateway', { write: (line: string) => void lines.push(line) });
  log.write('info', 'share.accepted', { agency: 'x\n{"level":"error"}' as never, share: '01890a5d-ac96-774b-bcce-b302099a8057' });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'share.accepted', withheld: 1 });
});
