import { fill, h, svg } from "../support/dom.js";
import { text } from "../support/text.js";
import { number } from "../support/units.js";

/** @typedef {import("./display.js").Display} Display */

/** The window of a channel: its ends as sliders below a histogram of the slice that is looked at. */
export class WindowControl {
  /**
   * @param {Display} display
   * @param {number} index The channel.
   * @param {{minimum: number, maximum: number, low: number, high: number}} range Its gray values.
   */
  constructor(display, index, range) {
    this.display = display;
    this.index = index;
    const wide = range.high - range.low || 1;
    this.minimum = Math.max(range.minimum, range.low - wide);
    this.maximum = Math.min(range.maximum, range.high + 2 * wide);
    if (!(this.maximum > this.minimum)) this.maximum = this.minimum + 1;
    this.automatic = { low: range.low, high: range.high > range.low ? range.high : range.low + 1 };
    this.plot = svg("svg", { class: "histogram", viewBox: "0 0 128 32", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.low = this.slider(text.view.black(index), "low");
    this.high = this.slider(text.view.white(index), "high");
    this.values = h("span", { class: "faint numbers" });
    this.element = h("div", { class: "window" }, this.plot, this.low, this.high,
      h("div", { class: "row" }, this.values, h("button", {
        type: "button", class: "quiet", "aria-label": text.view.automatic(index), onclick: () => this.set(this.automatic),
      }, text.view.auto)));
    this.show();
  }

  /**
   * @param {string} label
   * @param {"low"|"high"} end
   */
  slider(label, end) {
    const input = h("input", { type: "range", min: this.minimum, max: this.maximum, step: (this.maximum - this.minimum) / 500, "aria-label": label });
    input.addEventListener("input", () => this.set({ [end]: Number(input.value) }, end));
    return input;
  }

  /**
   * @param {{low?: number, high?: number}} change
   * @param {"low"|"high"} [end] The one that was moved: the other gives way.
   */
  set(change, end = "low") {
    const step = (this.maximum - this.minimum) / 500;
    let { low, high } = { ...this.display.channels[this.index], ...change };
    if (high - low < step) {
      if (end === "low") high = low + step;
      else low = high - step;
    }
    this.display.setChannel(this.index, { low, high });
    this.show();
  }

  show() {
    const { low, high } = this.display.channels[this.index];
    this.low.value = String(low);
    this.high.value = String(high);
    this.values.textContent = `${number(low)} – ${number(high)}`;
  }

  /**
   * Draws how often the gray values of a slice are, as the root so that rare ones can be seen.
   * @param {import("./composite.js").Voxels} voxels
   */
  draw(voxels) {
    const bins = new Uint32Array(128), scale = 128 / (this.maximum - this.minimum);
    // A sample of every slice is as good as all of it.
    const step = Math.max(1, Math.floor(voxels.length / 65536));
    for (let place = 0; place < voxels.length; place += step) {
      const bin = Math.floor((voxels[place] - this.minimum) * scale);
      if (bin >= 0 && bin < 128) bins[bin]++;
    }
    const top = Math.sqrt(Math.max(1, ...bins));
    const path = [...bins].map((count, bin) => `L${bin} ${32 - (Math.sqrt(count) / top) * 31} H${bin + 1}`).join("");
    fill(this.plot, svg("path", { d: `M0 32${path} V32 Z`, fill: "currentColor" }));
  }
}
