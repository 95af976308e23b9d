import { LabelPatch } from "./saving/label-patch.js";
import { union } from "./shapes/rect.js";
import { SliceLabels } from "./slice-labels.js";
import { StrokeHistory } from "./stroke-history.js";
import { mergeThreeWay } from "./saving/three-way-merge.js";

/** @typedef {import("./shapes/rect.js").Rect} Rect */
/** @typedef {import("./saving/class-values.js").LabelClass} LabelClass */
/** @typedef {"z"|"y"|"x"} Axis */
/**
 * @typedef {object} SliceRequest A post that may have been sent: sent again with its key it is done once.
 * @property {string} key
 * @property {Rect} rect
 * @property {LabelPatch} patch From the base to what is posted.
 * @property {string} values What the labels in it mean.
 */
/** @typedef {"saved"|"unsaved"|"saving"|"offline"|"conflict"|"refused"} SaveState */
/** @typedef {{revision: number, role: "train"|"test", labels: Uint8Array}} Stored A slice on the server; revision 0 if it has none. */

/** @param {Axis} axis @param {number} index */
export const sliceKey = (axis, index) => `${axis}${index}`;

/**
 * The annotation of a slice as the server has it, and as it is drawn here.
 *
 * What differs between the two, `unsent`, is in the journal. Where somebody else changed the same voxels, `clashes` is the patch
 * from theirs to mine; until somebody decides, mine is shown and theirs stays on the server.
 */
export class SliceDocument {
  /** Voxels of the largest request; the server takes 64 MiB. */
  static largest = 16e6;

  /**
   * @param {object} slice
   * @param {Axis} slice.axis
   * @param {number} slice.index
   * @param {number} slice.rows
   * @param {number} slice.columns
   * @param {Stored} stored
   * @param {string} id Of its record in the journal.
   * @param {StrokeHistory} history
   */
  constructor({ axis, index, rows, columns }, stored, id, history) {
    this.axis = axis;
    this.index = index;
    this.id = id;
    this.history = history;
    this.base = stored.labels;
    this.revision = stored.revision;
    this.role = stored.role;
    this.labels = new SliceLabels(rows, columns, stored.labels.slice());
    /**
     * Where labels and base may differ.
     * @type {Rect|null}
     */
    this.touched = null;
    /** @type {LabelPatch|null} */
    this.clashes = null;
    /**
     * From what is drawn to what is posted first, so that it is in the slice's history, too.
     * @type {LabelPatch|null}
     */
    this.detour = null;
    /** @type {SliceRequest|null} */
    this.request = null;
    /**
     * Why the server will never take what was drawn.
     * @type {string|null}
     */
    this.refusal = null;
    /** @type {SaveState} */
    this.state = "saved";
    /** Whether nothing may be drawn, because an earlier revision is being brought back. */
    this.isHeld = false;
    /** Why it is in that state, if there is more to say. */
    this.reason = "";
    /**
     * The labels before the stroke that is being drawn.
     * @type {Uint8Array|null}
     */
    this.before = null;
    /**
     * Where that stroke has changed labels.
     * @type {Rect|null}
     */
    this.strokeRect = null;
    /** @type {(() => void)[]} */
    this.waiting = [];
  }

  get rows() {
    return this.labels.rows;
  }

  get columns() {
    return this.labels.columns;
  }

  get isDrawing() {
    return this.before !== null;
  }

  /** Whether it is on the server and the same there. */
  get isSaved() {
    return !this.isDrawing && !this.isHeld && !this.request && !this.detour && !this.clashes && !this.differs;
  }

  /** Whether what is drawn is not what the server has. */
  get differs() {
    const { touched, base, labels, columns } = this;
    if (!touched) return false;
    const last = touched.row + touched.rows;
    for (let row = touched.row; row < last; row++) {
      const start = row * columns + touched.column, stop = start + touched.columns;
      for (let offset = start; offset < stop; offset++) if (base[offset] !== labels.values[offset]) return true;
    }
    return false;
  }

  begin() {
    this.before ??= this.labels.values.slice();
    this.labels.takeChanged();
    this.strokeRect = null;
  }

  /** What was changed since this was asked last, while a stroke is drawn. */
  takeChanged() {
    const changed = this.labels.takeChanged();
    this.strokeRect = union(this.strokeRect, changed);
    return changed;
  }

  /** Ends a stroke; null if it changed nothing. */
  end() {
    const { before } = this;
    if (!before) return null;
    this.takeChanged();
    const rect = this.strokeRect;
    const patch = rect && LabelPatch.between(before, this.labels.values, this.columns, rect);
    this.settle();
    if (patch) this.decide(rect);
    return patch;
  }

  /** Drops a stroke; returns where labels changed. */
  drop() {
    const { before } = this;
    if (before) {
      this.takeChanged();
      this.labels.values.set(before);
    }
    this.settle();
    return this.strokeRect;
  }

