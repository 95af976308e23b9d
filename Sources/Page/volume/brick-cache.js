/** @typedef {import("../view/composite.js").Voxels} Voxels */

/** Unpacked bricks by key, of which those that were not used for longest go first. */
export class BrickCache {
  /** @param {number} [limit] Bytes. */
  constructor(limit = 512e6) {
    this.limit = limit;
    this.bytes = 0;
    /**
     * A map keeps the order in which keys were set.
     * @type {Map<string, Voxels>}
     */
    this.bricks = new Map();
  }

  /** @param {string} key */
  get(key) {
    const brick = this.bricks.get(key);
    if (brick) {
      this.bricks.delete(key);
      this.bricks.set(key, brick);
    }
    return brick;
  }

  /** @param {string} key */
  has(key) {
    return this.bricks.has(key);
  }

  /**
   * @param {string} key
   * @param {Voxels} brick
   */
  set(key, brick) {
    this.bytes += brick.byteLength - (this.bricks.get(key)?.byteLength ?? 0);
    this.bricks.delete(key);
    this.bricks.set(key, brick);
    for (const [oldest, voxels] of this.bricks) {
      if (this.bytes <= this.limit) break;
      this.bricks.delete(oldest);
      this.bytes -= voxels.byteLength;
    }
  }

  clear() {
    this.bricks.clear();
    this.bytes = 0;
  }
}
