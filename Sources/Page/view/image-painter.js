import { planes } from "../volume/geometry.js";
import { composite } from "./composite.js";

/** @typedef {import("./slice-view.js").SliceView} SliceView */
/** @typedef {import("./display.js").Display} Display */
/** @typedef {import("../volume/brick-volume.js").BrickVolume} BrickVolume */
/** @typedef {import("../volume/brick-queue.js").BrickQueue} BrickQueue */
/** @typedef {import("../volume/brick-queue.js").Brick} Brick */

/**
 * Shares of the cache: what a view needs, and that together with what it will need next. The rest is for the other views; what
 * is more would drive out what was just fetched, again and again.
 */
const shares = { needed: 0.55, planned: 0.7 };

/** Keeps a view's picture of the image up to date: with its index, its camera, the display, and bricks as they arrive. */
export class ImagePainter {
  /**
   * @param {SliceView} view
   * @param {BrickVolume} volume
   * @param {BrickQueue} queue
   * @param {Display} display
   */
  constructor(view, volume, queue, display) {
    this.view = view;
    this.volume = volume;
    this.queue = queue;
    this.display = display;
    this.frame = 0;
    /** Which way the slices were turned last; 0 if they were not. */
    this.motion = 0;
    this.last = view.index;
    this.canvas = document.createElement("canvas");
    /** What the picture was made of: nothing is done twice. */
    this.painted = "";
    /** @type {Set<string>} */
    this.missing = new Set();
    /**
     * The gray values of the picture by channel.
     * @type {Map<number, import("./composite.js").Voxels>}
     */
    this.voxels = new Map();
    /** Whether all that the picture needs was here. */
    this.isComplete = false;
    this.stop = new AbortController();
    const { signal } = this.stop, update = () => this.update();
    view.addEventListener("indexchange", () => {
      this.motion = Math.sign(view.index - this.last) || 1;
      this.last = view.index;
      this.update();
    }, { signal });
    view.addEventListener("cameramove", update, { signal });
    display.addEventListener("imagechange", update, { signal });
    this.arrived = (/** @type {string[]} */ keys) => {
      // No keys: there are other levels to choose from.
      if (keys.length === 0) this.update();
      else if (keys.some((key) => this.missing.has(key))) this.update(true);
    };
    queue.listeners.add(this.arrived);
    this.update();
  }

  /**
   * Paints in the next frame.
   * @param {boolean} [isNew] Whether bricks have arrived.
   */
  update(isNew = false) {
    if (isNew) this.painted = "";
    this.frame ||= requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.frame = 0;
    const { view, volume, display } = this, { camera } = view;
    const { row, column, rowEnd, columnEnd } = camera.visible();
    if (rowEnd <= row || columnEnd <= column) return;
    const wanted = { row, column, rows: rowEnd - row, columns: columnEnd - column };
    const shown = display.shown, level = this.level(wanted, shown.length);
    const places = volume.bricks(view.axis, view.index, 0, level, wanted).map(({ brick }) => brick.key);
    const state = JSON.stringify([view.index, level, places, shown.map((channel) => display.channels[channel])]);
    if (state === this.painted) return;
    this.painted = state;
    /** @type {Brick[]} */
    const missing = [];
    const parts = shown.map((channel) => {
      const part = volume.part(view.axis, view.index, channel, level, wanted);
      missing.push(...part.missing);
      return { part, display: display.channels[channel] };
    });
    this.missing = new Set(missing.map((brick) => brick.key));
    this.isComplete = missing.length === 0;
    this.voxels = new Map(parts.map(({ part }, place) => [shown[place], part.voxels]));
    this.show(parts, level);
    this.tell(level);
    this.want(missing, level, wanted, shown);
  }

  /**
   * The level that the screen asks for, or a coarser one if the cache can't hold its bricks.
   * @param {import("../volume/brick-volume.js").Rect} wanted
   * @param {number} channels
   */
  level(wanted, channels) {
    const { view, volume } = this, { camera } = view, room = this.queue.cache.limit * shares.needed;
    let level = volume.level(view.axis, camera.rowPixels * view.ratio, camera.columnPixels * view.ratio);
    const bytes = () => volume.bricks(view.axis, view.index, 0, level, wanted).length * channels * volume.bytes(level);
    while (level < volume.levels.length - 1 && bytes() > room) level++;
    return level;
  }

  /**
   * What is on the canvas now, for those who can't see it: the slice, its level, and whether anything better is still to come.
   * @param {number} level
   */
  tell(level) {
    const { canvas, index } = this.view;
    canvas.dataset.slice = String(index);
    canvas.dataset.level = String(level);
    canvas.setAttribute("aria-busy", String(!this.isComplete));
  }

  /**
   * @param {{part: import("../volume/brick-volume.js").Part, display: import("./display.js").ChannelDisplay}[]} parts
   * @param {number} level
   */
  show(parts, level) {
    const { view, canvas } = this;
    if (parts.length === 0) return view.show(null);
    const { rect } = parts[0].part;
    if (canvas.width !== rect.columns || canvas.height !== rect.rows) {
      canvas.width = rect.columns;
      canvas.height = rect.rows;
    }
    const image = new ImageData(rect.columns, rect.rows);
    composite(parts.map(({ part, display }) => ({ voxels: part.voxels, display })), image);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
    const { factors } = this.volume.levels[level], plane = planes[view.axis];
    const down = factors[plane.rows], across = factors[plane.columns];
    view.show({
      canvas,
      rect: { row: rect.row * down, column: rect.column * across, rows: rect.rows * down, columns: rect.columns * across },
    });
  }

  /**
   * What is missing first, in the middle, after a coarse picture of it; then the bricks that come next where the slices are turned
   * on, or beyond the nearer side of these before they are turned.
   * @param {Brick[]} missing
   * @param {number} level
   * @param {import("../volume/brick-volume.js").Rect} wanted
   * @param {number[]} shown
   */
  want(missing, level, wanted, shown) {
    const { view, volume, queue } = this;
    const size = volume.edge * volume.levels[level].factors[view.axis];
    const motion = this.motion || (view.index % size < size / 2 ? -1 : 1);
    const ahead = Math.min(view.count - 1, Math.max(0, view.index + motion * size));
    const places = volume.bricks(view.axis, ahead, 0, level, wanted);
    const bytes = shown.length * volume.bytes(level), room = queue.cache.limit * shares.planned - places.length * bytes;
    const next = places.slice(0, Math.max(0, Math.floor(room / bytes)) || 0)
      .flatMap(({ brick }) => shown.map((channel) => volume.brick(channel, level, brick)));
    const last = volume.levels.length - 1;
    const coarse = last > level ? shown.flatMap((channel) =>
      volume.bricks(view.axis, view.index, channel, last, wanted).map(({ brick }) => brick)) : [];
    const isFew = coarse.length <= 4 * shown.length;
    const isHere = (/** @type {Brick} */ brick) => queue.cache.has(brick.key);
    const needed = [...(isFew && missing.length > 8 ? coarse : []), ...missing];
    queue.want(this, needed.filter((brick) => !isHere(brick)), next.filter((brick) => !isHere(brick)));
  }

  close() {
    this.stop.abort();
    this.queue.listeners.delete(this.arrived);
    this.queue.want(this, []);
    if (this.frame) cancelAnimationFrame(this.frame);
  }
}
