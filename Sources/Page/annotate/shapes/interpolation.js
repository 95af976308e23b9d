import { signedDistance } from "./distance-transform.js";

/** @typedef {import("./brush-shape.js").Aspect} Aspect */

/**
 * The labels between two slices: each voxel gets the label into whose region, mixed of the regions' signed distances in both
 * slices, it lies deepest. Unlabeled counts as a label.
 *
 * It may take a second for a large slice; `pause` is awaited between the labels.
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 * @param {number} share How far the slice is from `one` on the way to `other`: 0 to 1.
 * @param {number} columns
 * @param {Aspect} aspect
 * @param {() => Promise<void>} [pause]
 */
export async function interpolate(one, other, share, columns, aspect, pause) {
  const labels = new Set(one);
  other.forEach((label) => labels.add(label));
  const result = new Uint8Array(one.length), deepest = new Float32Array(one.length).fill(-Infinity);
  for (const label of labels) {
    const from = signedDistance(one, label, columns, aspect);
    await pause?.();
    const to = signedDistance(other, label, columns, aspect);
    await pause?.();
    for (let offset = 0; offset < result.length; offset++) {
      const depth = (1 - share) * from[offset] + share * to[offset];
      if (depth <= deepest[offset]) continue;
      deepest[offset] = depth;
      result[offset] = label;
    }
  }
  return result;
}
