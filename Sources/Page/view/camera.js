/** Where a slice lies in its view: voxels to CSS pixels and back, in true proportions. */
export class Camera {
  /**
   * @param {number} rows
   * @param {number} columns
   * @param {number} rowSpacing The distance between rows, in any unit that `columnSpacing` has, too.
   * @param {number} columnSpacing
   */
  constructor(rows, columns, rowSpacing, columnSpacing) {
    this.rows = rows;
    this.columns = columns;
    const finest = Math.min(rowSpacing, columnSpacing);
    /** Heights and widths of a voxel, over the smaller of the two. */
    this.rowAspect = rowSpacing / finest;
    this.columnAspect = columnSpacing / finest;
    /** CSS pixels of the finer side of a voxel. */
    this.zoom = 1;
    /** The place in the middle of the view. */
    this.row = rows / 2;
    this.column = columns / 2;
    this.width = 1;
    this.height = 1;
    this.isFitted = true;
  }

  get rowPixels() {
    return this.zoom * this.rowAspect;
  }

  get columnPixels() {
    return this.zoom * this.columnAspect;
  }

  /**
   * @param {number} x CSS pixels from the view's left side.
   * @param {number} y
   */
  toVoxel(x, y) {
    return {
      row: this.row + (y - this.height / 2) / this.rowPixels,
      column: this.column + (x - this.width / 2) / this.columnPixels,
    };
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  toScreen(row, column) {
    return {
      x: this.width / 2 + (column - this.column) * this.columnPixels,
      y: this.height / 2 + (row - this.row) * this.rowPixels,
    };
  }

  /**
   * @param {number} width CSS pixels.
   * @param {number} height
   */
  resize(width, height) {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    if (this.isFitted) this.fit();
  }

  /** The whole slice, in the middle. */
  fit() {
    const tall = this.rows * this.rowAspect, wide = this.columns * this.columnAspect;
    this.zoom = Math.min((this.height - 12) / tall, (this.width - 12) / wide);
    this.zoom = Math.max(this.zoom, 1e-3);
    this.row = this.rows / 2;
    this.column = this.columns / 2;
    this.isFitted = true;
  }

  /**
   * Zooms so that what is at a point stays there.
   * @param {number} factor
   * @param {number} x
   * @param {number} y
   */
  zoomAt(factor, x, y) {
    const before = this.toVoxel(x, y);
    this.zoom = Math.min(64, Math.max(1 / 64, this.zoom * factor));
    const after = this.toVoxel(x, y);
    this.moveBy(before.row - after.row, before.column - after.column);
  }

  /**
   * Moves what is in the middle, which stays within the slice.
   * @param {number} rows
   * @param {number} columns
   */
  moveBy(rows, columns) {
    this.row = Math.min(this.rows, Math.max(0, this.row + rows));
    this.column = Math.min(this.columns, Math.max(0, this.column + columns));
    this.isFitted = false;
  }

  /** The voxels that can be seen: from included, to not. */
  visible() {
    const from = this.toVoxel(0, 0), to = this.toVoxel(this.width, this.height);
    return {
      row: Math.max(0, Math.floor(from.row)),
      column: Math.max(0, Math.floor(from.column)),
      rowEnd: Math.min(this.rows, Math.ceil(to.row)),
      columnEnd: Math.min(this.columns, Math.ceil(to.column)),
    };
  }
}
