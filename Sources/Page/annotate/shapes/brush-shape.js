/** @typedef {import("../slice-labels.js").SpanVisitor} SpanVisitor */
/** @typedef {{row: number, column: number}} Place Fractional: the voxel (r, c) covers [r, r+1) × [c, c+1). */
/** @typedef {{rowAspect: number, columnAspect: number}} Aspect Height and width of a voxel, the smaller of them 1. */

const epsilon = 1e-9;

/**
 * Visits the voxels of a round brush that goes from one place to another: those whose middle is within the radius of the
 * line, in true proportions, and those that the line itself crosses. There is one span in each row.
 * @param {Place} from
 * @param {Place} to
 * @param {number} radius In voxels of the finer side.
 * @param {Aspect} aspect
 * @param {SpanVisitor} visit
 */
export function brushSpans(from, to, radius, { rowAspect, columnAspect }, visit) {
  const top = Math.floor(Math.min(Math.min(from.row, to.row) - radius / rowAspect, from.row, to.row));
  const bottom = Math.floor(Math.max(from.row, to.row) + radius / rowAspect);
  const line = { v: from.row * rowAspect, u: from.column * columnAspect, dv: 0, du: 0, length: 0 };
  line.dv = to.row * rowAspect - line.v;
  line.du = to.column * columnAspect - line.u;
  line.length = Math.hypot(line.du, line.dv);
  for (let row = top; row <= bottom; row++) {
    const reach = capsuleReach(line, (row + 0.5) * rowAspect, radius);
    let start = Math.ceil(reach.from / columnAspect - 0.5 - epsilon);
    let end = Math.floor(reach.to / columnAspect - 0.5 + epsilon) + 1;
    const crossed = crossedColumns(from, to, row);
    if (crossed) {
      start = Math.min(start, crossed.first);
      end = Math.max(end, crossed.last + 1);
    }
    if (start < end) visit(row, start, end);
  }
}

/**
 * Where a line at the height `v` is within the radius of a line from (u, v) by (du, dv); from Infinity if nowhere.
 * @param {{u: number, v: number, du: number, dv: number, length: number}} line
 * @param {number} v
 * @param {number} radius
 */
function capsuleReach(line, v, radius) {
  const reach = { from: Infinity, to: -Infinity };
  const add = (/** @type {number} */ from, /** @type {number} */ to) => {
    if (from > to) return;
    reach.from = Math.min(reach.from, from);
    reach.to = Math.max(reach.to, to);
  };
  for (const end of [0, 1]) {
    const height = v - line.v - end * line.dv;
    const square = radius * radius - height * height;
    if (square < 0) continue;
    const half = Math.sqrt(square), middle = line.u + end * line.du;
    add(middle - half, middle + half);
  }
  if (line.length < epsilon) return reach;
  const along = line.du / line.length, across = line.dv / line.length, height = v - line.v;
  // Between the ends and at most the radius away: both are linear in u.
  const side = within(-across, height * along, -radius, radius), between = within(along, height * across, 0, line.length);
  add(line.u + Math.max(side.from, between.from), line.u + Math.min(side.to, between.to));
  return reach;
}

/**
 * The numbers x for which low ≤ slope · x + offset ≤ high.
 * @param {number} slope
 * @param {number} offset
 * @param {number} low
 * @param {number} high
 */
function within(slope, offset, low, high) {
  if (Math.abs(slope) < epsilon) {
    const isIn = offset >= low - epsilon && offset <= high + epsilon;
    return isIn ? { from: -Infinity, to: Infinity } : { from: Infinity, to: -Infinity };
  }
  const one = (low - offset) / slope, other = (high - offset) / slope;
  return { from: Math.min(one, other), to: Math.max(one, other) };
}

/**
 * The columns of a row through which a line goes; null if it does not go through the row.
 * @param {Place} from
 * @param {Place} to
 * @param {number} row
 */
function crossedColumns(from, to, row) {
  const [upper, lower] = from.row <= to.row ? [from, to] : [to, from];
  if (Math.floor(lower.row) < row || Math.floor(upper.row) > row) return null;
  const height = lower.row - upper.row;
  const at = (/** @type {number} */ place) =>
    height === 0 ? null : upper.column + ((lower.column - upper.column) * (place - upper.row)) / height;
  const one = at(Math.max(upper.row, row)) ?? upper.column, other = at(Math.min(lower.row, row + 1)) ?? lower.column;
  return { first: Math.floor(Math.min(one, other)), last: Math.floor(Math.max(one, other)) };
}

/**
 * The edges around the brush's voxels at a place, as lines of row, column, row, column.
 * @param {Place} place
 * @param {number} radius
 * @param {Aspect} aspect
 * @returns {[number, number, number, number][]}
 */
export function brushOutline(place, radius, aspect) {
  /** @type {{row: number, start: number, end: number}[]} */
  const spans = [];
  brushSpans(place, place, radius, aspect, (row, start, end) => spans.push({ row, start, end }));
  /** @type {[number, number, number, number][]} */
  const lines = [];
  spans.forEach(({ row, start, end }, number) => {
    lines.push([row, start, row + 1, start], [row, end, row + 1, end]);
    if (number === 0) return void lines.push([row, start, row, end]);
    const above = spans[number - 1];
    lines.push([row, above.start, row, start], [row, above.end, row, end]);
  });
  const last = spans[spans.length - 1];
  if (last) lines.push([last.row + 1, last.start, last.row + 1, last.end]);
  return lines;
}
