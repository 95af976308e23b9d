import { API } from "../support/api.js";
import { typed } from "./geometry.js";

/** @typedef {import("./brick-queue.js").Brick} Brick */
/** @typedef {import("../view/composite.js").Voxels} Voxels */

/** Bricks cut from a channel that is fetched as a whole, from servers that have no bricks to give. */
export class WholeImage {
  /**
   * @param {API} api
   * @param {string} path Of the volume.
   * @param {{shape: {z: number, y: number, x: number}, dtype: string}} volume
   */
  constructor(api, path, { shape, dtype }) {
    this.api = api;
    this.path = path;
    this.shape = shape;
    this.dtype = dtype;
    /** @type {Map<number, Promise<Voxels>>} */
    this.channels = new Map();
    this.levels = [{ shape, factors: { z: 1, y: 1, x: 1 } }];
  }

  /** @param {number} channel */
  channel(channel) {
    let found = this.channels.get(channel);
    if (!found) {
      const { z, y, x } = this.shape;
      const size = z * y * x * (typed(this.dtype, new ArrayBuffer(0)).BYTES_PER_ELEMENT);
      const headers = { Range: `bytes=${channel * size}-${(channel + 1) * size - 1}` };
      found = this.api.bytes(`${this.path}/image`, { query: { format: "raw" }, headers })
        .then((bytes) => typed(this.dtype, /** @type {ArrayBuffer} */ (bytes.buffer)));
      found.catch(() => this.channels.delete(channel));
      this.channels.set(channel, found);
    }
    return found;
  }

  /**
   * @param {Brick[]} bricks
   * @returns {Promise<Map<string, Voxels>>}
   */
  async fetch(bricks) {
    const found = new Map();
    for (const brick of bricks) found.set(brick.key, this.cut(await this.channel(brick.channel), brick));
    return found;
  }

  /**
   * @param {Voxels} voxels
   * @param {Brick} brick
   */
  cut(voxels, brick) {
    const edge = 64, { shape } = this;
    const z0 = brick.z * edge, y0 = brick.y * edge, x0 = brick.x * edge;
    const z1 = Math.min(shape.z, z0 + edge), y1 = Math.min(shape.y, y0 + edge), x1 = Math.min(shape.x, x0 + edge);
    const Type = /** @type {new (length: number) => Voxels} */ (voxels.constructor);
    const cut = new Type((z1 - z0) * (y1 - y0) * (x1 - x0));
    let next = 0;
    for (let z = z0; z < z1; z++) {
      for (let y = y0; y < y1; y++, next += x1 - x0) {
        const from = (z * shape.y + y) * shape.x;
        cut.set(/** @type {any} */ (voxels.subarray(from + x0, from + x1)), next);
      }
    }
    return cut;
  }
}
