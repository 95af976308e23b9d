/** @typedef {import("../slice-labels.js").SpanVisitor} SpanVisitor */

/**
 * Visits the voxels that hang together with one, side by side, and belong to it.
 * @param {number} rows
 * @param {number} columns
 * @param {{row: number, column: number}} seed A whole voxel.
 * @param {(offset: number) => boolean} belongs
 * @param {SpanVisitor} visit
 * @returns {number} How many voxels they are.
 */
export function floodFill(rows, columns, seed, belongs, visit) {
  const origin = seed.row * columns + seed.column;
  if (seed.row < 0 || seed.row >= rows || seed.column < 0 || seed.column >= columns || !belongs(origin)) return 0;
  const isFilled = new Uint8Array(rows * columns);
  const waiting = [origin];
  let voxels = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isFilled[next]) continue;
    const row = Math.floor(next / columns), begin = row * columns;
    let start = next, end = next + 1;
    while (start > begin && !isFilled[start - 1] && belongs(start - 1)) start--;
    while (end < begin + columns && !isFilled[end] && belongs(end)) end++;
    isFilled.fill(1, start, end);
    voxels += end - start;
    visit(row, start - begin, end - begin);
    for (const step of [-columns, columns]) {
      if (row + Math.sign(step) < 0 || row + Math.sign(step) >= rows) continue;
      let wasIn = false;
      for (let offset = start + step; offset < end + step; offset++) {
        const isIn = !isFilled[offset] && belongs(offset);
        if (isIn && !wasIn) waiting.push(offset);
        wasIn = isIn;
      }
    }
  }
  return voxels;
}
