import { storedZip } from "./stored-zip.js";

/** @param {Blob} file */
async function isDicom(file) {
  return (await file.slice(128, 132).text()) === "DICM";
}

/**
 * The files to upload for those that were chosen together: files of DICOM are the slices of a volume, and go as one archive.
 * @param {File[]} files
 */
export async function gathered(files) {
  if (files.length < 2) return files;
  const marks = await Promise.all(files.map(isDicom));
  const slices = files.filter((file, index) => marks[index] && file.name !== "DICOMDIR" && file.size < 0xffffffff);
  if (slices.length < 2) return files;
  return [...files.filter((file, index) => !marks[index]), await storedZip(slices, "dicom.zip")];
}

/**
 * The files of what was dropped, folders gone through.
 * @param {DataTransfer|null} transfer
 */
export async function dropped(transfer) {
  const entries = [...(transfer?.items ?? [])].map((item) => item.webkitGetAsEntry?.() ?? null);
  // The list of files ends with the event.
  const plain = [...(transfer?.files ?? [])];
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found = [];
  for (const entry of entries) if (entry) found.push(...(await within(entry)));
  return found.filter((file) => !file.name.startsWith("."));
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<File[]>}
 */
async function within(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject))];
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const files = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return files;
    for (const inner of part) files.push(...(await within(inner)));
  }
}
