/** @typedef {import("./saving/label-patch.js").LabelPatch} LabelPatch */
/**
 * @typedef {object} HistoryChange What is to be written for a history to be the same after a reload.
 * @property {Map<number, LabelPatch>} added Strokes by number.
 * @property {number[]} removed
 */

/** The strokes of a slice that can be taken back and done again, each with a number that only grows. */
export class StrokeHistory {
  static depth = 100;

  /**
   * @param {string} id
   * @param {number} first The number of the oldest stroke.
   * @param {LabelPatch[]} strokes
   * @param {number} position The number of the stroke that is done again next; all before are done.
   */
  constructor(id, first = 0, strokes = [], position = first + strokes.length) {
    this.id = id;
    this.first = first;
    this.strokes = strokes;
    this.position = position;
  }

  get canUndo() {
    return this.position > this.first;
  }

  get canRedo() {
    return this.position < this.first + this.strokes.length;
  }

  /**
   * Adds a stroke that was made; those that were taken back can't be done again then.
   * @param {LabelPatch} stroke
   * @returns {HistoryChange}
   */
  push(stroke) {
    const removed = [];
    while (this.canRedo) {
      this.strokes.pop();
      removed.push(this.first + this.strokes.length);
    }
    this.strokes.push(stroke);
    const added = new Map([[this.position, stroke]]);
    this.position++;
    while (this.strokes.length > StrokeHistory.depth) {
      this.strokes.shift();
      removed.push(this.first++);
    }
    return { added, removed: removed.filter((number) => !added.has(number)) };
  }

  /** The patch that takes back the last stroke; null if there is none. */
  undo() {
    if (!this.canUndo) return null;
    this.position--;
    return this.strokes[this.position - this.first].reversed;
  }

  /** The patch of the stroke that was taken back last. */
  redo() {
    if (!this.canRedo) return null;
    const stroke = this.strokes[this.position - this.first];
    this.position++;
    return stroke;
  }
}
