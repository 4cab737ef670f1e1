import { isUnusual } from './unusual';

test.each<[string, { looks: number; taken: number }, boolean]>([
  ['a worker who sorts what came in, and takes some of it on', { looks: 25, taken: 4 }, false],
  ['one who looks at a few and takes none', { looks: 19, taken: 0 }, false],
  ['one who looks at twenty within an hour and takes none', { looks: 20, taken: 0 }, true],
  ['one who looks at sixty, whatever was taken on', { looks: 60, taken: 30 }, true],
])('%s', (_who, looked, unusual) => {
  expect(isUnusual(looked)).toBe(unusual);
});
