#!/usr/bin/env python3
"""Writes the small HDF5 files in Tests/Fuzz/Corpus/hdf5, which the tests read.

`make_hdf5_samples.py FOLDER`; needs h5py and NumPy. The layouts are those that the named programs write; voxels of a
volume of z, y, x count on by 7, from 0 on, in the type that is there. The lists beside the files, from which fuzzing
starts, are what CHDF5Reader says of them.
"""

import json
import sys
from pathlib import Path

import h5py
import numpy

SHAPE = (5, 7, 6)


def counted(dtype, shape=SHAPE):
    return (numpy.arange(numpy.prod(shape)) * 7).astype(dtype).reshape(shape)


def tags(axes, resolution=0.0):
    kinds = {"c": 1, "x": 2, "y": 2, "z": 2, "t": 8}
    return json.dumps({"axes": [{"key": axis, "typeFlags": kinds[axis], "resolution": resolution, "description": ""}
                                for axis in axes]})


def text(value):
    """A text as Imaris has it: an array of single letters."""
    return numpy.frombuffer(str(value).encode(), "S1")


def ilastik(file):
    voxels = numpy.stack([counted("uint8"), counted("uint8") + 1], axis=-1)[None]
    made = file.create_dataset("exported_data", data=voxels, chunks=(1, 3, 4, 4, 2), compression="gzip")
    made.attrs["axistags"] = tags("tzyxc")
    made.attrs["display_mode"] = "grayscale"


def plantseg(file):
    for name, dtype in (("raw", "float32"), ("label", "uint16")):
        made = file.create_dataset(name, data=counted(dtype), compression="gzip", shuffle=True)
        made.attrs["element_size_um"] = numpy.array([0.5, 0.25, 0.125], "float32")


def imaris(file):
    for level, size in ((0, (5, 7, 6)), (1, (3, 4, 3))):
        for time in range(2):
            for channel in range(2):
                group = file.create_group(f"DataSet/ResolutionLevel {level}/TimePoint {time}/Channel {channel}")
                for axis, length in zip("ZYX", size):
                    group.attrs[f"ImageSize{axis}"] = text(length)
                padded = numpy.zeros((8, 8, 8), "uint16")
                padded[:size[0], :size[1], :size[2]] = counted("uint16", size) + channel + 100 * time
                group.create_dataset("Data", data=padded, chunks=(4, 4, 4), compression="gzip")
    image = file.create_group("DataSetInfo/Image")
    for axis, (name, least, most) in enumerate((("X", "-1", "2"), ("Y", "0", "7"), ("Z", "10", "20"))):
        image.attrs[f"ExtMin{axis}"], image.attrs[f"ExtMax{axis}"] = text(least), text(most)
        image.attrs[name] = text((6, 7, 5)[axis])
    image.attrs["Unit"] = text("um")
    file.attrs["ImarisDataSet"] = text("ImarisDataSet")


def bigdataviewer(file):
    for time in range(2):
        for setup in range(2):
            for level, size in ((0, SHAPE), (1, (2, 3, 3))):
                voxels = (counted("uint16", size) + 65000 + setup + 100 * time).astype("uint16").view("int16")
                file.create_dataset(f"t{time:05}/s{setup:02}/{level}/cells", data=voxels, chunks=(2, 3, 3),
                                    compression="gzip")
    for setup in range(2):
        file.create_dataset(f"s{setup:02}/resolutions", data=numpy.array([[1.0, 1, 1], [2, 2, 2]]))
        file.create_dataset(f"s{setup:02}/subdivisions", data=numpy.array([[3, 3, 2], [3, 3, 2]], "int32"))


def newest(file):
    """The file format of HDF5 1.10, in which attributes lie elsewhere, big-endian numbers and checksums."""
    made = file.create_dataset("a/b/volume", data=counted(">i4"), chunks=(2, 4, 4), maxshape=(None, None, 6),
                               fletcher32=True, shuffle=True)
    for index in range(20):
        made.attrs[f"note {index}"] = "%\t" + "n" * index
    for index, name in enumerate("zyx"):
        made.dims[index].label = name
    made.attrs["spacing"] = (3.0, 2.0, 1.0)
    made.attrs["units"] = "nm"


def matlab(file):
    made = file.create_dataset("stack", data=counted("float64"))
    made.attrs["MATLAB_class"] = numpy.bytes_("double")


def elsewhere(file):
    """Everything that leads out of the file, and what takes a plug-in."""
    file["soft"] = h5py.SoftLink("/packed")
    file["outside"] = h5py.ExternalLink("/etc/passwd", "/x")
    file.create_dataset("packed", data=counted("uint8"), compression="lzf")
    file.create_dataset("stored", shape=SHAPE, dtype="uint8", external=[("/etc/passwd", 0, 210)])
    layout = h5py.VirtualLayout(shape=SHAPE, dtype="uint8")
    layout[:] = h5py.VirtualSource("other.h5", "packed", shape=SHAPE)
    file.create_virtual_dataset("virtual", layout)
    file.create_dataset("complex", data=counted("complex64"))
    file.create_dataset("empty", shape=(0, 7, 6), dtype="uint8")
    file["circle"] = file["/"]


def others(file):
    """Other types of numbers and orders of axes."""
    file.create_dataset("mask", data=counted("uint8") % 2 == 1)
    file.create_dataset("half", data=counted("float16"))
    file.create_dataset("channels", data=numpy.stack([counted("int16"), counted("int16") + 1]))
    last = file.create_dataset("last", data=numpy.stack([counted("int16"), counted("int16") + 1], axis=-1))
    last.attrs["note"] = numpy.zeros(1000)
    file.create_dataset("colours", data=numpy.zeros((20, 30, 3), "uint8"))
    file.create_dataset("plane", data=counted("uint8", (7, 6)))
    file.create_dataset("series", data=numpy.stack([counted("uint8"), counted("uint8") + 1]))
    file["series"].attrs["axistags"] = tags("tzyx", 0.5)


SAMPLES = {
    "ilastik.h5": (ilastik, {}), "plantseg.h5": (plantseg, {}), "imaris.ims": (imaris, {}),
    "bigdataviewer.h5": (bigdataviewer, {}), "newest.h5": (newest, {"libver": ("v110", "v110")}),
    "matlab.mat": (matlab, {"userblock_size": 512}), "elsewhere.h5": (elsewhere, {}), "others.h5": (others, {}),
}


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, (write, options) in SAMPLES.items():
        with h5py.File(folder / name, "w", track_order=False, **options) as file:
            write(file)


if __name__ == "__main__":
    main()
