#!/usr/bin/env python3
"""Measures what workers bring: seconds of an experiment and of a prediction with one and two workers of one thread, what a
short training costs more on a worker than on the server, and what each unit costs the server; from that, what up to 64 bring.

    python3 Scripts/benchmark_workers.py [--steps 400] [--rounds 3] [--size 64,192,192] [--large 256,512,512] [--threads 1]
        [--program .build/release/slicewise]

The server computes nothing itself, but for the short trainings; the workers run on the same machine, each with a cache of its own
that holds the volumes already. An experiment is a cross-validation of two recipes by four parts, eight runs of so many steps each; its
results have to be the same with one worker and with two. Prints a JSON line for each figure, and Markdown tables of medians and of
the model. Needs the built program only, and as many idle cores as there are workers.

The model: N units of t seconds each take W workers

    W·v/n + ⌈N/W⌉·(t + d)        seconds, but at least N·(c + e·t)/k on the server, and N·b/n on its network

where v are the bytes that each worker fetches once (of a run; a tile comes with what it needs, in b), d the seconds that a unit
takes longer there than on the server, c the server's seconds of computing for a unit, e those for each second that a worker
computes (progress, checkpoints), k its cores, b the bytes of a unit both ways, and n the network's bytes a second. All but k and
n are measured here.
"""

import argparse
import contextlib
import json
import math
import os
import re
import signal
import statistics
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from server import running

HERE = Path(__file__).resolve().parent
RECIPE = {"preset": "fast", "seed": 3}
CLASSES = {"classes": [{"name": "outside"}, {"name": "inside"}, {"name": "wall"}]}


