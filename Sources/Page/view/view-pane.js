import { button, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { planes, planeSize } from "../volume/geometry.js";
import { axisColors, crosshair, keyboardCursor, scaleBar } from "./scale-bar.js";
import { SliceView } from "./slice-view.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("../volume/geometry.js").Axis} Axis */

/** A view of one axis with its timeline and its buttons. */
export class ViewPane {
  /**
   * @param {Axis} axis
   * @param {any} volume As the server describes it.
   * @param {(axis: Axis) => void} onEnlarge
   */
  constructor(axis, volume, onEnlarge) {
    const { spacing } = volume, plane = planes[axis];
    this.axis = axis;
    this.canvas = h("canvas", {
      role: "application", tabindex: 0, "aria-label": text.view.axis(axis),
      "aria-roledescription": text.view.description, "data-axis": axis,
    });
    this.view = new SliceView(this.canvas, {
      axis, count: volume.shape[axis], ...planeSize(axis, volume.shape),
      rowSpacing: spacing[plane.rows], columnSpacing: spacing[plane.columns],
    });
    this.view.decorations.push(
      crosshair(plane.rows, plane.columns), scaleBar(spacing[plane.columns], spacing.unit), keyboardCursor);
    this.timeline = new Timeline(this.view);
    const title = h("span", { class: "axis" }, axis);
    title.style.color = axisColors[axis];
    const tool = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => void} */ run, kind = "quiet") =>
      button(sign, run, { class: kind, "aria-label": label, title: label });
    this.element = h("section", { class: "pane", "data-axis": axis, "aria-label": text.view.pane(axis) },
      h("header", {}, title, this.timeline.element,
        tool("−", text.view.zoomOut(axis), () => this.view.zoom(1 / 1.4), "quiet zoom"),
        tool("+", text.view.zoomIn(axis), () => this.view.zoom(1.4), "quiet zoom"),
        tool("◻", text.view.fit(axis), () => this.view.fit()),
        tool("⤢", text.view.enlarge(axis), () => onEnlarge(axis))),
      h("div", { class: "canvas" }, this.canvas));
  }
}
