import { pageOf } from './pages';

const page = (rows: readonly number[], limit: number) => pageOf(rows, limit, (row) => row * 10, (row) => `after-${row}`);

test('the row beyond the limit is not shown; it says that there are more, after the last that is', () => {
  expect(page([1, 2, 3], 2)).toEqual({ items: [10, 20], next: 'after-2' });
});

test('what fits is the last page', () => {
  expect(page([1, 2], 2)).toEqual({ items: [10, 20] });
  expect(page([], 2)).toEqual({ items: [] });
});
