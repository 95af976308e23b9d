/** Colours that people who confuse red and green tell apart (Okabe and Ito), then more of them. */
export const palette = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999", "#ffffff"];

/**
 * A colour for one more class: none that is used, and of those beyond the palette the one that differs most from the others.
 * @param {string[]} used
 */
export function nextColor(used) {
  const taken = used.map((color) => color.toLowerCase());
  const free = palette.find((color) => !taken.includes(color));
  if (free) return free;
  const others = taken.map(channels);
  const nearest = (/** @type {number[]} */ color) => Math.min(...others.map((other) => Math.hypot(...color.map((value, place) => value - other[place]))));
  // A grid of colours, without those that are too dark to be seen on an image.
  const steps = [0, 51, 102, 153, 204, 255];
  const grid = steps.flatMap((red) => steps.flatMap((green) => steps.map((blue) => [red, green, blue])))
    .filter(([red, green, blue]) => 0.3 * red + 0.59 * green + 0.11 * blue > 60);
  const best = grid.reduce((best, color) => (nearest(color) > nearest(best) ? color : best));
  return `#${best.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** @param {string} color As `#rrggbb`. */
function channels(color) {
  return [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16));
}
