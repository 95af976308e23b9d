#!/usr/bin/env python3
"""Measures the page on a large volume: slices per turn of the wheel, memory, levels, and a training beside it.

    Scripts/python Scripts/benchmark_page.py [--program .build/release/slicewise] [--size 1024] [--dtype uint8]
                                             [--viewport 1280x720] [--steps 100] [--train 25] [--folder FOLDER]

Makes a cube of structure with noise, uploads it and waits for its levels. Then, in Chromium: 100 steps of the wheel on each
axis in the large view, each when the slice before is there; cold (the server started anew, a new browser context; the
system's cache of files stays warm), then over the same slices backwards; jumps to places that nobody has looked at. A time is
from the event to all pixels at the level that the screen needs; the pixels of some slices are held against the voxels that
were sent, and at level 0 against the server's PNG. At last a training's steps per second, alone and while the wheel turns,
for `--train` seconds each (0: none). Needs the built program and Chromium; FOLDER is for the data, and emptied.
"""

import argparse
import json
import random
import sqlite3
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy

from page.big_volume import BigVolume, levels_made
from page.browser import Page, chromium
from page.turning import WATCH, Turning, memory
from server import running

PROJECT = "/v1/projects/large"
VOLUME = f"{PROJECT}/volumes/image"


def told(name, milliseconds):
    half, most = numpy.percentile(milliseconds, (50, 95))
    print(f"{name:44} p50 {half:6.1f}  p95 {most:6.1f}  most {max(milliseconds):6.1f} ms", flush=True)


