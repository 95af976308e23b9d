import { text } from "../support/text.js";

/** @typedef {{name: string, values: (number|null)[]}} RoundLine The mean IoU or that of a class, by model. */
/** @typedef {{model: string, voxels: number, mean_iou: number|null, iou: Record<string, number|null>}} ComparedModel */

/**
 * The models of a comparison in the order in which they were made, as far as they were measured, with a line for the mean and
 * for each class.
 * @param {ComparedModel[]} compared As `models?compare=` tells.
 * @param {string[]} order Names, oldest first.
 */
export function roundLines(compared, order) {
  const models = order.flatMap((name) => compared.filter(({ model, voxels }) => model === name && voxels > 0));
  const classes = [...new Set(models.flatMap(({ iou }) => Object.keys(iou)))];
  /** @type {RoundLine[]} */
  const lines = [
    { name: text.compare.mean, values: models.map(({ mean_iou }) => mean_iou) },
    ...classes.map((name) => ({ name, values: models.map(({ iou }) => iou[name] ?? null) })),
  ].filter(({ values }) => values.some((value) => value !== null));
  return { models, lines, isSame: models.every(({ voxels }) => voxels === models[0].voxels) };
}
