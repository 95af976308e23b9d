import { text } from "../support/text.js";

/** @typedef {{z: number, y: number, x: number}} Extent */
/** @typedef {{place: Extent, bytes: Uint8Array}} Frame A brick's voxels as they lie in memory. */

/** Bytes before each brick of an answer: its place (z, y, x), how many bytes follow, and the value of all if none do. */
const head = 20;

/**
 * The bricks of an answer of `GET …/bricks/{level}`, whose bytes come in planes of equal significance.
 * @param {ArrayBuffer} answer
 * @param {number} size Bytes of a voxel.
 * @param {Extent} shape Of the level.
 * @param {number} edge Voxels along a brick's sides.
 */
export function brickFrames(answer, size, shape, edge) {
  const view = new DataView(answer);
  /** @type {Frame[]} */
  const frames = [];
  let at = 0;
  while (at < answer.byteLength) {
    const [z, y, x, count, value] = [0, 4, 8, 12, 16].map((offset) => view.getUint32(at + offset, true));
    const place = { z, y, x };
    const voxels = side(shape.z, z, edge) * side(shape.y, y, edge) * side(shape.x, x, edge);
    const bytes = new Uint8Array(voxels * size);
    at += head;
    if (count === 0) bytes.fill(value);
    else if (count !== bytes.length) throw new Error(text.faults.brick(bytes.length, count));
    else join(new Uint8Array(answer, at, count), size, bytes);
    at += count;
    frames.push({ place, bytes });
  }
  return frames;
}

/**
 * @param {number} length
 * @param {number} place
 * @param {number} edge
 */
function side(length, place, edge) {
  return Math.max(0, Math.min(edge, length - place * edge));
}

/**
 * Puts the bytes of each voxel side by side.
 * @param {Uint8Array} planes
 * @param {number} size
 * @param {Uint8Array} bytes
 */
function join(planes, size, bytes) {
  const count = bytes.length / size;
  if (size === 1) bytes.set(planes);
  else if (size === 2) {
    // Browsers run on machines that are little-endian.
    const words = new Uint16Array(bytes.buffer);
    for (let voxel = 0; voxel < count; voxel++) words[voxel] = planes[voxel] | (planes[count + voxel] << 8);
  } else {
    for (let plane = 0; plane < size; plane++) {
      const start = plane * count;
      for (let voxel = 0, to = plane; voxel < count; voxel++, to += size) bytes[to] = planes[start + voxel];
    }
  }
}
