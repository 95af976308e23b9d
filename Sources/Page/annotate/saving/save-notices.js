import { button, fill, h } from "../../support/dom.js";
import { text } from "../../support/text.js";
import { npyFile } from "./npy-file.js";
import { LabelPatch } from "./label-patch.js";
import { unlabeled } from "../slice-labels.js";

/** @typedef {import("../annotator.js").Annotator} Annotator */
/** @typedef {import("../slice-document.js").SliceDocument} SliceDocument */
/** @typedef {import("./stroke-replay.js").Stray} Stray */

const words = text.annotate;

/** What somebody has to decide or to know about strokes that are not on the server. */
export class SaveNotices {
  /** @param {Annotator} annotator */
  constructor(annotator) {
    this.annotator = annotator;
    this.element = h("div", { class: "notices", role: "group", "aria-label": words.notices });
    this.shown = "";
  }

  update() {
    const { store } = this.annotator, { replay } = store;
    const documents = store.pending;
    const open = [...documents].filter(({ clashes, refusal, state }) => clashes || refusal !== null || state === "offline");
    const told = JSON.stringify([
      open.map(({ axis, index, clashes, refusal, reason, state }) => [axis, index, clashes?.voxels, refusal, reason, state]),
      replay.strays.map(({ record, reason }) => [record.id, reason]), replay.elsewhere.length, store.journalFailure,
    ]);
    // Buttons stay where they are while nothing changes.
    if (told === this.shown) return;
    this.shown = told;
    fill(this.element,
      ...open.map((document) => this.about(document)),
      ...replay.strays.map((stray) => this.stray(stray)),
      ...this.elsewhere(),
      store.journalFailure ? this.notice(words.noJournal) : null);
  }

  /**
   * @param {string} message
   * @param {...Element} buttons
   */
  notice(message, ...buttons) {
    return h("div", { class: "notice" }, h("p", {}, message), buttons.length > 0 ? h("div", { class: "row" }, ...buttons) : null);
  }

  /** @param {SliceDocument} document */
  about(document) {
    const { store } = this.annotator, { axis, index, clashes, refusal, reason } = document;
    const go = button(words.go, () => this.go(document));
    if (refusal !== null) {
      return this.notice(words.refused(axis, index, refusal),
        button(text.common.retry, () => store.retry(document)),
        button(words.download, () => this.download(axis, index, document.labels.values, document.columns)),
        button(words.discard, () => store.discard(document)), go);
    }
    if (clashes) {
      return this.notice(words.clashed(axis, index, clashes.voxels),
        button(words.mine, () => store.choose(document, "mine")),
        button(words.theirs, () => store.choose(document, "theirs")), go);
    }
    const signIn = button(text.signIn.submit, () => this.annotator.dispatchEvent(new Event("signin")));
    return this.notice(reason || words.offline, ...(reason === words.signedOut ? [signIn] : []));
  }

  /** @param {SliceDocument} document */
  go({ axis, index }) {
    for (const view of this.annotator.tools.keys()) if (view.axis === axis) view.index = index;
  }

  /** @param {Stray} stray */
  stray(stray) {
    const { record, reason } = stray, { axis, index, rows, columns } = record;
    const { replay } = this.annotator.store;
    const labels = () => {
      const drawn = new Uint8Array(rows * columns).fill(unlabeled);
      if (record.patch) new LabelPatch(record.patch).forEach((offset, _, after) => (drawn[offset] = after));
      return drawn;
    };
    const message = reason === "author" ? words.ofOther(axis, index, record.place.author)
      : reason === "reading" ? words.ofOtherReading(axis, index) : words.ofOtherImage(axis, index);
    const buttons = [
      button(words.download, () => this.download(axis, index, labels(), columns)),
      // Nothing brings them back.
      button(words.discard, () => confirm(words.confirmDiscard(axis, index)) && replay.decide(stray, "discard")),
    ];
    if (reason !== "image") buttons.unshift(button(reason === "author" ? words.sendAsMine : words.sendAnyway, () => replay.decide(stray, "send")));
    return this.notice(message, ...buttons);
  }

  elsewhere() {
    const { replay, keeper } = this.annotator.store;
    const places = new Map(replay.elsewhere.map(({ place }) => [`${place.project} / ${place.volume}`, place]));
    return [...places].map(([name, { root, project, volume }]) => this.notice(words.elsewhere(name), ...(root !== keeper.place.root ? []
      : [h("a", { class: "button", href: `#/${encodeURIComponent(project)}/${encodeURIComponent(volume)}` }, words.open)])));
  }

  /**
   * Gives the labels of a slice as a file that can be posted.
   * @param {string} axis
   * @param {number} index
   * @param {Uint8Array} labels
   * @param {number} columns
   */
  download(axis, index, labels, columns) {
    const file = npyFile(labels, labels.length / columns, columns);
    const url = URL.createObjectURL(new Blob([file], { type: "application/x-npy" }));
    const link = h("a", { href: url, download: `${this.annotator.volume.name}-${axis}-${index}.npy` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }
}
