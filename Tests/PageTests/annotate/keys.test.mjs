import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/fake-dom.mjs";
import { text } from "../../../Sources/Page/support/text.js";
import { annotationKeys } from "../../../Sources/Page/annotate/annotation-keys.js";
import { PaintSettings } from "../../../Sources/Page/annotate/paint-settings.js";
import { workbenchKeys } from "../../../Sources/Page/view/workbench-keys.js";

/** Keys over settings of their own, and what was announced. */
function keys(intensities = () => null) {
  const settings = new PaintSettings(), told = [];
  const annotator = {
    settings, actions: {}, events: {}, store: { classes: [{ name: "wall" }] }, sources: { intensities }, announce: (words) => told.push(words),
  };
  const all = annotationKeys(annotator);
  return { settings, told, all, press: (name) => all.find((key) => key.keys.split(", ").includes(name)).run() };
}

test("a key chooses what is predicted, and a digit a class again", () => {
  const { settings, told, press } = keys();
  settings.set({ tool: "eraser" });
  press("w");
  assert.ok(settings.fromPrediction && settings.tool === "brush");
  press("1");
  assert.ok(!settings.fromPrediction && settings.label === 0);
  assert.deepEqual(told, [text.annotate.chosen(text.annotate.predicted), text.annotate.chosen("wall")]);
});

test("what a key changes of how strokes paint is told, both ways", () => {
  const { settings, told, press } = keys();
  for (const [name, property] of [["m", "onlyEmpty"], ["o", "isMasked"]]) {
    press(name);
    assert.equal(settings[property], true);
    press(name);
    assert.equal(settings[property], false);
  }
  assert.equal(new Set(told).size, 4);
});

test("without gray values there is no range of them", () => {
  const { settings, press } = keys(null);
  assert.equal(press("o"), false);
  assert.ok(!settings.isMasked);
});

test("no key means two things, and each says what it does", () => {
  const bench = { views: {}, annotator: { keys: keys().all } };
  const all = [{ keys: "?, h", text: text.keys.help }, ...workbenchKeys(bench).flatMap(([, group]) => group)];
  const names = all.flatMap((key) => key.keys.split(", "));
  assert.deepEqual(names.filter((name, place) => names.indexOf(name) !== place), []);
  assert.ok(all.every((key) => typeof key.text === "string") && all.length > 50);
});
