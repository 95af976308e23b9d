import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenFiles } from "../../../Sources/Page/manage/dropped-files.js";
import { zarrArchives } from "../../../Sources/Page/manage/zarr-folders.js";

const found = (...paths) => paths.map((path) => ({ path, file: new File([path], path.split("/").at(-1)) }));

/** The names in an archive, as its list at the end has them. */
async function names(zip) {
  const bytes = await zip.arrayBuffer(), view = new DataView(bytes), end = bytes.byteLength - 22;
  const list = [];
  for (let place = view.getUint32(end + 16, true); place < end;) {
    const length = view.getUint16(place + 28, true);
    assert.equal(view.getUint16(place + 8, true), 0x800, "names are UTF-8");
    list.push(new TextDecoder().decode(bytes.slice(place + 46, place + 46 + length)));
    place += 46 + length + view.getUint16(place + 30, true);
  }
  return list;
}

test("a folder that is an OME-Zarr becomes one archive with the hierarchy at its root, hidden files included", async () => {
  const files = found("scan/näme.zarr/.zattrs", "scan/näme.zarr/.zgroup", "scan/näme.zarr/0/.zarray", "scan/näme.zarr/0/0/0", "scan/notes.txt");
  const packed = [];
  const { archives, others } = await zarrArchives(files, (folder) => packed.push(folder));
  assert.deepEqual(archives.map(({ name }) => name), ["näme.zarr.zip"]);
  assert.deepEqual(await names(archives[0]), [".zattrs", ".zgroup", "0/.zarray", "0/0/0"]);
  assert.deepEqual(others.map(({ name }) => name), ["notes.txt"]);
  assert.deepEqual(packed, ["näme.zarr"]);
});

test("several stores in a folder are a volume each, in format 3, too", async () => {
  const { archives, others } = await zarrArchives(found("a/x.zarr/zarr.json", "a/x.zarr/0/zarr.json", "a/x.zarr/0/c/0", "a/y.zarr/zarr.json", "a/y.zarr/c/1"));
  assert.deepEqual(archives.map(({ name }) => name), ["x.zarr.zip", "y.zarr.zip"]);
  assert.deepEqual(await names(archives[1]), ["zarr.json", "c/1"]);
  assert.deepEqual(others, []);
});

test("what lies in a store that was chosen without its folder is one volume", async () => {
  const { archives } = await zarrArchives(found("zarr.json", "0/zarr.json", "0/c/0"));
  assert.deepEqual(archives.map(({ name }) => name), ["image.zarr.zip"]);
  assert.deepEqual(await names(archives[0]), ["zarr.json", "0/zarr.json", "0/c/0"]);
});

test("files of no store stay as they are, by their names or where they lie in a folder", async () => {
  const { archives, others } = await zarrArchives(found("a/one.tif", "a/two.tif"));
  assert.deepEqual([archives, others.map(({ name }) => name)], [[], ["one.tif", "two.tif"]]);
  const file = new File(["x"], "x.tif");
  assert.equal(chosenFiles([file])[0].path, "x.tif");
  Object.defineProperty(file, "webkitRelativePath", { value: "a/x.tif" });
  assert.equal(chosenFiles([file])[0].path, "a/x.tif");
});
