import { API, APIError } from "../support/api.js";
import { BrickCache } from "./brick-cache.js";
import { BrickQueue } from "./brick-queue.js";
import { BrickSource } from "./brick-source.js";
import { BrickVolume } from "./brick-volume.js";
import { planeSize } from "./geometry.js";
import { LabelSlices } from "./label-slices.js";

/** @typedef {import("./geometry.js").Axis} Axis */
/** @typedef {import("./geometry.js").Extent} Extent */

/** From dark over violet to yellow, evenly to the eye. */
const uncertain = ["#1d1147", "#51127c", "#832681", "#b73779", "#e75263", "#fc8961", "#fec488", "#fcfdbf"];

/** Colours of uncertainty by byte, 0 to 254. */
export const uncertaintyColors = Array.from({ length: 255 }, (_, value) => {
  const place = (value / 254) * (uncertain.length - 1), before = Math.floor(place), part = place - before;
  const mix = [1, 3, 5].map((at) => {
    const number = (/** @type {string} */ color) => parseInt(color.slice(at, at + 2), 16);
    const from = number(uncertain[before]), to = number(uncertain[Math.min(uncertain.length - 1, before + 1)]);
    return Math.round(from + (to - from) * part).toString(16).padStart(2, "0");
  });
  // What is certain lets the image through.
  return `#${mix.join("")}${Math.min(255, Math.round(value * 1.5)).toString(16).padStart(2, "0")}`;
});

/** Errors by byte: 0 taken for one of the shown classes and is none, 1 missed, 2 taken for another. */
export const errorColors = ["#d55e00", "#0072b2", "#cc79a7"];

/**
 * What models and truths say of a volume, in slices of bytes for the overlays.
 */
export class OverlayData extends EventTarget {
  /**
   * @param {API} api
   * @param {string} path Of the volume.
   * @param {Extent} shape
   * @param {(error: unknown) => void} onError
   */
  constructor(api, path, shape, onError) {
    super();
    this.api = api;
    this.path = path;
    this.shape = shape;
    this.onError = onError;
    /**
     * Whose prediction is looked at; null for the server's choice.
     * @type {string|null}
     */
    this.model = null;
    this.hasPrediction = false;
    this.hasUncertainty = false;
    this.hasTruth = false;
    /**
     * What is stored in bricks, by name; null where the server has none.
     * @type {Map<string, Promise<{queue: BrickQueue, bricks: BrickVolume}|null>>}
     */
    this.stored = new Map();
    /** @type {Record<string, LabelSlices>} */
    this.sources = {
      prediction: this.source("prediction", (axis, index, signal) => this.predicted(axis, index, signal)),
      uncertainty: this.source("uncertainty", (axis, index) => this.cut("uncertainty", axis, index)),
      truth: this.source("truth", (axis, index) => this.cut("truth", axis, index)),
    };
  }

  /**
   * @param {string} name
   * @param {import("./label-slices.js").SliceFetcher} fetcher
   */
  source(name, fetcher) {
    const arrived = (/** @type {Axis} */ axis, /** @type {number} */ index) =>
      this.dispatchEvent(new CustomEvent("arrival", { detail: { name, axis, index } }));
    return new LabelSlices(fetcher, arrived, this.onError);
  }

  /**
   * @param {string} name
   * @param {Axis} axis
   * @param {number} index
   */
  get(name, axis, index) {
    const isThere = { prediction: this.hasPrediction, uncertainty: this.hasUncertainty, truth: this.hasTruth };
    if (!isThere[/** @type {keyof typeof isThere} */ (name)]) return null;
    return this.sources[name].get(axis, index);
  }

  /**
   * @param {Axis} axis
   * @param {number} index
   * @param {AbortSignal} signal
   */
  async predicted(axis, index, signal) {
    const path = `${this.path}/prediction/slices/${axis}/${index}`;
    try {
      return await this.api.bytes(path, { query: { format: "raw", model: this.model }, signal });
    } catch (error) {
      if (error instanceof APIError && error.status === 404) return null;
      throw error;
    }
  }

  /**
   * A slice of what is stored in bricks, as bytes.
   * @param {string} name
   * @param {Axis} axis
   * @param {number} index
   */
  async cut(name, axis, index) {
    const stored = await this.open(name);
    if (!stored) return null;
    const { rows, columns } = planeSize(axis, this.shape), all = { row: 0, column: 0, rows, columns };
    await stored.queue.need(stored.bricks.bricks(axis, index, 0, 0, all).map(({ brick }) => brick));
    const { voxels } = stored.bricks.part(axis, index, 0, 0, all);
    if (voxels instanceof Uint8Array) return voxels;
    // 65535 is 1; of bytes 255 is nothing.
    return Uint8Array.from(voxels, (share) => Math.round((share / 65535) * 254));
  }

  /** @param {string} name */
  open(name) {
    let found = this.stored.get(name);
    if (!found) {
      found = this.find(name);
      found.catch(() => this.stored.delete(name));
      this.stored.set(name, found);
    }
    return found;
  }

  /** @param {string} name */
  async find(name) {
    const contents = await BrickSource.list(this.api, this.path, this.model);
    const content = contents.find((content) => content.of === name);
    if (!content) return null;
    const cache = new BrickCache(96e6), source = new BrickSource(this.api, this.path, content);
    return {
      queue: new BrickQueue((bricks, signal) => source.fetch(bricks, signal), cache, this.onError),
      bricks: new BrickVolume({ dtype: content.dtype, levels: source.levels }, cache),
    };
  }

  /**
   * Where a prediction and the truth differ, by the classes that are shown.
   * @param {Axis} axis
   * @param {number} index
   * @param {(label: number) => boolean} isShown
   */
  errors(axis, index, isShown) {
    const predicted = this.get("prediction", axis, index), truth = this.get("truth", axis, index);
    if (!predicted || !truth) return null;
    const shown = Uint8Array.from({ length: 256 }, (_, label) => (label !== 255 && isShown(label) ? 1 : 0));
    return predicted.map((label, place) => {
      const right = truth[place];
      if (right === 255 || label === right || !(shown[label] || shown[right])) return 255;
      return shown[label] && shown[right] ? 2 : shown[label] ? 0 : 1;
    });
  }

  /**
   * Another model, or a new prediction of the same: what was fetched is out of date.
   * @param {string|null} model
   */
  useModel(model) {
    this.model = model;
    this.stored.delete("uncertainty");
    this.sources.prediction.clear();
    this.sources.uncertainty.clear();
    this.dispatchEvent(new CustomEvent("arrival", { detail: { name: null } }));
  }

  /** There is another truth, or the first one. */
  useTruth() {
    this.hasTruth = true;
    this.stored.delete("truth");
    this.sources.truth.clear();
    this.dispatchEvent(new CustomEvent("arrival", { detail: { name: null } }));
  }

  close() {
    for (const source of Object.values(this.sources)) source.clear();
    this.stored.clear();
  }
}
