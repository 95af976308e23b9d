import { button, h, refill, table } from "./dom.js";
import { text } from "./text.js";

/** @typedef {Parameters<typeof table>[1][number]} Row */

/** A table of which the first rows are shown, and more of them when they are asked for. */
export class LongTable {
  /**
   * @param {string} label
   * @param {number} few So many rows are shown at first.
   */
  constructor(label, few) {
    this.label = label;
    this.limit = few;
    this.element = h("div", {});
  }

  /**
   * Shows it anew; a control in it that has the focus keeps it.
   * @template Item
   * @param {string[]} head
   * @param {Item[]} items
   * @param {(item: Item) => Row} row
   */
  show(head, items, row) {
    const shown = items.slice(0, this.limit);
    const more = button(text.common.more, () => {
      this.limit *= 5;
      this.show(head, items, row);
    }, { class: "quiet", "aria-label": text.common.moreOf(this.label) });
    refill(this.element, table(head, shown.map(row), this.label), shown.length === items.length ? null
      : h("p", { class: "row" }, h("span", { class: "faint" }, text.common.shown(shown.length, items.length)), more));
  }
}
