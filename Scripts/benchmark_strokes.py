#!/usr/bin/env python3
"""Measures strokes on a volume all of whose slices are annotated on all three axes, and what others wait meanwhile.

    python3 Scripts/benchmark_strokes.py [--edge 512] [--seconds 10] [--clients 16] [--labels blocks|noise]
                                         [--program .build/release/slicewise] [--folder FOLDER]

Posts strokes of 8×8 voxels to random slices: the first one after a start, then one after the other, then from as many
clients at once, while another client posts whole slices of 64×64 voxels to a volume of its own. Each answer counts the
conflicts of the whole slice, so that 1024 slices cross it. The data folder is made below FOLDER, the system's temporary
folder by default, and removed. Needs the built program and numpy.
"""

import argparse
import http.client
import io
import json
import multiprocessing
import random
import tempfile
import threading
import time
import urllib.parse

import numpy

from server import running

VOLUMES = "/v1/projects/strokes/volumes"
AXES = "zyx"


class Client:
    """One connection, kept."""

    def __init__(self, server):
        place = urllib.parse.urlsplit(server.address)
        self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=600)

    def post(self, volume, axis, index, labels, region=None):
        """Seconds until the answer, and the answer."""
        path = f"{VOLUMES}/{volume}/annotations?axis={axis}&index={index}"
        if region:
            path += "&region=" + ",".join(map(str, region))
        start = time.perf_counter()
        self.connection.request("POST", path, labels.tobytes(), {"Content-Type": "application/octet-stream"})
        answer = self.connection.getresponse()
        body = answer.read()
        seconds = time.perf_counter() - start
        if answer.status != 201:
            raise SystemExit(f"POST {path}: {answer.status} {body.decode()}")
        return seconds, json.loads(body)

    def stroke(self, edge, chance):
        row, column = chance.randrange(edge - 8), chance.randrange(edge - 8)
        labels = numpy.full((8, 8), chance.randrange(3), numpy.uint8)
        return self.post("v", chance.choice(AXES), chance.randrange(edge), labels, (row, column, 8, 8))


def told(name, seconds):
    milliseconds = numpy.array(seconds) * 1000
    print(f"{name:48} {len(seconds):6} times: median {numpy.median(milliseconds):7.1f} ms, 99th percentile "
          f"{numpy.percentile(milliseconds, 99):7.1f} ms, most {milliseconds.max():7.1f} ms", flush=True)


def prepare(server, edge, kind):
    server.request("PUT", "/v1/projects/strokes",
                   json.dumps({"classes": [{"name": name} for name in "abc"]}).encode())
    for name, size in [("v", edge), ("w", 64)]:
        file = io.BytesIO()
        numpy.save(file, numpy.arange(size**3, dtype=numpy.uint8).reshape(size, size, size))
        server.request("PUT", f"{VOLUMES}/{name}", file.getvalue())
    chance = numpy.random.default_rng(1)
    if kind == "noise":
        labels = chance.integers(0, 3, (edge, edge, edge), numpy.uint8)
    else:
        z, y, x = numpy.ogrid[:edge, :edge, :edge]
        labels = ((z // 28 + (y + z % 7) // 24 + (x + y % 5) // 20) % 3).astype(numpy.uint8)
    client = Client(server)
    start = time.perf_counter()
    for number, axis in enumerate(AXES):
        for index in range(edge):
            client.post("v", axis, index, numpy.ascontiguousarray(labels.take(index, number)))
    print(f"{3 * edge} slices of {edge}×{edge} voxels posted in {time.perf_counter() - start:.1f} s", flush=True)


def measure(server, edge, seconds, clients):
    client, chance = Client(server), random.Random(1)
    cold, _ = client.stroke(edge, chance)
    print(f"the first stroke after a start: {cold * 1000:.1f} ms", flush=True)
    for _ in range(2):  # On the other axes, whose first ones read the rest of the slices.
        for axis in AXES:
            client.post("v", axis, 0, numpy.zeros((8, 8), numpy.uint8), (0, 0, 8, 8))
    told("strokes, one after the other", [client.stroke(edge, chance)[0] for _ in range(300)])
    slice = numpy.ones((64, 64), numpy.uint8)

    def others():
        client, end, times = Client(server), time.time() + seconds, []
        while time.time() < end:
            times.append(client.post("w", "z", len(times) % 64, slice)[0])
        return times

    told("another client's posts, alone", others())
    strokes = multiprocessing.Queue()
    crowd = multiprocessing.Process(target=crowded, args=(server, edge, seconds, clients, strokes))
    crowd.start()
    beside = others()
    told(f"another client's posts, beside {clients} with strokes", beside)
    told(f"strokes, {clients} clients at once", strokes.get())
    crowd.join()


def crowded(server, edge, seconds, clients, result):
    """Strokes of several clients at once, in a process of their own: their times."""
    end, times = time.time() + seconds, []

    def work(number):
        client, chance = Client(server), random.Random(number)
        while time.time() < end:
            times.append(client.stroke(edge, chance)[0])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.put(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edge", type=int, default=512)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--labels", choices=["blocks", "noise"], default="blocks")
    parser.add_argument("--program", default=".build/release/slicewise")
    parser.add_argument("--folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        with running(options.program, folder) as server:
            prepare(server, options.edge, options.labels)
        with running(options.program, folder) as server:
            measure(server, options.edge, options.seconds, options.clients)


main()
