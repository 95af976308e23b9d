import assert from "node:assert/strict";
import { test } from "node:test";
import { VolumeOverlays } from "../../../Sources/Page/view/volume-overlays.js";

test("what another model predicts is asked for of the large view first", () => {
  const asked = [], data = new EventTarget();
  const all = ["z", "y", "x"].map((axis) => ({ axis, index: 3, layers: {}, repaintLayer: (name) => asked.push(`${axis} ${name}`) }));
  const views = { views: all, main: "y", view: (axis) => all.find((view) => view.axis === axis) };
  new VolumeOverlays(views, new EventTarget(), data, []);
  data.dispatchEvent(new CustomEvent("arrival", { detail: { name: null } }));
  assert.deepEqual(asked.filter((name) => name.endsWith("prediction")), ["y prediction", "z prediction", "x prediction"]);
});
