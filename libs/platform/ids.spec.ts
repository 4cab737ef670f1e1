import fc from 'fast-check';
import { uuid7 } from './ids';

const AT = Date.parse('2026-03-02T09:15:00.250Z');

test('an id has the shape of version 7 and holds its millisecond', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 47 }), (at) => {
    const id = uuid7(at);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(at);
  }));
});

test('ids of one millisecond increase, all of them differ, and a later millisecond is a later id', () => {
  for (let round = 0; round < 200; round++) {
    const ids = Array.from({ length: 50 }, () => uuid7(AT + round));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(50);
    expect((ids.at(-1) ?? '') < uuid7(AT + round + 1)).toBe(true);
  }
});

test('its free bits are used: two ids of two milliseconds have little in common', () => {
  const seen = new Set(Array.from({ length: 500 }, (_, i) => uuid7(AT + i * 10).slice(15, 18)));
  expect(seen.size).toBeGreaterThan(300);
});
