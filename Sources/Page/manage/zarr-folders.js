import { storedZip } from "./stored-zip.js";

/** @typedef {import("./dropped-files.js").FoundFile} FoundFile */

/** What describes a group or an array of Zarr, in its formats 2 and 3. */
const describing = new Set([".zattrs", ".zgroup", ".zarray", "zarr.json"]);

/** @param {string} path */
function folder(path) {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/**
 * Packs the folders that are an OME-Zarr each, which servers take as an archive; returns these and the other files.
 * @param {FoundFile[]} found
 * @param {(folder: string) => void} [onPacking] Large ones take a while.
 */
export async function zarrArchives(found, onPacking = () => {}) {
  const described = new Set(found.filter(({ file }) => describing.has(file.name)).map(({ path }) => folder(path)));
  const roots = [...described].filter((path) => ![...described].some((other) => other !== path && path.startsWith(other)));
  const archives = [];
  for (const root of roots) {
    const name = root.split("/").at(-2) ?? "image.zarr";
    onPacking(name);
    const inside = found.filter(({ path }) => path.startsWith(root)).map(({ path, file }) => ({ name: path.slice(root.length), file }));
    archives.push(await storedZip(inside, `${name}.zip`));
  }
  const others = found.filter(({ path }) => !roots.some((root) => path.startsWith(root))).map(({ file }) => file);
  return { archives, others };
}
