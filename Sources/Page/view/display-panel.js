import { checkbox, choice, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { WindowControl } from "./window-control.js";

/** @typedef {import("./display.js").Display} Display */

/** The controls of how a volume is shown: channels, overlays, classes. */
export class DisplayPanel {
  /**
   * @param {Display} display
   * @param {any} volume As the server describes it.
   * @param {{name: string, color: string}[]} classes
   */
  constructor(display, volume, classes) {
    this.display = display;
    /** @type {WindowControl[]} */
    this.windows = volume.channels.map((/** @type {any} */ range, /** @type {number} */ index) =>
      new WindowControl(display, index, range));
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    this.element = h("div", { class: "panel" },
      h("h2", {}, text.view.image), ...volume.channels.map((/** @type {{name?: string}} */ { name }, /** @type {number} */ index) => this.channel(index, name)),
      h("h2", {}, text.view.overlays), ...Object.keys(display.overlays).map((name) => this.overlay(name)),
      h("h2", {}, text.view.classes), ...classes.map((label, index) => this.label(label, index)));
    display.addEventListener("overlaychange", () => this.update());
  }

  /**
   * @param {number} index
   * @param {string} [name] What its file calls it.
   */
  channel(index, name) {
    const { display } = this, channel = display.channels[index];
    const color = h("input", { type: "color", value: channel.color, "aria-label": text.view.channelColor(index) });
    color.addEventListener("input", () => display.setChannel(index, { color: color.value }));
    const details = h("div", { class: "channel" },
      h("div", { class: "row" },
        checkbox(text.view.channel(index, name), channel.isShown, (isShown) => {
          display.setChannel(index, { isShown });
          window.hidden = !isShown;
        }), color));
    const window = this.windows[index].element;
    window.hidden = !channel.isShown;
    details.append(window);
    return details;
  }

  /** @param {string} name */
  overlay(name) {
    const { display } = this, state = display.overlays[name], label = text.view.overlay(name);
    const opacity = h("input", {
      type: "range", min: 5, max: 100, value: state.opacity * 100, "aria-label": text.view.opacity(label),
    });
    opacity.addEventListener("input", () => display.setOverlay(name, { opacity: Number(opacity.value) / 100 }));
    const style = choice(text.view.style(label), [["fill", text.view.fill], ["outline", text.view.outline]],
      state.isOutlined ? "outline" : "fill", (value) => display.setOverlay(name, { isOutlined: value === "outline" }));
    const row = h("div", { class: "overlay row", "data-overlay": name },
      checkbox(label, state.isShown, (isShown) => display.setOverlay(name, { isShown })), style, opacity);
    if (name === "uncertainty" || name === "errors") style.hidden = true;
    this.rows.set(name, row);
    return row;
  }

  /**
   * @param {{name: string, color: string, removed?: boolean}} label
   * @param {number} index
   */
  label({ name, color, removed }, index) {
    if (removed) return null;
    const swatch = h("span", { class: "swatch" });
    swatch.style.background = color;
    const row = h("div", { class: "row" },
      checkbox(name, !this.display.hidden.has(index), (isShown) => this.display.setClass(index, isShown),
        { "aria-label": text.view.showClass(name) }), swatch);
    return row;
  }

  /** Takes over what keys have changed. */
  update() {
    for (const [name, row] of this.rows) {
      const state = this.display.overlays[name];
      const [box, opacity] = row.querySelectorAll("input");
      box.checked = state.isShown;
      opacity.value = String(state.opacity * 100);
    }
  }

  /**
   * Offers only overlays that there is something for.
   * @param {string} name
   * @param {boolean} isThere
   */
  offer(name, isThere) {
    const row = this.rows.get(name);
    if (row) row.hidden = !isThere;
  }
}
