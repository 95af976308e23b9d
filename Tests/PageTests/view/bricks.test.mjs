import assert from "node:assert/strict";
import { test } from "node:test";
import { BrickCache } from "../../../Sources/Page/volume/brick-cache.js";
import { brickFrames } from "../../../Sources/Page/volume/brick-frames.js";
import { BrickQueue } from "../../../Sources/Page/volume/brick-queue.js";
import { BrickVolume } from "../../../Sources/Page/volume/brick-volume.js";
import { planes, planeSize } from "../../../Sources/Page/volume/geometry.js";

const shape = { z: 70, y: 130, x: 65 };
const value = (z, y, x) => (z * 131 + y * 17 + x * 3) % 65521;

/** The voxels of a brick, x fastest. */
function brickVoxels(place, shape, factors) {
  const side = (axis) => Math.min(64, shape[axis] - place[axis] * 64);
  const voxels = new Uint16Array(side("z") * side("y") * side("x"));
  let next = 0;
  for (let z = 0; z < side("z"); z++) {
    for (let y = 0; y < side("y"); y++) {
      for (let x = 0; x < side("x"); x++) {
        voxels[next++] = value(
          (place.z * 64 + z) * factors.z, (place.y * 64 + y) * factors.y, (place.x * 64 + x) * factors.x);
      }
    }
  }
  return voxels;
}

const levels = [
  { shape, factors: { z: 1, y: 1, x: 1 } },
  { shape: { z: 70, y: 65, x: 33 }, factors: { z: 1, y: 2, x: 2 } },
];

function filled(level) {
  const volume = new BrickVolume({ dtype: "uint16", levels }, new BrickCache());
  const { shape, factors } = levels[level];
  for (let z = 0; z * 64 < shape.z; z++) {
    for (let y = 0; y * 64 < shape.y; y++) {
      for (let x = 0; x * 64 < shape.x; x++) {
        volume.cache.set(volume.brick(0, level, { z, y, x }).key, brickVoxels({ z, y, x }, shape, factors));
      }
    }
  }
  return volume;
}

for (const axis of ["z", "y", "x"]) {
  test(`a slice on ${axis} that is put together of bricks has the volume's voxels`, () => {
    const volume = filled(0), { rows, columns } = planeSize(axis, shape), index = shape[axis] - 2;
    const part = volume.part(axis, index, 0, 0, { row: 0, column: 0, rows, columns });
    assert.deepEqual(part.missing, []);
    assert.deepEqual(part.rect, { row: 0, column: 0, rows, columns });
    for (let row = 0; row < rows; row += 7) {
      for (let column = 0; column < columns; column += 5) {
        const at = { [axis]: index, [planes[axis].rows]: row, [planes[axis].columns]: column };
        assert.equal(part.voxels[row * columns + column], value(at.z, at.y, at.x));
      }
    }
  });

  test(`what is missing on ${axis} comes from a coarser level`, () => {
    const volume = filled(1), { rows, columns } = planeSize(axis, shape), index = 3;
    const part = volume.part(axis, index, 0, 0, { row: 0, column: 0, rows, columns });
    assert.ok(part.missing.length > 0);
    for (let row = 0; row < rows; row += 7) {
      for (let column = 0; column < columns; column += 5) {
        const at = { [axis]: index, [planes[axis].rows]: row, [planes[axis].columns]: column };
        assert.equal(part.voxels[row * columns + column], value(at.z, at.y - (at.y % 2), at.x - (at.x % 2)));
      }
    }
  });
}

test("a part of a slice is made of the bricks that it touches, those in the middle first", () => {
  const volume = filled(0);
  const bricks = volume.bricks("z", 69, 0, 0, { row: 60, column: 0, rows: 70, columns: 20 });
  assert.deepEqual(bricks.map(({ brick }) => brick.key), ["0/0/1,1,0", "0/0/1,0,0", "0/0/1,2,0"]);
});

