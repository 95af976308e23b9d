#!/usr/bin/env python3
"""Compares what Slicewise writes and reads with nibabel, tifffile, SimpleITK, pynrrd, h5py, mrcfile, pydicom and slicerio.

Starts the program given as the first argument and uploads volumes written by each of these libraries: of every number
type (or of those given as further arguments), with one and three channels, unequal spacings and an oblique affine.
Fetches each in every format and reads it with every library that supports the format. Voxels, types, spacings and
affines must be equal.
"""

import io
import json
import sys
import tempfile
from pathlib import Path

import h5py
import mrcfile
import nibabel
import nrrd
import numpy
import SimpleITK
import slicerio
import tifffile

import dicom_series as dicom
from server import running

TYPES = "uint8 int8 uint16 int16 uint32 int32 uint64 int64 float32 float64".split()
SPACING = (2.5, 0.325, 0.1625)  # z, y, x


def turned(spacing, angles, origin):
    """An affine that rotates the axes around z and then x; ITK does not support shear."""
    (cz, cx), (sz, sx) = numpy.cos(angles), numpy.sin(angles)
    affine = numpy.eye(4)
    affine[:3, :3] = numpy.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]]) @ [[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]]
    affine[:3, :3] *= spacing
    affine[:3, 3] = origin
    return affine


OBLIQUE = turned((0.1625, 0.325, 2.5), (0.3, -0.2), (-7.25, 11, 3.5))
UNPLACED = numpy.diag([-SPACING[2], -SPACING[1], SPACING[0], 1.0])  # where ITK puts a file without a place
FLIP = numpy.diag([-1.0, -1, 1])  # right, anterior, superior to ITK's left, posterior, superior
MILLIMETERS = numpy.diag([1e-3, 1e-3, 1e-3, 1])  # ITK converts the micrometers of a NIfTI file
checks = 0


def expect(condition, *what):
    global checks
    checks += 1
    if not condition:
        sys.exit("check_formats: " + " ".join(str(part) for part in what))


def same(found, wanted, *what):
    """Checks that numbers and types are the same; the byte order may differ."""
    expect(found.shape == wanted.shape, *what, "has the shape", found.shape, "instead of", wanted.shape)
    expect(found.dtype.newbyteorder("=") == wanted.dtype, *what, "has the type", found.dtype)
    expect(numpy.array_equal(found, wanted), *what, "has other voxels")


def close(found, wanted, *what, tolerance=1e-6):
    expect(numpy.allclose(found, wanted, rtol=tolerance, atol=tolerance), *what, "is", found, "instead of", wanted)


def sample(dtype, channels):
    """Random voxels over the whole range of the type, in the order c, z, y, x."""
    chance = numpy.random.default_rng(5)
    shape = (channels, 5, 7, 6)
    if dtype.startswith("float"):
        return (chance.normal(size=shape) * 1e3).astype(dtype)
    limits = numpy.iinfo(dtype)
    return chance.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)


def without_channels(volume):
    """z, y, x for one channel, c, z, y, x for several."""
    return volume[0] if len(volume) == 1 else volume


def written_by_nibabel(path, volume, affine):
    array = volume[0].T if len(volume) == 1 else volume.transpose(3, 2, 1, 0)[:, :, :, None]
    kind = nibabel.Nifti2Image if volume.dtype == "int16" else nibabel.Nifti1Image
    image = kind(array, affine, dtype=volume.dtype)
    image.header.set_xyzt_units("micron")
    nibabel.save(image, path)


def read_by_nibabel(path, volume, affine, name):
    image = nibabel.load(path)
    array = numpy.asarray(image.dataobj)
    same(array.T if len(volume) == 1 else array[:, :, :, 0].transpose(3, 2, 1, 0), volume if len(volume) > 1 else volume[0],
         "nibabel:", name)
    close(image.affine, affine, "nibabel: affine of", name)
    close(image.header.get_zooms()[:3], numpy.linalg.norm(affine[:3, :3], axis=0), "nibabel: zooms of", name)
    expect(image.header.get_xyzt_units()[0] == "micron", "nibabel: unit of", name, image.header.get_xyzt_units())
    return image


