import { SliceBlend } from "./shapes/interpolation.js";
import { text } from "../support/text.js";

/** @typedef {import("./slice-document.js").Axis} Axis */
/** @typedef {import("./slice-document.js").SliceDocument} SliceDocument */

/** Annotates all slices between two annotated ones; each is a stroke of its slice, which can be undone there. */
export class SliceRange {
  /** So many slices are annotated without being asked for twice. */
  static few = 20;
  /** Milliseconds that the next slice waits at most for one to be saved: not all of them are sent at once. */
  static patience = 3000;

  /** @param {import("./slice-actions.js").SliceActions} actions */
  constructor(actions) {
    this.actions = actions;
    this.annotator = actions.annotator;
    this.isRunning = false;
  }

  /**
   * The annotated slices before and after one, and those between them that nobody has annotated; null if it does not lie
   * between two. An annotated slice counts as the one before, or else as the one after.
   * @param {number} index
   * @param {number[]} usable Annotated slices that may be gone by.
   * @param {number[]} annotated All of them.
   */
  static between(index, usable, annotated) {
    const pair = (/** @type {(slice: number) => boolean} */ isBefore) => ({
      before: Math.max(...usable.filter(isBefore)), after: Math.min(...usable.filter((slice) => !isBefore(slice))),
    });
    const found = [pair((slice) => slice <= index), pair((slice) => slice < index)]
      .find(({ before, after }) => Number.isFinite(before) && Number.isFinite(after));
    if (!found) return null;
    const { before, after } = found;
    const slices = Array.from({ length: after - before - 1 }, (_, place) => before + 1 + place);
    return { before, after, slices: slices.filter((slice) => !annotated.includes(slice)) };
  }

  async interpolate() {
    const { annotator } = this, view = annotator.active;
    if (!view || this.isRunning) return;
    const { axis, index } = view, all = annotator.annotated(axis);
    // What is learned from may not come from what is kept for a test.
    const range = SliceRange.between(index, all.filter(({ role }) => role !== "test").map(({ index }) => index), all.map(({ index }) => index));
    if (!range) return annotator.announce(text.annotate.notBetween(axis));
    const { before, after, slices } = range;
    if (slices.length > SliceRange.few && !confirm(text.annotate.confirmAll(slices.length, before, after))) return;
    this.isRunning = true;
    try {
      const done = await this.lay(axis, before, after, slices);
      annotator.announce(text.annotate.interpolated(done, before, after));
    } finally {
      this.isRunning = false;
    }
  }

  /**
   * How many slices were annotated.
   * @param {Axis} axis
   * @param {number} before
   * @param {number} after
   * @param {number[]} slices
   */
  async lay(axis, before, after, slices) {
    const { store, announce } = this.annotator;
    const view = [...this.annotator.tools.keys()].find((view) => view.axis === axis);
    const [one, other] = await Promise.all([store.open(axis, before), store.open(axis, after)]);
    const pause = () => new Promise((/** @type {(value: void) => void} */ resolve) => setTimeout(resolve, 0));
    const blend = await SliceBlend.of(one.labels.values.slice(), other.labels.values.slice(), one.columns,
      view?.camera ?? { rowAspect: 1, columnAspect: 1 }, pause);
    let done = 0;
    for (const slice of slices) {
      if (store.isClosed) break;
      announce(text.annotate.layingAll(slice, before, after));
      const document = await store.open(axis, slice);
      await document.idle();
      if (document.isHeld || !document.labels.isEmpty) continue;
      if (await this.stroke(document, blend.at((slice - before) / (after - before)))) done++;
      await pause();
    }
    return done;
  }

  /**
   * @param {SliceDocument} document
   * @param {Uint8Array} labels
   */
  async stroke(document, labels) {
    const { sources, settings, store } = this.annotator;
    if (settings.isMasked && !sources.intensitiesOf(document) && !(await sources.loadIntensities(document))) return false;
    const painting = sources.painting(document, false);
    if (painting === undefined) return false;
    document.begin();
    document.labels.lay(labels, painting);
    const patch = document.end();
    if (!patch) return false;
    await store.edited(document, patch);
    await Promise.race([store.sync.flush(document), store.clock.pause(SliceRange.patience)]);
    return true;
  }
}
