"""OME-Zarrs as zarr-python and ome-zarr write them, zipped for an upload: every codec, odd chunks, shards, both versions."""

import io
import itertools
import json
import math
import zipfile
from pathlib import Path

import numcodecs
import numpy
import zarr
from ome_zarr.format import FormatV04, FormatV05
from ome_zarr.writer import write_image, write_labels
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, TransposeCodec, ZstdCodec

AXES = [{"name": "c", "type": "channel"}] + [{"name": axis, "type": "space", "unit": "micrometer"} for axis in "zyx"]
SHAPE, CHUNKS = (2, 9, 33, 20), (1, 4, 16, 7)
DTYPES = ("bool", "int8", "uint8", ">i2", "uint16", ">u4", "int32", "uint64", ">i8", "float16", ">f2", "float32", ">f8")


def blosc(module):
    names, shuffles = ("blosclz", "lz4", "lz4hc", "zlib", "zstd"), (0, 1, 2)
    for name, shuffle in itertools.product(names, shuffles):
        words = ("noshuffle", "shuffle", "bitshuffle")
        made = numcodecs.Blosc(name, 5, shuffle) if module == 2 else BloscCodec(cname=name, shuffle=words[shuffle])
        yield f"blosc {name} {words[shuffle]}", {"compressors": made}


def variants(module):
    """What a store differs by, with a name: arguments of zarr's `create_array`."""
    yield from blosc(module)
    yield "plain", {"compressors": None}
    yield "large chunks", {"chunks": (2, 16, 64, 64)}
    yield "long chunks", {"chunks": (1, 9, 1, 20)}
    yield "single voxels", {"chunks": (2, 1, 1, 1), "shape": (2, 3, 4, 5)}
    for dtype in DTYPES:
        yield f"type {dtype}", {"dtype": dtype}
    if module == 2:
        for codec in (numcodecs.Zstd(3), numcodecs.GZip(1), numcodecs.Zlib(1), numcodecs.LZ4()):
            yield codec.codec_id, {"compressors": codec}
        yield "shuffle", {"filters": [numcodecs.Shuffle(2)], "compressors": numcodecs.Zlib(1)}
        yield "order F", {"order": "F"}
        yield "dots", {"chunk_key_encoding": {"name": "v2", "separator": "."}}
        return
    for codecs in ([ZstdCodec(level=3, checksum=True)], [GzipCodec()], [ZstdCodec(), Crc32cCodec()]):
        yield " ".join(type(codec).__name__ for codec in codecs), {"compressors": codecs}
    yield "transposed", {"filters": [TransposeCodec(order=(3, 1, 0, 2))]}
    yield "big endian", {"serializer": BytesCodec(endian="big")}
    yield "v2 names", {"chunk_key_encoding": {"name": "v2", "separator": "."}}
    yield "shards", {"shards": (2, 8, 32, 14)}
    yield "one shard", {"shards": (2, 12, 48, 21), "compressors": [GzipCodec(), Crc32cCodec()]}


def voxels(dtype, shape):
    chance = numpy.random.default_rng(5)
    kind = numpy.dtype(dtype)
    if kind.kind == "b":
        return chance.integers(0, 2, shape).astype(kind)
    if kind.kind == "f":
        return (chance.normal(size=shape) * 100).astype(kind)
    limits = numpy.iinfo(kind)
    return chance.integers(limits.min, limits.max, shape, dtype=kind.newbyteorder("="), endpoint=True).astype(kind)


def multiscales(axes, scales):
    return [{"axes": axes, "datasets": [
        {"path": str(level), "coordinateTransformations": [{"type": "scale", "scale": scale}]}
        for level, scale in enumerate(scales)]}]


def attributes(module, members):
    return members | {} if module == 2 else {"ome": {"version": "0.5"} | members}


def zipped(folder, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                archive.write(path, f"store.ome.zarr/{path.relative_to(folder)}")
    return file.getvalue()


def stores(folder):
    """Yields a name, a zipped store and its voxels, c, z, y, x in the type that they must have."""
    for module in (2, 3):
        for index, (name, options) in enumerate(variants(module)):
            options = {"shape": SHAPE, "chunks": CHUNKS, "dtype": "uint16", "fill_value": 0} | options
            if module == 2:
                options.setdefault("chunk_key_encoding", {"name": "v2", "separator": "/"})
            place = folder / f"{module}-{index}"
            group = zarr.create_group(
                place, zarr_format=module,
                attributes=attributes(module, {"multiscales": multiscales(AXES, [[1, 2, 0.5, 0.25]])}))
            made = voxels(options["dtype"], options["shape"])
            group.create_array("0", **options)[:] = made
            wanted = {"b": "uint8"}.get(made.dtype.kind, "float32" if made.dtype.itemsize == 2 and made.dtype.kind == "f" else None)
            method = zipfile.ZIP_DEFLATED if index % 2 else zipfile.ZIP_STORED
            yield (f"format {module}, {name}", zipped(place, method),
                   made.astype(wanted or made.dtype.newbyteorder("=")))


def sparse(folder, module):
    """A store most of whose chunks are missing, and its voxels."""
    place = folder / f"sparse-{module}"
    group = zarr.create_group(
        place, zarr_format=module,
        attributes=attributes(module, {"multiscales": multiscales(AXES[1:], [[1, 1, 1]])}))
    array = group.create_array("0", shape=(20, 20, 20), chunks=(8, 8, 8), dtype="int16", fill_value=-7)
    array[3:9, 4, 4] = 5
    return zipped(place), array[:]


def written_by_ome_zarr(folder, version):
    """A store of ome-zarr-py with several levels and labels; the image, its coarser level and the labels."""
    place, fmt = folder / f"ome-{version}", FormatV04() if version == "0.4" else FormatV05()
    image = voxels("uint16", (2, 12, 64, 48))
    labels = numpy.random.default_rng(1).integers(0, 3, image.shape[1:]).astype("uint8")
    group = zarr.create_group(place, zarr_format=2 if version == "0.4" else 3)
    write_image(image, group, axes="czyx", fmt=fmt)
    write_labels(labels, group, name="cells", axes="zyx", fmt=fmt)
    return zipped(place), image, group["s1"][:], labels


def fetched(get, is_new):
    """What is served as OME-Zarr, zipped: every document and every chunk; `get` gives a key's bytes, or `None`."""
    main = "zarr.json" if is_new else ".zmetadata"
    files = {main: get(main)}
    document = json.loads(files[main])
    listing = document["consolidated_metadata"]["metadata"] if is_new else document["metadata"]
    for name, node in listing.items():
        key = f"{name}/zarr.json" if is_new else name
        files[key] = get(key)
        if "shape" not in node:
            continue
        chunk = node["chunk_grid"]["configuration"]["chunk_shape"] if is_new else node["chunks"]
        array = f"{name}/c" if is_new else name.removesuffix("/.zarray")
        for index in itertools.product(*(range(math.ceil(size / part)) for size, part in zip(node["shape"], chunk))):
            key = f"{array}/{'/'.join(map(str, index))}"
            files[key] = get(key)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for key, content in files.items():
            if content is not None:
                archive.writestr(key, content)
    return file.getvalue()
