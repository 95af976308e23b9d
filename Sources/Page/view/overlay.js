import { text } from "../support/text.js";

/** @typedef {{row: number, column: number, rows: number, columns: number}} Rect In rows and columns of a slice. */
/**
 * @typedef {object} Layer What is laid over a slice: a byte for each voxel, 255 for nothing.
 * @property {() => Uint8Array|null} labels Rows × columns bytes; null for none.
 * @property {string[]} colors `#rrggbb` or `#rrggbbaa` by byte.
 * @property {() => Uint8Array|null} [covered] Labels that this layer is not drawn under: rows × columns bytes; null for none.
 */

/**
 * The colours of a layer as pixels in memory, by byte.
 * @param {string[]} colors
 * @param {Set<number>} hidden Bytes that are not drawn.
 */
export function palette(colors, hidden) {
  const pixels = new Uint32Array(256);
  const bytes = new Uint8ClampedArray(pixels.buffer);
  colors.forEach((color, value) => {
    if (value > 254 || hidden.has(value)) return;
    const number = parseInt(color.slice(1, 7), 16), alpha = color.length > 7 ? parseInt(color.slice(7), 16) : 255;
    bytes.set([number >> 16, (number >> 8) & 255, number & 255, alpha], value * 4);
  });
  return pixels;
}

/** The picture of a layer, a pixel for each voxel, of which only what has changed is painted. */
export class Overlay {
  /**
   * @param {number} rows
   * @param {number} columns
   */
  constructor(rows, columns) {
    this.rows = rows;
    this.columns = columns;
    /** @type {Layer|null} */
    this.layer = null;
    this.opacity = 0.4;
    this.isOutlined = false;
    this.isShown = true;
    /** @type {Set<number>} */
    this.hidden = new Set();
    /** @type {HTMLCanvasElement|null} */
    this.canvas = null;
    this.isEmpty = true;
  }

  /**
   * Paints a part; all of it by default.
   * @param {Rect} [rect]
   */
  paint(rect = { row: 0, column: 0, rows: this.rows, columns: this.columns }) {
    const labels = this.isShown ? (this.layer?.labels() ?? null) : null;
    // What was painted before is another slice's.
    if (this.isEmpty) rect = { row: 0, column: 0, rows: this.rows, columns: this.columns };
    this.isEmpty = labels === null || labels.length !== this.rows * this.columns;
    if (labels === null || this.isEmpty || !this.layer) return;
    // Edges of the voxels around a changed part change, too.
    const margin = this.isOutlined ? 1 : 0;
    const top = Math.max(0, Math.floor(rect.row) - margin), left = Math.max(0, Math.floor(rect.column) - margin);
    const bottom = Math.min(this.rows, Math.ceil(rect.row + rect.rows) + margin);
    const right = Math.min(this.columns, Math.ceil(rect.column + rect.columns) + margin);
    if (bottom <= top || right <= left) return;
    const image = new ImageData(right - left, bottom - top);
    const pixels = new Uint32Array(image.data.buffer);
    const colors = palette(this.layer.colors, this.hidden);
    const fill = this.isOutlined ? this.edges : this.fill;
    fill.call(this, labels, pixels, colors, top, left, bottom, right);
    const covered = this.layer.covered?.();
    if (covered) this.uncover(covered, pixels, top, left, bottom, right);
    this.context().putImageData(image, left, top);
  }

  context() {
    if (!this.canvas) {
      this.canvas = document.createElement("canvas");
      this.canvas.width = this.columns;
      this.canvas.height = this.rows;
    }
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error(text.faults.noCanvas);
    return context;
  }

  /**
   * @param {Uint8Array} labels
   * @param {Uint32Array} pixels
   * @param {Uint32Array} colors
   * @param {number} top
   * @param {number} left
   * @param {number} bottom
   * @param {number} right
   */
  fill(labels, pixels, colors, top, left, bottom, right) {
    let next = 0;
    for (let row = top; row < bottom; row++) {
      const start = row * this.columns;
      for (let place = start + left; place < start + right; place++) pixels[next++] = colors[labels[place]];
    }
  }

  /**
   * Leaves out what is covered.
   * @param {Uint8Array} covered
   * @param {Uint32Array} pixels
   * @param {number} top
   * @param {number} left
   * @param {number} bottom
   * @param {number} right
   */
  uncover(covered, pixels, top, left, bottom, right) {
    let next = 0;
    for (let row = top; row < bottom; row++) {
      const start = row * this.columns;
      for (let place = start + left; place < start + right; place++, next++) if (covered[place] !== 255) pixels[next] = 0;
    }
  }

  /**
   * Only voxels that have another label, or the slice's side, beside them.
   * @param {Uint8Array} labels
   * @param {Uint32Array} pixels
   * @param {Uint32Array} colors
   * @param {number} top
   * @param {number} left
   * @param {number} bottom
   * @param {number} right
   */
  edges(labels, pixels, colors, top, left, bottom, right) {
    const { rows, columns } = this;
    let next = 0;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++, next++) {
        const place = row * columns + column, label = labels[place];
        const isInside = row > 0 && row < rows - 1 && column > 0 && column < columns - 1
          && labels[place - 1] === label && labels[place + 1] === label
          && labels[place - columns] === label && labels[place + columns] === label;
        if (!isInside) pixels[next] = colors[label];
      }
    }
  }
}
