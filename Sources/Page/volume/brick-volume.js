import { planes, typed } from "./geometry.js";

/** @typedef {import("./geometry.js").Axis} Axis */
/** @typedef {import("./geometry.js").Extent} Extent */
/** @typedef {import("./brick-queue.js").Brick} Brick */
/** @typedef {import("../view/composite.js").Voxels} Voxels */
/** @typedef {{row: number, column: number, rows: number, columns: number}} Rect */
/** @typedef {{shape: Extent, factors: Extent}} Level `factors`: voxels of level 0 along a voxel's sides. */
/** @typedef {{voxels: Voxels, rect: Rect, missing: Brick[]}} Part Of a slice at a level; `rect` is in its voxels. */

/** An image in bricks at several levels, of which slices are put together from what is in the cache. */
export class BrickVolume {
  /**
   * @param {object} volume
   * @param {string} volume.dtype
   * @param {Level[]} volume.levels
   * @param {import("./brick-cache.js").BrickCache} cache
   */
  constructor({ dtype, levels }, cache) {
    this.dtype = dtype;
    this.levels = levels;
    this.cache = cache;
    this.edge = 64;
    this.make = /** @type {{new (length: number): Voxels, BYTES_PER_ELEMENT: number}} */ (typed(dtype, new ArrayBuffer(0)).constructor);
  }

  /**
   * @param {number} channel
   * @param {number} level
   * @param {Extent} brick Its place, in bricks.
   * @returns {Brick}
   */
  brick(channel, level, { z, y, x }) {
    return { key: `${channel}/${level}/${z},${y},${x}`, channel, level, z, y, x };
  }

  /**
   * The coarsest level whose voxels are no larger than a pixel on the screen, or the finest there is.
   * @param {Axis} axis
   * @param {number} rowPixels Pixels of the screen along a voxel of level 0.
   * @param {number} columnPixels
   */
  level(axis, rowPixels, columnPixels) {
    const { rows, columns } = planes[axis];
    for (let level = this.levels.length - 1; level > 0; level--) {
      const { factors } = this.levels[level];
      if (rowPixels * factors[rows] <= 1.25 && columnPixels * factors[columns] <= 1.25) return level;
    }
    return 0;
  }

  /**
   * Bytes of a brick of a level, of those at its edges at most.
   * @param {number} level
   */
  bytes(level) {
    const { z, y, x } = this.levels[level].shape, { edge } = this;
    return Math.min(edge, z) * Math.min(edge, y) * Math.min(edge, x) * this.make.BYTES_PER_ELEMENT;
  }

  /**
   * The index of a level's slice that holds a slice of level 0.
   * @param {Axis} axis
   * @param {number} index
   * @param {number} level
   */
  index(axis, index, level) {
    const { shape, factors } = this.levels[level];
    return Math.min(shape[axis] - 1, Math.floor(index / factors[axis]));
  }

