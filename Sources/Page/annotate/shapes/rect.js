/** @typedef {{row: number, column: number, rows: number, columns: number}} Rect A part of a slice, in whole voxels. */

/**
 * The smallest rectangle around both; null is nothing.
 * @param {Rect|null} one
 * @param {Rect|null} other
 * @returns {Rect|null}
 */
export function union(one, other) {
  if (!one || !other) return one ?? other;
  const row = Math.min(one.row, other.row), column = Math.min(one.column, other.column);
  return {
    row,
    column,
    rows: Math.max(one.row + one.rows, other.row + other.rows) - row,
    columns: Math.max(one.column + one.columns, other.column + other.columns) - column,
  };
}
