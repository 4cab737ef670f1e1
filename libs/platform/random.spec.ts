import { random } from './random';

test('gives as many octets as it is asked for, and none twice', () => {
  const salts = Array.from({ length: 5_000 }, () => random(16));
  expect(salts.every((salt) => salt.length === 16)).toBe(true);
  expect(new Set(salts.map((salt) => salt.toString('hex'))).size).toBe(5_000);
  expect(random(10_000)).toHaveLength(10_000);
});

test('what is given is the asker’s own: writing into it changes nobody else’s', () => {
  const [mine, yours] = [random(16), random(16)];
  const before = Buffer.from(yours);
  mine.fill(0);
  expect(yours).toEqual(before);
});