def written_by_itk(path, volume, affine, compress):
    image = SimpleITK.GetImageFromArray(
        volume[0] if len(volume) == 1 else volume.transpose(1, 2, 3, 0), isVector=len(volume) > 1)
    spacing = numpy.linalg.norm(affine[:3, :3], axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((FLIP @ affine[:3, :3] / spacing).ravel().tolist())
    image.SetOrigin((FLIP @ affine[:3, 3]).tolist())
    SimpleITK.WriteImage(image, str(path), compress)


def read_by_itk(path, volume, affine, name):
    """Checks a file with SimpleITK, which reads the channels of some formats as a fourth axis; `affine` may be None."""
    image = SimpleITK.ReadImage(str(path))
    array = SimpleITK.GetArrayFromImage(image)
    if image.GetNumberOfComponentsPerPixel() > 1:
        array = array.transpose(3, 0, 1, 2)
    if array.ndim == 5:  # NIfTI's channels come after time.
        array = array[:, 0]
    same(array, without_channels(volume), "SimpleITK:", name)
    if affine is None:
        return
    spacing = numpy.array(image.GetSpacing())
    axes = image.GetDimension()
    matrix = numpy.array(image.GetDirection()).reshape(axes, axes)[:3, :3] * spacing[:3]
    close(FLIP @ matrix, affine[:3, :3], "SimpleITK: directions of", name, tolerance=1e-6)
    close(FLIP @ image.GetOrigin()[:3], affine[:3, 3], "SimpleITK: origin of", name, tolerance=1e-6)


def written_by_pynrrd(path, volume, affine):
    several = len(volume) > 1
    directions = [*(FLIP @ affine[:3, :3]).T, *([[numpy.nan] * 3] if several else [])]
    header = {"encoding": "gzip" if several else "raw", "space": "left-posterior-superior",
              "space directions": numpy.array(directions), "space origin": FLIP @ affine[:3, 3],
              "space units": ["um"] * 3, "kinds": ["domain"] * 3 + ["list"] * several}
    nrrd.write(str(path), volume.transpose(3, 2, 1, 0) if several else volume[0].T, header)


def read_by_pynrrd(path, volume, affine, name):
    array, header = nrrd.read(str(path))
    same(array.T, without_channels(volume), "pynrrd:", name)
    if "space directions" in header:
        close(FLIP @ numpy.array(header["space directions"])[:3].T, affine[:3, :3], "pynrrd: directions of", name)
        close(FLIP @ header["space origin"], affine[:3, 3], "pynrrd: origin of", name)
    else:
        close(header["spacings"][:3], SPACING[::-1], "pynrrd: spacings of", name)


def read_by_tifffile(path, volume, spacing, name):
    with tifffile.TiffFile(path) as file:
        series = file.series[0]
        array = series.asarray()
        if series.axes == "ZCYX":
            array = array.transpose(1, 0, 2, 3)
        same(array, without_channels(volume), "tifffile:", name)
        expect(series.axes in ("ZYX", "ZCYX"), "tifffile: axes of", name, "are", series.axes)
        close(file.imagej_metadata["spacing"], spacing[0], "tifffile: distance of planes of", name)
        expect(file.imagej_metadata["unit"] in ("um", "\u00b5m", "micron"), "tifffile: unit of", name)
        for tag, length in (("YResolution", spacing[1]), ("XResolution", spacing[2])):
            above, below = file.pages[0].tags[tag].value
            close(below / above, length, "tifffile:", tag, "of", name)


def uploads(folder, volume, affine):
    """Files of one volume, each with its upload parameters and its affine."""
    dtype = str(volume.dtype)
    numpy.save(folder / "numpy.npy", without_channels(volume))
    spacing = "spacing=" + ",".join(str(length) for length in SPACING) + "&unit=micrometer"
    yield folder / "numpy.npy", spacing, None
    written_by_nibabel(folder / "nibabel.nii.gz", volume, affine)
    yield folder / "nibabel.nii.gz", "", affine
    for name, compress in (("itk.mha", True), ("itk.nrrd", False)):
        written_by_itk(folder / name, volume, affine, compress)
        yield folder / name, "unit=micrometer", affine
    written_by_pynrrd(folder / "pynrrd.nrrd", volume, affine)
    yield folder / "pynrrd.nrrd", "", affine
    pages = volume.transpose(1, 0, 2, 3)
    if dtype in ("uint8", "uint16", "float32"):
        tifffile.imwrite(folder / "imagej.tif", pages, imagej=True, resolution=(1 / SPACING[2], 1 / SPACING[1]),
                         metadata={"axes": "ZCYX", "spacing": SPACING[0], "unit": "um"})
        yield folder / "imagej.tif", "", None
    if "int64" not in dtype:  # OME does not support it.
        tifffile.imwrite(folder / "tifffile.ome.tif", pages, compression="zlib", tile=(16, 16), metadata={
            "axes": "ZCYX", "PhysicalSizeZ": SPACING[0], "PhysicalSizeY": SPACING[1], "PhysicalSizeX": SPACING[2],
            "PhysicalSizeZUnit": "\u00b5m", "PhysicalSizeYUnit": "\u00b5m", "PhysicalSizeXUnit": "\u00b5m"})
        yield folder / "tifffile.ome.tif", "", None
    if dtype in ("uint8", "uint16") and len(volume) == 3:
        tifffile.imwrite(folder / "rgb.tif", volume.transpose(1, 2, 3, 0), photometric="rgb", compression="zlib",
                         predictor=True)
        yield folder / "rgb.tif", spacing, None


def check(server, folder, dtype, channels):
    volume = sample(dtype, channels)
    for path, query, affine in uploads(folder, volume, OBLIQUE):
        name = f"{path.name}-{dtype}-{channels}"
        place = f"/v1/projects/check/volumes/{name}"
        stored = json.loads(server.request("PUT", f"{place}?{query}", path.read_bytes()))
        expect(stored["dtype"] == dtype, path.name, "was taken as", stored["dtype"])
        expect(stored["shape"]["c"] == channels, path.name, "has the channels", stored["shape"])
        wanted = SPACING if affine is None else numpy.linalg.norm(affine[:3, :3], axis=0)[::-1]
        close([stored["spacing"][axis] for axis in "zyx"], wanted, path.name, "spacing", tolerance=1e-5)
        known = UNPLACED if affine is None else affine
        for ending in ("nii", "nii.gz", "nrrd", "mha", "tiff", "npy", "raw"):
            copy = folder / f"copy.{ending}"
            copy.write_bytes(server.request("GET", f"{place}/image?format={ending}"))
            title = f"{path.name} of {dtype}, {channels} channels, as {ending}"
            if ending.startswith("nii"):
                image = read_by_nibabel(copy, volume, known, title)
                if path.name.startswith("nibabel"):
                    original = nibabel.load(path)
                    expect(type(image) is type(original), title, "is another NIfTI")
                    expect((image.affine == original.affine).all(), title, "changed the affine")
                if not isinstance(image, nibabel.Nifti2Image):  # This ITK does not support it.
                    read_by_itk(copy, volume, MILLIMETERS @ known, title)
            elif ending == "nrrd":
                read_by_pynrrd(copy, volume, known, title)
                read_by_itk(copy, volume, known, title)
            elif ending == "mha":
                read_by_itk(copy, volume, known, title)
            elif ending == "tiff":
                read_by_tifffile(copy, volume, wanted, title)
                if "64" not in dtype and channels == 1:  # ITK's TIFF supports neither.
                    read_by_itk(copy, volume, None, title)
            elif ending == "npy":
                same(numpy.load(copy), without_channels(volume), "NumPy:", title)
            else:
                same(numpy.frombuffer(copy.read_bytes(), dtype).reshape(volume.shape), volume, title)


def check_labels(server, folder):
    """Label volumes of other types and values, floats included, and a palette TIFF, whose indices are the labels."""
    labels = numpy.random.default_rng(2).integers(0, 2, (5, 7, 6)).astype("uint8")
    labels[2, 3] = 255
    image = io.BytesIO()
    numpy.save(image, labels)
    place = "/v1/projects/check/volumes/labelled"
    server.request("PUT", place, image.getvalue())
    far = numpy.where(labels == 255, 0, labels.astype("int32") + 1000)
    written_by_nibabel(folder / "float.nii.gz", labels[None].astype("float32"), OBLIQUE)
    numpy.save(folder / "far.npy", far)
    tifffile.imwrite(folder / "palette.tif", labels, photometric="palette",
                     colormap=numpy.zeros((3, 256), "uint16"))
    for name, query in (("float.nii.gz", ""), ("palette.tif", ""), ("far.npy", "?values=0:unlabeled,1000:a,1001:b")):
        server.request("PUT", f"{place}/annotations{query}", (folder / name).read_bytes())
        merged = numpy.load(io.BytesIO(server.request("GET", f"{place}/labels?format=npy")))
        same(merged, labels, name, "as labels")
        for annotation in json.loads(server.request("GET", f"{place}/annotations")):
            server.request("DELETE", f"{place}/annotations/{annotation['axis']}/{annotation['index']}")


def stored(server, path, query=""):
    """Uploads a file as a volume; returns what the server says of it, and its voxels as c, z, y, x."""
    place = f"/v1/projects/check/volumes/{path.stem}"
    told = json.loads(server.request("PUT", f"{place}?replace=true{query}", path.read_bytes()))
    voxels = numpy.load(io.BytesIO(server.request("GET", f"{place}/image?format=npy")))
    return told, voxels if voxels.ndim == 4 else voxels[None]


def check_hdf5(server, folder, dtype):
    """HDF5 by h5py: both byte orders, old and new file formats, every way of storing that needs no plug-in."""
    ways = ({}, {"chunks": (2, 4, 3, 2)}, {"compression": "gzip", "shuffle": True}, {"fletcher32": True},
            {"compression": "gzip", "chunks": (5, 7, 6, 2), "scaleoffset": 0 if "int" in dtype else None})
    for number, way in enumerate(ways):
        volume = sample(dtype, 2)
        if way.get("scaleoffset") == 0:
            volume = (volume % 100).astype(dtype)
        path = folder / f"h5py-{dtype}-{number}.h5"
        with h5py.File(path, "w", libver=("v110", "v110") if number % 2 else "earliest") as file:
            order = ">" if number in (1, 2) else "<"
            made = file.create_dataset(
                "group/voxels", data=volume.transpose(1, 2, 3, 0), dtype=numpy.dtype(dtype).newbyteorder(order), **way)
            made.attrs["axistags"] = json.dumps({"axes": [{"key": key} for key in "zyxc"]})
            made.attrs["element_size_um"] = SPACING
            file.create_dataset("table", data=numpy.zeros((100, 3)))
        told, voxels = stored(server, path, "&unit=micrometer")
        same(voxels, volume, path.name)
        close([told["spacing"][axis] for axis in "zyx"], SPACING, path.name, "spacing")
    for name, voxels in (("half", sample("float32", 1)[0].astype("float16")), ("mask", sample("uint8", 1)[0] > 99)):
        path = folder / f"h5py-{name}.h5"
        with h5py.File(path, "w") as file:
            file["a"] = voxels
        wanted = voxels.astype("float32" if name == "half" else "uint8")
        same(stored(server, path)[1][0], wanted, "h5py:", name)


def check_mrc(server, folder):
    """MRC by mrcfile, in the types that it knows."""
    for dtype in ("int8", "int16", "uint16", "float32", "float16"):
        volume = sample(dtype, 1)[0]
        path = folder / f"mrcfile-{dtype}.mrc"
        with mrcfile.new(path, overwrite=True) as file:
            file.set_data(volume)
            file.set_volume()
            file.set_extended_header(numpy.zeros(80, "S1"))
            file.voxel_size = SPACING[::-1]
        told, voxels = stored(server, path)
        same(voxels[0], volume.astype("float32") if dtype == "float16" else volume, path.name)
        close([told["spacing"][axis] for axis in "zyx"], SPACING, path.name, "spacing", tolerance=1e-5)
        expect(told["spacing"]["unit"] == "angstrom", path.name, "has the unit", told["spacing"]["unit"])


def check_jpeg(server, folder):
    """JPEG in TIFF by imagecodecs, whose values are not those that were packed, but the same for every reader."""
    ramp = numpy.add.outer(numpy.add.outer(numpy.arange(3) * 9, numpy.arange(40) * 2), numpy.arange(50)).astype("uint8")
    colors = numpy.stack([ramp, ramp[:, ::-1], 255 - ramp], axis=-1)
    for name, pages, options in (
            ("gray", ramp, {"photometric": "minisblack", "rowsperstrip": 16}),
            ("colours", colors, {"photometric": "rgb", "tile": (16, 32)}),
            ("subsampled", colors, {"photometric": "rgb", "compressionargs": {"level": 90}, "subsampling": (2, 2)})):
        path = folder / f"jpeg-{name}.tif"
        tifffile.imwrite(path, pages, compression="jpeg", **options)
        wanted = tifffile.imread(path)
        wanted = wanted[None] if wanted.ndim == 3 else wanted.transpose(3, 0, 1, 2)
        found = stored(server, path)[1].astype(int)
        expect(found.shape == wanted.shape and abs(found - wanted).max() <= 3, path.name, "has other voxels")


def read_series_by_itk(folder, files):
    """Reads files of DICOM as ITK puts them in order."""
    folder.mkdir()
    for index, content in enumerate(files):
        (folder / f"{index}.dcm").write_bytes(content)
    if len(files) == 1:
        return SimpleITK.ReadImage(str(folder / "0.dcm"))
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


def check_dicom_place(server, place, folder, image, name):
    """Checks where a volume lies against ITK's reading of the same files."""
    copy = folder / "copy.nrrd"
    copy.write_bytes(server.request("GET", f"{place}/image?format=nrrd"))
    ours = SimpleITK.ReadImage(str(copy))
    for fact in ("GetSpacing", "GetOrigin", "GetDirection"):
        close(getattr(ours, fact)(), getattr(image, fact)(), "SimpleITK:", fact, "of", name)


def dicom_kinds(name):
    """What numbers are tried in a transfer syntax: type, bits, slope, intercept; of a type and c colours."""
    if name == "JPEG_EXTENDED":
        return [("uint16", 12, 1, 0)]
    kinds = [("uint8", 8, 1, 0), ("uint8c", 8, 1, 0)]
    if name != "JPEG_BASELINE":
        kinds += [("uint16", 12, 1, -1024), ("int16", 16, 1, 0), ("uint16", 16, 0.25, 3)]
    # What imagecodecs doesn't pack.
    none = ("uint8c", "int16") if name in ("JPEG_LOSSLESS", "JPEG_LS") else ()
    return [kind for kind in kinds if kind[0] not in none]


def check_dicom(server, folder):
    """Series and frames of DICOM in every transfer syntax, against what was written and against SimpleITK's reading."""
    chance = numpy.random.default_rng(6)
    affine = FLIP @ OBLIQUE[:3]
    syntaxes = {name: value for name, value in vars(dicom).items() if str(value).startswith("1.2.840.10008.1.2")}
    for name, syntax in syntaxes.items():
        is_lossy = name in ("JPEG_BASELINE", "JPEG_EXTENDED")
        for kind, bits, slope, intercept in dicom_kinds(name):
            title = f"dicom-{name}-{kind}-{bits}-{slope}"
            dtype = kind.removesuffix("c")
            low = -2 ** (bits - 1) if dtype == "int16" else 0
            voxels = chance.integers(low, low + 2**bits, (5, 7, 6, 3) if kind.endswith("c") else (5, 7, 6)).astype(dtype)
            files = dicom.series(voxels, affine, syntax, bits, slope, intercept)
            path = folder / f"{title}.zip"
            path.write_bytes(dicom.zipped(files))
            told, found = stored(server, path)
            found = found.transpose(1, 2, 3, 0) if kind.endswith("c") else found[0]
            expected = dtype if (slope, intercept) == (1, 0) else "int16" if slope == 1 else "float32"
            expect(told["dtype"] == expected, title, "is of the type", told["dtype"])
            if not is_lossy:
                same(found, (voxels * numpy.float64(slope) + intercept).astype(expected), title)
            if name == "RUNS":  # SimpleITK does not unpack it.
                same(dicom.pixels(files), voxels, "pydicom:", title)
                continue
            image = read_series_by_itk(folder / title, files)
            theirs = SimpleITK.GetArrayFromImage(image)
            # Of JPEG 2000 ITK counts the bits of the packed numbers.
            if expected != "float32" and name != "JPEG_2000":
                expect(theirs.dtype == expected, "SimpleITK:", title, "is of the type", theirs.dtype)
            same(found, theirs.astype(expected), "SimpleITK:", title)
            check_dicom_place(server, f"/v1/projects/check/volumes/{title}", folder, image, title)
    for name in ("EXPLICIT", "IMPLICIT", "JPEG_LOSSLESS", "JPEG_2000"):
        voxels = chance.integers(0, 4096, (5, 7, 6)).astype("uint16")
        path = folder / f"frames-{name}.dcm"
        path.write_bytes(dicom.enhanced(voxels, affine, syntaxes[name], 12))
        told, found = stored(server, path)
        same(found[0], voxels, path.name)
        image = read_series_by_itk(folder / f"frames-{name}", [path.read_bytes()])
        same(SimpleITK.GetArrayFromImage(image), voxels, "SimpleITK:", path.name)
        check_dicom_place(server, f"/v1/projects/check/volumes/{path.stem}", folder, image, path.name)


def check_segments(server, folder):
    """Segmentations as slicerio, of the makers of 3D Slicer, reads and writes them."""
    labels = numpy.random.default_rng(4).integers(0, 2, (5, 7, 6)).astype("uint8")
    labels[2, 3] = 255
    written_by_nibabel(folder / "segmented.nii.gz", labels[None], OBLIQUE)
    place = "/v1/projects/check/volumes/segmented"
    server.request("PUT", place, (folder / "segmented.nii.gz").read_bytes())
    server.request("PUT", f"{place}/truth", (folder / "segmented.nii.gz").read_bytes())
    path = folder / "truth.seg.nrrd"
    path.write_bytes(server.request("GET", f"{place}/truth?format=seg.nrrd"))
    read = slicerio.read_segmentation(str(path))
    names = [(segment["name"], segment["labelValue"]) for segment in read["segments"]]
    expect(names == [("a", 1), ("b", 2)], "slicerio: segments are", names)
    same(read["voxels"].T, (labels + 1).astype("uint8"), "slicerio: truth.seg.nrrd")
    color = json.loads(server.request("GET", "/v1/projects/check"))["classes"][1]["color"]
    found = "#" + "".join(f"{round(part * 255):02x}" for part in read["segments"][1]["color"])
    expect(found == color, "slicerio: the colour is", found, "instead of", color)
    read["segments"].reverse()
    back = folder / "back.seg.nrrd"
    slicerio.write_segmentation(str(back), read)
    server.request("PUT", f"{place}/truth", back.read_bytes())
    merged = numpy.load(io.BytesIO(server.request("GET", f"{place}/truth?format=npy")))
    same(merged, labels, "what slicerio wrote")


def main():
    with tempfile.TemporaryDirectory() as folder, running(sys.argv[1], folder) as server:
        server.request("PUT", "/v1/projects/check", b'{"classes":[{"name":"a"},{"name":"b"}]}')
        for dtype in sys.argv[2:] or TYPES:
            for channels in (1, 3):
                check(server, Path(folder), dtype, channels)
            check_hdf5(server, Path(folder), dtype)
        check_labels(server, Path(folder))
        check_mrc(server, Path(folder))
        check_jpeg(server, Path(folder))
        check_segments(server, Path(folder))
        check_dicom(server, Path(folder))
    print(f"{checks} comparisons, all the same")


if __name__ == "__main__":
    main()
