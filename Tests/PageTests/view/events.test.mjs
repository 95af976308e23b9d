import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStreamParser } from "../../../Sources/Page/support/event-stream.js";
import { pressed } from "../../../Sources/Page/support/keys.js";
import { Phantom } from "../../../Sources/Page/manage/phantom.js";

test("events are the same however the stream is cut", () => {
  const stream = 'id: 1\nevent: progress\ndata: {"step":1}\n\n: ping\n\nid: 2\r\ndata: a\r\ndata: b\r\n\r\n';
  for (let size = 1; size < 12; size++) {
    const events = [];
    const parser = new EventStreamParser((event) => events.push(event));
    for (let at = 0; at < stream.length; at += size) parser.push(stream.slice(at, at + size));
    assert.deepEqual(events, [
      { id: "1", type: "progress", data: '{"step":1}' }, { id: "2", type: "message", data: "a\nb" },
    ]);
  }
});

test("keys are named as they are written down", () => {
  const key = (key, more = {}) => pressed({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
  assert.equal(key("Z", { ctrlKey: true, shiftKey: true }), "ctrl+shift+z");
  assert.equal(key("?", { shiftKey: true }), "?");
  assert.equal(key(" "), "space");
  assert.equal(key("ArrowLeft", { shiftKey: true }), "shift+arrowleft");
  assert.equal(key("z", { metaKey: true }), "ctrl+z");
});

test("the made-up image is an NPY file of its size, with all three classes", () => {
  const phantom = new Phantom(), file = phantom.npy(phantom.image), { z, y, x } = phantom.shape;
  const length = file[8] + 256 * file[9];
  assert.equal((10 + length) % 64, 0);
  assert.equal(file.length, 10 + length + z * y * x);
  assert.match(new TextDecoder().decode(file.subarray(10, 10 + length)), /'shape': \(40, 96, 96\), } *\n$/);
  const counts = [0, 1, 2].map((label) => phantom.labels.filter((other) => other === label).length);
  assert.ok(counts.every((count) => count > phantom.labels.length / 20), String(counts));
});
