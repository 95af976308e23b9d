import { button, fill, h } from "../support/dom.js";
import { text } from "../support/text.js";

/** @typedef {import("./annotator.js").Annotator} Annotator */
/** @typedef {import("./saving/annotation-service.js").Revision} Revision */

const words = text.annotate;

/** The revisions of the slice that is looked at, to look at and to bring back. */
export class SliceHistory {
  /** @param {Annotator} annotator */
  constructor(annotator) {
    this.annotator = annotator;
    this.list = h("div", { class: "stack" });
    this.element = h("details", { class: "history" }, h("summary", {}, words.history), this.list);
    this.element.addEventListener("toggle", () => this.load());
    this.shown = "";
    /** @type {HTMLButtonElement|null} */
    this.closing = null;
  }

  /** Lists them anew when there are others. */
  update() {
    const { active, store } = this.annotator;
    const name = active ? `${active.axis}${active.index}/${store.revision(active.axis, active.index)?.revision ?? 0}` : "";
    if (name === this.shown) return;
    this.shown = name;
    if (this.element.open) this.load();
  }

  async load() {
    const { active, service } = this.annotator, { shown } = this;
    if (!this.element.open || !active) return;
    try {
      const revisions = await service.history(active.axis, active.index);
      if (shown === this.shown) this.show(revisions);
    } catch (error) {
      this.tell(error);
    }
  }

  /** @param {Revision[]} revisions */
  show(revisions) {
    if (revisions.length === 0) return fill(this.list, h("p", { class: "faint" }, words.noHistory));
    const rows = revisions.reverse().map((revision, place) => {
      const { author, created, cleared } = revision, time = new Date(created).toLocaleString();
      const look = button(words.look, () => this.look(revision), { "aria-label": words.lookAt(time) });
      const restore = button(words.restore, () => this.restore(revision), { "aria-label": words.restoreOf(time) });
      look.disabled = cleared;
      restore.disabled = place === 0;
      return h("div", { class: "row revision" },
        h("span", {}, words.revision(time, author, cleared, this.labelled(revision))), look, restore);
    });
    fill(this.list, ...rows, this.closing ??= button(words.stopLooking, () => this.stop()));
    this.closing.hidden = this.annotator.preview === null;
  }

  /** @param {Revision} revision */
  labelled({ voxels }) {
    return Object.entries(voxels).reduce((sum, [name, count]) => sum + (name === "unlabeled" ? 0 : count), 0);
  }

  /** @param {Revision} revision */
  async look({ axis, index, revision }) {
    const { annotator } = this, { rows, columns } = annotator.store.planes[axis];
    try {
      const labels = await annotator.service.labels(axis, index, revision, rows * columns);
      if (!labels) return;
      annotator.preview = { axis, index, revision, labels };
      annotator.announce(words.onlyLooking(revision));
    } catch (error) {
      this.tell(error);
    }
    this.repaint();
  }

  stop() {
    this.annotator.preview = null;
    this.repaint();
  }

  repaint() {
    if (this.closing) this.closing.hidden = this.annotator.preview === null;
    for (const view of this.annotator.tools.keys()) view.repaint();
  }

  /** @param {Revision} revision */
  async restore({ axis, index, revision }) {
    const { annotator } = this, { store } = annotator;
    this.annotator.preview = null;
    try {
      const document = await store.open(axis, index);
      if (document.state !== "saved") return annotator.announce(words.saveFirst);
      await store.restore(document, revision);
      annotator.announce(words.restored);
    } catch (error) {
      this.tell(error);
    }
    this.repaint();
  }

  /** @param {unknown} error */
  tell(error) {
    this.annotator.announce(error instanceof Error ? error.message : String(error));
  }
}
