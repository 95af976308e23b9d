import { drawBrush, drawClashes, drawOutline } from "./tool-cursor.js";
import { BrushStroke } from "./shapes/brush-stroke.js";
import { floodFill } from "./shapes/flood-fill.js";
import { OutlineDraft } from "./shapes/outline-draft.js";

/** @typedef {import("./annotator.js").Annotator} Annotator */
/** @typedef {import("./shapes/brush-shape.js").Place} Place */
/** @typedef {import("./slice-document.js").SliceDocument} SliceDocument */
/** @typedef {import("../view/slice-view.js").SliceView} SliceView */

/**
 * The annotator's tool in one view: what pointers and keys do there.
 *
 * A stroke belongs to the slice on which it was begun, whatever the view shows when it ends.
 */
export class ViewTool {
  /** Milliseconds after which a stroke that the system interrupts is kept; a second finger comes sooner. */
  static brief = 250;
  /** CSS pixels around the first corner that close a polygon. */
  static near = 8;

  /**
   * @param {Annotator} annotator
   * @param {SliceView} view
   */
  constructor(annotator, view) {
    this.annotator = annotator;
    this.view = view;
    /** @type {SliceDocument|null} */
    this.document = null;
    /** @type {BrushStroke|null} */
    this.stroke = null;
    /** @type {OutlineDraft|null} */
    this.draft = null;
    this.isFreehand = false;
    this.began = 0;
    /** The part of the size that the pen's pressure leaves. */
    this.share = 1;
  }

  get settings() {
    return this.annotator.settings;
  }

  get radius() {
    return (this.settings.size / 2) * this.share;
  }

  /** @param {PointerEvent} event @param {Place} place */
  down(event, place) {
    this.annotator.activate(this.view);
    this.press(event);
    const isErasing = event.button === 2 || event.button === 5;
    this.begin(place, isErasing);
  }

  /** @param {PointerEvent[]} events @param {Place} place */
  move(events, place) {
    if (this.stroke) {
      for (const event of events) {
        this.press(event);
        this.stroke.go(this.view.toVoxel(event.clientX, event.clientY), this.radius);
      }
      this.show();
    } else if (this.draft && this.isFreehand) {
      for (const event of events) this.draft.add(this.view.toVoxel(event.clientX, event.clientY));
      this.view.redraw();
    } else this.press(null);
  }

  /** @param {PointerEvent} _event */
  up(_event) {
    if (this.draft && this.isFreehand) this.close();
    else if (this.stroke) this.end();
    this.press(null);
  }

  cancel() {
    const isBrief = performance.now() - this.began < ViewTool.brief;
    if (this.stroke) {
      if (!isBrief) return this.end();
      const rect = this.document?.drop();
      if (rect && this.isShown) this.view.repaint(rect);
      this.stroke = this.document = null;
    }
    if (this.draft && (this.isFreehand || !this.isShown)) this.forget();
    this.share = 1;
  }

  /** Whether the view still shows the slice of what was begun. */
  get isShown() {
    return this.document?.index === this.view.index;
  }

  /** @param {number} steps */
  resize(steps) {
    this.settings.resize(steps);
  }

  /** @param {PointerEvent|null} event */
  press(event) {
    const isPen = event?.pointerType === "pen" && this.settings.hasPressure && event.pressure > 0;
    this.share = event && isPen ? 0.25 + 0.75 * event.pressure : 1;
  }

  /**
   * @param {Place} place
   * @param {boolean} [isErasing]
   */
  begin(place, isErasing = false) {
    const { settings, annotator } = this;
    const document = annotator.editable(this.view);
    if (!document) return;
    if (this.draft && this.document !== document) this.forget();
    this.document = document;
    this.began = performance.now();
    const erases = isErasing || settings.tool === "eraser";
    if (settings.tool === "polygon" && this.draft) return this.corner(place);
    if (settings.tool === "fill") return this.fill(place, erases);
    if (settings.tool === "polygon" || settings.tool === "lasso") {
      this.isFreehand = settings.tool === "lasso";
      this.draft = new OutlineDraft(erases);
      this.draft.add(place);
      return this.view.redraw();
    }
    const paint = annotator.sources.paint(document, erases);
    if (!paint) return;
    document.begin();
    this.stroke = new BrushStroke(paint, this.view.camera);
    this.stroke.go(place, this.radius);
    this.show();
  }

