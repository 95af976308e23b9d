import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, shown } from "../support/fake-dom.mjs";
import { Downloads } from "../../../Sources/Page/manage/downloads.js";

Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL() {} });

test("what a model has made is downloaded of the model that is looked at", async () => {
  const asked = [];
  const context = fakeContext((method, path, query) => asked.push([path, query.model]));
  const downloads = new Downloads(context, "v", [{ name: "cell" }]);
  shown(downloads.element);
  downloads.offer(["image", "labels", "prediction", "uncertainty"], "older");
  assert.match(downloads.element.textContent, /older/);
  for (const kind of ["prediction", "probability", "uncertainty", "image"]) {
    await downloads.element.querySelectorAll(`button[data-file=${kind}]`)[0].click();
  }
  await downloads.element.named("Download report as csv")[0].click();
  assert.deepEqual(asked, [
    ["v/prediction", "older"], ["v/probability", "older"], ["v/uncertainty", "older"], ["v/image", undefined], ["v/report", "older"],
  ]);
});

test("what is not there is not offered, nor segments of what is no label", () => {
  const downloads = new Downloads(fakeContext(() => null), "v", []);
  downloads.offer(["image", "labels"], null);
  const offered = () => downloads.element.querySelectorAll("button[data-file]").filter((button) => !button.disabled).map((button) => button.dataset.file);
  assert.deepEqual(offered(), ["labels", "image"]);
  downloads.format.value = "seg.nrrd";
  downloads.format.dispatch("change");
  assert.deepEqual(offered(), ["labels"]);
});

test("a download that is under way can be cancelled, whatever is offered meanwhile", () => {
  const downloads = new Downloads(fakeContext(() => null), "v", []), cancel = document.createElement("button");
  downloads.list.rows.append(cancel);
  downloads.offer([], null);
  assert.ok(!cancel.disabled);
});
