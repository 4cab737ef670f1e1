import { Grouping } from './grouping';

const LIMITS = { most: 4, patience: 20, atOnce: 2 };

/** Work that ends when it is told to, and what it was given. */
function held() {
  const groups: { items: number[]; end: (answers?: number[]) => void; fail: (error: Error) => void }[] = [];
  const grouping = new Grouping<number, number>((items) => new Promise((resolve, reject) => groups.push({ items, end: (answers = items.map((item) => item * 10)) => resolve(answers), fail: reject })), LIMITS);
  return { groups, grouping };
}
const turn = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('what comes in one turn goes together, and each gets its own answer', async () => {
  const { groups, grouping } = held();
  const answers = Promise.all([1, 2, 3].map((item) => grouping.submit(item)));
  await turn(5);
  expect(groups.map(({ items }) => items)).toEqual([[1, 2, 3]]);
  groups[0]?.end();
  expect(await answers).toEqual([10, 20, 30]);
});

test('a group is never larger than it may be', async () => {
  const { groups, grouping } = held();
  for (const item of [1, 2, 3, 4, 5]) void grouping.submit(item);
  await turn(40);
  expect(groups.map(({ items }) => items)).toEqual([[1, 2, 3, 4], [5]]);
});

test('what comes while a group is at work waits for it, but not for longer than its patience', async () => {
  const { groups, grouping } = held();
  void grouping.submit(1);
  await turn(5);
  void grouping.submit(2);
  void grouping.submit(3);
  await turn(5);
  expect(groups).toHaveLength(1);
  groups[0]?.end();
  await turn();
  expect(groups.map(({ items }) => items)).toEqual([[1], [2, 3]]);
  void grouping.submit(4);
  await turn(60);
  expect(groups.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
});

test('no more groups are at work at once than may be, and none is forgotten', async () => {
  const { groups, grouping } = held();
  const answers: Promise<number>[] = [];
  for (let item = 1; item <= 20; item++) answers.push(grouping.submit(item));
  await turn(60);
  expect(groups).toHaveLength(2);
  while (groups.length < 5 || answers.length > 0) {
    for (const group of groups) group.end();
    await turn(5);
    if (groups.length >= 5) break;
  }
  for (const group of groups) group.end();
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, (_, i) => (i + 1) * 10));
});

test('a group that fails fails each of its items, and nobody else', async () => {
  const { groups, grouping } = held();
  const [first, second] = [grouping.submit(1).catch((error: Error) => error.message), grouping.submit(2).catch((error: Error) => error.message)];
  await turn(5);
  groups[0]?.fail(new Error('gone'));
  expect(await Promise.all([first, second])).toEqual(['gone', 'gone']);
  const third = grouping.submit(3);
  await turn(5);
  groups[1]?.end();
  expect(await third).toBe(30);
});

test('a group that answers for fewer than it was given is a fault, told to those without an answer', async () => {
  const { groups, grouping } = held();
  const answers = [1, 2].map((item) => grouping.submit(item).catch((error: Error) => error.message));
  await turn(5);
  groups[0]?.end([10]);
  expect(await Promise.all(answers)).toEqual([10, expect.stringContaining('fewer')]);
});
