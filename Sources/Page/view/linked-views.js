import { axes, planes } from "../volume/geometry.js";
import { ImagePainter } from "./image-painter.js";
import { ViewPane } from "./view-pane.js";
import { h } from "../support/dom.js";

/** @typedef {import("../volume/geometry.js").Axis} Axis */
/** @typedef {import("../volume/geometry.js").Extent} Extent */
/** @typedef {import("./slice-view.js").SliceView} SliceView */

/**
 * The three views of a volume, each a slice through the point that the others' crosshairs show.
 *
 * Dispatches `focuschange` (another view is worked in) and `voxelchange` (`detail` is the voxel that is pointed at, or null).
 */
export class LinkedViews extends EventTarget {
  /**
   * @param {any} volume As the server describes it.
   * @param {import("../volume/brick-volume.js").BrickVolume} bricks
   * @param {import("../volume/brick-queue.js").BrickQueue} queue
   * @param {import("./display.js").Display} display
   */
  constructor(volume, bricks, queue, display) {
    super();
    this.display = display;
    this.panes = axes.map((axis) => new ViewPane(axis, volume, (axis) => this.enlarge(axis)));
    this.element = h("div", { class: "views", "data-main": "z" }, ...this.panes.map((pane) => pane.element));
    this.main = /** @type {Axis} */ ("z");
    this.focused = this.panes[0].view;
    /** @type {Extent|null} */
    this.voxel = null;
    this.painters = this.panes.map(({ view }) => new ImagePainter(view, bricks, queue, display));
    for (const { view, canvas } of this.panes) {
      view.addEventListener("indexchange", () => this.link());
      view.addEventListener("crosshair", (event) => this.pointOut(view, /** @type {CustomEvent} */ (event).detail));
      view.addEventListener("cursorchange", () => this.pointed(view));
      canvas.addEventListener("focus", () => this.focus(view));
      canvas.addEventListener("pointerenter", () => this.focus(view));
    }
    display.addEventListener("overlaychange", (event) => this.applyOverlays(/** @type {CustomEvent} */ (event).detail));
    this.link();
    this.applyOverlays(null);
  }

  /** @returns {SliceView[]} */
  get views() {
    return this.panes.map((pane) => pane.view);
  }

  /** @param {Axis} axis */
  view(axis) {
    return this.panes[axes.indexOf(axis)].view;
  }

  /** @param {SliceView} view */
  focus(view) {
    if (this.focused === view) return;
    this.focused = view;
    this.dispatchEvent(new CustomEvent("focuschange"));
  }

  /** Crosshairs where the other views' slices are. */
  link() {
    for (const view of this.views) {
      const { rows, columns } = planes[view.axis];
      view.crosshair = { row: this.view(rows).index + 0.5, column: this.view(columns).index + 0.5 };
      view.redraw();
    }
    this.pointed(this.focused);
  }

  /**
   * Turns the other views to a place of this one.
   * @param {SliceView} view
   * @param {import("./slice-view.js").Place} place
   */
  pointOut(view, place) {
    const { rows, columns } = planes[view.axis];
    this.view(rows).index = Math.floor(place.row);
    this.view(columns).index = Math.floor(place.column);
  }

  /** @param {SliceView} view */
  pointed(view) {
    const { cursor } = view;
    if (view !== this.focused && !cursor) return;
    const isInside = cursor && cursor.row >= 0 && cursor.column >= 0 && cursor.row < view.rows && cursor.column < view.columns;
    const { rows, columns } = planes[view.axis];
    this.voxel = isInside ? /** @type {Extent} */ ({
      [view.axis]: view.index, [rows]: Math.floor(cursor.row), [columns]: Math.floor(cursor.column),
    }) : null;
    this.dispatchEvent(new CustomEvent("voxelchange", { detail: this.voxel }));
  }

  /** @param {Axis} axis */
  enlarge(axis) {
    this.main = axis;
    this.element.setAttribute("data-main", axis);
    this.view(axis).canvas.focus({ preventScroll: true });
  }

  /**
   * @param {Axis} axis
   * @param {number} index
   */
  go(axis, index) {
    this.enlarge(axis);
    this.view(axis).index = index;
  }

  /** @param {string|null} only The overlay that has changed; null for all. */
  applyOverlays(only) {
    for (const view of this.views) {
      for (const [name, state] of Object.entries(this.display.overlays)) {
        if (only !== null && only !== name) continue;
        const overlay = view.overlays[name];
        const isRepainted = overlay.isOutlined !== state.isOutlined || only === null || overlay.isShown !== state.isShown;
        overlay.isShown = state.isShown;
        overlay.opacity = state.opacity;
        overlay.isOutlined = state.isOutlined;
        overlay.hidden = name === "uncertainty" || name === "errors" ? new Set() : this.display.hidden;
        if (isRepainted) overlay.paint();
      }
      view.redraw();
    }
  }

  close() {
    for (const painter of this.painters) painter.close();
    for (const view of this.views) view.close();
  }
}
