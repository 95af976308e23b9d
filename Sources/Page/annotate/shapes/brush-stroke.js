import { brushSpans } from "./brush-shape.js";

/** @typedef {import("./brush-shape.js").Place} Place */
/** @typedef {import("./brush-shape.js").Aspect} Aspect */
/** @typedef {import("./slice-paint.js").SlicePaint} SlicePaint */

/** A stroke of the brush or the eraser while it is drawn. */
export class BrushStroke {
  /**
   * @param {SlicePaint} paint
   * @param {Aspect} aspect
   */
  constructor(paint, aspect) {
    this.paint = paint;
    this.aspect = aspect;
    /** @type {Place|null} */
    this.last = null;
  }

  /**
   * Goes on to a place.
   * @param {Place} place
   * @param {number} radius
   */
  go(place, radius) {
    brushSpans(this.last ?? place, place, radius, this.aspect, this.paint.span);
    this.last = place;
  }
}
