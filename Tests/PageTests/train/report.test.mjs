import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, shown } from "../support/fake-dom.mjs";
import { ReportPanel } from "../../../Sources/Page/train/report-panel.js";

const model = (name, parent, state = "succeeded") => ({
  name, parent, state, created: "2026-01-31T12:00:00Z", bytes: 9, trained_on: { v: [{}] }, metrics: { heldout_iou: 0.5 },
});
const models = [model("cut", "two", "cancelled"), model("two", "one"), model("one", null)];

/** A panel on a server whose project goes by a model, and what was put there. */
async function panel(pinned, role = "admin", list = models) {
  const put = [];
  const context = fakeContext((method, path, query, body) => {
    if (method === "PUT") {
      put.push(body.model);
      pinned = body.model;
      return { model: pinned };
    }
    return path.endsWith("/models") ? list : { model: pinned, classes: [] };
  }, role);
  const made = new ReportPanel(context, "p", "v", []);
  shown(made.element);
  made.addEventListener("modelchange", () => made.loadModels());
  await made.loadModels();
  return { made, put };
}

test("what is pinned is unpinned, whichever model is the newest", async () => {
  const { made, put } = await panel("one");
  await made.element.named("Unpin one")[0].click();
  assert.deepEqual(put, [null]);
});

test("another model than the pinned one is pinned, and not unpinned", async () => {
  const { made, put } = await panel("one");
  await made.element.named("Model")[0].choose("two");
  await new Promise(setImmediate);
  assert.deepEqual(made.element.named("Unpin two"), []);
  await made.element.named("Pin two")[0].click();
  assert.deepEqual(put, ["two"]);
});

test("a model that was cut short is told apart, and never pinned for the newest", async () => {
  const { made, put } = await panel(null);
  assert.match(made.element.textContent, /cut \(cut short\)/);
  await made.element.named("Pin two")[0].click();
  assert.deepEqual(put, ["two"]);
});

test("whoever may not pin is not offered it", async () => {
  const { made } = await panel("one", "trainer");
  assert.deepEqual(made.element.named("Unpin one"), []);
});

test("which models one began from is said, back to the first", async () => {
  const { made } = await panel(null);
  assert.match(made.element.textContent, /one → two/);
});

test("a chosen model that somebody removed is not asked for any longer", async () => {
  const list = [...models], { made } = await panel(null, "admin", list);
  made.model = "one";
  list.pop();
  await made.loadModels();
  assert.equal(made.model, null);
});

test("of many models the first are shown, with how many there are and all the others at hand", async () => {
  const many = Array.from({ length: 50 }, (_, number) => model(`m${50 - number}`, null)), { made } = await panel(null, "admin", many);
  assert.equal(made.list.element.querySelectorAll("tr").length, 13);
  assert.match(made.list.element.textContent, /12 of 50/);
  await made.element.named("Show more: Models")[0].click();
  assert.equal(made.list.element.querySelectorAll("tr").length, 51);
});

test("choosing a model leaves the focus on the list", async () => {
  const { made } = await panel(null);
  const list = made.element.named("Model")[0];
  list.focus();
  await list.choose("one");
  await new Promise(setImmediate);
  assert.notEqual(document.activeElement, list);
  assert.equal(document.activeElement, made.element.named("Model")[0]);
});
