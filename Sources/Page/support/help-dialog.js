import { fill, h } from "./dom.js";
import { text } from "./text.js";

/** The list of the keys that work where one is. */
export class HelpDialog {
  /** @param {import("./keys.js").Keys} keys */
  constructor(keys) {
    this.keys = keys;
    this.body = h("div", { class: "keys" });
    const close = h("button", { type: "button", onclick: () => this.element.close() }, text.common.close);
    this.element = h("dialog", { "aria-label": text.keys.title },
      h("header", {}, h("h2", {}, text.keys.title), close), this.body);
  }

  open() {
    if (this.element.open) return this.element.close();
    fill(this.body, ...this.group(text.keys.mouse, text.keys.pointer),
      ...[...this.keys.groups].flatMap(([title, keys]) =>
        this.group(title, keys.filter((key) => key.text).map((key) => [key.keys.split(/, ?/).map(shown).join(` ${text.keys.or} `), key.text]))));
    this.element.showModal();
  }

  /**
   * @param {string} title
   * @param {string[][]} rows Keys, and what they do.
   */
  group(title, rows) {
    if (rows.length === 0) return [];
    return [h("section", {}, h("h3", {}, title),
      h("dl", {}, ...rows.flatMap(([keys, words]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, words)])))];
  }
}

/** @param {string} keys */
function shown(keys) {
  return keys.split(/\+(?=.)/).map((key) => text.keys.names[key] ?? (key.length === 1 ? key.toUpperCase() : key)).join("+");
}
