/** @typedef {{dataset: string, text: string}} DatasetChoice A path or UID, and what the server tells of it. */

/**
 * What a file has to choose from, if the server refused it because more than one thing in it can be meant.
 * @param {string} detail Its words, which end with a list: `…dataset=…: /raw (20 × 30 × 40 uint8), /label (…)`.
 * @returns {DatasetChoice[]}
 */
export function datasetChoices(detail) {
  const list = /dataset=.*?: (.+)$/s.exec(detail)?.[1];
  if (!list) return [];
  return entries(list).filter((text) => text !== "…" && text !== "none").map((text) => ({ dataset: text.split(" (")[0], text }));
}

/**
 * Parts between commas, but for those in quotes or brackets.
 * @param {string} list
 */
function entries(list) {
  const found = [];
  let entry = "", depth = 0, isQuoted = false;
  for (const sign of list) {
    if (sign === '"') isQuoted = !isQuoted;
    if (!isQuoted && sign === "(") depth++;
    if (!isQuoted && sign === ")") depth--;
    if (sign === "," && depth <= 0 && !isQuoted) {
      found.push(entry.trim());
      entry = "";
    } else entry += sign;
  }
  return [...found, entry.trim()].filter(Boolean);
}
