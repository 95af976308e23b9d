import { API, APIError } from "../support/api.js";
import { planes, planeSize } from "./geometry.js";
import { LabelSlices } from "./label-slices.js";

/** @typedef {import("./geometry.js").Axis} Axis */
/** @typedef {import("./geometry.js").Extent} Extent */

/** From dark over violet to yellow, evenly to the eye. */
const uncertain = ["#00000000", "#1d1147", "#51127c", "#832681", "#b73779", "#e75263", "#fc8961", "#fec488", "#fcfdbf"];

/** Colours of uncertainty by byte, 0 to 254. */
export const uncertaintyColors = Array.from({ length: 255 }, (_, value) => {
  const place = (value / 254) * (uncertain.length - 1), before = Math.floor(place), part = place - before;
  const mix = [1, 3, 5].map((at) => {
    const number = (/** @type {string} */ color) => parseInt(color.slice(at, at + 2), 16);
    const from = number(uncertain[before]), to = number(uncertain[Math.min(uncertain.length - 1, before + 1)]);
    return Math.round(from + (to - from) * part).toString(16).padStart(2, "0");
  });
  return `#${mix.join("")}`;
});

/** Errors by byte: 0 taken for one of the shown classes and is none, 1 missed, 2 taken for another. */
export const errorColors = ["#d55e00", "#0072b2", "#cc79a7"];

/**
 * What models and truths say of a volume, in slices of bytes for the overlays.
 *
 * Truth and uncertainty come whole, as the server has no slices of them.
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
    /** Whose prediction is looked at; null for the server's choice. @type {string|null} */
    this.model = null;
    this.hasPrediction = false;
    this.hasTruth = false;
    /** @type {Map<string, Promise<Uint8Array|null>>} */
    this.wholes = new Map();
    /** @type {Record<string, LabelSlices>} */
    this.sources = {
      prediction: this.source("prediction", (axis, index, signal) => this.predicted(axis, index, signal)),
      uncertainty: this.source("uncertainty", (axis, index) => this.cut("uncertainty", axis, index)),
      truth: this.source("truth", (axis, index) => this.cut("truth", axis, index)),
      annotation: this.source("annotation", (axis, index) => this.cut("labels", axis, index)),
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
    const isThere = name === "annotation" || (name === "truth" ? this.hasTruth : this.hasPrediction);
    if (!isThere) return null;
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
   * @param {string} name
   * @param {Axis} axis
   * @param {number} index
   */
  async cut(name, axis, index) {
    const whole = await this.whole(name);
    if (!whole) return null;
    const { rows, columns } = planeSize(axis, this.shape), plane = planes[axis];
    const strides = { z: this.shape.y * this.shape.x, y: this.shape.x, x: 1 };
    const slice = new Uint8Array(rows * columns);
    let next = 0;
    for (let row = 0; row < rows; row++) {
      let from = index * strides[axis] + row * strides[plane.rows];
      for (let column = 0; column < columns; column++, from += strides[plane.columns]) slice[next++] = whole[from];
    }
    return slice;
  }

  /** @param {string} name */
  whole(name) {
    let found = this.wholes.get(name);
    if (!found) {
      found = this.fetchWhole(name);
      found.catch(() => this.wholes.delete(name));
      this.wholes.set(name, found);
    }
    return found;
  }

  /** @param {string} name */
  async fetchWhole(name) {
    const model = name === "uncertainty" ? this.model : null;
    try {
      const bytes = await this.api.bytes(`${this.path}/${name}`, { query: { format: "raw", model } });
      if (name !== "uncertainty") return bytes;
      const shares = new Float32Array(/** @type {ArrayBuffer} */ (bytes.buffer), bytes.byteOffset, bytes.length / 4);
      return Uint8Array.from(shares, (share) => Math.round(254 * Math.min(1, Math.max(0, share))));
    } catch (error) {
      if (error instanceof APIError && error.status === 404) return null;
      throw error;
    }
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
    this.wholes.delete("uncertainty");
    this.sources.prediction.clear();
    this.sources.uncertainty.clear();
    this.dispatchEvent(new CustomEvent("arrival", { detail: { name: null } }));
  }

  close() {
    for (const source of Object.values(this.sources)) source.clear();
    this.wholes.clear();
  }
}
