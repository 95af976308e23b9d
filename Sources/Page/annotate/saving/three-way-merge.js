import { RunList } from "./label-patch.js";

/** @typedef {import("./label-patch.js").LabelPatch} LabelPatch */

/**
 * Brings two changes of the same labels together, voxel by voxel.
 *
 * Where only one changed something, its label counts; where both gave the same label, too. The others clash: there the result
 * has mine, and `clashes` is the patch from theirs to mine, null if there is none. Voxels of `open` clashed before and still
 * do wherever the two differ, though theirs has not changed again.
 * @param {Uint8Array} base
 * @param {Uint8Array} mine
 * @param {Uint8Array} theirs
 * @param {number} columns
 * @param {LabelPatch|null} [open]
 */
export function mergeThreeWay(base, mine, theirs, columns, open = null) {
  const merged = mine.slice();
  const runs = new RunList();
  /** @type {Set<number>} */
  const undecided = new Set();
  open?.forEach((offset) => undecided.add(offset));
  for (let offset = 0; offset < merged.length; offset++) {
    const was = base[offset], label = mine[offset], other = theirs[offset];
    if (label === other) continue;
    if (label === was) merged[offset] = other;
    else if (other !== was || undecided.has(offset)) runs.addVoxel(offset, other, label, columns);
  }
  return { merged, clashes: runs.patch() };
}
