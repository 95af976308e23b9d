import assert from "node:assert/strict";
import { test } from "node:test";
import { APIError, OfflineError } from "../../../Sources/Page/support/api.js";
import { PenNearness } from "../../../Sources/Page/view/pen-nearness.js";
import { VolumeWatch } from "../../../Sources/Page/view/volume-watch.js";

const volume = (more = {}) => ({
  version: "a", shape: { c: 1, z: 2, y: 3, x: 4 }, levels: [], ...more,
});
const watch = (get) => {
  const made = new VolumeWatch({ get }, "v", volume());
  made.told = 0;
  made.addEventListener("replaced", () => made.told++);
  return made;
};

test("a volume of the same size with other voxels, or read otherwise, is another one, and told once", async () => {
  const replaced = watch(async () => volume({ version: "b" }));
  assert.equal(await replaced.check(), false);
  assert.equal(await replaced.check(), false);
  assert.equal(replaced.told, 1);
});

test("levels that are made meanwhile, and a volume that is gone, are no other image", async () => {
  const ready = watch(async () => volume({ levels: [{ ready: true }] }));
  assert.equal(await ready.check(), true);
  const gone = watch(async () => {
    throw new APIError(404, "gone");
  });
  assert.equal(await gone.check(), true);
  assert.equal(ready.told + gone.told, 0);
});

test("without an answer nothing is known, and the next look asks again", async () => {
  let isOffline = true, asked = 0;
  const silent = watch(async () => {
    asked++;
    if (isOffline) throw new OfflineError(null);
    return volume();
  });
  await assert.rejects(silent.check(), OfflineError);
  isOffline = false;
  assert.deepEqual(await Promise.all([silent.check(), silent.check()]), [true, true]);
  assert.equal(asked, 2);
});

test("what touches the screen while a pen is near is a palm", () => {
  let time = 0;
  const pen = new PenNearness(() => time), touch = { pointerType: "touch" };
  assert.equal(pen.isPalm(touch), false);
  pen.note({ pointerType: "pen", type: "pointermove" });
  assert.equal(pen.isPalm(touch), true);
  assert.equal(pen.isPalm({ pointerType: "mouse" }), false);
  time = PenNearness.moment + 1;
  assert.equal(pen.isPalm(touch), false);
  pen.note({ pointerType: "pen", type: "pointerdown" });
  time += 60000;
  assert.equal(pen.isPalm(touch), true);
  pen.note({ pointerType: "pen", type: "pointerup" });
  time += PenNearness.moment + 1;
  assert.equal(pen.isPalm(touch), false);
});
