#!/usr/bin/env python3
"""Reads volumes as OME-Zarr by the programs that people use for it, and compares them with what the server gives as files.

Starts the program given as the first argument, uploads volumes of several types and shapes, annotates and trains one in a
moment, and opens each in both versions of OME-Zarr with zarr-python and ome-zarr-py; ome-zarr-models judges the metadata.
Every voxel of every level must be the same, also through a link, and an ended link must not look like an empty volume.
The other way round, stores that zarr-python and ome-zarr-py wrote are uploaded, zipped, from a folder and from a web server, and
what the server served is sent back to it. Neuroglancer draws volumes in a browser, from links, and the lines
of the page on OME-Zarr are run. At last, `slicewise predict` goes from one OME-Zarr to another in parts.
"""

import contextlib
import io
import json
import math
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import nibabel
import numpy
import zarr
from ome_zarr.io import parse_url
from ome_zarr.reader import Reader
from ome_zarr_models import open_ome_zarr

import pages
import zarr_neuroglancer
import zarr_prediction
import zarr_stores
from server import running, web_server

FOLDERS = {"ome.zarr": "0.4", "ome.zarr3": "0.5"}
# Channels, z, y, x: none, some and all sizes a multiple of the brick; thin; of unequal spacings; of many levels.
SAMPLES = {
    "odd": ("uint16", (2, 65, 70, 129), "1,1,1"),
    "cube": ("uint8", (1, 64, 64, 64), "1,1,1"),
    "thin": ("float32", (1, 1, 130, 67), "1,0.5,0.25"),
    "colours": ("uint8", (3, 3, 128, 65), "2,0.5,0.5"),
    "unequal": ("float32", (1, 5, 130, 140), "8,0.5,0.5"),
    "voxel": ("int16", (1, 1, 1, 1), "1,1,1"),
    "double": ("float64", (1, 2, 3, 200), "1,1,1"),
}
TINY = {"preset": "fast", "base": 2, "levels": 2, "patch": {"z": 4, "y": 16, "x": 16}}
checks = 0


def expect(condition, *what):
    global checks
    checks += 1
    if not condition:
        sys.exit("check_zarr: " + " ".join(str(part) for part in what))


def same(found, wanted, *what):
    expect(found.shape == wanted.shape, *what, "has the shape", found.shape, "instead of", wanted.shape)
    expect(found.dtype == wanted.dtype, *what, "has the type", found.dtype, "instead of", wanted.dtype)
    expect(numpy.array_equal(found, wanted), *what, "has other voxels")


def npy(values):
    file = io.BytesIO()
    numpy.save(file, values)
    return file.getvalue()


def sample(dtype, shape):
    """Random voxels over the whole range of an integer type."""
    chance = numpy.random.default_rng(3)
    if dtype.startswith("float"):
        return (chance.normal(size=shape) * 1e3).astype(dtype)
    limits = numpy.iinfo(dtype)
    return chance.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)


def image(server, place):
    """The image as the server gives it as NIfTI, in the order c, z, y, x."""
    file = nibabel.Nifti1Image.from_bytes(server.request("GET", f"{place}/image?format=nii"))
    array = numpy.asarray(file.dataobj).T
    return array.reshape(-1, *array.shape[-3:]).astype(array.dtype.newbyteorder("="))


def array(server, path):
    return numpy.load(io.BytesIO(server.request("GET", path)))


def level(server, place, number, of, channel):
    """A level by the bricks that Documentation/API.md describes, in its type."""
    content = next(one for one in json.loads(server.request("GET", f"{place}/bricks")) if one["of"] == of)
    shape = [content["levels"][number]["shape"][axis] for axis in "zyx"]
    dtype, edge = numpy.dtype(content["dtype"]), content["edge"]
    answer = server.request("GET", f"{place}/bricks/{number}?of={of}&channel={channel}")
    voxels, offset = numpy.zeros(shape, dtype), 0
    while offset < len(answer):
        z, y, x, count, fill = (int(number) for number in numpy.frombuffer(answer, "<u4", 5, offset))
        size = [min(edge, all - edge * i) for all, i in zip(shape, (z, y, x))]
        bytes_ = dtype.itemsize * math.prod(size)
        planes = numpy.frombuffer(answer, "u1", count, offset + 20) if count else numpy.full(bytes_, fill, "u1")
        offset += 20 + count
        brick = planes.reshape(dtype.itemsize, -1).T.copy().view(dtype).reshape(size)
        voxels[tuple(slice(edge * i, edge * (i + 1)) for i in (z, y, x))] = brick
    return voxels


