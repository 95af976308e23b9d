import { unlabeled } from "./slice-labels.js";

/** @typedef {import("./slice-labels.js").Painting} Painting */
/** @typedef {{values: ArrayLike<number>, low: number, high: number}} IntensityRange Of the slice's voxels, both ends included. */

/**
 * Which voxels are painted: only those that have no class yet, or only those of a range of intensities; null for all.
 * @param {boolean} onlyEmpty
 * @param {IntensityRange|null} range
 * @returns {Painting|null}
 */
export function slicePainting(onlyEmpty, range) {
  if (!onlyEmpty && !range) return null;
  if (!range) return { allows: (_, label) => label === unlabeled };
  const { values, low, high } = range;
  return {
    allows: (offset, label) => {
      const value = values[offset];
      return value >= low && value <= high && (!onlyEmpty || label === unlabeled);
    },
  };
}
