import { slicePainting } from "./slice-painting.js";

/** @typedef {import("./slice-labels.js").Painting} Painting */
/** @typedef {"brush"|"eraser"|"polygon"|"lasso"|"fill"} ToolName */
/** @typedef {{minimum: number, maximum: number, low: number, high: number, name?: string}} ChannelStatistics */
/** @typedef {ArrayLike<number>} Intensities Of a slice, rows × columns. */

/** How the tools paint, as the toolbox shows it. Dispatches `change`. */
export class PaintSettings extends EventTarget {
  static largest = 400;
  static tools = /** @type {const} */ (["brush", "eraser", "polygon", "lasso", "fill"]);

  constructor() {
    super();
    /** @type {ToolName} */
    this.tool = "brush";
    /** The brush's diameter in voxels of the finer side. */
    this.size = 10;
    /** What is painted: a class, or 255 to erase. */
    this.label = 0;
    /** Whether voxels get the classes that were predicted for them instead. */
    this.fromPrediction = false;
    this.onlyEmpty = false;
    /** Whether only voxels of a range of intensities are painted. */
    this.isMasked = false;
    this.low = 0;
    this.high = 0;
    /** Whether filling stops where intensities differ from the first by more than the tolerance. */
    this.isSimilar = false;
    this.tolerance = 0;
    /** The channel whose gray values these are. */
    this.channel = 0;
    /** @type {ChannelStatistics[]} */
    this.channels = [];
    /** Whether a pen that is pressed less paints thinner. */
    this.hasPressure = true;
  }

  /** @param {Partial<Pick<PaintSettings, "tool"|"label"|"fromPrediction"|"onlyEmpty"|"isMasked"|"low"|"high"|"isSimilar"|"tolerance"|"channel"|"hasPressure"|"size">>} values */
  set(values) {
    Object.assign(this, values);
    this.size = Math.min(PaintSettings.largest, Math.max(1, Math.round(this.size)));
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Begins with numbers that suit the image: a mask that lets everything through, and a tolerance of a twentieth of its window.
   * @param {ChannelStatistics[]} channels As the server gives them.
   */
  measure(channels) {
    this.channels = channels;
    this.suit(0);
  }

  /** @param {number} channel */
  suit(channel) {
    const { minimum, maximum, low, high } = this.channels[channel] ?? { minimum: 0, maximum: 255, low: 0, high: 255 };
    this.set({ channel, low: minimum, high: maximum, tolerance: Number(((high - low) / 20).toPrecision(2)) });
  }

  /**
   * Larger by steps that grow with the size.
   * @param {number} steps
   */
  resize(steps) {
    let { size } = this;
    for (let step = 0; step < Math.abs(steps); step++) size += Math.sign(steps) * Math.max(1, Math.floor(size / 8));
    this.set({ size });
  }

  /** Whether intensities are needed to paint. */
  get needsIntensities() {
    return this.isMasked || (this.tool === "fill" && this.isSimilar);
  }

  /**
   * Which voxels are painted.
   * @param {boolean} isErasing Then those that have a class are meant.
   * @param {Intensities|null} intensities
   * @returns {Painting|null}
   */
  painting(isErasing, intensities) {
    const range = this.isMasked && intensities ? { values: intensities, low: this.low, high: this.high } : null;
    return slicePainting(this.onlyEmpty && !isErasing, range);
  }
}
