import assert from "node:assert/strict";
import { test } from "node:test";
import { roundLines } from "../../../Sources/Page/train/round-lines.js";
import { shortName } from "../../../Sources/Page/train/score-bars.js";

const model = (name, voxels, mean, iou) => ({ model: name, voxels, mean_iou: mean, iou });

test("models stand in the order in which they were made, each class with a line of its own", () => {
  const compared = [model("new", 9, 0.8, { a: 0.9, b: 0.7 }), model("old", 9, 0.5, { a: 0.5, b: null })];
  const { models, lines, isSame } = roundLines(compared, ["old", "new"]);
  assert.deepEqual(models.map((entry) => entry.model), ["old", "new"]);
  assert.deepEqual(lines.map(({ values }) => values), [[0.5, 0.8], [0.5, 0.9], [null, 0.7]]);
  assert.deepEqual(lines.slice(1).map(({ name }) => name), ["a", "b"]);
  assert.ok(isSame);
});

test("models that were not measured are left out, classes without any figure, too", () => {
  const compared = [model("one", 0, null, { a: null, b: null }), model("two", 9, 0.5, { a: 0.5, b: null })];
  const { models, lines } = roundLines(compared, ["one", "two"]);
  assert.deepEqual(models.map((entry) => entry.model), ["two"]);
  assert.deepEqual(lines.slice(1).map(({ name }) => name), ["a"]);
  assert.deepEqual(roundLines(compared.slice(0, 1), ["one"]).models, []);
});

test("it is known where models are not measured on the same voxels", () => {
  const compared = [model("one", 8, 0.5, { a: 0.5 }), model("two", 9, 0.5, { a: 0.5 })];
  assert.ok(!roundLines(compared, ["one", "two"]).isSame);
});

test("long names are cut in their middle, where they differ least", () => {
  assert.equal(shortName("model-12"), "model-12");
  const [one, two] = ["kidney-tubules-round1", "kidney-tubules-round2"].map(shortName);
  assert.notEqual(one, two);
  assert.equal(one.length, 16);
});