def wait_for_levels(server, place):
    while True:
        contents = json.loads(server.request("GET", f"{place}/bricks"))
        if all(level["ready"] for content in contents for level in content["levels"]):
            return
        time.sleep(0.1)


def check_levels(server, place, group, of, channels, *what):
    """Every level of an image or labels, which the bricks have the same voxels of; the number of levels."""
    levels = group.attrs.asdict()
    levels = levels.get("ome", levels)["multiscales"][0]["datasets"]
    for number, dataset in enumerate(levels):
        found = group[dataset["path"]][:]
        wanted = [level(server, place, number, of, channel) for channel in range(channels or 1)]
        if channels is None:  # Labels: class + 1, and 0 for unlabeled.
            same(found, wanted[0] + numpy.uint8(1), *what, "level", number)
        else:
            same(found, numpy.stack(wanted), *what, "level", number)
    return len(levels)


def check_image(server, name):
    dtype, shape, spacing = SAMPLES[name]
    place = f"/v1/projects/check/volumes/{name}"
    server.request("PUT", f"{place}?axes=czyx&spacing={spacing}&unit=micrometer", npy(sample(dtype, shape)))
    wait_for_levels(server, place)
    wanted = image(server, place)
    expect(wanted.shape == shape and wanted.dtype == dtype, name, "is", wanted.shape, wanted.dtype, "as NIfTI")
    for folder, version in FOLDERS.items():
        address = f"{server.address}{place}/{folder}"
        group = zarr.open_group(address, mode="r")
        same(group["0"][:], wanted, name, folder)
        levels = check_levels(server, place, group, "image", shape[0], name, folder)
        expect(levels == len(json.loads(server.request("GET", place))["levels"]), name, folder, "lacks levels")
        judged = open_ome_zarr(group)
        expect(version.replace(".", "") in type(judged).__module__.replace("_", ""), name, folder, "is", type(judged))
        nodes = list(Reader(parse_url(address))())
        expect(len(nodes) == 1 and len(nodes[0].data) == levels, name, folder, "has", len(nodes), "nodes")
        corner = tuple(slice(max(size - 70, 0), size) for size in shape)
        same(nodes[0].data[0][corner].compute(), wanted[corner], name, folder, "in ome-zarr-py")


def train(server):
    """A volume with annotated slices, a truth and a prediction."""
    place = "/v1/projects/check/volumes/whole"
    labels = numpy.random.default_rng(1).integers(0, 2, (6, 130, 70)).astype("uint8")
    server.request("PUT", f"{place}?spacing=1,0.5,0.5&unit=nanometer", npy(labels.astype("uint16") * 100))
    server.request("PUT", f"{place}/truth", npy(labels))
    for axis, index in (("z", 1), ("y", 129), ("x", 33)):
        server.request("POST", f"{place}/annotations?axis={axis}&index={index}", npy(labels.take(index, "zyx".index(axis))))
    job = {"kind": "train", "recipe": TINY, "budget": {"steps": 3}, "volumes": ["whole"]}
    made = json.loads(server.request("POST", "/v1/projects/check/jobs", json.dumps(job).encode()))
    while made["state"] in ("queued", "running"):
        time.sleep(0.1)
        made = json.loads(server.request("GET", f"/v1/projects/check/jobs/{made['id']}"))
    expect(made["state"] == "succeeded", "the training", made["state"], made["error"])
    wait_for_levels(server, place)
    return place