test("the level is the coarsest whose voxels are no larger than a pixel", () => {
  const volume = filled(0);
  assert.equal(volume.level("z", 1, 1), 0);
  assert.equal(volume.level("z", 0.5, 0.5), 1);
  assert.equal(volume.level("z", 0.5, 1), 0);
});

test("the value of a voxel is that of the finest level that is here", () => {
  assert.deepEqual(filled(0).value(0, { z: 69, y: 129, x: 64 }), { value: value(69, 129, 64), isExact: true });
  assert.deepEqual(filled(1).value(0, { z: 69, y: 129, x: 64 }), { value: value(69, 128, 64), isExact: false });
});

test("frames of bricks are read as the server writes them", () => {
  const level = { z: 2, y: 1, x: 65 };
  const head = (z, y, x, count, fill) => new Uint8Array(Uint32Array.of(z, y, x, count, fill).buffer);
  const words = Uint16Array.of(0x1234, 0xfffe);
  const planes = Uint8Array.of(0x34, 0xfe, 0x12, 0xff);
  const parts = [head(0, 0, 0, 0, 7), head(0, 0, 1, 4, 0), planes];
  const answer = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (answer.set(part, at), at + part.length), 0);
  const [first, second] = brickFrames(answer.buffer, 2, level, 64);
  assert.deepEqual(first.place, { z: 0, y: 0, x: 0 });
  assert.equal(first.bytes.length, 2 * 64 * 2);
  assert.ok(first.bytes.every((byte) => byte === 7));
  assert.deepEqual(second.place, { z: 0, y: 0, x: 1 });
  assert.deepEqual(new Uint16Array(second.bytes.buffer), words);
  assert.throws(() => brickFrames(answer.buffer, 4, level, 64));
});

test("voxels of four bytes are joined from four planes", () => {
  const answer = new Uint8Array(28);
  answer.set(new Uint8Array(Uint32Array.of(0, 0, 0, 8, 0).buffer));
  answer.set([1, 2, 0, 0, 0, 0, 0x80, 0x3f], 20);
  const [{ bytes }] = brickFrames(answer.buffer, 4, { z: 1, y: 1, x: 2 }, 64);
  assert.deepEqual([...bytes], [1, 0, 0, 0x80, 2, 0, 0, 0x3f]);
});

test("bricks that were not used for longest leave a full cache", () => {
  const cache = new BrickCache(30);
  for (const key of ["a", "b", "c"]) cache.set(key, new Uint8Array(10));
  cache.get("a");
  cache.set("d", new Uint8Array(10));
  assert.deepEqual([...cache.bricks.keys()], ["c", "a", "d"]);
  assert.equal(cache.bytes, 30);
});

const brick = (z, y, x) => ({ key: `${z},${y},${x}`, channel: 0, level: 0, z, y, x });

test("requests that nobody wants any longer are ended, and what is wanted comes in one request for a box", async () => {
  const asked = [];
  const queue = new BrickQueue((bricks, signal) => {
    asked.push(bricks.map(({ key }) => key).join(" "));
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  }, new BrickCache(), assert.fail);
  const view = {};
  queue.want(view, [brick(0, 0, 0), brick(0, 0, 1), brick(0, 1, 0), brick(0, 1, 1), brick(0, 2, 2)]);
  assert.deepEqual(asked, ["0,0,0 0,0,1 0,1,0 0,1,1", "0,2,2"]);
  queue.want(view, [brick(5, 0, 0)]);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([...queue.running].map(({ keys }) => [...keys]), [["5,0,0"]]);
  queue.close();
});

test("a brick that failed is said once, and not asked for again at once", async () => {
  const errors = [];
  let asked = 0;
  const queue = new BrickQueue(async () => {
    asked++;
    throw new Error("no");
  }, new BrickCache(), (error) => errors.push(error.message));
  queue.want({}, [brick(0, 0, 0)]);
  await new Promise((resolve) => setImmediate(resolve));
  queue.start();
  assert.equal(asked, 1);
  assert.deepEqual(errors, ["no"]);
  queue.close();
});
