import assert from "node:assert/strict";
import { test } from "node:test";
import { AnnotationStore } from "../../../Sources/Page/annotate/annotation-store.js";
import { MemoryJournal } from "../../../Sources/Page/annotate/saving/memory-journal.js";
import { SliceActions } from "../../../Sources/Page/annotate/slice-actions.js";
import { FakeClock, FakeServer, FakeTabs } from "./fake-server.mjs";

const rows = 1, columns = 4, plane = { rows, columns, count: 9 };

/** What can be done to a slice with a label at its first voxel, by settings and by what is predicted. */
async function actions(settings, predicted) {
  const store = new AnnotationStore({
    service: new FakeServer(rows, columns), journal: new MemoryJournal(), tabs: new FakeTabs([]), clock: new FakeClock(),
    planes: { z: plane, y: plane, x: plane }, place: { root: "/", project: "p", volume: "v", sha256: "s", author: "anna" },
    classes: ["background", "cell"].map((name) => ({ name, color: "#000000" })),
  });
  await store.start();
  const document = await store.open("z", 4);
  document.labels.values[0] = 0;
  const made = new SliceActions({
    store, settings, active: { axis: "z", index: 4 }, editable: () => document, announce() {},
    sources: { painting: () => null, predict: async () => predicted },
  });
  return { made, values: () => [...document.labels.values] };
}

test("the rest of a slice gets the chosen class", async () => {
  const { made, values } = await actions({ label: 1, fromPrediction: false }, null);
  await made.fillRest();
  assert.deepEqual(values(), [0, 1, 1, 1]);
});

test("the rest of a slice gets what is predicted, where that is chosen, and no class that was chosen before", async () => {
  const { made, values } = await actions({ label: 1, fromPrediction: true }, Uint8Array.of(1, 0, 1, 255));
  await made.fillRest();
  assert.deepEqual(values(), [0, 0, 1, 255]);
  const other = await actions({ label: 1, fromPrediction: true }, Uint8Array.of(1, 0, 1, 255));
  await other.made.copyPrediction();
  assert.deepEqual(other.values(), [1, 0, 1, 255]);
});
