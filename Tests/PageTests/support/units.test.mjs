import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, duration, number, roundLength, unitSign } from "../../../Sources/Page/support/units.js";

test("a number keeps the digits before its point, and of the others those that count", () => {
  assert.deepEqual([38288.5, 1234.567, 0.20833333, 12, -1234.5, 1e-7, 0.1 + 0.2].map((value) => number(value)),
    ["38289", "1235", "0.2083", "12", "-1235", "1e-7", "0.3"]);
  assert.equal(number(NaN), "NaN");
  assert.equal(number(1.5e300), "1.5e+300");
});

test("sizes, times, units and lengths of scale bars are written short", () => {
  assert.deepEqual([999, 1500, 12e6].map(bytes), ["999 B", "1.5 kB", "12 MB"]);
  assert.deepEqual([59.6, 61, 3660, 7199].map(duration), ["1 min", "1 min 1 s", "1 h 1 min", "2 h 0 min"]);
  assert.deepEqual(["micrometer", "angstrom", "parsec", null].map(unitSign), ["µm", "Å", "parsec", ""]);
  assert.deepEqual([7, 0.3, 2].map(roundLength), [5, 0.2, 2]);
});
