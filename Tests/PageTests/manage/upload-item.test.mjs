import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, shown } from "../support/fake-dom.mjs";
import { UploadItem } from "../../../Sources/Page/manage/upload-item.js";

/** A request that answers at once, and the addresses that were asked. */
function answering(answer) {
  const asked = [];
  globalThis.XMLHttpRequest = class {
    upload = { addEventListener() {} };
    listeners = {};
    status = 200;

    open(method, url) {
      asked.push(url);
    }

    setRequestHeader() {}

    addEventListener(type, listener) {
      this.listeners[type] = listener;
    }

    send() {
      this.responseText = JSON.stringify(answer);
      this.listeners.load();
    }
  };
  return asked;
}

const stored = {
  name: "image", shape: { c: 1, z: 4, y: 5, x: 6 }, dtype: "uint8", spacing: { z: 1, y: 1, x: 1, unit: null }, warnings: [],
};

function item() {
  const context = fakeContext(() => null);
  context.api = { url: (path, query) => ({ path, query }), headers: () => ({}) };
  const made = new UploadItem(context, "p", new File(["x"], "image.npy"), { onStored() {}, onChange() {}, onDrop() {} });
  shown(made.element);
  return { made, context };
}

test("a volume that is sent again takes its own place and that of no other whose name is typed meanwhile", async () => {
  const asked = answering(stored), { made } = item();
  assert.equal(await made.send(), true);
  assert.ok(made.name.disabled);
  await made.send(true);
  assert.deepEqual(asked.map(({ path, query }) => [path, query.replace]), [["v1/projects/p/volumes/image", null], ["v1/projects/p/volumes/image", true]]);
});

test("time point and level go with the file if they are said", async () => {
  const asked = answering(stored), { made } = item();
  await made.send();
  assert.deepEqual([asked[0].query.time, asked[0].query.level], [null, null]);
  [made.time.value, made.level.value] = ["3", "1"];
  await made.send(true);
  assert.deepEqual([asked[1].query.time, asked[1].query.level], ["3", "1"]);
});

test("an upload that ends when another part of the page is seen is told there", async () => {
  answering(stored);
  const { made, context } = item();
  made.element.remove();
  await made.send();
  assert.ok(context.told.some((words) => words.includes("image.npy is stored as image")));
});
