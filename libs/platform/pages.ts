/**
 * One page of rows of which one more than `limit` was asked for: whether there are more shows in that one.
 * @param placeOf where a page ends that ends with this row, as the `after` of the next one
 */
export function pageOf<R, T>(rows: readonly R[], limit: number, itemOf: (row: R) => T, placeOf: (row: R) => string): { items: T[]; next?: string } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), ...(rows.length > shown.length && last !== undefined ? { next: placeOf(last) } : {}) };
}
