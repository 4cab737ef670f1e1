import { readStaff } from './staff-file';

const VALID = `
format: waybill-staff/1
agency: merebrook-council
staff:
  - staff: mc-014
    name: Łucja Ŵyn-Jones
    roles: [front-door-worker]
    contacts: [front-door]
    signsIn: { issuer: https://identity.example, subject: 8c1f }
    check: { on: 2025-02-01, until: 2028-02-01 }
    training: [{ kind: front-door-guidance, on: 2025-03-01 }]
    secondFactor: true
    from: 2025-01-01
rota:
  - { contact: front-door, staff: mc-014, from: 2026-01-05T08:00:00Z, until: 2026-01-05T16:00:00Z }
desks:
  - { contact: front-door, targets: { red: { hours: 2 }, green: { workingDays: 5 } }, atWork: { days: [1, 2, 3, 4, 5, 6], from: '08:00', to: '18:00' } }
`;

test('a file of staff is read with names as they are written', () => {
  const reading = readStaff(VALID);
  expect(reading).toMatchObject({ ok: true, file: { agency: 'merebrook-council', staff: [{ staff: 'mc-014', name: 'Łucja Ŵyn-Jones' }], rota: [{ staff: 'mc-014' }], desks: [{ contact: 'front-door', targets: { red: { hours: 2 } } }] } });
});

test.each<[string, (text: string) => string, string, RegExp]>([
  ['an id that could be a name', (text) => text.replaceAll('mc-014', 'lucja-jones'), '/staff/0/staff', /letters and a number/],
  ['a role that nobody has here', (text) => text.replace('[front-door-worker]', '[administrator]'), '/staff/0/roles', /must be one of front-door-worker/],
  ['nobody’s role', (text) => text.replace('[front-door-worker]', '[]'), '/staff/0/roles', /./],
  ['a provider without TLS', (text) => text.replace('https://identity', 'http://identity'), '/staff/0/signsIn/issuer', /https address/],
  ['a training that no agreement asks for', (text) => text.replace('kind: front-door-guidance', 'kind: juggling'), '/staff/0/training/0/kind', /must be one of/],
  ['a check on no day of the calendar', (text) => text.replace('on: 2025-02-01', 'on: 2025-02-30'), '/staff/0/check/on', /day/],
  ['a turn that ends before it begins', (text) => text.replace('until: 2026-01-05T16', 'until: 2026-01-05T06'), '/rota/0', /ends before it begins/],
  ['a target that is two spans at once', (text) => text.replace('{ hours: 2 }', '{ hours: 2, workingDays: 1 }'), '/desks/0/targets/red', /one of hours/],
  ['a target of no time', (text) => text.replace('{ hours: 2 }', '{ hours: 0 }'), '/desks/0/targets/red/hours', /./],
  ['a desk that closes before it opens', (text) => text.replace("to: '18:00'", "to: '07:00'"), '/desks/0/atWork', /ends before it begins/],
  ['an eighth day of the week', (text) => text.replace('5, 6]', '5, 8]'), '/desks/0/atWork/days', /./],
  ['what no file of staff has', (text) => text.replace('secondFactor: true', 'secondFactor: true\n    born: 1980-01-01'), '/staff/0', /does not know/],
])('refuses %s, with its place', (_, change, pointer, says) => {
  const reading = readStaff(change(VALID));
  expect(reading.ok ? [] : reading.faults).toEqual(expect.arrayContaining([{ pointer, says: expect.stringMatching(says) }]));
});

test('two who would sign in as one are refused', () => {
  const second = VALID.split('\n').slice(4, 13).join('\n').replace('mc-014', 'mc-015');
  const reading = readStaff(VALID.replace('\nrota:', `\n${second}\nrota:`));
  expect(reading.ok ? [] : reading.faults).toEqual([{ pointer: '/staff', says: 'has two who sign in as one' }]);
});
