import { text } from "../support/text.js";
import { unlabeled } from "./slice-labels.js";
import { SlicePaint } from "./shapes/slice-paint.js";

/** @typedef {import("./annotator.js").Annotator} Annotator */
/** @typedef {import("./slice-document.js").Axis} Axis */
/** @typedef {import("./slice-document.js").SliceDocument} SliceDocument */
/** @typedef {(axis: Axis, index: number, channel: number) => Promise<ArrayLike<number>|null>} IntensitySource Gray values of a slice, rows × columns. */
/** @typedef {{channel?: number, intensities?: ArrayLike<number>, predicted?: Uint8Array}} Fetched */

/** What painting needs besides a slice's labels: gray values for masks and tolerances, and predictions to copy from. */
export class PaintSources {
  /** @param {Annotator} annotator */
  constructor(annotator) {
    this.annotator = annotator;
    /**
     * Null: there are none.
     * @type {IntensitySource|null}
     */
    this.intensities = null;
    /**
     * Whose prediction is copied; null for the server's choice.
     * @type {string|null}
     */
    this.model = null;
    /** @type {WeakMap<SliceDocument, Fetched>} */
    this.fetched = new WeakMap();
    /**
     * Gray values that are on their way.
     * @type {Map<string, Promise<ArrayLike<number>|null|undefined>>}
     */
    this.running = new Map();
    /** How much is on its way. */
    this.loading = 0;
  }

  /**
   * @template T
   * @param {Promise<T>|undefined} work
   */
  async during(work) {
    this.loading++;
    this.annotator.activeChanged();
    try {
      return await work;
    } finally {
      this.loading--;
      this.annotator.activeChanged();
    }
  }

  /**
   * Which voxels may be painted; undefined, and said so, if gray values are needed that are not here yet.
   * @param {SliceDocument} document
   * @param {boolean} isErasing
   */
  painting(document, isErasing) {
    const intensities = this.annotator.settings.isMasked ? this.intensitiesOf(document) : null;
    if (!this.annotator.settings.isMasked || intensities) return this.annotator.settings.painting(isErasing, intensities);
    this.waitForIntensities(document);
    return undefined;
  }

  /**
   * What a stroke paints with; null if it can't be drawn now.
   * @param {SliceDocument} document
   * @param {boolean} isErasing
   */
  paint(document, isErasing) {
    const { label, fromPrediction } = this.annotator.settings;
    const erases = isErasing || (!fromPrediction && label === unlabeled);
    const painting = this.painting(document, erases);
    if (painting === undefined) return null;
    if (!fromPrediction || erases) return new SlicePaint(document, erases ? unlabeled : label, painting);
    const source = this.fetched.get(document)?.predicted;
    if (source) return new SlicePaint(document, 0, painting, source);
    this.annotator.announce(text.annotate.loading);
    this.predict(document).then((predicted) => predicted ?? this.annotator.announce(text.annotate.noPrediction));
    return null;
  }

  /** @param {SliceDocument} document */
  intensitiesOf(document) {
    const fetched = this.fetched.get(document);
    return fetched?.channel === this.annotator.settings.channel ? (fetched.intensities ?? null) : null;
  }

  /**
   * Gets gray values for the next try.
   * @param {SliceDocument} document
   */
  async waitForIntensities(document) {
    this.annotator.announce(text.annotate.loading);
    try {
      this.annotator.announce((await this.loadIntensities(document)) ? text.annotate.loaded : text.annotate.noIntensities);
    } catch (error) {
      this.annotator.announce(String(error instanceof Error ? error.message : error));
    }
  }

  /**
   * Gets gray values, once however often they are asked for.
   * @param {SliceDocument} document
   */
  async loadIntensities(document) {
    const { channel } = this.annotator.settings, { axis, index } = document, name = `${axis}${index}/${channel}`;
    const running = this.running.get(name) ?? this.during(this.intensities?.(axis, index, channel));
    this.running.set(name, running);
    const intensities = (await running.finally(() => this.running.delete(name))) ?? null;
    if (intensities) this.fetched.set(document, { ...this.fetched.get(document), channel, intensities });
    return intensities;
  }

  /**
   * The predicted classes of a slice; null if there are none.
   * @param {SliceDocument} document
   */
  async predict(document) {
    const { axis, index, rows, columns } = document, { model } = this;
    try {
      const predicted = await this.during(this.annotator.service.predicted(axis, index, rows * columns, model));
      if (predicted && model === this.model) this.fetched.set(document, { ...this.fetched.get(document), predicted });
      return predicted;
    } catch (error) {
      this.annotator.announce(String(error instanceof Error ? error.message : error));
      return null;
    }
  }

  /**
   * Another model predicts, or the same anew.
   * @param {string|null} model
   */
  useModel(model) {
    this.model = model;
    for (const document of this.annotator.store.documents.values()) {
      const fetched = this.fetched.get(document);
      if (fetched) delete fetched.predicted;
    }
  }

  /** Whether strokes need more than labels. */
  get isNeeded() {
    return this.annotator.settings.needsIntensities || this.annotator.settings.fromPrediction;
  }

  /**
   * Gets what painting on a slice needs besides its labels.
   * @param {SliceDocument} document
   */
  async fetch(document) {
    const { settings } = this.annotator, fetched = this.fetched.get(document);
    if (settings.needsIntensities && !this.intensitiesOf(document)) await this.loadIntensities(document);
    if (settings.fromPrediction && !fetched?.predicted) await this.predict(document);
  }
}