  /**
   * The bricks that a part of a slice needs, those nearest to its middle first.
   * @param {Axis} axis
   * @param {number} index Of level 0.
   * @param {number} channel
   * @param {number} level
   * @param {Rect} rect In voxels of level 0.
   */
  bricks(axis, index, channel, level, rect) {
    const { rows, columns } = planes[axis];
    const { shape, factors } = this.levels[level];
    const at = Math.floor(this.index(axis, index, level) / this.edge);
    const range = (/** @type {number} */ from, /** @type {number} */ to, /** @type {Axis} */ along) => {
      const last = Math.ceil(shape[along] / this.edge) - 1, size = this.edge * factors[along];
      return [Math.max(0, Math.floor(from / size)), Math.min(last, Math.max(0, Math.ceil(to / size) - 1))];
    };
    const [top, bottom] = range(rect.row, rect.row + rect.rows, rows);
    const [left, right] = range(rect.column, rect.column + rect.columns, columns);
    /** @type {{brick: Brick, row: number, column: number, distance: number}[]} */
    const found = [];
    const middle = {
      row: (rect.row + rect.rows / 2) / (this.edge * factors[rows]) - 0.5,
      column: (rect.column + rect.columns / 2) / (this.edge * factors[columns]) - 0.5,
    };
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const place = /** @type {Extent} */ ({ [axis]: at, [rows]: row, [columns]: column });
        const distance = Math.hypot(row - middle.row, column - middle.column);
        found.push({ brick: this.brick(channel, level, place), row, column, distance });
      }
    }
    return found.sort((a, b) => a.distance - b.distance);
  }

  /**
   * A part of a slice, as far as it is here; what is missing comes from coarser levels where they are here.
   * @param {Axis} axis
   * @param {number} index Of level 0.
   * @param {number} channel
   * @param {number} level
   * @param {Rect} wanted In voxels of level 0; the part is made of whole bricks.
   * @returns {Part}
   */
  part(axis, index, channel, level, wanted) {
    const { edge } = this, plane = planes[axis], { shape } = this.levels[level];
    const bricks = this.bricks(axis, index, channel, level, wanted);
    const top = Math.min(...bricks.map(({ row }) => row)) * edge, left = Math.min(...bricks.map(({ column }) => column)) * edge;
    const bottom = Math.min(shape[plane.rows], (Math.max(...bricks.map(({ row }) => row)) + 1) * edge);
    const right = Math.min(shape[plane.columns], (Math.max(...bricks.map(({ column }) => column)) + 1) * edge);
    const rect = { row: top, column: left, rows: bottom - top, columns: right - left };
    const voxels = new this.make(rect.rows * rect.columns);
    const missing = [];
    for (const { brick, row, column } of bricks) {
      const stored = this.cache.get(brick.key);
      if (stored) this.copy(stored, brick, axis, index, voxels, rect);
      else {
        missing.push(brick);
        this.fillFromCoarser(brick, axis, index, row * edge, column * edge, voxels, rect);
      }
    }
    return { voxels, rect, missing };
  }

  /**
   * Copies a brick's plane.
   * @param {Voxels} stored
   * @param {Brick} brick
   * @param {Axis} axis
   * @param {number} index
   * @param {Voxels} to
   * @param {Rect} rect
   */
  copy(stored, brick, axis, index, to, rect) {
    const { edge } = this, { rows, columns } = planes[axis], { shape } = this.levels[brick.level];
    const size = {
      z: Math.min(edge, shape.z - brick.z * edge), y: Math.min(edge, shape.y - brick.y * edge),
      x: Math.min(edge, shape.x - brick.x * edge),
    };
    const strides = { z: size.y * size.x, y: size.x, x: 1 };
    const start = (this.index(axis, index, brick.level) - brick[axis] * edge) * strides[axis];
    const first = (brick[rows] * edge - rect.row) * rect.columns + brick[columns] * edge - rect.column;
    const across = strides[columns], count = size[columns];
    for (let row = 0; row < size[rows]; row++) {
      let from = start + row * strides[rows], next = first + row * rect.columns;
      if (across === 1) {
        to.set(/** @type {any} */ (stored.subarray(from, from + count)), next);
        continue;
      }
      for (let column = 0; column < count; column++, from += across) to[next++] = stored[from];
    }
  }

  /**
   * @param {Brick} brick
   * @param {Axis} axis
   * @param {number} index
   * @param {number} top Of the brick, in voxels of its level.
   * @param {number} left
   * @param {Voxels} to
   * @param {Rect} rect
   */
  fillFromCoarser(brick, axis, index, top, left, to, rect) {
    const { edge } = this, { rows, columns } = planes[axis], fine = this.levels[brick.level];
    for (let level = brick.level + 1; level < this.levels.length; level++) {
      const coarse = this.levels[level];
      const down = coarse.factors[rows] / fine.factors[rows], across = coarse.factors[columns] / fine.factors[columns];
      const at = this.index(axis, index, level);
      const place = /** @type {Extent} */ ({
        [axis]: Math.floor(at / edge), [rows]: Math.floor(top / down / edge), [columns]: Math.floor(left / across / edge),
      });
      const stored = this.cache.get(this.brick(brick.channel, level, place).key);
      if (!stored) continue;
      const size = (/** @type {Axis} */ along) => Math.min(edge, coarse.shape[along] - place[along] * edge);
      const strides = { z: size("y") * size("x"), y: size("x"), x: 1 };
      const start = (at - place[axis] * edge) * strides[axis];
      const bottom = Math.min(top + edge, rect.row + rect.rows), right = Math.min(left + edge, rect.column + rect.columns);
      for (let row = top; row < bottom; row++) {
        const inRow = Math.min(size(rows) - 1, Math.floor(row / down) - place[rows] * edge) * strides[rows] + start;
        let next = (row - rect.row) * rect.columns + left - rect.column;
        for (let column = left; column < right; column++) {
          const inColumn = Math.min(size(columns) - 1, Math.floor(column / across) - place[columns] * edge);
          to[next++] = stored[inRow + inColumn * strides[columns]];
        }
      }
      return;
    }
  }

  /**
   * The value of a voxel at the finest level that is here; null if none is.
   * @param {number} channel
   * @param {Extent} voxel
   */
  value(channel, voxel) {
    const { edge } = this;
    for (let level = 0; level < this.levels.length; level++) {
      const { shape, factors } = this.levels[level];
      const at = (/** @type {Axis} */ axis) => Math.min(shape[axis] - 1, Math.floor(voxel[axis] / factors[axis]));
      const [z, y, x] = [at("z"), at("y"), at("x")];
      const place = { z: Math.floor(z / edge), y: Math.floor(y / edge), x: Math.floor(x / edge) };
      const stored = this.cache.bricks.get(this.brick(channel, level, place).key);
      if (!stored) continue;
      const rows = Math.min(edge, shape.y - place.y * edge), columns = Math.min(edge, shape.x - place.x * edge);
      const offset = ((z - place.z * edge) * rows + y - place.y * edge) * columns + x - place.x * edge;
      return { value: stored[offset], isExact: level === 0 };
    }
    return null;
  }
}
