import assert from "node:assert/strict";
import { test } from "node:test";
import { text } from "../../../Sources/Page/support/text.js";

import "../support/fake-dom.mjs";
import { SliceJumps } from "../../../Sources/Page/view/slice-jumps.js";

const slices = [["z", 3], ["z", 9], ["y", 5], ["z", 40]].map(([axis, index]) => ({ axis, index, role: "train" }));

function jumps(index, annotated = slices, answer = async () => []) {
  const told = [], went = [];
  const focused = { axis: "z", index };
  const context = { announcer: { tell: (words) => told.push(words) }, api: { get: answer } };
  const views = { focused, panes: [], go: (...place) => went.push(place) };
  return { made: new SliceJumps(context, "v1/…", views, () => annotated), focused, told, went };
}

test("the next annotated slice is one of the axis that is worked on", () => {
  const { made, focused, told } = jumps(4);
  made.nextAnnotated(1);
  assert.equal(focused.index, 9);
  made.nextAnnotated(1);
  assert.equal(focused.index, 40);
  made.nextAnnotated(1);
  assert.equal(focused.index, 40);
  assert.deepEqual(told, [text.view.noAnnotated("z", true)]);
  made.nextAnnotated(-1);
  made.nextAnnotated(-1);
  made.nextAnnotated(-1);
  assert.equal(focused.index, 3);
  assert.equal(told.length, 2);
});

test("suggestions go round, each with its place and how unsure it is", async () => {
  const { made, told, went } = jumps(0, [], async (path, { query }) => {
    assert.equal(query.model, "m");
    return [{ axis: "y", index: 7, score: 0.5 }, { axis: "x", index: 2, score: 0.25 }];
  });
  await made.load("m");
  for (let turn = 0; turn < 3; turn++) made.next();
  assert.deepEqual(went, [["y", 7], ["x", 2], ["y", 7]]);
  assert.match(told[1], /slice 2 on axis x/);
  assert.equal(made.button.disabled, false);
});

test("without a prediction nothing is asked for, and why there is no suggestion is said", async () => {
  const { made, told, went } = jumps(0, [], () => assert.fail("asked"));
  await made.load(null);
  made.next();
  assert.deepEqual([told, went], [[text.view.noSuggestion], []]);
});
