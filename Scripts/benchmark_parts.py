#!/usr/bin/env python3
"""Measures the prediction of a large OME-Zarr in parts: seconds, voxels a second and the peak memory of a process.

    python3 Scripts/benchmark_parts.py [--edge 2048] [--blocks 4] [--base 8] [--threads 2] [--zarr 2] [--memory 1024]
        [--program .build/release/slicewise] [--folder FOLDER]

Makes a volume of edge³ voxels of uint16 (2048: 16 GiB) of eight different chunks of 64³, each many times by links, so that it
takes no room, and a model of a few steps. Then it measures the whole image (`--prepare`), predicts a part of so many blocks
at the beginning and one in the middle, and prints what the whole would take. Needs the built program only.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

CHUNK = 64


def make_image(folder, edge):
    """The volume; its chunks are links to eight files."""
    (folder / "0").mkdir(parents=True)
    axes = [{"name": axis, "type": "space", "unit": "micrometer"} for axis in "zyx"]
    datasets = [{"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [1, 1, 1]}]}]
    (folder / ".zgroup").write_text('{"zarr_format":2}')
    (folder / ".zattrs").write_text(json.dumps({"multiscales": [{"version": "0.4", "axes": axes, "datasets": datasets}]}))
    (folder / "0/.zarray").write_text(json.dumps({
        "zarr_format": 2, "shape": [edge] * 3, "chunks": [CHUNK] * 3, "dtype": "<u2", "fill_value": 0, "order": "C",
        "compressor": {"id": "zlib", "level": 1}, "filters": None, "dimension_separator": "/"}))
    chance, files = random.Random(7), []
    for number in range(8):
        low = chance.randbytes(CHUNK**3)
        values = bytearray(2 * CHUNK**3)
        values[0::2] = low
        values[1::2] = bytes(byte % 3 + number // 3 for byte in low)
        files.append(folder / f"0/chunk{number}")
        files[-1].write_bytes(zlib.compress(bytes(values), 1))
    count = (edge + CHUNK - 1) // CHUNK
    for z in range(count):
        for y in range(count):
            row = folder / f"0/{z}/{y}"
            row.mkdir(parents=True)
            for x in range(count):
                os.link(files[(z * 5 + y * 3 + x) % 8], row / str(x))


def run(*command):
    """What the program said, its seconds, and its peak memory in MiB."""
    start = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(map(str, command))}: {said}")
    return said, time.monotonic() - start, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--edge", type=int, default=2048)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--base", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--zarr", default="2")
    parser.add_argument("--memory", default="1024")
    parser.add_argument("--program", default=".build/release/slicewise")
    parser.add_argument("--folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        folder = Path(folder)
        make_image(folder / "in.ome.zarr", arguments.edge)
        run(arguments.program, "phantom", "--size", "32,64,64", "--channels", "1", "--out", folder)
        run(arguments.program, "train", "--image", folder / "image.nii.gz", "--labels", folder / "sparse.nii.gz",
            "--out", folder / "model", "--steps", "3", "--recipe", json.dumps({"base": arguments.base}))
        predict = [arguments.program, "predict", "--model", folder / "model", "--image", folder / "in.ome.zarr",
                   "--out", folder / "out.ome.zarr", "--threads", arguments.threads, "--zarr", arguments.zarr,
                   "--memory", arguments.memory, "--with", "probability"]
        said, seconds, memory = run(*predict, "--prepare")
        blocks, size = re.search(r"prepared, ([\d,]+) blocks? of (\S+) voxels", said).groups()
        blocks, bytes_ = int(blocks.replace(",", "")), 2 * arguments.edge**3
        print(f"{bytes_ / 2**30:.1f} GiB, {blocks} blocks of {size} voxels")
        print(f"measuring: {seconds:.1f} s, {bytes_ / seconds / 1e6:.0f} MB/s, peak {memory:.0f} MiB", flush=True)
        parts = max(blocks // arguments.blocks, 1)
        for part in sorted({1, parts // 2 + 1}):
            said, seconds, memory = run(*predict, "--part", f"{part}/{parts}")
            rate = int(re.search(r"([\d,]+) voxels a second", said).group(1).replace(",", ""))
            print(f"part {part}/{parts}: {seconds:.1f} s, {rate:,} voxels a second, peak {memory:.0f} MiB; all of it by one "
                  f"process: {arguments.edge**3 / rate / 3600:.2f} h", flush=True)


if __name__ == "__main__":
    main()
