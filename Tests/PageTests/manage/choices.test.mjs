import assert from "node:assert/strict";
import { test } from "node:test";
import { datasetChoices } from "../../../Sources/Page/manage/dataset-choices.js";

const choices = (detail) => datasetChoices(detail).map(({ dataset }) => dataset);

test("what the server lists is offered, whatever the format", () => {
  assert.deepEqual(choices("the HDF5 file has several datasets that can be the volume; say which with dataset=, as in "
    + "dataset=/group/label a: /group/label a (20 × 30 × 40 uint16), /raw (20 × 30 × 40 uint8), …"), ["/group/label a", "/raw"]);
  assert.deepEqual(choices("there are 2 DICOM series, of which one is a volume; dataset= with its UID takes it: "
    + "1.2.840.1 (\"T1, (axial: 3D\", 20 slices of 512 × 512), 1.2.840.2 (1 slice of 64 × 64)"), ["1.2.840.1", "1.2.840.2"]);
  assert.deepEqual(choices("the OME-Zarr is a plate of 2 images; say which with dataset=, as in dataset=A/1/0: A/1/0, A/2/0"), ["A/1/0", "A/2/0"]);
});

test("other refusals offer nothing", () => {
  assert.deepEqual(choices("the spacing is wrong: it has two numbers"), []);
  assert.deepEqual(choices("nothing is at dataset=/raw; its datasets are: none"), []);
});