def check_labels(server, place):
    wanted = {
        "annotation": array(server, f"{place}/labels?format=npy"),
        "prediction": array(server, f"{place}/prediction?format=npy"),
        "truth": array(server, f"{place}/truth?format=npy"),
    }
    probability = array(server, f"{place}/probability?format=npy")
    uncertainty = array(server, f"{place}/uncertainty?format=npy")
    for folder in FOLDERS:
        address = f"{server.address}{place}/{folder}"
        group = zarr.open_group(address, mode="r")
        expect(set(group["labels"].group_keys()) == set(wanted), folder, "has the labels", *group["labels"].group_keys())
        levels = check_levels(server, place, group, "image", 1, folder)
        for name, values in wanted.items():
            what = (folder, name)
            same(group[f"labels/{name}/0"][:], values + numpy.uint8(1), *what)
            open_ome_zarr(group[f"labels/{name}"])
            if name == "annotation":
                check_coarse_slices(group["labels/annotation"], levels, values, *what)
            else:
                expect(check_levels(server, place, group[f"labels/{name}"], name, None, *what) == levels, *what)
        found = group["probability/0"][:]
        expect(numpy.array_equal(found.astype("float32") / numpy.float32(65535), probability), folder, "probability")
        expect(numpy.abs(group["uncertainty/0"][0] / 65535 - uncertainty).max() < 1e-5, folder, "uncertainty")
        expect(check_levels(server, place, group["uncertainty"], "uncertainty", 1, folder) == levels, folder)
        open_ome_zarr(group["probability"])
        check_objects(server, place, address, folder)
        nodes = list(Reader(parse_url(address))())
        names = sorted(node.metadata["name"] for node in nodes[1:] if "name" in node.metadata)
        expect(len(nodes) >= 1 + len(wanted), folder, "has", len(nodes), "nodes in ome-zarr-py:", *names)


def check_objects(server, place, address, folder):
    """Objects by their own address, in level 1, too, which has half as many voxels along y and x."""
    for label in ("a", "b"):
        group = zarr.open_group(f"{address}/labels/objects/{label}", mode="r")
        wanted = array(server, f"{place}/objects?class={label}&format=npy")
        same(group["0"][:], wanted, folder, "objects of", label)
        same(group["1"][:], wanted[:, ::2, ::2], folder, "objects of", label, "level 1")
        open_ome_zarr(group)


