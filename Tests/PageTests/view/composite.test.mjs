import assert from "node:assert/strict";
import { test } from "node:test";
import { composite } from "../../../Sources/Page/view/composite.js";

/** The pixels of voxels in one channel or several: red, green, blue, and all of alpha. */
function painted(...channels) {
  const image = { data: new Uint8ClampedArray(channels[0].voxels.length * 4) };
  composite(channels, image);
  return [...image.data];
}

for (const [type, values] of [
  [Uint8Array, [0, 10, 20, 61, 255]], [Int8Array, [-100, 10, 20, 61, 127]], [Uint16Array, [0, 10, 20, 61, 65535]],
  [Int16Array, [-30000, 10, 20, 61, 30000]], [Float32Array, [-Infinity, 10, 20, 61, 1e9]], [Int32Array, [-70000, 10, 20, 61, 70000]],
]) {
  test(`the window of ${type.name} goes from black to the channel's colour`, () => {
    const pixels = painted({ voxels: type.from(values), display: { low: 10, high: 61, color: "#ff8000" } });
    assert.deepEqual(pixels, [0, 0, 0, 255, 0, 0, 0, 255, 50, 25, 0, 255, 255, 128, 0, 255, 255, 128, 0, 255]);
  });
}

test("what is no number is black", () => {
  const pixels = painted({ voxels: Float32Array.of(NaN, 1), display: { low: 0, high: 1, color: "#ffffff" } });
  assert.deepEqual(pixels, [0, 0, 0, 255, 255, 255, 255, 255]);
});

test("channels are added up, up to white", () => {
  const channel = (color) => ({ voxels: Uint8Array.of(255), display: { low: 0, high: 255, color } });
  const [red, green, blue] = painted(channel("#ff0000"), channel("#ff0000"), channel("#0000ff"));
  assert.ok(red === 255 && green === 0 && blue >= 254);
});
