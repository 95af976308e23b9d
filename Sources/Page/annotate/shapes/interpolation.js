import { signedDistance } from "./distance-transform.js";

/** @typedef {import("./brush-shape.js").Aspect} Aspect */

/**
 * The labels between two slices: each voxel gets the label into whose region, mixed of the regions' signed distances in both
 * slices, it lies deepest. Unlabeled counts as a label.
 */
export class SliceBlend {
  /** @param {{label: number, from: Float32Array, to: Float32Array}[]} regions Distances in both slices, by label. */
  constructor(regions) {
    this.regions = regions;
  }

  /**
   * It may take a second for large slices; `pause` is awaited between the labels.
   * @param {Uint8Array} one
   * @param {Uint8Array} other
   * @param {number} columns
   * @param {Aspect} aspect
   * @param {() => Promise<void>} [pause]
   */
  static async of(one, other, columns, aspect, pause) {
    const labels = new Set(one);
    other.forEach((label) => labels.add(label));
    const regions = [];
    for (const label of labels) {
      const from = signedDistance(one, label, columns, aspect);
      await pause?.();
      const to = signedDistance(other, label, columns, aspect);
      await pause?.();
      regions.push({ label, from, to });
    }
    return new SliceBlend(regions);
  }

  /** @param {number} share How far a slice is from the first on the way to the other: 0 to 1. */
  at(share) {
    const voxels = this.regions[0].from.length;
    const result = new Uint8Array(voxels), deepest = new Float32Array(voxels).fill(-Infinity);
    for (const { label, from, to } of this.regions) {
      for (let offset = 0; offset < voxels; offset++) {
        const depth = (1 - share) * from[offset] + share * to[offset];
        if (depth <= deepest[offset]) continue;
        deepest[offset] = depth;
        result[offset] = label;
      }
    }
    return result;
  }
}

/**
 * The labels of one slice between two.
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 * @param {number} share
 * @param {number} columns
 * @param {Aspect} aspect
 * @param {() => Promise<void>} [pause]
 */
export async function interpolate(one, other, share, columns, aspect, pause) {
  return (await SliceBlend.of(one, other, columns, aspect, pause)).at(share);
}
