import { fill, svg } from "../support/dom.js";
import { text } from "../support/text.js";

/** @typedef {{step: number, seconds?: number, loss: number|null, heldout_iou?: number|null}} Point */

const width = 264, height = 120, left = 30, right = 30, top = 6, bottom = 16;

/** The loss and the IoU of a training by its steps, as they come. */
export class CurvePlot {
  constructor() {
    /** @type {Map<number, Point>} */
    this.points = new Map();
    this.element = svg("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": text.train.curve });
    this.frame = 0;
    /**
     * How many steps there will be.
     * @type {number|null}
     */
    this.steps = null;
  }

  /** @param {Point} point */
  add(point) {
    const known = this.points.get(point.step);
    const measured = point.heldout_iou ?? known?.heldout_iou ?? null;
    this.points.set(point.step, { ...point, heldout_iou: measured });
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    const points = [...this.points.values()].sort((a, b) => a.step - b.step);
    const losses = points.filter(({ loss }) => loss !== null && loss !== undefined);
    const measured = points.filter(({ heldout_iou }) => heldout_iou !== null && heldout_iou !== undefined);
    const last = Math.max(1, this.steps ?? 0, points.at(-1)?.step ?? 0);
    const most = Math.max(1e-6, ...losses.map(({ loss }) => loss ?? 0));
    const x = (/** @type {number} */ step) => left + (step / last) * (width - left - right);
    const y = (/** @type {number} */ share) => height - bottom - share * (height - top - bottom);
    const path = (/** @type {[number, number][]} */ places) => places.map(([x, y], index) =>
      `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    const loss = losses.map(({ step, loss }) => /** @type {[number, number]} */ ([x(step), y((loss ?? 0) / most)]));
    const iou = measured.map(({ step, heldout_iou }) => /** @type {[number, number]} */ ([x(step), y(heldout_iou ?? 0)]));
    const word = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ words, /** @type {string} */ kind) =>
      svg("text", { x, y, class: kind }, words);
    const latest = measured.at(-1)?.heldout_iou;
    fill(this.element,
      svg("title", {}, text.train.curveNow(losses.at(-1)?.loss ?? null, latest ?? null)),
      svg("path", { class: "frame", d: `M${left} ${top}V${height - bottom}H${width - right}` }),
      svg("path", { class: "loss", d: path(loss) }), svg("path", { class: "iou", d: path(iou) }),
      ...iou.map(([x, y]) => svg("circle", { class: "iou", cx: x, cy: y, r: 1.6 })),
      word(2, top + 8, most.toFixed(1), "loss"), word(2, height - bottom, "0", "loss"),
      word(left + 4, top + 8, text.train.loss, "loss"),
      ...(iou.length > 0 ? [word(width - right + 3, top + 8, "1", "iou"), word(width - right + 3, height - bottom, "0", "iou"),
        word(width - right - 24, top + 8, text.train.iou, "iou")] : []),
      word(left, height - 4, "0", "faint"), word(width - right - 22, height - 4, String(last), "faint"));
  }
}
