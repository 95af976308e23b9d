import { storedZip } from "./stored-zip.js";

/** @param {Blob} file */
async function isDicom(file) {
  return (await file.slice(128, 132).text()) === "DICM";
}

/**
 * The files to upload for those that were chosen together: files of DICOM are the slices of a volume, and go as one archive.
 * They are numbered in it: names of files may be those of patients.
 * @param {File[]} files
 */
export async function gathered(files) {
  if (files.length < 2) return files;
  const marks = await Promise.all(files.map(isDicom));
  const slices = files.filter((file, index) => marks[index] && file.name !== "DICOMDIR" && file.size < 0xffffffff);
  if (slices.length < 2) return files;
  const archive = await storedZip(slices.map((file, index) => ({ name: `${index}.dcm`, file })), "dicom.zip");
  return [...files.filter((file, index) => !marks[index]), archive];
}
