import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/fake-dom.mjs";
import { uploadFacts } from "../../../Sources/Page/manage/upload-facts.js";
import { Display, firstColors } from "../../../Sources/Page/view/display.js";
import { DisplayPanel } from "../../../Sources/Page/view/display-panel.js";

/** Channels of gray values up to 9, as the server describes them. */
const channels = (...looks) => looks.map((look) => ({ low: 0, high: 9, minimum: 0, maximum: 9, ...look }));

test("channels begin with the colours that their file gives them", () => {
  const display = new Display({ channels: channels({ color: "#0000ff" }, { color: "#00ffff" }, {}) });
  assert.deepEqual(display.channels.map(({ color }) => color), ["#0000ff", "#00ffff", firstColors([{}, {}, {}])[2]]);
  assert.deepEqual(firstColors([{ color: "#12ab34" }]), ["#12ab34"]);
});

test("a file that gives all channels one colour, or black, tells none of them", () => {
  const own = firstColors([{}, {}]);
  assert.equal(new Set(own).size, 2);
  assert.deepEqual(firstColors([{ color: "#ffffff" }, { color: "#ffffff" }]), own);
  assert.deepEqual(firstColors([{ color: "#000000" }, { color: "#123456" }]), [own[0], "#123456"]);
  assert.deepEqual(firstColors([{ color: "#000000" }]), firstColors([{}]));
});

test("a channel's name is shown as text beside its number, and one without a name has its number", () => {
  const volume = { channels: channels({ name: "<b>DAPI</b>" }, {}) };
  const panel = new DisplayPanel(new Display(volume), volume, []);
  assert.match(panel.element.textContent, /Channel 0: <b>DAPI<\/b>/);
  assert.match(panel.element.textContent, /Channel 1/);
  assert.deepEqual(panel.element.querySelectorAll("b"), []);
});

test("channels are named before an image is stored", () => {
  const shape = { c: 2, z: 3, y: 4, x: 5 }, spacing = { z: 1, y: 1, x: 2, unit: "micrometer" };
  const facts = uploadFacts({ format: "tiff", shape, dtype: "uint8", spacing, channels: channels({ name: "DAPI" }, {}), warnings: [] });
  assert.match(facts.textContent, /channel 0, DAPI: 0 to 9; channel 1: 0 to 9/);
});
