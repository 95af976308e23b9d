import assert from "node:assert/strict";
import { test } from "node:test";
import { nextColor, palette } from "../../../Sources/Page/manage/class-colors.js";

test("the first classes get the colours that people who confuse red and green tell apart", () => {
  assert.equal(nextColor([]), palette[0]);
  assert.equal(nextColor([palette[0].toUpperCase(), palette[2]]), palette[1]);
});

test("forty classes have forty colours, none of them like another or too dark to be seen", () => {
  const colors = [];
  while (colors.length < 40) colors.push(nextColor(colors));
  const numbers = colors.map((color) => [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16)));
  for (const [index, one] of numbers.entries()) {
    assert.ok(0.3 * one[0] + 0.59 * one[1] + 0.11 * one[2] > 60, colors[index]);
    for (const other of numbers.slice(0, index)) {
      assert.ok(Math.hypot(...one.map((value, place) => value - other[place])) > 40, `${colors[index]} is like another`);
    }
  }
});
