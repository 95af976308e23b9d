import { planeSize } from "./geometry.js";
import { text } from "../support/text.js";

/** @typedef {import("./geometry.js").Axis} Axis */
/** @typedef {import("./brick-queue.js").Brick} Brick */

/**
 * Bricks in lists of about the same length; those that come in one request stay together.
 * @param {Brick[]} bricks
 * @param {number} count
 */
function shares(bricks, count) {
  /** @type {Map<string, Brick[]>} */
  const blocks = new Map();
  for (const brick of bricks) {
    const block = `${brick.z >> 1},${brick.y >> 1},${brick.x >> 1}`;
    blocks.set(block, [...(blocks.get(block) ?? []), brick]);
  }
  /** @type {Brick[][]} */
  const lists = Array.from({ length: count }, () => []);
  [...blocks.values()].forEach((block, number) => lists[number % count].push(...block));
  return lists;
}

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
  await Promise.all(shares(wanted, 4).map((bricks) => queue.need(bricks)));
  const { voxels, missing } = bricks.part(axis, index, channel, 0, whole);
  // Coarser levels stand in for what is missing, which is good to look at, but not to measure with.
  if (missing.length > 0) throw new Error(text.faults.missing(missing.length));
  return voxels;
}
