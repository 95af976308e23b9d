import { API } from "../support/api.js";
import { typed } from "./geometry.js";
import { unpacker } from "./unpacker.js";

/** @typedef {import("./brick-queue.js").Brick} Brick */
/** @typedef {import("./geometry.js").Extent} Extent */
/** @typedef {import("../view/composite.js").Voxels} Voxels */
/**
 * @typedef {object} Content What the server tells of what it has as bricks.
 * @property {string} of
 * @property {string|null} model
 * @property {string} version
 * @property {string} dtype
 * @property {number} channels
 * @property {number} edge
 * @property {{level: number, shape: Extent, factor: Extent, ready: boolean}[]} levels
 */

/** Bricks from the server, of an image or of what lies over it. */
export class BrickSource {
  /**
   * @param {API} api
   * @param {string} path Of the volume.
   * @param {Content} content
   */
  constructor(api, path, content) {
    this.api = api;
    this.path = path;
    this.content = content;
    this.size = typed(content.dtype, new ArrayBuffer(0)).BYTES_PER_ELEMENT;
  }

  /**
   * What of the contents of a volume there is.
   * @param {API} api
   * @param {string} path
   * @param {string|null} model
   * @returns {Promise<Content[]>}
   */
  static list(api, path, model = null) {
    return api.get(`${path}/bricks`, { query: { model } });
  }

  /** The levels that are there, from the finest on. */
  get levels() {
    const missing = this.content.levels.findIndex(({ ready }) => !ready);
    const ready = missing < 0 ? this.content.levels : this.content.levels.slice(0, Math.max(1, missing));
    return ready.map(({ shape, factor }) => ({ shape, factors: factor }));
  }

  /**
   * @param {Brick[]} bricks Of one level and channel, which fill a box.
   * @param {AbortSignal} signal
   * @returns {Promise<Map<string, Voxels>>}
   */
  async fetch(bricks, signal) {
    const { content } = this, { level, channel } = bricks[0], { shape } = content.levels[level];
    const corner = (/** @type {"z"|"y"|"x"} */ axis, /** @type {number} */ more) => {
      const places = bricks.map((brick) => brick[axis]);
      const place = more ? Math.max(...places) : Math.min(...places);
      return Math.min(shape[axis], (place + more) * content.edge);
    };
    const box = [corner("z", 0), corner("y", 0), corner("x", 0), corner("z", 1), corner("y", 1), corner("x", 1)].join(",");
    const answer = await this.api.bytes(`${this.path}/bricks/${level}`, {
      signal, query: { of: content.of, channel, box, version: content.version, model: content.model },
    });
    const frames = await unpacker().unpack(/** @type {ArrayBuffer} */ (answer.buffer), this.size, shape, content.edge);
    const keys = new Map(bricks.map((brick) => [`${brick.z},${brick.y},${brick.x}`, brick.key]));
    /** @type {Map<string, Voxels>} */
    const found = new Map();
    for (const { place: { z, y, x }, bytes } of frames) {
      const key = keys.get(`${z},${y},${x}`);
      if (key) found.set(key, typed(content.dtype, bytes.buffer));
    }
    return found;
  }
}
