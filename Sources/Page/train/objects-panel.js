import { button, choice, field, fill, h, once } from "../support/dom.js";
import { DownloadList } from "../support/download-list.js";
import { LongTable } from "../support/long-table.js";
import { text } from "../support/text.js";
import { number, unitSign } from "../support/units.js";

/** @typedef {import("../application.js").Context} Context */
/** @typedef {{z: number, y: number, x: number}} Place */
/** @typedef {{id: number, voxels: number, volume: number, center: Place, cut: boolean}} MeasuredObject */

/**
 * The objects of a class in the prediction, with their sizes; each leads to its place.
 *
 * Dispatches `go` (`detail` is the place of an object's middle, in voxels).
 */
export class ObjectsPanel extends EventTarget {
  /**
   * @param {Context} context
   * @param {string} path Of the volume.
   * @param {{name: string, removed?: boolean}[]} classes
   */
  constructor(context, path, classes) {
    super();
    this.context = context;
    this.path = path;
    /** @type {string|null} */
    this.model = null;
    /** @type {{unit: string|null, objects: MeasuredObject[]}|null} */
    this.found = null;
    const names = classes.filter(({ removed }) => !removed).map(({ name }) => name);
    const words = text.objects;
    this.label = choice(words.class, names.map((name) => [name, name]), names[1] ?? names[0] ?? "", () => this.clear());
    this.least = h("input", { type: "number", min: 1, max: 1e9, step: 1, value: 10 });
    this.least.addEventListener("change", () => this.clear());
    this.order = choice(words.order, [["voxels", words.largest], ["z", "z"], ["y", "y"], ["x", "x"]], "voxels", () => this.show());
    this.find = button(words.find, () => once(this.find, () => this.search()));
    this.csv = button(words.csv, () => once(this.csv, () => this.save()));
    this.table = new LongTable(words.title, 200);
    this.list = h("div", {});
    this.downloads = new DownloadList(context);
    this.words = h("p", { class: "faint", role: "status" });
    this.element = h("div", { class: "panel" }, h("h2", {}, words.title), field(words.class, this.label), field(words.least, this.least),
      h("div", { class: "row" }, this.find, this.csv), this.downloads.element, this.words, this.list);
    this.offer(false, null);
  }

  /**
   * @param {boolean} isPredicted
   * @param {string|null} model
   */
  offer(isPredicted, model) {
    this.model = model;
    this.find.disabled = this.csv.disabled = !isPredicted;
    this.clear();
    this.words.textContent = isPredicted ? text.objects.hint : text.report.none;
  }

  /** What was found belongs to another question. */
  clear() {
    this.found = null;
    this.words.textContent = text.objects.hint;
    fill(this.list);
  }

  get query() {
    return { class: this.label.value, "min-voxels": Math.max(1, Math.round(Number(this.least.value)) || 1), model: this.model };
  }

  async search() {
    this.clear();
    const { query } = this;
    this.words.textContent = text.objects.searching;
    try {
      const found = await this.context.api.get(`${this.path}/objects`, { query });
      // Something else was asked meanwhile.
      if (JSON.stringify(query) !== JSON.stringify(this.query)) return;
      this.found = found;
      this.show();
      this.context.announcer.say(this.words.textContent ?? "");
    } catch (error) {
      this.words.textContent = error instanceof Error ? error.message : String(error);
      this.context.announcer.error(error);
    }
  }

  show() {
    const { found } = this;
    if (!found) return;
    const words = text.objects, by = /** @type {"voxels"|"z"|"y"|"x"} */ (this.order.value);
    const sorted = [...found.objects].sort((one, other) =>
      by === "voxels" ? other.voxels - one.voxels : one.center[by] - other.center[by]);
    this.words.textContent = words.found(sorted.length);
    const head = ["", words.voxels, words.volume(unitSign(found.unit)), "z", "y", "x"];
    this.table.show(head, sorted, (object) => [
      button(`${object.id}${object.cut ? "*" : ""}`, () => this.go(object), { class: "quiet", "aria-label": words.go(object.id) }),
      ...[object.voxels, object.volume, object.center.z, object.center.y, object.center.x].map((value) => ({ number: number(value) })),
    ]);
    if (sorted.length === 0) return fill(this.list);
    if (!this.table.element.isConnected) fill(this.list, field(words.order, this.order), this.table.element,
      sorted.some(({ cut }) => cut) ? h("p", { class: "faint" }, words.cut) : null);
  }

  /** @param {MeasuredObject} object */
  go({ center }) {
    this.dispatchEvent(new CustomEvent("go", { detail: center }));
  }

  /** All of what is listed, and more of each, as a table; the server looks for them first. */
  save() {
    return this.downloads.save(`${this.path}/objects`, { ...this.query, format: "csv" }, `objects-${this.label.value}.csv`);
  }
}
