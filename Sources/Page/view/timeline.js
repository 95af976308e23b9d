import { fill, h, svg } from "../support/dom.js";
import { text } from "../support/text.js";
import { axisColors } from "./scale-bar.js";

/** @typedef {import("./slice-view.js").SliceView} SliceView */
/** @typedef {{index: number, kind: "annotated"|"test"|"suggested"}} Mark */

/** The slices of an axis as a slider, with marks where slices are annotated, kept for a test, or suggested. */
export class Timeline {
  /** @param {SliceView} view */
  constructor(view) {
    this.view = view;
    this.slider = h("input", {
      type: "range", min: 0, max: view.count - 1, step: 1, value: view.index, "aria-label": text.view.slice(view.axis),
      title: text.view.marks,
    });
    this.box = h("input", {
      type: "number", min: 0, max: view.count - 1, value: view.index, "aria-label": text.view.sliceNumber(view.axis),
    });
    this.marks = svg("svg", { class: "marks", viewBox: "0 0 1000 8", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.element = h("div", { class: "timeline" },
      h("div", { class: "track" }, this.marks, this.slider), this.box, h("span", { class: "faint" }, `/ ${view.count - 1}`));
    this.slider.addEventListener("input", () => (view.index = Number(this.slider.value)));
    this.box.addEventListener("change", () => this.typed());
    // Whoever has typed a slice works on it next.
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      this.typed();
      view.canvas.focus({ preventScroll: true });
    });
    view.addEventListener("indexchange", () => this.update());
    this.update();
  }

  /** Goes to the slice in the box, if there is a number in it. */
  typed() {
    const number = this.box.valueAsNumber;
    if (Number.isFinite(number)) this.view.index = number;
    this.update();
  }

  update() {
    const { view } = this;
    this.slider.value = String(view.index);
    this.slider.setAttribute("aria-valuetext", text.view.position(view.index, view.count));
    this.box.value = String(view.index);
  }

  /** @param {Mark[]} marks */
  show(marks) {
    const width = 1000 / this.view.count;
    const colors = { annotated: axisColors[this.view.axis], test: "#7d8bff", suggested: "#3fbf7f" };
    // Suggestions are below and annotated slices above, so that both can be seen.
    fill(this.marks, ...marks.map(({ index, kind }) => svg("rect", {
      x: index * width, width: Math.max(width, 5), y: kind === "suggested" ? 5 : 0, height: kind === "suggested" ? 3 : 4,
      fill: colors[kind],
    }, svg("title", {}, text.view.mark(kind, index)))));
  }
}
