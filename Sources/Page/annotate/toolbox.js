import { button, checkbox, choice, field, fill, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { PaintSettings } from "./paint-settings.js";
import { SaveNotices } from "./saving/save-notices.js";
import { SliceHistory } from "./slice-history.js";
import { unlabeled } from "./slice-labels.js";

/** @typedef {import("./annotator.js").Annotator} Annotator */

const words = text.annotate;
const signs = { brush: "●", eraser: "◌", polygon: "⬠", lasso: "∿", fill: "◧" };

/** The controls beside the views: tools, size, class, mask, paint mode, what can be done to a slice, its history. */
export class Toolbox {
  /** @param {Annotator} annotator */
  constructor(annotator) {
    this.annotator = annotator;
    const { settings, actions } = annotator;
    this.tools = PaintSettings.tools.map((tool) => button(`${signs[tool]} ${words.tools[tool]}`, () => annotator.use(tool), {
      "aria-label": words.tools[tool], "aria-keyshortcuts": words.shortcuts[tool], title: words.hints[tool], "data-tool": tool,
    }));
    this.size = h("input", { type: "range", min: 1, max: 200, "aria-label": words.size });
    this.size.addEventListener("input", () => settings.set({ size: Number(this.size.value) }));
    this.sizeText = h("output", { class: "numbers" });
    this.classes = h("div", { class: "classes", role: "radiogroup", "aria-label": words.classTitle });
    this.mode = choice(words.mode, [["all", words.everything], ["empty", words.onlyEmpty]], "all",
      (mode) => settings.set({ onlyEmpty: mode === "empty" }));
    this.mask = this.range(words.mask, "isMasked", [["low", words.low], ["high", words.high]]);
    this.similar = this.range(words.similar, "isSimilar", [["tolerance", words.tolerance]]);
    this.channel = field(words.channel, choice(words.channel, settings.channels.map(({ name }, channel) => [String(channel), words.channelOf(channel, name)]), "0",
      (channel) => settings.suit(Number(channel))));
    this.pressure = checkbox(words.pressure, settings.hasPressure, (hasPressure) => settings.set({ hasPressure }));
    this.undo = button(words.undo, () => actions.undo(), { "aria-keyshortcuts": "Control+Z" });
    this.redo = button(words.redo, () => actions.redo(), { "aria-keyshortcuts": "Control+Shift+Z" });
    this.role = checkbox(words.test, false, (isTest) => this.setRole(isTest), { title: words.testHint, "aria-keyshortcuts": "K" });
    this.notices = new SaveNotices(annotator);
    this.history = new SliceHistory(annotator);
    this.element = this.layout();
    settings.addEventListener("change", () => this.update());
    annotator.addEventListener("activechange", () => this.updateSlice());
    this.listClasses();
    this.update();
    this.updateSlice();
  }

  layout() {
    const { actions } = this.annotator;
    const action = (/** @type {string} */ label, /** @type {() => unknown} */ run, /** @type {string} */ keys) =>
      button(label, () => void run(), { "aria-keyshortcuts": keys });
    return h("div", { class: "toolbox", role: "group", "aria-label": words.title },
      this.notices.element,
      h("div", { class: "row tool-buttons", role: "group", "aria-label": words.toolsTitle }, ...this.tools),
      h("div", { class: "field" }, h("span", {}, words.size, " ", this.sizeText), this.size),
      this.classes,
      field(words.mode, this.mode),
      this.mask, this.similar, this.channel, this.pressure,
      h("div", { class: "row" }, this.undo, this.redo),
      h("details", {}, h("summary", {}, words.sliceTitle),
        h("div", { class: "stack" },
          action(words.fillRest, () => actions.fillRest(), "R"),
          action(words.copyNearest, () => actions.copyNearest(), "C"),
          action(words.copyPrediction, () => actions.copyPrediction(), "V"),
          action(words.interpolate, () => actions.interpolate(), "I"),
          button(words.interpolateAll, () => void actions.interpolateAll(), { "aria-keyshortcuts": "Shift+I", title: words.interpolateAllHint }),
          this.role)),
      this.history.element);
  }

  /**
   * A switch and the numbers that belong to it.
   * @param {string} label
   * @param {"isMasked"|"isSimilar"} name
   * @param {["low"|"high"|"tolerance", string][]} numbers
   */
  range(label, name, numbers) {
    const { settings } = this.annotator;
    const inputs = numbers.map(([key, title]) => {
      const input = h("input", { type: "number", step: "any", value: String(settings[key]), "aria-label": `${label}: ${title}` });
      input.addEventListener("change", () => settings.set({ [key]: Number(input.value) }));
      settings.addEventListener("change", () => (input.value = String(settings[key])));
      return h("label", {}, title, " ", input);
    });
    const row = h("div", { class: "row", hidden: true }, ...inputs);
    const box = checkbox(label, false, (isOn) => settings.set({ [name]: isOn })), input = box.querySelector("input");
    settings.addEventListener("change", () => {
      row.hidden = !settings[name];
      if (input) input.checked = settings[name];
    });
    return h("div", { "data-range": name }, box, row);
  }

  listClasses() {
    const { store } = this.annotator;
    let number = 0;
    /** @type {Element[]} */
    const rows = store.classes.flatMap((label, place) => label.removed ? [] : [this.classRow(label.name, label.color, ++number, place)]);
    rows.push(this.classRow(words.unlabeled, null, 0, unlabeled), this.classRow(words.predicted, null, "W", null));
    fill(this.classes, h("div", { class: "label" }, words.classTitle), ...rows);
    this.listed = store.classes;
  }

  /**
   * @param {string} name
   * @param {string|null} color
   * @param {number|string} key What chooses it, if it is a single digit or a letter.
   * @param {number|null} label Null for what is predicted.
   */
  classRow(name, color, key, label) {
    const { settings } = this.annotator;
    const input = h("input", { type: "radio", name: "slicewise-class", value: label === null ? "predicted" : String(label) });
    input.addEventListener("change", () => {
      settings.set(label === null ? { fromPrediction: true } : { label, fromPrediction: false });
    });
    const swatch = h("span", { class: "swatch" });
    if (color) swatch.style.backgroundColor = color;
    return h("label", { class: "check class", title: name }, input, swatch, h("span", {}, name),
      typeof key === "number" && key > 9 ? null : h("kbd", { "aria-hidden": "true" }, String(key)));
  }

  update() {
    const { settings, store } = this.annotator;
    if (this.listed !== store.classes) this.listClasses();
    this.tools.forEach((tool, place) => tool.setAttribute("aria-pressed", String(PaintSettings.tools[place] === settings.tool)));
    this.size.value = String(settings.size);
    this.sizeText.textContent = words.voxels(settings.size);
    this.mode.value = settings.onlyEmpty ? "empty" : "all";
    const chosen = settings.fromPrediction ? "predicted" : String(settings.label);
    for (const input of this.classes.querySelectorAll("input")) input.checked = input.value === chosen;
    const hasIntensities = this.annotator.sources.intensities !== null;
    this.mask.hidden = !hasIntensities;
    this.similar.hidden = !hasIntensities || settings.tool !== "fill";
    this.channel.hidden = settings.channels.length < 2 || !settings.needsIntensities;
  }

  updateSlice() {
    const { active, store } = this.annotator;
    const document = active && store.peek(active.axis, active.index);
    this.undo.disabled = !document?.history.canUndo;
    this.redo.disabled = !document?.history.canRedo;
    const box = this.role.querySelector("input");
    if (box) {
      box.checked = document?.role === "test";
      // What the server does not have yet has no role there.
      box.disabled = !document || document.revision === 0 || document.state !== "saved";
    }
    this.element.setAttribute("aria-busy", String(this.annotator.sources.loading > 0));
    this.notices.update();
    this.history.update();
  }

  /** @param {boolean} isTest */
  async setRole(isTest) {
    await this.annotator.actions.setRole(isTest);
    this.updateSlice();
  }
}
