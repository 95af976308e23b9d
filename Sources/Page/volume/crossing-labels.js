import { planeSize, planes } from "./geometry.js";

/** @typedef {import("./geometry.js").Axis} Axis */
/** @typedef {import("./geometry.js").Extent} Extent */
/** @typedef {{axis: Axis, index: number, revision: number}} AnnotatedSlice */
/**
 * @typedef {object} SliceLabelSource Where the labels of annotated slices come from.
 * @property {() => AnnotatedSlice[]} list
 * @property {(axis: Axis, index: number) => Uint8Array|null} peek Labels that are here, as they are drawn.
 * @property {(slice: AnnotatedSlice) => Promise<Uint8Array|null>} fetch
 */

/**
 * Lays the line in which an annotated slice crosses another over that one, where it is labelled.
 * @param {Uint8Array} to Rows × columns of a slice on `axis` at `index`.
 * @param {Axis} axis
 * @param {number} index
 * @param {AnnotatedSlice} slice On another axis.
 * @param {Uint8Array} labels Its labels.
 * @param {Extent} shape
 */
export function layLine(to, axis, index, slice, labels, shape) {
  const { rows, columns } = planes[axis], width = shape[columns], own = planes[slice.axis], ownWidth = shape[own.columns];
  // Where the line begins in each of the two, how far its voxels are apart there, and how many they are.
  const isRow = slice.axis === rows, count = isRow ? width : shape[rows];
  let place = isRow ? slice.index * width : slice.index, from = own.rows === axis ? index * ownWidth : index;
  const step = isRow ? 1 : width, ownStep = own.rows === axis ? 1 : ownWidth;
  for (let voxel = 0; voxel < count; voxel++, place += step, from += ownStep) {
    if (labels[from] !== 255) to[place] = labels[from];
  }
}

/**
 * @param {Uint8Array|null} one
 * @param {Uint8Array|null} other
 */
function isSame(one, other) {
  return one !== null && other !== null && one.every((label, place) => label === other[place]);
}

/**
 * What annotated slices say where they cross another slice: with its own labels, what all annotations together have there.
 *
 * Every slice that crosses has to be here: as many as fit are fetched, the newest first, and kept. Dispatches `arrival`.
 */
export class CrossingLabels extends EventTarget {
  /** How many of the slices that do not fit are kept when they were looked at themselves. */
  static most = 8;

  /**
   * @param {Extent} shape
   * @param {SliceLabelSource} source
   * @param {(error: unknown) => void} onError
   */
  constructor(shape, source, onError) {
    super();
    this.shape = shape;
    this.source = source;
    this.onError = onError;
    /** Bytes of labels that are kept. */
    this.limit = 192e6;
    /** Requests at once. */
    this.width = 2;
    this.running = 0;
    this.isClosed = false;
    /**
     * All there are, and those of which labels are kept: as many as fit. Newest first.
     * @type {AnnotatedSlice[]}
     */
    this.all = this.slices = [];
    /**
     * Others that were looked at themselves, last ones last.
     * @type {string[]}
     */
    this.others = [];
    /**
     * By axis, index and revision; null while they are on their way, or if there are none.
     * @type {Map<string, Uint8Array|null>}
     */
    this.labels = new Map();
    /** Grows whenever what crosses may be another. */
    this.turn = 0;
    /**
     * The last slice that was put together, by axis.
     * @type {Map<Axis, {index: number, turn: number, labels: Uint8Array|null}>}
     */
    this.made = new Map();
    /** @type {AnnotatedSlice[]} */
    this.wanted = [];
  }

  /** @param {AnnotatedSlice} slice */
  key({ axis, index, revision }) {
    return `${axis}${index}@${revision}`;
  }

  /** Slices were annotated, or what is drawn on them has changed. */
  changed() {
    this.all = [...this.source.list()].sort((one, other) => other.revision - one.revision);
    let bytes = 0;
    this.slices = this.all.filter(({ axis }) => {
      const { rows, columns } = planeSize(axis, this.shape);
      bytes += rows * columns;
      return bytes <= this.limit;
    });
    const kept = new Set(this.slices.map((slice) => this.key(slice)));
    for (const key of this.labels.keys()) if (!kept.has(key)) this.labels.delete(key);
    this.turn++;
    this.dispatchEvent(new CustomEvent("arrival"));
  }

  /**
   * Labels of a slice as they are here; asked for if they are not.
   * @param {AnnotatedSlice} slice
   */
  of(slice) {
    const here = this.source.peek(slice.axis, slice.index);
    if (here) return here;
    const key = this.key(slice), labels = this.labels.get(key);
    if (labels === undefined) this.want(slice);
    return labels ?? null;
  }

  /**
   * What a slice itself is annotated with; null if it is not, or not here yet.
   * @param {Axis} axis
   * @param {number} index
   */
  own(axis, index) {
    const slice = this.all.find((slice) => slice.axis === axis && slice.index === index);
    return slice ? this.of(slice) : null;
  }

  /**
   * What crosses a slice, rows × columns; null if nothing does. Of slices that cross each other the newer counts. The same
   * bytes are the same array.
   * @param {Axis} axis
   * @param {number} index
   */
  get(axis, index) {
    const made = this.made.get(axis);
    if (made?.index === index && made.turn === this.turn) return made.labels;
    const crossing = this.slices.filter((slice) => slice.axis !== axis);
    let labels = null;
    if (crossing.length > 0) {
      const { rows, columns } = planeSize(axis, this.shape);
      labels = new Uint8Array(rows * columns).fill(255);
      for (const slice of crossing.reverse()) {
        const found = this.of(slice);
        if (found) layLine(labels, axis, index, slice, found, this.shape);
      }
    }
    if (made?.index === index && isSame(made.labels, labels)) labels = made.labels;
    this.made.set(axis, { index, turn: this.turn, labels });
    return labels;
  }

  /** @param {AnnotatedSlice} slice */
  want(slice) {
    const key = this.key(slice);
    this.labels.set(key, null);
    if (!this.slices.includes(slice)) this.others.push(key);
    while (this.others.length > CrossingLabels.most) this.labels.delete(this.others.shift() ?? "");
    this.wanted.push(slice);
    this.fetch();
  }

  async fetch() {
    if (this.running >= this.width) return;
    this.running++;
    for (let slice = this.wanted.pop(); slice && !this.isClosed; slice = this.wanted.pop()) {
      const key = this.key(slice);
      // Revised since.
      if (!this.labels.has(key)) continue;
      try {
        const labels = await this.source.fetch(slice);
        if (this.labels.has(key)) this.labels.set(key, labels);
      } catch (error) {
        // Asked for again when something changes.
        this.labels.delete(key);
        if (!this.isClosed) this.onError(error);
        continue;
      }
      this.turn++;
      if (!this.isClosed) this.dispatchEvent(new CustomEvent("arrival"));
    }
    this.running--;
  }

  close() {
    this.isClosed = true;
    this.wanted = [];
  }
}
