import { unlabeled } from "../slice-labels.js";

/** @typedef {import("../slice-document.js").SliceDocument} SliceDocument */
/** @typedef {import("../slice-labels.js").Painting} Painting */
/** @typedef {import("../slice-labels.js").SpanVisitor} SpanVisitor */

/** Paint for a stroke on a slice: which label goes where. */
export class SlicePaint {
  /**
   * @param {SliceDocument} document
   * @param {number} label
   * @param {Painting|null} painting
   * @param {Uint8Array|null} [source] Labels that voxels get instead, each its own.
   */
  constructor(document, label, painting, source = null) {
    this.document = document;
    this.label = label;
    /** @type {SpanVisitor} */
    this.span = source && label !== unlabeled
      ? (row, start, end) => document.labels.copy(row, start, end, source, painting)
      : (row, start, end) => document.labels.paint(row, start, end, label, painting);
  }
}
