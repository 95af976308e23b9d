import { text } from "./text.js";

/** @param {number} bytes */
export function bytes(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes, unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return text.units.seconds(whole);
  if (whole < 3600) return text.units.minutes(Math.floor(whole / 60), whole % 60);
  const minutes = Math.round(whole / 60);
  return text.units.hours(Math.floor(minutes / 60), minutes % 60);
}

/**
 * Short signs of units that files name in words.
 * @type {Record<string, string>}
 */
const signs = { micrometer: "µm", um: "µm", nanometer: "nm", angstrom: "Å", millimeter: "mm", centimeter: "cm", meter: "m", pixel: "px", voxel: "px" };

/** @param {string|null|undefined} unit */
export function unitSign(unit) {
  return unit ? (signs[unit] ?? unit) : "";
}

/**
 * A number with at most so many digits that count, but with all of those before its point: zeros in their place would say
 * something else.
 * @param {number} value
 * @param {number} [digits]
 */
export function number(value, digits = 4) {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return String(value);
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  return String(Number(value.toPrecision(Math.min(100, Math.max(digits, whole)))));
}

/** @param {number|null|undefined} value An IoU or another share. */
export function share(value) {
  return value === null || value === undefined ? "–" : value.toFixed(3);
}

/** @param {string|null|undefined} time ISO 8601. */
export function moment(time) {
  if (!time) return "–";
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleString([], { dateStyle: "short", timeStyle: "short" });
}

/**
 * The length of a scale bar: 1, 2 or 5 times a power of ten, at most as long as asked for.
 * @param {number} longest
 */
export function roundLength(longest) {
  const power = 10 ** Math.floor(Math.log10(longest));
  const digit = longest / power;
  return (digit >= 5 ? 5 : digit >= 2 ? 2 : 1) * power;
}