  settle() {
    this.before = null;
    for (const go of this.waiting.splice(0)) go();
  }

  /**
   * When no stroke is being drawn.
   * @returns {Promise<void>}
   */
  idle() {
    return this.isDrawing ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }

  /**
   * Changes what is drawn, as undo and redo do; returns where. What clashes and is taken back becomes theirs.
   * @param {LabelPatch} patch
   */
  change(patch) {
    const { values } = this.labels;
    patch.apply(values);
    this.clashes?.forEach((offset, theirs, mine) => {
      if (values[offset] !== mine) values[offset] = theirs;
    });
    const rect = patch.bounds(this.columns);
    this.decide(rect);
    return rect;
  }

  /**
   * Voxels that clash and are drawn again are decided by that.
   * @param {Rect|null} rect
   */
  decide(rect) {
    this.touched = union(this.touched, rect);
    const { clashes, labels } = this;
    if (!clashes) return;
    const theirs = labels.values.slice();
    clashes.forEach((offset, other, mine) => {
      if (labels.values[offset] === mine) theirs[offset] = other;
    });
    this.clashes = LabelPatch.between(theirs, labels.values, this.columns, clashes.bounds(this.columns));
  }

  /** What is to be on the server next. */
  target() {
    const { clashes, detour, labels } = this;
    if (!clashes && !detour) return labels.values;
    const target = labels.values.slice();
    clashes?.reversed.apply(target);
    detour?.apply(target);
    return target;
  }

  /** From what the server has to what it should have; null if that is the same. */
  unsent() {
    if (!this.touched) return null;
    return LabelPatch.between(this.base, this.target(), this.columns, this.touched);
  }

  /**
   * The post of what is unsent, or of a part of it; null if nothing is.
   * @param {string} key
   * @param {(labels: Set<number>) => string} values
   * @returns {SliceRequest|null}
   */
  prepare(key, values) {
    const all = this.unsent();
    if (!all) return null;
    const { columns } = this, bounds = all.bounds(columns);
    const rows = Math.max(1, Math.floor(SliceDocument.largest / bounds.columns));
    // The first rows of it, whose other voxels may be as they were.
    const patch = rows >= bounds.rows ? all : LabelPatch.between(this.base, this.target(), columns, { ...bounds, rows });
    if (!patch) return null;
    const request = { key, rect: patch.bounds(columns), patch, values: "" };
    request.values = values(new Set(this.body(request)));
    return request;
  }

  /**
   * The labels of a request's part of the slice, the same whenever it is sent again.
   * @param {SliceRequest} request
   */
  body({ rect, patch }) {
    const { columns } = this;
    const posted = this.base.slice(rect.row * columns, (rect.row + rect.rows) * columns);
    patch.forEach((offset, _, after) => {
      posted[offset - rect.row * columns] = after;
    });
    const body = new Uint8Array(rect.rows * rect.columns);
    for (let row = 0; row < rect.rows; row++) {
      const start = row * columns + rect.column;
      body.set(posted.subarray(start, start + rect.columns), row * rect.columns);
    }
    return body;
  }

  /**
   * The server has taken the request.
   * @param {number} revision
   */
  stored(revision) {
    const base = this.base.slice();
    this.request?.patch.forEach((offset, _, after) => {
      base[offset] = after;
    });
    this.base = base;
    this.revision = revision;
    this.request = null;
    this.refusal = null;
    if (this.detour && !this.unsent()) this.detour = null;
    if (!this.unsent() && !this.clashes) this.touched = null;
  }

  /**
   * Somebody else has changed the slice: what only one has changed is merged. Returns where labels changed.
   * @param {Stored} stored
   */
  rebase({ revision, role, labels }) {
    const { base, columns } = this;
    const before = this.labels.values;
    const { merged, clashes } = mergeThreeWay(base, before, labels, columns, this.clashes);
    this.base = labels;
    this.revision = revision;
    this.role = role;
    this.request = null;
    this.clashes = clashes;
    this.labels.values = merged;
    this.touched = LabelPatch.between(labels, merged, columns)?.bounds(columns) ?? null;
    if (this.detour) {
      const detour = merged.slice();
      this.detour.apply(detour);
      this.detour = LabelPatch.between(merged, detour, columns);
      this.touched = union(this.touched, this.detour?.bounds(columns) ?? null);
    }
    return LabelPatch.between(before, merged, columns)?.bounds(columns) ?? null;
  }

  /**
   * Decides what clashes. Theirs is on the server already; where it is chosen, mine is posted before it comes back, so that
   * both are in the slice's history. Returns where labels changed.
   * @param {"mine"|"theirs"} side
   */
  choose(side) {
    const { clashes } = this;
    this.clashes = null;
    if (!clashes || side === "mine") return null;
    clashes.reversed.apply(this.labels.values);
    this.detour = clashes;
    return clashes.bounds(this.columns);
  }
}
