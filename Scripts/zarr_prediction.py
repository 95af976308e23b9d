"""Predicts OME-Zarrs that zarr-python wrote, in parts, and reads the result with zarr-python, ome-zarr-py and ome-zarr-models."""

import json
import subprocess

import numpy
import zarr
from ome_zarr.io import parse_url
from ome_zarr.reader import Reader
from ome_zarr_models import open_ome_zarr

import zarr_stores

SHAPE = (1, 40, 70, 130)
SCALE = [1, 2, 1, 1]


def image(folder, format):
    """An OME-Zarr of noise, in format 3 with shards."""
    store = folder / f"noise{format}.ome.zarr"
    group = zarr.open_group(store, mode="w", zarr_format=format)
    group.attrs.update(zarr_stores.attributes(
        format, {"multiscales": zarr_stores.multiscales(zarr_stores.AXES, [SCALE])}))
    arguments = {"shards": (1, 32, 64, 64)} if format == 3 else {"chunk_key_encoding": {"name": "v2", "separator": "/"}}
    array = group.create_array("0", shape=SHAPE, chunks=(1, 16, 32, 64), dtype="uint16", **arguments)
    array[:] = numpy.random.default_rng(4).integers(0, 4000, SHAPE, dtype="uint16")
    return store


def model(program, folder):
    def run(*arguments):
        subprocess.run([program, *arguments], check=True, capture_output=True)

    run("phantom", "--size", "16,32,32", "--channels", "1", "--out", folder)
    run("train", "--image", folder / "image.nii.gz", "--labels", folder / "sparse.nii.gz", "--out", folder / "model",
        "--recipe", '{"base":4,"levels":2}', "--steps", "3", "--threads", "1")
    return folder / "model"


def check(program, folder, expect, same):
    weights = model(program, folder)
    found = {}
    for format, version in ((2, "v04"), (3, "v05")):
        source, out = image(folder, format), folder / f"out{format}.ome.zarr"

        def predict(out, *options):
            command = [program, "predict", "--model", weights, "--image", source, "--out", out, "--threads", "1", *options]
            done = subprocess.run(command, capture_output=True, text=True)
            expect(done.returncode == 0, *command, done.stderr)

        for step in (["--part", "2/2"], ["--part", "1/2"], ["--finish"]):
            predict(out, "--memory", "16", "--with", "probability,uncertainty", "--zarr", str(format), *step)
        predict(folder / "plain.npy")
        group = zarr.open_group(out, mode="r")
        for place in ("", "probability", "uncertainty"):
            judged = open_ome_zarr(group[place] if place else group)
            expect(version in type(judged).__module__, place, "is", type(judged))
        found[format] = voxels(group, expect, same, numpy.load(folder / "plain.npy"))
        nodes = list(Reader(parse_url(str(out)))())
        expect(nodes, "ome-zarr-py finds nothing in", out)
        same(nodes[0].data[0].compute(), found[format], "ome-zarr-py", format)
    same(found[3], found[2], "a prediction in format 3")


def voxels(group, expect, same, plain):
    """The labels, which must be those of the other arrays, of coarser levels and of an ordinary prediction."""
    labels, shares = group["0"][:], group["probability/0"][:].astype(float) / 65535
    expect(labels.shape == SHAPE[1:], labels.shape)
    expect(shares.shape == (3, *SHAPE[1:]), shares.shape)
    top = numpy.sort(shares, 0)
    sure = top[-1] - top[-2] > 1e-4
    expect(sure.mean() > 0.5 and ((shares.argmax(0) + 1 == labels) | ~sure).all(), "labels are not the likeliest classes")
    entropy = -(shares * numpy.log(numpy.maximum(shares, 1e-9))).sum(0) / numpy.log(3)
    expect(abs(group["uncertainty/0"][0] / 65535 - entropy).max() < 2e-3, "uncertainty")
    expect((plain + 1 == labels).mean() > 0.999, "an ordinary prediction differs at", (plain + 1 != labels).mean())
    # Voxels are twice as long along z, and 40 of them are few: only y and x are halved.
    same(group["1"][:], labels[:, ::2, ::2], "level 1")
    means = shares.reshape(3, 40, 35, 2, 65, 2).mean((3, 5))
    expect(abs(group["probability/1"][:] / 65535 - means).max() < 2e-5, "level 1 of the probabilities")
    attributes = group.attrs.asdict()
    attributes = attributes.get("ome", attributes)
    names = [one["name"] for one in attributes["image-label"]["properties"]]
    expect(names == ["class0", "class1", "class2"], json.dumps(names))
    scale = attributes["multiscales"][0]["datasets"][1]["coordinateTransformations"][0]["scale"]
    expect(scale == [2, 2, 2], "level 1 has the scale", scale)
    return labels
