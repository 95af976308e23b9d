/** @typedef {import("./brush-shape.js").Aspect} Aspect */

const far = 1e20;

/**
 * The distance of each voxel's middle from a region's edge, in voxels of the finer side: positive inside, negative outside.
 *
 * Distances within columns, then squares of distances along rows (Felzenszwalb and Huttenlocher, Distance Transforms of
 * Sampled Functions, 2012). The edge lies half a voxel from the middles on either side.
 * @param {Uint8Array} labels
 * @param {number} label
 * @param {number} columns
 * @param {Aspect} aspect
 */
export function signedDistance(labels, label, columns, { rowAspect, columnAspect }) {
  const rows = labels.length / columns, farthest = Math.hypot(rows * rowAspect, columns * columnAspect);
  const distances = new Float32Array(labels.length), squares = new Float64Array(labels.length), line = new Line(columns);
  for (const isInside of [true, false]) {
    downColumns(labels, label, columns, rowAspect, isInside, squares);
    for (let row = 0; row < rows; row++) line.transform(squares, row * columns, columnAspect);
    for (let offset = 0; offset < labels.length; offset++) {
      if ((labels[offset] === label) !== isInside) continue;
      const distance = Math.min(farthest, Math.sqrt(squares[offset])) - 0.5;
      distances[offset] = isInside ? distance : -distance;
    }
  }
  return distances;
}

/**
 * The squares of the distances to the nearest voxel in the column that is not in the region; or is, if those outside are meant.
 * @param {Uint8Array} labels
 * @param {number} label
 * @param {number} columns
 * @param {number} height Of a voxel.
 * @param {boolean} isInside
 * @param {Float64Array} squares
 */
function downColumns(labels, label, columns, height, isInside, squares) {
  const last = labels.length - columns;
  for (let offset = 0; offset < labels.length; offset++) {
    if ((labels[offset] === label) !== isInside) squares[offset] = 0;
    else squares[offset] = offset < columns ? far : squares[offset - columns] + height;
  }
  for (let offset = last - 1; offset >= 0; offset--) squares[offset] = Math.min(squares[offset], squares[offset + columns] + height);
  for (let offset = 0; offset < labels.length; offset++) squares[offset] = Math.min(far, squares[offset] * squares[offset]);
}

/** The transform of a row, with room for its parabolas. */
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
   * @param {number} width Of a voxel.
   */
  transform(squares, start, width) {
    const { heights, middles, borders } = this, count = heights.length, unit = width * width;
    for (let place = 0; place < count; place++) heights[place] = squares[start + place] / unit;
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
      squares[start + place] = Math.min(far, (away * away + heights[middles[parabola]]) * unit);
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
