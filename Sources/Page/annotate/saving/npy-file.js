/**
 * The labels of a slice, or of a part of it, as an NPY file of two axes. It says itself what size it is, and no labels can
 * be taken for the beginning of a file of another kind.
 * @param {Uint8Array} labels
 * @param {number} rows
 * @param {number} columns
 */
export function npyFile(labels, rows, columns) {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64;
  const file = new Uint8Array(length + labels.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  file.set(new TextEncoder().encode(header.padEnd(length - 11) + "\n"), 10);
  file.set(labels, length);
  return file;
}
