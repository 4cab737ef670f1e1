import { ageingTable } from './ageing';

const LINE = { holder: 'kingfisher-families', name: 'Kingfisher Family Support', lane: 'priority' as const, open: 3, unanswered: 1, withinDay: 1, withinThreeDays: 1, withinWeek: 0, longer: 1, oldestHours: 200 };

test('a table has a line for each whom somebody asked, in each lane', () => {
  expect(ageingTable({ at: '2026-01-31T09:30:00Z', items: [LINE] })).toBe(
    'Asked,Name,Lane,Open,Unanswered past its time,Open up to a day,Up to three days,Up to a week,Longer,"Oldest, in hours"\r\nkingfisher-families,Kingfisher Family Support,priority,3,1,1,1,0,1,200\r\n');
});

test.each([['=1+1', `'=1+1`], ['@x', `'@x`], ['-2', `'-2`], ['a "b", c', '"a ""b"", c"']])('a name %s stands there as text', (name, written) => {
  expect(ageingTable({ at: '2026-01-31T09:30:00Z', items: [{ ...LINE, name }] }).split('\r\n')[1]).toBe(`kingfisher-families,${written},priority,3,1,1,1,0,1,200`);
});
