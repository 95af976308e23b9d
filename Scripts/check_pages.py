#!/usr/bin/env python3
"""Runs what the pages on other programs show, as it stands there, up to the segmented volume.

`check_pages.py PROGRAM` starts servers with temporary data. The files are such as the programs have, written by h5py, nibabel,
tifffile and pydicom. Trainings take a moment instead of a minute; what they bring has to be nearly right all the same. The pages on
OME-Zarr and on models elsewhere are run by `check-zarr` and `check-models`, those on Python by `check-python`.
"""

import contextlib
import sys
import tempfile
from pathlib import Path

import h5py
import nibabel
import numpy
import SimpleITK
import tifffile

import dicom_series as dicom
import make_hdf5_samples as hdf5
import pages
from server import running

SHAPE = (16, 48, 48)
PAINTED = (3, 8, 12)


def expect(condition, *what):
    if not condition:
        sys.exit("check_pages: " + " ".join(str(part) for part in what))


def sample():
    """An image and the class of each voxel, which a few slices are annotated of."""
    z, y, x = numpy.indices(SHAPE)
    cell = numpy.sin(z / 3) + numpy.sin(y / 5) + numpy.sin(x / 6) > 0
    noise = numpy.random.default_rng(1).normal(0, 15, SHAPE)
    return (600 + 1200 * cell + 10 * noise).astype("uint16"), cell.astype("uint8")


IMAGE, TRUTH = sample()


def painted():
    """Class + 1 in the slices that are painted, 0 elsewhere."""
    labels = numpy.zeros(SHAPE, "uint8")
    labels[PAINTED, :, :] = TRUTH[PAINTED, :, :] + 1
    return labels


def write_nifti(path, values):
    nibabel.save(nibabel.Nifti1Image(values.T, numpy.eye(4)), path)


def write_h5(path, **datasets):
    with h5py.File(path, "w") as file:
        for name, values in datasets.items():
            file[name] = values
            file[name].attrs["axistags"] = hdf5.tags("zyx")


def write_imaris(path):
    with h5py.File(path, "w") as file:
        group = file.create_group("DataSet/ResolutionLevel 0/TimePoint 0/Channel 0")
        for axis, length in zip("ZYX", SHAPE):
            group.attrs[f"ImageSize{axis}"] = hdf5.text(length)
        group.create_dataset("Data", data=IMAGE, chunks=(8, 16, 16), compression="gzip")
        image = file.create_group("DataSetInfo/Image")
        for number, length in enumerate(reversed(SHAPE)):
            image.attrs[f"ExtMin{number}"], image.attrs[f"ExtMax{number}"] = hdf5.text(0), hdf5.text(length)
            image.attrs["XYZ"[number]] = hdf5.text(length)
        file.attrs["ImarisDataSet"] = hdf5.text("ImarisDataSet")


def write_bigdataviewer(path):
    with h5py.File(path, "w") as file:
        file["t00000/s00/0/cells"] = IMAGE.astype("int16")
        file["s00/resolutions"], file["s00/subdivisions"] = numpy.ones((1, 3)), numpy.full((1, 3), 16, "int32")


def write_series(folder):
    folder.mkdir()
    for number, content in enumerate(dicom.series(IMAGE, numpy.eye(4), dicom.EXPLICIT, 16)):
        (folder / f"{number:03}.dcm").write_bytes(content)


def write_files(heading, folder):
    """What the lines below a heading of Files.md send."""
    write_nifti(folder / "image.nii.gz", IMAGE)
    write_nifti(folder / "segmentation.nii.gz", painted())
    tifffile.imwrite(folder / "labels.tif", painted(), metadata={"axes": "ZYX"})
    write_h5(folder / "stack_Labels.h5", exported_data=painted())
    write_imaris(folder / "stack.ims")
    write_series(folder / "series")
    if heading == "BigDataViewer":
        write_bigdataviewer(folder / "stack.h5")
    elif heading == "PlantSeg":
        write_h5(folder / "stack.h5", raw=IMAGE.astype("float32"), label=painted())
    else:
        write_h5(folder / "stack.h5", data=IMAGE)


def right(what, classes):
    """Whether a prediction is nearly the truth."""
    expect(classes.shape == SHAPE, what, "has the shape", classes.shape)
    share = (classes == TRUTH).mean()
    expect(share > 0.9, what, "is right in", share, "of all voxels")


def check_results(heading, folder):
    found = 0
    for path in folder.glob("prediction.*"):
        found += 1
        if path.suffix == ".nrrd":  # Segments are class + 1.
            right((heading, path.name), SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path))) - 1)
        else:
            right((heading, path.name), tifffile.imread(path))
    for path in folder.glob("probability.*"):
        found += 1
        values = numpy.load(path) if path.suffix == ".npy" else tifffile.imread(path)
        right((heading, path.name), (values.reshape(SHAPE) > 0.5).astype("uint8"))
    expect(found, heading, "ends with no result")


def check_files(program, heading, folder):
    """The lines in front of all headings, and those below one; slices are painted in the server where no file brings them."""
    write_files(heading, folder)
    with running(program, folder) as server:
        first = "".join(pages.blocks("Files.md", "sh"))
        first = pages.changed(first, server.address, pages.SHORT)
        lines = "".join(pages.blocks("Files.md", "sh", heading))
        before, train, after = lines.partition("train")
        expect(train, heading, "has no training")
        pages.shell(first + before, folder, program)
        if "/annotations" not in lines:
            for index in PAINTED:
                server.request(
                    "POST", f"/v1/projects/cells/volumes/stack/annotations?axis=z&index={index}", TRUTH[index].tobytes())
        # The project is there already.
        first = "\n".join(line for line in first.splitlines() if not line.startswith("curl -X PUT"))
        told = pages.shell(f"{first}\n{train}{after}", folder, program)
        expect("succeeded" in told, heading, "ends with", told[-500:])
    check_results(heading, folder)


def check_uploads(program, page, folder):
    """The lines that make a project and send an image, of pages that go on in another program."""
    tifffile.imwrite(folder / "stack.tif", IMAGE, metadata={"axes": "ZYX"})
    with running(program, folder) as server:
        pages.shell(pages.changed("".join(pages.blocks(page, "sh")), server.address), folder, program)
        expect(b'"stack"' in server.request("GET", "/v1/projects/cells/volumes"), page, "sends no volume")


def check_monai(program, folder):
    """The lines that make a project, and MONAI Label's client."""
    write_nifti(folder / "ct.nii.gz", IMAGE)
    write_nifti(folder / "slices.nii.gz", painted())
    with running(program, folder) as server, contextlib.chdir(folder):
        pages.shell(pages.changed(pages.blocks("MONAILabel.md", "sh")[0], server.address), folder, program)
        code = pages.blocks("MONAILabel.md", "python", "From Python")[0]
        names = pages.python(pages.changed(code, server.address, ('"seconds": 60', '"max_epochs": 1')))
        labels = numpy.asarray(nibabel.load(names["file"]).dataobj).T
        Path(names["file"]).unlink()
        right("MONAILabel.md", labels - 1)


def main(program):
    headings = ("ITK-SNAP", "ilastik", "PlantSeg", "Imaris", "BigDataViewer", "A DICOM archive")
    works = [lambda folder, heading=heading: check_files(program, heading, folder) for heading in headings]
    works += [lambda folder, page=page: check_uploads(program, page, folder) for page in ("Fiji.md", "Napari.md")]
    works.append(lambda folder: check_monai(program, folder))
    for work in works:
        with tempfile.TemporaryDirectory() as folder:
            work(Path(folder))
    print(f"check_pages: the lines of {len(works)} tools do what they should")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
