import assert from "node:assert/strict";
import { test } from "node:test";
import { makingSection, scoreSection, testScores } from "../../../Sources/Page/train/comparison-rows.js";

const model = (parent, steps, seconds, iou, slices) => ({
  parent, metrics: { steps, seconds, heldout_iou: iou }, trained_on: { a: Array(slices).fill({}), b: [{}] },
});

test("two models are compared by what they were made of, with signs to the difference", () => {
  const { rows } = makingSection(model(null, 100, 30, 0.5, 2), model("first", 80, 90, 0.75, 4));
  assert.deepEqual(rows.map((row) => row.slice(1)), [
    ["3", "5", "+2"], ["100", "80", "−20"], ["30 s", "1 min 30 s", "+1 min"], ["nothing", "first", ""], ["0.500", "0.750", "+0.250"],
  ]);
});

test("a model that was brought has no figures of its training", () => {
  const brought = { parent: null, metrics: null, trained_on: null };
  const { rows } = makingSection(brought, model(null, 80, 90, 0.75, 4));
  assert.deepEqual(rows[0].slice(1), ["–", "5", "–"]);
  assert.deepEqual(rows[4].slice(1), ["–", "0.750", "–"]);
});

test("classes are matched by name, and those that neither was measured on are left out", () => {
  const one = { voxels: 9, mean_iou: 0.4, classes: [{ name: "a", iou: 0.4 }, { name: "gone", iou: null }] };
  const other = { voxels: 9, mean_iou: 0.4, classes: [{ name: "gone", iou: null }, { name: "a", iou: 0.3999 }, { name: "b", iou: 0 }] };
  const section = scoreSection("t", one, other);
  assert.equal(section.warning, null);
  assert.deepEqual(section.rows.map(([, ...values]) => values), [
    ["0.400", "0.400", "±0"], ["0.400", "0.400", "±0"], ["–", "0.000", "–"], ["9", "9", "±0"],
  ]);
});

test("it is said where two models are not measured on the same voxels", () => {
  const scores = (voxels) => testScores({ voxels, mean_iou: 0.5, iou: { a: 0.5 } });
  assert.ok(scoreSection("t", scores(9), scores(10)).warning);
  assert.ok(scoreSection("t", scores(9), null).warning);
  assert.equal(scoreSection("t", scores(0), null), null);
});
