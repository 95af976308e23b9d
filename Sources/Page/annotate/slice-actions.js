import { interpolate } from "./shapes/interpolation.js";
import { SliceRange } from "./slice-range.js";
import { unlabeled } from "./slice-labels.js";
import { text } from "../support/text.js";

/** @typedef {import("./annotator.js").Annotator} Annotator */
/** @typedef {import("./slice-document.js").SliceDocument} SliceDocument */

/** What can be done to the whole slice that is looked at; each is one stroke, which can be undone. */
export class SliceActions {
  /** @param {Annotator} annotator */
  constructor(annotator) {
    this.annotator = annotator;
    this.range = new SliceRange(this);
  }

  /** The slice that is meant; null, and said why, if it can't be changed now. */
  document() {
    const view = this.annotator.active;
    return view ? this.annotator.editable(view) : null;
  }

  /**
   * @param {SliceDocument} document
   * @param {() => void} work
   */
  stroke(document, work) {
    if (document.isDrawing || document.isHeld) return 0;
    document.begin();
    work();
    const patch = document.end();
    if (patch) this.annotator.store.edited(document, patch);
    this.annotator.announce(text.annotate.changed(patch?.voxels ?? 0));
    return patch?.voxels ?? 0;
  }

  /** Gives what has no class yet the chosen one, or the one that is predicted for it. */
  fillRest() {
    const document = this.document();
    const { settings } = this.annotator;
    if (!document) return;
    if (settings.fromPrediction) return this.copyPrediction(true);
    if (settings.label === unlabeled) return this.annotator.announce(text.annotate.chooseClass);
    const painting = this.rest(document);
    if (painting === undefined) return;
    this.stroke(document, () => {
      for (let row = 0; row < document.rows; row++) document.labels.paint(row, 0, document.columns, settings.label, painting);
    });
  }

  /**
   * Which voxels of those without a class may be painted; undefined, and said so, if gray values are needed that are not here yet.
   * @param {SliceDocument} document
   */
  rest(document) {
    const mask = this.annotator.sources.painting(document, true);
    if (mask === undefined) return undefined;
    return {
      allows: (/** @type {number} */ offset, /** @type {number} */ label) =>
        label === unlabeled && (mask?.allows(offset, label) ?? true),
    };
  }

  /**
   * Says why something could not be done.
   * @param {() => Promise<void>} work
   */
  async trying(work) {
    try {
      await work();
    } catch (error) {
      this.annotator.announce(error instanceof Error ? error.message : String(error));
    }
  }

  copyNearest() {
    return this.trying(() => this.layNearest());
  }

  /** @param {boolean} [onlyRest] Whether what has a class keeps it. */
  copyPrediction(onlyRest = false) {
    return this.trying(() => this.layPrediction(onlyRest));
  }

  interpolate() {
    return this.trying(() => this.layBetween());
  }

  interpolateAll() {
    return this.trying(() => this.range.interpolate());
  }

  /** Lays the nearest annotated slice over this one. */
  async layNearest() {
    const document = this.document();
    if (!document) return;
    const others = this.neighbours(document);
    const nearest = others.sort((one, other) => Math.abs(one - document.index) - Math.abs(other - document.index))[0];
    if (nearest === undefined) return this.annotator.announce(text.annotate.noNeighbour(document.axis));
    const source = await this.annotator.store.open(document.axis, nearest);
    this.lay(document, source.labels.values);
  }

  /**
   * Lays what the model predicts over this slice.
   * @param {boolean} onlyRest
   */
  async layPrediction(onlyRest) {
    const document = this.document();
    if (!document) return;
    const predicted = await this.annotator.sources.predict(document);
    if (!predicted) return this.annotator.announce(text.annotate.noPrediction);
    this.lay(document, predicted, onlyRest);
  }

  /** Lays what lies between the nearest annotated slices before and after over this slice. */
  async layBetween() {
    const document = this.document();
    const view = this.annotator.active;
    if (!document || !view) return;
    const { axis, index, columns } = document, others = this.neighbours(document);
    const before = Math.max(...others.filter((other) => other < index)), after = Math.min(...others.filter((other) => other > index));
    if (!Number.isFinite(before) || !Number.isFinite(after)) return this.annotator.announce(text.annotate.notBetween(axis));
    const { store } = this.annotator;
    const [one, other] = await Promise.all([store.open(axis, before), store.open(axis, after)]);
    this.annotator.announce(text.annotate.interpolating(before, after));
    const share = (index - before) / (after - before);
    const pause = () => new Promise((/** @type {(value: void) => void} */ resolve) => setTimeout(resolve, 0));
    const labels = await interpolate(one.labels.values, other.labels.values, share, columns, view.camera, pause);
    await document.idle();
    this.lay(document, labels);
  }

  /**
   * @param {SliceDocument} document
   * @param {Uint8Array} labels
   * @param {boolean} [onlyRest]
   */
  lay(document, labels, onlyRest = false) {
    const painting = onlyRest ? this.rest(document) : this.annotator.sources.painting(document, false);
    if (painting !== undefined) this.stroke(document, () => document.labels.lay(labels, painting));
  }

  /**
   * Other annotated slices of the axis, without those that are kept for a test: what is learned from may not come from them.
   * @param {SliceDocument} document
   */
  neighbours({ axis, index, role }) {
    const usable = this.annotator.annotated(axis).filter((slice) => slice.role !== "test" || role === "test");
    return usable.map((slice) => slice.index).filter((other) => other !== index);
  }

  /** The slice is kept for a test, or learned from again. */
  toggleRole() {
    const { active, store } = this.annotator, document = active && store.peek(active.axis, active.index);
    return this.setRole(document?.role !== "test");
  }

  /**
   * Says what the slice that is looked at is for. What the server does not have yet has no role there.
   * @param {boolean} isTest
   */
  async setRole(isTest) {
    const { active, store, announce } = this.annotator, words = text.annotate;
    const document = active && store.peek(active.axis, active.index);
    if (!document || document.labels.isEmpty) return announce(words.noHistory);
    if (document.revision === 0 || document.state !== "saved") return announce(words.saveFirst);
    await this.trying(async () => {
      await store.setRole(document, isTest ? "test" : "train");
      announce(isTest ? words.isTest : words.isTrain);
    });
  }

  /** Takes back the last stroke on the slice that is looked at. */
  undo() {
    this.step("undo");
  }

  redo() {
    this.step("redo");
  }

  /** @param {"undo"|"redo"} direction */
  step(direction) {
    const { active, store, announce } = this.annotator;
    const document = active && store.peek(active.axis, active.index);
    const words = text.annotate;
    if (document && store.step(document, direction)) announce(direction === "undo" ? words.undone : words.redone);
    else announce(direction === "undo" ? words.nothingToUndo : words.nothingToRedo);
  }
}
