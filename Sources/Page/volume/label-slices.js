/** @typedef {import("./geometry.js").Axis} Axis */
/** @typedef {(axis: Axis, index: number, signal: AbortSignal) => Promise<Uint8Array|null>} SliceFetcher Null for none. */

/** Slices of labels by axis and index, fetched when they are looked at; the last ones are kept. */
export class LabelSlices {
  /**
   * @param {SliceFetcher} fetcher
   * @param {(axis: Axis, index: number) => void} onArrival
   * @param {(error: unknown) => void} onError
   */
  constructor(fetcher, onArrival, onError) {
    this.fetcher = fetcher;
    this.onArrival = onArrival;
    this.onError = onError;
    this.limit = 64e6;
    this.bytes = 0;
    /** @type {Map<string, Uint8Array|null>} */
    this.slices = new Map();
    /**
     * What is on its way, by axis: a view looks at one slice.
     * @type {Map<Axis, {index: number, abort: AbortController}>}
     */
    this.running = new Map();
  }

  /**
   * A slice if it is here; otherwise it is fetched, and whatever was on its way for the axis is not wanted any longer.
   * @param {Axis} axis
   * @param {number} index
   */
  get(axis, index) {
    const key = `${axis}${index}`, slice = this.slices.get(key);
    if (slice !== undefined) return slice;
    const running = this.running.get(axis);
    if (running?.index === index) return null;
    running?.abort.abort();
    this.fetch(axis, index);
    return null;
  }

  /**
   * @param {Axis} axis
   * @param {number} index
   */
  async fetch(axis, index) {
    const request = { index, abort: new AbortController() };
    this.running.set(axis, request);
    try {
      // Slices that are only passed by are not asked for.
      await new Promise((resolve) => setTimeout(resolve, 30));
      if (request.abort.signal.aborted) return;
      const slice = await this.fetcher(axis, index, request.abort.signal);
      if (request.abort.signal.aborted) return;
      this.keep(`${axis}${index}`, slice);
      this.onArrival(axis, index);
    } catch (error) {
      if (!request.abort.signal.aborted) this.onError(error);
    } finally {
      if (this.running.get(axis) === request) this.running.delete(axis);
    }
  }

  /**
   * @param {string} key
   * @param {Uint8Array|null} slice
   */
  keep(key, slice) {
    this.slices.set(key, slice);
    this.bytes += slice?.length ?? 0;
    for (const [oldest, old] of this.slices) {
      if (this.bytes <= this.limit) break;
      this.slices.delete(oldest);
      this.bytes -= old?.length ?? 0;
    }
  }

  /** Forgets all, as there is another model or other labels. */
  clear() {
    for (const { abort } of this.running.values()) abort.abort();
    this.running.clear();
    this.slices.clear();
    this.bytes = 0;
  }
}
