import * as fc from 'fast-check';
import type { Line } from '#protocol/line';
import type { ManifestBase } from '#protocol/manifest';
import { clearFieldsHiding } from './clear-fields';
import type { SubjectKnown } from './subject';

const SUBJECT: SubjectKnown = { names: ["Zoë O'Neill-Smith", 'Zo Al'], born: ['2015-02-01'], nhsNumbers: ['943 476 5919'], postcodes: ['CH41 1AB'] };
const MANIFEST = {
  format: 'waybill-manifest/1', id: '01890a5d-ac96-774b-bcce-b302099a8057', sender: { agency: 'smith-street-primary', contact: 'safeguarding-lead', role: 'designated-safeguarding-lead' },
  gateway: 'https://gateway.example', created: '2015-02-01T09:30:00Z', agreement: { id: 'example', version: '1' }, purpose: 'front-door-referral', urgency: 'routine',
  informed: { status: 'will-be-informed' }, handling: { doNotTellSubject: true },
} as unknown as ManifestBase;
const line = (reference: string) => [{ recipient: { agency: 'merebrook-council', contact: 'front-door' }, about: 'subject', reference, salt: '20150201'.repeat(4) }] as unknown as Partial<Line>[];
const found = (manifest: Partial<ManifestBase>, lines: readonly Partial<Line>[], known?: ReadonlySet<string>) => clearFieldsHiding(SUBJECT, manifest, lines, known).map(({ field, holds }) => `${field}: ${holds}`);

test('MN-06: initials and a case number pass, and so does a school that is called as the family is', () => {
  expect(found(MANIFEST, line('ZS-2041'))).toEqual([]);
});

test.each<[string, string]>([
  ['ONEILL-1', 'name'], ['AB-SMITH', 'name'], ['ZOE-4', 'name'], ['AB-XSMITHX', 'name'],
  ['AB-20150201', 'date of birth'], ['AB-01/02/2015', 'date of birth'], ['AB-1/2/2015', 'date of birth'], ['AB-010215', 'date of birth'], ['AB-01FEB15', 'date of birth'], ['AB-FEB-1-2015', 'date of birth'],
  ['AB-943476/5919', 'NHS number'], ['AB-CH41/1AB', 'postcode'],
  ['AB-03/04/2011', 'what looks like a date, an NHS number or a postcode'],
])('MN-06: the reference %s holds a %s', (reference, holds) => {
  expect(found(MANIFEST, line(reference))).toEqual([`/lines/0/reference: ${holds}`]);
});

test.each<[string, Partial<ManifestBase>, string[]]>([
  ['a purpose', { purpose: 'help-for-zoe' }, ['/purpose: name']],
  ['a condition', { conditions: ['smith'] }, ['/conditions/0: name']],
  ['a role', { sender: { ...MANIFEST.sender, role: 'smith-20150201' } }, ['/sender/role: name', '/sender/role: date of birth']],
  ['a whole name as a contact', { sender: { ...MANIFEST.sender, contact: 'zoe-oneill-smith' } }, ['/sender/contact: name']],
  ['a field that nobody knows yet', { note: 'xsmithx' } as never, ['/note: name']],
])('MN-06: %s that names the person is found', (_, change, expected) => {
  expect(found({ ...MANIFEST, ...change }, [])).toEqual(expected);
});

test('a code that everybody uses is no name, though a child be called so', () => {
  const grace: SubjectKnown = { names: ['Grace Health'] };
  expect(clearFieldsHiding(grace, {}, [{ category: 'health' } as Partial<Line>])).toHaveLength(1);
  expect(clearFieldsHiding(grace, {}, [{ category: 'health' } as Partial<Line>], new Set(['health']))).toEqual([]);
});

test('where nobody knows a name, a reference that looks like an identifier is found all the same', () => {
  expect(clearFieldsHiding({}, MANIFEST, line('AB-943 476 5919'))).toHaveLength(1);
  expect(clearFieldsHiding({ names: [''], born: ['unknown'], postcodes: [' '] }, MANIFEST, line('AB-1234'))).toEqual([]);
});

test('a name of three letters or more is found in any reference that holds it, however it is cased or spaced', () => {
  const name = fc.stringMatching(/^[a-zA-Z]{3,12}$/);
  fc.assert(fc.property(name, fc.constantFrom('', '-', ' ', '/'), fc.boolean(), (part, between, upper) => {
    const reference = `AB-${[...(upper ? part.toUpperCase() : part)].join(between)}`;
    expect(clearFieldsHiding({ names: [`X ${part}`] }, {}, line(reference)).map(({ field }) => field)).toEqual(['/lines/0/reference']);
  }));
});
