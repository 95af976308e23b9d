/** @typedef {import("../shapes/rect.js").Rect} Rect */
/** @typedef {{starts: Uint32Array, lengths: Uint32Array, before: Uint8Array, after: Uint8Array}} Runs */

/** A change of a slice's labels as runs of voxels within rows, each with its label before and after. */
export class LabelPatch {
  /** @param {Runs} runs */
  constructor({ starts, lengths, before, after }) {
    this.starts = starts;
    this.lengths = lengths;
    this.before = before;
    this.after = after;
  }

  /**
   * What makes the second of the first; null if nothing does.
   * @param {Uint8Array} before
   * @param {Uint8Array} after
   * @param {number} columns
   * @param {Rect|null} [within] Where they may differ; everywhere by default.
   */
  static between(before, after, columns, within = null) {
    const rect = within ?? { row: 0, column: 0, rows: before.length / columns, columns };
    const runs = new RunList();
    for (let row = rect.row; row < rect.row + rect.rows; row++) {
      const start = row * columns + rect.column, stop = start + rect.columns;
      for (let offset = start; offset < stop; offset++) {
        const old = before[offset], label = after[offset];
        if (old === label) continue;
        const first = offset;
        while (offset + 1 < stop && before[offset + 1] === old && after[offset + 1] === label) offset++;
        runs.add(first, offset + 1 - first, old, label);
      }
    }
    return runs.patch();
  }

  get voxels() {
    return this.lengths.reduce((sum, length) => sum + length, 0);
  }

  /**
   * The runs alone, as the journal keeps them.
   * @returns {Runs}
   */
  get runs() {
    return { starts: this.starts, lengths: this.lengths, before: this.before, after: this.after };
  }

  /** What takes it back. */
  get reversed() {
    return new LabelPatch({ ...this.runs, before: this.after, after: this.before });
  }

  /**
   * Where it changes something.
   * @param {number} columns
   * @returns {Rect}
   */
  bounds(columns) {
    let top = Infinity, left = Infinity, bottom = -1, right = -1;
    this.starts.forEach((start, run) => {
      const row = Math.floor(start / columns), column = start - row * columns;
      top = Math.min(top, row);
      bottom = Math.max(bottom, row + 1);
      left = Math.min(left, column);
      right = Math.max(right, column + this.lengths[run]);
    });
    return { row: top, column: left, rows: bottom - top, columns: right - left };
  }

  /**
   * Makes the change where the labels are as they were before it: what has become of other voxels since stays.
   * @param {Uint8Array} labels
   * @returns {number} How many voxels were left as they are, because they are neither as before nor as after.
   */
  apply(labels) {
    let left = 0;
    this.starts.forEach((start, run) => {
      const before = this.before[run], after = this.after[run];
      for (let offset = start; offset < start + this.lengths[run]; offset++) {
        if (labels[offset] === before) labels[offset] = after;
        else if (labels[offset] !== after) left++;
      }
    });
    return left;
  }

  /**
   * Calls with each voxel's offset, label before and label after.
   * @param {(offset: number, before: number, after: number) => void} visit
   */
  forEach(visit) {
    this.starts.forEach((start, run) => {
      for (let offset = start; offset < start + this.lengths[run]; offset++) visit(offset, this.before[run], this.after[run]);
    });
  }
}

/** Runs while they are collected; neighbours become one. */
export class RunList {
  constructor() {
    /** @type {number[]} */
    this.starts = [];
    /** @type {number[]} */
    this.lengths = [];
    /** @type {number[]} */
    this.before = [];
    /** @type {number[]} */
    this.after = [];
  }

  /**
   * @param {number} start
   * @param {number} length
   * @param {number} before
   * @param {number} after
   */
  add(start, length, before, after) {
    this.starts.push(start);
    this.lengths.push(length);
    this.before.push(before);
    this.after.push(after);
  }

  /**
   * Adds a voxel that comes after all others; it lengthens the last run where it continues it in its row.
   * @param {number} offset
   * @param {number} before
   * @param {number} after
   * @param {number} columns
   */
  addVoxel(offset, before, after, columns) {
    const last = this.starts.length - 1;
    const continues = last >= 0 && this.starts[last] + this.lengths[last] === offset && offset % columns !== 0
      && this.before[last] === before && this.after[last] === after;
    if (continues) this.lengths[last]++;
    else this.add(offset, 1, before, after);
  }

  /** Null if there is none. */
  patch() {
    if (this.starts.length === 0) return null;
    return new LabelPatch({
      starts: Uint32Array.from(this.starts),
      lengths: Uint32Array.from(this.lengths),
      before: Uint8Array.from(this.before),
      after: Uint8Array.from(this.after),
    });
  }
}
