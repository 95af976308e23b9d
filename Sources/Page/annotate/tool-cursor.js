import { brushOutline } from "./shapes/brush-shape.js";

/** @typedef {import("./shapes/brush-shape.js").Place} Place */
/** @typedef {import("./saving/label-patch.js").LabelPatch} LabelPatch */
/** @typedef {import("../view/slice-view.js").SliceView} SliceView */

/**
 * Dark below light, so that it can be seen on everything.
 * @param {CanvasRenderingContext2D} context
 */
function twice(context) {
  context.lineJoin = "round";
  context.strokeStyle = "rgba(0, 0, 0, 0.75)";
  context.lineWidth = 2.5;
  context.stroke();
  context.strokeStyle = "#ffffff";
  context.lineWidth = 1;
  context.stroke();
}

/**
 * The edges of the voxels that the brush would paint.
 * @param {CanvasRenderingContext2D} context
 * @param {SliceView} view
 * @param {Place} place
 * @param {number} radius
 */
export function drawBrush(context, view, place, radius) {
  context.beginPath();
  for (const [row, column, toRow, toColumn] of brushOutline(place, radius, view.camera)) {
    const from = view.toScreen(row, column), to = view.toScreen(toRow, toColumn);
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
  }
  twice(context);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {SliceView} view
 * @param {Place[]} corners
 * @param {Place|null} next Where the next corner would be.
 */
export function drawOutline(context, view, corners, next) {
  const places = next ? [...corners, next] : corners;
  context.beginPath();
  places.forEach(({ row, column }, number) => {
    const { x, y } = view.toScreen(row, column);
    if (number === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  twice(context);
  if (!next || corners.length === 0) return;
  const { x, y } = view.toScreen(corners[0].row, corners[0].column);
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  twice(context);
}

/**
 * Hatches the voxels that somebody else gave another class.
 * @param {CanvasRenderingContext2D} context
 * @param {SliceView} view
 * @param {LabelPatch} clashes
 * @param {number} columns
 */
export function drawClashes(context, view, clashes, columns) {
  context.save();
  context.beginPath();
  clashes.starts.forEach((start, run) => {
    const row = Math.floor(start / columns), column = start - row * columns;
    const from = view.toScreen(row, column), to = view.toScreen(row + 1, column + clashes.lengths[run]);
    context.rect(from.x, from.y, to.x - from.x, to.y - from.y);
  });
  context.clip();
  const { width, height } = view.camera;
  context.beginPath();
  for (let x = -height; x < width; x += 8) {
    context.moveTo(x, height);
    context.lineTo(x + height, 0);
  }
  twice(context);
  context.restore();
}
