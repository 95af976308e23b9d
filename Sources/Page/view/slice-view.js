import { Camera } from "./camera.js";
import { Overlay } from "./overlay.js";
import { Gestures } from "./gestures.js";

/** @typedef {import("./overlay.js").Rect} Rect */
/** @typedef {import("./overlay.js").Layer} Layer */
/** @typedef {{row: number, column: number}} Place Fractional: the voxel (r, c) covers [r, r+1) × [c, c+1). */
/**
 * @typedef {object} Tool What a pointer does in a view; places are where the event is, `view.toVoxel` says it of others.
 * @property {(event: PointerEvent, place: Place, view: SliceView) => void} down Left or right button, touch or pen.
 * @property {(events: PointerEvent[], place: Place, view: SliceView) => void} move All events since the last frame, also while nothing is pressed.
 * @property {(event: PointerEvent, view: SliceView) => void} up
 * @property {(view: SliceView) => void} cancel What was begun is dropped: a second finger came, or the system took the pointer.
 * @property {(context: CanvasRenderingContext2D, view: SliceView) => void} draw Its cursor and outlines, in CSS pixels of the canvas.
 * @property {(steps: number) => void} [resize] Shift and wheel.
 */
/** @typedef {"image"|"annotation"|"crossing"|"prediction"|"uncertainty"|"truth"|"errors"} LayerName */
/** @typedef {{canvas: HTMLCanvasElement, rect: Rect}} Picture Of any size; `rect` is what it covers of the slice. */

/** From below to above. */
const order = /** @type {const} */ (["truth", "prediction", "uncertainty", "errors", "crossing", "annotation"]);

/**
 * One slice of a volume on a canvas, with what is laid over it.
 *
 * Dispatches `indexchange`, `cameramove`, `cursorchange` (the voxel under the pointer or the keyboard's cursor is another) and
 * `crosshair` (a place was pointed out for the other views; `detail` is a place).
 */
export class SliceView extends EventTarget {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {object} slice
   * @param {"z"|"y"|"x"} slice.axis
   * @param {number} slice.count Slices on the axis.
   * @param {number} slice.rows
   * @param {number} slice.columns
   * @param {number} [slice.rowSpacing]
   * @param {number} [slice.columnSpacing]
   */
  constructor(canvas, { axis, count, rows, columns, rowSpacing = 1, columnSpacing = 1 }) {
    super();
    this.canvas = canvas;
    this.axis = axis;
    this.count = count;
    this.rows = rows;
    this.columns = columns;
    this.camera = new Camera(rows, columns, rowSpacing, columnSpacing);
    /** @type {Tool|null} */
    this.tool = null;
    /** @type {Picture|null} */
    this.picture = null;
    /** @type {Record<string, Overlay>} */
    this.overlays = Object.fromEntries(order.map((name) => [name, new Overlay(rows, columns)]));
    this.layers = this.makeLayers();
    /**
     * The voxel that is pointed at, by the pointer or the arrow keys.
     * @type {Place|null}
     */
    this.cursor = null;
    /** Whether the arrow keys moved the cursor last: then Space paints, otherwise Space and dragging pan. */
    this.isCursorByKeys = false;
    /**
     * Where the other views' slices cross this one.
     * @type {Place|null}
     */
    this.crosshair = null;
    /**
     * Drawn over everything, such as a scale bar.
     * @type {((context: CanvasRenderingContext2D, view: SliceView) => void)[]}
     */
    this.decorations = [];
    this.place = Math.floor(count / 2);
    this.frame = 0;
    this.ratio = 1;
    this.gestures = new Gestures(this);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(canvas);
  }

  /** Setting a layer paints it. */
  makeLayers() {
    const layers = /** @type {Record<typeof order[number], Layer|null>} */ ({});
    for (const name of order) {
      Object.defineProperty(layers, name, {
        enumerable: true,
        get: () => this.overlays[name].layer,
        set: (layer) => {
          this.overlays[name].layer = layer;
          this.repaintLayer(name);
        },
      });
    }
    return layers;
  }

  get index() {
    return this.place;
  }

  set index(index) {
    const next = Math.min(this.count - 1, Math.max(0, Math.round(index)));
    if (next === this.place) return;
    this.place = next;
    this.tool?.cancel(this);
    this.dispatchEvent(new CustomEvent("indexchange", { detail: next }));
    for (const name of order) this.repaintLayer(name);
  }

  /**
   * @param {number} clientX
   * @param {number} clientY
   * @returns {Place}
   */
  toVoxel(clientX, clientY) {
    const box = this.canvas.getBoundingClientRect();
    return this.camera.toVoxel(clientX - box.left, clientY - box.top);
  }

