import { text } from "../support/text.js";
import { duration, share } from "../support/units.js";

/** @typedef {[string, string, string, string]} Row A name, what the first and the second model have, and the difference. */
/** @typedef {{title: string, rows: Row[], warning: string|null}} Section */
/** @typedef {{voxels: number, mean_iou: number|null, classes: {name: string, iou: number|null}[]}} Scores */

/**
 * By how much the second is more than the first, with its sign.
 * @param {number|null|undefined} one
 * @param {number|null|undefined} other
 * @param {(value: number) => string} words
 */
function difference(one, other, words) {
  if (typeof one !== "number" || typeof other !== "number") return "–";
  const change = other - one, said = words(Math.abs(change));
  // What is rounded away is no difference.
  return said === words(0) ? "±0" : `${change > 0 ? "+" : "−"}${said}`;
}

/**
 * @param {string} name
 * @param {number|null|undefined} one
 * @param {number|null|undefined} other
 * @param {(value: number) => string} words
 * @returns {Row}
 */
function row(name, one, other, words) {
  const said = (/** @type {number|null|undefined} */ value) => (typeof value === "number" ? words(value) : "–");
  return [name, said(one), said(other), difference(one, other, words)];
}

/**
 * The slices that a model has learned from; null for one that was brought.
 * @param {any} model
 * @returns {number|null}
 */
export function learnedSlices(model) {
  return model.trained_on ? Object.values(model.trained_on).reduce((sum, list) => sum + list.length, 0) : null;
}

/**
 * How two models were made.
 * @param {any} one As the server describes it.
 * @param {any} other
 * @returns {Section}
 */
export function makingSection(one, other) {
  const words = text.compare, count = String;
  // The difference is that of what is shown.
  const seconds = (/** @type {any} */ model) => (typeof model.metrics?.seconds === "number" ? Math.round(model.metrics.seconds) : null);
  const parent = (/** @type {any} */ model) => model.parent ?? words.nothing;
  return {
    title: words.making, warning: null,
    rows: [
      row(words.slices, learnedSlices(one), learnedSlices(other), count),
      row(words.steps, one.metrics?.steps, other.metrics?.steps, count),
      row(words.time, seconds(one), seconds(other), duration),
      [words.parent, parent(one), parent(other), ""],
      row(words.heldout, one.metrics?.heldout_iou, other.metrics?.heldout_iou, share),
    ],
  };
}

/**
 * How good two models are on the same slices; null if neither was measured.
 * @param {string} title
 * @param {Scores|null} one
 * @param {Scores|null} other
 * @returns {Section|null}
 */
export function scoreSection(title, one, other) {
  if (!one?.voxels && !other?.voxels) return null;
  const names = [...new Set([...(one?.classes ?? []), ...(other?.classes ?? [])].map(({ name }) => name))];
  const iou = (/** @type {Scores|null} */ scores, /** @type {string} */ name) =>
    scores?.classes.find((label) => label.name === name)?.iou ?? null;
  const rows = names.map((name) => row(name, iou(one, name), iou(other, name), share));
  const isSame = one?.voxels === other?.voxels;
  return {
    title, warning: isSame ? null : text.compare.notSame,
    rows: [
      row(text.compare.mean, one?.mean_iou, other?.mean_iou, share),
      ...rows.filter(([, first, second]) => first !== "–" || second !== "–"),
      row(text.compare.voxels, one?.voxels, other?.voxels, String),
    ],
  };
}

/**
 * What `models?compare=` tells of one of the models, as a report would.
 * @param {any} compared
 * @returns {Scores|null}
 */
export function testScores(compared) {
  if (!compared) return null;
  const classes = Object.entries(compared.iou).map(([name, iou]) => ({ name, iou: /** @type {number|null} */ (iou) }));
  return { voxels: compared.voxels, mean_iou: compared.mean_iou, classes };
}
