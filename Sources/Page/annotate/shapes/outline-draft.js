import { polygonSpans } from "./polygon-shape.js";

/** @typedef {import("./brush-shape.js").Place} Place */
/** @typedef {import("./slice-paint.js").SlicePaint} SlicePaint */

/** An outline while it is drawn, by corners or freehand; closed, it is filled. */
export class OutlineDraft {
  /** @param {boolean} isErasing */
  constructor(isErasing) {
    this.isErasing = isErasing;
    /** @type {Place[]} */
    this.corners = [];
  }

  /** @param {Place} place */
  add(place) {
    const last = this.corners[this.corners.length - 1];
    if (last && last.row === place.row && last.column === place.column) return;
    this.corners.push(place);
  }

  /** @param {SlicePaint} paint */
  fill(paint) {
    const { rows, columns } = paint.document;
    polygonSpans(this.corners, rows, columns, paint.span);
  }
}
