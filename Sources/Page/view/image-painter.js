import { planes } from "../volume/geometry.js";
import { composite } from "./composite.js";

/** @typedef {import("./slice-view.js").SliceView} SliceView */
/** @typedef {import("./display.js").Display} Display */
/** @typedef {import("../volume/brick-volume.js").BrickVolume} BrickVolume */
/** @typedef {import("../volume/brick-queue.js").BrickQueue} BrickQueue */
/** @typedef {import("../volume/brick-queue.js").Brick} Brick */

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
    this.motion = 1;
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
    const level = volume.level(view.axis, camera.rowPixels * view.ratio, camera.columnPixels * view.ratio);
    const { row, column, rowEnd, columnEnd } = camera.visible();
    if (rowEnd <= row || columnEnd <= column) return;
    const wanted = { row, column, rows: rowEnd - row, columns: columnEnd - column };
    const shown = display.shown;
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
    this.want(missing, level, wanted, shown);
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
   * What is missing first, in the middle; then a coarse picture for places that come next, and the slab ahead.
   * @param {Brick[]} missing
   * @param {number} level
   * @param {import("../volume/brick-volume.js").Rect} wanted
   * @param {number[]} shown
   */
  want(missing, level, wanted, shown) {
    const { view, volume, queue } = this;
    const size = volume.edge * volume.levels[level].factors[view.axis];
    const ahead = view.index + this.motion * Math.ceil(size / 2);
    const next = ahead < 0 || ahead >= view.count ? [] : shown.flatMap((channel) =>
      volume.bricks(view.axis, ahead, channel, level, wanted).map(({ brick }) => brick));
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
