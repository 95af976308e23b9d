import { h } from "../support/dom.js";
import { text } from "../support/text.js";
import { number, unitSign } from "../support/units.js";

/** States that strokes pass through: which of them is, is seen and not heard. */
const passing = ["unsaved", "saving"];

/** What is under the pointer: place, gray values, classes; and whether everything is saved. */
export class StatusBar {
  /**
   * @param {any} volume As the server describes it.
   * @param {{name: string}[]} classes
   * @param {(words: string) => void} [say] Has those hear it who don't see it.
   */
  constructor(volume, classes, say = () => {}) {
    this.say = say;
    /** @type {string|null} */
    this.state = null;
    this.volume = volume;
    this.classes = classes;
    this.place = h("span", { class: "numbers", "data-status": "place" });
    this.values = h("span", { class: "numbers", "data-status": "values" });
    this.labels = h("span", { "data-status": "labels" });
    this.saving = h("span", { class: "saving", "data-status": "saving" });
    // Those who hear the page are told by its live region.
    this.said = h("span", { class: "said", "data-status": "said", "aria-hidden": "true", hidden: true });
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.element = h("footer", { class: "status", "aria-label": text.view.status }, this.place, this.values, this.labels, this.saving, this.said);
  }

  /**
   * @param {import("../volume/geometry.js").Extent|null} voxel
   * @param {({value: number, isExact: boolean}|null)[]} values By channel that is shown.
   * @param {{annotation: number|null, prediction: number|null}} labels
   */
  show(voxel, values, labels) {
    if (!voxel) {
      this.place.textContent = this.values.textContent = this.labels.textContent = "";
      return;
    }
    const { spacing } = this.volume, sign = unitSign(spacing.unit);
    const at = (/** @type {"z"|"y"|"x"} */ axis) => `${axis} ${voxel[axis]}`;
    const length = (/** @type {"z"|"y"|"x"} */ axis) => number(voxel[axis] * spacing[axis]);
    const lengths = `${length("z")}, ${length("y")}, ${length("x")}${sign ? ` ${sign}` : ""}`;
    this.place.textContent = `${at("z")}  ${at("y")}  ${at("x")}  (${lengths})`;
    this.values.textContent = text.view.values(values.map((found) =>
      found ? `${found.isExact ? "" : "≈"}${number(found.value)}` : "…").join(", "));
    const name = (/** @type {number|null} */ label) => label === null ? null
      : label === 255 ? text.common.unlabeled : (this.classes[label]?.name ?? String(label));
    this.labels.textContent = text.view.labels(name(labels.annotation), name(labels.prediction));
  }

  /**
   * Shows for some seconds what became of something that was done.
   * @param {string} words
   */
  tell(words) {
    clearTimeout(this.timer);
    this.said.textContent = words;
    this.said.hidden = false;
    this.timer = setTimeout(() => (this.said.hidden = true), Math.max(4000, words.length * 90));
  }

  /** @param {string} state One of the annotator's. */
  save(state) {
    const words = text.view.saving(state);
    // What is saved when a volume is opened is no news.
    if (this.state !== null && !passing.includes(state)) this.say(words);
    this.state = state;
    this.saving.textContent = words;
    this.saving.setAttribute("data-state", state);
  }
}
