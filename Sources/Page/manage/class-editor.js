import { button, fill, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { nextColor, palette } from "./class-colors.js";

/** @typedef {{name: string, color: string, removed?: boolean, isNew?: boolean}} Label */

/** The list of a project's classes, to name, colour, add and remove. */
export class ClassEditor {
  /** @param {Label[]} classes Those that the project has; empty for a new one. */
  constructor(classes = []) {
    this.isNew = classes.length === 0;
    /** @type {Label[]} */
    this.classes = this.isNew
      ? [{ name: text.classes.background, color: palette[7], isNew: true }, { name: text.classes.object, color: palette[0], isNew: true }]
      : classes.map((label) => ({ ...label }));
    this.list = h("ul", { class: "classes" });
    this.element = h("fieldset", {}, h("legend", {}, text.classes.title), h("small", {}, text.classes.hint), this.list,
      button(text.classes.add, () => this.add()));
    this.show();
  }

  add() {
    this.classes.push({ name: "", color: nextColor(this.classes.map(({ color }) => color)), isNew: true });
    this.show();
    this.focus("input[type=text]", this.classes.length - 1);
  }

  /**
   * Whoever works by the keyboard stays where they were.
   * @param {string} control
   * @param {number} index
   */
  focus(control, index) {
    const row = this.list.children[index], found = row?.querySelector(control) ?? row?.querySelector("input[type=text]");
    if (found instanceof HTMLElement) found.focus();
  }

  show() {
    fill(this.list, ...this.classes.map((label, index) => this.row(label, index)));
  }

  /**
   * @param {Label} label
   * @param {number} index
   */
  row(label, index) {
    const name = h("input", { type: "text", value: label.name, maxlength: 100, required: true, "aria-label": text.classes.name(index) });
    name.addEventListener("input", () => (label.name = name.value));
    const color = h("input", { type: "color", value: label.color, "aria-label": text.classes.color(index) });
    color.addEventListener("input", () => (label.color = color.value));
    const drop = () => {
      // Places of classes that the server knows stay theirs: they are marked, so that what is old keeps its name.
      if (label.isNew) this.classes.splice(index, 1);
      else label.removed = !label.removed;
      this.show();
      this.focus("button", Math.min(index, this.classes.length - 1));
    };
    return h("li", { class: label.removed ? "removed" : null }, color, name,
      this.classes.length > 1
        ? button(label.removed ? text.classes.restore : text.common.remove, drop, { class: "quiet", "aria-label": text.classes.remove(label.name, Boolean(label.removed)) })
        : null);
  }

  /** As the server takes them. */
  get value() {
    return this.classes.map(({ name, color, removed }) => ({ name: name.trim(), color, ...(removed ? { removed: true } : {}) }));
  }
}
