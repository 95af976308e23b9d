import { text } from "../support/text.js";

/** @typedef {"z"|"y"|"x"} Axis */
/** @typedef {{z: number, y: number, x: number}} Extent */
/** @typedef {{rows: Axis, columns: Axis}} Plane */

/** @type {Axis[]} */
export const axes = ["z", "y", "x"];

/**
 * What rows and columns of a slice are: of z (y, x), of y (z, x), of x (z, y).
 * @type {Record<Axis, Plane>}
 */
export const planes = {
  z: { rows: "y", columns: "x" },
  y: { rows: "z", columns: "x" },
  x: { rows: "z", columns: "y" },
};

/**
 * @param {Axis} axis
 * @param {Extent} shape
 */
export function planeSize(axis, shape) {
  const plane = planes[axis];
  return { rows: shape[plane.rows], columns: shape[plane.columns] };
}

/** Array types by the server's names of them. */
const arrays = {
  uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array, uint32: Uint32Array, int32: Int32Array,
  float32: Float32Array, float64: Float64Array,
};

/**
 * The values of a stored buffer; whole numbers of 64 bits become floats.
 * @param {string} dtype
 * @param {ArrayBuffer} buffer
 */
export function typed(dtype, buffer) {
  if (dtype === "uint64") return Float64Array.from(new BigUint64Array(buffer), Number);
  if (dtype === "int64") return Float64Array.from(new BigInt64Array(buffer), Number);
  if (dtype === "bool") return new Uint8Array(buffer);
  const type = arrays[/** @type {keyof typeof arrays} */ (dtype)];
  if (!type) throw new Error(text.faults.type(dtype));
  return new type(buffer);
}
