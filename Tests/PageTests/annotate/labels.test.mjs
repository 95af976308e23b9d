import assert from "node:assert/strict";
import test from "node:test";
import { classValues } from "../../../Sources/Page/annotate/saving/class-values.js";
import { signedDistance } from "../../../Sources/Page/annotate/shapes/distance-transform.js";
import { interpolate } from "../../../Sources/Page/annotate/shapes/interpolation.js";
import { LabelPatch } from "../../../Sources/Page/annotate/saving/label-patch.js";
import { npyFile } from "../../../Sources/Page/annotate/saving/npy-file.js";
import { SliceLabels } from "../../../Sources/Page/annotate/slice-labels.js";
import { slicePainting } from "../../../Sources/Page/annotate/slice-painting.js";
import { StrokeHistory } from "../../../Sources/Page/annotate/stroke-history.js";
import { mergeThreeWay } from "../../../Sources/Page/annotate/saving/three-way-merge.js";

const bytes = (text) => Uint8Array.from(text.replaceAll(" ", ""), (sign) => (sign === "." ? 255 : Number(sign)));
const patch = (before, after, columns = 4) => LabelPatch.between(bytes(before), bytes(after), columns);

test("painting notes the smallest rectangle that it has changed, and leaves what lies outside out", () => {
  const labels = new SliceLabels(4, 6);
  labels.paint(1, -3, 2, 1);
  labels.paint(2, 4, 90, 1);
  labels.paint(9, 0, 6, 1);
  assert.deepEqual(labels.takeChanged(), { row: 1, column: 0, rows: 2, columns: 6 });
  labels.paint(1, 0, 2, 1);
  assert.equal(labels.takeChanged(), null);
  assert.equal(labels.isEmpty, false);
});

test("only what is unlabeled is painted, or a range of gray values, or both", () => {
  const paint = (painting) => {
    const labels = new SliceLabels(1, 6, bytes("..00.."));
    labels.paint(0, 0, 6, 1, painting);
    return labels.values;
  };
  const range = { values: [5, 10, 15, 20, 25, 30], low: 10, high: 25 };
  assert.deepEqual(paint(slicePainting(false, null)), bytes("111111"));
  assert.deepEqual(paint(slicePainting(true, null)), bytes("110011"));
  assert.deepEqual(paint(slicePainting(false, range)), bytes(".1111."));
  assert.deepEqual(paint(slicePainting(true, range)), bytes(".1001."));
});

test("labels that are laid over a slice leave it where they are unlabeled", () => {
  const labels = new SliceLabels(2, 3, bytes("000 ..."));
  labels.lay(bytes("1.. .2."));
  assert.deepEqual(labels.values, bytes("100 .2."));
  assert.deepEqual(labels.takeChanged(), { row: 0, column: 0, rows: 2, columns: 2 });
});

test("a patch makes the second of the first, and back, in runs within rows", () => {
  const before = bytes("..11 1111 00.."), after = bytes("..22 2222 0022");
  const change = LabelPatch.between(before, after, 4);
  assert.equal(change.starts.length, 3);
  assert.equal(change.voxels, 8);
  assert.deepEqual(change.bounds(4), { row: 0, column: 0, rows: 3, columns: 4 });
  const labels = before.slice();
  assert.equal(change.apply(labels), 0);
  assert.deepEqual(labels, after);
  change.reversed.apply(labels);
  assert.deepEqual(labels, before);
  assert.equal(LabelPatch.between(before, before.slice(), 4), null);
});

test("a patch leaves alone what has become something else", () => {
  const labels = bytes("22.1");
  assert.equal(patch("....", "1111").apply(labels), 2);
  assert.deepEqual(labels, bytes("2211"));
});

test("strokes are undone and done again in order, a hundred deep", () => {
  const history = new StrokeHistory("h"), labels = new Uint8Array(4);
  for (let label = 1; label <= 120; label++) {
    const before = labels.slice();
    labels.fill(label);
    const { added, removed } = history.push(LabelPatch.between(before, labels, 4));
    assert.deepEqual([...added.keys()], [label - 1]);
    assert.deepEqual(removed, label > 100 ? [label - 101] : []);
  }
  let undone = 0;
  for (let step = history.undo(); step; step = history.undo()) {
    step.apply(labels);
    undone++;
  }
  assert.equal(undone, 100);
  assert.deepEqual(labels, new Uint8Array(4).fill(20));
  for (let step = 0; step < 3; step++) history.redo().apply(labels);
  assert.deepEqual(labels, new Uint8Array(4).fill(23));
});

