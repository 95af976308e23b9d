/** @typedef {import("./display.js").ChannelDisplay} ChannelDisplay */
/** @typedef {Uint8Array|Int8Array|Uint16Array|Int16Array|Uint32Array|Int32Array|Float32Array|Float64Array} Voxels */

/** @param {string} color */
function components(color) {
  const number = parseInt(color.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** @type {Map<string, Uint8Array>} */
const tables = new Map();

/**
 * Brightness by value, for voxels of one or two bytes: a table with values from -32768 on if they have a sign.
 * @param {number} low
 * @param {number} high
 * @param {number} first
 * @param {number} count
 */
function table(low, high, first, count) {
  const key = `${low} ${high} ${first} ${count}`;
  let found = tables.get(key);
  if (found) return found;
  found = new Uint8Array(count);
  const scale = 255 / (high - low || 1);
  for (let index = 0; index < count; index++) {
    found[index] = Math.min(255, Math.max(0, (first + index - low) * scale + 0.5));
  }
  if (tables.size > 32) tables.clear();
  tables.set(key, found);
  return found;
}

/**
 * The table for voxels of one or two bytes, and the value that it begins with; null for others.
 * @param {Voxels} voxels
 * @param {ChannelDisplay} channel
 */
function lookUp(voxels, { low, high }) {
  const bytes = voxels.BYTES_PER_ELEMENT;
  if (bytes > 2) return null;
  const hasSign = voxels instanceof Int8Array || voxels instanceof Int16Array;
  const count = bytes === 1 ? 256 : 65536, first = hasSign ? -count / 2 : 0;
  return { values: table(low, high, first, count), first };
}

/**
 * Brightness of every voxel, 0 to 255; what is no number is black.
 * @param {Voxels} voxels
 * @param {ChannelDisplay} channel
 * @param {Uint8Array} brightness
 */
function window(voxels, channel, brightness) {
  const { low, high } = channel, known = lookUp(voxels, channel);
  if (known) {
    const { values, first } = known;
    for (let index = 0; index < voxels.length; index++) brightness[index] = values[voxels[index] - first];
    return;
  }
  const scale = 255 / (high - low || 1);
  for (let index = 0; index < voxels.length; index++) {
    const value = (voxels[index] - low) * scale + 0.5;
    brightness[index] = value >= 255 ? 255 : value > 0 ? value : 0;
  }
}

/**
 * Paints a single channel; most images have one, and every step through their slices waits for this.
 * @param {Voxels} voxels
 * @param {ChannelDisplay} channel
 * @param {Uint32Array} pixels
 */
function one(voxels, channel, pixels) {
  const [red, green, blue] = components(channel.color);
  const colors = new Uint32Array(256);
  for (let value = 0; value < 256; value++) {
    const part = (/** @type {number} */ full) => Math.round((full * value) / 255);
    colors[value] = (0xff000000 | (part(blue) << 16) | (part(green) << 8) | part(red)) >>> 0;
  }
  const known = lookUp(voxels, channel);
  if (!known) {
    const brightness = new Uint8Array(pixels.length);
    window(voxels, channel, brightness);
    for (let index = 0; index < pixels.length; index++) pixels[index] = colors[brightness[index]];
    return;
  }
  const { values, first } = known, shown = new Uint32Array(values.length);
  for (let value = 0; value < values.length; value++) shown[value] = colors[values[value]];
  for (let index = 0; index < pixels.length; index++) pixels[index] = shown[voxels[index] - first];
}

/**
 * Paints channels of a slice, each in its colour, added up.
 * @param {{voxels: Voxels, display: ChannelDisplay}[]} channels
 * @param {ImageData} image
 */
export function composite(channels, image) {
  const pixels = new Uint32Array(image.data.buffer);
  if (channels.length === 0) {
    pixels.fill(0xff000000);
    return;
  }
  if (channels.length === 1) {
    one(channels[0].voxels, channels[0].display, pixels);
    return;
  }
  const brightness = new Uint8Array(pixels.length);
  const sums = new Uint16Array(pixels.length * 3);
  for (const { voxels, display } of channels) {
    window(voxels, display, brightness);
    const [red, green, blue] = components(display.color);
    for (let index = 0, at = 0; index < pixels.length; index++, at += 3) {
      const value = brightness[index];
      sums[at] += red * value >> 8;
      sums[at + 1] += green * value >> 8;
      sums[at + 2] += blue * value >> 8;
    }
  }
  const { data } = image;
  // Clamped bytes: what is brighter than white is white.
  for (let index = 0, at = 0, to = 0; index < pixels.length; index++, at += 3, to += 4) {
    data[to] = sums[at];
    data[to + 1] = sums[at + 1];
    data[to + 2] = sums[at + 2];
    data[to + 3] = 255;
  }
}
