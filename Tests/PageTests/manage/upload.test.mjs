import assert from "node:assert/strict";
import { test } from "node:test";
import { doubts, spacingWords } from "../../../Sources/Page/manage/upload-facts.js";

const reading = (format, c, z, spacing, unit = "micrometer") => ({
  format, shape: { c, z, y: 64, x: 64 }, spacing: { z: spacing, y: 1, x: 1, unit }, warnings: [],
});

test("a spacing that the file does not say is doubted, by how little it says", () => {
  const [none, noUnit, bare] = [reading("npy", 1, 9, 1, null), reading("nii", 1, 9, 2, null), reading("tiff", 1, 9, 1)].map(doubts);
  assert.equal(none.length + noUnit.length + bare.length, 3);
  assert.match(none[0], /does not say how far apart/);
  assert.match(noUnit[0], /unit/);
  assert.match(bare[0], /1 × 1 × 1/);
  assert.deepEqual(doubts(reading("nii.gz", 1, 9, 1)), []);
});

test("channels that may be slices are doubted, with the axes to choose", () => {
  assert.match(doubts(reading("tiff", 40, 1, 2))[0], /zyx/);
  assert.match(doubts(reading("npy", 30, 12, 2))[0], /Axes/);
  assert.match(doubts(reading("nii", 1, 1, 2))[0], /single slice/);
  assert.deepEqual(doubts(reading("tiff", 4, 12, 2)), []);
});

test("what the server doubts comes first, and units are written short", () => {
  assert.equal(doubts({ ...reading("npy", 1, 9, 1, null), warnings: ["of the server"] })[0], "of the server");
  assert.equal(spacingWords({ z: 2, y: 0.333333, x: 0.5, unit: "micrometer" }), "2 × 0.3333 × 0.5 µm");
  assert.equal(spacingWords({ z: 2, y: 1, x: 1, unit: null }), "2 × 1 × 1");
});
