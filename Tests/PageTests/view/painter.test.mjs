import assert from "node:assert/strict";
import { test } from "node:test";
import { ImagePainter } from "../../../Sources/Page/view/image-painter.js";
import { BrickCache } from "../../../Sources/Page/volume/brick-cache.js";
import { BrickVolume } from "../../../Sources/Page/volume/brick-volume.js";

/** A frame of the browser comes when a test says so. */
let frames = [];
const frame = () => frames.splice(0).forEach((run) => run());
Object.assign(globalThis, {
  requestAnimationFrame: (run) => frames.push(run),
  cancelAnimationFrame: () => {},
  document: { createElement: () => ({ width: 0, height: 0, getContext: () => null }) },
  ImageData: class {
    constructor(columns, rows) {
      this.data = new Uint8ClampedArray(rows * columns * 4);
    }
  },
});

const cube = (size, factor) => ({ shape: { z: size, y: size, x: size }, factors: { z: factor, y: factor, x: factor } });

/** A view of all of a slice, a pixel to a voxel, with what its painter asks for. */
function painted({ size = 256, index = 0, limit = 512e6, channels = 1, dtype = "uint16" } = {}) {
  const cache = new BrickCache(limit);
  const volume = new BrickVolume({ dtype, levels: [cube(size, 1), cube(size / 2, 2), cube(size / 4, 4)] }, cache);
  const view = Object.assign(new EventTarget(), {
    axis: "z", index, count: size, ratio: 1, pictures: 0, canvas: { dataset: {}, setAttribute: (name, value) => (view.canvas[name] = value) },
    camera: { rowPixels: 1, columnPixels: 1, visible: () => ({ row: 0, column: 0, rowEnd: size, columnEnd: size }) },
    show: () => view.pictures++,
  });
  const queue = { cache, listeners: new Set(), want: (client, needed, ahead) => Object.assign(queue, { needed, ahead }) };
  const display = Object.assign(new EventTarget(), {
    shown: Array.from({ length: channels }, (_, channel) => channel),
    channels: Array.from({ length: channels }, () => ({ low: 0, high: 255, color: "#ffffff" })),
  });
  new ImagePainter(view, volume, queue, display);
  frame();
  const turn = (to) => {
    view.index = to;
    view.dispatchEvent(new CustomEvent("indexchange"));
    frame();
  };
  /** All that was asked for arrives. */
  const arrive = () => {
    const keys = queue.needed.map(({ key, level }) => (cache.set(key, new volume.make(volume.bytes(level) / 2)), key));
    for (const listener of queue.listeners) listener(keys);
    frame();
  };
  return { view, volume, queue, turn, arrive };
}

test("the canvas says which slice is on it at which level, and whether all of it is there", () => {
  const { view, arrive, turn } = painted({ index: 70 });
  assert.deepEqual(view.canvas.dataset, { slice: "70", level: "0" });
  assert.equal(view.canvas["aria-busy"], "true");
  arrive();
  assert.equal(view.canvas["aria-busy"], "false");
  turn(71);
  assert.deepEqual([view.canvas.dataset.slice, view.canvas["aria-busy"]], ["71", "false"]);
  assert.equal(view.pictures, 3);
});

test("bricks come a whole brick ahead of the motion, and before one beyond the nearer side", () => {
  const layers = ({ queue }) => [...new Set(queue.ahead.map(({ z }) => z))];
  const near = painted({ index: 70 });
  assert.deepEqual(layers(near), [0]);
  assert.deepEqual(layers(painted({ index: 120 })), [2]);
  near.turn(71);
  assert.deepEqual(layers(near), [2]);
  near.turn(70);
  assert.deepEqual(layers(near), [0]);
  near.turn(255);
  assert.deepEqual(layers(near), [3]);
});

test("a view takes a coarser level where its bricks would drive each other out of the cache", () => {
  // 16 bricks of 512 KiB at level 0.
  assert.equal(painted({ limit: 16e6 }).view.canvas.dataset.level, "0");
  assert.equal(painted({ limit: 14e6 }).view.canvas.dataset.level, "1");
  assert.equal(painted({ limit: 16e6, channels: 2 }).view.canvas.dataset.level, "1");
  assert.equal(painted({ limit: 1 }).view.canvas.dataset.level, "2");
});

test("no more comes ahead than the cache holds beside what is needed, the middle first", () => {
  const { queue, volume } = painted({ limit: 16e6, index: 10 });
  assert.equal(queue.needed.filter(({ level }) => level === 0).length, 16);
  assert.equal(queue.ahead.length, Math.floor((0.7 * 16e6 - 16 * volume.bytes(0)) / volume.bytes(0)));
  const all = painted({ index: 100 }).queue.ahead;
  assert.equal(all.length, 16);
  assert.ok(all.slice(0, 4).every(({ y, x }) => [1, 2].includes(y) && [1, 2].includes(x)));
});

test("bricks of a flat image are counted as they are", () => {
  const flat = { shape: { z: 1, y: 4096, x: 4096 }, factors: { z: 1, y: 1, x: 1 } };
  assert.equal(new BrickVolume({ dtype: "uint8", levels: [flat] }, new BrickCache()).bytes(0), 4096);
});