  /** @param {Place} place */
  go(place) {
    if (this.stroke) {
      this.stroke.go(place, this.radius);
      this.show();
    } else if (this.draft && this.isFreehand) this.draft.add(place);
  }

  show() {
    const rect = this.document?.takeChanged();
    if (rect && this.isShown) this.view.repaint(rect);
  }

  end() {
    const { document } = this;
    if (this.stroke) this.show();
    this.stroke = this.document = null;
    const patch = document?.end();
    if (document && patch) this.annotator.store.edited(document, patch, true);
  }

  /** @param {Place} place */
  corner(place) {
    const { draft, view } = this;
    if (!draft) return;
    const first = view.toScreen(draft.corners[0].row, draft.corners[0].column), at = view.toScreen(place.row, place.column);
    if (draft.corners.length > 2 && Math.hypot(first.x - at.x, first.y - at.y) <= ViewTool.near) return void this.close();
    draft.add(place);
    view.redraw();
  }

  /** Fills the outline; false if there is none. */
  close() {
    const { draft, document } = this;
    if (!draft || !document) return false;
    this.draft = null;
    const paint = this.annotator.sources.paint(document, draft.isErasing);
    if (paint) this.work(document, () => draft.fill(paint));
    this.document = null;
    this.view.redraw();
    return true;
  }

  /** Takes back the last corner; false if there is none. */
  back() {
    if (!this.draft) return false;
    this.draft.corners.pop();
    if (this.draft.corners.length === 0) this.forget();
    this.view.redraw();
    return true;
  }

  /** Drops the outline; false if there is none. */
  forget() {
    if (!this.draft) return false;
    this.draft = this.document = null;
    this.view.redraw();
    return true;
  }

  /**
   * @param {Place} place
   * @param {boolean} isErasing
   */
  fill(place, isErasing) {
    const { settings, annotator, document } = this;
    this.document = null;
    const paint = document && annotator.sources.paint(document, isErasing);
    if (!document || !paint) return;
    const { rows, columns } = document, seed = { row: Math.floor(place.row), column: Math.floor(place.column) };
    const { values } = document.labels, origin = seed.row * columns + seed.column;
    // What is to be filled is the same class, whatever is painted meanwhile.
    const before = values.slice(), label = before[origin];
    const intensities = settings.isSimilar ? annotator.sources.intensitiesOf(document) : null;
    if (settings.isSimilar && !intensities) return annotator.sources.waitForIntensities(document);
    const seedValue = intensities?.[origin] ?? 0, { tolerance } = settings;
    const belongs = (/** @type {number} */ offset) => before[offset] === label
      && (!intensities || Math.abs(intensities[offset] - seedValue) <= tolerance);
    this.work(document, () => annotator.filled(floodFill(rows, columns, seed, belongs, paint.span)));
  }

  /**
   * Does something to a slice as one stroke.
   * @param {SliceDocument} document
   * @param {() => void} paint
   */
  work(document, paint) {
    document.begin();
    paint();
    const patch = document.end();
    if (patch) this.annotator.store.edited(document, patch);
  }

  /** @param {CanvasRenderingContext2D} context @param {SliceView} view */
  draw(context, view) {
    const document = this.annotator.shown(view);
    if (document?.clashes) drawClashes(context, view, document.clashes, document.columns);
    if (this.draft) drawOutline(context, view, this.draft.corners, this.isFreehand ? null : view.cursor);
    const isBrush = this.settings.tool === "brush" || this.settings.tool === "eraser";
    if (view.cursor && isBrush) drawBrush(context, view, view.cursor, this.radius);
  }
}
