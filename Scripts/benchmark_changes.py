#!/usr/bin/env python3
"""Measures how long others wait while many slices of a volume are changed at once: the most that the database is locked.

    python3 Scripts/benchmark_changes.py [--edge 512] [--program .build/release/slicewise] [--folder FOLDER]

Beside a label volume that crosses annotated slices on two axes, a role, a clearing and two restores, another client posts
slices of 32×32 voxels to a volume of its own, one after the other. The data folder is made below FOLDER, the system's
temporary folder by default, and removed. Needs the built program and numpy.
"""

import argparse
import io
import json
import multiprocessing
import tempfile
import time

import numpy

from server import running

VOLUMES = "/v1/projects/changes/volumes"


def array(values):
    file = io.BytesIO()
    numpy.save(file, values)
    return file.getvalue()


def prepare(server, edge):
    server.request("PUT", "/v1/projects/changes", b'{"classes":[{"name":"a"},{"name":"b"}]}')
    image = numpy.zeros((edge, edge, edge), numpy.uint8)
    image[:, ::3] = 9
    server.request("PUT", f"{VOLUMES}/v", array(image))
    server.request("PUT", f"{VOLUMES}/w", array(image[:32, :32, :32]))
    # Blocks of two classes, a quarter of them unlabeled.
    blocks = numpy.random.default_rng(1).choice(numpy.uint8([0, 1, 0, 255]), (edge // 16,) * 3)
    labels = numpy.kron(blocks, numpy.ones((16, 16, 16), numpy.uint8))
    for number, axis in [(1, "y"), (2, "x")]:
        for index in range(0, edge, max(edge // 40, 1)):
            slice = labels.take(index, number)
            slice[::7] = 1
            server.request("POST", f"{VOLUMES}/v/annotations?axis={axis}&index={index}", array(slice))
    return labels


def post(server, times):
    """Posts slices until it is ended; puts when each began and how long it took."""
    body = array(numpy.random.default_rng(2).integers(0, 2, (32, 32), dtype=numpy.uint8))
    index = 0
    while True:
        start = time.monotonic()
        server.request("POST", f"{VOLUMES}/w/annotations?axis=z&index={index % 32}", body)
        times.put((start, time.monotonic() - start))
        index += 1
        time.sleep(0.005)


def beside(times, name, work):
    time.sleep(1)
    start = time.monotonic()
    answer = work()
    end = time.monotonic()
    time.sleep(0.5)
    waits = []
    while not times.empty():
        begun, seconds = times.get()
        if begun + seconds > start and begun < end:
            waits.append(seconds * 1000)
    waits = numpy.array(waits)
    print(f"{name:14} {end - start:6.2f} s; {len(waits):5} posts of others meanwhile: median {numpy.median(waits):6.1f} ms, "
          f"99th percentile {numpy.percentile(waits, 99):6.1f} ms, most {waits.max():6.1f} ms", flush=True)
    return json.loads(answer) if answer else None


def measure(server, labels):
    place, body = f"{VOLUMES}/v/annotations", array(labels)
    times = multiprocessing.Queue()
    other = multiprocessing.Process(target=post, args=(server, times), daemon=True)
    other.start()
    beside(times, "nothing", lambda: time.sleep(3))
    put = beside(times, "label volume", lambda: server.request("PUT", place, body))
    print(f"{'':14} {len(put['slices'])} slices, {put['conflicts']} voxels that differ from what crosses them")
    beside(times, "role", lambda: server.request("PUT", f"{place}/y/0/role?role=test", b""))
    cleared = beside(times, "clearing", lambda: server.request("DELETE", place))
    restored = beside(times, "restore", lambda: server.request("POST", f"{place}/restore?change={cleared['change']}"))
    beside(times, "its restore", lambda: server.request("POST", f"{place}/restore?change={restored['change']}"))
    other.terminate()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edge", type=int, default=512)
    parser.add_argument("--program", default=".build/release/slicewise")
    parser.add_argument("--folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder, running(options.program, folder) as server:
        measure(server, prepare(server, options.edge))


main()
