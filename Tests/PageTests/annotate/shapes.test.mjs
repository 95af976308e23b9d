import assert from "node:assert/strict";
import test from "node:test";
import { brushOutline, brushSpans } from "../../../Sources/Page/annotate/shapes/brush-shape.js";
import { polygonSpans } from "../../../Sources/Page/annotate/shapes/polygon-shape.js";
import { floodFill } from "../../../Sources/Page/annotate/shapes/flood-fill.js";

const square = { rowAspect: 1, columnAspect: 1 };
/** A generator of numbers from 0 to 1 that always gives the same. */
function* numbers(seed = 7) {
  for (let state = seed; ; ) yield (state = (state * 16807) % 2147483647) / 2147483647;
}

function voxels(visitor) {
  const found = new Set();
  visitor((row, start, end) => {
    for (let column = start; column < end; column++) found.add(`${row},${column}`);
  });
  return found;
}

function distance(point, from, to) {
  const [du, dv] = [to[0] - from[0], to[1] - from[1]], square = du * du + dv * dv;
  const share = square === 0 ? 0 : Math.max(0, Math.min(1, ((point[0] - from[0]) * du + (point[1] - from[1]) * dv) / square));
  return Math.hypot(point[0] - from[0] - share * du, point[1] - from[1] - share * dv);
}

test("a brush paints the voxels whose middle is within its radius, and those on its line", () => {
  const next = numbers();
  const random = (scale) => next.next().value * scale;
  for (let trial = 0; trial < 300; trial++) {
    const aspect = trial % 3 === 0 ? { rowAspect: 4, columnAspect: 1 } : trial % 3 === 1 ? { rowAspect: 1, columnAspect: 2.5 } : square;
    const from = { row: random(30), column: random(30) };
    const to = trial % 5 === 0 ? from : { row: random(30), column: random(30) }, radius = 0.5 + random(8);
    const painted = voxels((visit) => brushSpans(from, to, radius, aspect, visit));
    const scaled = ({ row, column }) => [row * aspect.rowAspect, column * aspect.columnAspect];
    for (let row = -12; row < 45; row++) {
      for (let column = -12; column < 45; column++) {
        const away = distance(scaled({ row: row + 0.5, column: column + 0.5 }), scaled(from), scaled(to));
        if (Math.abs(away - radius) < 1e-6) continue;
        if (away < radius) assert(painted.has(`${row},${column}`), `(${row}, ${column}) is within the radius`);
        else if (painted.has(`${row},${column}`)) {
          // Then the line goes through it.
          const crosses = Array.from({ length: 2001 }, (_, step) => step / 2000).some((share) => {
            const at = [from.row + share * (to.row - from.row), from.column + share * (to.column - from.column)];
            return at[0] >= row - 0.02 && at[0] <= row + 1.02 && at[1] >= column - 0.02 && at[1] <= column + 1.02;
          });
          assert(crosses, `(${row}, ${column}) is neither within the radius nor on the line`);
        }
      }
    }
  }
});

test("the smallest brush paints the voxel under the pointer only", () => {
  for (const [row, column] of [[3.01, 4.99], [3.5, 4.5], [3.99, 4.01]]) {
    const painted = voxels((visit) => brushSpans({ row, column }, { row, column }, 0.5, square, visit));
    assert.deepEqual([...painted], ["3,4"]);
  }
});

test("the outline of a brush runs around exactly the voxels that it paints", () => {
  const next = numbers(3);
  for (let trial = 0; trial < 100; trial++) {
    const place = { row: 20 + next.next().value, column: 20 + next.next().value }, radius = 0.5 + next.next().value * 9;
    const aspect = trial % 2 ? square : { rowAspect: 3, columnAspect: 1 };
    const painted = voxels((visit) => brushSpans(place, place, radius, aspect, visit));
    // Edges between a voxel that is painted and one beside it that is not.
    const edges = new Set();
    for (const text of painted) {
      const [row, column] = text.split(",").map(Number);
      if (!painted.has(`${row - 1},${column}`)) edges.add(`h${row},${column}`);
      if (!painted.has(`${row + 1},${column}`)) edges.add(`h${row + 1},${column}`);
      if (!painted.has(`${row},${column - 1}`)) edges.add(`v${row},${column}`);
      if (!painted.has(`${row},${column + 1}`)) edges.add(`v${row},${column + 1}`);
    }
    const drawn = new Set();
    for (const [row, column, toRow, toColumn] of brushOutline(place, radius, aspect)) {
      for (let at = Math.min(row, toRow); at < Math.max(row, toRow); at++) drawn.add(`v${at},${column}`);
      for (let at = Math.min(column, toColumn); at < Math.max(column, toColumn); at++) drawn.add(`h${row},${at}`);
    }
    assert.deepEqual([...drawn].sort(), [...edges].sort());
  }
});

test("an outline is filled by the even-odd rule at the voxels' middles", () => {
  const next = numbers(11);
  for (let trial = 0; trial < 100; trial++) {
    const corners = Array.from({ length: 3 + (trial % 7) }, () => ({ row: next.next().value * 34 - 2, column: next.next().value * 34 - 2 }));
    const filled = voxels((visit) => polygonSpans(corners, 30, 30, visit));
    for (let row = 0; row < 30; row++) {
      for (let column = 0; column < 30; column++) {
        let isIn = false;
        corners.forEach((from, number) => {
          const to = corners[(number + 1) % corners.length], [r, c] = [row + 0.5, column + 0.5];
          if (from.row <= r !== to.row <= r && c < from.column + ((to.column - from.column) * (r - from.row)) / (to.row - from.row)) isIn = !isIn;
        });
        assert.equal(filled.has(`${row},${column}`), isIn, `(${row}, ${column}) in trial ${trial}`);
      }
    }
  }
});

test("an outline around whole voxels fills these, and nothing outside the slice", () => {
  const corners = [{ row: 2, column: -5 }, { row: 2, column: 4 }, { row: 5, column: 4 }, { row: 5, column: -5 }];
  const filled = voxels((visit) => polygonSpans(corners, 10, 10, visit));
  assert.deepEqual([...filled], [2, 3, 4].flatMap((row) => [0, 1, 2, 3].map((column) => `${row},${column}`)));
  assert.equal(voxels((visit) => polygonSpans(corners.slice(0, 2), 10, 10, visit)).size, 0);
});

test("a fill reaches what hangs together side by side, and tells how much that is", () => {
  const map = ["..#....", "..#.##.", "###.#..", "....#.#", "#####.."].map((row) => [...row]);
  const belongs = (offset) => map[Math.floor(offset / 7)][offset % 7] === ".";
  const filled = new Set();
  const count = floodFill(5, 7, { row: 0, column: 6 }, belongs, (row, start, end) => {
    for (let column = start; column < end; column++) filled.add(`${row},${column}`);
  });
  assert.equal(count, filled.size);
  const expected = ["0,3", "0,4", "0,5", "0,6", "1,3", "1,6", "2,3", "2,5", "2,6", "3,0", "3,1", "3,2", "3,3", "3,5", "4,5", "4,6"];
  assert.deepEqual([...filled].sort(), expected.sort());
  assert.equal(floodFill(5, 7, { row: 0, column: 2 }, belongs, () => assert.fail()), 0);
  assert.equal(floodFill(5, 7, { row: -1, column: 2 }, () => true, () => assert.fail()), 0);
});
