import { h } from "../support/dom.js";
import { text } from "../support/text.js";
import { number, unitSign } from "../support/units.js";

/** @typedef {{z: number, y: number, x: number, unit: string|null}} Spacing */

/** @param {Spacing} spacing */
export function spacingWords({ z, y, x, unit }) {
  return `${number(z)} × ${number(y)} × ${number(x)} ${unitSign(unit)}`.trim();
}

/**
 * What in the server's reading of a file may not be what was meant, with what to do about it.
 * @param {any} reading
 * @returns {string[]}
 */
export function doubts({ shape, spacing, format, warnings }) {
  const words = text.upload.doubts, isBare = format === "npy" || format === "tiff", found = [...warnings];
  const isUnit = spacing.z === 1 && spacing.y === 1 && spacing.x === 1;
  if (isUnit && !spacing.unit) found.push(words.noSpacing);
  else if (!spacing.unit) found.push(words.noUnit);
  else if (isUnit && isBare) found.push(words.unitSpacing);
  if (shape.z === 1) found.push(isBare && shape.c > 1 ? words.channelsForSlices(shape.c) : words.oneSlice);
  else if (shape.c > 8 && shape.c > shape.z) found.push(words.manyChannels(shape.c, shape.z));
  return found;
}

/**
 * How the server reads a file, as a list.
 * @param {any} reading Its answer to a dry run.
 */
export function uploadFacts(reading) {
  const { format, shape, dtype, spacing, spacing_in_file: own, channels, dataset, level, time } = reading, words = text.upload.facts;
  const ranges = channels.map((/** @type {{minimum: number, maximum: number, name?: string}} */ { minimum, maximum, name }, /** @type {number} */ index) =>
    words.range(channels.length > 1 ? index : null, name ?? null, number(minimum), number(maximum)));
  const facts = [
    [words.format, text.upload.formatNames[format] ?? format],
    [words.size, `${shape.z} × ${shape.y} × ${shape.x}`],
    [words.channels, String(shape.c)],
    [words.type, dtype],
    [words.spacing, own ? words.insteadOf(spacingWords(spacing), spacingWords(own)) : spacingWords(spacing)],
    [words.unit, spacing.unit ?? words.none],
    ...[[words.dataset, dataset], [words.time, time], [words.level, level]].filter(([, value]) => value !== null && value !== undefined),
    [words.values, ranges.slice(0, 4).join("; ") + (ranges.length > 4 ? "; …" : "")],
  ];
  return h("div", {},
    h("dl", { class: "facts", "aria-label": words.title }, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))])),
    ...doubts(reading).map((doubt) => h("p", { class: "warning" }, doubt)));
}
