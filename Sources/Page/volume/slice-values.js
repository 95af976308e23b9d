import { planeSize } from "./geometry.js";

/** @typedef {import("./geometry.js").Axis} Axis */

/**
 * The gray values of a whole slice as they are stored, rows × columns, fetched where they are not here.
 * @param {{bricks: import("./brick-volume.js").BrickVolume, queue: import("./brick-queue.js").BrickQueue}} voxels
 * @param {Axis} axis
 * @param {number} index
 * @param {number} channel
 */
export async function sliceValues({ bricks, queue }, axis, index, channel) {
  const whole = { row: 0, column: 0, ...planeSize(axis, bricks.levels[0].shape) };
  const wanted = bricks.bricks(axis, index, channel, 0, whole).map(({ brick }) => brick);
  await queue.need(wanted);
  const { voxels, missing } = bricks.part(axis, index, channel, 0, whole);
  // Coarser levels stand in for what is missing, which is good to look at, but not to measure with.
  if (missing.length > 0) throw new Error(`${missing.length} bricks of the slice are not here; try again`);
  return voxels;
}
