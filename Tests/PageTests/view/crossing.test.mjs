import assert from "node:assert/strict";
import { test } from "node:test";
import { CrossingLabels, layLine } from "../../../Sources/Page/volume/crossing-labels.js";
import { planeSize, planes } from "../../../Sources/Page/volume/geometry.js";

const shape = { z: 3, y: 4, x: 5 }, axes = ["z", "y", "x"];
/** A number for each voxel of the volume. */
const label = ({ z, y, x }) => (z * 4 + y) * 5 + x;
const slice = (axis, index, value = label) => {
  const { rows, columns } = planeSize(axis, shape), plane = planes[axis];
  return Uint8Array.from({ length: rows * columns }, (_, place) =>
    value({ [axis]: index, [plane.rows]: Math.floor(place / columns), [plane.columns]: place % columns }));
};
const tick = () => new Promise((resolve) => setImmediate(resolve));
const settled = async () => {
  for (let turn = 0; turn < 50; turn++) await tick();
};

test("a slice that crosses another gives it the labels of the voxels that both have", () => {
  for (const axis of axes) {
    for (const other of axes.filter((other) => other !== axis)) {
      for (let index = 0; index < shape[axis]; index++) {
        for (let at = 0; at < shape[other]; at++) {
          const laid = new Uint8Array(slice(axis, index).length).fill(255);
          layLine(laid, axis, index, { axis: other, index: at, revision: 1 }, slice(other, at), shape);
          assert.deepEqual(laid, slice(axis, index, (voxel) => (voxel[other] === at ? label(voxel) : 255)), `${other} ${at} in ${axis} ${index}`);
        }
      }
    }
  }
});

test("of slices that cross each other the newer counts, and nothing covers what is unlabeled", async () => {
  const stored = { y1: slice("y", 1, () => 1), x2: slice("x", 2, ({ y }) => (y === 3 ? 255 : 2)) };
  const list = [{ axis: "y", index: 1, revision: 9 }, { axis: "x", index: 2, revision: 4 }, { axis: "z", index: 0, revision: 20 }];
  const crossing = new CrossingLabels(shape, { list: () => list, peek: () => null, fetch: async ({ axis, index }) => stored[axis + index] }, assert.fail);
  crossing.changed();
  crossing.get("z", 1);
  await settled();
  const wanted = slice("z", 1, ({ y, x }) => (y === 1 ? 1 : x === 2 && y !== 3 ? 2 : 255));
  assert.deepEqual(crossing.get("z", 1), wanted);
  list[1].revision = 10;
  crossing.changed();
  crossing.get("z", 1);
  await settled();
  assert.equal(crossing.get("z", 1)[1 * 5 + 2], 2);
});

test("slices are fetched once for all that they cross, and drawn ones not at all", async () => {
  const asked = [];
  let drawn = slice("y", 1, () => 3);
  const source = {
    list: () => [{ axis: "y", index: 1, revision: 1 }, { axis: "y", index: 2, revision: 2 }],
    peek: (axis, index) => (index === 1 ? drawn : null),
    fetch: async ({ index }) => {
      asked.push(index);
      return slice("y", index, () => 7);
    },
  };
  const crossing = new CrossingLabels(shape, source, assert.fail);
  let arrivals = 0;
  crossing.addEventListener("arrival", () => arrivals++);
  crossing.changed();
  for (let index = 0; index < 3; index++) crossing.get("z", index);
  await settled();
  assert.deepEqual(asked, [2]);
  assert.equal(arrivals, 2);
  const before = crossing.get("z", 0);
  assert.deepEqual([before[1 * 5], before[2 * 5], before[3 * 5]], [3, 7, 255]);
  crossing.changed();
  assert.equal(crossing.get("z", 0), before);
  drawn = slice("y", 1, () => 4);
  crossing.changed();
  assert.equal(crossing.get("z", 0)[1 * 5], 4);
  assert.equal(crossing.get("y", 1), null);
});

test("of more slices than fit, the newest are kept, and one that is looked at itself is fetched all the same", async () => {
  const asked = [];
  const list = [1, 2, 3].map((index) => ({ axis: "y", index, revision: index }));
  const crossing = new CrossingLabels(shape, {
    list: () => list, peek: () => null,
    fetch: async ({ axis, index }) => {
      asked.push(index);
      return slice(axis, index, () => index);
    },
  }, assert.fail);
  crossing.limit = 2 * 15;
  crossing.changed();
  crossing.get("z", 0);
  await settled();
  assert.deepEqual(asked.sort(), [2, 3]);
  assert.equal(crossing.own("y", 1), null);
  await settled();
  assert.deepEqual(crossing.own("y", 1), slice("y", 1, () => 1));
  assert.equal(crossing.get("z", 0)[1 * 5], 255);
});

test("what could not be fetched is told, and asked for again", async () => {
  const faults = [];
  let isOffline = true;
  const crossing = new CrossingLabels(shape, {
    list: () => [{ axis: "y", index: 1, revision: 1 }], peek: () => null,
    fetch: async () => {
      if (isOffline) throw new Error("offline");
      return slice("y", 1, () => 1);
    },
  }, (error) => faults.push(error.message));
  crossing.changed();
  crossing.get("z", 0);
  await settled();
  assert.deepEqual(faults, ["offline"]);
  isOffline = false;
  crossing.changed();
  crossing.get("z", 0);
  await settled();
  assert.equal(crossing.get("z", 0)[1 * 5], 1);
});