def check_coarse_slices(group, levels, values, *what):
    """Where a coarser level has a label, so has a voxel that it stands for; where it has none, none of them has."""
    for number in range(levels):
        coarse = group[str(number)][:]
        factors = [-(-all // size) for all, size in zip(values.shape, coarse.shape)]
        padded = numpy.pad(
            values, [(0, size * factor - all) for all, size, factor in zip(values.shape, coarse.shape, factors)],
            constant_values=255)
        z, y, x = factors
        parts = [padded[i::z, j::y, k::x] + numpy.uint8(1) for i in range(z) for j in range(y) for k in range(x)]
        expect(numpy.array_equal(coarse > 0, numpy.max(parts, 0) > 0), *what, "level", number)
        expect(numpy.any([part == coarse for part in parts], 0).all(), *what, "level", number)


def answer(server, path, method="GET"):
    try:
        with urllib.request.urlopen(urllib.request.Request(server.address + path, method=method)) as found:
            return found.status, found.headers, found.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def check_link(server, place, volume):
    made = json.loads(server.request("POST", "/v1/projects/check/shares", json.dumps({"volume": volume}).encode()))
    groups = {folder: zarr.open_group(server.address + made["paths"][folder], mode="r") for folder in FOLDERS}
    for folder, group in groups.items():
        same(group["0"][:], image(server, place), "the link to", folder)
    chunk = made["paths"]["ome.zarr"] + "/0/0/0/0/0"
    status, headers, body = answer(server, chunk, "HEAD")
    expect(status == 200 and int(headers["Content-Length"]) == len(answer(server, chunk)[2]) and not body, "HEAD", status)
    expect(headers["Access-Control-Allow-Origin"] == "*" and headers["Content-Encoding"] is None, headers)
    status, headers, _ = answer(server, made["paths"]["ome.zarr"] + "/labels/annotation/0/0/1/0")
    expect(status in (200, 404) and headers["Access-Control-Allow-Origin"] == "*", status, headers)
    server.request("DELETE", f"/v1/projects/check/shares/{made['id']}")
    for folder, group in groups.items():
        try:
            group["0"][:]
        except Exception as error:
            expect("410" in str(error), folder, error)
        else:
            sys.exit(f"check_zarr: {folder} of a revoked link is read as an empty volume")


def taken(server, name, wanted, *what):
    """The image of a volume must have these voxels."""
    found = array(server, f"/v1/projects/check/volumes/{name}/image?format=npy")
    same(found.reshape(-1, *found.shape[-3:]), wanted.reshape(-1, *wanted.shape[-3:]), *what)


def check_stores(server, folder, web):
    """Stores of other programs, each in place of the one before; `web` is the address of the folder."""
    place = "/v1/projects/check/volumes/store"
    for name, file, wanted in zarr_stores.stores(folder):
        made = json.loads(server.request("PUT", f"{place}?replace=true", file))
        taken(server, "store", wanted, name)
        expect(made["spacing"] == {"z": 2, "y": 0.5, "x": 0.25, "unit": "micrometer"}, name, "has", made["spacing"])
        expect(made["warnings"] == [] or "type bool" in name, name, *made["warnings"])
    for version in (2, 3):
        file, wanted = zarr_stores.sparse(folder, version)
        server.request("PUT", f"{place}?replace=true", file)
        taken(server, "store", wanted, "format", version, "with missing chunks")
    for version in ("0.4", "0.5"):
        file, image, half, labels = zarr_stores.written_by_ome_zarr(folder, version)
        server.request("PUT", f"{place}?replace=true", file)
        taken(server, "store", image, "ome-zarr-py", version)
        server.request("PUT", f"{place}/truth?values=0:unlabeled,1:a,2:b", file)
        same(array(server, f"{place}/truth?format=npy"), labels - numpy.uint8(1), "labels of ome-zarr-py", version)
        server.request("DELETE", f"{place}/truth")
        server.request("PUT", f"{place}-{version}?level=1", file)
        taken(server, f"store-{version}", half, "level 1 of ome-zarr-py", version)
        # The same from a folder of the machine.
        where = urllib.parse.quote(str(folder / f"ome-{version}"))
        server.request("PUT", f"{place}-folder-{version}?from={where}")
        taken(server, f"store-folder-{version}", image, "a folder of ome-zarr-py", version)
        # And from a web server.
        for level, wanted in ((0, image), (1, half)):
            name = f"store-web-{version}-{level}"
            server.request("PUT", f"/v1/projects/check/volumes/{name}?from={web}/ome-{version}&level={level}")
            taken(server, name, wanted, "ome-zarr-py's on a web server", version, "level", level)


def check_return(server, place):
    """What the server serves, sent back to it, is what it was."""
    for folder in FOLDERS:
        def get(key):
            status, _, body = answer(server, f"{place}/{folder}/{key}")
            expect(status in (200, 404), key, "is answered by", status)
            return body if status == 200 else None

        file, copy = zarr_stores.fetched(get, folder.endswith("3")), f"{place}-{folder}"
        server.request("PUT", copy, file)
        for what, label in (("truth", "truth"), ("annotations", "annotation")):
            server.request("PUT", f"{copy}/{what}?dataset=labels/{label}", file)
        for what in ("image", "truth", "labels"):
            same(array(server, f"{copy}/{what}?format=npy"), array(server, f"{place}/{what}?format=npy"), folder, what)


def check_page(server, program, folder):
    """The lines of Documentation/OMEZarr.md, from nothing to a prediction, and the code that reads it."""
    folder.mkdir()
    loop = pages.changed(pages.blocks("OMEZarr.md", "sh")[0], server.address, pages.SHORT)
    told = pages.shell(loop, folder, program)
    expect("succeeded" in told, "OMEZarr.md: the training", told[-500:])
    with contextlib.redirect_stdout(io.StringIO()):
        names = pages.python(pages.changed(pages.blocks("OMEZarr.md", "python", "Python")[0], server.address))
        names = pages.python(pages.changed(pages.blocks("OMEZarr.md", "python", "Objects")[0], server.address), names)
    place = "/v1/projects/kidney/volumes/sample"
    same(names["classes"], array(server, f"{place}/prediction?format=npy"), "OMEZarr.md: the prediction")
    same(names["lazy"].compute(), image(server, place), "OMEZarr.md: the image")
    found = names["objects"]
    expect(((found > 0) == (names["classes"] == 1)).all(), "OMEZarr.md: the objects are not those of the class")


def main():
    with (
        tempfile.TemporaryDirectory() as folder, web_server(Path(folder) / "stores") as web,
        running(sys.argv[1], folder, flags=["--import-roots", f"{folder}:{web}"]) as server,
    ):
        server.request("PUT", "/v1/projects/check", b'{"classes":[{"name":"a","color":"#e69f00"},{"name":"b"}]}')
        for name in SAMPLES:
            check_image(server, name)
        place = train(server)
        check_labels(server, place)
        check_return(server, place)
        check_stores(server, Path(folder) / "stores", web)
        check_link(server, place, "whole")
        zarr_neuroglancer.check(server, "check", Path(folder), expect)
        check_page(server, sys.argv[1], Path(folder) / "page")
        zarr_prediction.check(sys.argv[1], Path(folder), expect, same)
    print(f"check_zarr: {checks} checks passed")


if __name__ == "__main__":
    main()
