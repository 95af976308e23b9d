import { text } from "../support/text.js";

/** @typedef {{axis: string, role: string, cleared: boolean, voxels: Record<string, number>}} Revision As the server lists them. */

/**
 * How far the work on a volume is, in words: what is annotated, and who has predicted it.
 * @param {Revision[]} revisions The newest of each slice.
 * @param {{of: string, model: string|null}[]} contents What there is as bricks, by the model that the project goes by.
 * @param {string|null} pinned The model that the project goes by; null if that is the newest.
 */
export function volumeSummary(revisions, contents, pinned) {
  const annotated = revisions.filter(({ cleared, voxels }) =>
    !cleared && Object.entries(voxels).some(([name, count]) => name !== "unlabeled" && count > 0));
  const onAxis = ["z", "y", "x"].map((axis) => ({ axis, count: annotated.filter((slice) => slice.axis === axis).length }))
    .filter(({ count }) => count > 0);
  const tests = annotated.filter(({ role }) => role === "test").length, words = text.project;
  const predictor = contents.find((content) => content.of === "prediction")?.model ?? null;
  return [words.annotated(onAxis, tests), predictor ? words.predicted(predictor) : words.notPredicted(pinned)];
}
