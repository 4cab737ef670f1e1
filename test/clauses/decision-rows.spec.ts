import 'reflect-metadata';
import { loadFolders } from '#partnership/agreements';
import { runCases } from '#policy/cases-run';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import { cellsOf, unnoticed } from '../../deploy/scripts/clauses/examples';

// The decision half of a row, for every agreement that shows it by its own examples. A cell proves itself: with what enforces the row
// taken away, or with other words in the agreement, one of the examples must come out otherwise.

const tags = readTags();
const cells = cellsOf(loadFolders('deploy/agreements'), tags);

test('all five agreements show what their rules come to', () => {
  expect(new Set(cells.map(({ tag }) => tag)).size).toBe(tags.agreements.size);
  expect(cells.length).toBeGreaterThan(100);
});

test.each(cells.map((each) => [each.tag, each.row, each] as const))('%s %s: what is met goes, and what is not is told', (_tag, _row, cell) => {
  expect(runCases(cell.agreement, cell.cases).filter(({ ok }) => !ok).map(({ case: { name }, got }) => [name, got])).toEqual([]);
  expect(unnoticed(cell)).toEqual([]);
});
