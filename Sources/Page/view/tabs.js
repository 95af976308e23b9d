import { h } from "../support/dom.js";

/** Panels of which one is seen, with the keys that lists of tabs have. */
export class Tabs {
  /**
   * @param {string} label
   * @param {{id: string, title: string, panel: HTMLElement}[]} tabs
   */
  constructor(label, tabs) {
    this.tabs = tabs.map(({ id, title, panel }) => {
      const tab = h("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, onclick: () => this.open(id) }, title);
      const body = h("div", { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`, tabindex: 0 }, panel);
      return { id, tab, body };
    });
    const list = h("div", { role: "tablist", "aria-label": label }, ...this.tabs.map(({ tab }) => tab));
    list.addEventListener("keydown", (event) => this.key(event));
    this.element = h("section", { class: "side", "aria-label": label }, list, ...this.tabs.map(({ body }) => body));
    this.open(tabs[0].id);
  }

  /** @param {string} id */
  open(id) {
    for (const { id: other, tab, body } of this.tabs) {
      const isOpen = other === id;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      body.hidden = !isOpen;
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const current = this.tabs.findIndex(({ tab }) => tab.getAttribute("aria-selected") === "true");
    const next = this.tabs[(current + step + this.tabs.length) % this.tabs.length];
    event.preventDefault();
    this.open(next.id);
    next.tab.focus();
  }
}
