/** @typedef {import("./brush-shape.js").Aspect} Aspect */

const far = 1e20;

/**
 * The distance of each voxel's middle from a region's edge, in voxels of the finer side: positive inside, negative outside.
 *
 * Squares of distances row by row, then column by column (Felzenszwalb and Huttenlocher, Distance Transforms of Sampled
 * Functions, 2012). The edge lies half a voxel from the middles on either side.
 * @param {Uint8Array} labels
 * @param {number} label
 * @param {number} columns
 * @param {Aspect} aspect
 */
export function signedDistance(labels, label, columns, { rowAspect, columnAspect }) {
  const rows = labels.length / columns, farthest = Math.hypot(rows * rowAspect, columns * columnAspect);
  const inside = new Float64Array(labels.length), outside = new Float64Array(labels.length);
  for (let offset = 0; offset < labels.length; offset++) {
    const isIn = labels[offset] === label;
    inside[offset] = isIn ? far : 0;
    outside[offset] = isIn ? 0 : far;
  }
  for (const squares of [inside, outside]) transform(squares, rows, columns, rowAspect, columnAspect);
  const distances = new Float32Array(labels.length);
  for (let offset = 0; offset < labels.length; offset++) {
    const isIn = labels[offset] === label;
    const distance = Math.min(farthest, Math.sqrt(isIn ? inside[offset] : outside[offset])) - 0.5;
    distances[offset] = isIn ? distance : -distance;
  }
  return distances;
}

/**
 * @param {Float64Array} squares
 * @param {number} rows
 * @param {number} columns
 * @param {number} rowAspect
 * @param {number} columnAspect
 */
function transform(squares, rows, columns, rowAspect, columnAspect) {
  const line = new Line(Math.max(rows, columns));
  for (let column = 0; column < columns; column++) line.transform(squares, column, columns, rows, rowAspect);
  for (let row = 0; row < rows; row++) line.transform(squares, row * columns, 1, columns, columnAspect);
}

/** The transform of one line, with room for its parabolas. */
class Line {
  /** @param {number} length */
  constructor(length) {
    this.heights = new Float64Array(length);
    this.middles = new Int32Array(length);
    this.borders = new Float64Array(length + 1);
  }

  /**
   * @param {Float64Array} squares
   * @param {number} start
   * @param {number} step
   * @param {number} count
   * @param {number} width Of a voxel along the line.
   */
  transform(squares, start, step, count, width) {
    const { heights, middles, borders } = this;
    for (let place = 0; place < count; place++) heights[place] = squares[start + place * step] / (width * width);
    let last = 0;
    middles[0] = 0;
    borders[0] = -Infinity;
    borders[1] = Infinity;
    for (let place = 1; place < count; place++) {
      let border = this.border(place, middles[last]);
      while (border <= borders[last]) border = this.border(place, middles[--last]);
      middles[++last] = place;
      borders[last] = border;
      borders[last + 1] = Infinity;
    }
    for (let place = 0, parabola = 0; place < count; place++) {
      while (borders[parabola + 1] < place) parabola++;
      const away = place - middles[parabola];
      squares[start + place * step] = Math.min(far, (away * away + heights[middles[parabola]]) * width * width);
    }
  }

  /**
   * Where the parabolas of two places meet.
   * @param {number} place
   * @param {number} other
   */
  border(place, other) {
    const { heights } = this;
    return (heights[place] + place * place - heights[other] - other * other) / (2 * (place - other));
  }
}
