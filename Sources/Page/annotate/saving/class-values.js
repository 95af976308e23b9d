import { unlabeled } from "../slice-labels.js";

/** @typedef {{name: string, color: string, removed?: boolean}} LabelClass A class of a project; its label is its place. */

/**
 * What labels mean, as `values=` of a post: by name, so that labels are refused, not taken for another class, if the classes
 * have changed since they were drawn.
 * @param {Iterable<number>} labels
 * @param {LabelClass[]} classes As they were when the labels were drawn.
 */
export function classValues(labels, classes) {
  const present = [...new Set(labels)].filter((label) => label !== unlabeled).sort((one, other) => one - other);
  return [...present.map((label) => `${label}:${meaning(label, classes)}`), `${unlabeled}:unlabeled`].join(",");
}

/**
 * A name that can't stand in the list goes by its label.
 * @param {number} label
 * @param {LabelClass[]} classes
 */
function meaning(label, classes) {
  const name = classes[label]?.name ?? String(label);
  return name !== name.trim() || (name.includes(",") && name.includes(":")) ? String(label) : name;
}
