#!/usr/bin/env python3
"""Measures how fast the chunks of a volume come as OME-Zarr, and what memory the server takes for it.

    Scripts/python Scripts/benchmark_zarr.py [--sizes 256,512,512 255,511,511] [--connections 1 2 4] [--rounds 5]
                                             [--program .build/release/slicewise] [--folder FOLDER]

Each size is a volume of uint16, structure with noise, which zstd packs to about half. In each round curl reads all chunks of level 0
over the given number of connections; the first round is not counted, so that the files are in the system's memory. Seconds are those of
curl, from its start to its end. The second size has no multiple of 64 along any axis: chunks at the border are filled up and packed
anew, all others are sent as they are stored. Needs the built program, curl and numpy; takes less than a minute.
"""

import argparse
import io
import json
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy

from server import running

PROJECT = "/v1/projects/zarr"


def volume(shape):
    """Structure of all sizes in 12 bits, with noise."""
    z, y, x = numpy.ix_(*(numpy.arange(size, dtype="float32") for size in shape))
    structure = 1500 + 500 * (numpy.sin(z / 9) + numpy.sin(y / 13 + z / 30) * numpy.cos(x / 11))
    noise = numpy.random.default_rng(1).standard_normal(shape, "float32")
    return (structure + 60 * noise).clip(0, 4095).astype("uint16")


def npy(values):
    file = io.BytesIO()
    numpy.save(file, values)
    return file.getvalue()


def prepared(server, name, shape):
    """Uploads a volume and waits until its levels are made; the voxels' bytes."""
    image = volume(shape)
    server.request("PUT", f"{PROJECT}/volumes/{name}", npy(image))
    while not all(level["ready"] for kind in json.loads(server.request("GET", f"{PROJECT}/volumes/{name}/bricks"))
                  for level in kind["levels"]):
        time.sleep(0.1)
    return image.nbytes


def chunks(server, name):
    """The addresses of all chunks of level 0."""
    place = f"{PROJECT}/volumes/{name}/ome.zarr/0"
    array = json.loads(server.request("GET", f"{place}/.zarray"))
    counts = [-(-size // chunk) for size, chunk in zip(array["shape"], array["chunks"])]
    return [f"{server.address}{place}/{'/'.join(map(str, index))}" for index in numpy.ndindex(*counts)]


def read(config, addresses, connections):
    """Seconds that curl takes to read the addresses, and how many bytes they have."""
    config.write_text("".join(f'url = "{address}"\noutput = "/dev/null"\n' for address in addresses))
    command = ["curl", "--silent", "--parallel", "--parallel-max", str(connections), "--config", config,
               "--write-out", "%{http_code} %{size_download}\n"]
    start = time.monotonic()
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds = time.monotonic() - start
    answers = [line.split() for line in told.splitlines()]
    assert len(answers) == len(addresses) and all(status == "200" for status, _ in answers), told[:400]
    return seconds, sum(int(size) for _, size in answers)


def peak(server):
    """The most memory that the server had, in MB."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{server.pid}/status").read_text())[1]) * 1024 / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=["256,512,512", "255,511,511"])
    parser.add_argument("--connections", nargs="+", type=int, default=[1, 2, 4])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--program", default=".build/release/slicewise")
    parser.add_argument("--folder")
    options = parser.parse_args()
    print("| volume | connections | seconds: median (least, most) | MB/s of voxels | MB/s packed | memory before, after |")
    print("|---|---|---|---|---|---|")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder, running(options.program, folder) as server:
            server.request("PUT", PROJECT, b'{"classes":[{"name":"a"},{"name":"b"}]}')
            voxels = prepared(server, "image", tuple(map(int, size.split(","))))
            # The upload's peak is another matter.
            Path(f"/proc/{server.pid}/clear_refs").write_text("5")
            before, addresses = peak(server), chunks(server, "image")
            for connections in options.connections:
                config = Path(folder) / "curl"
                rounds = [read(config, addresses, connections) for _ in range(options.rounds + 1)][1:]
                seconds, packed = [seconds for seconds, _ in rounds], rounds[0][1]
                middle = statistics.median(seconds)
                print(f"| {size.replace(',', '×')}, {voxels / 1e6:.0f} MB, packed {packed / 1e6:.0f} | {connections} "
                      f"| {middle:.2f} ({min(seconds):.2f}, {max(seconds):.2f}) | {voxels / 1e6 / middle:.0f} "
                      f"| {packed / 1e6 / middle:.0f} | {before:.0f}, {peak(server):.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