class Bench:
    """Jobs of a server, and how long they take."""

    def __init__(self, server, program, folder, threads):
        self.server, self.program, self.folder, self.threads = server, program, Path(folder), threads

    def json(self, method, path, body=None):
        answer = self.server.request(method, path, None if body is None else json.dumps(body).encode())
        return json.loads(answer)

    def furnish(self, sizes):
        """A project with a phantom of each size, annotated."""
        self.json("PUT", "/v1/projects/p", CLASSES)
        for name, size in sizes.items():
            folder = self.folder / name
            subprocess.run(
                [self.program, "phantom", "--size", size, "--channels", "1", "--slices", "4", "--out", folder],
                check=True, stdout=subprocess.DEVNULL)
            self.server.request("PUT", f"/v1/projects/p/volumes/{name}", (folder / "image.nii.gz").read_bytes())
            self.server.request("PUT", f"/v1/projects/p/volumes/{name}/annotations", (folder / "sparse.nii.gz").read_bytes())

    def job(self, **request):
        """A job that has succeeded, and its seconds from asking to its end."""
        job = self.json("POST", "/v1/projects/p/jobs", request)
        while job["state"] in ("queued", "running"):
            job = self.json("GET", f"/v1/projects/p/jobs/{job['id']}?wait=60")
        assert job["state"] == "succeeded", job
        return job, seconds(job["finished"]) - seconds(job["created"])

    def tiles(self, job):
        """How many tiles a prediction was shared out in, by its log."""
        events = self.server.request("GET", f"/v1/projects/p/jobs/{job['id']}/events").decode()
        return sum(map(int, re.findall(r"(\d+) tiles of", events)))

    def used(self):
        """What the server has used so far: seconds of computing, and bytes both ways."""
        times = Path(f"/proc/{self.server.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        metrics = self.server.request("GET", "/metrics").decode()
        moved = re.findall(r"^slicewise_http_(?:received|sent)_bytes_total\S* (\S+)", metrics, re.M)
        return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"), sum(map(float, moved))

    def cost(self, **request):
        """A job, its seconds, and what the server used for it."""
        before = self.used()
        job, took = self.job(**request)
        return job, took, [late - early for early, late in zip(before, self.used())]

    @contextlib.contextmanager
    def workers(self, count):
        """So many, which wait for jobs."""
        processes = [subprocess.Popen(
            [self.program, "worker", "--server", self.server.address, "--name", f"w{number}", "--threads", str(self.threads),
             "--cache", self.folder / f"cache-{number}"], stdout=subprocess.DEVNULL) for number in range(count)]
        try:
            while sum(worker["name"] < f"w{count}" for worker in self.json("GET", "/v1/workers")) < count:
                pass
            yield
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait()


def seconds(time):
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()


def without_times(result):
    for run in result["runs"]:
        run["seconds"] = run["prediction_seconds"] = 0
    return result


def model(workers, units, seconds, a, unit, fetched):
    """Seconds that so many workers take for some units of so many seconds, and the part of that when the server computes."""
    network = a.network * 1e6
    alone = unit["work"] + unit["rate"] * seconds
    took = max(
        workers * fetched / network + math.ceil(units / workers) * (seconds + unit["delay"]),
        units * alone / a.cores, units * unit["bytes"] / network)
    return took, units * alone / a.cores / took


def constants(runs, quick_runs, predictions, tiles, delay):
    """What a run of an experiment and a tile cost, from seconds, the server's computing and bytes of jobs of eight runs, of eight
    of hardly a step, and of predictions by two workers."""
    (long, most, much), (quick, little, few) = (
        [statistics.median(column) / 8 for column in zip(*jobs)] for jobs in (runs, quick_runs))
    rate = max(most - little, 0) / (long - quick)
    took, work, moved = (statistics.median(column) / tiles for column in zip(*predictions))
    return {
        "run": {"seconds": long, "delay": delay, "work": max(little - rate * quick, 0), "rate": rate, "bytes": much},
        "tile": {"seconds": 2 * took, "delay": 0, "work": work, "rate": 0, "bytes": moved}}


def voxel_bytes(size):
    """Bytes of a volume of uint16 as workers fetch it."""
    return 2 * math.prod(map(int, size.split(",")))


def print_model(a, costs, fetched):
    """The constants, and what the model says of more workers."""
    print("\n| a unit | on a worker | d | the server's work: c | e | b |\n|---|---:|---:|---:|---:|---:|")
    for what, unit in costs.items():
        print(f"| {what} | {unit['seconds']:.2f} s | {unit['delay']:+.2f} s | {1000 * unit['work']:.0f} ms | "
              f"{1000 * unit['rate']:.1f} ms/s | {unit['bytes'] / 1e6:.2f} MB |")
    cases = [("128 runs of a minute", costs["run"], 128, 60, fetched),
             ("1000 tiles", costs["tile"], 1000, costs["tile"]["seconds"], 0)]
    print(f"\nA server of {a.cores} cores, {a.network} MB a second:\n\n| workers | " + " | ".join(
        f"{case[0]} | times as quick | server's cores busy" for case in cases) + " |\n|---:|" + "---:|" * 3 * len(cases))
    for workers in (1, 2, 4, 8, 16, 32, 64):
        cells = []
        for _, unit, count, seconds, once in cases:
            one, took = model(1, count, seconds, a, unit, once)[0], model(workers, count, seconds, a, unit, once)
            cells.append(f"{took[0] / 60:.1f} min | {one / took[0]:.1f} | {took[1]:.0%}")
        print(f"| {workers} | " + " | ".join(cells) + " |")


def tell(figures, what, value):
    figures.setdefault(what, []).append(value)
    print(json.dumps({"what": what, "seconds": round(value, 2)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="64,192,192")
    parser.add_argument("--large", default="256,512,512")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cores", type=int, default=2, help="of the model's server")
    parser.add_argument("--network", type=float, default=117, help="MB a second that the model's server sends and receives")
    parser.add_argument("--program", default=str(HERE.parent / ".build/release/slicewise"))
    a = parser.parse_args()
    program = Path(a.program).resolve()
    experiment = {
        "kind": "crossvalidate", "volumes": ["small"], "folds": 4, "budget": {"steps": a.steps}, "recipe": RECIPE,
        "variants": [{"name": "one"}, {"name": "two", "norm": "none"}]}
    quick = {**experiment, "budget": {"steps": 2}}
    short = {"kind": "train", "from": "scratch", "volumes": ["small"], "predict": [], "budget": {"steps": 50}, "recipe": RECIPE}
    large = {"kind": "predict", "model": "model", "volumes": ["large"]}
    figures, results, runs, quick_runs, predictions = {}, [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        with running(program, folder, flags=["--workers-local", "0"]) as server:
            bench = Bench(server, program, folder, a.threads)
            bench.furnish({"small": a.size, "large": a.large})
            with bench.workers(1):
                bench.job(**short, name="model")
            for count in (1, 2):
                # Both have what they need.
                with bench.workers(count):
                    bench.job(**quick)
                    bench.job(**large)
            for _ in range(a.rounds):
                for count in (1, 2):
                    with bench.workers(count):
                        job, took, used = bench.cost(**experiment)
                        results.append(without_times(job["result"]))
                        tell(figures, f"experiment, {count}", took)
                        job, spent, moved = bench.cost(**large)
                        tell(figures, f"prediction, {count}", spent)
                        if count == 1:
                            runs.append((took, *used))
                            _, least, little = bench.cost(**quick)
                            quick_runs.append((least, *little))
                        else:
                            # One worker alone has the volume as one unit.
                            predictions.append((spent, *moved))
                            tiles = bench.tiles(job)
                with bench.workers(1):
                    tell(figures, "training, worker", bench.job(**short)[1])
        for _ in range(a.rounds):
            with running(program, folder, flags=["--training-threads", str(a.threads)]) as server:
                bench = Bench(server, program, folder, a.threads)
                bench.job(**short)
                tell(figures, "training, server", bench.job(**short)[1])
    assert all(result == results[0] for result in results), "the results differ"
    medians = {what: statistics.median(values) for what, values in figures.items()}
    print("\n| | one worker | two | |\n|---|---:|---:|---:|")
    for what in ("experiment", "prediction"):
        one, two = medians[f"{what}, 1"], medians[f"{what}, 2"]
        print(f"| {what} | {one:.1f} s | {two:.1f} s | {two / one:.2f} |")
    own, far = medians["training, server"], medians["training, worker"]
    print(f"\nA short training: {own:.2f} s on the server, {far:.2f} s on a worker, {far - own:+.2f} s.")
    print_model(a, constants(runs, quick_runs, predictions, tiles, far - own), voxel_bytes(a.size))


if __name__ == "__main__":
    main()
