/** @typedef {{path: string, file: File}} FoundFile A file, and where it lies in what was chosen. */

/**
 * Files that were chosen, perhaps with a folder.
 * @param {Iterable<File>} files
 * @returns {FoundFile[]}
 */
export function chosenFiles(files) {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * The files of what was dropped, folders gone through.
 * @param {DataTransfer|null} transfer
 * @returns {Promise<FoundFile[]>}
 */
export async function droppedFiles(transfer) {
  const entries = [...(transfer?.items ?? [])].map((item) => item.webkitGetAsEntry?.() ?? null);
  // The list of files ends with the event.
  const plain = chosenFiles(transfer?.files ?? []);
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found = [];
  for (const entry of entries) if (entry) found.push(...(await within(entry)));
  return found;
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<FoundFile[]>}
 */
async function within(entry) {
  if (entry.isFile) {
    /** @type {File} */
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const files = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return files;
    for (const inner of part) files.push(...(await within(inner)));
  }
}
