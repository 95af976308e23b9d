/** @typedef {import("../slice-labels.js").SpanVisitor} SpanVisitor */
/** @typedef {import("./brush-shape.js").Place} Place */

/**
 * Visits the voxels whose middle is inside a closed outline, by the even-odd rule: where it crosses itself there are holes.
 * @param {Place[]} corners
 * @param {number} rows Of the slice, beyond which nothing is visited.
 * @param {number} columns
 * @param {SpanVisitor} visit
 */
export function polygonSpans(corners, rows, columns, visit) {
  if (corners.length < 3) return;
  let top = Infinity, bottom = -Infinity;
  for (const { row } of corners) {
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  const first = Math.max(0, Math.floor(top)), last = Math.min(rows - 1, Math.floor(bottom));
  for (let row = first; row <= last; row++) {
    const crossings = columnsAt(corners, row + 0.5);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const start = Math.max(0, Math.ceil(crossings[pair] - 0.5));
      const end = Math.min(columns, Math.ceil(crossings[pair + 1] - 0.5));
      if (start < end) visit(row, start, end);
    }
  }
}

/**
 * Where the outline crosses a height, in order.
 * @param {Place[]} corners
 * @param {number} height
 */
function columnsAt(corners, height) {
  /** @type {number[]} */
  const crossings = [];
  corners.forEach((from, number) => {
    const to = corners[(number + 1) % corners.length];
    // A corner at this very height belongs to the side that goes down from it.
    if ((from.row <= height) === (to.row <= height)) return;
    crossings.push(from.column + ((to.column - from.column) * (height - from.row)) / (to.row - from.row));
  });
  return crossings.sort((one, other) => one - other);
}
