import assert from "node:assert/strict";
import { test } from "node:test";
import { Camera } from "../../../Sources/Page/view/camera.js";
import { palette } from "../../../Sources/Page/view/overlay.js";
import { roundLength } from "../../../Sources/Page/support/units.js";

test("voxels have the proportions of their spacing", () => {
  const camera = new Camera(10, 40, 2, 0.5);
  camera.resize(412, 412);
  assert.equal(camera.rowPixels, 4 * camera.columnPixels);
  assert.deepEqual(camera.toScreen(0, 0), { x: 6, y: 6 });
  assert.deepEqual(camera.toVoxel(406, 406), { row: 10, column: 40 });
});

test("what is at the pointer stays there while zooming", () => {
  const camera = new Camera(100, 100, 1, 1);
  camera.resize(212, 212);
  const before = camera.toVoxel(50, 80);
  camera.zoomAt(3, 50, 80);
  const after = camera.toVoxel(50, 80);
  assert.ok(Math.abs(before.row - after.row) < 1e-9 && Math.abs(before.column - after.column) < 1e-9);
});

test("a slice that was fitted is fitted again when its view changes, and no other", () => {
  const camera = new Camera(100, 100, 1, 1);
  camera.resize(112, 112);
  camera.resize(212, 212);
  assert.equal(camera.zoom, 2);
  camera.zoomAt(2, 106, 106);
  camera.resize(412, 412);
  assert.equal(camera.zoom, 4);
});

test("classes that are hidden, and what is unlabeled, have no colour", () => {
  const colors = palette(["#ff0000", "#00ff00"], new Set([1]));
  assert.deepEqual([colors[0], colors[1], colors[2], colors[255]], [0xff0000ff, 0, 0, 0]);
});

test("scale bars have round lengths", () => {
  assert.deepEqual([7.3, 0.021, 480, 1].map(roundLength), [5, 0.02, 200, 1]);
});
