#!/usr/bin/env python3
"""Measures whether a training keeps its budget of seconds: on an idle machine, beside busy programs, and where those come
or go half way.

    python3 Scripts/benchmark_budget.py [--seconds 20] [--busy 2] [--slices 1] [--program .build/release/slicewise]

Trains on a volume of 100³ voxels made for it, one annotated slice on each axis. It prints a line for each training: the
seconds from the POST to the first step and to the end of the training, both as seen by a client that asks every 20 ms, the
steps, and how far the estimated remaining seconds were off, as a share of what was left after a tenth, three tenths, half
and four fifths of the time. Needs the built program and numpy.
"""

import argparse
import io
import json
import multiprocessing
import tempfile
import threading
import time
from pathlib import Path

import numpy

from server import running

PROJECT = "/v1/projects/budget"


def busy():
    """Computes without end."""
    while True:
        pass


class Others:
    """Busy programs that can come and go."""

    def __init__(self, count):
        self.programs = [multiprocessing.Process(target=busy, daemon=True) for _ in range(count)]

    def come(self):
        for program in self.programs:
            program.start()

    def go(self):
        for program in self.programs:
            if program.is_alive():
                program.kill()


def array(values):
    file = io.BytesIO()
    numpy.save(file, values)
    return file.getvalue()


def fill(server, slices):
    """Noisy bright balls, and annotated slices of them."""
    random, size = numpy.random.default_rng(1), 100
    places = numpy.indices((size, size, size))
    labels = numpy.zeros((size, size, size), numpy.uint8)
    for _ in range(25):
        centre, radius = random.uniform(5, size - 5, (3, 1, 1, 1)), random.uniform(5, 14)
        labels[((places - centre) ** 2).sum(0) < radius**2] = 1
    image = (100 + 30 * labels + random.normal(0, 20, labels.shape)).astype(numpy.float32)
    server.request("PUT", PROJECT, b'{"classes":[{"name":"ground"},{"name":"ball"}]}')
    server.request("PUT", f"{PROJECT}/volumes/v", array(image))
    for place, axis in enumerate("zyx"):
        for index in ((2 * i + 1) * size // (2 * slices) for i in range(slices)):
            plane = numpy.ascontiguousarray(labels.take(index, axis=place))
            server.request("POST", f"{PROJECT}/volumes/v/annotations?axis={axis}&index={index}", array(plane))


def train(server, seconds, name):
    begun = time.monotonic()
    body = {"kind": "train", "from": "scratch", "budget": {"seconds": seconds}, "predict": []}
    job = json.loads(server.request("POST", f"{PROJECT}/jobs", json.dumps(body).encode()))
    first, estimates = None, []
    while job["state"] in ("queued", "running"):
        job = json.loads(server.request("GET", f"{PROJECT}/jobs/{job['id']}"))
        passed, progress = time.monotonic() - begun, job["progress"]
        if progress.get("step"):
            first = first or passed
            if progress.get("eta") is not None:
                estimates.append((passed, progress["eta"]))
        time.sleep(0.02)
    whole = time.monotonic() - begun
    result = json.loads(server.request("GET", f"{PROJECT}/jobs/{job['id']}/result"))
    errors = []
    for part in (0.1, 0.3, 0.5, 0.8):
        passed, eta = min(estimates, key=lambda one: abs(one[0] - part * whole))
        errors.append(f"{(eta - (whole - passed)) / max(whole - passed, 1e-3):+.2f}")
    print(
        f"{name:42} first step {first:5.2f} s, end {whole:6.2f} s of {seconds:g}, {result['steps']:5} steps, "
        f"estimates {' '.join(errors)}", flush=True)
    for warning in result["warnings"]:
        print("    " + warning, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--busy", type=int, default=2)
    parser.add_argument("--slices", type=int, default=1)
    parser.add_argument("--program", default=Path(__file__).parent.parent / ".build/release/slicewise")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(a.program, folder) as server:
        fill(server, a.slices)
        train(server, a.seconds, "idle, the first of its kind")
        train(server, a.seconds, "idle, the second")
        for name, comes, goes in [
            (f"{a.busy} busy programs", 0, None), (f"{a.busy} that come half way", 0.5, None),
            (f"{a.busy} that go half way", 0, 0.5),
        ]:
            others = Others(a.busy)
            timers = [threading.Timer(comes * a.seconds, others.come)]
            if goes:
                timers.append(threading.Timer(goes * a.seconds, others.go))
            for timer in timers:
                timer.start()
            try:
                train(server, a.seconds, name)
            finally:
                for timer in timers:
                    timer.cancel()
                others.go()


if __name__ == "__main__":
    main()
