import { union } from "./shapes/rect.js";

/** @typedef {import("./shapes/rect.js").Rect} Rect */
/**
 * @typedef {object} Painting Which voxels may be painted.
 * @property {(offset: number, label: number) => boolean} allows
 */
/** @typedef {(row: number, start: number, end: number) => void} SpanVisitor Columns from `start` to before `end`. */

/** The label of what no class was said of; it is not background. */
export const unlabeled = 255;

/** The labels of a slice, rows × columns bytes, and the part of them that was changed last. */
export class SliceLabels {
  /**
   * @param {number} rows
   * @param {number} columns
   * @param {Uint8Array} [values]
   */
  constructor(rows, columns, values) {
    this.rows = rows;
    this.columns = columns;
    this.values = values ?? new Uint8Array(rows * columns).fill(unlabeled);
    /** @type {Rect|null} */
    this.changed = null;
  }

  /** What was changed since this was asked last. */
  takeChanged() {
    const { changed } = this;
    this.changed = null;
    return changed;
  }

  /** @param {Rect|null} rect */
  note(rect) {
    this.changed = union(this.changed, rect);
  }

  /**
   * Gives voxels of a row a label; what lies outside the slice is left out.
   * @param {number} row
   * @param {number} start
   * @param {number} end
   * @param {number} label
   * @param {Painting|null} [painting] All voxels by default.
   */
  paint(row, start, end, label, painting = null) {
    const { values, columns } = this;
    const from = Math.max(0, start), to = Math.min(columns, end);
    if (row < 0 || row >= this.rows || from >= to) return;
    let first = -1, last = -1;
    for (let offset = row * columns + from, stop = row * columns + to; offset < stop; offset++) {
      const old = values[offset];
      if (old === label || (painting && !painting.allows(offset, old))) continue;
      values[offset] = label;
      if (first < 0) first = offset;
      last = offset;
    }
    if (first >= 0) this.note({ row, column: first - row * columns, rows: 1, columns: last - first + 1 });
  }

  /**
   * Gives voxels of a row their labels of another slice, where these are not unlabeled.
   * @param {number} row
   * @param {number} start
   * @param {number} end
   * @param {Uint8Array} source
   * @param {Painting|null} [painting]
   */
  copy(row, start, end, source, painting = null) {
    const { values, columns } = this;
    const from = Math.max(0, start), to = Math.min(columns, end);
    if (row < 0 || row >= this.rows || from >= to) return;
    let first = -1, last = -1;
    for (let offset = row * columns + from, stop = row * columns + to; offset < stop; offset++) {
      const label = source[offset], old = values[offset];
      if (label === unlabeled || label === old || (painting && !painting.allows(offset, old))) continue;
      values[offset] = label;
      if (first < 0) first = offset;
      last = offset;
    }
    if (first >= 0) this.note({ row, column: first - row * columns, rows: 1, columns: last - first + 1 });
  }

  /**
   * Lays labels over the slice, where they are not unlabeled.
   * @param {Uint8Array} labels
   * @param {Painting|null} [painting]
   */
  lay(labels, painting = null) {
    for (let row = 0; row < this.rows; row++) this.copy(row, 0, this.columns, labels, painting);
  }

  /** Whether no voxel has a class. */
  get isEmpty() {
    return this.values.every((label) => label === unlabeled);
  }
}