  /**
   * @param {number} row
   * @param {number} column
   * @returns {{x: number, y: number}} CSS pixels of the canvas.
   */
  toScreen(row, column) {
    return this.camera.toScreen(row, column);
  }

  /**
   * The annotation has changed, in a part or everywhere.
   * @param {Rect} [rect]
   */
  repaint(rect) {
    this.overlays.annotation.paint(rect);
    // What crosses the slice is seen where it has no labels of its own.
    this.overlays.crossing.paint(rect);
    this.redraw();
  }

  /** @param {string} name */
  repaintLayer(name) {
    this.overlays[name].paint();
    this.redraw();
  }

  /**
   * Draws at once: a frame later the picture would be late, and before it another slice's.
   * @param {Picture|null} picture
   */
  show(picture) {
    this.picture = picture;
    this.draw();
  }

  /**
   * Moves the keyboard's cursor, from the middle of the view at first, and keeps it in sight.
   * @param {number} rows
   * @param {number} columns
   */
  moveCursor(rows, columns) {
    const from = this.cursor ?? { row: this.camera.row, column: this.camera.column };
    const clamp = (/** @type {number} */ value, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, value));
    this.isCursorByKeys = true;
    this.point({
      row: clamp(Math.floor(from.row) + rows, this.rows) + 0.5,
      column: clamp(Math.floor(from.column) + columns, this.columns) + 0.5,
    });
    const { x, y } = this.toScreen(this.cursor?.row ?? 0, this.cursor?.column ?? 0);
    const { camera } = this, margin = 24;
    const out = (/** @type {number} */ at, /** @type {number} */ size) =>
      at < margin ? at - margin : at > size - margin ? at - size + margin : 0;
    const down = out(y, camera.height), right = out(x, camera.width);
    if (down !== 0 || right !== 0) this.pan(-right, -down);
  }

  /** @param {Place|null} place */
  point(place) {
    this.cursor = place;
    this.dispatchEvent(new CustomEvent("cursorchange", { detail: place }));
    this.redraw();
  }

  /**
   * @param {number} x CSS pixels that the slice moves.
   * @param {number} y
   */
  pan(x, y) {
    this.camera.moveBy(-y / this.camera.rowPixels, -x / this.camera.columnPixels);
    this.cameraMoved();
  }

  /**
   * @param {number} factor
   * @param {number} [x] CSS pixels of the canvas; its middle by default.
   * @param {number} [y]
   */
  zoom(factor, x = this.camera.width / 2, y = this.camera.height / 2) {
    this.camera.zoomAt(factor, x, y);
    this.cameraMoved();
  }

  fit() {
    this.camera.fit();
    this.cameraMoved();
  }

  cameraMoved() {
    this.dispatchEvent(new CustomEvent("cameramove"));
    this.redraw();
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.max(1, Math.round(clientWidth * this.ratio));
    this.canvas.height = Math.max(1, Math.round(clientHeight * this.ratio));
    this.camera.resize(clientWidth, clientHeight);
    this.dispatchEvent(new CustomEvent("cameramove"));
    this.draw();
  }

  /** Draws once in the next frame, however often it is asked to. */
  redraw() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    if (this.frame) cancelAnimationFrame(this.frame);
    this.frame = 0;
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) return;
    const { camera } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = "#101214";
    context.fillRect(0, 0, camera.width, camera.height);
    const at = camera.toScreen(0, 0);
    const width = this.columns * camera.columnPixels, height = this.rows * camera.rowPixels;
    context.imageSmoothingEnabled = false;
    if (this.picture) this.drawPicture(context, this.picture);
    for (const name of order) {
      const overlay = this.overlays[name];
      if (overlay.isEmpty || !overlay.isShown || !overlay.canvas) continue;
      context.globalAlpha = overlay.isOutlined ? Math.max(0.75, overlay.opacity) : overlay.opacity;
      context.drawImage(overlay.canvas, at.x, at.y, width, height);
    }
    context.globalAlpha = 1;
    for (const decorate of this.decorations) decorate(context, this);
    this.tool?.draw(context, this);
    this.dispatchEvent(new CustomEvent("drawn"));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Picture} picture
   */
  drawPicture(context, { canvas, rect }) {
    const from = this.camera.toScreen(rect.row, rect.column);
    const to = this.camera.toScreen(rect.row + rect.rows, rect.column + rect.columns);
    context.drawImage(canvas, from.x, from.y, to.x - from.x, to.y - from.y);
  }

  /** Ends listening. */
  close() {
    this.observer.disconnect();
    this.gestures.close();
    if (this.frame) cancelAnimationFrame(this.frame);
  }
}