class Traffic:
    """The bricks that a page fetches."""

    def __init__(self, page):
        self.bricks = 0
        self.start = time.monotonic()
        page.page.on("requestfinished", self.note)

    def note(self, request):
        if "/bricks/" in request.url:
            for box in parse_qs(urlsplit(request.url).query).get("box", []):
                ends = list(map(int, box.split(",")))
                self.bricks += numpy.prod([-(-(end - start) // 64) for start, end in zip(ends[:3], ends[3:])])

    def take(self):
        bricks, start = self.bricks, self.start
        self.bricks, self.start = 0, time.monotonic()
        return bricks, bricks / (time.monotonic() - start)


def packed(folder):
    """MB of bricks of the volume, and of its levels."""
    with sqlite3.connect(f"file:{folder / 'data' / 'slicewise.sqlite'}?mode=ro", uri=True) as database:
        return [(database.execute(f"SELECT sum(length(voxels)) FROM brick WHERE grid IN ({grids})").fetchone()[0] or 0) / 1e6
                for grids in ("SELECT image FROM volume", "SELECT smaller FROM level")]


def store(server, folder, volume):
    server.request("PUT", PROJECT, json.dumps({"classes": [{"name": "dark"}, {"name": "bright"}]}).encode())
    seconds = volume.upload(server, VOLUME)
    raw = volume.size ** 3 * numpy.dtype(volume.dtype).itemsize / 1e6
    print(f"upload: {seconds:.1f} s for {raw:.0f} MB", flush=True)
    seconds = levels_made(server, VOLUME)
    image, levels = packed(folder)
    print(f"levels: {seconds:.1f} s after it; {levels:.0f} MB beside {image:.0f} MB on the disk", flush=True)


def opened(browser, server, options):
    width, height = map(int, options.viewport.split("x"))
    page = Page(browser, f"{server.address}/#/large/image", script=WATCH, viewport={"width": width, "height": height})
    start = time.monotonic()
    page.page.get_by_role("application").first.wait_for()
    return page, start


def cold(browser, server, volume, options):
    """Opening, the first way over the slices of each axis, the way back, and the pixels."""
    page, start = opened(browser, server, options)
    traffic = Traffic(page)
    view = json.loads(server.request("GET", VOLUME))["channels"][0]
    for axis in "zyx":
        turning = Turning(page, volume, axis)
        if axis == "z":
            print(f"opening: {time.monotonic() - start:.2f} s until all of the large view is there", flush=True)
        bricks = traffic.take()[0]
        drawn, later = turning.steps(options.steps)
        bricks, rate = traffic.take()
        told(f"{axis}, level {turning.level}, cold", drawn)
        print(f"{'':44} {bricks} bricks, {rate:.0f}/s; a frame later p95 {numpy.percentile(later, 95):.1f} ms", flush=True)
        drawn, later = turning.steps(options.steps, -1)
        told(f"{axis}, level {turning.level}, warm", drawn)
        print(f"{'':44} a frame later p95 {numpy.percentile(later, 95):.1f} ms", flush=True)
    print("the page holds {:.0f} MB; its process has {:.0f}, at most {:.0f} MB".format(*memory(page, browser)), flush=True)
    for axis in "zyx":
        turning = Turning(page, volume, axis)
        for _ in range(3):
            turning.steps(3)
            turning.verify((view["low"], view["high"]))
            if turning.level == 0:
                turning.verify(None, server.request("GET", f"{VOLUME}/slices/{axis}/{turning.index}"))
    print("the canvas has the pixels of the slices", flush=True)
    page.close()


def jumps(browser, server, volume, options):
    page, _ = opened(browser, server, options)
    chance = random.Random(5)
    for axis in "zyx":
        turning = Turning(page, volume, axis)
        times = [turning.go(index) for index in chance.sample(range(volume.size), 20) if index != turning.index]
        told(f"{axis}, level {turning.level}, jump to a slice", times)
    print("the page holds {:.0f} MB; its process has {:.0f}, at most {:.0f} MB".format(*memory(page, browser)), flush=True)
    page.close()


class Training:
    """A job that learns until it is stopped."""

    def __init__(self, server, volume):
        self.server = server
        size = volume.size
        rows, columns = numpy.mgrid[:size, :size]
        for index in (size // 4, size // 2, 3 * size // 4):
            values = volume.voxels(index, rows, columns)
            labels = (values > numpy.median(values)).astype(numpy.uint8)
            server.request("POST", f"{VOLUME}/annotations?axis=z&index={index}", labels.tobytes())
        job = {"kind": "train", "recipe": "default", "budget": {"seconds": 3600}, "predict": []}
        self.path = f"{PROJECT}/jobs/{json.loads(server.request('POST', f'{PROJECT}/jobs', json.dumps(job).encode()))['id']}"
        while self.step() < 3:
            time.sleep(0.2)

    def step(self):
        job = json.loads(self.server.request("GET", self.path))
        if job["state"] not in ("queued", "running"):
            raise SystemExit(f"the training has ended: {job}")
        return (job["progress"] or {}).get("step") or 0

    def pace(self, work):
        """Steps a second while something else is done; counted from a step to a step."""
        first = self.step()
        while (now := self.step()) == first:
            time.sleep(0.02)
        first, start = now, time.monotonic()
        work()
        last = self.step()
        while (now := self.step()) == last:
            time.sleep(0.02)
        return (now - first) / (time.monotonic() - start)


def training(browser, server, volume, options):
    page, _ = opened(browser, server, options)
    turning = Turning(page, volume, "z")
    job = Training(server, volume)
    times = []

    def turn():
        end, direction = time.monotonic() + options.train, 1
        while time.monotonic() < end:
            times.extend(turning.steps(20, direction)[0])
            direction = -direction

    page.page.goto("about:blank")
    before = job.pace(lambda: time.sleep(options.train))
    page.close()
    page, _ = opened(browser, server, options)
    turning = Turning(page, volume, "z")
    beside = job.pace(turn)
    page.close()
    after = job.pace(lambda: time.sleep(options.train))
    server.request("POST", f"{job.path}/cancel", b"")
    print(f"training: {before:.2f} steps/s alone, {beside:.2f} while the wheel turns, {after:.2f} alone again: it keeps "
          f"{2 * beside / (before + after):.0%}", flush=True)
    told(f"z beside the training, warm ({len(times) / options.train:.0f} slices/s)", times)


def measure(options, folder):
    volume = BigVolume(options.size, options.dtype)
    print(f"{volume.size}³ {volume.dtype}, {options.viewport}", flush=True)
    with running(options.program, folder) as server:
        store(server, folder, volume)
    with chromium() as browser:
        with running(options.program, folder) as server:
            cold(browser, server, volume, options)
        with running(options.program, folder) as server:
            jumps(browser, server, volume, options)
        if options.train:
            with running(options.program, folder) as server:
                training(browser, server, volume, options)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/slicewise")
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--dtype", choices=("uint8", "uint16"), default="uint8")
    parser.add_argument("--viewport", default="1280x720")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--train", type=float, default=25)
    parser.add_argument("--folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure(options, Path(folder))


if __name__ == "__main__":
    main()
