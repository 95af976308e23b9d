import { number, roundLength, unitSign } from "../support/units.js";

/** @typedef {import("./slice-view.js").SliceView} SliceView */

/**
 * Draws a bar of a round length in the volume's unit into a view's corner.
 * @param {number} columnSpacing
 * @param {string} unit
 */
export function scaleBar(columnSpacing, unit) {
  return (/** @type {CanvasRenderingContext2D} */ context, /** @type {SliceView} */ view) => {
    const { width, height, columnPixels } = view.camera;
    const longest = Math.min(140, width / 3);
    const length = roundLength((longest / columnPixels) * columnSpacing);
    const pixels = (length / columnSpacing) * columnPixels;
    if (!(pixels > 2)) return;
    const label = `${number(length)} ${unitSign(unit)}`;
    const left = width - pixels - 12, top = height - 14;
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    context.lineWidth = 3;
    context.strokeStyle = "#000a";
    context.strokeText(label, left + pixels / 2, top - 5);
    context.fillStyle = "#000a";
    context.fillRect(left - 1, top - 1, pixels + 2, 5);
    context.fillStyle = "#fff";
    context.fillRect(left, top, pixels, 3);
    context.fillText(label, left + pixels / 2, top - 5);
    context.textAlign = "start";
  };
}

/**
 * The colours of the axes, as their crosshairs and titles have them.
 * @type {Record<string, string>}
 */
export const axisColors = { z: "#f2b134", y: "#5cc8ff", x: "#e58fd0" };

/**
 * Draws where the other views' slices cross this one.
 * @param {string} rowAxis The axis whose index is a row here.
 * @param {string} columnAxis
 */
export function crosshair(rowAxis, columnAxis) {
  return (/** @type {CanvasRenderingContext2D} */ context, /** @type {SliceView} */ view) => {
    if (!view.crosshair) return;
    const { x, y } = view.toScreen(view.crosshair.row, view.crosshair.column);
    const { width, height } = view.camera;
    context.lineWidth = 1;
    context.globalAlpha = 0.55;
    context.strokeStyle = axisColors[rowAxis];
    context.beginPath();
    context.moveTo(0, Math.round(y) + 0.5);
    context.lineTo(width, Math.round(y) + 0.5);
    context.stroke();
    context.strokeStyle = axisColors[columnAxis];
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, 0);
    context.lineTo(Math.round(x) + 0.5, height);
    context.stroke();
    context.globalAlpha = 1;
  };
}

/**
 * Draws the voxel that the arrow keys have moved to, where no tool draws its own cursor.
 * @param {CanvasRenderingContext2D} context
 * @param {SliceView} view
 */
export function keyboardCursor(context, view) {
  if (!view.cursor || !view.isCursorByKeys) return;
  const { x, y } = view.toScreen(Math.floor(view.cursor.row), Math.floor(view.cursor.column));
  const width = Math.max(3, view.camera.columnPixels), height = Math.max(3, view.camera.rowPixels);
  context.lineWidth = 3;
  context.strokeStyle = "#000";
  context.strokeRect(x, y, width, height);
  context.lineWidth = 1;
  context.strokeStyle = "#fff";
  context.strokeRect(x, y, width, height);
}