test("a stroke after an undo takes the place of those that were undone", () => {
  const history = new StrokeHistory("h");
  for (const after of ["0...", "00..", "000."]) history.push(patch("....", after));
  history.undo();
  history.undo();
  const { added, removed } = history.push(patch("....", "1..."));
  assert.deepEqual([[...added.keys()], removed], [[1], [2]]);
  assert.equal(history.redo(), null);
});

test("changes of different voxels are merged, and only true clashes are told", () => {
  const { merged, clashes } = mergeThreeWay(bytes("...0 0000"), bytes("1.10 1110"), bytes("12.0 2100"), 4);
  assert.deepEqual(merged, bytes("1210 1110"));
  const told = [];
  clashes.forEach((...clash) => told.push(clash));
  assert.deepEqual(told, [[4, 2, 1]]);
  assert.equal(mergeThreeWay(bytes("...."), bytes("1..."), bytes("1..2"), 4).clashes, null);
});

test("a clash stays one when somebody else changes other voxels, and goes when both agree", () => {
  const open = patch("22..", "11..");
  const base = bytes("22.."), mine = bytes("11..");
  const still = mergeThreeWay(base, mine, bytes("22.3"), 4, open);
  assert.equal(still.clashes.voxels, 2);
  assert.deepEqual(still.merged, bytes("11.3"));
  assert.equal(mergeThreeWay(base, mine, bytes("12.3"), 4, open).clashes.voxels, 1);
});

test("distances to a region's edge are those of every pair of voxels", () => {
  const rows = 9, columns = 12, aspect = { rowAspect: 2.5, columnAspect: 1 };
  const labels = Uint8Array.from({ length: rows * columns }, (_, offset) => ((offset * 7919) % 11 < 4 ? 1 : 0));
  const found = signedDistance(labels, 1, columns, aspect);
  labels.forEach((label, offset) => {
    let nearest = Infinity;
    labels.forEach((other, place) => {
      if (other === label) return;
      const down = (Math.floor(offset / columns) - Math.floor(place / columns)) * aspect.rowAspect;
      nearest = Math.min(nearest, Math.hypot(down, (offset % columns) - (place % columns)));
    });
    assert(Math.abs(found[offset] - (label === 1 ? nearest - 0.5 : 0.5 - nearest)) < 1e-4);
  });
});

test("between two discs lies a disc of the size between", async () => {
  const disc = (radius) => Uint8Array.from({ length: 41 * 41 }, (_, offset) =>
    Math.hypot(Math.floor(offset / 41) - 20, (offset % 41) - 20) <= radius ? 1 : 0);
  const between = await interpolate(disc(6), disc(14), 0.5, 41, { rowAspect: 1, columnAspect: 1 });
  const wanted = disc(10), differing = between.filter((label, offset) => label !== wanted[offset]).length;
  assert(differing < 30, `${differing} voxels differ`);
  assert.deepEqual(await interpolate(disc(6), disc(14), 0, 41, { rowAspect: 1, columnAspect: 1 }), disc(6));
});

test("what is unlabeled in both slices stays so between them, and a class that only one has shrinks", async () => {
  const aspect = { rowAspect: 1, columnAspect: 1 };
  const between = await interpolate(bytes("..1111.."), bytes("........"), 0.3, 8, aspect);
  assert.equal(between[0], 255);
  assert.equal(between[7], 255);
});

test("labels go by the names of their classes where names can stand in the list", () => {
  const classes = ["nucleus", "a,b", "x,1:y", " blank"].map((name) => ({ name, color: "#000000" }));
  assert.equal(classValues([255, 1, 0, 0], classes), "0:nucleus,1:a,b,255:unlabeled");
  assert.equal(classValues([2, 3], classes), "2:2,3:3,255:unlabeled");
  assert.equal(classValues([], classes), "255:unlabeled");
});

test("an NPY file tells its size, and its data begin at a multiple of 64 bytes", () => {
  const file = npyFile(bytes("012 .12"), 2, 3);
  const length = file[8] + 256 * file[9];
  assert.equal((10 + length) % 64, 0);
  const header = new TextDecoder().decode(file.subarray(10, 10 + length));
  assert.equal(header.trim(), "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }");
  assert.equal(header.at(-1), "\n");
  assert.deepEqual(file.subarray(10 + length), bytes("012 .12"));
});
