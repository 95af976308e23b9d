import assert from "node:assert/strict";
import { test } from "node:test";
import { gathered } from "../../../Sources/Page/manage/dicom-files.js";
import { checksum, storedZip } from "../../../Sources/Page/manage/stored-zip.js";

const slice = (name, byte) => new File([new Uint8Array(128), "DICM", new Uint8Array(50).fill(byte)], name);

test("files of DICOM that are chosen together become one archive, and others stay", async () => {
  const files = await gathered([slice("DOE-1", 1), new File(["notes"], "notes.txt"), slice("DOE-2", 2)]);
  assert.deepEqual(files.map((file) => file.name), ["notes.txt", "dicom.zip"]);
  const content = await files[1].text();
  assert.ok(!content.includes("DOE"), "names of files may be those of patients");
  assert.equal(content.split("DICM").length, 3);
});

test("a single file of DICOM goes as it is", async () => {
  const alone = [slice("one.dcm", 1), new File(["notes"], "notes.txt")];
  assert.deepEqual(await gathered(alone), alone);
});

test("the list at the end of an archive has each file's place, size and checksum", async () => {
  assert.equal(checksum(new TextEncoder().encode("123456789")), 0xcbf43926);
  const zip = await storedZip([{ name: "a", file: new Blob(["123456789"]) }, { name: "b", file: new Blob(["b"]) }], "x.zip");
  const view = new DataView(await zip.arrayBuffer());
  const end = view.byteLength - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50);
  assert.equal(view.getUint16(end + 10, true), 2);
  const list = view.getUint32(end + 16, true);
  assert.equal(list + view.getUint32(end + 12, true), end);
  assert.equal(view.getUint32(list, true), 0x02014b50);
  assert.equal(view.getUint32(list + 16, true), 0xcbf43926);
  assert.equal(view.getUint32(list + 24, true), 9);
  const second = list + 46 + view.getUint16(list + 28, true);
  const place = view.getUint32(second + 42, true);
  assert.equal(view.getUint32(place, true), 0x04034b50);
  assert.equal(view.getUint8(place + 30 + view.getUint16(place + 26, true)), "b".charCodeAt(0));
});
