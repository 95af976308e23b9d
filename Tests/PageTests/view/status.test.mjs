import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/fake-dom.mjs";
import { text } from "../../../Sources/Page/support/text.js";
import { Announcer } from "../../../Sources/Page/support/announcer.js";
import { StatusBar } from "../../../Sources/Page/view/status-bar.js";
import { Timeline } from "../../../Sources/Page/view/timeline.js";

test("what is told of one's own work is heard, and seen at the foot of the views", () => {
  const announcer = new Announcer(), status = new StatusBar({}, []);
  announcer.tell("nobody sees it yet");
  announcer.onTold = (words) => status.tell(words);
  assert.ok(status.said.hidden);
  announcer.tell("Nothing to undo on this slice");
  assert.equal(announcer.region.textContent, "Nothing to undo on this slice");
  assert.equal(status.said.textContent, "Nothing to undo on this slice");
  assert.ok(!status.said.hidden);
  clearTimeout(status.timer);
});

test("that strokes are saved, or can't be, is heard; on their way there they are only seen", () => {
  const said = [], status = new StatusBar({}, [], (words) => said.push(words));
  for (const state of ["saved", "unsaved", "saving", "saved", "unsaved", "offline"]) status.save(state);
  assert.deepEqual(said, ["saved", "offline"].map(text.view.saving));
  assert.equal(status.saving.textContent, text.view.saving("offline"));
});

test("the button that closes a note says so", () => {
  const announcer = new Announcer();
  announcer.show("words", "note", 0);
  assert.equal(announcer.notes.querySelector("button").getAttribute("aria-label"), "Close");
});

/** The timeline of a view of 40 slices. */
function timeline() {
  const view = { axis: "z", count: 40, index: 7, addEventListener() {}, canvas: document.createElement("canvas") };
  return { made: new Timeline(view), view };
}

test("a slice is gone to by its number, and the view is worked on then", async () => {
  const { made, view } = timeline();
  made.box.value = "12";
  await made.box.dispatch("keydown", { key: "Enter" });
  assert.equal(view.index, 12);
  assert.equal(document.activeElement, view.canvas);
});

test("an empty box of a slice's number goes nowhere", async () => {
  const { made, view } = timeline();
  made.box.value = "";
  await made.box.dispatch("change");
  assert.equal(view.index, 7);
  assert.equal(made.box.value, "7");
});
